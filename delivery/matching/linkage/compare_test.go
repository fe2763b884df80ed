package linkage

import (
	"strings"
	"testing"
)

// levelIn compares two values as a field of a kind does.
func levelIn(t *testing.T, compare, a, b string) string {
	t.Helper()
	m, err := ReadModel(strings.NewReader("fields: [{field: x, compare: "+compare+"}]"), "model")
	if err != nil {
		t.Fatal(err)
	}
	e, err := New(m)
	if err != nil {
		t.Fatal(err)
	}
	e.Add([]string{a}, "")
	e.Add([]string{b}, "")
	c := e.comparer()
	there, back := c.levels(e.row(0), e.row(1)), c.levels(e.row(1), e.row(0))
	if there != back {
		t.Errorf("%s: %s and %s compare otherwise than the other way round", compare, a, b)
	}
	if level := levelOf(there, 0); level != unknown {
		return e.comparisons[0].levels[level]
	}
	return "unknown"
}

func TestComparisonsInBothDirections(t *testing.T) {
	for _, c := range []struct{ compare, a, b, want string }{
		{"name", "أحمد", "احمد", "same"}, {"name", "فاطمة", "فاطمه", "same"}, {"name", "عبد السلام", "عبدالسلام", "same"},
		{"name", "القماطي", "قماطي", "spelling"}, {"name", "القماطي", "Gamati", "spelling"}, {"name", "القماطي", "El Qamati", "spelling"},
		{"name", "يوسف", "Youssef", "spelling"}, {"name", "محمد", "Mohammed", "spelling"}, {"name", "امبارك", "مبارك", "spelling"},
		{"name", "الزعلوك", "الزعلك", "slip"}, {"name", "محمد", "امحمد", "close"}, {"name", "حسن", "حسين", "close"}, {"name", "سعد", "سعيد", "close"},
		{"name", "محمد", "أحمد", "close"}, {"name", "عبد اللطيف", "عبد الحكيم", "different"}, {"name", "محمد", "فاطمة", "different"},
		{"name", "محمد", "Ahmed", "different"}, {"name", "", "محمد", "unknown"},
		{"text", "webb", "WEBB", "same"}, {"text", "pridham street", "pridhamstreet", "same"}, {"text", "webb", "wbeb", "slip"}, {"text", "sidaway street", "sidawwy steet", "close"},
		{"text", "webb", "white", "different"}, {"text", "ryan", "brian", "close"},
		{"date", "19810419", "1981-04-19", "same"}, {"date", "١٩/٤/١٩٨١", "19810419", "same"}, {"date", "1981-04-05", "1981-05-04", "swapped"}, {"date", "19810419", "19810429", "slip"},
		{"date", "19810419", "19180419", "slip"}, {"date", "1981", "1981-04-19", "imprecise"}, {"date", "1981-01-01", "1981-04-19", "imprecise"}, {"date", "1981", "1982-04-19", "near"},
		{"date", "19810419", "19811119", "near"}, {"date", "19810419", "19990820", "different"}, {"date", "19810419", "not known", "unknown"}, {"date", "19371233", "19371223", "slip"},
		{"identifier", "119799355598", "119 799 355 598", "same"}, {"identifier", "119799355598", "119799355599", "slip"}, {"identifier", "119799355598", "119799355589", "slip"},
		{"identifier", "119799355598", "119799355500", "different"}, {"identifier", "012", "12", "slip"}, {"identifier", "LY83002048", "ly83002048", "same"},
		{"phone", "+218 91 285 1231", "0912851231", "same"}, {"phone", "0912851231", "0912851230", "slip"}, {"phone", "0912851231", "0925551231", "different"},
		{"number", "007", "7", "same"}, {"number", "2119", "2191", "slip"}, {"number", "2119", "2155", "close"}, {"number", "2119", "4870", "different"},
		{"set", "red; blue", "blue|red", "same"}, {"set", "red,blue", "blue", "shared"}, {"set", "red", "blue", "different"},
		{"exact", "Male", "male", "same"}, {"exact", "male", "female", "different"},
	} {
		if got := levelIn(t, c.compare, c.a, c.b); got != c.want {
			t.Errorf("%s: %q and %q are %s, not %s", c.compare, c.a, c.b, got, c.want)
		}
	}
}

func TestManyRecordsAtOnceAreReadLikeOneAfterTheOther(t *testing.T) {
	model := "fields: [{field: name, compare: full_name}, {field: birth, compare: date}]"
	list := []string{"محمد علي سالم الورفلي", "عبد السلام أبو بكر نور الدين بن سعود", "أبو عبد الله جاد الله سيف النصر آل سعود", "فاطمة الزهراء عمرو هشام العرفي",
		"سميرة محمود الورفلي", "سميرة محمود", "سميرة", "علي محمد سالم عمر خليفة الورفلي", "علي محمد عبد", "Abdul Salam Ali El Werfalli", "نور علي-سالم", "  علي  سالم ", "نور الهدى علي"}
	m, err := ReadModel(strings.NewReader(model), "model")
	if err != nil {
		t.Fatal(err)
	}
	one, err := New(m)
	if err != nil {
		t.Fatal(err)
	}
	many, err := New(m)
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range list {
		one.Add([]string{name, "1981"}, "")
	}
	many.AddMany(len(list), func(n int, values []string) uint32 { values[0], values[1] = list[n], "1981"; return 0 })
	text := func(e *Engine, n int) (words []string) {
		for i, code := range e.row(int32(n)) {
			words = append(words, e.comparisons[i].dictionary.values[code])
		}
		return words
	}
	for n, name := range list {
		if a, b := strings.Join(text(one, n), "|"), strings.Join(text(many, n), "|"); a != b {
			t.Errorf("%s: %s, many at once: %s", name, a, b)
		}
	}
}

func TestAnExplanationNamesWhatWasCompared(t *testing.T) {
	v := newInventor(5)
	first, second := v.set(200, 200, 1, 6)
	_, r, e := linkInvented(t, inventedModel, first, second, false)
	estimate, err := e.Estimate()
	if err != nil || len(r.Pairs) < 100 {
		t.Fatalf("%d pairs, %v", len(r.Pairs), err)
	}
	for i := range r.Pairs[:100] {
		p := &r.Pairs[i]
		named := 0
		for c, step := range e.Explain(e.LevelsText(p.Levels), estimate) {
			if step.Level != "" {
				named++
			}
			if level := levelOf(p.Levels, c); level != unknown && step.Level != e.comparisons[c].levels[level] {
				t.Fatalf("%s is %s", step.Comparison, step.Level)
			}
		}
		if named < 5 {
			t.Fatalf("%d levels named", named)
		}
	}
	if e.Explain("ab", estimate) != nil || e.Explain(e.LevelsText(0), []byte("{}")) != nil {
		t.Error("what does not belong together was explained")
	}
}

func FuzzReadModel(f *testing.F) {
	f.Add(inventedModel)
	f.Add("fields: [{field: name, compare: full_name}]\nblocking: [[name.own.sound, name.family]]\ndecide: {false_merges: 0.001}\napart: [house]")
	f.Fuzz(func(t *testing.T, text string) {
		m, err := ReadModel(strings.NewReader(text), "model")
		if err != nil {
			return
		}
		e, err := New(m)
		if err != nil {
			return
		}
		for range 3 {
			e.Add(make([]string, len(m.Fields)), "")
		}
		e.Link()
	})
}
