package web

import (
	"slices"
	"strings"

	"sanad/delivery/enrolment"
	"sanad/delivery/payment"
	"sanad/delivery/registry"
	"sanad/platform/access"
	"sanad/platform/fault"
	"sanad/platform/id"
	"sanad/platform/store"
	"sanad/platform/text"
)

// claimOf reads the value of a claim's option, one of those offered.
func claimOf(written string, offered []option) (programme string, person id.ID, component string, ok bool) {
	parts := strings.Fields(written)
	if len(parts) != 3 || !slices.ContainsFunc(offered, func(o option) bool { return o.Value == written }) {
		return "", id.ID{}, "", false
	}
	person, err := id.Parse(parts[1])
	return parts[0], person, parts[2], err == nil
}

func proposalPage(x *exchange) error {
	view, err := x.proposalView()
	if err != nil {
		return err
	}
	return showProposal.show(x, view)
}

func (x *exchange) proposalView() (view proposalView, err error) {
	which, err := x.pathID("proposal")
	if err != nil {
		return view, err
	}
	err = x.read(func(tx *store.Tx) error {
		p, err := enrolment.FindProposal(tx, which)
		if err != nil {
			return err
		}
		home, err := registry.SummaryOf(tx, p.Household)
		if err != nil {
			return err
		}
		view = proposalView{proposalRow: proposalRowOf(p), Household: "/households/" + p.Household.String(), Family: home.Head, Month: p.Month.Date(),
			Share: int(p.Share), Words: p.Words, Evidence: p.Evidence, Chain: proposalChain(p), Proposed: dayOf(p.ProposedAt), ServedOn: p.ServedOn,
			ServedHow: p.ServedHow, Answer: p.Answer, DecidedOn: dayOf(p.DecidedAt), Decision: p.Decision}
		if p.Effective != 0 {
			view.Effective = p.Effective.Date()
		}
		if programme := x.site.programme(p.Programme); programme != nil {
			view.Programme, view.Component = programme.Name, componentName(programme, p.Component)
			view.Reason = proposalReason(x.site, p)
		}
		names, err := enrolment.Names(tx, p.Person)
		if err != nil {
			return err
		}
		view.Name = names[p.Person]
		if err := x.names(tx, map[id.ID]*string{p.Proposer: &view.Proposer, p.Server: &view.Server, p.Decider: &view.Decider}); err != nil {
			return err
		}
		view.Steps = x.proposalSteps(tx, p)
		return nil
	})
	return view, err
}

// proposalReason is the system's own reason in words, where it has one.
func proposalReason(s *site, p enrolment.Proposal) text.Bilingual {
	if key := payment.Cause(p.Reason).Key(); p.Kind == enrolment.Recovery && text.Has(string(key)) {
		return sayBoth(key)
	}
	return reasonWords(s.programme(p.Programme), p.Component, p.Reason)
}

// names fills in the names of people who work here.
func (x *exchange) names(tx *store.Tx, people map[id.ID]*string) error {
	for person, to := range people {
		if person.IsZero() {
			continue
		}
		name, err := access.Name(tx, person)
		if err != nil {
			return err
		}
		*to = name.In(x.language)
	}
	return nil
}

// proposalChain draws how far a proposal has come.
func proposalChain(p enrolment.Proposal) []chainStep {
	reached := map[enrolment.State]int{enrolment.Proposed: 0, enrolment.Served: 1, enrolment.Decided: 3, enrolment.Finished: 3, enrolment.Withdrawn: -1}[p.State]
	if p.Answer != "" && p.State == enrolment.Served {
		reached = 2
	}
	var chain []chainStep
	for i, title := range []text.Key{"web.proposal_made", "web.proposal_served", "web.proposal_answered", "web.proposal_decided"} {
		step := chainStep{Title: title}
		switch {
		case i <= reached || reached < 0 && i == 0:
			step.State = "done"
		case i == reached+1 && reached >= 0:
			step.State = "now"
		}
		chain = append(chain, step)
	}
	return chain
}

// proposalSteps are the steps that the reader may take now.
func (x *exchange) proposalSteps(tx *store.Tx, p enrolment.Proposal) (steps []stepForm) {
	offer := func(step string, title, lede text.Key) {
		f := proposalForms[step]
		f.Action, f.Token = "/proposals/"+p.ID.String()+"/"+step, x.frame.Token
		f.Fields = append([]field{{Name: "command", Kind: "hidden", Value: tx.NewID().String()}}, f.Fields...)
		steps = append(steps, stepForm{title, lede, f})
	}
	may := func(need access.Capability) bool { return access.Require(tx, need, p.Branch) == nil }
	if p.State == enrolment.Proposed && may(access.ServeNotice) {
		offer("serve", "web.serve", "web.serve_lede")
	}
	if p.State == enrolment.Served {
		if may(access.DecideMeasure) && access.RequireAnother(tx, p.Proposer) == nil && tx.Today() > p.Until {
			offer("decide", "web.decide", "web.decide_lede")
		}
		if may(access.ServeNotice) {
			offer("answer", "web.answer", "web.answer_lede")
		}
	}
	open := p.State == enrolment.Proposed || p.State == enrolment.Served
	if open && may(access.ProposeMeasure) || p.State == enrolment.Decided && may(access.DecideMeasure) {
		offer("withdraw", "web.proposal_withdraw", "web.proposal_withdraw_lede")
	}
	return steps
}

// proposalStep runs one step on the proposal of the address; a refusal is shown
// beside its form.
func (x *exchange) proposalStep(step string, do func(*store.Tx, enrolment.Proposal, *form) (enrolment.Proposal, error)) error {
	view, err := x.proposalView()
	if err != nil {
		return err
	}
	at := slices.IndexFunc(view.Steps, func(s stepForm) bool { return strings.HasSuffix(s.Form.Action, "/"+step) })
	if at < 0 {
		return fault.Conflict("web.list_not_now")
	}
	f := &view.Steps[at].Form
	f.read(x.r)
	which, err := x.pathID("proposal")
	if err != nil {
		return err
	}
	_, err = x.change(func(tx *store.Tx) error {
		p, err := enrolment.FindProposal(tx, which)
		if err == nil {
			_, err = do(tx, p, f)
		}
		return err
	})
	if refused := fault.Of(err); refused != nil && refused.Kind != fault.KindForbidden {
		f.note(refused)
		return showProposal.refuse(x, view)
	}
	if err != nil {
		return err
	}
	return x.seeOther("/proposals/" + which.String())
}

func serveNotice(x *exchange) error {
	return x.proposalStep("serve", func(tx *store.Tx, p enrolment.Proposal, f *form) (enrolment.Proposal, error) {
		day, err := f.date("day")
		if err != nil {
			return p, err
		}
		programme := x.site.programme(p.Programme)
		if programme == nil {
			return p, fault.NotFound("policy.no_programme", "programme", p.Programme)
		}
		return enrolment.Serve(tx, p.ID, day, f.get("how"), programme.Process)
	})
}

func answerProposal(x *exchange) error {
	return x.proposalStep("answer", func(tx *store.Tx, p enrolment.Proposal, f *form) (enrolment.Proposal, error) {
		return enrolment.TakeAnswer(tx, p.ID, f.get("words"))
	})
}

func decideProposal(x *exchange) error {
	return x.proposalStep("decide", func(tx *store.Tx, p enrolment.Proposal, f *form) (enrolment.Proposal, error) {
		if err := required(f.get("uphold")); err != nil {
			return p, fault.Invalid("web.required").At("uphold")
		}
		return settled(tx, p)(enrolment.Decide(tx, p.ID, f.get("uphold") == "yes", f.get("words")))
	})
}

func withdrawProposal(x *exchange) error {
	return x.proposalStep("withdraw", func(tx *store.Tx, p enrolment.Proposal, f *form) (enrolment.Proposal, error) {
		return settled(tx, p)(enrolment.Withdraw(tx, p.ID, f.get("words")))
	})
}

// settled brings the family's account up to date after a decision.
func settled(tx *store.Tx, p enrolment.Proposal) func(enrolment.Proposal, error) (enrolment.Proposal, error) {
	return func(after enrolment.Proposal, err error) (enrolment.Proposal, error) {
		if err == nil {
			_, err = payment.PostHousehold(tx, p.Programme, p.Household)
		}
		return after, err
	}
}
