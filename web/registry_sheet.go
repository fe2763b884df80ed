package web

import (
	"slices"
	"strconv"
	"strings"

	"sanad/delivery/registry"
	"sanad/platform/calendar"
	"sanad/platform/id"
	"sanad/platform/money"
	"sanad/platform/text"
)

// sheetReader draws a household's sheet as it stands on one day: its facts, its
// people as a list and as a family tree.
type sheetReader struct {
	sheet *registry.Sheet
	today calendar.Date
	href  string // address of the household
	asks  bool   // this reader may ask for a correction
	area  text.Bilingual
}

func roleKey(code string) text.Key     { return text.Key("web.role_" + code) }
func factKey(n registry.Name) text.Key { return text.Key("web.fact_" + string(n)) }

// factTerm is what a fact is called: the country's words for what it declares.
func factTerm(n registry.Name) any {
	if words, ok := n.Heading().(text.Bilingual); ok {
		return words
	}
	return factKey(n)
}

// statusKey is a marital status in the form of the person's sex, which Arabic
// needs and English ignores.
func statusKey(code, sex string) text.Key {
	if sex == "" {
		return text.Key("web.status_" + code)
	}
	return text.Key("web.status_" + code + "_" + sex)
}

// now is a fact that holds on the day, and whether one is known.
func (r sheetReader) now(facts []registry.Fact, name registry.Name) (registry.Fact, bool) {
	return r.sheet.At(facts, name, r.today)
}

func (r sheetReader) word(m *registry.Member, name registry.Name) string {
	f, _ := r.now(m.Facts, name)
	return f.Value.Text
}

// died tells whether somebody is known to have died.
func (r sheetReader) died(m *registry.Member) bool {
	f, known := r.now(m.Facts, registry.Death)
	return known && f.Value.Number == 1
}

// head is the member who is the head, else the first.
func (r sheetReader) head() *registry.Member {
	for i := range r.sheet.Members {
		if r.word(&r.sheet.Members[i], registry.Role) == "head" {
			return &r.sheet.Members[i]
		}
	}
	if len(r.sheet.Members) == 0 {
		return nil
	}
	return &r.sheet.Members[0]
}

// bond is who somebody is to the head.
func (r sheetReader) bond(m *registry.Member) text.Key {
	role := r.word(m, registry.Role)
	switch {
	case role == "":
		return "web.role_member"
	case role == "head" && r.word(m, registry.SexFact) == "female":
		return "web.role_head_female"
	}
	return roleKey(role)
}

func (r sheetReader) personHref(p id.ID) string { return r.href + "/people/" + p.String() }

// members lists the people, the head first, as they stand on the sheet.
func (r sheetReader) members() []memberRow {
	var rows []memberRow
	for i := range r.sheet.Members {
		m := &r.sheet.Members[i]
		birth, _ := r.now(m.Facts, registry.Birth)
		row := memberRow{Href: r.personHref(m.Person), Name: r.word(m, registry.FullName), Bond: r.bond(m), Number: r.word(m, registry.NationalNumberFact),
			Birth: birth.Value.Date, State: r.state(m)}
		if status := r.word(m, registry.MaritalStatus); status != "" {
			row.Marital = statusKey(status, r.word(m, registry.SexFact))
		}
		rows = append(rows, row)
	}
	return rows
}

// state is what must be known at once about a person: dead, abroad, missing.
func (r sheetReader) state(m *registry.Member) pill {
	if r.died(m) {
		return pill{Tone: "plain", Key: "web.state_died"}
	}
	for _, grave := range []registry.Name{registry.Missing, registry.Detained} {
		if f, known := r.now(m.Facts, grave); known && f.Value.Number == 1 {
			return pill{Tone: "warn", Key: factKey(grave)}
		}
	}
	if f, known := r.now(m.Facts, registry.AbroadSince); known && f.Value.Number == 1 {
		return pill{Tone: "info", Key: "web.state_away"}
	}
	return pill{}
}

// generation places a role in the tree: 0 elders, 1 the head's own, 2 children,
// 3 grandchildren.
func generation(role string) int {
	switch role {
	case "father", "mother", "grandfather", "grandmother", "uncle", "aunt":
		return 0
	case "son", "daughter", "orphan", "foster_child", "sons_wife", "daughters_husband", "nephew", "niece":
		return 2
	case "grandson", "granddaughter":
		return 3
	}
	return 1
}

// tree draws the family in rows by generation. Spouses of the head stand beside
// the head, joined by a line that is dashed where the marriage has ended.
func (r sheetReader) tree() (rows [][]kin, ended bool) {
	generations := make([][]kin, 4)
	head := r.head()
	for i := range r.sheet.Members {
		m := &r.sheet.Members[i]
		k := r.kin(m, m == head)
		g := generation(r.word(m, registry.Role))
		ended = ended || k.Gone || k.Ended
		if k.Head {
			generations[g] = slices.Insert(generations[g], 0, k)
			continue
		}
		generations[g] = append(generations[g], k)
	}
	for _, row := range generations {
		if len(row) > 0 {
			rows = append(rows, row)
		}
	}
	return rows, ended
}

func (r sheetReader) kin(m *registry.Member, head bool) kin {
	birth, _ := r.now(m.Facts, registry.Birth)
	role := r.word(m, registry.Role)
	k := kin{Href: r.personHref(m.Person), Name: r.word(m, registry.FullName), Bond: r.bond(m), Head: head, Gone: r.died(m)}
	if year := birth.Value.Date.Year(); year != 0 {
		k.Note = strconv.Itoa(year)
	}
	if role == "wife" || role == "husband" {
		status := r.word(m, registry.MaritalStatus)
		k.Bound, k.Ended = true, k.Gone || status == "divorced" || status == "widowed"
	}
	if state := r.state(m); state.Tone == "warn" {
		k.State = &state
	}
	return k
}

// facts lists what is known of one member, or of the household where m is nil,
// in the order in which facts are declared. What must be known and is not is
// listed as unknown.
func (r sheetReader) facts(m *registry.Member) []factView {
	facts := r.sheet.Facts
	if m != nil {
		facts = m.Facts
	}
	var views []factView
	for _, definition := range registry.All() {
		if definition.Household != (m == nil) {
			continue
		}
		if f, known := r.now(facts, definition.Name); known {
			views = append(views, r.fact(f, definition, m))
		} else if m != nil && slices.Contains(expected, definition.Name) {
			views = append(views, factView{Term: factTerm(definition.Name), Unknown: "web.does_not_know", Source: sourceView{Kind: "unknown", Key: "web.source_unknown"}, Correct: r.correct(definition.Name, m)})
		}
	}
	return views
}

// expected are the facts that a decision asks for: their absence is shown.
var expected = []registry.Name{registry.NationalNumberFact, registry.Birth, registry.SexFact, registry.MaritalStatus, registry.Citizenship}

func (r sheetReader) fact(f registry.Fact, d registry.Definition, m *registry.Member) factView {
	v := factView{Term: factTerm(f.Name), Source: r.source(f)}
	if d.Type != registry.TypeDate {
		v.Since = f.From
	}
	v.Correct = r.correct(f.Name, m)
	switch d.Type {
	case registry.TypeDate:
		v.dateValue(f)
	case registry.TypeTruth:
		v.Key = map[bool]text.Key{true: "web.yes", false: "web.no"}[f.Value.Number == 1]
	case registry.TypeMoney:
		amount := money.Amount(f.Value.Number)
		v.Amount = &amount
	case registry.TypePerson:
		v.Text, v.Key = r.named(f.Value.Person)
	case registry.TypeNumber:
		v.Text, v.Unit = text.Number(f.Value.Number), d.Unit
	case registry.TypeFixed:
		v.Text, v.Unit = registry.Decimal(f.Value.Number), d.Unit
	default:
		if words, ok := d.Word(f.Value.Text).(text.Bilingual); ok {
			v.Both = words
			break
		}
		r.textValue(&v, f, m)
	}
	return v
}

// correct is where a correction of a fact is asked for; m is nil for a fact of
// the household.
func (r sheetReader) correct(name registry.Name, m *registry.Member) string {
	if !r.asks {
		return ""
	}
	address := r.href + "/correction?fact=" + string(name)
	if m != nil {
		address += "&person=" + m.Person.String()
	}
	return address
}

// dateValue writes a date fact: one that did not happen is a statement too.
func (v *factView) dateValue(f registry.Fact) {
	switch {
	case f.Value.Number == 1 && f.Value.Date != calendar.Unknown:
		v.Date = f.Value.Date
	case f.Value.Number == 1:
		v.Key = map[registry.Name]text.Key{registry.Death: "web.died_day_unknown"}[f.Name]
		if v.Key == "" {
			v.Unknown = "web.does_not_know"
		}
	case f.Name == registry.Death:
		v.Key = "web.alive"
	case f.Name == registry.AbroadSince:
		v.Key = "web.in_the_country"
	default:
		v.Key = "web.no"
	}
}

func (r sheetReader) textValue(v *factView, f registry.Fact, m *registry.Member) {
	switch f.Name {
	case registry.NationalNumberFact:
		v.Number = f.Value.Text
	case registry.Phone, registry.AdministrativeNo, registry.RegistrationNo, registry.Passport, registry.UnreadNumber:
		v.Code = f.Value.Text
	case registry.Account:
		v.Code = grouped(f.Value.Text)
	case registry.SexFact:
		v.Key = text.Key("web." + f.Value.Text)
	case registry.Role:
		v.Key = r.bond(m)
	case registry.MaritalStatus:
		v.Key = statusKey(f.Value.Text, r.word(m, registry.SexFact))
	case registry.Citizenship:
		v.Key = text.Key("web.citizenship_" + f.Value.Text)
	case registry.Area:
		v.Key, v.Args = "web.name_of", []any{"name", r.area}
	default:
		v.Text = f.Value.Text
		// A word of the country's lists has a name in both languages; what a
		// branch wrote otherwise is shown as it stands.
		if key := "web.word_" + string(f.Name) + "_" + f.Value.Text; text.Has(key) {
			v.Key = text.Key(key)
		}
	}
}

// grouped writes an account number in groups of four.
func grouped(account string) string {
	var groups []string
	for ; len(account) > 4; account = account[4:] {
		groups = append(groups, account[:4])
	}
	return strings.Join(append(groups, account), " ")
}

// named is the name of a person on this sheet.
func (r sheetReader) named(p id.ID) (name string, key text.Key) {
	if p.IsZero() {
		return "", "web.nobody"
	}
	if m := r.sheet.Member(p); m != nil {
		return r.word(m, registry.FullName), ""
	}
	return "", "web.elsewhere"
}

// source is the best source of a fact, the latest among equals.
func (r sheetReader) source(f registry.Fact) sourceView {
	var best registry.Source
	for _, at := range f.Sources {
		if s := r.sheet.Sources[at]; s.Kind > best.Kind || s.Kind == best.Kind && s.Date >= best.Date {
			best = s
		}
	}
	switch best.Kind {
	case registry.Confirmed:
		return sourceView{Kind: "confirmed", Key: "web.source_confirmed_plain", Date: best.Date}
	case registry.Documented:
		return sourceView{Kind: "documented", Key: "web.source_documented", Date: best.Date}
	case registry.Stated:
		return sourceView{Kind: "stated", Key: "web.source_stated", Date: best.Date}
	}
	return sourceView{Kind: "unknown", Key: "web.source_unknown"}
}
