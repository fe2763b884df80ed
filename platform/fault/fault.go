// Package fault is how Sanad says "no" to a person: never a stack of English
// technical words, but a kind and a message key that the edge turns into a
// clear sentence in the reader's language, saying what to do.
//
// Verbs return faults; web, api and the command line render them once. Any
// other error is internal: it is logged, and its text never reaches a person.
package fault

import (
	"errors"
	"fmt"
	"strings"
)

// Kind says what sort of refusal a fault is; each edge maps it to its own code.
type Kind int

// The kinds of fault. HTTP status in brackets.
const (
	KindInvalid     Kind = iota + 1 // what was sent cannot be accepted as it is [422]
	KindNotFound                    // nothing there, or not for this reader [404]
	KindForbidden                   // this person may not do this [403]
	KindConflict                    // somebody changed it meanwhile, or the state does not allow it [409]
	KindUnavailable                 // cannot be done now, try again [503]
)

// Fault is a refusal that a person can read. Key names a sentence in both
// message catalogues; Args fill its placeholders by name.
type Fault struct {
	Kind   Kind
	Key    string
	Args   []any    // name, value, name, value, ...
	Field  string   // the form field, column or fact it is about; empty for the whole
	Fields []*Fault // one for each field, where several are wrong at once
	cause  error
}

// Invalid says that what was given cannot be accepted; args are name-value pairs.
func Invalid(key string, args ...any) *Fault { return &Fault{Kind: KindInvalid, Key: key, Args: args} }

// NotFound says that there is nothing of that name for this reader.
func NotFound(key string, args ...any) *Fault {
	return &Fault{Kind: KindNotFound, Key: key, Args: args}
}

// Forbidden says that this person may not do this.
func Forbidden(key string, args ...any) *Fault {
	return &Fault{Kind: KindForbidden, Key: key, Args: args}
}

// Conflict says that the present state does not allow it.
func Conflict(key string, args ...any) *Fault {
	return &Fault{Kind: KindConflict, Key: key, Args: args}
}

// Unavailable says that it cannot be done now and may be tried again.
func Unavailable(key string, args ...any) *Fault {
	return &Fault{Kind: KindUnavailable, Key: key, Args: args}
}

// At returns f as a fault about one field.
func (f *Fault) At(field string) *Fault {
	copied := *f
	copied.Field = field
	return &copied
}

// Because returns f with the technical cause kept for the log.
func (f *Fault) Because(cause error) *Fault {
	copied := *f
	copied.cause = cause
	return &copied
}

// Error is for logs and tests: key, field and argument names, no values, since
// values may be personal data.
func (f *Fault) Error() string {
	var b strings.Builder
	b.WriteString(f.Key)
	if f.Field != "" {
		fmt.Fprintf(&b, " (%s)", f.Field)
	}
	for _, field := range f.Fields {
		fmt.Fprintf(&b, "; %s", field.Error())
	}
	if f.cause != nil {
		fmt.Fprintf(&b, ": %v", f.cause)
	}
	return b.String()
}

// Unwrap returns the technical cause, if any.
func (f *Fault) Unwrap() error { return f.cause }

// Is reports whether target is a fault with the same key, for errors.Is.
func (f *Fault) Is(target error) bool {
	other, ok := target.(*Fault)
	return ok && other.Key == f.Key
}

// Of returns the fault inside err, or nil where err is internal.
func Of(err error) *Fault {
	var f *Fault
	if errors.As(err, &f) {
		return f
	}
	return nil
}

// List gathers the faults of several fields into one. The zero List is empty.
type List struct{ fields []*Fault }

// Add notes a refusal of one field; a nil error adds nothing.
func (l *List) Add(field string, err error) {
	if err == nil {
		return
	}
	if f := Of(err); f != nil {
		l.fields = append(l.fields, f.At(field))
		return
	}
	l.fields = append(l.fields, (&Fault{Kind: KindInvalid, Key: "fault.unreadable"}).At(field).Because(err))
}

// Err returns nil when no field was refused, else the fault "fault.fields"
// that carries them all, in the order of their adding.
func (l *List) Err() error {
	if len(l.fields) == 0 {
		return nil
	}
	return &Fault{Kind: KindInvalid, Key: "fault.fields", Args: []any{"count", len(l.fields)}, Fields: l.fields}
}
