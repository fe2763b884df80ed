package web

import (
	"regexp"
	"sync"
	"testing"

	"sanad/country"
	"sanad/delivery/policy"
	"sanad/platform/calendar"
	"sanad/platform/fault"
	"sanad/platform/geography"
)

// shownProgrammes are programmes of the country as their pages show them.
var shownProgrammes = sync.OnceValue(func() (made struct {
	all  programmesView
	some map[string]programmeView
}) {
	must := func(err error) {
		if err != nil {
			panic(err)
		}
	}
	pack, err := country.Pack(country.Libya)
	must(err)
	land, err := geography.Read(pack, calendar.Of(2026, 12, 1))
	must(err)
	made.some = map[string]programmeView{}
	for _, name := range []string{"wife-and-children-grant", "basic-pension", "displaced-aid-2014"} {
		p, err := policy.Named(pack, name)
		must(err)
		made.all.Programmes = append(made.all.Programmes, programmeRowOf(p, land))
		if name == "wife-and-children-grant" {
			p, err = policy.Read(name+".yaml", raised(p))
			must(err)
		}
		made.some[name] = programmeOf(p, land, today)
	}
	return made
})

// raised is the grant's text with a higher amount for a child from 2027 on.
func raised(grant *policy.Programme) string {
	amount := regexp.MustCompile(`(?s)(child_amount:.*?values: \{)([^}]*)\}`)
	return amount.ReplaceAllString(grant.Text(), "${1}${2}, 2027-01-01: 150}")
}

func sampleReleases() []releaseRow {
	return []releaseRow{
		{"/releases/2", "رفع مبلغ الولد إلى 150 ديناراً", grant, calendar.Of(2027, 1, 0), pill{Tone: "info", Key: policy.Reported.Key()}},
		{"/releases/1", "اعتماد تفسير البنت المطلقة", grant, calendar.Of(2026, 10, 0), pill{Tone: "ok", Key: policy.InForce.Key()}}}
}

// sampleRelease is a release that the reader has opened and may sign.
func sampleRelease() releaseView {
	day := calendar.Of(2026, 11, 20)
	effects := triedReform().result
	v := releaseView{releaseRow: sampleReleases()[0], Home: "/programmes/wife-and-children-grant", Body: "programme: wife-and-children-grant\n", Digest: "7c1e 90ab 44d2 19f0",
		Chain:   []chainStep{{"web.release_drafted", "", "done"}, {"web.release_reported", "", "done"}, {"web.release_first", "", "now"}, {"web.release_second", "", ""}},
		Drafter: "سعاد محمود الفيتوري", Drafted: day, Reported: day,
		Report: &reportView{Households: 20_000, Before: effects.Before, After: effects.After, Cost: effects.Cost, CostShare: effects.CostShare, Tiles: effects.Tiles, Groups: effects.Deciles}}
	v.Sign = &form{Action: v.Href + "/approve", Submit: "web.release_sign"}
	v.Back = &form{Action: v.Href + "/withdraw", Submit: "web.release_withdraw_submit", Danger: true, Fields: []field{{Name: "remark", Kind: "textarea", Label: "web.release_withdraw_reason"}}}
	return v
}

// releaseSamples are a release before, while and after it is signed for.
func releaseSamples() []sample {
	open, closed, draft, done := sampleRelease(), sampleRelease(), sampleRelease(), sampleRelease()
	closed.Report, closed.Sign, closed.Locked = nil, nil, "web.release_locked_unread"
	closed.Open = &form{Action: closed.Href + "/open", Submit: "web.release_open"}
	closed.note(closed.Open, fault.Conflict("policy.report_unread"))
	draft.Report, draft.Sign, draft.Locked, draft.Reported = nil, nil, "web.release_locked_report", calendar.Unknown
	draft.Compute = &form{Action: draft.Href + "/compute", Submit: "web.release_compute"}
	done.Sign, done.Back, done.State = nil, nil, pill{Tone: "ok", Key: policy.InForce.Key()}
	done.First, done.Second, done.Day, done.SecondDay = "عبد السلام أحمد المصراتي", "هدى علي القماطي", today, today
	return []sample{
		{"release", "policy/release", open, "/programmes", false},
		{"release-closed", "policy/release", closed, "/programmes", false},
		{"release-draft", "policy/release", draft, "/programmes", false},
		{"release-in-force", "policy/release", done, "/programmes", false},
	}
}

func programmeSamples() []sample {
	made := shownProgrammes()
	all := made.all
	all.Releases = sampleReleases()
	changed := made.some["wife-and-children-grant"]
	changed.Since, changed.Releases = calendar.Of(2026, 10, 0), sampleReleases()
	changed.Readings = append([]readingRow{{Question: changed.Readings[0].Question, Options: changed.Readings[0].Options, By: both("إدارة الشؤون القانونية", "Legal department"), Letter: "12-3-2026", Date: calendar.Of(2026, 9, 14)}}, changed.Readings[1:]...)
	return append(releaseSamples(), []sample{
		{"programmes", "policy/programmes", all, "/programmes", false},
		{"programmes-none", "policy/programmes", programmesView{}, "/programmes", false},
		{"programme", "policy/programme", changed, "/programmes", false},
		{"programme-pension", "policy/programme", made.some["basic-pension"], "/programmes", false},
	}...)
}

func TestAFigureIsShownAsItIsOnTheDayAndItsChartAsItWas(t *testing.T) {
	for _, f := range shownProgrammes().some["wife-and-children-grant"].Figures {
		if len(f.Dated) < 2 {
			continue
		}
		if f.Now.Value != "100" || f.Dated[0].Value != "150" {
			t.Errorf("in November 2026 the amount is %q and later %q, want 100 and 150", f.Now.Value, f.Dated[0].Value)
		}
		first, last := f.Steps[0], f.Steps[1]
		if last.Height != chartHeight || first.Height != chartHeight*100/150 || first.Width <= last.Width || last.X+last.Width > chartWidth {
			t.Errorf("the chart's steps are %+v", f.Steps)
		}
		return
	}
	t.Error("no figure has several dates")
}

func TestFiguresAreWrittenInTheirUnit(t *testing.T) {
	for _, c := range []struct {
		unit  string
		value int64
		want  string
	}{{"LYD", 150_000, "150"}, {"rate", 125_000, "12.5%"}, {"fixed", -1_250_000, "\u22121.25"}, {"count", 200_000, "200,000"}, {"years", 18, "18"}} {
		if got := figureWords(c.unit, c.value); got != c.want {
			t.Errorf("%d in %s is written %q, want %q", c.value, c.unit, got, c.want)
		}
	}
}
