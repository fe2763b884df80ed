package policy_test

import (
	"cmp"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"sanad/country"
	"sanad/delivery/intake"
	"sanad/delivery/policy"
	"sanad/platform/access"
	"sanad/platform/calendar"
	"sanad/platform/geography"
	"sanad/platform/journal"
	"sanad/platform/journal/journaltest"
	"sanad/platform/store"
)

// takeList takes a branch's list in, as of a day.
func takeList(t testing.TB, j *journal.Journal, path string, day calendar.Date) {
	t.Helper()
	pack, err := country.Pack(country.Libya)
	if err != nil {
		t.Fatal(err)
	}
	mapping, err := intake.LoadMapping(pack, "intake/household-list.yaml")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := intake.Import(t.Context(), j, access.System("test"), path, intake.Options{Mapping: mapping, AsOf: day}); err != nil {
		t.Fatal(err)
	}
}

// listNode is a node that knows Libya.
func listNode(t testing.TB) *journal.Journal {
	t.Helper()
	j := journaltest.Open(t, "sqlite")
	pack, err := country.Pack(country.Libya)
	if err != nil {
		t.Fatal(err)
	}
	journaltest.Write(t, j, func(tx *store.Tx) error { return geography.Load(tx, pack) }, string(access.Operator))
	return j
}

// decidedLines decides a month of the grant and returns a line for each
// household, component and outcome: "branch file component persons status
// payable reason payee".
func decidedLines(t testing.TB, j *journal.Journal, month calendar.Month) []string {
	t.Helper()
	pack, err := country.Pack(country.Libya)
	if err != nil {
		t.Fatal(err)
	}
	p, err := policy.Named(pack, programme)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := policy.Run(t.Context(), j, access.System("test"), p, month, nil); err != nil {
		t.Fatal(err)
	}
	counts := map[string]int{}
	err = j.Read(t.Context(), access.System("test"), func(tx *store.Tx) error {
		names := map[string]string{}
		if err := tx.Each(func(r *store.Row) error { names[r.ID().String()] = r.Text(); return r.Err() }, "SELECT person, name FROM persons"); err != nil {
			return err
		}
		return policy.EachDecision(tx, programme, month, func(d policy.Decision) error {
			for _, l := range d.Lines {
				own, _, _ := strings.Cut(names[l.Payee.String()], " ")
				outcome := "refused"
				switch {
				case l.Status == policy.Pending:
					outcome = "pending"
				case l.Status == policy.Due && l.Payable:
					outcome = "due"
				case l.Status == policy.Due:
					outcome = "held"
				}
				counts[strings.TrimSpace(fmt.Sprintf("%s %s %s %s %s %s", d.Branch, d.File, l.Component, outcome, l.Reason, own))]++
			}
			return nil
		})
	})
	if err != nil {
		t.Fatal(err)
	}
	var lines []string
	for line, n := range counts {
		lines = append(lines, strings.Join(strings.Fields(fmt.Sprint(line, " ", n)), " "))
	}
	slices.Sort(lines)
	return lines
}

func expectLines(t testing.TB, got []string, want string) {
	t.Helper()
	var wanted []string
	for line := range strings.Lines(want) {
		if line = strings.TrimSpace(line); line != "" {
			wanted = append(wanted, line)
		}
	}
	slices.Sort(wanted)
	for _, line := range got {
		if !slices.Contains(wanted, line) {
			t.Error("decided:", line)
		}
	}
	for _, line := range wanted {
		if !slices.Contains(got, line) {
			t.Error("missing:", line)
		}
	}
}

// lawOfTheList is what the law's text says of each household of the list; the
// number is that of persons.
//
// 1 18 on the first day · 2 died on the first day, and before it · 3 abroad for
// three months, and a day more · 4 the husband is dead: a widow, who is paid for
// her child · 5 own business is no salary · 6 Libyan mother, foreign father; a
// child abroad; a grown daughter who is no citizen · 7 three wives, one with a
// salary · 8 orphans with their guardian and an aunt · 9 divorced daughters, a
// sister · 10 undetermined citizenship · 11 no account · 12 orphans in an uncle's
// house · 13 divorced mother · 14 three generations
const lawOfTheList = `
		LY010102 1 child due علي 1
		LY010102 1 child refused under-age 2
		LY010102 1 daughter due علي 1
		LY010102 2 child due علي 1
		LY010102 2 child refused alive 1
		LY010102 3 child due علي 1
		LY010102 3 child refused resident 1
		LY010102 4 child held no_account سعاد 1
		LY010102 4 wife refused husband-alive 1
		LY010102 5 wife due علي 1
		LY010102 6 child due سعاد 1
		LY010102 6 child refused resident 1
		LY010102 6 daughter refused citizen 1
		LY010102 6 wife due سعاد 1
		LY010102 7 wife due علي 2
		LY010102 7 wife refused no-salary 1
		LY010102 8 child due زينب 1
		LY010102 8 daughter due زينب 1
		LY010102 9 daughter pending awaiting_ruling 2
		LY010102 9 daughter refused no-salary 1
		LY010102 10 child pending citizenship_open 1
		LY010102 11 child held no_account علي 1
		LY010102 12 child due علي 1
		LY010102 12 daughter pending awaiting_ruling 1
		LY010102 13 child due سعاد 1
		LY010102 14 child held no_account حسن 1
		LY010102 14 wife due علي 2
		LY010102 14 wife refused no-salary 1`

const lawList = "testdata/lists/LY010102.csv"

func TestRulesHoldFromTheListToTheDecision(t *testing.T) {
	j := listNode(t)
	takeList(t, j, lawList, calendar.Of(2026, 10, 5))
	expectLines(t, decidedLines(t, j, october), lawOfTheList)
}

// A branch may write the same list in many ways; nobody receives more or less
// for it.
func TestTheWayInWhichAListIsWrittenDecidesNothing(t *testing.T) {
	for seed := range uint64(6) {
		j := listNode(t)
		takeList(t, j, respelt(t, lawList, rand.New(rand.NewPCG(seed, 1))), calendar.Of(2026, 10, 5))
		expectLines(t, decidedLines(t, j, october), lawOfTheList)
		if t.Failed() {
			t.Fatal("seed", seed)
		}
	}
}

// respellings are other ways to write a cell, by the first words of its heading.
var respellings = map[string]func(r *rand.Rand, cell string) string{
	"الرقم الوطني": func(r *rand.Rand, n string) string {
		return oneOf(r, n, " "+n, n[:1]+" "+n[1:5]+" "+n[5:], n[:4]+"."+n[4:8]+"."+n[8:], n+".0", `="`+n+`"`, eastern(n), n[:1]+"."+n[1:]+"E+11")
	},
	"تاريخ الميلاد":  respeltDate,
	"تاريخ الوفاة":   respeltDate,
	"خارج ليبيا منذ": respeltDate,
	"صفة الفرد": func(r *rand.Rand, role string) string {
		other := map[string]string{"ابن": "الابن", "ابنة": "بنت", "زوجة": "حرم", "رب الأسرة": "رب العائله", "ربة الأسرة": "ربةالأسره", "أم": "الوالدة", "أخت": "شقيقه", "وصي": "وصى"}
		return oneOf(r, role, " "+role+"\u200f", cmp.Or(other[role], role))
	},
	"الجنس": func(r *rand.Rand, sex string) string {
		return oneOf(r, sex, map[string]string{"ذكر": "M", "أنثى": "انثي"}[sex], map[string]string{"ذكر": "ذ", "أنثى": "أ"}[sex])
	},
	"الحالة الاجتماعية": func(r *rand.Rand, status string) string {
		return oneOf(r, status, strings.NewReplacer("ة", "ه", "أ", "ا").Replace(status), status+"\u00a0", strings.Replace(status, "م", "مـ", 1))
	},
	"اسم الأم": respeltName,
	"الاسم":    respeltName,
	"الآيبان": func(r *rand.Rand, account string) string {
		return oneOf(r, account, strings.ToLower(account), account[:4]+" "+account[4:8]+" "+account[8:], "IBAN: "+account)
	},
	"يتقاضى": func(r *rand.Rand, mark string) string {
		return oneOf(r, mark, map[string]string{"نعم": "✓", "لا": "لا يتقاضى"}[mark], map[string]string{"نعم": "X", "لا": "no"}[mark])
	},
}

func oneOf(r *rand.Rand, forms ...string) string { return forms[r.IntN(len(forms))] }

func eastern(digits string) string {
	return strings.Map(func(c rune) rune {
		if c >= '0' && c <= '9' {
			return c - '0' + '٠'
		}
		return c
	}, digits)
}

func respeltDate(r *rand.Rand, date string) string {
	part := strings.Split(date, "/")
	d, m, y := number(part[0]), number(part[1]), number(part[2])
	month := []string{"يناير", "فبراير", "مارس", "أبريل", "مايو", "يونيو", "يوليو", "أغسطس", "سبتمبر", "أكتوبر", "نوفمبر", "ديسمبر"}[m-1]
	serial := int(time.Date(y, time.Month(m), d, 0, 0, 0, 0, time.UTC).Sub(time.Date(1899, 12, 30, 0, 0, 0, 0, time.UTC)) / (24 * time.Hour))
	return oneOf(r, date, eastern(date), fmt.Sprintf("%d-%02d-%02d", y, m, d), fmt.Sprintf("%02d.%02d.%d", d, m, y), fmt.Sprintf("%d/%02d/%02d", y, m, d),
		fmt.Sprintf("%d %s %d", d, month, y), fmt.Sprintf("%d / %d / %d م", d, m, y), strconv.Itoa(serial), fmt.Sprintf("%d-%02d-%02d 00:00:00", y, m, d))
}

// respeltName leaves the own name of the payees, by which the test knows them.
func respeltName(r *rand.Rand, name string) string {
	own, rest, _ := strings.Cut(name, " ")
	return own + oneOf(r, " ", "  ", "\u00a0", " \u200b") + oneOf(r, rest, strings.ReplaceAll(rest, "ي", "ى"), strings.ReplaceAll(rest, "أ", "ا"),
		strings.ReplaceAll(rest, "ال", "ألـ"), strings.ReplaceAll(rest, "ع", "عَ"), strings.NewReplacer("ي", "ی", "ك", "ک").Replace(rest))
}

// respelt writes a list in other words, with its columns in another order, lines
// above and below it and its heading on each page.
func respelt(t testing.TB, path string, r *rand.Rand) string {
	t.Helper()
	body, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(strings.TrimSpace(string(body)), "\n")
	heading := strings.Split(lines[0], ",")
	order := r.Perm(len(heading))
	var b strings.Builder
	b.WriteString("كشف الأسر;فرع درنة\n;;\n")
	for n, line := range lines {
		cells := strings.Split(line, ",")
		for i, from := range order {
			if i > 0 {
				b.WriteByte(';')
			}
			b.WriteString(respeltCell(r, heading[from], cells[from], n == 0))
		}
		b.WriteByte('\n')
		if n%12 == 11 {
			b.WriteString(strings.Repeat(";", len(order)-1) + "\n")
		}
	}
	b.WriteString(";;الإجمالي;" + strconv.Itoa(len(lines)-1) + "\n")
	changed := filepath.Join(t.TempDir(), filepath.Base(path))
	if err := os.WriteFile(changed, []byte(b.String()), 0o600); err != nil {
		t.Fatal(err)
	}
	return changed
}

func respeltCell(r *rand.Rand, heading, cell string, isHeading bool) string {
	if isHeading {
		return oneOf(r, heading, heading+" ", heading+":", "\u200f"+heading, strings.NewReplacer("ة", "ه", "أ", "ا").Replace(heading), strings.Replace(heading, " ", "  ", 1))
	}
	for begin, respell := range respellings {
		if cell != "" && (heading == begin || strings.HasPrefix(heading, begin+" ")) {
			if cell = respell(r, cell); strings.Contains(cell, `"`) {
				cell = `"` + strings.ReplaceAll(cell, `"`, `""`) + `"`
			}
			return cell
		}
	}
	return cell
}

const listHeading = "رقم ملف الأسرة,صفة الفرد,الاسم الرباعي,اسم الأم,الرقم الوطني,تاريخ الميلاد,الجنس,الحالة الاجتماعية,الجنسية,الحالة الوظيفية,يتقاضى مرتبا,الآيبان\n"

// listOf writes a branch's list.
func listOf(t testing.TB, branch string, rows ...string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), branch+".csv")
	if err := os.WriteFile(path, []byte(listHeading+strings.Join(rows, "\n")+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// The child stands in both parents' lists and counts once, in the lower branch,
// but the mother has custody by her own list.
func TestTheMotherWithCustodyIsPaidWhereTheChildCountsInTheFathersHousehold(t *testing.T) {
	father := []string{"7,رب الأسرة,علي سالم عمر الورفلي,,119759000001,1/1/1975,ذكر,مطلق,ليبي,أعمال حرة,لا,LY76902001000000000000001",
		"7,ابن,عمر علي سالم الورفلي,سعاد محمد حسن القماطي,120159000002,1/5/2015,ذكر,أعزب,ليبي,طالب,لا,"}
	mother := []string{"3,ربة الأسرة,سعاد محمد حسن القماطي,,219809000003,1/1/1980,أنثى,مطلقة,ليبية,ربة بيت,لا,LY76902001000000000000001",
		"3,ابن,عمر علي سالم الورفلي,سعاد محمد حسن القماطي,120159000002,1/5/2015,ذكر,أعزب,ليبي,طالب,لا,"}
	j := listNode(t)
	day := calendar.Of(2026, 10, 5)
	takeList(t, j, listOf(t, "LY010102", father...), day)
	expectLines(t, decidedLines(t, j, october), "LY010102 7 child due علي 1")
	takeList(t, j, listOf(t, "LY010304", mother...), day)
	expectLines(t, decidedLines(t, j, october), `
		LY010102 7 child due سعاد 1
		LY010304 3 child refused counts-once 1`)
	expectReplay(t, j)
}

// expectReplay explains every decision: the replay gives what was recorded.
func expectReplay(t testing.TB, j *journal.Journal) {
	t.Helper()
	err := j.Read(t.Context(), access.System("test"), func(tx *store.Tx) error {
		var decided []policy.Decision
		if err := policy.EachDecision(tx, programme, october, func(d policy.Decision) error { decided = append(decided, d); return nil }); err != nil {
			return err
		}
		for _, d := range decided {
			if _, err := policy.Explain(tx, programme, d.Household, october); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Error(err)
	}
}
