package intake

import (
	"context"
	"crypto/sha256"
	"encoding/binary"

	"sanad/delivery/registry"
	"sanad/platform/journal"
	"sanad/platform/store"
)

// commit states one chunk of households.
func (im *importing) commit(ctx context.Context, c chunk) error {
	if im.idle || len(c.homes) == 0 {
		return nil
	}
	statements := make([]registry.Statement, len(c.homes))
	var numbers []string
	for i := range c.homes {
		statements[i] = c.homes[i].statement
		numbers = appendNumbers(numbers, &statements[i])
	}
	receipt, err := im.journal.Write(ctx, im.command("chunk", c.digest()), func(tx *store.Tx) error {
		known, err := im.memory.Look(tx, numbers)
		if err != nil {
			return err
		}
		for i := range statements {
			statements[i].New = im.memory.New(statements[i].Branch, statements[i].File)
		}
		taken, err := registry.TakeStatements(tx, statements)
		if err != nil {
			return err
		}
		if err := journal.Record(tx, im.tookIn(tx, c, taken)); err != nil {
			return err
		}
		return im.memory.Identify(tx, known, taken)
	})
	if err == nil && !receipt.Repeated {
		im.memory.Kept()
	}
	return err
}

func appendNumbers(numbers []string, st *registry.Statement) []string {
	for _, m := range st.Members {
		for _, claim := range m.Facts {
			if claim.Name == registry.NationalNumberFact {
				numbers = append(numbers, claim.Value.Text)
			}
		}
	}
	return numbers
}

// digest is of which rows the chunk is made: after a change of the program the
// same file may fall into other chunks.
func (c *chunk) digest() []byte {
	h := sha256.New()
	for i := range c.homes {
		home := &c.homes[i]
		h.Write([]byte(home.statement.Branch + "\x00" + home.statement.File + "\x00"))
		for _, n := range home.numbers {
			h.Write(binary.BigEndian.AppendUint64(nil, uint64(n)))
		}
	}
	return h.Sum(nil)
}

func (im *importing) tookIn(tx *store.Tx, c chunk, taken []registry.Taken) TookIn {
	event := TookIn{Stream: journal.Home(tx), Import: im.summary.Import, Round: im.round}
	for i := range taken {
		if !taken[i].Changed {
			continue
		}
		lines := Lines{Household: taken[i].Household, Numbers: c.homes[i].numbers, Places: c.homes[i].members}
		for n, person := range taken[i].Persons {
			if person != lines.Household.Next(uint64(n+1)) {
				lines.Persons = taken[i].Persons
			}
		}
		event.Homes = append(event.Homes, lines)
	}
	return event
}
