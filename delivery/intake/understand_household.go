package intake

import (
	"strings"
	"unicode"

	"sanad/delivery/registry"
	"sanad/platform/calendar"
	"sanad/platform/names"
)

// Household looks at the rows of one file number of one file together, in the
// order of the file, and returns what is wrong with the household as a whole,
// each named on one row: a second head on the row of that head, a missing head
// on the first row. The same person written twice as head is a warning, not a
// second head.
func Household(rows []Row) []Note {
	var notes []Note
	var head *Row
	for i := range rows {
		row := &rows[i]
		switch {
		case row.Kind != KindPerson || !row.Head:
		case head == nil:
			head = row
		case samePerson(head, row):
			notes = append(notes, Note{Row: row.Number, Level: Warning, Field: Role, Value: row.Role.Raw,
				Key: "intake.head_twice", Args: []any{"other", head.Number}})
		default:
			notes = append(notes, Note{Row: row.Number, Level: Rejected, Field: Role, Value: row.Role.Raw,
				Key: "intake.household_two_heads", Args: []any{"household", row.FileNumber.Raw, "other", head.Number}})
		}
	}
	if first := firstPerson(rows); head == nil && first != nil {
		notes = append(notes, Note{Row: first.Number, Level: Rejected, Field: Role, Value: first.Role.Raw,
			Key: "intake.household_without_head", Args: []any{"household", first.FileNumber.Raw}})
	}
	return notes
}

func firstPerson(rows []Row) *Row {
	for i := range rows {
		if rows[i].Kind == KindPerson {
			return &rows[i]
		}
	}
	return nil
}

// samePerson is only for rows of one household: the same number with agreeing
// name and birth, or the same name and birth where no number says otherwise.
// Where a name is misspelt or shortened, the role must be the same as well;
// members that differ in anything else stay two.
func samePerson(a, b *Row) bool {
	if !a.Name.Known || !b.Name.Known {
		return false
	}
	numbers := a.NationalNumber.Known && b.NationalNumber.Known
	if numbers && a.NationalNumber.Value != b.NationalNumber.Value {
		return false
	}
	if !numbers && (!a.Birth.Known || !b.Birth.Known || !bornTogether(a, b)) {
		return false
	}
	how := names.Agree(a.Name.Value, b.Name.Value)
	dated := a.Birth.Value == b.Birth.Value
	if numbers {
		return how == names.Same || how == names.Likely && bornTogether(a, b) || registry.SureNamesAgree(a.Name.Value, b.Name.Value, a.Birth.Value, b.Birth.Value)
	}
	sameRole := a.Role.Known && a.Role.Value == b.Role.Value && a.Sex.Value == b.Sex.Value
	switch how {
	case names.Same:
		return dated || sameRole
	case names.Likely:
		return sameRole && dated && a.Birth.Value.Precision() == calendar.PrecisionDay && !latin(a.Name.Value) && !latin(b.Name.Value)
	}
	return false
}

// bornTogether reports that two births may be one.
func bornTogether(a, b *Row) bool {
	return a.Birth.Value.Before(b.Birth.Value) != calendar.Yes && a.Birth.Value.After(b.Birth.Value) != calendar.Yes
}

// latin reports Latin letters, in which حسن and حسين look alike.
func latin(name string) bool {
	return strings.IndexFunc(name, func(r rune) bool { return unicode.Is(unicode.Latin, r) }) >= 0
}
