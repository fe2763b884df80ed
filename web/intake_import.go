package web

import (
	"sanad/platform/calendar"
	"sanad/platform/fault"
	"sanad/platform/text"
)

// importsView lists the files that came in, newest first, and takes new ones.
type importsView struct {
	Form    form
	Imports []importRow
}

// importRow is one file.
type importRow struct {
	Href     string
	File     string
	Branch   text.Bilingual
	AsOf     calendar.Date
	Rows     int
	Accepted int
	Warned   int
	Rejected int
	State    pill
}

// importView is one file with its progress and its row report.
type importView struct {
	importRow
	By       string
	Done     int // rows read so far
	Working  bool
	Messages []rowMessage
	Pager    *pager
	Report   string // address of the report as CSV
	Level    string // which messages are shown; empty: all

	PerSecond, Left int          // rows a second, seconds left
	Refused         *fault.Fault // why the file was not taken in
	NoReport        bool         // read in elsewhere: the report is not here
	MayRevert       bool
}

// Share is the progress in percent.
func (v importView) Share() int {
	if v.Rows == 0 {
		return 0
	}
	return v.Done * 100 / v.Rows
}

// rowMessage is one message of the report: what stood there, and in its sentence
// what was understood.
type rowMessage struct {
	Row     int
	Level   pill
	Field   text.Bilingual
	Read    string
	Message text.Bilingual
}

// revertView asks why a file is taken back.
type revertView struct {
	importRow
	Form form
}

var (
	showImports = page[importsView]("intake/imports")
	showImport  = page[importView]("intake/import")
	showRevert  = page[revertView]("intake/revert")
)

func importForm() form {
	return form{Action: "/imports", Submit: "web.import_submit", Upload: true, Fields: []field{
		{Name: "file", Kind: "file", Label: "web.import_file", Hint: "web.import_file_hint", Accept: ".csv,.xlsx", Many: true},
		{Name: "as-of", Kind: "date", Label: "web.import_as_of", Hint: "web.import_as_of_hint"},
		{Name: "branch", Kind: "select", Label: "web.branch", Hint: "web.import_branch_hint"},
	}}
}

func revertForm(href string) form {
	return form{Action: href + "/revert", Back: href, Submit: "web.import_revert_submit", Danger: true, Fields: []field{
		{Name: "reason", Kind: "textarea", Label: "web.import_revert_reason", Hint: "web.import_revert_reason_hint"}}}
}
