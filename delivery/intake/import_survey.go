package intake

import (
	"hash/maphash"
	"strings"

	"sanad/platform/calendar"
	"sanad/platform/fault"
)

// survey is what a first, quick reading of a file finds: its heading, the day
// that its title names, and which households are not written in one piece. It
// keeps eight bytes of each household.
type survey struct {
	columns   *Columns
	day       calendar.Date // of the title; Unknown for none
	records   int
	byBranch  bool // the branch column belongs to a household's key
	seed      maphash.Seed
	seen      map[uint64]bool // a household's key; true where it is scattered
	last      uint64
	lastCells [2]string
}

func (m *Mapping) survey(file *File, byBranch bool, today calendar.Date) (*survey, error) {
	s := &survey{byBranch: byBranch, seed: maphash.MakeSeed(), seen: map[uint64]bool{}}
	err := file.Each(func(record Record) error {
		s.records = record.Number
		if s.columns != nil {
			s.record(record)
			return nil
		}
		if record.Number > headingWithin {
			return fault.Invalid("intake.no_heading", "file", file.Name)
		}
		var err error
		if s.columns, err = m.Bind(record); err != nil {
			return named(err, file.Name)
		}
		if s.columns == nil && s.day == calendar.Unknown {
			s.day = titleDay(record, today)
		}
		return nil
	})
	if err == nil && s.columns == nil {
		err = fault.Invalid("intake.no_heading", "file", file.Name)
	}
	return s, err
}

// record notes the household of a record.
func (s *survey) record(record Record) {
	cells := [2]string{s.columns.cell(record, FileNumber).Text}
	if s.byBranch {
		cells[1] = s.columns.cell(record, Branch).Text
	}
	if cells[0] == "" || cells == s.lastCells {
		return
	}
	s.lastCells = cells
	key := s.hash(householdKey(cells[0], cells[1]))
	if key == s.last {
		return
	}
	s.last = key
	_, again := s.seen[key]
	s.seen[key] = again
}

func (s *survey) hash(key string) uint64 { return maphash.String(s.seed, key) }

// scattered reports whether a household's rows stand in several places.
func (s *survey) scattered(key string) bool { return s.seen[s.hash(key)] }

// householdKey tells households of one file apart: its file number, and its
// branch where rows name several.
func householdKey(file, branch string) string {
	if branch == "" {
		return fold(file)
	}
	return fold(file) + "\x00" + fold(branch)
}

// titleDay is the day that a title names: "كشف الأسر في 5/10/2026". A month
// alone, or a day to come, is none.
func titleDay(record Record, today calendar.Date) calendar.Date {
	for _, cell := range record.Cells {
		for _, word := range strings.Fields(cell.Text) {
			if countDigits(fold(word)) < 6 {
				continue
			}
			day, reading := calendar.Read(tidy(word))
			if !reading.Refused && day.Precision() == calendar.PrecisionDay && day <= today {
				return day
			}
		}
	}
	return calendar.Unknown
}
