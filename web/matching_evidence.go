package web

import (
	"fmt"
	"strconv"
	"strings"

	"sanad/delivery/matching"
	"sanad/delivery/registry"
	"sanad/platform/calendar"
	"sanad/platform/names"
	"sanad/platform/store"
	"sanad/platform/text"
)

// comparedFacts are the facts of a person that are laid side by side.
var comparedFacts = []registry.Name{registry.FullName, registry.MotherName, registry.Birth, registry.SexFact, registry.NationalNumberFact,
	registry.RegistrationNo, registry.MaritalStatus, registry.Phone, registry.Account, registry.Death}

// comparedPlaces are those of a household.
var comparedPlaces = []registry.Name{registry.Mahalla}

// pairRows lays two records side by side, fact by fact.
func pairRows(a, b sheetReader, m, n *registry.Member) (rows []pairRow) {
	if m == nil || n == nil {
		return nil
	}
	for _, name := range comparedFacts {
		x, knowsX := a.now(m.Facts, name)
		y, knowsY := b.now(n.Facts, name)
		if !knowsX && !knowsY {
			continue
		}
		rows = append(rows, rowOf(a, b, x, y, knowsX, knowsY, m, n))
	}
	for _, name := range comparedPlaces {
		x, knowsX := a.now(a.sheet.Facts, name)
		y, knowsY := b.now(b.sheet.Facts, name)
		if knowsX || knowsY {
			rows = append(rows, rowOf(a, b, x, y, knowsX, knowsY, nil, nil))
		}
	}
	return rows
}

func rowOf(a, b sheetReader, x, y registry.Fact, knowsX, knowsY bool, m, n *registry.Member) pairRow {
	name := x.Name
	if !knowsX {
		name = y.Name
	}
	d := *registry.Define(name)
	row := pairRow{Term: factTerm(name), A: a.cell(x, d, m, knowsX), B: b.cell(y, d, n, knowsY)}
	if !knowsX || !knowsY {
		row.State = pill{Tone: "unknown", Key: "review.unknown"}
		return row
	}
	if d.Type == registry.TypeText && x.Value.Text != y.Value.Text && d.Name != registry.SexFact {
		row.A.Letters, row.B.Letters = spelt(x.Value.Text, y.Value.Text)
	}
	row.State = likeness(d, x.Value, y.Value)
	return row
}

func (r sheetReader) cell(f registry.Fact, d registry.Definition, m *registry.Member, known bool) pairCell {
	v := factView{Unknown: "web.does_not_know", Source: sourceView{Kind: "unknown", Key: "web.source_unknown"}}
	if known {
		v = r.fact(f, d, m)
	}
	return pairCell{Fact: &v}
}

// likeness is how two known values agree, in a word.
func likeness(d registry.Definition, x, y registry.Value) pill {
	if x == y {
		return pill{Tone: "ok", Key: "review.equal"}
	}
	different := pill{Tone: "warn", Key: "review.differs"}
	switch {
	case d.Name == registry.FullName || d.Name == registry.MotherName:
		if names.Light(x.Text) == names.Light(y.Text) {
			return pill{Tone: "ok", Key: "review.spelling"}
		}
		if names.Agree(x.Text, y.Text) != names.Differ {
			return pill{Tone: "info", Key: "review.part"}
		}
	case d.Type == registry.TypeDate:
		return datesLike(x.Date, y.Date)
	case d.Type == registry.TypeText && slips(x.Text, y.Text) == 1:
		return pill{Tone: "info", Key: "review.one_sign"}
	}
	return different
}

// datesLike tells two dates that can be one from two that cannot.
func datesLike(x, y calendar.Date) pill {
	switch {
	case x.Before(y) == calendar.Maybe:
		return pill{Tone: "info", Key: "review.imprecise"}
	case x.Year() == y.Year() && x.Month() == y.DayOfMonth() && y.Month() == x.DayOfMonth():
		return pill{Tone: "info", Key: "review.swapped"}
	case slips(x.String(), y.String()) == 1:
		return pill{Tone: "info", Key: "review.one_sign"}
	}
	return pill{Tone: "warn", Key: "review.differs"}
}

// slips counts the places in which two texts of one length differ; many where
// they are not of one length.
func slips(a, b string) int {
	x, y := []rune(a), []rune(b)
	if len(x) != len(y) {
		return len(x) + len(y)
	}
	n := 0
	for i := range x {
		if x[i] != y[i] {
			n++
		}
	}
	return n
}

// waterfall draws what each comparison weighs, one after the other, up to the
// whole. Parts of a name stand together.
func (x *exchange) waterfall(tx *store.Tx, m matching.Match) ([]pairStep, error) {
	if x.site.matching == nil || m.Model == "" {
		return nil, nil
	}
	weighed, err := matching.Steps(tx, m, x.site.matching)
	if err != nil {
		return nil, err
	}
	var steps []weight
	rest := m.Weight
	for _, s := range weighed {
		rest -= s.Bits
		field, _, _ := strings.Cut(s.Comparison, ".")
		if n := len(steps); n > 0 && steps[n-1].field == field {
			steps[n-1].bits += s.Bits
			steps[n-1].level = ""
			continue
		}
		if s.Level != "" {
			steps = append(steps, weight{field, s.Level, s.Bits})
		}
	}
	if len(steps) == 0 {
		return nil, nil
	}
	return drawn(append(steps, weight{"rarity", "", rest}), m.Weight), nil
}

// weight is one bar before it is drawn.
type weight struct {
	field, level string
	bits         int64
}

// drawn places bars within a hundred, from where the one before ended.
func drawn(steps []weight, whole int64) (bars []pairStep) {
	low, high, at := int64(0), whole, int64(0)
	for _, s := range steps {
		at += s.bits
		low, high = min(low, at), max(high, at)
	}
	scale := func(bits int64) int { return int((bits - low) * 1000 / max(high-low, 1)) }
	at = 0
	for _, s := range steps {
		from, to := scale(at), scale(at+s.bits)
		at += s.bits
		bar := pairStep{X: min(from, to), Width: max(max(from, to)-min(from, to), 6), Against: s.bits < 0, Bits: bitsWords(s.bits)}
		bar.Term, bar.Name = comparisonWord(s.field)
		if key := "review.level_" + strings.ReplaceAll(s.level, " ", "_"); s.level != "" && text.Has(key) {
			bar.Level = text.Key(key)
		}
		bars = append(bars, bar)
	}
	return append(bars, pairStep{Term: "review.whole", X: min(scale(0), scale(whole)), Width: max(scale(max(whole, 0))-scale(min(whole, 0)), 6), Total: true, Against: whole < 0, Bits: bitsWords(whole)})
}

// comparisonWord is the catalogue's word for a comparison, or the model's own.
func comparisonWord(field string) (text.Key, string) {
	if key := "review.field_" + field; text.Has(key) {
		return text.Key(key), ""
	}
	return "", field
}

// bitsWords writes a weight with its sign.
func bitsWords(bits int64) string {
	sign := "+"
	if bits < 0 {
		sign, bits = "−", -bits
	}
	return sign + strconv.FormatInt(bits/1_000_000, 10) + fmt.Sprintf(".%d", bits/100_000%10)
}
