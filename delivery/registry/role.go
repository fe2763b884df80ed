package registry

import (
	"slices"

	"sanad/platform/fault"
	"sanad/platform/id"
)

// byRole turns a member's role towards one head into her role towards another,
// by the role that the new head had towards the old one. What does not follow
// is not listed: it is asked.
var byRole = map[string]map[string]string{
	"wife":     {"head": "husband", "son": "son", "daughter": "daughter", "grandson": "grandson", "granddaughter": "granddaughter", "sons_wife": "sons_wife", "daughters_husband": "daughters_husband", "orphan": "orphan", "foster_child": "foster_child"},
	"husband":  {"head": "wife", "son": "son", "daughter": "daughter", "grandson": "grandson", "granddaughter": "granddaughter", "sons_wife": "sons_wife", "daughters_husband": "daughters_husband", "orphan": "orphan", "foster_child": "foster_child"},
	"son":      siblings,
	"daughter": siblings,
	"brother":  brothers,
	"sister":   brothers,
	"father":   {"mother": "wife", "brother": "son", "sister": "daughter", "head": "son", "son": "grandson", "daughter": "granddaughter", "wife": "sons_wife"},
	"mother":   {"father": "husband", "brother": "son", "sister": "daughter", "head": "son", "son": "grandson", "daughter": "granddaughter", "wife": "sons_wife"},
}

var (
	siblings = map[string]string{"head": "father", "son": "brother", "daughter": "sister", "father": "grandfather", "mother": "grandmother", "brother": "uncle", "sister": "aunt", "orphan": "orphan", "foster_child": "foster_child"}
	brothers = map[string]string{"head": "brother", "father": "father", "mother": "mother", "brother": "brother", "sister": "sister", "son": "nephew", "daughter": "niece", "orphan": "orphan"}
)

// roleTowards is what a member is to a new head: what the caller said, else what
// ties of blood and marriage on the sheet say, else what follows from the roles
// towards the old head, else empty.
func (s *Sheet) roleTowards(head, m *Member, said map[id.ID]string) string {
	if m.Person == head.Person {
		return "head"
	}
	if role := said[m.Person]; role != "" {
		return role
	}
	if role := s.tieTo(head, m); role != "" {
		return role
	}
	was, old := s.text(head, Role), s.text(m, Role)
	if slices.Contains([]string{"son", "daughter"}, was) && old == "wife" {
		return "" // the father's wife: perhaps the mother
	}
	role := byRole[was][old]
	if old == "head" {
		role = bySex(s.text(m, SexFact), role)
	}
	return role
}

// bySex turns the role of the old head into a woman's where she is one.
func bySex(sex, role string) string {
	woman := map[string]string{"father": "mother", "brother": "sister", "son": "daughter"}
	if sex == string(Female) && woman[role] != "" {
		return woman[role]
	}
	return role
}

// tieTo is what a member is to the head by the ties that stand on the sheet.
func (s *Sheet) tieTo(head, m *Member) string {
	female := s.text(m, SexFact) == string(Female)
	pick := func(man, woman string) string {
		if female {
			return woman
		}
		return man
	}
	switch {
	case s.tied(m, Spouse, head.Person) || s.tied(head, Spouse, m.Person):
		return pick("husband", "wife")
	case s.tied(m, Father, head.Person) || s.tied(m, Mother, head.Person):
		return pick("son", "daughter")
	case s.tied(head, Mother, m.Person):
		return "mother"
	case s.tied(head, Father, m.Person):
		return "father"
	}
	for i := range s.Members {
		child := &s.Members[i]
		if s.tied(child, Father, head.Person) || s.tied(child, Mother, head.Person) {
			switch {
			case s.tied(m, Father, child.Person) || s.tied(m, Mother, child.Person):
				return pick("grandson", "granddaughter")
			case s.tied(child, Spouse, m.Person):
				return pick("daughters_husband", "sons_wife")
			}
		}
	}
	return ""
}

// tied reports whether one member's fact names another person now.
func (s *Sheet) tied(m *Member, name Name, person id.ID) bool {
	for i := range m.Facts {
		if f := &m.Facts[i]; f.Name == name && f.To == 0 && f.Value.Person == person {
			return true
		}
	}
	return false
}

// turn gives every member the role towards a new head; whose role does not
// follow is named in a fault at "roles".
func (e *edit) turn(head *Member, said map[id.ID]string) {
	roles := make([]string, len(e.sheet.Members))
	for i := range e.sheet.Members {
		m := &e.sheet.Members[i]
		roles[i] = e.sheet.roleTowards(head, m, said)
		if roles[i] == "" && e.sheet.dead(m) {
			roles[i] = e.sheet.text(m, Role)
		}
		if checkCode(Role, roles[i], true) != nil {
			e.wrong.Add("roles", fault.Invalid("registry.role_needed", "name", e.sheet.text(m, FullName)))
		}
	}
	for i, role := range roles {
		if m := &e.sheet.Members[i]; role != "" && role != e.sheet.text(m, Role) {
			e.set(m, Role, TextValue(role))
		}
	}
}
