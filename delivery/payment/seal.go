package payment

import (
	"bytes"
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/binary"
	"fmt"

	"sanad/platform/fault"
	"sanad/platform/id"
	"sanad/platform/journal"
	"sanad/platform/store"
)

// canonical is the encoding that digests run over: each field with its length
// before it, so that no two different lines look alike.
type canonical struct{ bytes []byte }

func (c *canonical) text(s string) {
	c.bytes = binary.BigEndian.AppendUint32(c.bytes, uint32(len(s)))
	c.bytes = append(c.bytes, s...)
}

func (c *canonical) number(n int64) { c.bytes = binary.BigEndian.AppendUint64(c.bytes, uint64(n)) }
func (c *canonical) name(n id.ID)   { c.bytes = append(c.bytes, n[:]...) }

// link returns the head of a chain after one more item.
func (c *canonical) link(head []byte) []byte {
	h := sha256.New()
	h.Write(head)
	h.Write(c.bytes)
	return h.Sum(nil)
}

// start is the head of a list's chain before its first line: a line belongs to
// this list and to no other.
func (l List) start() []byte {
	c := canonical{}
	c.text("sanad payment list")
	c.name(l.ID)
	c.text(l.Programme)
	c.number(int64(l.Quarter))
	c.text(l.Category)
	c.number(l.Number)
	return c.link(nil)
}

// link returns the head after this line; programme is the one of its row.
func (l *Line) link(head []byte, programme string) []byte {
	c := canonical{make([]byte, 0, 320)}
	c.number(l.Serial)
	c.text(programme)
	c.name(l.Household)
	c.text(l.Branch)
	c.text(l.File)
	c.name(l.Person)
	c.text(l.Component)
	c.number(int64(l.Month))
	c.number(int64(l.Amount))
	c.name(l.Payee)
	c.name(l.PayeeHousehold)
	c.text(l.PayeeName)
	c.text(l.Account)
	c.text(l.Bank)
	c.number(l.Transfer)
	c.text(string(l.Cause))
	if l.Part != 0 || l.Withheld != 0 || !l.Proposal.IsZero() {
		c.number(l.Part)
		c.number(int64(l.Withheld))
		c.name(l.Proposal)
	}
	return c.link(head)
}

// sealOf is what a line keeps of the head after it: enough to name the first
// line that differs. The digest of the whole is kept in full.
func sealOf(head []byte) int64 { return int64(binary.BigEndian.Uint64(head)) }

func (h *Held) link(head []byte, programme string) []byte {
	c := canonical{make([]byte, 0, 192)}
	c.text("held")
	c.number(h.Serial)
	c.text(programme)
	c.name(h.Household)
	c.text(h.Branch)
	c.text(h.File)
	c.name(h.Person)
	c.text(h.Component)
	c.number(int64(h.Month))
	c.number(int64(h.Amount))
	c.name(h.Payee)
	c.text(h.Reason)
	return c.link(head)
}

func (g *Gone) link(head []byte) []byte {
	c := canonical{make([]byte, 0, 192)}
	c.name(g.Person)
	c.text(g.Component)
	c.name(g.Household)
	c.text(g.Branch)
	c.text(g.File)
	c.text(g.Name)
	c.number(int64(g.Amount))
	c.text(g.Reason)
	c.text(g.Words)
	c.name(g.Author)
	return c.link(head)
}

func (r *Returned) link(head []byte) []byte {
	c := canonical{}
	for _, n := range []int64{r.Transfer, r.Day, int64(r.Amount), r.First, r.Last, r.Taken} {
		c.number(n)
	}
	c.text(string(r.Outcome))
	c.text(r.Reason)
	return c.link(head)
}

// Digest is what an approver signs for: SHA-256 over the digests of the lines,
// held ones included, and of the comparison with its reasons.
func (l List) Digest() [32]byte {
	return sha256.Sum256(append(bytes.Clone(l.LinesDigest), l.GoneDigest...))
}

// header is the list's row without its seal, as the node signs it.
func (l List) header() []byte {
	c := canonical{make([]byte, 0, 640)}
	c.text("sanad payment list header 1")
	values := l.values()
	for i, value := range values[:len(values)-1] {
		if later := lists.Columns[i]; (later == "since" && l.Since == 0) || (later == "components" && len(l.Components) == 0) {
			continue // lists from before these columns were there
		}
		c.text(lists.Columns[i])
		switch value := value.(type) {
		case id.ID:
			c.name(value)
		case []byte:
			c.text(string(value))
		default:
			c.text(fmt.Sprintf("%v", value)) // whole numbers, yes or no, and text
		}
	}
	return c.bytes
}

// sealed returns the list signed by this node.
func (l List) sealed(tx *store.Tx) List {
	l.Seal = ed25519.Sign(journal.Self(tx).Signer(), l.header())
	return l
}

// proveHeader returns the fault "payment.altered_list" where the row is not the
// one that this node signed.
func (l List) proveHeader(tx *store.Tx) error {
	signer := journal.Self(tx).Signer().Public().(ed25519.PublicKey)
	if !ed25519.Verify(signer, l.header(), l.Seal) {
		return l.altered()
	}
	return nil
}

func (l List) altered() error { return fault.Conflict("payment.altered_list", "list", l.ID.String()) }

// prove holds everything that is kept of a list against its digests: its row,
// lines, held lines, comparison and returns. Its faults are
// "payment.altered_line", which names the first line that differs, and
// "payment.altered_list".
func prove(tx *store.Tx, l List) error {
	s, err := open(tx, l)
	if err != nil {
		return err
	}
	for _, b := range s.Banks {
		for _, err := range s.Transfers(b.Code) {
			if err != nil {
				return err
			}
		}
	}
	return s.Proved()
}

// proveRest holds what stands beside the lines against the list's digests. head
// is the chain's head after the last line.
func proveRest(tx *store.Tx, l List, head []byte) error {
	serial := int64(0)
	err := tx.Each(func(r *store.Row) error {
		programme, h := r.Text(), scanHeld(r)
		if serial++; h.Serial != serial {
			return l.altered()
		}
		head = h.link(head, programme)
		return r.Err()
	}, "SELECT programme, "+heldColumns+" FROM payment_held WHERE list = $1 ORDER BY serial", l.ID)
	if err != nil {
		return err
	}
	comparison, unreasoned, err := goneDigest(tx, l)
	if err != nil {
		return err
	}
	answers, err := returnsDigest(tx, l)
	if err != nil {
		return err
	}
	if !bytes.Equal(head, l.LinesDigest) || !bytes.Equal(comparison, l.GoneDigest) || unreasoned != l.Unreasoned ||
		!bytes.Equal(answers, blob(l.ReturnsDigest)) {
		return l.altered()
	}
	return nil
}

// goneDigest returns the digest of a list's comparison and how many persons in
// it have no reason.
func goneDigest(tx *store.Tx, l List) (head []byte, unreasoned int64, err error) {
	head = l.start()
	err = tx.Each(func(r *store.Row) error {
		g := scanGone(r)
		if g.Reason == "" && g.Words == "" {
			unreasoned++
		}
		head = g.link(head)
		return r.Err()
	}, goneQuery+" WHERE list = $1 ORDER BY person, component", l.ID)
	return head, unreasoned, err
}

// returnsDigest returns the digest of the banks' answers; empty where there are
// none. Lines are live exactly where no answer says that they came back.
func returnsDigest(tx *store.Tx, l List) ([]byte, error) {
	head, back := []byte(nil), int64(0)
	err := tx.Each(func(r *store.Row) error {
		answer := scanReturned(r)
		head = answer.link(head)
		if answer.Outcome == CameBack {
			back += answer.Last - answer.First + 1
		}
		return r.Err()
	}, returnsQuery+" WHERE list = $1 ORDER BY transfer", l.ID)
	if err != nil {
		return nil, err
	}
	wrong, _, err := store.One(tx, func(r *store.Row) int64 { return r.Int() },
		`SELECT count(*) FROM payment_lines l LEFT JOIN payment_returns r ON r.list = l.list AND r.transfer = l.transfer AND r.outcome = 'returned'
		WHERE l.list = $1 AND l.live <> CASE WHEN r.transfer IS NULL THEN 1 ELSE 0 END`, l.ID)
	if err == nil && wrong > 0 {
		err = l.altered()
	}
	return blob(head), err
}
