package main

import (
	"bufio"
	"encoding/csv"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"sanad/platform/calendar"
	"sanad/platform/geography"
)

// population draws imaginary families for the benchmarks and writes them as
// branches write their lists: one CSV a branch, a row a person. The same seed
// and size give the same bytes. No person, number or account in it is real.
type population struct {
	chance   *rand.Rand
	male     drawn
	female   drawn
	family   drawn
	branches []populationBranch
	year     int            // of the statement
	serials  map[[2]int]int // by sex and year of birth
	moved    [][][]string   // households that a second branch lists too
}

// populationBranch is a branch, and the municipalities that it writes.
type populationBranch struct {
	code, name string
	places     []string
}

// populated tells what was written.
type populated struct {
	files      []string
	persons    int
	households int
}

// drawn is a list of names with their weights summed up.
type drawn struct {
	names []string
	upTo  []int
}

// populationHeading is what the lists of the sample are headed by.
var populationHeading = []string{"رقم ملف الأسرة", "الفرع", "البلدية", "المحلة", "صفة الفرد", "الاسم الرباعي", "اسم الأم", "الرقم الوطني",
	"رقم القيد", "تاريخ الميلاد", "الجنس", "الحالة الاجتماعية", "الجنسية", "الحالة الوظيفية", "يتقاضى مرتبا", "الدخل الشهري", "الإعاقة",
	"رقم الهاتف", "الآيبان", "نوع السكن", "حالة النزوح", "خارج ليبيا منذ", "تاريخ الوفاة", "ملاحظات"}

// newPopulation reads the names of a country pack and the branches of a country.
func newPopulation(pack fs.FS, country *geography.Map, seed uint64, on calendar.Date) (*population, error) {
	p := &population{chance: rand.New(rand.NewPCG(seed, 1)), year: on.Year(), serials: map[[2]int]int{}}
	for file, into := range map[string]*drawn{"male-first.csv": &p.male, "female-first.csv": &p.female, "family.csv": &p.family} {
		var err error
		if *into, err = readDrawn(pack, "names/"+file); err != nil {
			return nil, err
		}
	}
	for _, body := range country.Bodies(geography.Branch) {
		branch := populationBranch{code: body.Code, name: body.NameAr}
		for _, area := range body.Serves {
			for _, place := range country.Areas(geography.Municipality, area) {
				branch.places = append(branch.places, place.NameAr)
			}
		}
		p.branches = append(p.branches, branch)
	}
	return p, nil
}

func readDrawn(pack fs.FS, path string) (drawn, error) {
	file, err := pack.Open(path)
	if err != nil {
		return drawn{}, err
	}
	defer file.Close()
	rows, err := csv.NewReader(file).ReadAll()
	if err != nil {
		return drawn{}, err
	}
	var d drawn
	sum := 0
	for _, row := range rows[1:] {
		weight, err := strconv.Atoi(row[3])
		if err != nil {
			return drawn{}, err
		}
		sum += weight
		d.names, d.upTo = append(d.names, row[0]), append(d.upTo, sum)
	}
	return d, nil
}

func (d *drawn) one(chance *rand.Rand) string {
	at := chance.IntN(d.upTo[len(d.upTo)-1])
	low, high := 0, len(d.upTo)-1
	for low < high {
		if middle := (low + high) / 2; d.upTo[middle] > at {
			high = middle
		} else {
			low = middle + 1
		}
	}
	return d.names[low]
}

// fullList is how many persons a list has at least, so that a small population
// fills the import's chunks as a large one does: few branches then send lists.
const fullList = 25_000

// write fills folder with the lists of at least so many persons.
func (p *population) write(folder string, persons int) (populated, error) {
	var done populated
	branches := p.branches[:min(len(p.branches), max(1, persons/fullList))]
	for n, branch := range branches {
		path := filepath.Join(folder, branch.code+".csv")
		file, err := os.Create(path)
		if err != nil {
			return done, err
		}
		out := bufio.NewWriterSize(file, 1<<20)
		out.WriteString(strings.Join(populationHeading, ",") + "\n")
		until := persons * (n + 1) / len(branches)
		for number := 1; done.persons < until; number++ {
			rows := p.next(branch)
			for _, row := range rows {
				row[0], row[1] = strconv.Itoa(number), branch.name
				out.WriteString(strings.Join(row, ","))
				out.WriteByte('\n')
			}
			done.persons += len(rows)
			done.households++
		}
		done.files = append(done.files, path)
		if err := out.Flush(); err != nil {
			return done, err
		}
		if err := file.Close(); err != nil {
			return done, err
		}
	}
	return done, nil
}

// next is a new household, or one that another branch has listed: every two
// hundredth family has moved and stands in both lists.
func (p *population) next(branch populationBranch) [][]string {
	if len(p.moved) > 0 && p.chance.IntN(200) == 0 {
		rows := p.moved[0]
		p.moved = p.moved[1:]
		return rows
	}
	rows := p.household(branch)
	if p.chance.IntN(190) == 0 {
		copied := make([][]string, len(rows))
		for i := range rows {
			copied[i] = append([]string(nil), rows[i]...)
		}
		if len(p.moved) < 64 {
			p.moved = append(p.moved, copied)
		}
	}
	return rows
}

// figure is one imaginary person on the way into a row.
type figure struct {
	role, name, mother string
	female             bool
	born               int // year
	status             string
}

// household draws a family: a head, mostly a wife, children, now and then an
// old parent; 5.3 persons on average.
func (p *population) household(branch populationBranch) [][]string {
	age := 24 + p.chance.IntN(48)
	father, grandfather, family := p.male.one(p.chance), p.male.one(p.chance), p.family.one(p.chance)
	own := p.male.one(p.chance)
	head := figure{role: "رب الأسرة", name: own + " " + father + " " + grandfather + " " + family, mother: p.woman(), born: p.year - age, status: "متزوج"}
	people := []figure{head}
	mother := ""
	switch p.chance.IntN(20) {
	case 0: // a widow
		people[0] = figure{role: "ربة الأسرة", female: true, name: p.woman(), mother: p.woman(), born: head.born, status: "أرملة"}
		mother = people[0].name
	case 1: // alone with the children
		people[0].status = "أرمل"
		mother = p.woman()
	default:
		mother = p.woman()
		people = append(people, figure{role: "زوجة", female: true, name: mother, mother: p.woman(), born: head.born + p.chance.IntN(9), status: "متزوجة"})
	}
	children := p.chance.IntN(3) + p.chance.IntN(5)
	for n := range children {
		born := min(head.born+22+3*n, p.year-1)
		child := figure{role: "ابن", name: p.male.one(p.chance), born: born, status: "أعزب"}
		if p.chance.IntN(2) == 0 {
			child = figure{role: "ابنة", female: true, name: p.female.one(p.chance), born: born, status: "عزباء"}
		}
		child.name += " " + own + " " + father + " " + family
		child.mother = mother
		people = append(people, child)
	}
	if p.chance.IntN(4) == 0 && !people[0].female {
		people = append(people, figure{role: "أم", female: true, name: head.mother, mother: p.woman(), born: max(head.born-22, 1930), status: "أرملة"})
	}
	return p.rows(branch, people)
}

func (p *population) woman() string {
	return p.female.one(p.chance) + " " + p.male.one(p.chance) + " " + p.male.one(p.chance) + " " + p.family.one(p.chance)
}

// rows writes people as their branch would.
func (p *population) rows(branch populationBranch, people []figure) [][]string {
	place := branch.places[p.chance.IntN(len(branch.places))]
	quarter := []string{"المركز", "النصر", "الشهداء", "السلام", "الزيتونة", "الوحدة", "الحديقة"}[p.chance.IntN(7)]
	registration := strconv.Itoa(100000 + p.chance.IntN(900000))
	housing := []string{"منزل", "شقة", "بيت عربي", "فيلا", "سكن إيجار"}[p.chance.IntN(5)]
	rows := make([][]string, len(people))
	for i, f := range people {
		row := make([]string, len(populationHeading))
		row[2], row[3], row[4], row[5], row[6] = place, quarter, f.role, f.name, f.mother
		row[7], row[8], row[9] = p.number(f), registration, p.birth(f)
		row[10], row[12] = "ذكر", "ليبي"
		if f.female {
			row[10], row[12] = "أنثى", "ليبية"
		}
		row[11] = f.status
		p.means(row, f)
		if i == 0 {
			row[18] = p.account()
		}
		row[19], row[20] = housing, "مقيم"
		rows[i] = row
	}
	return rows
}

// number gives a national number of its own: serials are spread over their six
// digits, so that the index meets them in no order. One in fifty has none.
func (p *population) number(f figure) string {
	if p.chance.IntN(50) == 0 {
		return ""
	}
	sex := 1
	if f.female {
		sex = 2
	}
	key := [2]int{sex, f.born}
	p.serials[key]++
	return fmt.Sprintf("%d%04d%07d", sex, f.born, p.serials[key]*7_654_321%10_000_000)
}

func (p *population) birth(f figure) string {
	return fmt.Sprintf("%04d-%02d-%02d", f.born, 1+p.chance.IntN(12), 1+p.chance.IntN(28))
}

// means fills what a person does and lives on.
func (p *population) means(row []string, f figure) {
	age := p.year - f.born
	job, salary := "أعمال حرة", "لا"
	switch {
	case age < 6:
		job = "طفل"
	case age < 22:
		job = "طالب"
	case age > 65:
		job, salary = "متقاعد", "نعم"
	case f.female && p.chance.IntN(3) > 0:
		job = "ربة بيت"
	case p.chance.IntN(3) > 0:
		job, salary = "موظف حكومي", "نعم"
	}
	row[13], row[14] = job, salary
	if salary == "نعم" {
		row[15] = strconv.Itoa(450 + 10*p.chance.IntN(200))
	}
	row[16] = "لا"
	if p.chance.IntN(40) == 0 {
		row[16] = []string{"حركية", "بصرية", "سمعية", "ذهنية"}[p.chance.IntN(4)]
	}
	if age >= 18 && p.chance.IntN(3) > 0 {
		row[17] = fmt.Sprintf("09%d%07d", 1+p.chance.IntN(5), p.chance.IntN(10_000_000))
	}
}

// account is an IBAN of a bank that does not exist, with right check digits.
func (p *population) account() string {
	digits := fmt.Sprintf("9%02d%03d%015d", 1+p.chance.IntN(9), p.chance.IntN(100), p.chance.Int64N(1_000_000_000_000_000))
	remainder := 0
	for _, digit := range digits + "213400" {
		remainder = (remainder*10 + int(digit-'0')) % 97
	}
	return fmt.Sprintf("LY%02d%s", 98-remainder, digits)
}
