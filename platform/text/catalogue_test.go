package text

import (
	"slices"
	"strings"
	"testing"
	"testing/fstest"
)

func TestCataloguesAreReadable(t *testing.T) {
	if err := Check(); err != nil {
		t.Fatal(err)
	}
}

func TestBothLanguagesSayTheSameKeys(t *testing.T) {
	arabic, english := Keys(Arabic), Keys(English)
	for _, key := range arabic {
		if _, ok := slices.BinarySearch(english, key); !ok {
			t.Errorf("%s has no English sentence", key)
		}
	}
	for _, key := range english {
		if _, ok := slices.BinarySearch(arabic, key); !ok {
			t.Errorf("%s has no Arabic sentence", key)
		}
	}
}

func TestEverySentenceIsComplete(t *testing.T) {
	for _, key := range Keys(Arabic) {
		arabic, english := catalogues().entries[Arabic][key], catalogues().entries[English][key]
		for _, problem := range defects(arabic, english) {
			t.Errorf("%s: %s", key, problem)
		}
	}
}

// defects says what is wrong with an entry in its two languages.
func defects(arabic, english entry) []string {
	var found []string
	needed := map[Language][]int{
		Arabic:  {pluralZero, pluralOne, pluralTwo, pluralFew, pluralMany, pluralOther},
		English: {pluralOne, pluralOther},
	}
	for language, e := range map[Language]entry{Arabic: arabic, English: english} {
		if e[pluralOther] == nil {
			return nil // TestBothLanguagesSayTheSameKeys tells it, or a plural without "other"
		}
		for form, m := range e {
			if m != nil && strings.TrimSpace(strings.Join(m, "")) == "" {
				found = append(found, string(language)+": empty sentence")
			}
			if hasForms(e) && m == nil && slices.Contains(needed[language], form) {
				found = append(found, string(language)+": no form "+pluralNames[form])
			}
		}
	}
	// A form may leave {count} out («خانتان»), so it is compared by the fullest form.
	if a, e := names(arabic), names(english); !slices.Equal(a, e) {
		found = append(found, "placeholders differ: "+strings.Join(a, ",")+" and "+strings.Join(e, ","))
	}
	return found
}

func hasForms(e entry) bool {
	for _, m := range e[:pluralOther] {
		if m != nil {
			return true
		}
	}
	return false
}

// names lists the placeholders of an entry, without "count" where it only
// chooses the form.
func names(e entry) []string {
	var all []string
	for _, m := range e {
		for i := 1; i < len(m); i += 2 {
			if m[i] != "count" || !hasForms(e) {
				all = append(all, m[i])
			}
		}
	}
	slices.Sort(all)
	return slices.Compact(all)
}

func TestEveryPluralHasOther(t *testing.T) {
	for _, language := range Languages {
		for key, e := range catalogues().entries[language] {
			if e[pluralOther] == nil {
				t.Errorf("%s (%s) has no form other", key, language)
			}
		}
	}
}

func TestSentencesUseWesternDigits(t *testing.T) {
	for _, language := range Languages {
		for key, e := range catalogues().entries[language] {
			for _, m := range e {
				if strings.ContainsAny(strings.Join(m, ""), "٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹") {
					t.Errorf("%s (%s) has Eastern digits", key, language)
				}
			}
		}
	}
}

func TestDefectsAreFound(t *testing.T) {
	one := func(s string) entry { e := entry{}; e[pluralOther] = compile(s); return e }
	forms := one("{count} x")
	forms[pluralOne] = compile("x")
	for name, pair := range map[string][2]entry{
		"empty":            {one(" "), one("a")},
		"placeholder":      {one("{a}"), one("{b}")},
		"missing six":      {forms, forms},
		"lost placeholder": {one("{a} {b}"), one("{a}")},
	} {
		if len(defects(pair[0], pair[1])) == 0 {
			t.Errorf("%s: not found", name)
		}
	}
	if d := defects(one("{a} {b}"), one("{b} {a}")); len(d) > 0 {
		t.Errorf("order of placeholders is free, got %v", d)
	}
}

func TestBrokenFilesAreNamedAndLeftOut(t *testing.T) {
	file := func(s string) *fstest.MapFile { return &fstest.MapFile{Data: []byte(s)} }
	c := load(fstest.MapFS{
		"catalogue/a.ar.toml": file(`"a.b" = "أ"`),
		"catalogue/b.ar.toml": file(`"a.b" = "ب"`),
		"catalogue/c.ar.toml": file(`= nothing`),
		"catalogue/d.ar.toml": file(`d.e = "مفتاح بلا علامات"`),
		"catalogue/e.toml":    file(`"e.f" = "no language"`),
		"catalogue/f.en.toml": file(`"f.g" = 3`),
	})
	if len(c.problems) != 5 {
		t.Errorf("expected five problems, got %v", c.problems)
	}
	if m := c.entries[Arabic]["a.b"]; m.choose(Arabic, nil).fill(Arabic, nil) != "أ" {
		t.Errorf("the first file's sentence must stand, got %v", m)
	}
}
