package web

import (
	"encoding/hex"
	"encoding/json"

	"sanad/delivery/policy"
	"sanad/delivery/strategy"
	"sanad/platform/access"
	"sanad/platform/fault"
	"sanad/platform/geography"
	"sanad/platform/id"
	"sanad/platform/store"
)

const showRelease = page[releaseView]("policy/release")

func releasePage(x *exchange) error {
	view, err := x.releaseView()
	if err != nil {
		return err
	}
	return showRelease.show(x, view)
}

func (x *exchange) releaseView() (view releaseView, err error) {
	which, err := x.pathID("release")
	if err != nil {
		return view, err
	}
	err = x.read(func(tx *store.Tx) error {
		d, err := policy.DraftOf(tx, which)
		if err != nil {
			return err
		}
		view = releaseView{releaseRow: x.releaseRowOf(d), Home: "/programmes/" + d.Programme, Body: d.Body, Digest: shortDigest(d.Release),
			Chain: releaseChain(d), Drafted: dayOf(d.DraftedAt), Reported: dayOf(d.ReportedAt), Day: dayOf(d.FirstAt), SecondDay: dayOf(d.SecondAt), Remark: d.Remark}
		if err := x.names(tx, map[id.ID]*string{d.Drafter: &view.Drafter}); err != nil {
			return err
		}
		if err := x.names(tx, map[id.ID]*string{d.First: &view.First, d.Second: &view.Second}); err != nil {
			return err
		}
		opened, err := d.Opened(tx)
		if err != nil {
			return err
		}
		x.releaseActions(tx, d, opened, &view)
		if !opened || d.ReportedAt == 0 {
			return nil
		}
		country, err := geography.At(tx, tx.Today())
		if err == nil {
			view.Report, err = reportOf(d.Report, country)
		}
		return err
	})
	return view, err
}

// releaseChain is how far a release has come.
func releaseChain(d policy.Draft) []chainStep {
	chain := []chainStep{{Title: "web.release_drafted", State: "done"}, {Title: "web.release_reported"}, {Title: "web.release_first"}, {Title: "web.release_second"}}
	for i, done := range []bool{true, d.ReportedAt > 0, !d.First.IsZero(), d.State == policy.InForce} {
		switch {
		case done:
			chain[i].State = "done"
		case chain[i-1].State == "done" && d.State != policy.Withdrawn:
			chain[i].State = "now"
		}
	}
	return chain
}

// releaseActions offers what this reader may do now, and says why not where a
// signature is awaited.
func (x *exchange) releaseActions(tx *store.Tx, d policy.Draft, opened bool, v *releaseView) {
	command := field{Name: "command", Kind: "hidden", Value: tx.NewID().String()}
	if d.ReportedAt > 0 && !opened {
		v.Open = &form{Action: v.Href + "/open", Token: x.frame.Token, Submit: "web.release_open", Fields: []field{command}}
	}
	if d.State == policy.InForce || d.State == policy.Withdrawn {
		return
	}
	if d.ReportedAt == 0 {
		v.Compute = &form{Action: v.Href + "/compute", Token: x.frame.Token, Submit: "web.release_compute", Fields: []field{command}}
	}
	switch {
	case d.ReportedAt == 0:
		v.Locked = "web.release_locked_report"
	case d.Drafter == x.session.Actor:
		v.Locked = "web.release_locked_own"
	case d.First == x.session.Actor:
		v.Locked = "web.release_locked_signed"
	case !opened:
		v.Locked = "web.release_locked_unread"
	case x.may(access.ApproveRelease):
		v.Sign = &form{Action: v.Href + "/approve", Token: x.frame.Token, Submit: "web.release_sign", Fields: []field{command,
			{Name: "digest", Kind: "hidden", Value: hex.EncodeToString(d.Release)}}}
	}
	v.Back = &form{Action: v.Href + "/withdraw", Token: x.frame.Token, Submit: "web.release_withdraw_submit", Danger: true,
		Fields: []field{command, {Name: "remark", Kind: "textarea", Label: "web.release_withdraw_reason"}}}
}

// openReport notes that the reader has opened the report; the page shows it then.
func openReport(x *exchange) error {
	return x.releaseStep(func(v *releaseView) *form { return v.Open }, func(tx *store.Tx, which id.ID) error {
		_, err := policy.OpenReport(tx, which)
		return err
	})
}

func approveRelease(x *exchange) error {
	return x.releaseStep(func(v *releaseView) *form { return v.Sign }, func(tx *store.Tx, which id.ID) error {
		seen, err := hex.DecodeString(value(x.r, "digest"))
		if err != nil {
			seen = nil // the verb says that it is another
		}
		_, err = policy.ApproveDraft(tx, which, seen)
		return err
	})
}

func withdrawRelease(x *exchange) error {
	return x.releaseStep(func(v *releaseView) *form { return v.Back }, func(tx *store.Tx, which id.ID) error {
		_, err := policy.WithdrawDraft(tx, which, value(x.r, "remark"))
		return err
	})
}

// computeReport computes on the registry what the release changes, and keeps it.
func computeReport(x *exchange) error {
	which, err := x.pathID("release")
	if err != nil {
		return err
	}
	var report strategy.Report
	computed := x.read(func(tx *store.Tx) error {
		d, err := policy.DraftOf(tx, which)
		if err != nil {
			return err
		}
		before, err := policy.ForMonth(tx, x.site.Country, d.Programme, d.Month)
		if err != nil {
			return err
		}
		after, err := policy.Read(d.Programme+".yaml", d.Body)
		if err != nil {
			return err
		}
		report, err = strategy.Compare(x.r.Context(), strategy.Registry(tx), before, after, d.Month)
		return err
	})
	return x.releaseStep(func(v *releaseView) *form { return v.Compute }, func(tx *store.Tx, which id.ID) error {
		if computed != nil {
			return computed
		}
		written, err := json.Marshal(report)
		if err == nil {
			_, err = policy.RecordReport(tx, which, string(written))
		}
		return err
	})
}

// releaseStep runs one verb on the release of the address; what it refuses is
// shown on the page.
func (x *exchange) releaseStep(asked func(*releaseView) *form, do func(*store.Tx, id.ID) error) error {
	which, err := x.pathID("release")
	if err != nil {
		return err
	}
	view, err := x.releaseView()
	if err != nil {
		return err
	}
	f := asked(&view)
	if f != nil {
		f.read(x.r)
	}
	_, err = x.change(func(tx *store.Tx) error { return do(tx, which) })
	if refused := fault.Of(err); refused != nil {
		view.note(f, refused)
		return showRelease.refuse(x, view)
	}
	if err != nil {
		return err
	}
	return x.seeOther("/releases/" + which.String())
}
