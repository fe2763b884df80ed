package web

import (
	"sanad/delivery/policy"
	"sanad/delivery/registry"
	"sanad/platform/calendar"
	"sanad/platform/fault"
	"sanad/platform/money"
	"sanad/platform/rule"
	"sanad/platform/store"
	"sanad/platform/text"
)

// classificationView shows a family its place in the order of help, from which of
// its own facts it comes, and which of them would change it.
type classificationView struct {
	householdHead
	On      calendar.Date
	Class   int64
	Points  int64
	Unknown bool
	Classes []classBand
	Steps   []classStep
	Inputs  []policy.FactExplained
	Missing []classMissing
	Changes []policy.Change
	Basis   text.Bilingual
}

// classBand is one class on the scale.
type classBand struct {
	Class   int64
	Current bool
}

// classStep is one step of the sum.
type classStep struct {
	Name    text.Bilingual
	Value   any
	Unknown bool
}

// classMissing is a fact that is missing, and of whom.
type classMissing struct {
	Label any
	Of    []string
}

// missingByFact gathers missing facts: one question for all of whom it is asked.
func missingByFact(missing []policy.FactExplained) (list []classMissing) {
	places := map[registry.Name]int{}
	for _, f := range missing {
		at, known := places[f.Fact]
		if !known {
			at = len(list)
			places[f.Fact], list = at, append(list, classMissing{Label: f.Label})
		}
		list[at].Of = append(list[at].Of, f.Whose)
	}
	return list
}

var showClassification = page[classificationView]("policy/classification")

// classificationPage explains a household's class.
func classificationPage(x *exchange) error {
	rules := x.site.classification
	if rules == nil {
		return fault.NotFound("policy.no_calculation", "calculation", policy.Classification) // a country without one
	}
	var view classificationView
	err := x.read(func(tx *store.Tx) error {
		h, err := x.openHousehold(tx, "classification")
		if err != nil {
			return err
		}
		done, err := policy.Classify(tx, rules, h.sheet.Household)
		if err != nil {
			return err
		}
		view = classified(done)
		view.householdHead = h.head
		return nil
	})
	if err != nil {
		return err
	}
	return showClassification.show(x, view)
}

func classified(done policy.Classified) classificationView {
	view := classificationView{On: done.On, Class: done.Class.Number(), Points: done.Points.Number(), Unknown: !done.Class.Known(),
		Inputs: done.Inputs, Missing: missingByFact(done.Missing), Changes: done.Changes}
	for class := range int64(lowestClass) {
		view.Classes = append(view.Classes, classBand{class + 1, !view.Unknown && class+1 == view.Class})
	}
	for _, v := range done.Values {
		view.Steps = append(view.Steps, classStep{Name: v.Value.Name, Value: shownValue(v.Result), Unknown: !v.Result.Known()})
	}
	if len(done.Rules.Acts) > 0 {
		view.Basis = done.Rules.Acts[0].Name
	}
	return view
}

// lowestClass is the class of those who are helped last.
const lowestClass = 5

// shownValue is a rule's value for a reader.
func shownValue(v rule.Value) any {
	if v.Kind() == rule.KindMoney {
		return money.Amount(v.Number())
	}
	return v.Number()
}
