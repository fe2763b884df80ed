package search

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"sanad/platform/calendar"
	"sanad/platform/id"
)

// words are parts of names that lie close to each other, in both writings.
var words = strings.Split("محمد احمد محمود حمد امحمد علي عالي علاء سالم سليم سالمة حسن حسين حسان الورفلي ورفلي الورفلى عبدالسلام بن_سعود ابوزيد "+
	"Mohamed Ahmed Ali Salem Hassan Husein Alwerfalli خديجة خدجية Khadija فاطمة فاطمه Fatma زينب", " ")

func word(t *rapid.T) string {
	w := strings.ReplaceAll(rapid.SampledFrom(words).Draw(t, "part"), "_", " ")
	if rapid.IntRange(0, 4).Draw(t, "slip") > 0 {
		return w
	}
	letters := []rune(w)
	at := rapid.IntRange(0, len(letters)-1).Draw(t, "at")
	return string(slices.Delete(letters, at, at+1))
}

func words4(t *rapid.T, most int) string {
	parts := make([]string, rapid.IntRange(1, most).Draw(t, "parts"))
	for i := range parts {
		parts[i] = word(t)
	}
	return strings.Join(parts, " ")
}

// crowd draws people in households; some households change afterwards.
func crowd(t *rapid.T) *people {
	p := newPeople()
	if rapid.Bool().Draw(t, "read whole") {
		p.met = map[string]uint32{}
	}
	put := func(home, size int) {
		household := id.ID{0: 1, 15: byte(home)}
		p.leave(household)
		p.home(household, []string{"LY010102", "LY010202"}[home%2], "")
		for n := range size {
			r := row{person: id.ID{0: 2, 13: byte(len(p.ids) >> 8), 14: byte(len(p.ids)), 15: byte(n)}, household: household, name: words4(t, 5)}
			r.birth = calendar.Of(rapid.IntRange(1980, 1983).Draw(t, "year"), 0, 0) * calendar.Date(rapid.IntRange(0, 1).Draw(t, "known"))
			if rapid.Bool().Draw(t, "mother known") {
				r.mother = words4(t, 3)
			}
			r.dead = rapid.IntRange(0, 9).Draw(t, "dead") == 0
			p.add(&r)
		}
	}
	for home := range rapid.IntRange(1, 30).Draw(t, "households") {
		put(home, rapid.IntRange(0, 6).Draw(t, "members"))
	}
	if rapid.Bool().Draw(t, "trimmed") {
		p.trim()
	}
	for range rapid.IntRange(0, 6).Draw(t, "changes") {
		put(rapid.IntRange(0, 31).Draw(t, "changed"), rapid.IntRange(0, 4).Draw(t, "members"))
	}
	p.words.settle()
	return p
}

// everybody answers a question by asking every spelling and every person.
func everybody(p *people, d *desk, q *question, limit int) []ranked {
	all := *q
	all.meanings = make([][]meaning, len(q.parts))
	for i := range q.parts {
		for n, light := range p.words.spellings {
			if how := q.parts[i].likens(light, soundsOf(light)); how != Missing {
				all.meanings[i] = append(all.meanings[i], meaning{uint32(n), how})
			}
		}
	}
	rare := map[uint32]bool{}
	for _, part := range q.rarest[:min(q.misses+1, len(q.rarest))] {
		for _, m := range all.meanings[part] {
			rare[m.spelling] = true
		}
	}
	d.found = best{limit: limit}
	d.name.prepare(&all, len(p.words.spellings))
	defer d.name.clear()
	if q.mother != nil {
		d.mother.prepare(q.mother, len(p.words.spellings))
		defer d.mother.clear()
	}
	for place := range p.ids {
		has := false
		p.eachPart(p.names[place], func(part uint32) { has = has || rare[part] })
		if has {
			p.weigh(d, &all, uint32(place))
		}
	}
	slices.SortFunc(d.found.list, ranked.better)
	return d.found.list
}

func TestTheIndexAnswersAsAskingEverybodyWould(t *testing.T) {
	asked, found := 0, 0
	usual := manyHolders
	defer func() { manyHolders = usual }()
	rapid.Check(t, func(t *rapid.T) {
		p := crowd(t)
		manyHolders = rapid.SampledFrom([]int{0, usual}).Draw(t, "many")
		for range 5 {
			q := p.ask(light(words4(t, 5), rapid.Bool().Draw(t, "unfinished")))
			if len(q.parts) == 0 {
				continue
			}
			if rapid.Bool().Draw(t, "birth") {
				q.birth = calendar.Of(rapid.IntRange(1980, 1983).Draw(t, "born"), 0, 0)
			}
			if rapid.Bool().Draw(t, "mother") {
				q.mother = p.ask(light(words4(t, 2), false))
			}
			q.soft = rapid.Bool().Draw(t, "soft")
			limit := rapid.IntRange(1, 12).Draw(t, "limit")
			got := slices.Clone(p.rank(&desk{}, q, limit))
			want := everybody(p, &desk{}, q, limit)
			if fmt.Sprint(got) != fmt.Sprint(want) {
				t.Fatalf("%v: %v, not %v", q.parts, got, want)
			}
			asked, found = asked+1, found+len(got)
		}
	})
	t.Logf("%d questions, %d people found", asked, found)
	if found < asked {
		t.Error("the questions find nobody: they prove nothing")
	}
}

func TestWhoeverHasAllPartsAskedForIsFound(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := crowd(t)
		for place := range p.ids {
			if p.flags[place]&flagGone != 0 {
				continue
			}
			var parts []asked
			for _, part := range p.written(p.names[place]) {
				if light := p.words.spellings[part&^lastPart]; light != "" && len(parts) < mostParts {
					parts = append(parts, askFor(light, false))
				}
			}
			if len(parts) == 0 {
				continue
			}
			parts = rapid.Permutation(parts).Draw(t, "order")
			asked := p.words.mended(parts)
			if len(asked) != len(parts) {
				continue // a part was taken for two, or two for one
			}
			list := p.rank(&desk{}, p.ask(parts), len(p.ids)+1)
			if !slices.ContainsFunc(list, func(r ranked) bool { return r.place == uint32(place) }) {
				t.Fatalf("%v is not found by her own name", parts)
			}
		}
	})
}

func TestOneSlipIsOneLetter(t *testing.T) {
	alphabet := rapid.StringOfN(rapid.SampledFrom([]rune("ابتa")), 0, 6, -1)
	rapid.Check(t, func(t *rapid.T) {
		a, b := alphabet.Draw(t, "a"), alphabet.Draw(t, "b")
		if got, want := oneSlip(a, b), a != "" && b != "" && slips([]rune(a), []rune(b)) == 1; got != want {
			t.Fatalf("%q and %q: %v", a, b, got)
		}
		var near nearby
		near.add(b, 7)
		found := false
		near.find(a, func(n uint32) { found = found || n == 7 })
		if !found && (a == b || oneSlip(a, b)) {
			t.Fatalf("%q is not near %q", a, b)
		}
	})
}

// slips is the least number of letters wrong, missing, too much, or exchanged
// with their neighbour, by the table that every textbook has.
func slips(a, b []rune) int {
	table := make([][]int, len(a)+1)
	for i := range table {
		table[i] = make([]int, len(b)+1)
		for k := range table[i] {
			switch {
			case i == 0 || k == 0:
				table[i][k] = i + k
			default:
				wrong := 1
				if a[i-1] == b[k-1] {
					wrong = 0
				}
				table[i][k] = min(table[i-1][k]+1, table[i][k-1]+1, table[i-1][k-1]+wrong)
				if i > 1 && k > 1 && a[i-1] == b[k-2] && a[i-2] == b[k-1] {
					table[i][k] = min(table[i][k], table[i-2][k-2]+1)
				}
			}
		}
	}
	return table[len(a)][len(b)]
}

func TestANameIsReadWordByWordAsItIsReadWhole(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		slow, quick := newPeople(), newPeople()
		quick.met = map[string]uint32{}
		for range 20 {
			name := words4(t, 5)
			said := func(p *people) (parts []string) {
				for _, part := range p.written(p.write(name)) {
					parts = append(parts, p.words.spellings[part&^lastPart])
				}
				return parts
			}
			if a, b := said(slow), said(quick); !slices.Equal(a, b) {
				t.Fatalf("%q: %q and %q", name, a, b)
			}
		}
	})
}
