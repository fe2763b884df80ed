package web

import (
	"fmt"

	"sanad/delivery/matching/search"
	"sanad/platform/calendar"
	"sanad/platform/fault"
	"sanad/platform/money"
	"sanad/platform/text"
)

func registerSamples() []sample {
	areas := []option{{Value: "LY021003", Name: "الخمس"}, {Value: "LY021004", Name: "سوق الخميس"}}
	var all []sample
	for i, step := range registerSteps[:4] {
		f := form{Action: "/register/d1/" + step.name, Fields: stepFields(step.name, areas)}
		v := registerView{Step: i + 1, Steps: steps("/register/d1", i+1), Form: f, Kept: "09:41", Draft: "/register/d1/" + step.name + "/draft"}
		if step.name == "head" {
			v.Form = refusedHead(v.Form)
			v.Looks, v.Possible = true, possibleView{Rows: sampleLikely(), Narrow: true}
		}
		if step.name == "members" {
			v.Members = sampleMembers()[:2]
		}
		all = append(all, sample{"register-" + step.name, "registry/register", v, "/register", false})
	}
	review := registerView{Step: 5, Steps: steps("/register/d1", 5), Kept: "09:55", Members: sampleMembers(), Form: form{Action: "/register/d1/review", Submit: "web.sign_submit", Fields: signFields()},
		Possible: possibleView{Rows: sampleLikely(), Quiet: true}, Review: []reviewGroup{{"web.step_head", "/register/d1/head", sampleFacts()[:2]}}}
	receipt := receiptView{Ministry: ministry, Office: alKhums, File: "KHM-2026-004817-3", Head: "خديجة رمضان سالم المسلاتي", Members: sampleMembers(), Clerk: "آمنة الترهوني",
		Day: "2026-11-23", Clock: "10:02", Entry: "KHM/1/4817", Hash: []string{"b41f07d3", "9ac87c1e", "90ab44d2", "5e10c3aa", "01f7be62", "c9d48e13", "77a0b5cc", "3d29f104"}, Href: "/households/1"}
	return append(all, sample{"register-review", "registry/review", review, "/register", false}, sample{"receipt", "registry/receipt", receipt, "", false})
}

func sampleLikely() []likelyRow {
	row := searchRow{Href: "/households/1", Name: "فاطمه ابراهيم محمد الزليتنى", File: "KHM-2024-001129-8", Area: suq, State: pill{"warn", "web.state_possible_duplicate", nil}}
	return []likelyRow{{row, []comparedRow{
		{"web.name", "فاطمة إبراهيم امحمد الزليتني", row.Name, nil, true, verdictPills[search.Close]},
		{"web.national_number", "", "219879055124", nil, false, verdictPills[search.Silent]},
		{"web.birth", "1987-11-30", "1987-01-01", &datePair{calendar.Of(1987, 11, 30), calendar.Of(1987, 1, 1)}, false, verdictPills[search.Close]},
		{"web.mother_short", "حليمة عثمان الترهوني", "حليمه عثمان الترهوني", nil, true, verdictPills[search.Same]},
		{"web.phone", "+218910000123", "+218910000723", nil, false, verdictPills[search.Differs]},
	}}}
}

func refusedHead(f form) form {
	values := map[string]string{"first": "فاطمة", "father": "إبراهيم", "grandfather": "امحمد", "family": "الزليتني", "mother": "حليمة عثمان الترهوني", "number": "21987905512", "sex": "female", "marital": "divorced", "source": "stated"}
	for i := range f.Fields {
		f.Fields[i].Value = values[f.Fields[i].Name]
		if f.Fields[i].Name == "birth" {
			f.Fields[i].Day, f.Fields[i].Month, f.Fields[i].Year = "31", "11", "1987"
		}
	}
	_, err := f.date("birth")
	var wrong fault.List
	wrong.Add("number", fault.Invalid("web.required"))
	wrong.Add("birth", err)
	f.refuse(wrong.Err())
	return f
}

func eventSamples() []sample {
	members := []option{{Value: "1", Name: "خديجة رمضان سالم المسلاتي"}, {Value: "2", Name: "مفتاح عبد السلام الورفلي"}}
	all := []sample{{"events", "registry/events", eventsView{sampleHead(""), eventLinks("/households/1")}, "/search", false}}
	for _, kind := range eventKinds {
		all = append(all, sample{"event-" + kind.name, "registry/event", eventView{sampleHead(""), kind.title, kind.note, kind.form("/households/1", "c0ffee", "4", members)}, "/search", false})
	}
	return all
}

func sampleDecision() decisionView {
	age := both("دون الثامنة عشرة في أول الشهر", "Under 18 on the first of the month")
	basis := both("القانون رقم 27 لسنة 2013", "Law 27 of 2013")
	source := confirmed()
	met := conditionView{Outcome: "yes", Name: age, Because: both("مولودة 3 مارس 2012", "born 3 March 2012"), Basis: basis, Source: &source}
	missed := conditionView{Outcome: "no", Name: age, Because: both("مولود 12 ديسمبر 2007: أتم الثامنة عشرة قبل بداية الشهر", "born 12 December 2007: turned 18 before the month began"), Basis: basis, Source: &source,
		Change: both("إن كان تاريخ الميلاد خطأ فصحّحوه بشهادة ميلاد، ونعيد الحساب ونصرف ما فات.", "If the date of birth is wrong, correct it with a birth certificate; we count again and pay what was missed.")}
	unknown := conditionView{Outcome: "unknown", Name: both("بلا مرتب", "Without salary"), Because: both("لم يُعرف بعد إن كانت تتقاضى مرتباً", "It is not known yet whether she has a salary"), Basis: basis,
		Change:  both("لا شيء مطلوب منكم. نسأل صندوق الضمان.", "Nothing is asked of you. We ask the Social Security Fund."),
		Reading: &readingView{both("هل تشمل المنحة البنت المطلقة؟", "Does the grant cover a divorced daughter?"), both("لا، من لم يسبق لها الزواج فقط.", "No, only those never married."), false}}
	return decisionView{householdHead: sampleHead(""), Programme: grant, Month: october, Amount: dinars(200), Outcome: pill{"unknown", "web.state_pending", nil},
		Summary: "web.summary_part", Args: []any{"amount", dinars(200)},
		Persons: []personDecision{
			{"آية عبد السلام الورفلي", children, "yes", pill{"ok", "web.state_due", nil}, dinars(100), []conditionView{met, met, met}, nil, nil},
			{"يوسف عبد السلام الورفلي", children, "yes", pill{"ok", "web.state_due", nil}, dinars(100), []conditionView{met, met, met}, nil, nil},
			{"مفتاح عبد السلام الورفلي", children, "no", pill{"bad", "web.state_refused", nil}, 0, []conditionView{met, missed}, nil,
				[]text.Bilingual{both("يصبح مستحقاً، 100 دينار في الشهر، لو كان «تاريخ الميلاد»: 2 أكتوبر 2008.", "It would be due, 100 dinars a month, if “Date of birth” were: 2 October 2008.")}},
			{"نعيمة عبد السلام الورفلي", both("منحة البنات", "Daughter"), "unknown", pill{"unknown", "web.state_pending", nil}, 0, []conditionView{met, unknown}, []text.Bilingual{both("الترتيب 14 من 230 في قائمة الانتظار، ولم يكف المتاح.", "Place 14 of 230 on the waiting list; what there is did not reach it.")}, nil}},
		Components: []componentRow{{children, 2, dinars(100), dinars(200), "خديجة رمضان سالم المسلاتي"}},
		Held:       []heldRow{{wives, money.Amount(150500), both("لا حساب مصرفي بعد", "no bank account yet"), both("أحضروا رقم الحساب إلى الفرع.", "Bring the account number to the branch.")}},
		Terms: []text.Bilingual{both("قرره صندوق التضامن الاجتماعي في 12 أكتوبر 2026 ووصل في 3 نوفمبر 2026: نعيمة، 650 د.ل في الشهر.", "Decided by the Social Solidarity Fund on 12 October 2026, received on 3 November 2026: Naima, LYD 650 a month."),
			both("حد أعلى: سقف الأسرة. المجموع 250 د.ل فصار 200 د.ل.", "Ceiling: the household's. LYD 250 in all became LYD 200.")},
		Release: "2026-3", Digest: "7c1e 90ab 44d2", Sheet: 4, Letter: "/households/1/decisions/wife-and-children-grant/2026-10/letter",
		Months: []monthLink{{"/households/1/decisions/wife-and-children-grant/2026-10", october, true}, {"/households/1/decisions/wife-and-children-grant/2026-09", calendar.Of(2026, 9, 0), false}}}
}

func policySamples() []sample {
	letter := letterView{decisionView: sampleDecision(), Ministry: ministry, Office: alKhums, Number: "KHM-N-2026-2207-4", Today: today, Greeting: "خديجة رمضان سالم المسلاتي", Act: law,
		Words: both("فقط مائتا دينار ليبي لا غير", "Two hundred Libyan dinars only"), AppealUntil: calendar.Of(2027, 1, 22)}
	letter.Letter = "/households/1/decisions/wife-and-children-grant/2026-10"
	return []sample{
		{"decision", "policy/decision", sampleDecision(), "/search", false},
		{"letter", "policy/letter", letter, "", false},
	}
}

func intakeSamples() []sample {
	done := importRow{"/imports/1", "LY021003.csv", alKhums, calendar.Of(2026, 10, 31), 1204, 1150, 44, 10, pill{"ok", "web.import_done", nil}}
	running := importView{importRow: importRow{Href: "/imports/2", File: "LY021105.csv", Branch: alKhums, AsOf: calendar.Of(2026, 10, 31), Rows: 1800, State: pill{"info", "web.import_running", nil}}, Done: 720, Working: true, PerSecond: 240, Left: 5}
	refused := importView{importRow: importRow{Href: "/imports/3", File: "صورة.csv", State: pill{"bad", "web.import_failed", nil}}, Refused: fault.Invalid("web.file_needed")}
	report := importView{importRow: done, Report: "/imports/1/report.csv", MayRevert: true, Pager: &pager{1, 2, 54, "", "/imports/1?from=3"}, Messages: []rowMessage{
		{17, pill{"warn", "web.warned", nil}, both("تاريخ الميلاد", "date of birth"), "٣/٤/٨٧", both("السنة بخانتين: فُهمت 1987. صحّحها إن كانت غير ذلك.", "Two-digit year: read as 1987. Correct it if it is another.")},
		{41, pill{"bad", "web.rejected", nil}, both("الرقم الوطني", "national number"), "21987905512", both("الرقم الوطني ينقصه رقم: كُتب 11 رقماً، وهو 12.", "The national number lacks a digit: 11 were written, it has 12.")}}}
	take := importForm()
	take.Fields[2].Options = []option{{Key: "web.branch_by_file"}, {Value: "LY021003", Name: "فرع الخمس"}}
	return []sample{
		{"imports", "intake/imports", importsView{take, []importRow{done, running.importRow}}, "/imports", false},
		{"imports-none", "intake/imports", importsView{Form: take}, "/imports", false},
		{"import-running", "intake/import", running, "/imports", false},
		{"import-refused", "intake/import", refused, "/imports", false},
		{"import-report", "intake/import", report, "/imports", false},
		{"import-revert", "intake/revert", revertView{done, revertForm("/imports/1")}, "/imports", false},
	}
}

func sampleList() listView {
	before, change := dinars(8400), dinars(-300)
	sign, back := signForm("b41f07d39ac8"), withdrawForm()
	return listView{listRow: listRow{"/lists/1", "DWN-L-2026-0412-5", grant, "payment.category_children", calendar.QuarterOf(2026, 4), 27, dinars(8100), pill{"info", "payment.state_prepared", nil}, ""},
		Chain:    []chainStep{{"web.list_prepared", "سعاد الغرياني", "done"}, {"web.list_approved", "", "now"}, {"web.list_exported", "", ""}, {"web.list_returned", "", ""}, {"web.list_closed", "", ""}},
		Preparer: "سعاد الغرياني", Prepared: calendar.Of(2026, 11, 21), Persons: 54, Before: &before, Change: &change,
		Changes: []changeRow{{both("دخلوا: مواليد وتسجيل جديد", "Entered: births and new registrations"), 2, dinars(600), ""}, {both("خرجوا: بلغوا الثامنة عشرة", "Left: turned 18"), -3, dinars(-900), ""}},
		Gone: []goneRow{{"/households/1", "سالم الهادي العجيلي", "KHM-2026-000031-2", dinars(300), both("بلغ الولد الثامنة عشرة في 2 أكتوبر 2026", "The child turned 18 on 2 October 2026"), "p1", "child", "c1"},
			{"/households/2", "عائشة مسعود القماطي", "KHM-2026-000032-0", dinars(600), text.Bilingual{}, "p2", "child", "c2"}},
		MayReason: true, Held: 4, HeldTotal: dinars(1200), HeldFor: []changeRow{{both("لا حساب مصرفياً مسجلاً لمن يُصرف له.", "No account of the payee is recorded."), 4, dinars(1200), ""}},
		GoneCount: 2, Unreasoned: 1, Digest: "b41f 07d3 9ac8", Sign: &sign, Back: &back,
		Checks: []checkRow{{"no", "web.check_reasons", nil, "web.check_reasons_note", []any{"done", 1, "all", 2}}, {"yes", "web.check_once", nil, "", nil}, {"yes", "web.check_seal", nil, "", nil}, {"unknown", "web.check_held", []any{"count", 4}, "web.check_held_note", []any{"amount", dinars(1200)}}}}
}

func paymentSamples() []sample {
	prepare := form{Action: "/lists", Submit: "web.list_prepare_submit", Fields: []field{{Name: "category", Kind: "choice", Label: "web.category", Options: []option{{Value: "children", Key: "payment.category_children"}, {Value: "wives", Key: "payment.category_wives"}, {Value: "daughters", Key: "payment.category_daughters"}}}, {Name: "quarter", Kind: "code", Label: "web.quarter", Hint: "web.quarter_hint", Value: "2026-Q4"}}}
	locked := sampleList()
	locked.Sign, locked.Back, locked.Locked = nil, nil, "web.locked_own"
	approved := sampleList()
	approved.Sign, approved.Back, approved.Approver, approved.Approved = nil, nil, "مصطفى الزنتاني", today
	approved.Banks = []bankRow{{"/lists/1/banks/001", both("مصرف الجمهورية", "Jumhouria Bank"), 27, dinars(8100)}}
	approved.Export = &form{Action: "/lists/1/export", Submit: "web.list_export_submit"}
	approved.Files = []fileRow{{"/lists/1/files/pain001-1.xml", "pain001-019aa2f0.xml"}}
	answers := returnsForm()
	approved.Returns, approved.Close = &answers, &form{Action: "/lists/1/close", Submit: "web.list_close_submit"}
	schedule := scheduleView{listRow: approved.listRow, Ministry: ministry, Office: both("ديوان الوزارة", "Headquarters"), Bank: both("مصرف الجمهورية", "Jumhouria Bank"), Today: today, Digest: "b41f 07d3 9ac8", Preparer: "سعاد الغرياني", Approver: "مصطفى الزنتاني", Back: "/lists/1", Words: both("فقط ثمانية آلاف ومائة دينار ليبي لا غير", "Eight thousand one hundred Libyan dinars only")}
	for i := range 6 {
		schedule.Lines = append(schedule.Lines, scheduleLine{i + 1, "سالم الهادي العجيلي", "LY64999001000000000482113", fmt.Sprintf("KHM-2026-%06d-3", i+31), dinars(1350)})
	}
	return []sample{
		{"lists", "payment/lists", listsView{[]listRow{sampleList().listRow}, &prepare}, "/lists", false},
		{"lists-none", "payment/lists", listsView{}, "/lists", false},
		{"list", "payment/list", sampleList(), "/lists", false},
		{"list-locked", "payment/list", locked, "/lists", false},
		{"list-approved", "payment/list", approved, "/lists", false},
		{"schedule", "payment/schedule", schedule, "", false},
	}
}

func sampleStatement() statementView {
	child := both("منحة الأولاد", "Child")
	recover := form{Action: "/households/1/proposals", Submit: "web.recovery_submit", Fields: reasonFields()}
	end := form{Action: "/households/1/proposals", Submit: "web.end_submit", Fields: append([]field{{Name: "claim", Kind: "select", Label: "web.end_whose",
		Options: []option{{Value: "1", Both: both("مفتاح، منحة الأولاد", "Meftah, Child")}}}, {Name: "month", Kind: "code", Label: "web.end_month", Hint: "web.end_month_hint", Value: "2026-12"}}, reasonFields()...)}
	return statementView{householdHead: sampleHead("account"), End: &end, Proposals: []proposalRow{sampleProposal().proposalRow},
		Programmes: []accountProgramme{{Programme: grant, Balance: dinars(100), Arrears: dinars(200), Over: dinars(100), Recover: &recover,
			Months: []accountMonth{
				{"/households/1/decisions/g/2026-10", calendar.Of(2026, 10, 0), dinars(300), dinars(100), dinars(200), 0, dinars(100), pill{"warn", "web.account_owed", nil}, dinars(100), dinars(100), []text.Key{"payment.cause_held"}},
				{"/households/1/decisions/g/2026-09", calendar.Of(2026, 9, 0), dinars(200), 0, dinars(300), 0, 0, pill{"bad", "web.account_over", nil}, dinars(-100), 0, []text.Key{"payment.cause_late_death"}},
				{"/households/1/decisions/g/2026-08", calendar.Of(2026, 8, 0), dinars(300), 0, dinars(200), dinars(20), 0, pill{"warn", "web.account_owed", nil}, dinars(100), dinars(100), []text.Key{"payment.cause_late_birth"}}},
			Entries: []accountEntry{{calendar.Of(2026, 11, 2), calendar.Of(2026, 9, 0), "آية", child, "web.entry_due", "payment.cause_late_death", both("توفي قبل بداية الشهر.", "Died before the month began."), dinars(-100)},
				{calendar.Of(2026, 11, 2), calendar.Of(2026, 8, 0), "يوسف", child, "web.entry_due", "payment.cause_late_birth", text.Bilingual{}, dinars(100)}}}}}
}

func sampleProposal() proposalView {
	serve := proposalForms["serve"]
	serve.Action = "/proposals/1/serve"
	return proposalView{proposalRow: proposalRow{"/proposals/1", "enrolment.kind_recovery", "خديجة رمضان سالم المسلاتي", "KHM-2026-004817-3", dinars(200), pill{"warn", "enrolment.state_served", nil}, calendar.Of(2026, 12, 6)},
		Household: "/households/1", Family: "خديجة رمضان سالم المسلاتي", Programme: grant, Month: calendar.Of(2026, 8, 0), Share: 10,
		Reason: both("عُلمت الوفاة بعد الصرف", "The death was learnt after the payment"), Words: "صُرف شهران بعد الوفاة", Evidence: "شهادة وفاة، 12 أغسطس 2026",
		Chain:    []chainStep{{"web.proposal_made", "", "done"}, {"web.proposal_served", "", "done"}, {"web.proposal_answered", "", "now"}, {"web.proposal_decided", "", ""}},
		Proposer: "سعاد الغرياني", Proposed: calendar.Of(2026, 11, 5), Server: "آمنة الترهوني", ServedOn: calendar.Of(2026, 11, 6), ServedHow: "باليد في الفرع، ووقعت عليه",
		Steps: []stepForm{{"web.serve", "web.serve_lede", serve}}}
}

func endSamples() []sample {
	act := endAct{"/ends/1", "96B855D1", grant, calendar.Of(2027, 2, 0), 45, dinars(4500), pill{"info", "enrolment.state_announced", nil}}
	announce := form{Action: "/ends", Submit: "web.ends_announce_submit", Fields: []field{{Name: "programme", Kind: "select", Label: "web.programme", Options: []option{{Value: "g", Both: grant}}}}}
	sign := form{Action: "/ends/1/approve", Submit: "web.ends_sign", Fields: []field{{Name: "read", Kind: "checkbox", Label: "web.ends_read", Hint: "web.ends_read_hint"}}}
	view := endActView{endAct: act, Announcer: "سعاد الغرياني", Announced: calendar.Of(2026, 11, 28), Digest: "b41f 07d3 9ac8", Sign: &sign,
		Months: []endMonth{{calendar.Of(2026, 12, 0), 28, dinars(2800)}, {calendar.Of(2027, 1, 0), 17, dinars(1700)}},
		Rows:   []endRow{{"/households/1/account", "مفتاح عبد السلام الورفلي", "KHM-2026-004817-3", suq, both("منحة الأولاد", "Child"), calendar.Of(2026, 12, 0), dinars(100), both("أتم الثامنة عشرة قبل بداية الشهر أو في أول يوم منه.", "Turned 18 before the month began or on its first day.")}}}
	locked := view
	locked.Sign, locked.Locked = nil, "web.ends_locked_own"
	return []sample{
		{"ends", "payment/ends", endsView{[]endAct{act}, &announce, []proposalRow{sampleProposal().proposalRow}}, "/ends", false},
		{"ends-none", "payment/ends", endsView{}, "/ends", false},
		{"end-act", "payment/end_act", view, "/ends", false},
		{"end-act-locked", "payment/end_act", locked, "/ends", false},
		{"household-account", "payment/statement", sampleStatement(), "/search", false},
		{"household-account-none", "payment/statement", statementView{householdHead: sampleHead("account")}, "/search", false},
		{"proposal", "payment/proposal", sampleProposal(), "/ends", false},
	}
}

func monitoringSamples() []sample {
	shapes, err := districtShapes()
	if err != nil {
		panic(err)
	}
	behind := "/decisions/wife-and-children-grant/2026-10"
	due, held := dinars(412600), dinars(38150)
	v := dashboardView{Month: october, Programme: grant, Decides: true, Behind: behind, Indicator: indicators[0].indicatorView, Key: mapKey(), Households: 3211, Persons: 16408, Share: 812, Known: true,
		Due: due, Held: held, Pending: 214, Tasks: 118, Nodes: []nodeRow{{alKhums, 0}, {suq, 42}},
		Indicators: []tab{{"/dashboard", "web.indicator_number_short", true}, {"/dashboard?indicator=payable", "web.indicator_payable_short", false}},
		Tiles: []tile{{Href: "#districts", Label: "web.households", Count: 3211, Note: "web.tile_persons", Args: []any{"count", 16408}}, {Href: behind, Label: "web.tile_due", Amount: &due, Note: "web.tile_due_note", Args: []any{"count", 2800}},
			{Href: behind, Label: "web.tile_held", Amount: &held, Note: "web.tile_held_note", Args: []any{"count", 214}}, {Href: "/tasks", Label: "web.tasks", Count: 118, Note: "web.tile_tasks_note"}}}
	for i, s := range shapes {
		d := districtView{Shape: s, Name: s.Name, Short: s.Short, Known: i != 20, Counted: i != 20, Households: 40 + 17*i, Of: 40 + 17*i, Share: 420 + (i*137)%560, Persons: 210 + 83*i, Due: dinars(int64(5200 + 1900*i)), Held: dinars(int64(300 + 90*i)), Pending: i, Tasks: 2 * i}
		d.links(behind, true)
		if d.Known {
			d.Class = classOf(d.Share)
		}
		v.Districts = append(v.Districts, d)
	}
	v.Silent = 1
	v.farthest()
	rows := monthView{Programme: grant, Month: october, Table: behind + "/rows.csv", Tabs: []tab{{behind + "?state=held", "web.state_held", true}, {behind + "?state=pending", "web.state_pending", false}},
		Rows: []monthRow{{"/households/1/decisions/wife-and-children-grant/2026-10", "14/2026", alKhums, children, 3, dinars(300), pill{"warn", "web.state_held", nil}, both("لا حساب مصرفي بعد", "no bank account yet")}}}
	return []sample{{"dashboard", "monitoring/dashboard", v, "/dashboard", false}, {"month", "policy/month", rows, "/dashboard", false}}
}
