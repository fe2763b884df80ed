// Package sync lets a branch work alone for days and loses nothing by it: what
// the branch recorded goes to the diwan, what the diwan decided about its
// families comes back, over a wire or on a stick in somebody's pocket.
//
// A frame is a run of entries of the streams that one node writes, with the keys
// to open them, signed by the sender and encrypted for the receiver. The
// receiver applies it in one transaction and in order; a file that comes twice,
// too early, altered or to the wrong node changes nothing and is told why. The
// way back carries a receipt: how far each stream was kept, with its hash.
// Senders keep their entries whatever the receipt says.
package sync

import (
	"bytes"
	"crypto/ed25519"
	"encoding/json"
	"errors"
	"os"

	"filippo.io/age"

	"sanad/platform/access"
	"sanad/platform/fault"
	"sanad/platform/id"
	"sanad/platform/journal"
	"sanad/platform/store"
)

var (
	nodes = &store.Table{Name: "nodes", Class: store.Projected, Key: []string{"node"},
		Columns: []string{"node", "role", "code", "signer", "recipient", "trusted", "trusted_by"}}
	receipts = &store.Table{Name: "receipts", Class: store.Local, Key: []string{"node", "stream"},
		Columns: []string{"node", "stream", "sequence", "hash", "at"}}
	quarantine = &store.Table{Name: "quarantine", Class: store.Local, Key: []string{"frame"},
		Columns: []string{"frame", "node", "received", "reason"}}
)

// Tables are the tables that this package owns.
var Tables = []*store.Table{nodes, receipts, quarantine}

// Kinds are the kinds of event that this package records.
var Kinds = []journal.Event{NodeTrusted{}}

// Card is what a node shows of itself, so that others can write to it and know
// its hand. It holds nothing secret.
type Card struct {
	Node      id.ID  `json:"node"`
	Role      string `json:"role"`
	Code      string `json:"code"`
	Signer    []byte `json:"signer"`    // Ed25519 public key
	Recipient string `json:"recipient"` // age X25519 recipient
}

// CardOf returns a node's own card.
func CardOf(n journal.Node) (Card, error) {
	identity, err := identityOf(n)
	if err != nil {
		return Card{}, err
	}
	public := n.Signer().Public().(ed25519.PublicKey)
	return Card{Node: n.ID, Role: n.Role, Code: n.Code, Signer: public, Recipient: identity.Recipient().String()}, nil
}

// ReadCard reads a card file.
func ReadCard(path string) (Card, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return Card{}, fault.NotFound("sync.no_card", "path", path).Because(err)
	}
	var c Card
	if err := json.Unmarshal(text, &c); err != nil {
		return Card{}, fault.Invalid("sync.card_unreadable", "path", path).Because(err)
	}
	return c, c.check()
}

func (c Card) check() error {
	_, err := age.ParseX25519Recipient(c.Recipient)
	if err != nil || c.Node.IsZero() || len(c.Signer) != ed25519.PublicKeySize || c.Code == "" {
		return fault.Invalid("sync.card_unreadable", "path", c.Code)
	}
	return nil
}

// equal tells whether two cards show the same keys.
func (c Card) equal(other Card) bool {
	return c.Node == other.Node && c.Role == other.Role && c.Code == other.Code && bytes.Equal(c.Signer, other.Signer) && c.Recipient == other.Recipient
}

// Write writes the card as a file that people can read.
func (c Card) Write(path string) error {
	text, err := json.MarshalIndent(c, "", "  ")
	if err != nil {
		return err
	}
	return os.WriteFile(path, append(text, '\n'), 0o644)
}

// Fingerprint is what two people compare by telephone before they trust.
func (c Card) Fingerprint() string { return fingerprint(c.Signer) }

// NodeTrusted says that a person compared a node's fingerprint and trusts it.
type NodeTrusted struct {
	Stream string `cbor:"1,keyasint"`
	Card   Card   `cbor:"2,keyasint"`
	By     id.ID  `cbor:"3,keyasint"`
	At     int64  `cbor:"4,keyasint"`
}

// Kind is "sync.node_trusted".
func (NodeTrusted) Kind() journal.Kind { return journal.Kind{Name: "sync.node_trusted", Version: 1} }

// About keeps it in a stream that stays at the node.
func (t NodeTrusted) About() journal.About {
	return journal.About{Stream: t.Stream, Subject: t.Card.Node}
}

// Apply keeps the card.
func (t NodeTrusted) Apply(w *store.Writer) error {
	c := t.Card
	return w.Put(nodes, c.Node, c.Role, c.Code, c.Signer, c.Recipient, t.At, t.By)
}

// Trust accepts another node's card. At the diwan, trusting a branch hands the
// writing of the branch's stream over to it. A second node of the same code is
// the fault "sync.code_taken"; a node that is trusted already and shows other
// keys is "sync.other_keys": whoever made that card, its keys are never replaced
// in silence. A branch trusts the diwan and the diwan branches, nothing else.
func Trust(tx *store.Tx, c Card) error {
	if err := mayExchange(tx); err != nil {
		return err
	}
	if err := c.check(); err != nil {
		return err
	}
	self := journal.Self(tx)
	if c.Node == self.ID {
		return fault.Invalid("sync.own_card")
	}
	if c.Role == self.Role || (c.Role != journal.RoleBranch) != (c.Code == journal.RoleDiwan) {
		return fault.Invalid("sync.card_not_for_us", "code", c.Code)
	}
	known, err := find(tx, c.Code)
	switch {
	case err == nil && known.Node != c.Node:
		return fault.Conflict("sync.code_taken", "code", c.Code)
	case err == nil && !known.equal(c):
		return fault.Conflict("sync.other_keys", "code", c.Code)
	case err == nil:
		return nil
	}
	if other, found, err := store.One(tx, scanCard, "SELECT "+cardColumns+" WHERE node = $1", c.Node); err != nil || found {
		return errors.Join(err, fault.Conflict("sync.other_keys", "code", other.Code))
	}
	if self.Role == journal.RoleDiwan && c.Role == journal.RoleBranch {
		for _, stream := range []string{journal.Branch(c.Code), "reads/" + c.Code} {
			if err := journal.HandOver(tx, stream, c.Node); err != nil {
				return err
			}
		}
	}
	// Not in the branch's own stream: its past may still come from the diwan.
	return journal.Record(tx, NodeTrusted{Stream: "node/" + self.Code, Card: c, By: tx.Actor, At: tx.Now.UnixMicro()})
}

const cardColumns = "node, role, code, signer, recipient FROM nodes"

func scanCard(r *store.Row) Card {
	return Card{Node: r.ID(), Role: r.Text(), Code: r.Text(), Signer: r.Bytes(), Recipient: r.Text()}
}

// find returns a trusted node by its code, or the fault "sync.unknown_node".
func find(tx *store.Tx, code string) (Card, error) {
	c, found, err := store.One(tx, scanCard, "SELECT "+cardColumns+" WHERE code = $1", code)
	if err == nil && !found {
		err = fault.NotFound("sync.unknown_node", "code", code)
	}
	return c, err
}

// Peer is a trusted node and how far each side has come.
type Peer struct {
	Card
	Confirmed []journal.Head // of our streams, what it confirmed
	Waiting   int64          // entries that it has not confirmed
}

// Peers lists the trusted nodes.
func Peers(tx *store.Tx) ([]Peer, error) {
	if err := mayExchange(tx); err != nil {
		return nil, err
	}
	cards, err := store.All(tx, scanCard, "SELECT "+cardColumns+" ORDER BY code")
	if err != nil {
		return nil, err
	}
	peers := make([]Peer, len(cards))
	for i, c := range cards {
		peers[i].Card = c
		for _, stream := range outward(journal.Self(tx), c) {
			confirmed, err := confirmedBy(tx, c.Node, stream)
			if err != nil {
				return nil, err
			}
			head, err := journal.HeadOf(tx, stream)
			if err != nil {
				return nil, err
			}
			peers[i].Confirmed = append(peers[i].Confirmed, confirmed)
			peers[i].Waiting += head.Sequence - confirmed.Sequence
		}
	}
	return peers, nil
}

func confirmedBy(tx *store.Tx, node id.ID, stream string) (journal.Head, error) {
	h, found, err := store.One(tx, func(r *store.Row) journal.Head {
		return journal.Head{Stream: stream, Sequence: r.Int(), Hash: r.Bytes()}
	}, "SELECT sequence, hash FROM receipts WHERE node = $1 AND stream = $2", node, stream)
	if !found {
		h.Stream = stream
	}
	return h, err
}

// outward lists the streams that self sends to a peer: a branch its own, the
// diwan what every branch needs and what it decided about this one. A branch
// that was served at the diwan before it had a machine gets its past too.
func outward(self journal.Node, peer Card) []string {
	if self.Role == journal.RoleBranch {
		return []string{journal.Branch(self.Code), "reads/" + self.Code}
	}
	return []string{journal.Reference, journal.Branch(peer.Code), journal.Down(peer.Code)}
}

// inward lists the streams that self accepts from a peer.
func inward(self journal.Node, peer Card) []string {
	if self.Role == journal.RoleBranch {
		if peer.Role != journal.RoleDiwan {
			return nil
		}
		return []string{journal.Reference, journal.Branch(self.Code), journal.Down(self.Code)}
	}
	return []string{journal.Branch(peer.Code), "reads/" + peer.Code}
}

// mayExchange asks for the right to exchange with other nodes, over what this
// node serves: the head of a branch sends her own branch's file.
func mayExchange(tx *store.Tx) error {
	area := ""
	if self := journal.Self(tx); self.Role == journal.RoleBranch {
		area = self.Code
	}
	return access.Require(tx, access.Sync, area)
}
