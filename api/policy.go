package api

import (
	"context"
	"encoding/hex"
	"encoding/json"
	"io"
	"io/fs"
	"path"
	"reflect"
	"strings"

	"sanad/delivery/payment"
	"sanad/delivery/policy"
	"sanad/platform/access"
	"sanad/platform/calendar"
	"sanad/platform/id"
	"sanad/platform/journal"
	"sanad/platform/money"
	"sanad/platform/store"
	"sanad/platform/text"
)

func policyEndpoints(d *door) {
	plain(d, endpoint{name: "programmes", at: "GET /programmes", says: "The programmes of this country, with their components and what is still open in the law"}, d.programmes)
	plain(d, endpoint{name: "runProgramme", at: "POST /programmes/{programme}/months/{month}/run", says: "Decide a month for every household", need: access.RunProgramme,
		more: "Records the decisions that changed. Running again without new facts writes nothing, so it needs no key."}, d.runProgramme)
	rows := d.api.OpenAPI().Components.Schemas.Schema(reflect.TypeFor[Decisions](), true, "")
	sendsFrom(d, endpoint{name: "decisions", at: "GET /programmes/{programme}/months/{month}/decisions", says: "The decisions that stand in a month, one row per household, payee and component", need: access.SeeDecision,
		more: "CSV: source,household_file,branch,component,persons,amount_dirham,payee,status,payable,reason."},
		[]file{{"application/json", rows}, {"text/csv; charset=utf-8", plainText}}, decisions)
	asks(d, endpoint{name: "decision", at: "GET /programmes/{programme}/months/{month}/decisions/{household}", says: "The decision that stands for one household", need: access.SeeDecision}, decision)
	sendsFrom(d, endpoint{name: "explanation", at: "GET /programmes/{programme}/months/{month}/decisions/{household}/explanation", says: "One decision explained: facts with sources, conditions with articles, arithmetic", need: access.SeeDecision,
		more: "Replayed from the sheet and the release of the law that the decision cites."}, []file{{"text/plain; charset=utf-8", plainText}}, explanation)
}

// Programmes are the programmes of a country.
type Programmes struct {
	Programmes []Programme `json:"programmes" nullable:"false"`
}

// Programme is a programme in short.
type Programme struct {
	ID         string          `json:"id"`
	Name       text.Bilingual  `json:"name"`
	Unit       string          `json:"unit"`
	Paid       string          `json:"paid" doc:"rhythm of payment"`
	Release    string          `json:"release" doc:"SHA-256 of its text, hexadecimal"`
	Components []ComponentName `json:"components" nullable:"false"`
	Open       []OpenReading   `json:"open_readings" nullable:"false" doc:"questions of the law that nobody has confirmed an answer to"`
}

// ComponentName is a part of a programme, and the list that pays it.
type ComponentName struct {
	ID   string         `json:"id"`
	Name text.Bilingual `json:"name"`
	List string         `json:"list"`
}

// OpenReading is a question that the law leaves open.
type OpenReading struct {
	ID       string         `json:"id"`
	Question text.Bilingual `json:"question"`
	Chosen   string         `json:"chosen"`
}

func (d *door) programmes(context.Context, *struct{}) (Programmes, error) {
	out := Programmes{Programmes: []Programme{}}
	files, err := fs.Glob(d.Pack, policy.Folder+"/*.yaml")
	for _, name := range files {
		p, err := policy.Named(d.Pack, strings.TrimSuffix(path.Base(name), ".yaml"))
		if err != nil {
			return out, err
		}
		out.Programmes = append(out.Programmes, programmeOf(p))
	}
	return out, err
}

func programmeOf(p *policy.Programme) Programme {
	digest := p.Digest()
	out := Programme{ID: p.ID, Name: p.Name, Unit: p.Unit, Paid: p.Paid, Release: hex.EncodeToString(digest[:]), Components: []ComponentName{}, Open: []OpenReading{}}
	for _, c := range p.Components {
		out.Components = append(out.Components, ComponentName{c.ID, c.Name, c.List})
	}
	for _, r := range p.Readings {
		if r.Confirmed == nil {
			out.Open = append(out.Open, OpenReading{r.ID, r.Question, r.Chosen})
		}
	}
	return out
}

// MonthPath is an address that names a programme and a month.
type MonthPath struct {
	Programme string `path:"programme" maxLength:"100" example:"wife-and-children-grant"`
	Month     month  `path:"month"`
}

// Run is what a run did and what now stands.
type Run struct {
	Run        id.ID            `json:"run,omitzero"`
	Release    string           `json:"release"`
	Households int64            `json:"households" doc:"looked at"`
	Changed    int64            `json:"changed" doc:"decisions recorded; none where nothing new was known"`
	Recorded   bool             `json:"recorded" doc:"whether the run left anything in the journal"`
	Components map[string]Tally `json:"components"`
}

// Tally counts the lines of one component.
type Tally struct {
	Due     int64        `json:"due" doc:"persons"`
	Held    int64        `json:"held" doc:"due, and not payable now"`
	Pending int64        `json:"pending"`
	Refused int64        `json:"refused"`
	Amount  money.Amount `json:"amount_dirham"`
}

func (d *door) runProgramme(ctx context.Context, in *MonthPath) (Run, error) {
	var p *policy.Programme
	err := d.Journal.Read(ctx, callerOf(ctx).session, func(tx *store.Tx) (err error) {
		p, err = policy.ForMonth(tx, d.Pack, in.Programme, in.Month.Month)
		return err
	})
	if err != nil {
		return Run{}, err
	}
	s, err := policy.Run(ctx, d.Journal, callerOf(ctx).session, p, in.Month.Month, func(int64) {})
	if err == nil { // what was paid by then is set beside what is owed now
		posting := callerOf(ctx).session
		posting.Command = id.ID{} // the run's own key names the run
		_, err = d.Journal.Write(ctx, posting, func(tx *store.Tx) error {
			_, err := payment.Post(tx, in.Programme, in.Month.Month)
			return err
		})
	}
	out := Run{s.Run, hex.EncodeToString(s.Release[:]), s.Households, s.Changed, s.Recorded, map[string]Tally{}}
	for component, t := range s.Lines {
		out.Components[component] = Tally(t)
	}
	return out, err
}

type decisionsInput struct {
	MonthPath
	Format string `query:"format" enum:"json,csv" default:"json"`
}

// Decisions is the list of decisions of a month.
type Decisions struct {
	Decisions []DecisionRow `json:"decisions" nullable:"false"`
}

// DecisionRow is one row of it: the columns of the CSV, and the household.
type DecisionRow struct {
	Household id.ID        `json:"household"`
	Source    string       `json:"source" doc:"imported file that the household was last read from"`
	File      string       `json:"household_file"`
	Branch    string       `json:"branch"`
	Component string       `json:"component"`
	Persons   int          `json:"persons"`
	Amount    money.Amount `json:"amount_dirham"`
	Payee     string       `json:"payee"`
	Status    string       `json:"status" enum:"due,pending,refused"`
	Payable   bool         `json:"payable"`
	Reason    string       `json:"reason"`
}

func decisions(tx *store.Tx, in *decisionsInput, w io.Writer) (string, error) {
	if err := access.Require(tx, access.SeeDecision, ""); err != nil {
		return "", err
	}
	if _, err := policy.Decided(tx, in.Programme, in.Month.Month); err != nil {
		return "", err
	}
	if in.Format == "csv" {
		return "text/csv; charset=utf-8", policy.WriteRows(tx, in.Programme, in.Month.Month, w)
	}
	return "application/json", decisionsAsJSON(tx, in, w)
}

// decisionsAsJSON writes row after row: a nation's do not fit into memory.
func decisionsAsJSON(tx *store.Tx, in *decisionsInput, w io.Writer) error {
	between := `{"decisions":[`
	err := policy.DecisionRows(tx, in.Programme, in.Month.Month, func(r policy.Row) error {
		row, err := json.Marshal(DecisionRow{r.Household, r.Source, r.File, r.Branch, r.Component, r.Persons, r.Amount, r.PayeeName, r.Status.String(), r.Payable, r.Reason})
		if err == nil {
			_, err = io.WriteString(w, between+string(row))
		}
		between = ",\n"
		return err
	})
	if err == nil && strings.HasPrefix(between, "{") {
		_, err = io.WriteString(w, between)
	}
	if err == nil {
		_, err = io.WriteString(w, "]}\n")
	}
	return err
}

// DecisionPath is an address that names a decision.
type DecisionPath struct {
	MonthPath
	Household identifier `path:"household"`
}

// Decision is what stands for a household in a month.
type Decision struct {
	Household    id.ID          `json:"household"`
	Branch       string         `json:"branch"`
	File         string         `json:"file"`
	SheetVersion int64          `json:"sheet_version" doc:"of the sheet by which it was decided"`
	Release      string         `json:"release" doc:"of the programme by which it was decided"`
	From         calendar.Month `json:"from" doc:"month from which it stands"`
	Due          money.Amount   `json:"due_dirham"`
	Lines        []Line         `json:"lines" nullable:"false"`
}

// Line is the decision on one person for one component.
type Line struct {
	Person    id.ID        `json:"person"`
	Component string       `json:"component"`
	Status    string       `json:"status" enum:"due,pending,refused"`
	Amount    money.Amount `json:"amount_dirham" doc:"a month"`
	Payee     id.ID        `json:"payee,omitzero"`
	Payable   bool         `json:"payable" doc:"due is what the law owes; payable what can be paid now"`
	Reason    string       `json:"reason,omitempty"`
}

func decision(tx *store.Tx, in *DecisionPath) (Decision, error) {
	found, err := policy.DecisionOf(tx, in.Programme, in.Household.ID, in.Month.Month)
	if err == nil {
		err = access.Require(tx, access.SeeDecision, found.Branch)
	}
	if err != nil {
		return Decision{}, err
	}
	journal.Look(tx, in.Household.ID, "decision")
	out := Decision{found.Household, found.Branch, found.File, found.SheetVersion, hex.EncodeToString(found.Release[:]), found.From, found.Due(), []Line{}}
	for _, l := range found.Lines {
		out.Lines = append(out.Lines, Line{l.Person, l.Component, l.Status.String(), l.Amount, l.Payee, l.Payable, l.Reason})
	}
	return out, nil
}

type explanationInput struct {
	DecisionPath
	Language string `query:"language" enum:"ar,en" default:"ar"`
}

func explanation(tx *store.Tx, in *explanationInput, w io.Writer) (string, error) {
	explained, err := policy.Explain(tx, in.Programme, in.Household.ID, in.Month.Month)
	if err != nil {
		return "", err
	}
	return "text/plain; charset=utf-8", explained.Write(w, text.Language(in.Language))
}
