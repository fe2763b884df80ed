package web

import (
	"sanad/platform/calendar"
	"sanad/platform/text"
)

// taskRow is one thing that somebody must look at.
type taskRow struct {
	Href  string
	Icon  string
	Title text.Key
	Args  []any
	Note  string
	State pill
	Since calendar.Date
}

// tasksView lists open tasks, oldest first.
type tasksView struct {
	Kinds []taskKind
	Tasks []taskRow
	Pager *pager
	Count int
}

// taskKind is a filter with the number behind it.
type taskKind struct {
	Href    string
	Title   text.Key
	Count   int
	Current bool
}

// pager leads through a long list; an empty address is no link.
type pager struct {
	From, To, Total int
	Before, After   string
}

// taskView is one task with what is known and how it can be settled.
type taskView struct {
	Title  text.Key
	Args   []any
	Since  calendar.Date
	Facts  []factView
	Places []taskPlace
	Form   form
	Closed bool
	Answer string
	Says   string // what was said to be right
	Next   string // where the answer is recorded as a fact
}

// taskPlace is a household that a task is about.
type taskPlace struct {
	Href, Name, File string
	Area             text.Bilingual
}

var (
	showTasks = page[tasksView]("coordination/tasks")
	showTask  = page[taskView]("coordination/task")
)

func taskForm(action, command string) form {
	return form{Action: action, Submit: "web.task_settle", Fields: []field{
		{Name: "command", Kind: "hidden", Value: command},
		{Name: "answer", Kind: "textarea", Label: "web.task_reason", Hint: "web.task_reason_hint"},
	}}
}
