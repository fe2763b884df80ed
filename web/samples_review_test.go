package web

import (
	"sanad/delivery/coordination/review"
	"sanad/platform/calendar"
	"sanad/platform/id"
	"sanad/platform/text"
)

func pairSamples() []sample {
	a := pairSide{Href: "/households/1", File: "KHM-2026-004817-3", Name: "خديجة رمضان سالم المسلاتي", Person: id.ID{15: 1}, Area: both("فرع الخمس", "Khoms branch"), Members: sampleMembers(), Due: dinars(300),
		Payments: sampleHousehold("payments").Payments, Apart: true}
	b := pairSide{Href: "/households/2", File: "KHM-2024-001129-8", Name: "خديجه رمضان سالم المسلاتى", Person: id.ID{15: 2}, Area: both("فرع الخمس", "Khoms branch"), Members: sampleMembers()[:2]}
	stated := sourceView{"stated", "web.source_stated", nil, calendar.Of(2024, 3, 11)}
	fact := func(v factView, s sourceView) *factView { v.Source = s; return &v }
	letters := func(x, y string) (pairCell, pairCell) {
		one, other := spelt(x, y)
		return pairCell{one, fact(factView{Text: x}, confirmed())}, pairCell{other, fact(factView{Text: y}, stated)}
	}
	row := func(term text.Key, x, y string, state pill) pairRow {
		one, other := letters(x, y)
		return pairRow{Term: term, A: one, B: other, State: state}
	}
	unknown := pairCell{Fact: &factView{Unknown: "web.does_not_know", Source: sourceView{Kind: "unknown", Key: "web.source_unknown"}}}
	rows := []pairRow{
		row("web.fact_name", a.Name, b.Name, pill{"ok", "review.spelling", nil}),
		row("web.fact_mother_name", "سالمة علي القماطي", "سالمه علي القماطي", pill{"ok", "review.spelling", nil}),
		{Term: "web.fact_birth", A: pairCell{Fact: fact(factView{Date: calendar.Of(1984, 5, 17)}, confirmed())}, B: pairCell{Fact: fact(factView{Date: calendar.Of(1984, 1, 1)}, stated)}, State: pill{"warn", "review.differs", nil}},
		{Term: "web.fact_national_number", A: pairCell{Fact: fact(factView{Number: "219849123457"}, confirmed())}, B: unknown, State: pill{"unknown", "review.unknown", nil}},
		row("web.fact_phone", "0910000123", "0910000723", pill{"info", "review.one_sign", nil}),
		{Term: "web.fact_mahalla", A: pairCell{Fact: fact(factView{Text: "سوق الخميس"}, confirmed())}, B: pairCell{Fact: fact(factView{Text: "سوق الخميس"}, stated)}, State: pill{"ok", "review.equal", nil}},
	}
	steps := drawn([]weight{{"name", "", 11_400_000}, {"mother", "spelling", 7_200_000}, {"birth", "different", -4_100_000}, {"phone", "slip", 5_300_000}, {"household", "two others", 4_800_000}, {"rarity", "", 1_900_000}}, 26_500_000)
	view := pairView{A: a, B: b, Rows: rows, Steps: steps, Odds: 987, Touches: true, Cluster: "/review/cluster/1", Undo: "/review/1/2/undo",
		Form:  judgeForm("/review/1/2", "c0ffee", true, option{Value: "1", Name: a.File}, option{Value: "2", Name: b.File}),
		Later: form{Action: "/review/1/2/later", Submit: "review.later"}}
	linked := view
	linked.Linked, linked.Direct = true, true
	readers := []readerOfPairs{{both("آمنة الترهوني", "Amna Tarhuni"), 412, 230, 160, 22, 31, 96, 969, 1}, {both("سالم الورفلي", "Salem Warfalli"), 96, 40, 51, 5, 12, 0, 0, 0}}
	desk := deskView{Waits: review.Waits{Pairs: 1284, Second: 7, Asked: 12}, Readers: readers, Next: form{Action: "/review/next", Submit: "review.next"}}
	return []sample{
		{"review", "matching/review", desk, "/review", false},
		{"review-none", "matching/review", deskView{Empty: true, Next: desk.Next}, "/review", false},
		{"pair", "matching/pair", view, "/review", false},
		{"pair-linked", "matching/pair", linked, "/review", false},
		{"cluster", "matching/cluster", sampleCluster(), "/review", false},
		{"undo", "matching/undo", undoView{A: a, B: b, Form: undoForm("/review/1/2/undo", "c0ffee"), Settle: []settleForm{{a, settleFormOf("/review/1/2/settle/1", "c0ffee")}}}, "/review", false},
	}
}

func sampleCluster() clusterView {
	khoms := both("فرع الخمس", "Khoms branch")
	v := clusterView{Split: true, Groups: []clusterGroup{
		{[]clusterMember{{1, "/households/1", "علي سالم عمر الورفلي", "KHM-2026-004817-3", "119800000001", khoms}, {2, "/households/2", "على سالم عمر الورفلى", "KHM-2024-001129-8", "", khoms}}},
		{[]clusterMember{{3, "/households/3", "علي سالم عمار الورفلي", "MSL-2024-000311-2", "119820000017", both("فرع مسلاتة", "Msallata branch")}}}},
		Bonds: []clusterBond{{1, 2, bondPill(review.Linked), 0, "/review/1/2"}, {2, 3, bondPill(review.Alike), 641, "/review/2/3"}, {1, 3, bondPill(review.TwoNumbers), 0, "/review/1/3"}}}
	v.Graph.Points = circle(3)
	v.Graph.line(0, 1, "linked")
	v.Graph.line(1, 2, "alike")
	v.Graph.line(0, 2, "apart")
	return v
}

func ringSamples() []sample {
	khoms := both("فرع الخمس", "Khoms branch")
	homes := []ringHome{{1, "/households/1", "سالم عمر مفتاح المسلاتي", "KHM-2026-004817-3", khoms, 5, calendar.Of(2026, 9, 2)}, {2, "/households/2", "مفتاح علي الزليتني", "KHM-2026-004818-1", khoms, 4, calendar.Of(2026, 9, 2)},
		{3, "/households/3", "عمر خالد الترهوني", "KHM-2026-004820-5", khoms, 6, calendar.Of(2026, 9, 3)}, {4, "/households/4", "خليفة سعد الورفلي", "KHM-2026-004825-0", khoms, 3, calendar.Of(2026, 9, 5)}}
	find := form{Action: "/rings", Submit: "rings.find"}
	return []sample{
		{"rings", "monitoring/rings", ringsView{Open: 2, Find: &find, Rings: []ringRow{{"/rings/1", "rings.kind_account", khoms, 4, 4, pill{"info", "rings.open", nil}}, {"/rings/2", "rings.kind_entry", khoms, 26, 31, pill{"warn", "rings.grown", nil}},
			{"/rings/3", "rings.kind_phone", both("فروع عدة", "Several branches"), 13, 14, pill{"ok", "rings.answer_explained", nil}}}}, "/rings", false},
		{"rings-none", "monitoring/rings", ringsView{Done: true}, "/rings", false},
		{"ring", "monitoring/ring", ringView{Kind: "rings.kind_account", Why: "rings.why_account", Args: []any{"families", 4}, Families: 4, Homes: homes, Graph: star(len(homes)), Grown: true,
			Answer: "rings.answer_explained", Reason: "حساب الجدة التي تربيهم", By: both("آمنة الترهوني", "Amna Tarhuni"), Form: ringForm("/rings/1", "c0ffee")}, "/rings", false},
	}
}
