package api

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"sanad/platform/access"
	"sanad/platform/id"
	"sanad/platform/journal"
	"sanad/platform/store"
)

// What one request may send. Files have their own bound on their own endpoints.
const (
	bodyLimit   = 1 << 20
	uploadLimit = 64 << 20

	// bodyTime is how long a body may take: 64 MB at a megabit a second.
	bodyTime = 10 * time.Minute
)

// endpoint is one line of the API: where it is, what it does, who may use it.
// Each verb behind it asks again for the area that it touches.
type endpoint struct {
	name    string // operationId
	at      string // "GET /households/{household}"
	says    string // what it does, for the document
	more    string // what a reader of the document should know beyond that
	need    access.Capability
	open    bool // without a session
	always  bool // also for who must choose a password first
	upload  bool // takes a file
	records bool // changes something through the journal: needs an Idempotency-Key
}

// tag groups endpoints in the document by the first word of their address.
func (e endpoint) tag() string {
	return strings.Split(e.path(), "/")[1]
}

func (e endpoint) method() string { return strings.Fields(e.at)[0] }

func (e endpoint) path() string { return strings.Fields(e.at)[1] }

func (e endpoint) limit() int64 {
	if e.upload {
		return uploadLimit
	}
	return bodyLimit
}

// operation is the endpoint as huma knows it.
func (e endpoint) operation() huma.Operation {
	op := huma.Operation{OperationID: e.name, Method: e.method(), Path: e.path(), Summary: e.says, Description: e.more,
		Tags: []string{e.tag()}, MaxBodyBytes: e.limit(), BodyReadTimeout: bodyTime, Metadata: map[string]any{"endpoint": e}}
	if !e.open {
		op.Security = []map[string][]string{{"bearer": {}}, {"cookie": {}}}
		op.Parameters = append(op.Parameters, header("Purpose", "Why a family's file is read or changed, in the reader's words; percent-encoded UTF-8 where it is not ASCII.", false))
	}
	if e.need != "" {
		op.Extensions = map[string]any{"x-capability": string(e.need)}
	}
	if e.records {
		op.Parameters = append(op.Parameters, header("Idempotency-Key", "A UUID of the sender's making: the same request with the same key is done once.", true))
	}
	op.Parameters = append(op.Parameters, header("Accept-Language", "ar or en: the language of refusals.", false))
	return op
}

func header(name, says string, required bool) *huma.Param {
	return &huma.Param{Name: name, In: "header", Description: says, Required: required, Schema: &huma.Schema{Type: huma.TypeString}}
}

// answer is what an endpoint sends back.
type answer[O any] struct{ Body O }

// plain registers an endpoint that needs no transaction of its own.
func plain[I, O any](d *door, e endpoint, work func(context.Context, *I) (O, error)) {
	huma.Register(d.api, e.operation(), func(ctx context.Context, in *I) (*answer[O], error) {
		body, err := work(ctx, in)
		return &answer[O]{body}, err
	})
}

// asks registers an endpoint that answers from one snapshot. Families' files
// that it looked at are in the journal before the answer leaves.
func asks[I, O any](d *door, e endpoint, work func(*store.Tx, *I) (O, error)) {
	plain(d, e, func(ctx context.Context, in *I) (out O, err error) {
		err = d.Journal.Read(ctx, callerOf(ctx).session, func(tx *store.Tx) (err error) {
			out, err = work(tx, in)
			return err
		})
		return out, err
	})
}

// done is what an endpoint that changes something sends back.
type done[O any] struct {
	Repeated string `header:"Repeated" doc:"true where the command had been done before"`
	Body     Done[O]
}

// Done is the answer to a change: the receipt and, unless the command had been
// done before, what came of it.
type Done[O any] struct {
	Receipt Receipt `json:"receipt"`
	Result  *O      `json:"result,omitempty" doc:"What came of it; absent where the command had been done before."`
}

// Nothing is the result of a change that has nothing to say but its receipt.
type Nothing struct{}

// does registers an endpoint that changes something in one transaction.
func does[I, O any](d *door, e endpoint, work func(*store.Tx, *I) (O, error)) {
	e.records = true
	huma.Register(d.api, e.operation(), func(ctx context.Context, in *I) (*done[O], error) {
		var out O
		receipt, err := d.Journal.Write(ctx, callerOf(ctx).session, func(tx *store.Tx) (err error) {
			out, err = work(tx, in)
			return err
		})
		if err != nil {
			return nil, err
		}
		return finished(receipt, &out), nil
	})
}

func finished[O any](receipt journal.Receipt, out *O) *done[O] {
	answer := &done[O]{Body: Done[O]{Receipt: receiptOf(receipt)}}
	if receipt.Repeated {
		answer.Repeated = "true"
		return answer
	}
	answer.Body.Result = out
	return answer
}

// Receipt names what a command recorded.
type Receipt struct {
	Repeated bool    `json:"repeated" doc:"true: the command had been done before; the entries are those of then"`
	Entries  []Entry `json:"entries" nullable:"false"`
}

// Entry is one entry of the journal.
type Entry struct {
	ID        id.ID  `json:"id"`
	Kind      string `json:"kind"`
	Stream    string `json:"stream"`
	Sequence  int64  `json:"sequence" doc:"place in its stream"`
	Subject   id.ID  `json:"subject,omitzero"`
	Household id.ID  `json:"household,omitzero"`
	Hash      string `json:"hash" doc:"SHA-256 of the sealed entry and of the one before it, hexadecimal"`
}

func receiptOf(r journal.Receipt) Receipt {
	out := Receipt{Repeated: r.Repeated, Entries: []Entry{}}
	for _, e := range r.Entries {
		out.Entries = append(out.Entries, entryOf(e))
	}
	return out
}

func entryOf(r journal.Ref) Entry {
	return Entry{ID: r.ID, Kind: r.Kind, Stream: r.Stream, Sequence: r.Sequence, Subject: r.Subject, Household: r.Household, Hash: hex.EncodeToString(r.Hash[:])}
}

// commandOf makes the key of a command out of the sender's. The same key sent by
// somebody else or to another address is another command: nobody is told
// "done" of what was never done.
func commandOf(who id.ID, r *http.Request, key id.ID) id.ID {
	sum := sha256.New()
	sum.Write(who[:])
	sum.Write(key[:])
	sum.Write([]byte(r.Method + " " + r.URL.Path))
	var command id.ID
	copy(command[:], sum.Sum(nil))
	command[6] = command[6]&0x0f | 0x80 // UUIDv8, RFC 9562 section 5.8
	command[8] = command[8]&0x3f | 0x80
	return command
}
