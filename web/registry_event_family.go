package web

import (
	"cmp"
	"net/http"
	"slices"
	"strings"

	"sanad/delivery/matching/search"
	"sanad/delivery/registry"
	"sanad/platform/fault"
	"sanad/platform/id"
	"sanad/platform/store"
)

// someone is a person named in a form by her national number.
type someone struct {
	person, household id.ID
	version           int64
}

// numbered finds the person with a national number. Where nobody has it the
// zero person is returned: she is not registered yet.
func numbered(tx *store.Tx, f *form, name string) (someone, error) {
	number := f.get(name)
	if number == "" {
		return someone{}, nil
	}
	if _, err := registry.ParseNationalNumber(number, tx.Today()); err != nil {
		return someone{}, placed(err, name)
	}
	hits, err := search.ByNumber(tx, number)
	if err != nil || len(hits) == 0 {
		return someone{}, err
	}
	found := someone{person: hits[0].Person, household: hits[0].Household}
	if hits[0].Outside {
		return found, nil
	}
	row, err := registry.SummaryOf(tx, found.household)
	found.version = row.Version
	return found, err
}

// placed puts a refusal beside a field.
func placed(err error, name string) error {
	if refused := fault.Of(err); refused != nil {
		return refused.At(name)
	}
	return err
}

// roles are what members are to a new head, where the form asked for it.
func (f *form) roles() map[id.ID]string {
	roles := map[id.ID]string{}
	for _, q := range f.Fields {
		written, asked := strings.CutPrefix(q.Name, roleField)
		if person, err := id.Parse(written); asked && err == nil && q.Value != "" {
			roles[person] = q.Value
		}
	}
	return roles
}

// roleField begins the name of the question what a member is to the head.
const roleField = "role-"

// readRoles takes the answers on roles out of what was sent.
func (f *form) readRoles(r *http.Request) {
	for name := range r.PostForm {
		if strings.HasPrefix(name, roleField) {
			f.Fields = append(f.Fields, field{Name: name, Kind: "select", Value: value(r, name)})
		}
	}
}

// askRoles asks what each member is to the new head, where it does not follow
// from ties that are known: nothing is guessed.
func (f *form) askRoles(err error, members []option, sent form) {
	refused := fault.Of(err)
	if refused == nil {
		return
	}
	about := func(w *fault.Fault) bool { return w.Field == "roles" }
	if !about(refused) && !slices.ContainsFunc(refused.Fields, about) && len(sent.roles()) == 0 {
		return
	}
	var asked []field
	for _, m := range members {
		asked = append(asked, field{Name: roleField + m.Value, Kind: "select", Label: "web.role_towards_head", Whose: m.Name, Value: sent.get(roleField + m.Value),
			Options: append([]option{{Key: "web.role_follows"}, {Value: "head", Key: "web.role_head"}}, bondOptions()...)})
	}
	at := slices.IndexFunc(f.Fields, func(q field) bool { return q.Name == "source" })
	f.Fields = slices.Insert(f.Fields, max(at, 0), asked...)
}

func recordMarriage(tx *store.Tx, c registry.Change, f *form) error {
	m := registry.Marriage{Change: c, Person: f.personOf("person"), Spouse: f.personOf("spouse-in"), Home: registry.Home(f.get("home")), Roles: f.roles()}
	if m.Spouse.IsZero() {
		found, err := numbered(tx, f, "spouse-number")
		if err != nil {
			return err
		}
		if !found.person.IsZero() && found.household.IsZero() {
			return fault.Invalid("web.spouse_outside").At("spouse-number")
		}
		m.Spouse, m.Household2, m.Version2 = found.person, found.household, found.version
		m.NewSpouse = registry.NewMember{Name: f.get("spouse"), NationalNumber: f.get("spouse-number")}
	}
	if m.Spouse.IsZero() && m.NewSpouse.Name == "" && m.Home == registry.HomeHere {
		return fault.Invalid("web.required").At("spouse")
	}
	_, err := registry.RecordMarriage(tx, m)
	return err
}

// recordDivorce gives every child of the couple to whom the form names.
func recordDivorce(tx *store.Tx, c registry.Change, f *form) error {
	s, err := registry.Household(tx, c.Household)
	if err != nil {
		return err
	}
	d := registry.Divorce{Change: c, Person: f.personOf("person")}
	for i := range s.Members {
		m := &s.Members[i]
		father, mother := parent(s, m, registry.Father), parent(s, m, registry.Mother)
		if d.Person != father && d.Person != mother || d.Person.IsZero() {
			continue
		}
		custody := registry.Custody{Child: m.Person, Paper: registry.CustodyEvidence(f.get("paper"))}
		switch f.get("custody") {
		case "mother":
			custody.Custodian = mother
		case "father":
			custody.Custodian = father
		case "disputed":
			custody.Disputed = true
		default:
			continue
		}
		d.Custody = append(d.Custody, custody)
	}
	_, err = registry.RecordDivorce(tx, d)
	return err
}

func parent(s *registry.Sheet, m *registry.Member, name registry.Name) id.ID {
	f, _ := s.Now(m.Facts, name)
	return f.Value.Person
}

func recordCustody(tx *store.Tx, c registry.Change, f *form) error {
	custody := registry.Custody{Child: f.personOf("person"), Custodian: f.personOf("custodian"), Paper: registry.CustodyEvidence(f.get("paper")), Disputed: f.get("disputed") == "yes"}
	if custody.Custodian.IsZero() && f.get("custodian-number") != "" {
		found, err := numbered(tx, f, "custodian-number")
		if err == nil && found.person.IsZero() {
			err = fault.Invalid("web.number_unknown").At("custodian-number")
		}
		if err != nil {
			return err
		}
		custody.Custodian = found.person
	}
	_, err := registry.AwardCustody(tx, c, custody)
	return err
}

func recordAccount(tx *store.Tx, c registry.Change, f *form) error {
	_, err := registry.ChangePayee(tx, registry.Payee{Change: c, Person: f.personOf("person"), Account: f.get("account"), OwnAccount: registry.Answer(f.get("own"))})
	return err
}

func recordNumber(tx *store.Tx, c registry.Change, f *form) error {
	_, err := registry.IssueNumber(tx, c, f.personOf("person"), f.get("number"))
	return err
}

func recordContact(tx *store.Tx, c registry.Change, f *form) error {
	_, err := registry.ChangeContact(tx, c, f.personOf("person"), phoneNumber(f.get("phone")))
	return err
}

func recordCitizenship(tx *store.Tx, c registry.Change, f *form) error {
	_, err := registry.DetermineCitizenship(tx, c, f.personOf("person"), f.get("citizenship"), strings.ToUpper(f.get("country")))
	return err
}

func recordMove(tx *store.Tx, c registry.Change, f *form) error {
	_, err := registry.MoveHousehold(tx, registry.Move{Change: c, Area: f.get("area"), Mahalla: f.get("address")})
	return err
}

func recordGuardian(tx *store.Tx, c registry.Change, f *form) error {
	g := registry.Guardianship{Change: c, Ward: f.personOf("person"), Guardian: f.personOf("guardian-in")}
	if g.Guardian.IsZero() {
		found, err := numbered(tx, f, "guardian-number")
		if err != nil {
			return err
		}
		g.Guardian = found.person
		g.NewGuardian = registry.NewMember{Name: f.get("guardian"), NationalNumber: f.get("guardian-number")}
	}
	if g.Guardian.IsZero() && g.NewGuardian.Name == "" {
		return fault.Invalid("web.required").At("guardian")
	}
	_, err := registry.NameGuardian(tx, g)
	return err
}

func recordHead(tx *store.Tx, c registry.Change, f *form) error {
	_, err := registry.ChangeHead(tx, registry.HeadChange{Change: c, Head: f.personOf("person"), Roles: f.roles()})
	return err
}

func recordSplit(tx *store.Tx, c registry.Change, f *form) error {
	s := registry.Split{Change: c, Head: f.personOf("new-head"), Roles: f.roles()}
	for _, q := range f.Fields {
		if q.Name != "others" {
			continue
		}
		for _, written := range q.Values {
			if person, err := id.Parse(written); err == nil {
				s.Others = append(s.Others, person)
			}
		}
	}
	_, err := registry.SplitHousehold(tx, s)
	return err
}

// recordJoin brings the whole household into that of another file.
func recordJoin(tx *store.Tx, c registry.Change, f *form) error {
	hits, err := search.ByNumber(tx, f.get("file"))
	if err != nil {
		return cmp.Or(placed(err, "file"), err)
	}
	at := slices.IndexFunc(hits, func(h search.Hit) bool { return h.File == f.get("file") && !h.Outside })
	if at < 0 {
		return fault.Invalid("web.no_such_file").At("file")
	}
	into, err := registry.SummaryOf(tx, hits[at].Household)
	if err != nil {
		return err
	}
	_, err = registry.JoinHouseholds(tx, registry.Join{Change: c, Into: into.Household, IntoVersion: into.Version, Roles: f.roles()})
	return err
}
