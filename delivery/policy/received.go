package policy

import (
	"bytes"
	"encoding/csv"
	"errors"
	"io"
	"slices"
	"strconv"
	"strings"
	"time"

	"sanad/delivery/registry"
	"sanad/platform/access"
	"sanad/platform/calendar"
	"sanad/platform/fault"
	"sanad/platform/id"
	"sanad/platform/journal"
	"sanad/platform/money"
	"sanad/platform/store"
)

// Some programmes are decided and paid by another body, as the basic pension is
// by the Social Solidarity Fund. What we compute of them is an indication; what
// that body decided comes as a file and is kept beside it.

var receivedDecisions = &store.Table{Name: "received_decisions", Class: store.Projected, Key: []string{"programme", "household", "person", "month"},
	Columns: []string{"programme", "household", "person", "month", "granted", "amount", "decided", "received", "file", "line"}}

// Received is what another body decided about a person in a month.
type Received struct {
	Household id.ID         `cbor:"1,keyasint"`
	Person    id.ID         `cbor:"2,keyasint"`
	Month     int64         `cbor:"3,keyasint"` // YYYYMM
	Granted   bool          `cbor:"4,keyasint"`
	Amount    money.Amount  `cbor:"5,keyasint"` // a month
	Decided   calendar.Date `cbor:"6,keyasint"`
	Line      int64         `cbor:"7,keyasint"` // of the file
	Arrived   time.Time     `cbor:"-"`
	File      string        `cbor:"-"`
	Name      string        `cbor:"-"` // of the person, where it is shown
}

// ReceivedDecisions says what another body decided about persons of one branch.
type ReceivedDecisions struct {
	Programme string     `cbor:"1,keyasint"`
	Branch    string     `cbor:"2,keyasint"`
	File      string     `cbor:"3,keyasint"`
	Decisions []Received `cbor:"4,keyasint"`
	At        int64      `cbor:"5,keyasint"` // microseconds
}

// Kind is "policy.received".
func (ReceivedDecisions) Kind() journal.Kind {
	return journal.Kind{Name: "policy.received", Version: 1}
}

// About puts it in what the diwan tells the branch, as its own decisions are.
func (e ReceivedDecisions) About() journal.About {
	return journal.About{Stream: journal.Down(e.Branch)}
}

// Apply keeps the latest word of the body on each person and month.
func (e ReceivedDecisions) Apply(w *store.Writer) error {
	for _, d := range e.Decisions {
		granted := 0
		if d.Granted {
			granted = 1
		}
		if err := w.Put(receivedDecisions, e.Programme, d.Household, d.Person, d.Month, granted, int64(d.Amount), d.Decided, e.At, e.File, d.Line); err != nil {
			return err
		}
	}
	return nil
}

// Reception is what became of a file of another body's decisions.
type Reception struct {
	Taken   int64
	Refused []*fault.Fault // line by line: why it was not taken
}

// receptionBytes bounds a file of decisions; a line has some 50 bytes.
const receptionBytes = 256 << 20

// Receive reads a file of the body that decides a programme: CSV with the
// columns number (a national number, or a household's file number), month,
// decision (granted, refused), amount in dinars, date. Lines that cannot be
// taken are named and change nothing; a line for the same person and month takes
// the place of an earlier one. It needs RunProgramme over the country. The fault
// "policy.decided_here" refuses decisions on a programme of our own.
func Receive(tx *store.Tx, p *Programme, name string, file io.Reader) (Reception, error) {
	if err := access.Require(tx, access.RunProgramme, ""); err != nil {
		return Reception{}, err
	}
	if !p.Indication {
		return Reception{}, fault.Conflict("policy.decided_here", "programme", p.Name)
	}
	body, err := io.ReadAll(io.LimitReader(file, receptionBytes))
	if err != nil {
		return Reception{}, err
	}
	r := reception{tx: tx, byBranch: map[string][]Received{}}
	if err := r.read(name, body); err != nil {
		return Reception{}, err
	}
	for _, branch := range sortedKeys(r.byBranch) {
		for chunk := range slices.Chunk(r.byBranch[branch], chunkSize) {
			event := ReceivedDecisions{Programme: p.ID, Branch: branch, File: name, Decisions: chunk, At: tx.Now.UnixMicro()}
			if err := journal.Record(tx, event); err != nil {
				return Reception{}, err
			}
			r.done.Taken += int64(len(chunk))
		}
	}
	return r.done, nil
}

// reception is one file under way.
type reception struct {
	tx       *store.Tx
	columns  map[string]int
	byBranch map[string][]Received
	seen     map[receivedKey]int64 // the line that spoke of it
	done     Reception
}

type receivedKey struct {
	person id.ID
	month  int64
}

var receivedColumns = []string{"number", "month", "decision", "amount", "date"}

func (r *reception) read(name string, body []byte) error {
	lines := csv.NewReader(bytes.NewReader(bytes.TrimPrefix(body, []byte("\xEF\xBB\xBF"))))
	lines.FieldsPerRecord = -1
	heading, err := lines.Read()
	if err != nil {
		return fault.Invalid("policy.received_heading", "file", name, "columns", receivedColumns).Because(err)
	}
	r.columns, r.seen = map[string]int{}, map[receivedKey]int64{}
	for at, title := range heading {
		r.columns[strings.ToLower(strings.TrimSpace(title))] = at
	}
	for _, column := range receivedColumns {
		if _, there := r.columns[column]; !there {
			return fault.Invalid("policy.received_heading", "file", name, "columns", receivedColumns)
		}
	}
	for {
		cells, err := lines.Read()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return fault.Invalid("policy.received_unreadable", "file", name).Because(err)
		}
		line, _ := lines.FieldPos(0)
		if err := r.line(int64(line), cells); err != nil {
			return err
		}
	}
}

// line takes one line, or notes why not.
func (r *reception) line(line int64, cells []string) error {
	cell := func(column string) string {
		if at := r.columns[column]; at < len(cells) {
			return strings.TrimSpace(cells[at])
		}
		return ""
	}
	d, refused := receivedOf(cell)
	d.Line = line
	var branch string
	var err error
	if refused == nil {
		branch, refused, err = r.whose(&d, registry.TidyNumber(cell("number")))
	}
	if err != nil {
		return err
	}
	key := receivedKey{d.Person, d.Month}
	if other, twice := r.seen[key]; twice && refused == nil {
		refused = fault.Invalid("policy.received_twice", "other", other)
	}
	if refused != nil {
		r.done.Refused = append(r.done.Refused, refused.At("line "+strconv.FormatInt(line, 10)))
		return nil
	}
	r.seen[key] = line
	r.byBranch[branch] = append(r.byBranch[branch], d)
	return nil
}

// receivedOf reads what a line decides.
func receivedOf(cell func(string) string) (d Received, refused *fault.Fault) {
	month, err := calendar.ParseMonth(cell("month"))
	if err != nil {
		return d, fault.Invalid("policy.received_month", "text", cell("month"))
	}
	day, err := calendar.Parse(cell("date"))
	if err != nil || day.Precision() != calendar.PrecisionDay {
		return d, fault.Invalid("policy.received_date", "text", cell("date"))
	}
	d.Month, d.Decided, d.Granted = int64(month), day, cell("decision") == "granted"
	if !d.Granted {
		if cell("decision") != "refused" {
			return d, fault.Invalid("policy.received_decision", "text", cell("decision"))
		}
		return d, nil
	}
	amount, reading := money.Parse(cell("amount"))
	if !reading.Exact() || amount <= 0 {
		return d, fault.Invalid("policy.received_amount", "text", cell("amount"))
	}
	d.Amount = amount
	return d, nil
}

// whose finds the person of a national number, or the head of the household with
// a file number.
func (r *reception) whose(d *Received, number string) (branch string, refused *fault.Fault, err error) {
	type found struct {
		person, household id.ID
		branch            string
	}
	scan := func(row *store.Row) found { return found{row.ID(), row.ID(), row.Text()} }
	question := `SELECT p.person, p.household, h.branch FROM persons p JOIN households h ON h.household = p.household WHERE h.file = $1 AND p.role IN ('head', 'guardian') ORDER BY p.person LIMIT 2`
	if _, err := registry.ParseNationalNumber(number, r.tx.Today()); err == nil {
		question = `SELECT p.person, p.household, h.branch FROM persons p JOIN households h ON h.household = p.household WHERE p.number = $1 ORDER BY p.person LIMIT 2`
	}
	all, err := store.All(r.tx, scan, question, number)
	switch {
	case err != nil:
		return "", nil, err
	case number == "" || len(all) == 0:
		return "", fault.Invalid("policy.received_nobody", "number", number), nil
	case len(all) > 1:
		return "", fault.Invalid("policy.received_several", "number", number), nil
	}
	d.Person, d.Household = all[0].person, all[0].household
	return all[0].branch, nil, nil
}

const receivedQuestion = "SELECT household, person, month, granted, amount, decided, received, file, line FROM received_decisions"

func scanReceived(r *store.Row) Received {
	return Received{Household: r.ID(), Person: r.ID(), Month: r.Int(), Granted: r.Int() == 1, Amount: money.Amount(r.Int()), Decided: r.Date(),
		Arrived: r.Time(), File: r.Text(), Line: r.Int()}
}

// ReceivedOf returns what the body that decides a programme wrote about a
// household in a month, by person. It needs SeeDecision over the household's
// branch, and leaves a trace.
func ReceivedOf(tx *store.Tx, programme string, household id.ID, month calendar.Month) ([]Received, error) {
	branch, _, err := store.One(tx, func(r *store.Row) string { return r.Text() }, "SELECT branch FROM households WHERE household = $1", household)
	if err != nil {
		return nil, err
	}
	if err := access.Require(tx, access.SeeDecision, branch); err != nil {
		return nil, err
	}
	journal.Look(tx, household, "decision")
	return store.All(tx, scanReceived, receivedQuestion+" WHERE programme = $1 AND household = $2 AND month = $3 ORDER BY person", programme, household, int64(month))
}

// receivedHelp adds what another body granted in a month.
func receivedHelp(tx *store.Tx, programme string, month calendar.Month, found map[id.ID][]otherHelp) error {
	return tx.Each(func(r *store.Row) error {
		if d := scanReceived(r); d.Granted {
			found[d.Household] = append(found[d.Household], otherHelp{programme, d.Person, d.Amount})
		}
		return r.Err()
	}, receivedQuestion+" WHERE programme = $1 AND month = $2 ORDER BY household, person", programme, int64(month))
}
