package api

import (
	"bytes"
	"context"

	"sanad/platform/access"
	"sanad/platform/fault"
	"sanad/platform/id"
	"sanad/platform/store"
	"sanad/platform/sync"
	"sanad/platform/text"
)

func syncEndpoints(d *door) {
	plain(d, endpoint{name: "card", at: "GET /sync/card", says: "This node's card, for another node to trust; it holds nothing secret", need: access.Sync}, d.card)
	does(d, endpoint{name: "trust", at: "POST /sync/peers", says: "Trust another node, after two people compared its fingerprint", need: access.Sync}, trust)
	asks(d, endpoint{name: "peers", at: "GET /sync/peers", says: "Trusted nodes, what waits for each, and refused files", need: access.Sync}, peers)
	asks(d, endpoint{name: "exportFrame", at: "POST /sync/peers/{code}/export", says: "A sealed file with all that a node has not confirmed", need: access.Sync}, exportFrame)
	importFrame(d)
}

// NodeCard is a node's card.
type NodeCard struct {
	sync.Card
	Fingerprint string `json:"fingerprint,omitempty" doc:"what two people compare by telephone"`
}

func (d *door) card(context.Context, *struct{}) (NodeCard, error) {
	card, err := sync.CardOf(d.Journal.Node)
	if err != nil {
		return NodeCard{}, err
	}
	return NodeCard{card, card.Fingerprint()}, nil
}

type trustInput struct {
	Body struct {
		Card        sync.Card `json:"card"`
		Fingerprint string    `json:"fingerprint" maxLength:"200" doc:"as the other side read it out"`
	}
}

func trust(tx *store.Tx, in *trustInput) (Nothing, error) {
	if in.Body.Fingerprint != in.Body.Card.Fingerprint() {
		return Nothing{}, fault.Invalid("api.other_fingerprint").At("fingerprint")
	}
	return Nothing{}, sync.Trust(tx, in.Body.Card)
}

// Peers are the trusted nodes.
type Peers struct {
	Peers   []Peer        `json:"peers" nullable:"false"`
	Refused []RefusedFile `json:"refused" nullable:"false" doc:"files in quarantine, latest first"`
}

// Peer is one trusted node.
type Peer struct {
	Node        id.ID  `json:"node"`
	Role        string `json:"role"`
	Code        string `json:"code"`
	Fingerprint string `json:"fingerprint"`
	Waiting     int64  `json:"waiting" doc:"entries that it has not confirmed"`
}

// RefusedFile is a file in quarantine.
type RefusedFile struct {
	Digest  string `json:"digest"`
	Arabic  string `json:"reason_ar"`
	English string `json:"reason_en"`
}

func peers(tx *store.Tx, _ *struct{}) (Peers, error) {
	out := Peers{Peers: []Peer{}, Refused: []RefusedFile{}}
	trusted, err := sync.Peers(tx)
	if err != nil {
		return out, err
	}
	for _, p := range trusted {
		out.Peers = append(out.Peers, Peer{p.Node, p.Role, p.Code, p.Fingerprint(), p.Waiting})
	}
	refused, err := sync.Refusals(tx)
	for _, r := range refused {
		out.Refused = append(out.Refused, RefusedFile{r.Digest, text.Say(text.Arabic, r.Reason), text.Say(text.English, r.Reason)})
	}
	return out, err
}

type exportFrameInput struct {
	Code string `path:"code" maxLength:"40" doc:"diwan, or a branch's code"`
}

// Frame is a sealed file on its way to another node. Only that node can open it.
type Frame struct {
	To      string         `json:"to"`
	Entries map[string]int `json:"entries" doc:"by stream"`
	Sealed  []byte         `json:"sealed" doc:"the file, base64"`
}

func exportFrame(tx *store.Tx, in *exportFrameInput) (Frame, error) {
	var file bytes.Buffer
	sent, err := sync.Export(tx, in.Code, &file)
	return Frame{sent.To, sent.Entries, file.Bytes()}, err
}

// Applied is what a sealed file brought.
type Applied struct {
	From      string           `json:"from"`
	New       map[string]int   `json:"new" doc:"entries applied now, by stream"`
	Known     map[string]int   `json:"known" doc:"entries that were here already, by stream"`
	Confirmed map[string]int64 `json:"confirmed" doc:"of our streams, how far the sender has kept them"`
}

type importFrameInput struct {
	Body struct {
		Sealed []byte `json:"sealed" doc:"the file, base64"`
	}
}

// importFrame registers the endpoint that applies a sealed file. A file that is
// refused is kept by name in quarantine, in a transaction of its own.
func importFrame(d *door) {
	e := endpoint{name: "importFrame", at: "POST /sync/frames", says: "Apply a sealed file of another node, whole or not at all", need: access.Sync, upload: true,
		more: "A file that comes twice, too early, altered or to the wrong node changes nothing; the problem says why."}
	plain(d, e, func(ctx context.Context, in *importFrameInput) (Applied, error) {
		who := callerOf(ctx).session
		var done sync.Outcome
		_, err := d.Journal.Write(ctx, who, func(tx *store.Tx) (err error) {
			done, err = sync.Import(tx, in.Body.Sealed, d.Kinds)
			return err
		})
		if f := fault.Of(err); f != nil && f.Kind != fault.KindForbidden {
			refusal := err
			_, err = d.Journal.Write(ctx, who, func(tx *store.Tx) error { return sync.Quarantine(tx, in.Body.Sealed, refusal) })
			if err == nil {
				err = refusal
			}
		}
		return appliedOf(done), err
	})
}

func appliedOf(o sync.Outcome) Applied {
	out := Applied{From: o.From, New: map[string]int{}, Known: map[string]int{}, Confirmed: o.Confirmed}
	for stream, r := range o.Streams {
		out.New[stream], out.Known[stream] = r.New, r.Known
	}
	return out
}
