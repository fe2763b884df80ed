package intake

import (
	"context"

	"sanad/platform/journal"
	"sanad/platform/store"
)

// Prepared is a file that was opened and looked through, ready to be taken in.
type Prepared struct{ importing importing }

// Prepare does the part of Import that changes nothing: it finds out what the
// file is, whose and of which day. It is worth doing while another file is being
// taken in. Take must follow, or Close.
func Prepare(ctx context.Context, j *journal.Journal, who store.Session, path string, o Options) (*Prepared, error) {
	if o.Limits == (Limits{}) {
		o.Limits = StandardLimits()
	}
	if o.Notes == nil {
		o.Notes = func(...Note) error { return nil }
	}
	f := &Prepared{importing{journal: j, who: who, options: o, summary: Summary{File: path}}}
	file, err := Open(path, o.Limits)
	if err != nil {
		return f, err
	}
	f.importing.file = file
	if err := f.importing.prepare(ctx, path); err != nil {
		file.Close()
		return f, err
	}
	return f, nil
}

// Summary is what is known so far.
func (f *Prepared) Summary() Summary { return f.importing.summary }

// Close gives up a file that was not taken in.
func (f *Prepared) Close() error { return f.importing.file.Close() }

// Take takes the file in, and closes it.
func (f *Prepared) Take(ctx context.Context) (Summary, error) {
	im := &f.importing
	defer im.file.Close()
	if err := im.begin(ctx); err != nil {
		return im.summary, err
	}
	if err := im.run(ctx); err != nil {
		return im.summary, err
	}
	return im.summary, im.end(ctx)
}

// InTurn takes files in one after the other, each opened and looked through
// while the one before it is taken in. prepare is called by another goroutine;
// take gets what it answered, in the order of paths, and an error of take ends it.
func InTurn(paths []string, prepare func(path string) (*Prepared, error), take func(path string, f *Prepared, err error) error) error {
	type answer struct {
		file *Prepared
		err  error
	}
	next := make(chan answer)
	stop := make(chan struct{})
	defer close(stop)
	go func() {
		for _, path := range paths {
			f, err := prepare(path)
			select {
			case next <- answer{f, err}:
			case <-stop:
				if err == nil {
					_ = f.Close() // it was only read
				}
				return
			}
		}
	}()
	for _, path := range paths {
		a := <-next
		if err := take(path, a.file, a.err); err != nil {
			return err
		}
	}
	return nil
}
