package api

import (
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"sanad/delivery/intake"
	"sanad/platform/access"
	"sanad/platform/calendar"
	"sanad/platform/fault"
	"sanad/platform/id"
	"sanad/platform/store"
)

// mappingFile is the column mapping of the lists that branches send.
const mappingFile = "intake/household-list.yaml"

func intakeEndpoints(d *door) {
	plain(d, endpoint{name: "importFile", at: "POST /imports", says: "Take a branch's list in, or try what would come of it", need: access.ImportFiles, upload: true,
		more: "Every row ends accepted, accepted with warnings or rejected; a rejected row never blocks the others. The same file twice changes nothing the second time: " +
			"it is known by its bytes and branch, and needs no key. With dry_run nothing is changed."}, d.importFile)
	sends(d, endpoint{name: "importReport", at: "POST /imports/report", says: "Read a branch's list and report on its rows, without changing anything", need: access.ImportFiles, upload: true,
		more: "One line for each warning and rejection: file,row,level,field,value,message_ar,message_en. It can be corrected and sent again."},
		[]file{{"text/csv; charset=utf-8", plainText}}, d.importReport)
	asks(d, endpoint{name: "imports", at: "GET /imports", says: "The latest imports that one may see, newest first", need: access.ImportFiles}, imports)
	plain(d, endpoint{name: "revertImport", at: "POST /imports/{import}/revert", says: "Take an import back: every household becomes what it would be had the file never come", need: access.RevertImport,
		more: "Interrupted, it goes on where it stopped when it is asked for again."}, d.revertImport)
}

type upload struct {
	File   huma.FormFile `form:"file" required:"true" doc:"CSV or XLSX, under the name that it had at the branch"`
	AsOf   string        `form:"as_of" required:"false" pattern:"^([0-9]{4}-[0-9]{2}-[0-9]{2})?$" doc:"the day for which the file speaks; else its title says, else today"`
	Branch string        `form:"branch" required:"false" maxLength:"40" doc:"code of the branch whose list it is; else the file's name or its rows say"`
	DryRun bool          `form:"dry_run" required:"false" doc:"read and report, change nothing"`
}

type uploadInput struct {
	RawBody huma.MultipartFormFiles[upload]
}

// Imported counts what became of a file's rows.
type Imported struct {
	Import     id.ID         `json:"import"`
	File       string        `json:"file"`
	Branch     string        `json:"branch,omitempty" doc:"empty where rows name several"`
	AsOf       calendar.Date `json:"as_of,omitzero"`
	Rows       int           `json:"rows" doc:"of persons"`
	Accepted   int           `json:"accepted" doc:"without any doubt"`
	Warned     int           `json:"warned" doc:"accepted with warnings"`
	Rejected   int           `json:"rejected"`
	Households int           `json:"households"`
	Repeated   bool          `json:"repeated" doc:"the file had been taken in before: nothing was changed now"`
	DryRun     bool          `json:"dry_run" doc:"nothing was changed"`
}

func (d *door) importFile(ctx context.Context, in *uploadInput) (Imported, error) {
	form := in.RawBody.Data()
	done, err := d.take(ctx, form, form.DryRun, nil)
	return Imported{done.Import, done.File, done.Branch, done.AsOf, done.Rows, done.Accepted, done.Warned, done.Rejected, done.Households, done.Repeated, form.DryRun}, err
}

func (d *door) importReport(ctx context.Context, in *uploadInput, w io.Writer) (string, error) {
	report, err := intake.NewReport(w)
	if err != nil {
		return "", err
	}
	form := in.RawBody.Data()
	name := fileName(form.File.Filename)
	_, err = d.take(ctx, form, true, func(notes ...intake.Note) error { return report.Add(name, notes...) })
	if f := fault.Of(err); f != nil && f.Kind != fault.KindForbidden {
		err = report.Refuse(name, err) // a file that cannot be read is a line of the report, too
	}
	if err == nil {
		err = report.Close()
	}
	return "text/csv; charset=utf-8", err
}

// take hands an upload to the intake, under its own name: the households remember
// by it where they were last read from.
func (d *door) take(ctx context.Context, form *upload, dry bool, notes func(...intake.Note) error) (done intake.Summary, err error) {
	o := intake.Options{Branch: form.Branch, DryRun: dry, Notes: notes}
	if form.AsOf != "" {
		if o.AsOf, err = calendar.Parse(form.AsOf); err != nil {
			return done, fault.Invalid("api.expected_date").At("as_of")
		}
	}
	if o.Mapping, err = intake.LoadMapping(d.Pack, mappingFile); err != nil {
		return done, err
	}
	folder, err := os.MkdirTemp("", "sanad-upload-*")
	if err != nil {
		return done, err
	}
	defer os.RemoveAll(folder)
	path := filepath.Join(folder, fileName(form.File.Filename))
	if err := keep(path, form.File); err != nil {
		return done, err
	}
	who := callerOf(ctx).session
	done, err = intake.Import(ctx, d.Journal, who, path, o)
	done.File = filepath.Base(path)
	return done, err
}

// fileName is the name of an upload without any folder.
func fileName(given string) string {
	switch name := filepath.Base(given); name {
	case ".", "..", "/", "\\":
		return "upload"
	default:
		return name
	}
}

func keep(path string, content io.Reader) error {
	file, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	_, err = io.Copy(file, content)
	return errors.Join(err, file.Close())
}

// Imports are the latest imports.
type Imports struct {
	Imports []Taken `json:"imports" nullable:"false"`
}

// Taken is one import, as a list shows it.
type Taken struct {
	Import     id.ID         `json:"import"`
	File       string        `json:"file"`
	Branch     string        `json:"branch,omitempty"`
	State      string        `json:"state"`
	AsOf       calendar.Date `json:"as_of,omitzero"`
	Rows       int           `json:"rows"`
	Accepted   int           `json:"accepted"`
	Warned     int           `json:"warned"`
	Rejected   int           `json:"rejected"`
	Households int           `json:"households"`
	Began      string        `json:"began" format:"date-time"`
	Ended      string        `json:"ended,omitempty" format:"date-time" doc:"absent while it runs"`
}

type importsInput struct {
	Limit int `query:"limit" minimum:"1" maximum:"1000" default:"50"`
}

func imports(tx *store.Tx, in *importsInput) (Imports, error) {
	list, err := intake.Imports(tx, in.Limit)
	out := Imports{Imports: []Taken{}}
	for _, t := range list {
		out.Imports = append(out.Imports, Taken{t.Import, t.File, t.Branch, t.State, t.AsOf, t.Rows, t.Accepted, t.Warned, t.Rejected, t.Households, micro(t.Began), micro(t.Ended)})
	}
	return out, err
}

// micro writes a moment that is kept as microseconds since 1970.
func micro(at int64) string {
	if at == 0 {
		return ""
	}
	return moment(time.UnixMicro(at))
}

// ImportPath is an address that names an import.
type ImportPath struct {
	Import identifier `path:"import"`
}

// RevertedImport is an import that was taken back.
type RevertedImport struct {
	Households int `json:"households" doc:"how many changed"`
}

func (d *door) revertImport(ctx context.Context, in *ImportPath) (RevertedImport, error) {
	n, err := intake.Revert(ctx, d.Journal, callerOf(ctx).session, in.Import.ID)
	return RevertedImport{n}, err
}
