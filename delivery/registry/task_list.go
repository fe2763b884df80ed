package registry

import (
	"encoding/json"
	"strings"
	"time"

	"sanad/platform/access"
	"sanad/platform/calendar"
	"sanad/platform/fault"
	"sanad/platform/id"
	"sanad/platform/journal"
	"sanad/platform/store"
	"sanad/platform/text"
)

// TaskPage asks for some of a branch's open tasks.
type TaskPage struct {
	Kind      string // empty: every kind
	Household id.ID  // zero: every household
	From      int    // how many are left out before
	Limit     int    // 0: 20
}

// TaskList is one page of open tasks, oldest first, and how many there are.
type TaskList struct {
	Tasks []OpenTask
	Total int
	Kinds map[string]int // open tasks of the branch by kind
}

// OpenTask is a task with when it was opened and whose file it is about.
type OpenTask struct {
	Task
	Opened   time.Time
	Closed   time.Time // zero while open
	ClosedBy id.ID     // zero where a new fact answered it
	Answer   string
	File     string
	Head     string
}

// OpenTasks lists what a branch is asked, for those who answer there. The empty
// branch is the whole country.
func OpenTasks(tx *store.Tx, branch string, page TaskPage) (TaskList, error) {
	if err := access.Require(tx, access.AnswerTask, branch); err != nil {
		return TaskList{}, err
	}
	list := TaskList{Kinds: map[string]int{}}
	counts, err := store.All(tx, func(r *store.Row) kindCount { return kindCount{r.Text(), int(r.Int())} },
		"SELECT kind, count(*) FROM tasks WHERE closed = 0 AND branch >= $1 AND branch < $2 GROUP BY kind ORDER BY kind", branch, branch+"\x7f")
	if err != nil {
		return TaskList{}, err
	}
	for _, c := range counts {
		list.Kinds[c.kind] = c.count
	}
	condition := "t.closed = 0 AND t.branch >= $1 AND t.branch < $2 AND ($3 = '' OR t.kind = $3) AND (CAST($4 AS INTEGER) = 0 OR t.household = $5)"
	asked := 0
	if !page.Household.IsZero() {
		asked = 1
	}
	args := []any{branch, branch + "\x7f", page.Kind, asked, page.Household}
	total, _, err := store.One(tx, (*store.Row).Int, "SELECT count(*) FROM tasks t WHERE "+condition, args...)
	if err != nil {
		return TaskList{}, err
	}
	list.Total = int(total)
	if page.Limit <= 0 {
		page.Limit = 20
	}
	list.Tasks, err = store.All(tx, scanTask, taskColumns+condition+" ORDER BY t.opened, t.task LIMIT $6 OFFSET $7", append(args, page.Limit, page.From)...)
	return list, err
}

type kindCount struct {
	kind  string
	count int
}

const taskColumns = `SELECT t.task, t.household, t.branch, t.kind, t.person, t.fact, t.detail, t.opened, t.closed, t.closed_by, t.answer, h.file, h.head
	FROM tasks t JOIN households h ON h.household = t.household WHERE `

func scanTask(r *store.Row) OpenTask {
	t := OpenTask{Task: Task{ID: r.ID(), Household: r.ID(), Branch: r.Text(), Kind: r.Text(), Person: r.ID(), Fact: Name(r.Text())}}
	if json.Unmarshal(r.Bytes(), &t.Detail) != nil {
		t.Detail = nil // the sentence shows its empty places
	}
	t.Opened = r.Time()
	if closed := r.Int(); closed != 0 {
		t.Closed = time.UnixMicro(closed).UTC()
	}
	t.ClosedBy, t.Answer, t.File, t.Head = r.ID(), r.Text(), r.Text(), r.Text()
	return t
}

// FindTask returns a task, open or closed, for those who answer at its branch,
// or the fault "registry.no_task".
func FindTask(tx *store.Tx, task id.ID) (OpenTask, error) {
	t, found, err := store.One(tx, scanTask, taskColumns+"t.task = $1", task)
	if err == nil && !found {
		err = fault.NotFound("registry.no_task")
	}
	if err != nil {
		return OpenTask{}, err
	}
	return t, access.Require(tx, access.AnswerTask, t.Branch)
}

// answerMin is the least that says what was found.
const answerMin = 5

// CloseTask settles a task in the words of who asked the family. A task that is
// closed already is the fault "registry.task_closed"; no words, or too few, are
// "registry.answer_needed".
func CloseTask(tx *store.Tx, task id.ID, answer string) error {
	t, err := FindTask(tx, task)
	if err != nil {
		return err
	}
	if err := access.Require(tx, access.AnswerTask, t.Branch); err != nil {
		return err
	}
	if !t.Closed.IsZero() {
		return fault.Conflict("registry.task_closed")
	}
	if answer = strings.TrimSpace(answer); len([]rune(answer)) < answerMin {
		return fault.Invalid("registry.answer_needed").At("answer")
	}
	if err := writable(tx, t.Branch); err != nil {
		return err
	}
	return journal.Record(tx, TaskClosed{Task: t.ID, House: t.Household, Branch: t.Branch, By: tx.Actor, Answer: answer, At: tx.Now.UnixMicro()})
}

// Message is the sentence of a task: its key, and arguments that the text
// package writes in the reader's language.
func (t Task) Message() (text.Key, []any) {
	args := []any{"fact", t.Fact.Heading()}
	for name, value := range t.Detail {
		args = append(args, name, t.Fact.spoken(name, value))
	}
	return text.Key("task." + t.Kind), args
}

// Key is the message that names the fact.
func (n Name) Key() text.Key { return text.Key("registry.fact_" + string(n)) }

// spoken turns a value of a task's detail into what a reader is told.
func (n Name) spoken(detail, value string) any {
	d := Define(n)
	if detail != "one" && detail != "other" {
		return value
	}
	if on, err := calendar.Parse(value); err == nil && value != "" && (d == nil || d.Type == TypeDate) {
		return on
	}
	if d == nil || value == "" {
		return value
	}
	switch {
	case (d.Type == TypeTruth || d.Type == TypeDate) && (value == "yes" || value == "no"):
		return text.Key("registry.answer_" + value)
	case d.Type == TypeCode:
		return d.Word(value)
	}
	return value
}
