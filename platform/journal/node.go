package journal

import (
	"crypto/ed25519"
	"crypto/hkdf"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"path/filepath"

	"sanad/platform/fault"
	"sanad/platform/id"
)

// The roles of a node.
const (
	RoleDiwan  = "diwan"
	RoleBranch = "branch"
)

// Node is one installation: the diwan, or a branch. Its secret lies in a file
// outside the database; every key of the node is derived from it.
type Node struct {
	ID     id.ID  `json:"id"`
	Role   string `json:"role"`
	Code   string `json:"code"` // of the branch (LY010102), or "diwan"
	Epoch  int64  `json:"epoch"`
	Secret []byte `json:"-"` // 32 bytes

	folder string // of its files; empty for a node that has none
}

// Home is the stream that this node alone writes.
func (n Node) Home() string {
	if n.Role == RoleBranch {
		return Branch(n.Code)
	}
	return Diwan
}

// Key derives a 32-byte key for one use from the node's secret (RFC 5869).
func (n Node) Key(use string) []byte {
	key, err := hkdf.Key(sha256.New, n.Secret, n.ID[:], "sanad node "+use, 32)
	if err != nil {
		panic(err) // only for lengths that no constant here has
	}
	return key
}

// Signer is the node's Ed25519 key, for checkpoints and frames.
func (n Node) Signer() ed25519.PrivateKey { return ed25519.NewKeyFromSeed(n.Key("sign")) }

// NewNode makes a node and writes its two files into folder, which must not
// hold one yet.
func NewNode(folder string, self id.ID, role, code string) (Node, error) {
	n := Node{ID: self, Role: role, Code: code, Secret: make([]byte, 32)}
	if role != RoleDiwan && role != RoleBranch {
		return Node{}, fault.Invalid("journal.role", "role", role)
	}
	if _, err := os.Stat(filepath.Join(folder, "node.json")); err == nil {
		return Node{}, fault.Conflict("journal.node_exists", "folder", folder)
	}
	if _, err := rand.Read(n.Secret); err != nil {
		return Node{}, err
	}
	n.folder = folder
	return n, n.save(folder)
}

func (n Node) save(folder string) error {
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return fault.Invalid("journal.folder", "folder", folder).Because(err)
	}
	text, err := json.MarshalIndent(n, "", "  ")
	if err != nil {
		return err
	}
	if err := os.WriteFile(filepath.Join(folder, "node.key"), []byte(hex.EncodeToString(n.Secret)+"\n"), 0o600); err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(folder, "node.json"), append(text, '\n'), 0o600)
}

// OpenNode reads a node's files. Where there are none it returns the fault
// "journal.no_node".
func OpenNode(folder string) (Node, error) {
	text, err := os.ReadFile(filepath.Join(folder, "node.json"))
	if errors.Is(err, fs.ErrNotExist) {
		return Node{}, fault.NotFound("journal.no_node", "folder", folder)
	}
	if err != nil {
		return Node{}, err
	}
	var n Node
	if err := json.Unmarshal(text, &n); err != nil {
		return Node{}, fault.Invalid("journal.node_unreadable", "folder", folder).Because(err)
	}
	secret, err := os.ReadFile(filepath.Join(folder, "node.key"))
	if err != nil || len(secret) < 64 {
		return Node{}, fault.Invalid("journal.node_unreadable", "folder", folder).Because(err)
	}
	n.Secret, err = hex.DecodeString(string(secret[:64]))
	if err != nil {
		return Node{}, fault.Invalid("journal.node_unreadable", "folder", folder).Because(err)
	}
	n.folder = folder
	return n, nil
}
