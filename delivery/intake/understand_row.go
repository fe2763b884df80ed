package intake

import (
	"strings"

	"sanad/delivery/registry"
	"sanad/platform/calendar"
	"sanad/platform/money"
	"sanad/platform/text"
)

// Level says how bad a note is.
type Level string

// The levels of a report.
const (
	Warning  Level = "warning"  // the row is kept: this was guessed, or left out
	Rejected Level = "rejected" // the row cannot be accepted until this is corrected
)

// Note is something that the sender should know about one cell: what was
// written, what was made of it. Key and Args are a message of both catalogues.
type Note struct {
	Row   int
	Level Level
	Field Meaning
	Value string // as written in the file
	Key   string
	Args  []any
}

// Kind says what a record of a file is.
type Kind uint8

// The kinds of record.
const (
	KindPerson Kind = iota
	KindTitle
	KindHeader
	KindRepeatedHeader
	KindBlank
	KindRemark // below the list, and nobody: a total, a signature, a page number
)

// String is the word that the sample's truth uses.
func (k Kind) String() string {
	return [...]string{"person", "title", "header", "repeated_header", "blank", "remark"}[k]
}

// Field is one cell: what stood there, and what was understood. Where nothing
// was understood, Known is false and Raw still has what was written.
type Field[T any] struct {
	Raw   string
	Value T
	Known bool
}

// Extra is a cell of a column that the mapping does not know.
type Extra struct{ Heading, Text string }

// Row is one person of a list, as far as it was understood. Codes are those of
// the country pack's vocabularies.
type Row struct {
	Number int
	Kind   Kind

	FileNumber         Field[string]
	Branch             Field[string]
	Municipality       Field[string]
	Mahalla            Field[string]
	Role               Field[string]
	Head               bool         // the role makes this person head of the file
	RoleSex            registry.Sex // what the role says of the sex
	Name               Field[string]
	MotherName         Field[string]
	NationalNumber     Field[registry.NationalNumber]
	RegistrationNumber Field[string]
	Birth              Field[calendar.Date]
	Sex                Field[registry.Sex]
	MaritalStatus      Field[string]
	Nationality        Field[string] // libyan, foreign, undetermined, stateless
	Country            string        // of the nationality, ISO 3166 alpha-2, where known
	Job                Field[string]
	HasSalary          Field[bool]
	Income             Field[money.Amount] // a month
	Disability         Field[string]
	Phone              Field[string] // E.164
	IBAN               Field[registry.IBAN]
	Housing            Field[string]
	Displacement       Field[string]
	AbroadSince        Field[calendar.Date]
	Death              Field[calendar.Date]
	Remarks            Field[string]
	Facts              []StatedFact // declared by the country pack
	Extras             []Extra
	Notes              []Note
}

// Level is the worst level of the row's notes, empty for a row without any.
func (r Row) Level() Level { return worst(r.Notes) }

// worst is the level of a row with these notes; a row is too large to be handed
// over for it.
func worst(notes []Note) Level {
	level := Level("")
	for i := range notes {
		if notes[i].Level == Rejected {
			return Rejected
		}
		level = Warning
	}
	return level
}

// Understand makes a typed row of a record below the heading. It never fails:
// what cannot be read is a note. The row stays good after the record is gone.
func (c *Columns) Understand(record Record, asOf calendar.Date) Row {
	row := Row{Number: record.Number, Kind: c.kind(record)}
	u := understanding{columns: c, record: record, asOf: asOf, row: &row}
	switch row.Kind {
	case KindPerson:
		u.person()
	case KindRemark:
		for _, cell := range record.Cells {
			if !blankText(cell.Text) {
				u.note(Warning, "", cell.Text, "intake.not_a_person")
				break
			}
		}
	}
	return row
}

// understanding is the reading of one record into one row.
type understanding struct {
	columns *Columns
	record  Record
	asOf    calendar.Date
	row     *Row
}

func (u *understanding) note(level Level, field Meaning, value, key string, args ...any) {
	u.row.Notes = append(u.row.Notes, Note{Row: u.row.Number, Level: level, Field: field, Value: value, Key: key, Args: args})
}

// person reads the fields in an order in which each can use those before it.
func (u *understanding) person() {
	r := u.row
	r.FileNumber = u.words(FileNumber)
	r.Branch, r.Municipality, r.Mahalla = u.words(Branch), u.words(Municipality), u.words(Mahalla)
	r.RegistrationNumber, r.Remarks = u.words(RegistrationNumber), u.words(Notes)
	r.Name, r.MotherName = u.name(), u.words(MotherName)
	u.role()
	u.nationalNumber()
	u.birth()
	u.sex()
	u.nationality()
	r.MaritalStatus, _ = u.term(MaritalStatus)
	u.salary()
	u.income()
	r.Disability, _ = u.term(Disability)
	r.Housing, _ = u.term(Housing)
	r.Displacement, _ = u.term(Displacement)
	u.phone()
	u.iban()
	u.death()
	u.abroad()
	u.facts()
	u.extras()
	if !r.Name.Known {
		u.note(Rejected, Name, r.Name.Raw, "intake.no_name")
	}
	if !r.FileNumber.Known {
		u.note(Rejected, FileNumber, r.FileNumber.Raw, "intake.no_file_number")
	}
}

// raw is what stands in a column; nothing, a dash or a word for nothing is
// empty, and so is the error of a formula, which is noted.
func (u *understanding) raw(meaning Meaning) (raw, tidied string) {
	cell := u.columns.cell(u.record, meaning)
	if cell.Text == "" {
		return "", ""
	}
	if cell.Kind == CellError {
		u.note(Warning, meaning, cell.Text, "intake.cell_error")
		return cell.Text, ""
	}
	tidied = tidy(cell.Text)
	if u.columns.mapping.isNothing(tidied) {
		return cell.Text, ""
	}
	if strings.Contains(tidied, "\uFFFD") {
		u.note(Warning, meaning, cell.Text, "intake.broken_letters")
	}
	return cell.Text, tidied
}

// name reads the name, which some lists spread over several columns: own name,
// father, grandfather, family.
func (u *understanding) name() Field[string] {
	field := u.words(Name)
	if len(u.columns.parts) == 0 || !field.Known || strings.Count(field.Value, " ") >= 2 {
		return field
	}
	for _, at := range u.columns.parts {
		if at < 0 || at >= len(u.record.Cells) {
			continue
		}
		if part := tidy(u.record.Cells[at].Text); !u.columns.mapping.isNothing(part) {
			field.Value, field.Raw = field.Value+" "+part, field.Raw+" "+u.record.Cells[at].Text
		}
	}
	return field
}

// words reads free text.
func (u *understanding) words(meaning Meaning) Field[string] {
	raw, tidied := u.raw(meaning)
	return Field[string]{Raw: raw, Value: tidied, Known: tidied != ""}
}

// term reads a word of a vocabulary. An unknown word is a warning.
func (u *understanding) term(meaning Meaning) (Field[string], Term) {
	cell := u.columns.cell(u.record, meaning)
	if cell.Text == "" {
		return Field[string]{}, Term{}
	}
	if term, known := u.columns.mapping.term(meaning, cell.Text); known {
		return Field[string]{Raw: cell.Text, Value: term.Code, Known: true}, term
	}
	raw, tidied := u.raw(meaning)
	if tidied != "" {
		u.note(Warning, meaning, raw, "intake.unknown_word", "word", tidied, "column", u.column(meaning))
	}
	return Field[string]{Raw: raw}, Term{}
}

// column is the name of a column for messages.
func (u *understanding) column(meaning Meaning) text.Bilingual {
	return u.columns.mapping.Columns[meaning].Name
}

func (u *understanding) role() {
	field, term := u.term(Role)
	u.row.Role, u.row.Head, u.row.RoleSex = field, term.Head, registry.Sex(term.Sex)
	if field.Raw == "" {
		u.note(Warning, Role, "", "intake.no_role")
	}
}

// nationality tells Libyans, whose grant it is, from others. Nothing written is
// unknown, which is for a person to ask about.
func (u *understanding) nationality() {
	field, term := u.term(Nationality)
	u.row.Nationality, u.row.Country = field, term.Country
	if field.Raw == "" {
		u.note(Warning, Nationality, "", "intake.no_nationality")
	}
}

// extras keeps what stands in unknown columns.
func (u *understanding) extras() {
	for _, extra := range u.columns.extra {
		if extra.at >= len(u.record.Cells) || blankText(u.record.Cells[extra.at].Text) {
			continue
		}
		u.row.Extras = append(u.row.Extras, Extra{Heading: extra.heading, Text: u.record.Cells[extra.at].Text})
	}
}
