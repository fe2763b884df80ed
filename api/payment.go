package api

import (
	"archive/zip"
	"bytes"
	"context"
	"encoding/hex"
	"errors"
	"io"
	"os"
	"path/filepath"

	"sanad/delivery/payment"
	"sanad/delivery/policy"
	"sanad/exchange/bank"
	"sanad/platform/access"
	"sanad/platform/calendar"
	"sanad/platform/fault"
	"sanad/platform/id"
	"sanad/platform/journal"
	"sanad/platform/money"
	"sanad/platform/store"
	"sanad/platform/text"
)

func paymentEndpoints(d *door) {
	asks(d, endpoint{name: "lists", at: "GET /lists", says: "All payment lists, the latest quarter first", need: access.SeeList}, lists)
	does(d, endpoint{name: "prepareList", at: "POST /lists", says: "Freeze a quarter's list of one category, or what it left out", need: access.PrepareList}, d.prepareList)
	asks(d, endpoint{name: "list", at: "GET /lists/{list}", says: "One list, with the digest that its approver signs for", need: access.SeeList}, list)
	asks(d, endpoint{name: "comparison", at: "GET /lists/{list}/comparison", says: "A list beside the one before: who was paid then and is not now, and why", need: access.SeeList}, comparison)
	does(d, endpoint{name: "giveReason", at: "POST /lists/{list}/reasons", says: "Say why somebody vanished, where the system has no reason", need: access.PrepareList}, giveReason)
	does(d, endpoint{name: "approveList", at: "POST /lists/{list}/approve", says: "Sign for a list, as another person than its preparer", need: access.ApproveList,
		more: "digest is the one that the approver has seen: a list that changed since is refused."}, approveList)
	does(d, endpoint{name: "withdrawList", at: "POST /lists/{list}/withdraw", says: "Take back a list that no bank has seen"}, withdrawList)
	sends(d, endpoint{name: "exportList", at: "POST /lists/{list}/export", says: "The bank file (pain.001.001.09) and a schedule for each bank, as a zip archive", need: access.ExportList,
		more: "An approved list gives the same bytes every time, so it needs no key; one that was altered since is refused."}, []file{{"application/zip", plainText}}, d.exportList)
	does(d, endpoint{name: "readReturns", at: "POST /lists/{list}/returns", says: "Read a bank's file of returns into an exported list", need: access.ReadReturns, upload: true}, readReturns)
	asks(d, endpoint{name: "payments", at: "GET /households/{household}/payments", says: "What a household was and will be paid, the latest month first", need: access.SeeDecision}, payments)
	does(d, endpoint{name: "closeList", at: "POST /lists/{list}/close", says: "Close a list whose returns were read in", need: access.CloseList}, closeList)
}

// ListPath is an address that names a payment list.
type ListPath struct {
	List identifier `path:"list"`
}

// List is a payment list: a quarter, a category.
type List struct {
	ID            id.ID            `json:"id"`
	Programme     string           `json:"programme"`
	Title         text.Bilingual   `json:"title"`
	Quarter       calendar.Quarter `json:"quarter"`
	Category      string           `json:"category"`
	Number        int64            `json:"number" doc:"0: the quarter's list; from 1: its supplements"`
	Since         calendar.Quarter `json:"since,omitzero" doc:"of a supplement: the first quarter that it repairs, where that is an earlier one"`
	State         string           `json:"state"`
	Lines         int64            `json:"lines"`
	Transfers     int64            `json:"transfers" doc:"payees with their accounts"`
	Total         money.Amount     `json:"total_dirham"`
	Held          int64            `json:"held" doc:"lines that are due and cannot be paid yet"`
	HeldTotal     money.Amount     `json:"held_dirham"`
	Before        int64            `json:"before" doc:"persons paid for the quarter before"`
	Gone          int64            `json:"gone" doc:"of these, not in this list"`
	Unreasoned    int64            `json:"unreasoned" doc:"of these, without a reason yet"`
	TwoSignatures bool             `json:"two_signatures"`
	Digest        string           `json:"digest" doc:"what an approver signs for, hexadecimal"`
	Preparer      id.ID            `json:"preparer"`
	Prepared      string           `json:"prepared" format:"date-time"`
	Signer        id.ID            `json:"first_signer,omitzero"`
	Approver      id.ID            `json:"approver,omitzero"`
	Approved      string           `json:"approved,omitempty" format:"date-time"`
	Exported      string           `json:"exported,omitempty" format:"date-time"`
	FileDigest    string           `json:"file_digest,omitempty" doc:"SHA-256 of the bank file, hexadecimal"`
	Returned      int64            `json:"returned" doc:"transfers that came back"`
	ReturnedTotal money.Amount     `json:"returned_dirham"`
	Closed        string           `json:"closed,omitempty" format:"date-time"`
	Remark        string           `json:"remark,omitempty"`
}

func listOf(l payment.List, err error) (List, error) {
	if err != nil {
		return List{}, err
	}
	digest := l.Digest()
	return List{ID: l.ID, Programme: l.Programme, Title: l.Title, Quarter: l.Quarter, Category: l.Category, Number: l.Number, Since: l.Since, State: string(l.State),
		Lines: l.Lines, Transfers: l.Transfers, Total: l.Total, Held: l.Held, HeldTotal: l.HeldTotal, Before: l.Before, Gone: l.Gone, Unreasoned: l.Unreasoned,
		TwoSignatures: l.TwoSignatures, Digest: hex.EncodeToString(digest[:]), Preparer: l.Preparer, Prepared: micro(l.PreparedAt), Signer: l.Signer,
		Approver: l.Approver, Approved: micro(l.ApprovedAt), Exported: micro(l.ExportedAt), FileDigest: hex.EncodeToString(l.FileDigest),
		Returned: l.Returned, ReturnedTotal: l.ReturnedTotal, Closed: micro(l.ClosedAt), Remark: l.Remark}, nil
}

// Lists are payment lists.
type Lists struct {
	Lists []List `json:"lists" nullable:"false"`
}

func lists(tx *store.Tx, _ *struct{}) (Lists, error) {
	found, err := payment.Lists(tx)
	out := Lists{Lists: []List{}}
	for _, l := range found {
		shown, _ := listOf(l, nil)
		out.Lists = append(out.Lists, shown)
	}
	return out, err
}

type prepareInput struct {
	Body struct {
		Programme  string  `json:"programme" maxLength:"100"`
		Quarter    quarter `json:"quarter"`
		Category   string  `json:"category" maxLength:"100" example:"children"`
		Supplement bool    `json:"supplement,omitempty" doc:"what the quarter's list left out, each line with its cause"`
		Since      quarter `json:"since,omitzero" doc:"of a supplement: repair all quarters from this one on"`
	}
}

func (d *door) prepareList(tx *store.Tx, in *prepareInput) (List, error) {
	p, err := policy.Named(d.Pack, in.Body.Programme)
	if err != nil {
		return List{}, err
	}
	if in.Body.Supplement {
		since := in.Body.Since.Quarter
		if since == 0 {
			since = in.Body.Quarter.Quarter
		}
		return listOf(payment.RepairSince(tx, payment.TermsOf(p), since, in.Body.Quarter.Quarter, in.Body.Category))
	}
	return listOf(payment.Prepare(tx, payment.TermsOf(p), in.Body.Quarter.Quarter, in.Body.Category))
}

func list(tx *store.Tx, in *ListPath) (List, error) {
	return listOf(payment.FindList(tx, in.List.ID))
}

type giveReasonInput struct {
	ListPath
	Body struct {
		Person    id.ID  `json:"person"`
		Component string `json:"component" maxLength:"100"`
		Words     string `json:"words" maxLength:"1000"`
	}
}

func giveReason(tx *store.Tx, in *giveReasonInput) (List, error) {
	return listOf(payment.GiveReason(tx, in.List.ID, in.Body.Person, in.Body.Component, in.Body.Words))
}

type approveInput struct {
	ListPath
	Body struct {
		Digest string `json:"digest" pattern:"^[0-9a-f]{64}$" doc:"of the list as the approver has seen it"`
	}
}

func approveList(tx *store.Tx, in *approveInput) (List, error) {
	var seen [32]byte
	if n, err := hex.Decode(seen[:], []byte(in.Body.Digest)); err != nil || n != len(seen) {
		return List{}, fault.Invalid("api.unreadable").At("digest")
	}
	return listOf(payment.Approve(tx, in.List.ID, seen))
}

type withdrawInput struct {
	ListPath
	Body struct {
		Remark string `json:"remark" maxLength:"1000"`
	}
}

func withdrawList(tx *store.Tx, in *withdrawInput) (List, error) {
	return listOf(payment.Withdraw(tx, in.List.ID, in.Body.Remark))
}

func closeList(tx *store.Tx, in *ListPath) (List, error) {
	return listOf(payment.Close(tx, in.List.ID))
}

// Returns is what reading returns in has changed.
type Returns struct {
	Paid     int64        `json:"paid" doc:"transfers said to be paid"`
	Returned int64        `json:"returned" doc:"transfers that came back"`
	Amount   money.Amount `json:"returned_dirham"`
	Repeated int64        `json:"known" doc:"answers that were known already"`
}

type returnsInput struct {
	ListPath
	RawBody []byte `contentType:"text/csv"`
}

func readReturns(tx *store.Tx, in *returnsInput) (Returns, error) {
	answers, err := bank.ReadReturns(bytes.NewReader(in.RawBody))
	if err != nil {
		return Returns{}, err
	}
	taken, err := payment.TakeReturns(tx, in.List.ID, answers)
	return Returns(taken), err
}

// exportList packs the files of an export. Names and order in the archive are
// fixed and it carries no clock, so it is the same every time, too.
func (d *door) exportList(ctx context.Context, in *ListPath, w io.Writer) (string, error) {
	directory, err := bank.Open(d.Pack)
	if err != nil {
		return "", err
	}
	folder, err := os.MkdirTemp("", "sanad-export-*")
	if err != nil {
		return "", err
	}
	defer os.RemoveAll(folder)
	done, err := directory.Export(ctx, d.Journal, callerOf(ctx).session, in.List.ID, folder)
	if err != nil {
		return "", err
	}
	archive := zip.NewWriter(w)
	for _, name := range done.Files {
		if err := pack(archive, filepath.Join(folder, name), name); err != nil {
			return "", err
		}
	}
	return "application/zip", archive.Close()
}

func pack(archive *zip.Writer, from, name string) error {
	file, err := os.Open(from)
	if err != nil {
		return err
	}
	into, err := archive.Create(name)
	if err == nil {
		_, err = io.Copy(into, file)
	}
	return errors.Join(err, file.Close())
}

// Comparison is what an approver looks at.
type Comparison struct {
	List    List          `json:"list"`
	Before  *List         `json:"before,omitempty" doc:"the list of the quarter before"`
	Persons int64         `json:"persons" doc:"in this list"`
	Reasons []ReasonCount `json:"reasons" nullable:"false"`
	Causes  []CauseCount  `json:"causes" nullable:"false" doc:"of a supplement's lines"`
	Gone    []Gone        `json:"gone" nullable:"false"`
}

// ReasonCount is how many are gone for one reason.
type ReasonCount struct {
	Reason  string       `json:"reason"`
	Persons int64        `json:"persons"`
	Amount  money.Amount `json:"amount_dirham"`
}

// CauseCount is how many lines of a supplement have one cause.
type CauseCount struct {
	Cause   string       `json:"cause"`
	Arabic  string       `json:"message_ar"`
	English string       `json:"message_en"`
	Lines   int64        `json:"lines"`
	Amount  money.Amount `json:"amount_dirham"`
}

// Gone is a person who was paid for the quarter before and is not in this list.
type Gone struct {
	Person    id.ID        `json:"person"`
	Component string       `json:"component"`
	Household id.ID        `json:"household"`
	Branch    string       `json:"branch"`
	File      string       `json:"file"`
	Name      string       `json:"name"`
	Amount    money.Amount `json:"amount_dirham" doc:"a month, as last paid"`
	Reason    string       `json:"reason,omitempty"`
	Words     string       `json:"words,omitempty" doc:"a person's own"`
}

func comparison(tx *store.Tx, in *ListPath) (Comparison, error) {
	c, err := payment.Compare(tx, in.List.ID)
	if err != nil {
		return Comparison{}, err
	}
	out := Comparison{Persons: c.Persons, Reasons: []ReasonCount{}, Causes: []CauseCount{}, Gone: []Gone{}}
	out.List, _ = listOf(c.List, nil)
	if c.Before != nil {
		before, _ := listOf(*c.Before, nil)
		out.Before = &before
	}
	for _, r := range c.Reasons {
		out.Reasons = append(out.Reasons, ReasonCount(r))
	}
	for _, r := range c.Causes {
		out.Causes = append(out.Causes, CauseCount{string(r.Cause), text.Say(text.Arabic, string(r.Cause.Key())), text.Say(text.English, string(r.Cause.Key())), r.Lines, r.Amount})
	}
	for _, g := range c.Gone {
		journal.Look(tx, g.Household, "comparison")
		out.Gone = append(out.Gone, Gone{g.Person, g.Component, g.Household, g.Branch, g.File, g.Name, g.Amount, g.Reason, g.Words})
	}
	return out, nil
}
