package intake

import (
	"strings"

	"sanad/delivery/registry"
	"sanad/platform/names"
)

// kin derives who belongs to whom within one household of a list, from roles and
// names. A bond that the list does not make clear is left out: unknown is a
// question, a wrong father is a wrong payment.
type kin struct {
	people []*relative
	head   *relative
}

// relative is one member on the way into a statement.
type relative struct {
	row   *Row
	parts names.Parts
	place int // in the statement, from 1
	bonds []registry.Claim
}

func (p *relative) role() string { return p.row.Role.Value }

func (p *relative) is(roles ...string) bool {
	for _, r := range roles {
		if p.row.Role.Known && p.row.Role.Value == r {
			return true
		}
	}
	return false
}

func (p *relative) sex() registry.Sex {
	if !p.row.Sex.Known {
		return ""
	}
	return p.row.Sex.Value
}

func (p *relative) status() string {
	if !p.row.MaritalStatus.Known {
		return ""
	}
	return p.row.MaritalStatus.Value
}

func (p *relative) apart() bool { return p.status() == "divorced" || p.status() == "separated" }

func (p *relative) bond(name registry.Name, other *relative) {
	p.bonds = append(p.bonds, registry.Claim{Name: name, Member: other.place})
}

func (p *relative) bound(name registry.Name) *registry.Claim {
	for i := range p.bonds {
		if p.bonds[i].Name == name {
			return &p.bonds[i]
		}
	}
	return nil
}

// with returns the members in a role.
func (k *kin) with(roles ...string) []*relative {
	var found []*relative
	for _, p := range k.people {
		if p.is(roles...) {
			found = append(found, p)
		}
	}
	return found
}

// derive finds all bonds.
func (k *kin) derive() {
	for _, p := range k.people {
		if p.row.Head && p.row.Role.Known {
			k.head = p
			break
		}
	}
	k.marriages()
	for _, p := range k.people {
		switch p.role() {
		case "son", "daughter":
			k.child(p)
		case "grandson", "granddaughter":
			p.father(k.with("son"))
			p.mother(append(k.with("sons_wife"), k.with("daughter")...))
		case "orphan", "foster_child":
			if k.head != nil {
				p.bond(registry.Guardian, k.head)
			}
		case "brother", "sister", "head":
			p.father(k.with("father"))
			p.mother(k.with("mother"))
		case "uncle", "aunt", "father":
			p.father(k.with("grandfather"))
			p.mother(k.with("grandmother"))
		}
	}
}

// marriages binds the head with wives or husband, the head's parents with each
// other, and the only married son with the only son's wife.
func (k *kin) marriages() {
	if k.head != nil && k.head.is("head") {
		for _, p := range k.with("wife", "husband") {
			if p.sex() != k.head.sex() && !p.apart() && p.status() != "widowed" {
				marry(k.head, p)
			}
		}
	}
	only(k.with("father"), k.with("mother"))
	only(k.with("grandfather"), k.with("grandmother"))
	only(k.with("son"), k.with("sons_wife"))
	only(k.with("daughters_husband"), k.with("daughter"))
}

// only marries two where each is the only married one who can be meant.
func only(men, women []*relative) {
	man, woman := married(men), married(women)
	if man != nil && woman != nil {
		marry(man, woman)
	}
}

func married(people []*relative) *relative {
	var found *relative
	for _, p := range people {
		if p.status() != "married" {
			continue
		}
		if found != nil {
			return nil
		}
		found = p
	}
	return found
}

func marry(a, b *relative) {
	a.bond(registry.Spouse, b)
	b.bond(registry.Spouse, a)
}

// child binds a son or daughter of the head: the head is one parent, the wife
// whom the mother's name means, or the husband, the other. Of parents who are
// apart, the mother who heads the household has the custody of those listed
// with her; who else has it is not said by a list.
func (k *kin) child(p *relative) {
	switch {
	case k.head == nil || !k.head.is("head"):
		return
	case k.head.sex() == registry.Male:
		p.father([]*relative{k.head})
		p.mother(k.with("wife"))
		if k.head.apart() && p.bound(registry.Father) != nil && p.bound(registry.Mother) == nil {
			p.apartParents(nil)
		}
	case k.head.sex() == registry.Female:
		p.father(k.with("husband"))
		if !p.row.MotherName.Known || same(names.Of(p.row.MotherName.Value).Own, k.head.parts.Own) {
			p.bond(registry.Mother, k.head) // the role says so too: only another woman's name would deny it
		} else {
			p.mother([]*relative{k.head})
		}
		if k.head.apart() && p.bound(registry.Mother) != nil {
			p.apartParents(k.head)
		}
	}
}

func (p *relative) apartParents(custodian *relative) {
	p.bonds = append(p.bonds, registry.Claim{Name: registry.ParentsApart, Value: registry.TruthValue(true)})
	if custodian != nil {
		p.bond(registry.Custodian, custodian)
	}
}

// father binds the one man whose name the person's own goes on with.
func (p *relative) father(men []*relative) {
	var found *relative
	for _, m := range men {
		if !p.continues(m) {
			continue
		}
		if found != nil {
			return
		}
		found = m
	}
	if found != nil {
		p.bond(registry.Father, found)
	}
}

// mother binds the one woman whom the mother's name means: in full, or by her
// own name.
func (p *relative) mother(women []*relative) {
	if !p.row.MotherName.Known {
		return
	}
	var found *relative
	for _, w := range women {
		if w == p || !w.row.Name.Known || !registry.MothersAgree(p.row.MotherName.Value, w.row.Name.Value) {
			continue
		}
		if found != nil {
			return
		}
		found = w
	}
	if found != nil {
		p.bond(registry.Mother, found)
	}
}

// continues reports whether a person's name goes on with a man's: Ali Salem
// Omar and Salem Omar, with the slips that lists have.
func (p *relative) continues(m *relative) bool {
	if m == p || len(p.parts.All) < 2 {
		return false
	}
	if same(p.parts.Father, m.parts.Own) {
		return true
	}
	if p.parts.Grandfather != "" && same(p.parts.Father, m.parts.Father) && same(p.parts.Grandfather, m.parts.Own) {
		return true // two parts written the wrong way round
	}
	line := strings.Join([]string{m.parts.Own, m.parts.Father, m.parts.Family}, " ")
	return names.Agree(strings.Join(p.parts.All[1:], " "), line) != names.Differ
}

// same compares one part of two names.
func same(a, b string) bool {
	return a != "" && b != "" && (a == b || names.Light(a) == names.Light(b) || names.Skeleton(a) == names.Skeleton(b))
}
