package web

import (
	"net/url"
	"slices"
	"strconv"
	"strings"

	"sanad/delivery/coordination/review"
	"sanad/delivery/matching"
	"sanad/delivery/registry"
	"sanad/platform/access"
	"sanad/platform/calendar"
	"sanad/platform/store"
	"sanad/platform/text"
)

// taskPageSize is how many tasks stand on one page.
const taskPageSize = 20

// taskArea is where the reader answers tasks: her branch, or the country.
func taskArea(tx *store.Tx) string {
	if areas := access.Areas(tx, access.AnswerTask); len(areas) > 0 {
		return areas[0]
	}
	return ""
}

func tasksPage(x *exchange) error {
	kind, area, from := value(x.r, "kind"), value(x.r, "area"), startOf(x.r.URL.Query())
	var view tasksView
	err := x.read(func(tx *store.Tx) error {
		if area == "" {
			area = taskArea(tx)
		}
		list, err := registry.OpenTasks(tx, area, registry.TaskPage{Kind: kind, From: from, Limit: taskPageSize})
		if err != nil {
			return err
		}
		view = tasksView{Count: list.Total, Kinds: taskKinds(list.Kinds, kind, value(x.r, "area")), Pager: taskPager(list, kind, value(x.r, "area"), from)}
		for _, t := range list.Tasks {
			row, err := taskRowOf(tx, t)
			if err != nil {
				return err
			}
			view.Tasks = append(view.Tasks, row)
		}
		return nil
	})
	if err != nil {
		return err
	}
	return showTasks.show(x, view)
}

// startOf is how many entries of a list come before the page that is asked for.
func startOf(q url.Values) int {
	from, err := strconv.Atoi(q.Get("from"))
	if err != nil || from < 0 {
		return 0
	}
	return from
}

func taskKinds(counts map[string]int, chosen, area string) []taskKind {
	address := func(kind string) string {
		q := url.Values{}
		for name, v := range map[string]string{"kind": kind, "area": area} {
			if v != "" {
				q.Set(name, v)
			}
		}
		return strings.TrimSuffix("/tasks?"+q.Encode(), "?")
	}
	all := taskKind{Href: address(""), Title: "web.all", Current: chosen == ""}
	var kinds []taskKind
	for _, kind := range append(slices.Clone(registry.TaskKinds), matching.TaskTwoPlaces, matching.TaskPossibleSame, matching.TaskTwoPaid, review.TaskDocument) {
		if counts[kind] > 0 {
			kinds = append(kinds, taskKind{address(kind), text.Key("web.task_" + kind), counts[kind], chosen == kind})
			all.Count += counts[kind]
		}
	}
	return slices.Insert(kinds, 0, all)
}

func taskPager(list registry.TaskList, kind, area string, from int) *pager {
	if list.Total <= taskPageSize {
		return nil
	}
	return pagerOf("/tasks", "", url.Values{"kind": {kind}, "area": {area}}, from, len(list.Tasks), list.Total, taskPageSize)
}

// pagerOf leads on from a page that shows so many entries after from.
func pagerOf(address, anchor string, query url.Values, from, shown, total, size int) *pager {
	if anchor != "" {
		anchor = "#" + anchor
	}
	to := func(at int) string {
		q := url.Values{"from": {strconv.Itoa(at)}}
		for name, values := range query {
			q[name] = values
		}
		return address + "?" + q.Encode() + anchor
	}
	p := &pager{From: from + 1, To: from + shown, Total: total}
	if from > 0 {
		p.Before = to(max(0, from-size))
	}
	if p.To < total {
		p.After = to(p.To)
	}
	return p
}

// taskRowOf is a task in a list: what is asked, of whom, since when.
func taskRowOf(tx *store.Tx, t registry.OpenTask) (taskRow, error) {
	key, args, err := taskWords(tx, t.Task)
	return taskRow{Href: "/tasks/" + t.ID.String(), Icon: taskIcon(t.Kind), Title: key, Args: args, Note: strings.TrimPrefix(t.Head+" · "+t.File, " · "),
		State: pill{Tone: "plain", Key: "web.task_opened", Args: []any{"date", calendar.Day(t.Opened)}}}, err
}

// taskWords is what a task asks, with branches by their names.
func taskWords(tx *store.Tx, t registry.Task) (text.Key, []any, error) {
	key, args := t.Message()
	for i := 0; i+1 < len(args); i += 2 {
		code, written := args[i+1].(string)
		if args[i] != "branch" || !written {
			continue
		}
		name, err := bodyName(tx, code)
		if err != nil {
			return key, args, err
		}
		args[i+1] = text.Bilingual{Arabic: "«" + strings.TrimPrefix(name.Arabic, "فرع ") + "»", English: strings.TrimSuffix(name.English, " branch")}
	}
	return key, args, nil
}

func taskIcon(kind string) string {
	switch kind {
	case registry.TaskMemberTwice, registry.TaskNumberTwice, matching.TaskTwoPlaces, matching.TaskPossibleSame, matching.TaskTwoPaid, review.TaskDocument:
		return "swap"
	case registry.TaskFactUnknown, registry.TaskCustodyUnknown, registry.TaskNumberUnread:
		return "help"
	case registry.TaskCorrection:
		return "pen"
	}
	return "warn"
}

func taskPage(x *exchange) error {
	view, err := x.taskView()
	if err != nil {
		return err
	}
	return showTask.show(x, view)
}

func (x *exchange) taskView() (view taskView, err error) {
	which, err := x.pathID("task")
	if err != nil {
		return view, err
	}
	err = x.read(func(tx *store.Tx) error {
		t, err := registry.FindTask(tx, which)
		if err != nil {
			return err
		}
		if view.Title, view.Args, err = taskWords(tx, t.Task); err != nil {
			return err
		}
		view.Since = calendar.Day(t.Opened)
		view.Form = taskForm("/tasks/"+which.String(), tx.NewID().String())
		view.Form.Token = x.frame.Token
		office, err := officeName(tx, t.Branch)
		view.Places = []taskPlace{{Href: "/households/" + t.Household.String(), Name: t.Head, File: t.File, Area: office}}
		view.Next = x.nextOf(tx, t)
		if t.Kind == registry.TaskCorrection {
			view.Says = t.Detail["other"]
		}
		if view.Closed = !t.Closed.IsZero(); view.Closed {
			view.Answer = t.Answer
		}
		return err
	})
	return view, err
}

// taskEvents lead from a question to the form by which its answer is recorded.
var taskEvents = map[string]string{registry.TaskNumberUnread: "number", registry.TaskCustodyDisputed: "custody", registry.TaskCustodyUnknown: "custody",
	registry.TaskTwoHeads: "head", registry.TaskNoHead: "head"}

// nextOf is where the answer to an open task is recorded; nothing where words
// are the answer, or this reader may not.
func (x *exchange) nextOf(tx *store.Tx, t registry.OpenTask) string {
	home, person := "/households/"+t.Household.String(), ""
	if !t.Person.IsZero() {
		person = "&person=" + t.Person.String()
	}
	event := taskEvents[t.Kind]
	switch {
	case !t.Closed.IsZero():
		return ""
	case event != "" && access.Require(tx, access.RecordLifeEvent, t.Branch) == nil:
		return home + "/events/" + event + strings.Replace(person, "&", "?", 1)
	case t.Fact != "" && event == "" && access.Require(tx, access.CorrectFact, t.Branch) == nil:
		return home + "/correction?fact=" + string(t.Fact) + person + "&task=" + t.ID.String()
	}
	return ""
}

// settleTask closes a task in the words of who asked the family.
func settleTask(x *exchange) error {
	which, err := x.pathID("task")
	if err != nil {
		return err
	}
	_, err = x.change(func(tx *store.Tx) error { return registry.CloseTask(tx, which, value(x.r, "answer")) })
	if err == nil {
		return x.seeOther("/tasks")
	}
	view, failed := x.taskView()
	if failed != nil {
		return failed
	}
	view.Form.read(x.r)
	if view.Form.refuse(err) {
		return showTask.refuse(x, view)
	}
	return err
}
