package web

import (
	"sanad/platform/access"
	"sanad/platform/calendar"
	"sanad/platform/fault"
	"sanad/platform/money"
	"sanad/platform/store"
	"sanad/platform/text"
)

// sample is a page with something to show, for the golden files and for looking
// at pages with one's own eyes. All names and numbers are invented.
type sample struct {
	name string // of the golden file
	page string
	view any
	here string // the route that the menu marks
	bare bool   // before login
}

func samples() []sample {
	var all []sample
	for _, group := range [][]sample{accessSamples(), workSamples(), householdSamples(), registerSamples(), eventSamples(), policySamples(), programmeSamples(), intakeSamples(), paymentSamples(), endSamples(), monitoringSamples(), strategySamples(), pairSamples(), ringSamples()} {
		all = append(all, group...)
	}
	return all
}

func both(arabic, english string) text.Bilingual {
	return text.Bilingual{Arabic: arabic, English: english}
}

var (
	alKhums  = both("فرع الخمس", "Al Khums branch")
	suq      = both("الخمس، المرقب", "Al Khums, Almargeb")
	ministry = both("وزارة الشؤون الاجتماعية", "Ministry of Social Affairs")
	grant    = both("منحة الزوجة والأولاد", "Wife and children grant")
	children = both("منحة الأولاد", "Children")
	wives    = both("منحة الزوجة", "Wife")
	law      = both("القانون رقم 27 لسنة 2013", "Law 27 of 2013")
	today    = calendar.Of(2026, 11, 23)
	october  = calendar.Of(2026, 10, 0)
)

func dinars(n int64) money.Amount { return money.Amount(n) * money.Dinar }

func sampleFrame(s sample) *frame {
	f := &frame{Token: "0123456789abcdef0123456789abcdef", Path: "/" + s.name, Demo: true, Ministry: &ministry, Nav: sampleNavigation(s.here)}
	if !s.bare {
		f.Reader = &reader{Name: both("آمنة الترهوني", "Amna Altarhouni"), Initials: both("آ ت", "AT"), Role: access.BranchClerk.Key(), Office: alKhums}
	}
	return f
}

func sampleNavigation(here string) []navItem {
	officer := store.Session{Actor: personID(1), Grants: []store.Grant{{Role: string(access.HeadOfBranch)}, {Role: string(access.Administrator)}}}
	return navigation(routes(), route{pattern: "GET " + here}, officer)
}

func accessSamples() []sample {
	refused := loginForm("/")
	refused.Fields[1].Value = "amna"
	refused.refuse(fault.Invalid("web.passwords_differ"))
	row := staffRow{Href: "/people/1", Name: "سعاد البشير الفيتوري", Login: "suad", State: pill{"ok", "web.person_active", nil}, Roles: []roleRow{{access.HeadOfBranch.Key(), alKhums, "head_of_branch", "LY0210"}}}
	stopped := staffRow{Href: "/people/2", Name: "الطاهر محمود الزنتاني", Login: "taher", State: pill{"plain", "web.person_dormant", nil}, Roles: []roleRow{{access.BranchClerk.Key(), alKhums, "branch_clerk", "LY0210"}}}
	roles, areas := []option{{Value: "branch_clerk", Key: access.BranchClerk.Key()}}, []option{{Value: "LY0210", Name: "الخمس"}}
	add, grantRole, reset := personForm("c0ffee", roles, areas), grantForm("/people/1", "c0ffee", roles, areas), resetForm("/people/1", "c0ffee")
	shut := shutForm("/people/1", "c0ffee", false)
	return []sample{
		{"login", "access/login", loginView{Form: loginForm("/"), Demo: []DemoAccount{{Role: access.BranchClerk.Key(), Login: "amna", Password: "demo-amna-2026"}}}, "", true},
		{"login-refused", "access/login", loginView{Form: refused}, "", true},
		{"first-run", "access/first_run", firstRunView{firstRunForm()}, "", true},
		{"account", "access/account", accountView{Password: passwordForm(false)}, "/account", false},
		{"account-first", "access/account", accountView{Password: passwordForm(true), MustSet: true}, "/account", false},
		{"people", "access/people", peopleView{People: []staffRow{row, stopped}, Form: &add}, "/people", false},
		{"people-added", "access/people", peopleView{People: []staffRow{row, stopped}, Form: &add, Added: "سعاد البشير الفيتوري", Code: "7K4M-9QXT"}, "/people", false},
		{"person", "access/person", staffView{Person: row, Grant: &grantRole, Reset: &reset, Shut: &shut, Revoke: "c0ffee"}, "/people", false},
		{"map", "frame/map", mapView{Places: []place{{"/", "home", "web.today"}, {"/search", "search", "web.search"}}}, "/map", false},
		{"fault-404", "frame/fault", faultPageOf(fault.NotFound("web.no_such_page")), "", false},
		{"fault-403", "frame/fault", faultPageOf(fault.Forbidden("web.stale_form")), "", false},
		{"fault-500", "frame/fault", faultPageOf(panicked{"x"}), "", false},
	}
}

func sampleTasks() []taskRow {
	return []taskRow{
		{Href: "/tasks/1", Icon: "swap", Title: "web.state_possible_duplicate", Note: "خديجة / خديجه المسلاتي", State: pill{"plain", "web.state_open", nil}},
		{Href: "/tasks/2", Icon: "coin", Title: "web.state_held", Note: "سالم الهادي العجيلي", State: pill{"warn", "web.state_pending", nil}},
	}
}

func workSamples() []sample {
	found := []searchRow{
		{Href: "/households/1", Name: "خديجة رمضان سالم المسلاتي", Mother: "سالمة علي القماطي", Parts: []namePart{{"خديجة", true}, {"رمضان", false}, {"سالم", false}, {"المسلاتي", true}},
			Others: []otherRow{{"/households/9", "MSL-2024-000311-2", both("فرع مسلاتة", "Msallata branch")}}, Number: "219849123457", Birth: calendar.Of(1984, 3, 2), Area: suq, File: "KHM-2026-004817-3", State: pill{"ok", "web.state_registered", nil}},
		{Href: "/households/2", Name: "خديجه رمضان سالم المسلات", Parts: []namePart{{"خديجه", true}, {"رمضان", false}, {"سالم", false}, {"المسلات", true}}, Why: []whyRow{{"search.how_slip", "المسلاتي", "المسلات"}}, Birth: calendar.Of(1984, 0, 0), Area: suq, File: "KHM-2024-001129-8", State: pill{"warn", "web.state_possible_duplicate", nil}},
		{Href: "/households/3/purpose", Name: "خديجة خالد مسعود المسلاتي", Area: both("فرع مسلاتة", "Msallata branch"), Outside: true},
	}
	settle := taskForm("/tasks/1", "c0ffee")
	return []sample{
		{"today", "coordination/today", todayView{Weekday: "web.weekday_1", Today: today, Waiting: 2, MayReg: true, Tasks: sampleTasks(),
			Tiles:  []tile{{Href: "/tasks", Label: "web.tasks", Count: 5}, {Href: "/imports", Label: "web.imports", Count: 3}, {Href: "/lists", Label: "web.lists", Count: 2}},
			Drafts: []draftRow{{"/register/d1/members", "فاطمة إبراهيم الزليتني", "web.step_members", "09:41"}}}, "/", false},
		{"today-empty", "coordination/today", todayView{Weekday: "web.weekday_1", Today: today}, "/", false},
		{"tasks", "coordination/tasks", tasksView{Count: 2, Tasks: sampleTasks(), Kinds: []taskKind{{"/tasks", "web.all", 2, true}, {"/tasks?kind=duplicate", "web.state_possible_duplicate", 1, false}}, Pager: &pager{1, 2, 2, "", ""}}, "/tasks", false},
		{"tasks-empty", "coordination/tasks", tasksView{}, "/tasks", false},
		{"task", "coordination/task", taskView{Title: "web.state_possible_duplicate", Since: today, Facts: sampleFacts()[:2], Places: []taskPlace{{"/households/1", "أسرة خديجة المسلاتي", "KHM-2026-004817-3", suq}}, Form: settle}, "/tasks", false},
		{"search", "matching/search", searchView{Query: "خديجه المسلاتى", Asked: []string{"خديجه", "المسلاتي"}, Places: []option{{Key: "web.everywhere"}, {Value: "LY021003", Name: "الخمس"}, {Value: "LY021004", Name: "سوق الخميس"}}, MayAll: true, Results: found, MayReg: true}, "/search", false},
		{"search-none", "matching/search", searchView{Query: "زهرة الفرجاني", MayReg: true}, "/search", false},
		{"search-empty", "matching/search", searchView{}, "/search", false},
		{"purpose", "matching/purpose", purposeView{both("فرع مسلاتة", "Msallata branch"), purposeForm("/households/3/purpose")}, "/search", false},
	}
}

func sampleHead(tab string) householdHead {
	return householdHead{Href: "/households/1", Name: "خديجة رمضان سالم المسلاتي", File: "KHM-2026-004817-3", Area: suq, Count: 5, Tab: tab, MayReg: true,
		States: []pill{{"ok", "web.state_registered", nil}}}
}

func confirmed() sourceView {
	return sourceView{"confirmed", "web.source_confirmed", []any{"body", both("السجل المدني", "the civil registry")}, calendar.Of(2026, 11, 2)}
}

func sampleFacts() []factView {
	stated := sourceView{"stated", "web.source_stated", nil, calendar.Of(2026, 1, 21)}
	documented := sourceView{"documented", "web.source_documented", nil, calendar.Of(2026, 1, 30)}
	fix := "/households/1/correction?fact="
	return []factView{
		{Term: "web.fact_head", Text: "خديجة رمضان سالم المسلاتي", Source: confirmed(), Correct: fix + "head"},
		{Term: "web.fact_national_number", Number: "219849123457", Source: confirmed(), Correct: fix + "number"},
		{Term: "web.fact_marital_status", Key: "web.status_widowed", Since: calendar.Of(2023, 2, 14), Source: confirmed(), Correct: fix + "marital"},
		{Term: "web.fact_wage", Unknown: "web.does_not_know", Source: sourceView{Kind: "unknown", Key: "web.source_unknown"}, Correct: fix + "salary"},
		{Term: "web.fact_phone", Code: "091 000 0123", Source: stated, Correct: fix + "phone"},
		{Term: "web.fact_account", Code: "LY64 9990 0100 0000 0004 8211 3", Source: documented, Correct: fix + "account"},
	}
}

func sampleMembers() []memberRow {
	return []memberRow{
		{"/households/1/people/1", "خديجة رمضان سالم المسلاتي", "web.role_head", "219849123457", calendar.Of(1984, 3, 2), "web.status_widowed", pill{"ok", "web.state_alive", nil}},
		{"/households/1/people/2", "مفتاح عبد السلام الورفلي", "web.role_son", "120089123450", calendar.Of(2008, 12, 12), "web.status_single", pill{"ok", "web.state_alive", nil}},
		{"/households/1/people/3", "آية عبد السلام الورفلي", "web.role_daughter", "", calendar.Of(2012, 0, 0), "", pill{"ok", "web.state_alive", nil}},
	}
}

func sampleHousehold(tab string) householdView {
	due := pill{"ok", "web.state_due", nil}
	turns := pill{"warn", "web.state_turns_18", nil}
	return householdView{householdHead: sampleHead(tab), Facts: sampleFacts(), Members: sampleMembers(), Ended: true,
		Rows: [][]kin{
			{{Href: "/households/1/people/4", Name: "عبد السلام مفتاح الورفلي", Bond: "web.role_husband", Note: "1979", Gone: true},
				{Href: "/households/1/people/1", Name: "خديجة رمضان سالم المسلاتي", Bond: "web.role_head", Note: "1984", Head: true, Bound: true, Ended: true}},
			{{Href: "/households/1/people/2", Name: "مفتاح", Bond: "web.role_son", Note: "2008", State: &turns},
				{Href: "/households/1/people/3", Name: "آية", Bond: "web.role_daughter", Note: "2012"},
				{Href: "/households/1/people/5", Name: "يوسف", Bond: "web.role_son", Note: "2016"}}},
		Decisions: []decisionRow{{"/households/1/decisions/wife-and-children-grant/2026-10", grant, october, children, 3, dinars(300), due}},
		Payments:  []paymentRow{{calendar.QuarterOf(2026, 4), children, "خديجة رمضان سالم المسلاتي", dinars(900), pill{"ok", "web.state_paid", nil}, text.Bilingual{}}},
		Timeline: []happening{
			{Date: calendar.Of(2026, 11, 18), Kind: "pay", Icon: "coin", Key: "web.state_paid", Note: "2026-Q4"},
			{Date: calendar.Of(2026, 2, 2), Kind: "decision", Icon: "scale", Key: "web.summary_due", Args: []any{"amount", dinars(300)}, Href: "/households/1/decisions/wife-and-children-grant/2026-10"},
			{Date: calendar.Of(2026, 1, 8), Icon: "plus", Key: "web.state_registered"}},
		Readers: []readerRow{{both("آمنة الترهوني", "آمنة الترهوني"), "خدمة على الشباك", today, "09:12"}},
	}
}

func householdSamples() []sample {
	fix := correctionForm("/households/1/correction", "/households/1", true)
	fix.refuse(&fault.Fault{Kind: fault.KindInvalid, Key: "fault.fields", Args: []any{"count", 1}, Fields: []*fault.Fault{fault.Invalid("web.required").At("right")}})
	none := householdView{householdHead: sampleHead("payments")}
	return []sample{
		{"household", "registry/household", sampleHousehold("file"), "/search", false},
		{"household-people", "registry/people", sampleHousehold("people"), "/search", false},
		{"household-decisions", "registry/decisions", sampleHousehold("decisions"), "/search", false},
		{"household-payments", "registry/payments", sampleHousehold("payments"), "/search", false},
		{"household-payments-none", "registry/payments", none, "/search", false},
		{"household-class", "policy/classification", sampleClass(false), "/search", false},
		{"household-class-unknown", "policy/classification", sampleClass(true), "/search", false},
		{"household-readers", "registry/readers", sampleHousehold("readers"), "/search", false},
		{"member", "registry/member", memberView{sampleHead("people"), "آية عبد السلام الورفلي", "web.role_daughter", sampleFacts()[:3], eventLinks("/households/1")[:4], []otherRow{{"/households/9/people/9", "MSL-2024-000311-2", both("فرع مسلاتة", "Msallata branch")}}}, "/search", false},
		{"correction-refused", "registry/correction", correctionView{sampleHead(""), "آية عبد السلام الورفلي", true, sampleFacts()[2], fix, possibleView{Rows: sampleLikely()}}, "/search", false},
	}
}
