package access

import (
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base32"
	"encoding/base64"
	"fmt"
	"strings"
	"sync"
	"time"

	"golang.org/x/crypto/argon2"
	"golang.org/x/text/unicode/norm"

	"sanad/platform/store"
)

// What a password costs to try: Argon2id (RFC 9106) over 32 MiB, 50 to 100 ms on
// a desktop of 2020. Each kept hash names its own cost, so that these may grow.
const (
	argonTime    = 2
	argonMemory  = 32 << 10 // KiB
	argonThreads = 1
	saltLength   = 16
	hashLength   = 32
)

// hashing bounds the memory that strangers at the login page can make us use.
var hashing = make(chan struct{}, 4)

// hashed is a password as it is kept: $argon2id$v=19$m=…,t=…,p=…$salt$hash.
type hashed string

// hashPassword hashes a password that checkPassword has accepted.
func hashPassword(password string) hashed {
	salt := make([]byte, saltLength)
	rand.Read(salt) // never fails: crypto/rand ends the program instead
	sum := derive(password, salt, argonTime, argonMemory, argonThreads, hashLength)
	encode := base64.RawStdEncoding.EncodeToString
	return hashed(fmt.Sprintf("$argon2id$v=%d$m=%d,t=%d,p=%d$%s$%s", argon2.Version, argonMemory, argonTime, argonThreads, encode(salt), encode(sum)))
}

func derive(password string, salt []byte, time, memory uint32, threads uint8, length uint32) []byte {
	hashing <- struct{}{}
	defer func() { <-hashing }()
	return argon2.IDKey([]byte(norm.NFKC.String(password)), salt, time, memory, threads, length)
}

// matches reports whether password is the one that h was made from. It takes
// its full time for any h, also for one that cannot be read.
func (h hashed) matches(password string) bool {
	c, ok := h.read()
	if !ok || len(password) > 4*passwordMax {
		decoy().matches("")
		return false
	}
	sum := derive(password, c.salt, c.passes, c.memory, c.threads, uint32(len(c.sum)))
	return subtle.ConstantTimeCompare(sum, c.sum) == 1
}

// cost is a kept hash taken apart.
type cost struct {
	memory, passes uint32
	threads        uint8
	salt, sum      []byte
}

// read takes a kept hash apart. Costs beyond reason are refused: a damaged row
// must not eat the machine's memory.
func (h hashed) read() (cost, bool) {
	var c cost
	var version int
	parts := strings.Split(string(h), "$")
	if len(parts) != 6 || parts[1] != "argon2id" {
		return c, false
	}
	n, err := fmt.Sscanf(parts[2]+" "+parts[3], "v=%d m=%d,t=%d,p=%d", &version, &c.memory, &c.passes, &c.threads)
	salt, saltErr := base64.RawStdEncoding.DecodeString(parts[4])
	sum, sumErr := base64.RawStdEncoding.DecodeString(parts[5])
	if n != 4 || err != nil || saltErr != nil || sumErr != nil || version != argon2.Version {
		return c, false
	}
	c.salt, c.sum = salt, sum
	sane := c.memory >= 8 && c.memory <= 256<<10 && c.passes >= 1 && c.passes <= 16 && c.threads >= 1 && len(salt) >= 8 && len(sum) >= 16 && len(sum) <= 64
	return c, sane
}

// decoy is a hash that nobody's password matches; it makes an unknown login
// take as long as a known one.
var decoy = sync.OnceValue(func() hashed { return hashPassword(rand.Text()) })

// codeLives is how long a one-time code may wait for its person.
const codeLives = 72 * time.Hour

// codeLetters leave out what hands and eyes mistake: I, L, O, U.
var codeLetters = base32.NewEncoding("0123456789ABCDEFGHJKMNPQRSTVWXYZ").WithPadding(base32.NoPadding)

// newCode mints a one-time code of 80 bits, in four groups of four.
func newCode(tx *store.Tx) string {
	var b [10]byte
	tx.Random(b[:])
	c := codeLetters.EncodeToString(b[:])
	return c[0:4] + "-" + c[4:8] + "-" + c[8:12] + "-" + c[12:16]
}

// codeHash is what is kept of a code; case, blanks, dashes and mistaken letters
// make no difference.
func codeHash(code string) []byte {
	plain := strings.NewReplacer("-", "", " ", "", "O", "0", "I", "1", "L", "1").Replace(strings.ToUpper(norm.NFKC.String(code)))
	sum := sha256.Sum256([]byte("sanad code " + plain))
	return sum[:]
}

// giveCode replaces whatever a person entered with by a new one-time code.
func giveCode(tx *store.Tx, p Person) (string, error) {
	code := newCode(tx)
	return code, tx.Local().Put(accountsTable, p.ID, nameKey(p.Login), "", codeHash(code), tx.Now.Add(codeLives))
}
