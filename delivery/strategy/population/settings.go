package population

import (
	"encoding/csv"
	"errors"
	"io/fs"
	"slices"
	"strconv"

	"go.yaml.in/yaml/v3"

	"sanad/platform/calendar"
	"sanad/platform/fault"
	"sanad/platform/geography"
	"sanad/platform/text"
)

// SettingsFile is where a country pack says what its population looks like.
const SettingsFile = "population.yaml"

// Setting is one figure, or a table of figures, with its source.
type Setting struct {
	Unit    string
	Source  string
	Assumed bool // our own judgement, not counted by anybody
	Value   int
	Values  map[string]int
}

// Settings is all that a population is drawn from: the figures of a country
// pack, its names, and where its branches lie.
type Settings struct {
	Name    text.Bilingual
	Figures map[string]Setting

	Day        calendar.Date // ages are of this day
	Seed       uint64
	Duplicates int // millionths of persons that are written a second time
	Rings      int // planted rings, see Household.Ring
	Branches   int // only so many branches, the most populous first; 0: all

	places []place
	tables tables
	rates  rates
	names  nameLists
}

// rates are the single figures, shares in millionths.
type rates struct {
	threeGenerations, secondWife, siblings, twins, boys        int
	income, incomeSpread                                       int // dinars; thousandths
	certified, displacedRenting, phone, phoneShared, noAccount int
	dead, abroad, foreignWife, divorcedDaughter                int
	withoutHamza, withHeh, withYeh, joined, mistyped           int
}

// place is a branch with its share of the people and the municipalities that it
// serves.
type place struct {
	code, name, district, region string
	people                       int
	areas                        []geography.Area
	returnees, displaced         int // thousandths
	noNumber, undetermined       int
}

// tables are the settings in the form in which draws need them.
type tables struct {
	size, status, work, kind, housing, earners, motherAge choice
	statuses, works, kinds, housings                      []string
	motherAges, disabilityAges, disability                []int
	femaleHead                                            [largest + 1]int
	headAge                                               [3]choice
	headAges                                              [3][]int
}

// largest is how many members a drawn household has at most.
const largest = 14

// Load reads the settings of a country pack for a day, with its names, areas
// and branches. Its faults name the setting that is missing or wrong
// ("population.setting").
func Load(pack fs.FS, day calendar.Date) (*Settings, error) {
	raw, err := fs.ReadFile(pack, SettingsFile)
	if err != nil {
		return nil, fault.NotFound("population.no_settings", "file", SettingsFile).Because(err)
	}
	s, err := parse(raw)
	if err != nil {
		return nil, err
	}
	s.Day = day
	country, err := geography.Read(pack, day)
	if err != nil {
		return nil, err
	}
	if s.names, err = readNames(pack); err != nil {
		return nil, err
	}
	if err := s.settle(country); err != nil {
		return nil, err
	}
	s.rate()
	return s, s.tabulate()
}

// rate reads the single figures.
func (s *Settings) rate() {
	share := func(name string) int { return s.value(name) * 1000 }
	s.rates = rates{
		threeGenerations: share("three_generations"), secondWife: share("second_wife"), siblings: share("siblings"), twins: share("twins"), boys: share("boys"),
		income: s.value("income"), incomeSpread: s.value("income_spread"),
		certified: share("disability_certified"), displacedRenting: share("displaced_renting"),
		phone: share("phone"), phoneShared: share("phone_shared"), noAccount: share("no_account"),
		dead: s.value("dead") * 10, abroad: s.value("abroad") * 10,
		foreignWife: share("foreign_wife"), divorcedDaughter: share("divorced_daughter"),
		withoutHamza: share("written_without_hamza"), withHeh: share("written_with_heh"), withYeh: share("written_with_yeh"),
		joined: share("written_joined"), mistyped: share("mistyped"),
	}
}

// parse reads the text of a settings file.
func parse(raw []byte) (*Settings, error) {
	var file struct {
		Population string
		Name       struct{ Ar, En string }
		Settings   map[string]Setting
	}
	if err := yaml.Unmarshal(raw, &file); err != nil {
		return nil, fault.Invalid("population.unreadable").Because(err)
	}
	for name, setting := range file.Settings {
		if setting.Source == "" {
			return nil, fault.Invalid("population.no_source", "setting", name)
		}
		if len(setting.Values) > 1<<10 {
			return nil, fault.Invalid("population.setting", "setting", name)
		}
	}
	return &Settings{Name: text.Bilingual{Arabic: file.Name.Ar, English: file.Name.En}, Figures: file.Settings}, nil
}

// value is a single figure; 0 where the file does not have it.
func (s *Settings) value(name string) int { return s.Figures[name].Value }

// by is the figure of a code, else that of the country as a whole.
func (s *Settings) by(name, code string) int {
	if v, own := s.Figures[name].Values[code]; own {
		return v
	}
	return s.Figures[name].Values["LY"]
}

// settle gives every branch its people: its districts' nationals.
func (s *Settings) settle(country *geography.Map) error {
	for _, body := range country.Bodies(geography.Branch) {
		p := place{code: body.Code, name: body.NameAr}
		for _, area := range body.Serves {
			p.district = area
			p.people += s.Figures["people"].Values[area]
			p.areas = append(p.areas, country.Areas(geography.Municipality, area)...)
		}
		if p.people <= 0 || len(p.areas) == 0 {
			continue
		}
		p.region = p.district[:min(4, len(p.district))]
		p.returnees, p.displaced = s.by("returnees", p.district), s.by("displaced", p.district)
		p.noNumber, p.undetermined = s.by("no_national_number", p.region), s.by("undetermined", p.region)
		s.places = append(s.places, p)
	}
	slices.SortStableFunc(s.places, func(a, b place) int { return b.people - a.people })
	if len(s.places) == 0 {
		return fault.Invalid("population.setting", "setting", "people")
	}
	return nil
}

// tabulate turns the tables of the file into choices.
func (s *Settings) tabulate() error {
	t := &s.tables
	var wrong error
	words := func(name string) (choice, []string) {
		keys, weights := s.table(name, &wrong)
		return newChoice(weights), keys
	}
	numbers := func(name string) (choice, []int) {
		keys, weights := s.table(name, &wrong)
		figures := make([]int, len(keys))
		for i, key := range keys {
			figures[i], _ = strconv.Atoi(key)
		}
		return newChoice(weights), figures
	}
	var sizes, earners []int
	t.size, sizes = numbers("household_size")
	t.earners, earners = numbers("earners")
	t.status, t.statuses = words("female_head_status")
	t.work, t.works = words("work")
	t.kind, t.kinds = words("disability_kind")
	t.housing, t.housings = words("housing")
	t.motherAge, t.motherAges = numbers("mother_age_at_birth")
	for i, name := range []string{"head_age_alone", "head_age_small", "head_age_large"} {
		t.headAge[i], t.headAges[i] = numbers(name)
	}
	_, t.disabilityAges = numbers("disability_by_age")
	_, t.disability = s.table("disability_by_age", &wrong)
	for size := range t.femaleHead {
		t.femaleHead[size] = s.Figures["female_head"].Values[strconv.Itoa(size)]
	}
	if wrong == nil && (sizes[0] != 1 || sizes[len(sizes)-1] != largest || len(sizes) != largest || len(earners) != 4 || earners[0] != 0) {
		wrong = fault.Invalid("population.setting", "setting", "household_size")
	}
	return wrong
}

// table is a table's keys, numbers ascending and words in alphabetical order,
// and its figures.
func (s *Settings) table(name string, wrong *error) (keys []string, figures []int) {
	values := s.Figures[name].Values
	for key, v := range values {
		if v < 0 || v > 1<<30 {
			*wrong = errors.Join(*wrong, fault.Invalid("population.setting", "setting", name))
		}
		keys = append(keys, key)
	}
	slices.SortFunc(keys, func(a, b string) int {
		x, notX := strconv.Atoi(a)
		y, notY := strconv.Atoi(b)
		if notX == nil && notY == nil {
			return x - y
		}
		return compareText(a, b)
	})
	for _, key := range keys {
		figures = append(figures, values[key])
	}
	if len(keys) == 0 {
		*wrong = errors.Join(*wrong, fault.Invalid("population.setting", "setting", name))
		return []string{"0"}, []int{1}
	}
	return keys, figures
}

func compareText(a, b string) int {
	switch {
	case a < b:
		return -1
	case a > b:
		return 1
	}
	return 0
}

// nameLists are the names that persons are given.
type nameLists struct {
	male, female, family  []name
	ofMen, ofWomen, ofKin choice
}

// name is one name in its dictionary spelling and in a usual Latin one, and
// whether people spell it in several ways.
type name struct {
	text, latin string
	varied      bool
}

// readNames reads the lists of a country pack, and makes the long tail of
// family names from them: sons of somebody, and those named after him.
func readNames(pack fs.FS) (n nameLists, err error) {
	var weights []int
	if n.male, weights, err = n.read(pack, "male-first.csv"); err != nil {
		return n, err
	}
	n.ofMen = newChoice(weights)
	if n.female, weights, err = n.read(pack, "female-first.csv"); err != nil {
		return n, err
	}
	n.ofWomen = newChoice(weights)
	if n.family, weights, err = n.read(pack, "family.csv"); err != nil {
		return n, err
	}
	for i := range weights { // few families are large
		weights[i] = 40_000 / (i + 12)
	}
	known := map[string]bool{}
	for _, f := range n.family {
		known[f.text] = true
	}
	for i, m := range n.male {
		for _, made := range []name{{"بن " + m.text, "Ben " + m.latin, true}, {"بو" + m.text, "Bou" + m.latin, true}} {
			if !known[made.text] {
				n.family, weights = append(n.family, made), append(weights, 12_000/(i+40))
			}
		}
	}
	n.ofKin = newChoice(weights)
	return n, nil
}

func (n *nameLists) read(pack fs.FS, file string) (list []name, weights []int, err error) {
	f, err := pack.Open("names/" + file)
	if err != nil {
		return nil, nil, fault.NotFound("population.no_settings", "file", "names/"+file).Because(err)
	}
	rows, err := csv.NewReader(f).ReadAll()
	if err = errors.Join(err, f.Close()); err != nil {
		return nil, nil, err
	}
	for _, row := range rows[1:] {
		weight, notNumber := strconv.Atoi(row[3])
		if notNumber != nil {
			return nil, nil, fault.Invalid("population.setting", "setting", file).Because(notNumber)
		}
		list, weights = append(list, name{row[0], row[2], varied(row[0])}), append(weights, weight)
	}
	return list, weights, nil
}
