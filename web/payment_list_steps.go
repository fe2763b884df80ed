package web

import (
	"encoding/hex"
	"mime"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"time"

	"sanad/delivery/payment"
	"sanad/exchange/bank"
	"sanad/platform/access"
	"sanad/platform/fault"
	"sanad/platform/id"
	"sanad/platform/store"
	"sanad/platform/text"
)

func moment(microseconds int64) time.Time { return time.UnixMicro(microseconds).UTC() }

// actions puts onto the page what this reader may do with the list now, and
// says why not where a signature is awaited.
func (x *exchange) actions(tx *store.Tx, l payment.List, v *listView) error {
	digest := l.Digest()
	command := func() field { return field{Name: "command", Kind: "hidden", Value: tx.NewID().String()} }
	offer := func(f form) *form {
		f.Token, f.Action = x.frame.Token, v.Href+f.Action
		f.Fields = append([]field{command()}, f.Fields...)
		return &f
	}
	switch waits := l.State == payment.Prepared || l.State == payment.SignedOnce; {
	case waits && l.Preparer == x.session.Actor:
		v.Locked = "web.locked_own"
	case waits && !x.may(access.ApproveList):
		v.Locked = "web.locked_role"
	case waits && l.Signer == x.session.Actor:
		v.Locked = "web.locked_signed"
	case waits && l.Unreasoned > 0:
		v.Locked = "web.locked_reasons"
	case waits:
		v.Sign = offer(signForm(hex.EncodeToString(digest[:])))
	}
	v.MayReason = l.State == payment.Prepared && x.may(access.PrepareList)
	for i := range v.Gone {
		v.Gone[i].Command = tx.NewID().String()
	}
	preparer := l.State == payment.Prepared && l.Preparer == x.session.Actor
	if beforeBank(l.State) && (preparer || x.may(access.ApproveList)) {
		v.Back = offer(withdrawForm())
	}
	if l.State == payment.Exported || l.State == payment.Answered {
		if x.may(access.ReadReturns) {
			v.Returns = offer(returnsForm())
		}
	}
	if l.State == payment.Answered && x.may(access.CloseList) {
		v.Close = offer(form{Action: "/close", Submit: "web.list_close_submit"})
	}
	if afterApproval(l.State) && x.may(access.ExportList) {
		v.Export = offer(form{Action: "/export", Submit: "web.list_export_submit"})
		v.Files = x.site.exported(l.ID)
		return x.banks(tx, l, v)
	}
	return nil
}

func beforeBank(s payment.State) bool {
	return s == payment.Prepared || s == payment.SignedOnce || s == payment.Approved
}

func afterApproval(s payment.State) bool {
	return s == payment.Approved || s == payment.Exported || s == payment.Answered || s == payment.Closed
}

// may tells whether this reader has a capability somewhere; the verb asks again.
func (x *exchange) may(need access.Capability) bool { return holds(x.session, need) }

func (x *exchange) banks(tx *store.Tx, l payment.List, v *listView) error {
	sealed, err := payment.OpenApproved(tx, l.ID)
	if err != nil {
		return err
	}
	for _, b := range sealed.Banks {
		v.Banks = append(v.Banks, bankRow{v.Href + "/banks/" + b.Code, x.site.bankName(b.Code), int(b.Transfers), b.Total})
	}
	return nil
}

func (s *site) bankName(code string) text.Bilingual {
	if s.banks != nil {
		return s.banks.Name(code)
	}
	return text.Bilingual{Arabic: code, English: code}
}

// step runs one verb on the list of the address and goes back to its page; a
// refusal is shown there beside its form.
func (x *exchange) step(refusing func(*listView) *form, do func(*store.Tx, id.ID, *form) error) error {
	which, err := x.pathID("list")
	if err != nil {
		return err
	}
	view, err := x.listView()
	if err != nil {
		return err
	}
	f := refusing(&view)
	if f == nil {
		return fault.Conflict("web.list_not_now")
	}
	f.read(x.r)
	_, err = x.change(func(tx *store.Tx) error { return do(tx, which, f) })
	if refused := fault.Of(err); refused != nil && refused.Kind != fault.KindForbidden {
		f.note(refused)
		return showList.refuse(x, view)
	}
	if err != nil {
		return err
	}
	return x.seeOther("/lists/" + which.String())
}

func approveList(x *exchange) error {
	return x.step(func(v *listView) *form { return v.Sign }, func(tx *store.Tx, list id.ID, f *form) error {
		if f.get("read") != "yes" {
			return fault.Invalid("web.list_read_first").At("read")
		}
		var seen [32]byte
		if raw, err := hex.DecodeString(value(x.r, "digest")); err == nil {
			copy(seen[:], raw)
		}
		_, err := payment.Approve(tx, list, seen)
		return err
	})
}

func withdrawList(x *exchange) error {
	return x.step(func(v *listView) *form { return v.Back }, func(tx *store.Tx, list id.ID, f *form) error {
		_, err := payment.Withdraw(tx, list, f.get("why"))
		if refused := fault.Of(err); refused != nil && refused.Kind == fault.KindInvalid {
			return refused.At("why")
		}
		return err
	})
}

func closeList(x *exchange) error {
	return x.step(func(v *listView) *form { return v.Close }, func(tx *store.Tx, list id.ID, _ *form) error {
		_, err := payment.Close(tx, list)
		return err
	})
}

// giveReason writes down why one person vanished from the lists.
func giveReason(x *exchange) error {
	which, err := x.pathID("list")
	if err != nil {
		return err
	}
	person, err := id.Parse(value(x.r, "person"))
	if err != nil {
		return fault.NotFound("web.no_such_page").Because(err)
	}
	if _, err = x.change(func(tx *store.Tx) error {
		_, err := payment.GiveReason(tx, which, person, value(x.r, "component"), value(x.r, "words"))
		return err
	}); err != nil {
		return err
	}
	return x.seeOther("/lists/" + which.String() + "#gone")
}

// takeReturns reads a bank's answers in, all of them or none.
func takeReturns(x *exchange) error {
	return x.step(func(v *listView) *form { return v.Returns }, func(tx *store.Tx, list id.ID, f *form) error {
		file, _, err := x.r.FormFile("returns")
		if err != nil {
			return fault.Invalid("web.file_needed").At("returns")
		}
		defer file.Close()
		answers, err := bank.ReadReturns(file)
		if err == nil {
			_, err = payment.TakeReturns(tx, list, answers)
		}
		return placed(err, "returns")
	})
}

// exportList makes the bank files in the node's folder. It may be done again:
// the bytes are the same.
func exportList(x *exchange) error {
	which, err := x.pathID("list")
	if err != nil {
		return err
	}
	if x.site.Folder == "" || x.site.banks == nil {
		return fault.Unavailable("web.no_export_here")
	}
	if _, err := x.site.banks.Export(x.r.Context(), x.site.Journal, x.session, which, x.site.exportFolder(which)); err != nil {
		return err
	}
	return x.seeOther("/lists/" + which.String() + "#files")
}

func (s *site) exportFolder(list id.ID) string {
	return filepath.Join(s.Folder, "exports", list.String())
}

// exported lists the files that were made of a list, the bank file first.
func (s *site) exported(list id.ID) []fileRow {
	if s.Folder == "" {
		return nil
	}
	entries, err := os.ReadDir(s.exportFolder(list))
	if err != nil {
		return nil // not made yet
	}
	var files []fileRow
	for _, e := range entries {
		if !strings.HasPrefix(e.Name(), ".") {
			files = append(files, fileRow{Href: "/lists/" + list.String() + "/files/" + e.Name(), Name: e.Name()})
		}
	}
	return files
}

// listFile sends one exported file to who may export.
func listFile(x *exchange) error {
	which, err := x.pathID("list")
	if err != nil {
		return err
	}
	if err := x.read(func(tx *store.Tx) error {
		if err := access.Require(tx, access.ExportList, ""); err != nil {
			return err
		}
		_, err := payment.FindList(tx, which)
		return err
	}); err != nil {
		return err
	}
	for _, f := range x.site.exported(which) {
		if f.Name == x.r.PathValue("file") {
			return x.download(filepath.Join(x.site.exportFolder(which), f.Name), f.Name)
		}
	}
	return fault.NotFound("web.no_such_page")
}

// download sends a file to be kept, never to be opened within the site.
func (x *exchange) download(path, name string) error {
	x.w.Header().Set("Content-Disposition", mime.FormatMediaType("attachment", map[string]string{"filename": name}))
	http.ServeFile(x.w, x.r, path)
	return nil
}

// scheduleLimit is how many payees stand on a page; a longer schedule is taken
// as a file.
const scheduleLimit = 2000

// schedulePage is the schedule of one bank to be printed and signed, read and
// proved against the seals in one pass.
func schedulePage(x *exchange) error {
	which, err := x.pathID("list")
	if err != nil {
		return err
	}
	var view scheduleView
	err = x.read(func(tx *store.Tx) error {
		sealed, err := payment.OpenApproved(tx, which)
		if err != nil {
			return err
		}
		digest := sealed.List.Digest()
		view = scheduleView{listRow: listRowOf(sealed.List), Ministry: x.site.Ministry, Office: sayBoth("web.diwan"), Today: dayOf(sealed.List.ApprovedAt),
			Digest: inFours(hex.EncodeToString(digest[:])), Back: "/lists/" + which.String()}
		found := false
		for _, b := range sealed.Banks {
			mine := b.Code == x.r.PathValue("bank")
			if mine && b.Transfers > scheduleLimit {
				return fault.Conflict("web.schedule_long", "count", int(b.Transfers))
			}
			if mine {
				found = true
				view.Bank, view.Total, view.Lines = x.site.bankName(b.Code), b.Total, nil
				view.Words = text.Bilingual{Arabic: text.Words(text.Arabic, b.Total), English: text.Words(text.English, b.Total)}
			}
			for t, err := range sealed.Transfers(b.Code) {
				if err != nil {
					return err
				}
				if mine {
					view.Lines = append(view.Lines, scheduleLine{len(view.Lines) + 1, t.Name, t.Account, t.File, t.Amount})
				}
			}
		}
		if !found {
			return fault.NotFound("web.no_such_page")
		}
		var names listView
		if err := names.name(tx, sealed.List, x.language); err != nil {
			return err
		}
		view.Preparer, view.Approver = names.Preparer, names.Approver
		return sealed.Proved()
	})
	if err != nil {
		return err
	}
	return showSchedule.show(x, view)
}
