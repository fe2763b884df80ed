package policy

import (
	"bufio"
	"encoding/csv"
	"io"

	"sanad/platform/csvout"
)

// Write writes the result: a line a household, followed by one for each of its
// members, with the columns household and member (empty on the household's line)
// and one for each output. A household's outputs stand on its own line, a
// member's on hers; unknown is written where an answer rests on what is not known.
func (e *Evaluation) Write(w io.Writer) error {
	buffered := bufio.NewWriterSize(w, 1<<20)
	out := csv.NewWriter(buffered)
	outputs := e.pack.outputs()
	line := []string{householdColumn, memberColumn}
	for _, o := range outputs {
		line = append(line, o.name)
	}
	if err := out.Write(line); err != nil {
		return err
	}
	sets := map[*Programme]*evaluated{}
	for _, s := range e.sets {
		sets[s.set] = s
	}
	for h, name := range e.households {
		if err := out.Write(e.line(line, outputs, sets, name, "", false, h)); err != nil {
			return err
		}
		from, to := e.sets[0].columns.Members(h)
		for row := from; row < to; row++ {
			if err := out.Write(e.line(line, outputs, sets, name, e.members[row], true, row)); err != nil {
				return err
			}
		}
	}
	out.Flush()
	if err := out.Error(); err != nil {
		return err
	}
	return buffered.Flush()
}

func (e *Evaluation) line(line []string, outputs []output, sets map[*Programme]*evaluated, household, member string, ofMember bool, row int) []string {
	line = append(line[:0], csvout.Neutral(household), csvout.Neutral(member))
	for i := range outputs {
		o := &outputs[i]
		cell := ""
		if o.member == ofMember {
			cell = o.cell(sets[o.set], row)
		}
		line = append(line, cell)
	}
	return line
}
