package api

import (
	"sanad/delivery/matching/search"
	"sanad/delivery/registry"
	"sanad/platform/calendar"
	"sanad/platform/id"
	"sanad/platform/journal"
	"sanad/platform/store"
	"sanad/platform/text"
)

type searchInput struct {
	Text       string `query:"text" required:"true" maxLength:"200" doc:"parts of a name in Arabic or Latin letters, or a whole number"`
	Birth      day    `query:"birth" doc:"narrows a name: nobody surely born on another day"`
	Mother     string `query:"mother" maxLength:"200" doc:"narrows a name: nobody whose mother surely is another"`
	Place      string `query:"place" maxLength:"100" doc:"narrows a name: code or name of an area or branch"`
	Everywhere bool   `query:"everywhere" doc:"names outside one's area, too; by name and branch only"`
	Limit      int    `query:"limit" minimum:"1" maximum:"200" default:"20"`
}

// Found is what a search found.
type Found struct {
	Hits []Hit `json:"hits" nullable:"false"`
	More bool  `json:"more" doc:"there were more than are shown; narrow the search"`
}

// Hit is one person found.
type Hit struct {
	Person    id.ID         `json:"person,omitzero"`
	Household id.ID         `json:"household,omitzero"`
	Name      string        `json:"name"`
	Branch    string        `json:"branch"`
	Area      string        `json:"area,omitempty" doc:"code of the municipality"`
	File      string        `json:"file,omitempty"`
	Role      string        `json:"role,omitempty"`
	Number    string        `json:"national_number,omitempty"`
	Birth     calendar.Date `json:"birth,omitzero"`
	Mother    string        `json:"mother,omitempty"`
	Sex       string        `json:"sex,omitempty"`
	Dead      bool          `json:"dead,omitempty"`
	Outside   bool          `json:"outside,omitempty" doc:"lives outside one's area: the file needs a purpose"`
	Why       []Why         `json:"why,omitempty" doc:"by what a name was found, in the order of the question"`
	Others    []OtherRecord `json:"others,omitempty" doc:"records that are linked with this one: the same human"`
}

// Why is one part of a question and where it was found.
type Why struct {
	Asked string `json:"asked" doc:"as it was compared: without vowel signs, hamza seats and the like"`
	Found string `json:"found,omitempty" doc:"the part of the name, as it is written; absent where it is missing"`
	How   string `json:"how" enum:"exact,beginning,sound,slip,sound_slip,missing"`
}

// OtherRecord is another record of the same human.
type OtherRecord struct {
	Person    id.ID  `json:"person"`
	Household id.ID  `json:"household,omitzero" doc:"absent outside one's area"`
	Branch    string `json:"branch"`
	File      string `json:"file,omitempty"`
}

func (d *door) search(tx *store.Tx, in *searchInput) (Found, error) {
	answer, err := d.Search.Find(tx, search.Query{Text: in.Text, Birth: in.Birth.Date, Mother: in.Mother, Place: in.Place, Everywhere: in.Everywhere, Limit: in.Limit})
	out := Found{Hits: []Hit{}, More: answer.More}
	for _, h := range answer.Hits {
		out.Hits = append(out.Hits, hitOf(h))
	}
	return out, err
}

func hitOf(h search.Hit) Hit {
	out := Hit{Person: h.Person, Household: h.Household, Name: h.Name, Branch: h.Branch, Area: h.Area, File: h.File, Role: h.Role, Number: h.Number,
		Birth: h.Birth, Mother: h.Mother, Sex: string(h.Sex), Dead: h.Dead, Outside: h.Outside}
	for _, m := range h.Why {
		out.Why = append(out.Why, Why{m.Asked, m.Found, m.How.String()})
	}
	for _, o := range h.Others {
		out.Others = append(out.Others, OtherRecord(o))
	}
	return out
}

type tasksInput struct {
	Branch    string     `query:"branch" maxLength:"40" doc:"code of a branch or area; empty is the whole country"`
	Kind      string     `query:"kind" maxLength:"60"`
	Household identifier `query:"household"`
	From      int        `query:"from" minimum:"0" doc:"how many are left out before"`
	Limit     int        `query:"limit" minimum:"1" maximum:"500" default:"100"`
}

// Tasks is a page of open tasks.
type Tasks struct {
	Tasks []Task         `json:"tasks" nullable:"false"`
	Total int            `json:"total"`
	Kinds map[string]int `json:"kinds" doc:"open tasks of the branch by kind"`
}

// Task is something that a branch is asked to find out or settle.
type Task struct {
	ID        id.ID  `json:"id"`
	Household id.ID  `json:"household"`
	Branch    string `json:"branch"`
	File      string `json:"file"`
	Head      string `json:"head"`
	Kind      string `json:"kind"`
	Person    id.ID  `json:"person,omitzero"`
	Fact      string `json:"fact,omitempty"`
	Arabic    string `json:"question_ar"`
	English   string `json:"question_en"`
	Opened    string `json:"opened" format:"date-time"`
	Closed    string `json:"closed,omitempty" format:"date-time"`
	ClosedBy  id.ID  `json:"closed_by,omitzero" doc:"absent where a new fact answered it"`
	Answer    string `json:"answer,omitempty"`
}

func taskOf(t registry.OpenTask) Task {
	key, args := t.Message()
	return Task{ID: t.ID, Household: t.Household, Branch: t.Branch, File: t.File, Head: t.Head, Kind: t.Kind, Person: t.Person, Fact: string(t.Fact),
		Arabic: text.Say(text.Arabic, string(key), args...), English: text.Say(text.English, string(key), args...),
		Opened: moment(t.Opened), Closed: moment(t.Closed), ClosedBy: t.ClosedBy, Answer: t.Answer}
}

func tasks(tx *store.Tx, in *tasksInput) (Tasks, error) {
	list, err := registry.OpenTasks(tx, in.Branch, registry.TaskPage{Kind: in.Kind, Household: in.Household.ID, From: in.From, Limit: in.Limit})
	out := Tasks{Tasks: []Task{}, Total: list.Total, Kinds: list.Kinds}
	for _, t := range list.Tasks {
		journal.Look(tx, t.Household, "task")
		out.Tasks = append(out.Tasks, taskOf(t))
	}
	return out, err
}

// TaskPath is an address that names a task.
type TaskPath struct {
	Task identifier `path:"task"`
}

func task(tx *store.Tx, in *TaskPath) (Task, error) {
	t, err := registry.FindTask(tx, in.Task.ID)
	if err != nil {
		return Task{}, err
	}
	journal.Look(tx, t.Household, "task")
	return taskOf(t), nil
}

type closeTaskInput struct {
	TaskPath
	Body struct {
		Answer string `json:"answer" maxLength:"2000" doc:"what was found, in a sentence"`
	}
}

func closeTask(tx *store.Tx, in *closeTaskInput) (Nothing, error) {
	return Nothing{}, registry.CloseTask(tx, in.Task.ID, in.Body.Answer)
}
