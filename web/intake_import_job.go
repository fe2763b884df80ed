package web

import (
	"context"
	"encoding/csv"
	"errors"
	"io"
	"log/slog"
	"mime/multipart"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"

	"sanad/delivery/intake"
	"sanad/platform/calendar"
	"sanad/platform/fault"
	"sanad/platform/id"
	"sanad/platform/store"
	"sanad/platform/text"
)

// importing are the files that this process is taking in, one after the other.
// A power cut loses the job and nothing else: what was committed stays, and the
// same file sent again goes on from there.
type importing struct {
	mutex sync.Mutex
	jobs  []*importJob
	turn  sync.Mutex // one file at a time
}

func newImporting() *importing { return &importing{} }

// importJob is one file under way, or refused.
type importJob struct {
	id     id.ID
	name   string
	path   string
	branch string
	asOf   calendar.Date

	mutex    sync.Mutex
	progress intake.Progress
	summary  intake.Summary
	refused  error
	ended    bool
}

// jobsKept is how many jobs that have ended are remembered, the refused ones so
// that their sender reads why.
const jobsKept = 50

// keep writes an upload to the disk under its own name, in a folder of its own:
// the name may say whose list it is.
func (i *importing) keep(folder string, header *multipart.FileHeader) (*importJob, error) {
	name := filepath.Base(strings.ReplaceAll(header.Filename, "\\", "/"))
	if name == "." || name == string(filepath.Separator) || strings.HasPrefix(name, "..") {
		name = "list.csv"
	}
	if err := os.MkdirAll(filepath.Join(folder, "uploads"), 0o700); err != nil {
		return nil, err
	}
	own, err := os.MkdirTemp(filepath.Join(folder, "uploads"), "")
	if err != nil {
		return nil, err
	}
	source, err := header.Open()
	if err != nil {
		return nil, err
	}
	defer source.Close()
	job := &importJob{name: name, path: filepath.Join(own, name)}
	target, err := os.OpenFile(job.path, os.O_CREATE|os.O_WRONLY|os.O_EXCL, 0o600)
	if err != nil {
		return nil, err
	}
	_, err = io.Copy(target, source)
	return job, errors.Join(err, target.Close())
}

// begin starts the job; it goes on when the browser has gone. A job that can get
// no name of its own is not started, and what was received of it is removed.
func (i *importing) begin(x *exchange, job *importJob) error {
	err := x.site.Journal.DB.Read(x.r.Context(), x.session, func(tx *store.Tx) error {
		job.id = tx.NewID()
		return nil
	})
	if err != nil {
		return errors.Join(err, os.RemoveAll(filepath.Dir(job.path)))
	}
	i.mutex.Lock()
	i.jobs = append(i.jobs, job)
	if len(i.jobs) > jobsKept && !i.jobs[0].view().Working {
		i.jobs = i.jobs[1:]
	}
	i.mutex.Unlock()
	ctx, site, who := context.WithoutCancel(x.r.Context()), x.site, x.session
	go func() {
		i.turn.Lock()
		defer i.turn.Unlock()
		defer os.RemoveAll(filepath.Dir(job.path))
		job.end(job.run(ctx, site, who))
	}()
	return nil
}

// find returns a job by its identifier, nil where this process has none.
func (i *importing) find(which id.ID) *importJob {
	i.mutex.Lock()
	defer i.mutex.Unlock()
	for _, job := range i.jobs {
		if job.id == which {
			return job
		}
	}
	return nil
}

// open lists the jobs that are under way or were refused, the latest first.
func (i *importing) open() []*importJob {
	i.mutex.Lock()
	defer i.mutex.Unlock()
	var open []*importJob
	for n := len(i.jobs) - 1; n >= 0; n-- {
		if job := i.jobs[n]; job.imported().IsZero() {
			open = append(open, job)
		}
	}
	return open
}

// run takes the file in and keeps its report under the import's identifier.
func (j *importJob) run(ctx context.Context, s *site, who store.Session) (intake.Summary, error) {
	folder := filepath.Join(s.Folder, "reports")
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return intake.Summary{}, err
	}
	file, err := os.CreateTemp(folder, ".report-*")
	if err != nil {
		return intake.Summary{}, err
	}
	defer os.Remove(file.Name())
	defer file.Close()
	report, err := intake.NewReport(file)
	if err != nil {
		return intake.Summary{}, err
	}
	done, err := intake.Import(ctx, s.Journal, who, j.path, intake.Options{Mapping: s.mapping, AsOf: j.asOf, Branch: j.branch,
		Notes: func(notes ...intake.Note) error { return report.Add(j.name, notes...) }, Progress: j.note})
	if err != nil {
		return done, err
	}
	if err := errors.Join(report.Close(), file.Sync()); err != nil {
		return done, err
	}
	if done.Repeated {
		if _, err := os.Stat(reportPath(s.Folder, done.Import)); err == nil {
			return done, nil // the report of the first time stays
		}
	}
	return done, os.Rename(file.Name(), reportPath(s.Folder, done.Import))
}

func (j *importJob) note(p intake.Progress) {
	j.mutex.Lock()
	defer j.mutex.Unlock()
	j.progress = p
}

func (j *importJob) end(s intake.Summary, err error) {
	if err != nil && fault.Of(err) == nil {
		slog.Error("import failed", "error", err)
	}
	j.mutex.Lock()
	defer j.mutex.Unlock()
	j.summary, j.refused, j.ended = s, err, true
}

// imported is what the file became; zero while it is read and where it was refused.
func (j *importJob) imported() id.ID {
	j.mutex.Lock()
	defer j.mutex.Unlock()
	if !j.ended || j.refused != nil {
		return id.ID{}
	}
	return j.summary.Import
}

func (j *importJob) row() importRow { return j.view().importRow }

// view is the job as a page.
func (j *importJob) view() importView {
	j.mutex.Lock()
	defer j.mutex.Unlock()
	v := importView{importRow: importRow{Href: "/imports/" + j.id.String(), File: j.name, AsOf: j.asOf, Rows: j.progress.Total, State: pill{Tone: "info", Key: "web.import_running"}},
		Done: j.progress.Records, PerSecond: j.progress.PerSecond, Left: int(j.progress.Left.Seconds()), Working: !j.ended}
	if j.ended && j.refused != nil {
		v.State = pill{Tone: "bad", Key: "web.import_failed"}
		if v.Refused = fault.Of(j.refused); v.Refused == nil {
			v.Refused = fault.Unavailable("fault.internal")
		}
	}
	return v
}

// readReport reads a kept report back, for the page.
func (s *site) readReport(path, level string) ([]rowMessage, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	r := csv.NewReader(file)
	if _, err := r.Read(); err != nil {
		return nil, err
	}
	var messages []rowMessage
	for {
		record, err := r.Read()
		if errors.Is(err, io.EOF) {
			return messages, nil
		}
		if err != nil {
			return nil, err
		}
		if len(record) < 7 || level != "" && record[2] != level {
			continue
		}
		m := rowMessage{Level: pill{Tone: "warn", Key: "web.warned"}, Field: s.columnName(record[3]), Read: record[4], Message: text.Bilingual{Arabic: record[5], English: record[6]}}
		if record[2] == string(intake.Rejected) {
			m.Level = pill{Tone: "bad", Key: "web.rejected"}
		}
		m.Row, _ = strconv.Atoi(record[1])
		messages = append(messages, m)
	}
}

// columnName is what the country calls a column.
func (s *site) columnName(meaning string) text.Bilingual {
	if s.mapping != nil {
		if column, known := s.mapping.Columns[intake.Meaning(meaning)]; known {
			return column.Name
		}
	}
	return text.Bilingual{Arabic: meaning, English: meaning}
}
