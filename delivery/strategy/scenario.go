package strategy

import (
	"io/fs"
	"strings"

	"go.yaml.in/yaml/v3"

	"sanad/delivery/policy"
	"sanad/delivery/strategy/population"
	"sanad/platform/calendar"
	"sanad/platform/fault"
	"sanad/platform/money"
	"sanad/platform/text"
)

// Scenario is a reform that somebody thinks of: some figures and readings of a
// programme otherwise, or another text altogether, from a month on.
type Scenario struct {
	ID        string
	Name      text.Bilingual
	Programme string         // that stands now
	Month     calendar.Month // from which the reform holds, and for which it is costed
	Months    int            // how many months are costed one by one, 1 to 12
	Changes   []Setting
	Text      string // the reform's whole programme, where it is more than Changes
	Line      Line
	Search    *Search
	Sample    int // millionths of the registry's households that are asked; 0: all
}

// Setting sets one parameter from the scenario's month on, or chooses a reading.
type Setting struct {
	Name  string // the parameter's or reading's id
	Value string // as a programme file writes it
}

// Line is a poverty line: so much a month for a household of so many persons,
// the same for every person.
type Line struct {
	Amount money.Amount // dirhams a month
	Of     int64        // persons
}

// UsualLine is the line that the country's settings name, where nobody draws
// another.
func UsualLine(settings *population.Settings) Line {
	return Line{Amount: money.Amount(settings.Figures["basket"].Value), Of: int64(max(settings.Figures["basket_persons"].Value, 1))}
}

// Search asks for the figure of one parameter by which the reform costs as much
// as the budget.
type Search struct {
	Parameter string
	Budget    money.Amount // a month; zero: what the programme costs as it stands
}

// maximumScenario bounds a scenario's file: a programme's text and a few lines.
const maximumScenario = 2 << 20

// ReadScenario reads a scenario's file. Its faults are "strategy.scenario_unread"
// and, at the field, "strategy.scenario_field".
func ReadScenario(raw []byte) (Scenario, error) {
	var f struct {
		Scenario, Programme, Month, Text, Sample string
		Name                                     struct{ Ar, En string }
		Months                                   int
		Change                                   yaml.Node
		Line                                     struct {
			Amount string
			Of     int64
		}
		Search struct{ Parameter, Budget string }
	}
	if len(raw) > maximumScenario {
		return Scenario{}, fault.Invalid("strategy.scenario_unread")
	}
	if err := yaml.Unmarshal(raw, &f); err != nil {
		return Scenario{}, fault.Invalid("strategy.scenario_unread").Because(err)
	}
	s := Scenario{ID: f.Scenario, Name: text.Bilingual{Arabic: f.Name.Ar, English: f.Name.En}, Programme: f.Programme, Text: f.Text,
		Months: f.Months, Line: Line{Of: f.Line.Of}}
	var wrong fault.List
	refuse := func(field string) { wrong.Add(field, fault.Invalid("strategy.scenario_field", "field", field)) }
	var err error
	if s.Month, err = calendar.ParseMonth(f.Month); err != nil {
		refuse("month")
	}
	s.Changes = changesOf(&f.Change, refuse)
	s.Line.Amount = amountOf(f.Line.Amount, "line", refuse)
	if f.Search.Parameter != "" {
		s.Search = &Search{Parameter: f.Search.Parameter, Budget: amountOf(f.Search.Budget, "search", refuse)}
	}
	if f.Sample != "" {
		if s.Sample, err = Share(f.Sample); err != nil {
			refuse("sample")
		}
	}
	if err := wrong.Err(); err != nil {
		return Scenario{}, err
	}
	return s, s.Check()
}

// changesOf reads the changes as they are written, tables included.
func changesOf(n *yaml.Node, refuse func(string)) (changes []Setting) {
	if n.Kind == 0 {
		return nil
	}
	if n.Kind != yaml.MappingNode {
		refuse("change")
		return nil
	}
	for i := 0; i+1 < len(n.Content); i += 2 {
		changes = append(changes, Setting{n.Content[i].Value, inOneLine(n.Content[i+1])})
	}
	return changes
}

func amountOf(written, field string, refuse func(string)) money.Amount {
	if written == "" {
		return 0
	}
	amount, reading := money.Parse(written)
	if !reading.Exact() || amount < 0 {
		refuse(field)
	}
	return amount
}

// Share reads a share of at most one, written 0.1 or 10%, in millionths. Its
// fault is "strategy.not_a_share".
func Share(written string) (int, error) {
	bare, percent := strings.CutSuffix(written, "%")
	whole, part, _ := strings.Cut(bare, ".")
	digits := 6
	if percent {
		digits = 4
	}
	n := 0
	for _, d := range []byte(whole + (part + "000000")[:digits]) {
		if d < '0' || d > '9' || n > 10_000_000 {
			return 0, fault.Invalid("strategy.not_a_share", "text", written)
		}
		n = n*10 + int(d-'0')
	}
	if n > 1_000_000 {
		return 0, fault.Invalid("strategy.not_a_share", "text", written)
	}
	return n, nil
}

// Check refuses what cannot be simulated, and fills in what was left out: the
// month alone is costed, and nobody is counted poor where no line is drawn.
func (s *Scenario) Check() error {
	var wrong fault.List
	refuse := func(field string) { wrong.Add(field, fault.Invalid("strategy.scenario_field", "field", field)) }
	if s.Months == 0 {
		s.Months = 1
	}
	if s.Line.Of == 0 {
		s.Line.Of = 1
	}
	if s.Programme == "" {
		refuse("programme")
	}
	if !s.Month.Valid() {
		refuse("month")
	}
	if s.Months < 1 || s.Months > 12 {
		refuse("months")
	}
	if s.Line.Of < 1 || s.Line.Of > 20 || s.Line.Amount < 0 {
		refuse("line")
	}
	if s.Sample < 0 || s.Sample > 1_000_000 {
		refuse("sample")
	}
	return wrong.Err()
}

// Reform is the programme as the scenario would have it. Where the changes do not
// make a programme, the fault says what is wrong with it.
func (s *Scenario) Reform(standing *policy.Programme) (*policy.Programme, error) {
	body := standing.Text()
	if s.Text != "" {
		body = s.Text
	}
	for _, c := range s.Changes {
		var err error
		if body, err = Edit(body, c, s.Month); err != nil {
			return nil, err
		}
	}
	return policy.Read(standing.ID, body)
}

// ScenarioFolder is where a country pack keeps scenarios to begin with.
const ScenarioFolder = "scenarios"

// NamedScenario opens a country pack's scenario.
func NamedScenario(pack fs.FS, name string) (Scenario, error) {
	raw, err := fs.ReadFile(pack, ScenarioFolder+"/"+name+".yaml")
	if err != nil {
		return Scenario{}, fault.NotFound("strategy.no_scenario", "name", name)
	}
	return ReadScenario(raw)
}
