package web

import (
	"sanad/platform/calendar"
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
	Revert   *form
	Level    string
}

// Share is the progress in percent.
func (v importView) Share() int {
	if v.Rows == 0 {
		return 0
	}
	return v.Done * 100 / v.Rows
}

// rowMessage is one message of the report: what stood there and what was understood.
type rowMessage struct {
	Row     int
	Level   pill
	Field   text.Key
	Read    string
	Meant   string
	Message text.Bilingual
}

var (
	showImports = page[importsView]("intake/imports")
	showImport  = page[importView]("intake/import")
)

func importForm() form {
	return form{Action: "/imports", Submit: "web.import_submit", Upload: true, Fields: []field{
		{Name: "file", Kind: "file", Label: "web.import_file", Hint: "web.import_file_hint", Accept: ".csv,.xlsx"},
	}}
}
