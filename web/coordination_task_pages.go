package web

import (
	"net/url"
	"slices"
	"strconv"

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
	kind, from := value(x.r, "kind"), startOf(x.r.URL.Query())
	var view tasksView
	err := x.read(func(tx *store.Tx) error {
		list, err := registry.OpenTasks(tx, taskArea(tx), registry.TaskPage{Kind: kind, From: from, Limit: taskPageSize})
		if err != nil {
			return err
		}
		view = tasksView{Count: list.Total, Kinds: taskKinds(list.Kinds, kind), Pager: taskPager(list, kind, from)}
		for _, t := range list.Tasks {
			view.Tasks = append(view.Tasks, taskRowOf(t))
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

func taskKinds(counts map[string]int, chosen string) []taskKind {
	all := taskKind{Href: "/tasks", Title: "web.all", Current: chosen == ""}
	var kinds []taskKind
	for _, kind := range registry.TaskKinds {
		if counts[kind] > 0 {
			kinds = append(kinds, taskKind{"/tasks?kind=" + url.QueryEscape(kind), text.Key("web.task_" + kind), counts[kind], chosen == kind})
			all.Count += counts[kind]
		}
	}
	return slices.Insert(kinds, 0, all)
}

func taskPager(list registry.TaskList, kind string, from int) *pager {
	if list.Total <= taskPageSize {
		return nil
	}
	address := func(at int) string {
		return "/tasks?" + url.Values{"kind": {kind}, "from": {strconv.Itoa(at)}}.Encode()
	}
	p := &pager{From: from + 1, To: from + len(list.Tasks), Total: list.Total}
	if from > 0 {
		p.Before = address(max(0, from-taskPageSize))
	}
	if p.To < p.Total {
		p.After = address(p.To)
	}
	return p
}

// taskRowOf is a task in a list: what is asked, of whom, since when.
func taskRowOf(t registry.OpenTask) taskRow {
	key, args := t.Message()
	return taskRow{Href: "/tasks/" + t.ID.String(), Icon: taskIcon(t.Kind), Title: key, Args: args, Note: t.Head + " · " + t.File,
		State: pill{Tone: "plain", Key: "web.task_opened", Args: []any{"date", calendar.Day(t.Opened)}}}
}

func taskIcon(kind string) string {
	switch kind {
	case registry.TaskMemberTwice, registry.TaskNumberTwice:
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
		view.Title, view.Args = t.Message()
		view.Since = calendar.Day(t.Opened)
		view.Form = taskForm("/tasks/"+which.String(), tx.NewID().String())
		view.Form.Token = x.frame.Token
		office, err := officeName(tx, t.Branch)
		view.Places = []taskPlace{{Href: "/households/" + t.Household.String(), Name: t.Head, File: t.File, Area: office}}
		if view.Closed = !t.Closed.IsZero(); view.Closed {
			view.Answer = t.Answer
		}
		return err
	})
	return view, err
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
