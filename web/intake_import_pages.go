package web

import (
	"bytes"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"sanad/delivery/intake"
	"sanad/platform/access"
	"sanad/platform/calendar"
	"sanad/platform/fault"
	"sanad/platform/id"
	"sanad/platform/store"
	"sanad/platform/text"
)

// importsShown is how many of the latest files the page lists.
const importsShown = 100

func importsPage(x *exchange) error {
	view, err := x.importsView()
	if err != nil {
		return err
	}
	return showImports.show(x, view)
}

func (x *exchange) importsView() (view importsView, err error) {
	err = x.read(func(tx *store.Tx) error {
		taken, err := intake.Imports(tx, importsShown)
		if err != nil {
			return err
		}
		view.Form = importForm()
		view.Form.Token = x.frame.Token
		if view.Form.Fields[2].Options, err = branchOptions(tx, x.language); err != nil {
			return err
		}
		for _, job := range x.site.imports.open() {
			view.Imports = append(view.Imports, job.row())
		}
		for _, t := range taken {
			row, err := takenRow(tx, t)
			if err != nil {
				return err
			}
			if !slices.ContainsFunc(view.Imports, func(r importRow) bool { return r.File == row.File && t.State == intake.Running }) {
				view.Imports = append(view.Imports, row)
			}
		}
		return nil
	})
	return view, err
}

// branchOptions are the branches whose lists this reader may take in.
func branchOptions(tx *store.Tx, language text.Language) ([]option, error) {
	bodies, err := branches(tx)
	options := []option{{Key: "web.branch_by_file"}}
	for _, b := range bodies {
		if access.Require(tx, access.ImportFiles, b.Code) == nil {
			options = append(options, option{Value: b.Code, Name: b.Name().In(language)})
		}
	}
	return options, err
}

func takenRow(tx *store.Tx, t intake.Taken) (importRow, error) {
	row := importRow{Href: "/imports/" + t.Import.String(), File: t.File, AsOf: t.AsOf, Rows: t.Rows, Accepted: t.Accepted, Warned: t.Warned, Rejected: t.Rejected, State: importState(t.State)}
	if t.Branch == "" {
		return row, nil
	}
	var err error
	row.Branch, err = bodyName(tx, t.Branch)
	return row, err
}

func importState(state string) pill {
	switch state {
	case intake.Done:
		return pill{Tone: "ok", Key: "web.import_done"}
	case intake.Reverted:
		return pill{Tone: "plain", Key: "web.import_reverted"}
	}
	return pill{Tone: "info", Key: "web.import_running"}
}

// sendFiles keeps what was sent on disk and begins to take it in; the browser
// need not stay.
func sendFiles(x *exchange) error {
	view, err := x.importsView()
	if err != nil {
		return err
	}
	view.Form.read(x.r)
	asOf, err := view.Form.date("as-of")
	var wrong fault.List
	wrong.Add("as-of", err)
	if err == nil && asOf != calendar.Unknown && asOf.Precision() != calendar.PrecisionDay {
		wrong.Add("as-of", fault.Invalid("web.whole_day"))
	}
	files := x.r.MultipartForm
	if files == nil || len(files.File["file"]) == 0 {
		wrong.Add("file", fault.Invalid("web.file_needed"))
	}
	if x.site.mapping == nil || x.site.Folder == "" {
		wrong.Add("file", fault.Unavailable("web.no_import_here"))
	}
	if err := wrong.Err(); err != nil {
		view.Form.note(fault.Of(err))
		return showImports.refuse(x, view)
	}
	var last *importJob
	for _, header := range files.File["file"] {
		job, err := x.site.imports.keep(x.site.Folder, header)
		if err != nil {
			return err
		}
		job.branch, job.asOf, last = view.Form.get("branch"), asOf, job
		if err := x.site.imports.begin(x, job); err != nil {
			return err
		}
	}
	if len(files.File["file"]) > 1 {
		return x.seeOther("/imports")
	}
	return x.seeOther("/imports/" + last.id.String())
}

// importPage shows a file under way, or one that was taken in, with its report.
func importPage(x *exchange) error {
	which, err := x.pathID("import")
	if err != nil {
		return err
	}
	if job := x.site.imports.find(which); job != nil {
		return x.jobPage(job)
	}
	view, err := x.importView(which)
	if err != nil {
		return err
	}
	return showImport.show(x, view)
}

func (x *exchange) jobPage(job *importJob) error {
	view := job.view()
	if done := job.imported(); !done.IsZero() && !view.Working {
		return x.seeOther("/imports/" + done.String())
	}
	if view.Working {
		return showImport.show(x, view)
	}
	x.frame.Wrong = true
	return showImport.answer(x, http.StatusOK, view)
}

// importProgress is the piece of the page that changes while a file is read. At
// the end the browser is asked to load the page again.
func importProgress(x *exchange) error {
	which, err := x.pathID("import")
	if err != nil {
		return err
	}
	job := x.site.imports.find(which)
	if job == nil || !job.view().Working {
		x.w.Header().Set("HX-Refresh", "true")
		return x.write(http.StatusOK, nil)
	}
	var out bytes.Buffer
	if err := x.site.templates.renderPart(&out, x.language, "progress", job.view()); err != nil {
		return err
	}
	return x.write(http.StatusOK, out.Bytes())
}

func (x *exchange) importView(which id.ID) (view importView, err error) {
	err = x.read(func(tx *store.Tx) error {
		taken, err := intake.Imports(tx, 10_000)
		if err != nil {
			return err
		}
		at := slices.IndexFunc(taken, func(t intake.Taken) bool { return t.Import == which })
		if at < 0 {
			return fault.NotFound("intake.no_import")
		}
		view.importRow, err = takenRow(tx, taken[at])
		if taken[at].State == intake.Done && x.may(access.RevertImport) {
			view.MayRevert = true
		}
		return err
	})
	if err != nil {
		return view, err
	}
	return view, x.report(which, &view)
}

// messagesShown is how many lines of a report stand on one page.
const messagesShown = 50

// report fills in the lines of the kept report.
func (x *exchange) report(which id.ID, view *importView) error {
	path := reportPath(x.site.Folder, which)
	if _, err := os.Stat(path); x.site.Folder == "" || err != nil {
		view.NoReport = true // read in at the command line
		return nil
	}
	view.Report, view.Level = view.Href+"/report.csv", x.r.URL.Query().Get("level")
	all, err := x.site.readReport(path, view.Level)
	if err != nil {
		return err
	}
	from := min(startOf(x.r.URL.Query()), len(all))
	view.Messages = all[from:min(from+messagesShown, len(all))]
	if len(all) > messagesShown {
		view.Pager = pagerOf(view.Href, "rows", map[string][]string{"level": {view.Level}}, from, len(view.Messages), len(all), messagesShown)
	}
	return nil
}

func reportPath(folder string, which id.ID) string {
	return filepath.Join(folder, "reports", which.String()+".csv")
}

// importReport sends the report to be corrected in a spreadsheet.
func importReport(x *exchange) error {
	which, err := x.pathID("import")
	if err != nil {
		return err
	}
	view, err := x.importView(which)
	if err != nil {
		return err
	}
	if view.Report == "" {
		return fault.NotFound("web.no_such_page")
	}
	return x.download(reportPath(x.site.Folder, which), "report-"+strings.TrimSuffix(view.File, filepath.Ext(view.File))+".csv")
}

// revertPage is the second look before a file is taken back.
func revertPage(x *exchange) error {
	view, err := x.revertView()
	if err != nil {
		return err
	}
	return showRevert.show(x, view)
}

func (x *exchange) revertView() (view revertView, err error) {
	which, err := x.pathID("import")
	if err != nil {
		return view, err
	}
	taken, err := x.importView(which)
	if err != nil {
		return view, err
	}
	view = revertView{importRow: taken.importRow, Form: revertForm(taken.Href)}
	view.Form.Token = x.frame.Token
	return view, nil
}

// revertImport takes a file back. The reason goes into the journal as the
// purpose of every entry that it makes.
func revertImport(x *exchange) error {
	view, err := x.revertView()
	if err != nil {
		return err
	}
	view.Form.read(x.r)
	reason := view.Form.get("reason")
	if len([]rune(reason)) < 10 {
		view.Form.note(fault.Invalid("web.revert_reason_short").At("reason"))
		return showRevert.refuse(x, view)
	}
	which, err := x.pathID("import")
	if err != nil {
		return err
	}
	who := x.session
	who.Purpose = reason
	if _, err := intake.Revert(x.r.Context(), x.site.Journal, who, which); err != nil {
		return err
	}
	return x.seeOther(view.Href)
}
