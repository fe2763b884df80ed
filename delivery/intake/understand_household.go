package intake

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
		case samePerson(*head, *row):
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

// samePerson is only for rows of one household: the same number, or the same
// name and birth where neither row has a number that says otherwise.
func samePerson(a, b Row) bool {
	if a.NationalNumber.Known && b.NationalNumber.Known {
		return a.NationalNumber.Value == b.NationalNumber.Value
	}
	return a.Name.Known && fold(a.Name.Value) == fold(b.Name.Value) && a.Birth.Known && a.Birth.Value == b.Birth.Value
}
