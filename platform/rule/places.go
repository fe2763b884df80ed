package rule

import "slices"

// The places of facts in a Frame, by their names, for whoever fills one: asked
// once when a program starts, not for each household. Each is -1 for a name that
// is not declared.

// MemberFact is the place of a member's fact among [Language.Facts].
func (s *Schema) MemberFact(name string) int { return place(s.Members, name) }

// HouseholdFact is the place of a fact in Frame.Household.
func (s *Schema) HouseholdFact(name string) int { return place(s.Household, name) }

// Input is the place of an input in Frame.Inputs.
func (s *Schema) Input(name string) int { return place(s.Inputs, name) }

// Parameter is the place of a parameter in Frame.Parameters.
func (s *Schema) Parameter(name string) int { return place(s.Parameters, name) }

// Label is the value of an enumeration's label, unknown for a label that is not
// declared.
func (s *Schema) Label(enumeration, label string) Value {
	if e := s.enumeration(enumeration); e >= 0 {
		if i := slices.Index(s.Enumerations[e].Labels, label); i >= 0 {
			return Label(i)
		}
	}
	return Unknown(KindEnumeration)
}

// LabelName is the name of the label that a value of an enumeration has, empty
// where it is unknown.
func (s *Schema) LabelName(enumeration string, v Value) string {
	e := s.enumeration(enumeration)
	if e < 0 || !v.Known() || v.kind != KindEnumeration || v.number >= int64(len(s.Enumerations[e].Labels)) {
		return ""
	}
	return s.Enumerations[e].Labels[v.number]
}

func place(facts []Fact, name string) int {
	return slices.IndexFunc(facts, func(f Fact) bool { return f.Name == name })
}
