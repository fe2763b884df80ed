package sync

import (
	"bytes"
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"slices"
	"strings"

	"filippo.io/age"
	"github.com/fxamacker/cbor/v2"
	"github.com/klauspost/compress/zstd"

	"sanad/platform/fault"
	"sanad/platform/id"
	"sanad/platform/journal"
	"sanad/platform/store"
)

// frame is what a sealed file holds, inside signature and encryption.
type frame struct {
	Version  int               `cbor:"1,keyasint"`
	From     id.ID             `cbor:"2,keyasint"`
	FromCode string            `cbor:"3,keyasint"`
	To       id.ID             `cbor:"4,keyasint"`
	Made     int64             `cbor:"5,keyasint"` // microseconds, by the sender's clock
	Kept     []journal.Head    `cbor:"6,keyasint"` // receipt: how far the receiver's streams were kept
	Segments []journal.Segment `cbor:"7,keyasint"`
}

const (
	frameVersion = 1
	// segmentEntries bounds one file; what is left goes with the next.
	segmentEntries = 50_000
	// frameBytes bounds what a received file may unpack to. What is in it is
	// sealed and hardly packs, so a file that swells more than frameSwell times
	// was not made by Export.
	frameBytes = 1 << 30
	frameSwell = 8
	frameLeast = 1 << 20
)

// Sent is what a file holds.
type Sent struct {
	To      string
	Entries map[string]int // by stream
}

// Export writes a sealed file for a trusted node: everything that it has not
// confirmed, and the receipt for what it sent.
func Export(tx *store.Tx, code string, w io.Writer) (Sent, error) {
	if err := mayExchange(tx); err != nil {
		return Sent{}, err
	}
	peer, err := find(tx, code)
	if err != nil {
		return Sent{}, err
	}
	self := journal.Self(tx)
	f := frame{Version: frameVersion, From: self.ID, FromCode: self.Code, To: peer.Node, Made: tx.Now.UnixMicro()}
	sent := Sent{To: code, Entries: map[string]int{}}
	for _, stream := range outward(self, peer) {
		confirmed, err := confirmedBy(tx, peer.Node, stream)
		if err != nil {
			return Sent{}, err
		}
		segment, err := journal.Cut(tx, stream, confirmed.Sequence, segmentEntries)
		if err != nil {
			return Sent{}, err
		}
		if len(segment.Parts) > 0 {
			f.Segments = append(f.Segments, segment)
			sent.Entries[stream] = len(segment.Parts)
		}
	}
	for _, stream := range inward(self, peer) {
		head, err := journal.HeadOf(tx, stream)
		if err != nil {
			return Sent{}, err
		}
		if head.Sequence > 0 {
			f.Kept = append(f.Kept, head)
		}
	}
	return sent, f.write(w, self, peer)
}

// write packs, signs and encrypts.
func (f *frame) write(w io.Writer, self journal.Node, peer Card) error {
	recipient, err := age.ParseX25519Recipient(peer.Recipient)
	if err != nil {
		return err
	}
	plain, err := cbor.Marshal(f)
	if err != nil {
		return err
	}
	packer, err := zstd.NewWriter(nil)
	if err != nil {
		return err
	}
	packed := packer.EncodeAll(plain, nil)
	digest := sha256.Sum256(packed)
	sealed, err := age.Encrypt(w, recipient)
	if err != nil {
		return err
	}
	for _, part := range [][]byte{self.Sign(digest[:]), packed} {
		if _, err := sealed.Write(part); err != nil {
			return err
		}
	}
	return sealed.Close()
}

// read decrypts and checks the signature by what is known of the sender.
func read(tx *store.Tx, sealed []byte) (*frame, Card, error) {
	self := journal.Self(tx)
	identity, err := identityOf(self)
	if err != nil {
		return nil, Card{}, err
	}
	opened, err := age.Decrypt(bytes.NewReader(sealed), identity)
	if err != nil {
		if wrong := new(age.NoIdentityMatchError); errors.As(err, &wrong) {
			return nil, Card{}, fault.Conflict("sync.wrong_node").Because(err)
		}
		return nil, Card{}, fault.Invalid("sync.not_a_frame").Because(err)
	}
	content, err := io.ReadAll(io.LimitReader(opened, frameBytes))
	if err != nil || len(content) < ed25519.SignatureSize {
		return nil, Card{}, fault.Invalid("sync.frame_altered").Because(err)
	}
	signature, packed := content[:ed25519.SignatureSize], content[ed25519.SignatureSize:]
	unpacker, err := zstd.NewReader(nil, zstd.WithDecoderMaxMemory(min(frameBytes, frameLeast+frameSwell*uint64(len(packed)))))
	if err != nil {
		return nil, Card{}, err
	}
	defer unpacker.Close()
	plain, err := unpacker.DecodeAll(packed, nil)
	if err != nil {
		return nil, Card{}, fault.Invalid("sync.frame_altered").Because(err)
	}
	var f frame
	if err := cbor.Unmarshal(plain, &f); err != nil {
		return nil, Card{}, fault.Invalid("sync.frame_altered").Because(err)
	}
	if f.Version != frameVersion {
		return nil, Card{}, fault.Conflict("sync.frame_version", "version", f.Version)
	}
	peer, found, err := store.One(tx, scanCard, "SELECT "+cardColumns+" WHERE node = $1", f.From)
	if err != nil {
		return nil, Card{}, err
	}
	if !found {
		return nil, Card{}, fault.NotFound("sync.unknown_node", "code", f.FromCode)
	}
	digest := sha256.Sum256(packed)
	if !ed25519.Verify(peer.Signer, digest[:], signature) {
		return nil, Card{}, fault.Forbidden("sync.signature_wrong", "code", f.FromCode)
	}
	if f.To != self.ID {
		return nil, Card{}, fault.Conflict("sync.wrong_node")
	}
	return &f, peer, nil
}

// Outcome is what importing a file did.
type Outcome struct {
	From      string
	Streams   map[string]journal.Received
	Confirmed map[string]int64 // of our streams, how far the sender has kept them
}

// New counts the entries that were applied now.
func (o Outcome) New() int {
	n := 0
	for _, r := range o.Streams {
		n += r.New
	}
	return n
}

// Import applies a sealed file. Whatever is refused changes nothing: the caller
// keeps its name with Quarantine.
func Import(tx *store.Tx, sealed []byte, kinds journal.Catalogue) (Outcome, error) {
	if err := mayExchange(tx); err != nil {
		return Outcome{}, err
	}
	f, peer, err := read(tx, sealed)
	if err != nil {
		return Outcome{}, err
	}
	o := Outcome{From: peer.Code, Streams: map[string]journal.Received{}, Confirmed: map[string]int64{}}
	allowed := inward(journal.Self(tx), peer)
	for _, segment := range f.Segments {
		if !slices.Contains(allowed, segment.Stream) {
			return Outcome{}, fault.Forbidden("sync.stream_not_theirs", "code", peer.Code, "stream", segment.Stream)
		}
		done, err := journal.Receive(tx, segment, writerOf(tx, peer, segment.Stream), kinds)
		if err != nil {
			return Outcome{}, err
		}
		o.Streams[segment.Stream] = done
	}
	return o, o.keepReceipts(tx, f, peer)
}

// writerOf is who writes a received stream from now on: the sender, but for the
// past of this very branch, which it goes on writing itself.
func writerOf(tx *store.Tx, peer Card, stream string) id.ID {
	if stream == journal.Home(tx) {
		return id.ID{}
	}
	return peer.Node
}

// keepReceipts notes how far the sender has kept our streams, where its hash is
// ours; another hash there is a fork, and one that we never recorded says that
// this node was restored from an older copy: the sender brings the rest back.
func (o *Outcome) keepReceipts(tx *store.Tx, f *frame, peer Card) error {
	for _, kept := range f.Kept {
		ours, err := journal.HashAt(tx, kept.Stream, kept.Sequence)
		if err != nil {
			return err
		}
		if ours == nil {
			return fault.Conflict("sync.we_are_behind", "stream", kept.Stream, "sequence", kept.Sequence)
		}
		if !bytes.Equal(ours, kept.Hash) {
			return fault.Conflict("journal.fork", "stream", kept.Stream, "sequence", kept.Sequence)
		}
		before, err := confirmedBy(tx, peer.Node, kept.Stream)
		if err != nil {
			return err
		}
		o.Confirmed[kept.Stream] = kept.Sequence
		if kept.Sequence == before.Sequence {
			continue // or it is lower: an older copy was restored there, which gets the rest again
		}
		if err := tx.Local().Put(receipts, peer.Node, kept.Stream, kept.Sequence, kept.Hash, tx.Now); err != nil {
			return err
		}
	}
	return nil
}

// Quarantine keeps the name of a refused file and why, for the report to the
// diwan.
func Quarantine(tx *store.Tx, sealed []byte, reason error) error {
	key := "fault.internal"
	if f := fault.Of(reason); f != nil {
		key = f.Key
	}
	digest := sha256.Sum256(sealed)
	return tx.Local().Put(quarantine, digest, nil, tx.Now, key)
}

// Refused is a file in quarantine.
type Refused struct {
	Digest string
	Reason string // a message key
}

// Refusals lists the files in quarantine, latest first.
func Refusals(tx *store.Tx) ([]Refused, error) {
	return store.All(tx, func(r *store.Row) Refused {
		return Refused{Digest: hex.EncodeToString(r.Raw()), Reason: r.Text()}
	}, "SELECT frame, reason FROM quarantine ORDER BY received DESC, frame")
}

// identityOf derives the node's age identity from its secret.
func identityOf(n journal.Node) (*age.X25519Identity, error) {
	return age.ParseX25519Identity(ageKey(n.Key("age")))
}

// fingerprint is a key's SHA-256 in groups that can be read aloud.
func fingerprint(key []byte) string {
	sum := sha256.Sum256(key)
	digits := hex.EncodeToString(sum[:10])
	var groups []string
	for group := range slices.Chunk([]byte(digits), 4) {
		groups = append(groups, string(group))
	}
	return strings.Join(groups, " ")
}
