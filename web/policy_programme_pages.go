package web

import (
	"encoding/hex"

	"sanad/delivery/policy"
	"sanad/platform/access"
	"sanad/platform/calendar"
	"sanad/platform/fault"
	"sanad/platform/geography"
	"sanad/platform/store"
)

const (
	showProgrammes = page[programmesView]("policy/programmes")
	showProgramme  = page[programmeView]("policy/programme")
)

// programmesPage lists the programmes as they decide this month.
func programmesPage(x *exchange) error {
	var view programmesView
	err := x.read(func(tx *store.Tx) error {
		country, err := geography.At(tx, tx.Today())
		if err != nil {
			return err
		}
		for _, founding := range x.site.programmes {
			p, err := policy.ForMonth(tx, x.site.Country, founding.ID, thisMonth(tx))
			if err != nil {
				return err
			}
			view.Programmes = append(view.Programmes, programmeRowOf(p, country))
		}
		view.Releases, err = x.releases(tx, "")
		return err
	})
	if err != nil {
		return err
	}
	return showProgrammes.show(x, view)
}

func programmeRowOf(p *policy.Programme, country *geography.Map) programmeRow {
	row := programmeRow{Href: "/programmes/" + p.ID, Name: p.Name, Decider: titleOfBody(country, p.Decider), Components: len(p.Components)}
	if len(p.Acts) > 0 {
		row.Law = p.Acts[0].Name
	}
	for i := range p.Parameters {
		if p.Parameters[i].Unverified {
			row.Open++
		}
	}
	for i := range p.Readings {
		if p.Readings[i].Confirmed == nil {
			row.Open++
		}
	}
	return row
}

// programmePage shows one programme as it decides this month. A law is no
// secret: whoever works here may read it.
func programmePage(x *exchange) error {
	founding := x.site.programme(x.r.PathValue("programme"))
	if founding == nil {
		return fault.NotFound("policy.no_programme", "programme", x.r.PathValue("programme"))
	}
	var view programmeView
	err := x.read(func(tx *store.Tx) error {
		month := thisMonth(tx)
		p, err := policy.ForMonth(tx, x.site.Country, founding.ID, month)
		if err != nil {
			return err
		}
		country, err := geography.At(tx, tx.Today())
		if err != nil {
			return err
		}
		view = programmeOf(p, country, tx.Today())
		view.Since = calendar.Unknown
		d, found, err := policy.Deciding(tx, p.ID, month)
		if found {
			view.Since = d.Month.Date()
		}
		if err != nil {
			return err
		}
		view.Releases, err = x.releases(tx, p.ID)
		return err
	})
	if err != nil {
		return err
	}
	return showProgramme.show(x, view)
}

// releases are the drafts of a programme, or of all where none is named. They
// are shown to those who prepare or approve them.
func (x *exchange) releases(tx *store.Tx, programme string) (rows []releaseRow, err error) {
	if !x.may(access.PrepareRelease) {
		return nil, nil
	}
	drafts, err := policy.Drafts(tx)
	for _, d := range drafts {
		if programme == "" || d.Programme == programme {
			rows = append(rows, x.releaseRowOf(d))
		}
	}
	return rows, err
}

var releaseTones = map[policy.DraftState]string{policy.Drafted: "plain", policy.Reported: "info", policy.InForce: "ok", policy.Withdrawn: "unknown"}

func (x *exchange) releaseRowOf(d policy.Draft) releaseRow {
	row := releaseRow{Href: "/releases/" + d.ID.String(), Title: d.Title, Month: d.Month.Date(), State: pill{Tone: releaseTones[d.State], Key: d.State.Key()}}
	if p := x.site.programme(d.Programme); p != nil {
		row.Programme = p.Name
	}
	return row
}

// shortDigest is as much of a digest as two people compare aloud.
func shortDigest(digest []byte) string { return inFours(hex.EncodeToString(digest[:16])) }

func thisMonth(tx *store.Tx) calendar.Month {
	return calendar.MonthOf(tx.Today().Year(), tx.Today().Month())
}
