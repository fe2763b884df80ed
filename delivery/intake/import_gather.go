package intake

import (
	"slices"
	"strings"

	"sanad/delivery/registry"
	"sanad/platform/fault"
	"sanad/platform/id"
)

// heldRows bounds the rows that wait in memory because their households are
// written in several places of the file.
const heldRows = 250_000

// ChunkSize is how many households are committed together.
const ChunkSize = 1000

// household is the rows of one file number.
type household struct {
	key    string
	branch string
	file   string
	rows   []Row
}

// prepared is one household, ready to be stated.
type prepared struct {
	statement registry.Statement
	numbers   []int64 // of the accepted rows
	members   []int   // which member of the statement each row is
}

// chunk is what is committed together.
type chunk struct {
	homes   []prepared
	records int // record that was read last
	summary Summary
}

// gathering brings the rows of a file together into households and chunks.
type gathering struct {
	survey  *survey
	maker   sheetmaker
	branch  string            // of the whole file; empty where rows say it
	find    map[string]string // branch as written, to code
	open    household
	held    map[string]*household
	order   []*household
	waiting int
	above   predecessor
	chunk   chunk
	summary Summary
	notes   func(...Note) error
	send    func(chunk) error
	mint    func(h *household, n int) id.ID // identifies the n-th household, should it be new
}

// predecessor is the person of the record before, where her household is known.
type predecessor struct {
	number              int
	file, branch, entry Field[string]
}

// row takes the next row of the file.
func (g *gathering) row(row Row) error {
	g.chunk.records = row.Number
	if row.Kind != KindPerson {
		if len(row.Notes) == 0 {
			return nil
		}
		return g.notes(row.Notes...)
	}
	g.summary.Rows++
	g.inherit(&row)
	if row.Municipality.Known && g.maker.area(&row) == "" {
		row.Notes = append(row.Notes, Note{Row: row.Number, Level: Warning, Field: Municipality, Value: row.Municipality.Raw,
			Key: "intake.place_unknown", Args: []any{"place", row.Municipality.Value}})
	}
	branch, found := g.branchOf(&row)
	if g.above = (predecessor{}); !row.FileNumber.Known || !found {
		return g.lone(row)
	}
	g.above = predecessor{row.Number, row.FileNumber, row.Branch, row.RegistrationNumber}
	key := householdKey(row.FileNumber.Raw, "")
	if g.branch == "" {
		key = householdKey(row.FileNumber.Raw, row.Branch.Raw)
	}
	if g.survey.scattered(key) {
		return g.hold(key, branch, row)
	}
	if key != g.open.key {
		if err := g.close(&g.open); err != nil {
			return err
		}
		g.open = household{key: key, branch: branch, file: fileNumber(row.FileNumber.Value),
			rows: g.open.rows[:0]} // a statement keeps nothing of its rows
	}
	g.open.rows = append(g.open.rows, row)
	return nil
}

// inherit gives a member without file number the one of the record above: lists
// write it once for each household, or in merged cells. It is a guess, and shown.
func (g *gathering) inherit(row *Row) {
	if row.FileNumber.Known || g.above.number == 0 || row.Number != g.above.number+1 || !row.Role.Known || row.Head {
		return
	}
	if entry := row.RegistrationNumber; entry.Known && g.above.entry.Known && entry.Value != g.above.entry.Value {
		return
	}
	row.FileNumber = g.above.file
	if !row.Branch.Known {
		row.Branch = g.above.branch
	}
	row.Notes = slices.DeleteFunc(row.Notes, func(n Note) bool { return n.Key == "intake.no_file_number" })
	row.Notes = append(row.Notes, Note{Row: row.Number, Level: Warning, Field: FileNumber, Key: "intake.file_number_above",
		Args: []any{"household", row.FileNumber.Value}})
}

// lone counts a row that belongs to no household: it cannot be accepted.
func (g *gathering) lone(row Row) error {
	if row.FileNumber.Known {
		row.Notes = append(row.Notes, Note{Row: row.Number, Level: Rejected, Field: Branch, Value: row.Branch.Raw, Key: "intake.no_branch"})
	}
	g.summary.count(&row)
	return g.notes(row.Notes...)
}

// branchOf finds the branch of a row: the file's, else what its column says. A
// column that says otherwise than the file is a warning.
func (g *gathering) branchOf(row *Row) (string, bool) {
	if !row.Branch.Known {
		return g.branch, g.branch != ""
	}
	code, known := g.find[row.Branch.Value]
	if !known {
		code = branchCode(g.maker.country, row.Branch.Value)
		g.find[row.Branch.Value] = code
	}
	switch {
	case g.branch == "":
		return code, code != ""
	case code != g.branch:
		row.Notes = append(row.Notes, Note{Row: row.Number, Level: Warning, Field: Branch, Value: row.Branch.Raw,
			Key: "intake.other_branch", Args: []any{"branch", g.branch}})
	}
	return g.branch, true
}

// hold keeps a row until the end of the file.
func (g *gathering) hold(key, branch string, row Row) error {
	if g.waiting++; g.waiting > heldRows {
		return fault.Invalid("intake.scattered", "record", row.Number, "limit", heldRows)
	}
	h := g.held[key]
	if h == nil {
		h = &household{key: key, branch: branch, file: fileNumber(row.FileNumber.Value)}
		g.held[key], g.order = h, append(g.order, h)
	}
	h.rows = append(h.rows, row)
	return nil
}

// finish closes what is open and what was held.
func (g *gathering) finish() error {
	if err := g.close(&g.open); err != nil {
		return err
	}
	for _, h := range g.order {
		if err := g.close(h); err != nil {
			return err
		}
	}
	return g.flush()
}

// close judges a household's rows and adds it to the chunk.
func (g *gathering) close(h *household) error {
	if len(h.rows) == 0 {
		return nil
	}
	h.judge()
	good := h.rows[:0]
	for i := range h.rows {
		row := &h.rows[i]
		g.summary.count(row)
		if err := g.notes(row.Notes...); err != nil {
			return err
		}
		if worst(row.Notes) != Rejected {
			good = append(good, *row)
		}
	}
	if h.rows = good; len(good) == 0 {
		return nil
	}
	g.summary.Households++
	p := prepared{numbers: make([]int64, len(good))}
	p.statement, p.members = g.maker.statement(h)
	p.statement.Prepare(g.mint(h, g.summary.Households))
	for i := range good {
		p.numbers[i] = int64(good[i].Number)
	}
	if g.chunk.homes = append(g.chunk.homes, p); len(g.chunk.homes) >= ChunkSize {
		return g.flush()
	}
	return nil
}

func (g *gathering) flush() error {
	full := g.chunk
	full.summary = g.summary
	g.chunk = chunk{homes: make([]prepared, 0, ChunkSize), records: full.records}
	return g.send(full)
}

// judge adds what is wrong with the household as a whole, and which rows are
// one person.
func (h *household) judge() {
	for _, note := range Household(h.rows) {
		for i := range h.rows {
			if h.rows[i].Number == note.Row {
				h.rows[i].Notes = append(h.rows[i].Notes, note)
			}
		}
	}
	for i := range h.rows {
		row := &h.rows[i]
		if first := h.sameAs(i); first >= 0 && worst(row.Notes) != Rejected {
			row.Notes = append(row.Notes, Note{Row: row.Number, Level: Warning, Field: Name, Value: row.Name.Raw,
				Key: "intake.listed_twice", Args: []any{"other", h.rows[first].Number}})
		}
	}
}

// sameAs finds the first good row that is the same person as row i, or -1.
func (h *household) sameAs(i int) int {
	for n := range i {
		if h.rows[n].Level() != Rejected && samePerson(&h.rows[n], &h.rows[i]) {
			return n
		}
	}
	return -1
}

// western writes Eastern digits as Western ones.
var western = strings.NewReplacer("٠", "0", "١", "1", "٢", "2", "٣", "3", "٤", "4", "٥", "5", "٦", "6", "٧", "7", "٨", "8", "٩", "9",
	"۰", "0", "۱", "1", "۲", "2", "۳", "3", "۴", "4", "۵", "5", "۶", "6", "۷", "7", "۸", "8", "۹", "9")

// fileNumber is a household's file number as the branch writes it.
func fileNumber(written string) string { return western.Replace(written) }
