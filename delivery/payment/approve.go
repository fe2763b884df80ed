package payment

import (
	"bytes"
	"strings"

	"sanad/platform/access"
	"sanad/platform/fault"
	"sanad/platform/id"
	"sanad/platform/journal"
	"sanad/platform/store"
	"sanad/platform/text"
)

// edges is the whole way of a list: the states in which a step may be taken. A
// step that is not here is refused.
var edges = map[Step][]State{
	StepReason:   {Prepared},
	StepApprove:  {Prepared, SignedOnce},
	StepWithdraw: {Prepared, SignedOnce, Approved},
	StepExport:   {Approved, Exported, Answered, Closed}, // again gives the same bytes
	StepAnswer:   {Exported, Answered},
	StepClose:    {Answered},
}

// allows returns the fault "payment.wrong_state" where the list's state does not
// allow a step; it names the state and the step.
func (l List) allows(s Step) error {
	for _, from := range edges[s] {
		if l.State == from {
			return nil
		}
	}
	return fault.Conflict("payment.wrong_state", "state", l.State.Key(), "step", s.Key())
}

// Key is the message that names the step.
func (s Step) Key() text.Key { return text.Key("payment.step_" + string(s)) }

// step records the list's row after a step, signed anew.
func (l List) step(tx *store.Tx, s Step) (List, error) {
	l.Version++
	l = l.sealed(tx)
	return l, journal.Record(tx, Stepped{s, l})
}

// Approve signs for a list's digest as the approver has seen it. The approver is
// another person than the one who prepared it, whatever roles both hold; where
// more vanish than the limits allow, a third one signs too. Everything is
// checked again here, in the transaction that signs. Its faults are
// "access.same_person", "payment.wrong_state", "payment.digest_differs",
// "payment.unreasoned" and those of an altered list.
func Approve(tx *store.Tx, list id.ID, seen [32]byte) (List, error) {
	if err := access.Require(tx, access.ApproveList, ""); err != nil {
		return List{}, err
	}
	l, err := find(tx, list)
	if err != nil {
		return List{}, err
	}
	if err := l.allows(StepApprove); err != nil {
		return List{}, err
	}
	if err := access.RequireAnother(tx, l.Preparer); err != nil {
		return List{}, err
	}
	if l.State == SignedOnce {
		if err := access.RequireAnother(tx, l.Signer); err != nil {
			return List{}, err
		}
	}
	if l.Unreasoned > 0 {
		return List{}, fault.Conflict("payment.unreasoned", "count", l.Unreasoned)
	}
	if digest := l.Digest(); !bytes.Equal(digest[:], seen[:]) {
		return List{}, fault.Conflict("payment.digest_differs")
	}
	if err := prove(tx, l); err != nil {
		return List{}, err
	}
	return l.signed(tx)
}

// signed adds the actor's signature.
func (l List) signed(tx *store.Tx) (List, error) {
	if l.TwoSignatures && l.State == Prepared {
		l.State, l.Signer = SignedOnce, tx.Actor
		return l.step(tx, StepSign)
	}
	l.State, l.Approver, l.ApprovedAt = Approved, tx.Actor, tx.Now.UnixMicro()
	l, err := l.step(tx, StepApprove)
	if err != nil {
		return List{}, err
	}
	return l, l.settle(tx)
}

// Withdraw takes back a list that was not handed to any bank; its lines are free
// for another. The preparer may do it until the first signature, an approver
// until the export. Its faults are "payment.no_words", "payment.wrong_state" and
// "payment.supplement_first".
func Withdraw(tx *store.Tx, list id.ID, remark string) (List, error) {
	l, err := find(tx, list)
	if err != nil {
		return List{}, err
	}
	capability := access.ApproveList
	if l.State == Prepared && tx.Actor == l.Preparer {
		capability = access.PrepareList
	}
	if err := access.Require(tx, capability, ""); err != nil {
		return List{}, err
	}
	if err := l.allows(StepWithdraw); err != nil {
		return List{}, err
	}
	if len([]rune(strings.TrimSpace(remark))) < 5 {
		return List{}, fault.Invalid("payment.no_words").At("remark")
	}
	if err := l.freeOfSupplements(tx); err != nil {
		return List{}, err
	}
	if l.State == Approved {
		if err := l.takeBack(tx); err != nil {
			return List{}, err
		}
	}
	l.State, l.Remark = Withdrawn, strings.TrimSpace(remark)
	return l.step(tx, StepWithdraw)
}

// MarkExported notes that a list's bank file was made, and its SHA-256. A file
// that differs from the first export's is refused with
// "payment.export_differs"; the same again changes nothing.
func MarkExported(tx *store.Tx, list id.ID, file [32]byte) (List, error) {
	if err := access.Require(tx, access.ExportList, ""); err != nil {
		return List{}, err
	}
	l, err := find(tx, list)
	if err != nil {
		return List{}, err
	}
	if err := l.allows(StepExport); err != nil {
		return List{}, err
	}
	if err := l.proveHeader(tx); err != nil {
		return List{}, err
	}
	if len(l.FileDigest) > 0 {
		if !bytes.Equal(l.FileDigest, file[:]) {
			return List{}, fault.Conflict("payment.export_differs", "list", l.ID.String())
		}
		return l, nil
	}
	l.State, l.Exporter, l.ExportedAt, l.FileDigest = Exported, tx.Actor, tx.Now.UnixMicro(), bytes.Clone(file[:])
	return l.step(tx, StepExport)
}

// Close ends a list whose returns were read in.
func Close(tx *store.Tx, list id.ID) (List, error) {
	if err := access.Require(tx, access.CloseList, ""); err != nil {
		return List{}, err
	}
	l, err := find(tx, list)
	if err != nil {
		return List{}, err
	}
	if err := l.allows(StepClose); err != nil {
		return List{}, err
	}
	if err := prove(tx, l); err != nil {
		return List{}, err
	}
	l.State, l.Closer, l.ClosedAt = Closed, tx.Actor, tx.Now.UnixMicro()
	return l.step(tx, StepClose)
}
