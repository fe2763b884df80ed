package registry

import (
	"maps"
	"slices"

	"sanad/platform/calendar"
	"sanad/platform/fault"
)

// Said are facts of the country pack as somebody said them, by name, in the
// words that ParseValue reads. What is left out or empty was not said.
type Said map[Name]string

// check refuses what cannot be read, each at "facts.NAME".
func (s Said) check(wrong *fault.List, household bool, today calendar.Date) {
	for _, name := range slices.Sorted(maps.Keys(s)) {
		if s[name] == "" {
			continue
		}
		d := Define(name)
		if d == nil || d.Household != household || d.Number < FirstDeclared {
			wrong.Add("facts."+string(name), fault.Invalid("registry.choose_one"))
			continue
		}
		value, err := ParseValue(name, s[name])
		switch {
		case err != nil:
		case d.Type == TypeCode:
			err = checkCode(name, value.Text, true)
		case d.Type == TypeDate && !d.Future && value.Number == 1:
			err = checkDay(value.Date, calendar.Unknown, today)
		}
		wrong.Add("facts."+string(name), err)
	}
}

// facts are the facts that were said; check has read them before.
func (s Said) facts(household bool, source int) (said []Fact) {
	for _, name := range slices.Sorted(maps.Keys(s)) {
		d := Define(name)
		if s[name] == "" || d == nil || d.Household != household {
			continue
		}
		if value, err := ParseValue(name, s[name]); err == nil {
			said = append(said, Fact{Name: name, Value: value, Sources: []int{source}})
		}
	}
	return said
}
