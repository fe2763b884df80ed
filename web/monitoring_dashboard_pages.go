package web

import (
	"slices"
	"sync"

	"sanad/delivery/monitoring"
	"sanad/delivery/policy"
	"sanad/platform/access"
	"sanad/platform/calendar"
	"sanad/platform/fault"
	"sanad/platform/geography"
	"sanad/platform/money"
	"sanad/platform/store"
	transport "sanad/platform/sync"
)

// sums keeps what a run came to: it is read from all decisions of the country,
// and never changes.
type sums struct {
	mutex sync.Mutex
	of    map[runKey]map[string]monitoring.Decided
}

// decided returns the sums of the last run of a month.
func (s *sums) decided(tx *store.Tx, programme string, month calendar.Month) (map[string]monitoring.Decided, error) {
	run, err := policy.Decided(tx, programme, month)
	if err != nil {
		return nil, err
	}
	key := runKey{programme, month, run.Run}
	s.mutex.Lock()
	kept := s.of[key]
	s.mutex.Unlock()
	if kept != nil {
		return kept, access.Require(tx, access.SeeDashboard, "")
	}
	if kept, err = monitoring.Decisions(tx, programme, month); err != nil {
		return nil, err
	}
	s.mutex.Lock()
	defer s.mutex.Unlock()
	if s.of == nil || len(s.of) > 24 {
		s.of = map[runKey]map[string]monitoring.Decided{}
	}
	s.of[key] = kept
	return kept, nil
}

// total is one district's, or the country's, part of all numbers.
type total struct {
	monitoring.Served
	monitoring.Decided
}

func (t *total) add(s monitoring.Served, d monitoring.Decided) {
	t.Served.Households += s.Households
	t.Persons += s.Persons
	t.Numbered += s.Numbered
	t.Tasks += s.Tasks
	t.Decided.Households += d.Households
	t.PaidInFull += d.PaidInFull
	t.Due += d.Due
	t.Held += d.Held
	t.Pending += d.Pending
}

func dashboardPage(x *exchange) error {
	indicator := indicatorOf(value(x.r, "indicator"))
	var view dashboardView
	err := x.read(func(tx *store.Tx) error {
		served, err := monitoring.Overview(tx)
		if err != nil {
			return err
		}
		country, err := geography.At(tx, tx.Today())
		if err != nil {
			return err
		}
		view = dashboardView{Indicator: indicator.indicatorView, Key: mapKey(), Month: tx.Today()}
		decided, err := x.lastDecided(tx, &view)
		if err != nil {
			return err
		}
		view.Decides = decided != nil
		districts := map[string]*total{}
		var all total
		for _, s := range served {
			d := districtOf(country, s.Branch)
			if districts[d] == nil {
				districts[d] = &total{}
			}
			districts[d].add(s, decided[s.Branch])
			all.add(s, decided[s.Branch])
		}
		if err := view.draw(districts, indicator, x, country); err != nil {
			return err
		}
		view.sum(all, indicator, x)
		return view.waiting(tx)
	})
	if err != nil {
		return err
	}
	for _, i := range indicators {
		if i.name != "payable" || view.Decides {
			view.Indicators = append(view.Indicators, tab{"/dashboard?indicator=" + i.name, i.Short, i.name == indicator.name})
		}
	}
	return showDashboard.show(x, view)
}

// lastDecided are the sums of the latest month that was decided, nil where none
// was or the reader looks at her own branch only.
func (x *exchange) lastDecided(tx *store.Tx, view *dashboardView) (map[string]monitoring.Decided, error) {
	if access.Require(tx, access.SeeDashboard, "") != nil {
		return nil, nil
	}
	p, month, err := x.site.latest(tx)
	if err != nil || p == nil {
		return nil, err
	}
	view.Programme, view.Month = p.Name, month.Date()
	if x.may(access.SeeDecision) && access.Require(tx, access.SeeDecision, "") == nil {
		view.Behind = "/decisions/" + p.ID + "/" + month.String()
	}
	return x.site.sums.decided(tx, p.ID, month)
}

// latest is the programme of our own that was decided for the latest month, and
// that month; nil where none was decided.
func (s *site) latest(tx *store.Tx) (found *policy.Programme, month calendar.Month, err error) {
	for _, p := range s.programmes {
		if p.Indication {
			continue
		}
		months, err := decidedMonths(tx, p.ID, 1)
		if err != nil {
			return nil, 0, err
		}
		if len(months) > 0 && months[0] > month {
			found, month = p, months[0]
		}
	}
	return found, month, nil
}

// indicator is a share that the map can show.
type indicator struct {
	indicatorView
	name  string
	share func(total) (part, whole int64)
}

var indicators = []indicator{
	{indicatorView{"web.indicator_number", "web.indicator_number_short", "web.indicator_number_lede"}, "number",
		func(t total) (int64, int64) { return t.Numbered, t.Served.Households }},
	{indicatorView{"web.indicator_payable", "web.indicator_payable_short", "web.indicator_payable_lede"}, "payable",
		func(t total) (int64, int64) { return t.PaidInFull, t.Decided.Households }},
}

func indicatorOf(name string) indicator {
	for _, i := range indicators {
		if i.name == name {
			return i
		}
	}
	return indicators[0]
}

// permilleOf is a share in thousandths; unknown of nothing.
func permilleOf(part, whole int64) (share int, known bool) {
	if whole == 0 {
		return 0, false
	}
	return int(part * 1000 / whole), true
}

// districtOf is the district in which a branch works, empty where none is known.
func districtOf(country *geography.Map, branch string) string {
	body, found := country.Body(branch)
	if !found || len(body.Serves) == 0 {
		return ""
	}
	for _, area := range country.Path(body.Serves[0]) {
		if area.Kind == geography.District {
			return area.Code
		}
	}
	return ""
}

// draw fills in the districts, those of which nothing is known included.
func (v *dashboardView) draw(districts map[string]*total, i indicator, x *exchange, country *geography.Map) error {
	shapes, err := districtShapes()
	if err != nil {
		return err
	}
	for _, shape := range shapes {
		d := districtView{Shape: shape, Name: shape.Name, Short: shape.Short}
		if area, found := country.Area(shape.Code); found {
			d.Name = area.Name()
		}
		if t := districts[shape.Code]; t != nil {
			d.fill(*t, i)
			d.links(v.Behind, x.may(access.AnswerTask))
		}
		if !d.Counted {
			v.Silent++
		}
		v.Districts = append(v.Districts, d)
	}
	v.farthest()
	return nil
}

// farthestShown is how many districts stand beside the map.
const farthestShown = 8

func (v *dashboardView) farthest() {
	v.Farthest = slices.DeleteFunc(slices.Clone(v.Districts), func(d districtView) bool { return !d.Known })
	slices.SortStableFunc(v.Farthest, func(a, b districtView) int { return a.Share - b.Share })
	v.Farthest = v.Farthest[:min(farthestShown, len(v.Farthest))]
}

func (d *districtView) fill(t total, i indicator) {
	d.Households, d.Persons, d.Tasks, d.Pending, d.Due, d.Held = int(t.Served.Households), int(t.Persons), int(t.Tasks), int(t.Pending), t.Due, t.Held
	part, whole := i.share(t)
	d.Of = int(whole)
	if d.Share, d.Known = permilleOf(part, whole); d.Known {
		d.Class = classOf(d.Share)
	}
	d.Counted = true
}

// links leads from each number to the list behind it.
func (d *districtView) links(behind string, answers bool) {
	if behind != "" {
		d.DueHref = behind + "?state=due&area=" + d.Shape.Code
		d.HeldHref = behind + "?state=held&area=" + d.Shape.Code
		d.PendingHref = behind + "?state=pending&area=" + d.Shape.Code
	}
	if answers {
		d.TasksHref = "/tasks?area=" + d.Shape.Code
	}
}

// sum writes the country's numbers: four tiles, each leading on.
func (v *dashboardView) sum(all total, i indicator, x *exchange) {
	v.Households, v.Persons, v.Tasks, v.Pending, v.Due, v.Held = int(all.Served.Households), int(all.Persons), int(all.Tasks), int(all.Pending), all.Due, all.Held
	v.Share, v.Known = permilleOf(i.share(all))
	v.Tiles = []tile{{Href: "#districts", Label: "web.households", Count: v.Households, Note: "web.tile_persons", Args: []any{"count", v.Persons}}}
	if v.Decides {
		behind := func(state string) string {
			if v.Behind == "" {
				return "#districts"
			}
			return v.Behind + "?state=" + state
		}
		v.Tiles = append(v.Tiles, tile{Href: behind("due"), Label: "web.tile_due", Amount: amountPointer(v.Due), Note: "web.tile_due_note", Args: []any{"count", int(all.Decided.Households)}},
			tile{Href: behind("held"), Label: "web.tile_held", Amount: amountPointer(v.Held), Note: "web.tile_held_note", Args: []any{"count", v.Pending}})
	}
	tasks := "#districts"
	if x.may(access.AnswerTask) {
		tasks = "/tasks"
	}
	v.Tiles = append(v.Tiles, tile{Href: tasks, Label: "web.tasks", Count: v.Tasks, Note: "web.tile_tasks_note"})
}

func amountPointer(a money.Amount) *money.Amount { return &a }

// waiting says what other nodes have not confirmed yet, to who sees to that.
func (v *dashboardView) waiting(tx *store.Tx) error {
	peers, err := transport.Peers(tx)
	if refused := fault.Of(err); refused != nil && refused.Kind == fault.KindForbidden {
		return nil
	}
	for _, p := range peers {
		name := sayBoth("web.diwan")
		if p.Code != "diwan" {
			if name, err = bodyName(tx, p.Code); err != nil {
				return err
			}
		}
		v.Nodes = append(v.Nodes, nodeRow{name, int(p.Waiting)})
	}
	return err
}
