package journal

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"testing"

	"pgregory.net/rapid"
)

// The dictionary is part of the format of every sealed sheet.
func TestTheDictionaryNeverChanges(t *testing.T) {
	const frozen = "fe3aad625f96e3c75e714a993a24600f628acba37d4a87ae5d3b2354915fa503"
	if sum := sha256.Sum256(dictionary); hex.EncodeToString(sum[:]) != frozen {
		t.Fatalf("dictionary_2.bin has the digest %x: everything that was packed with it is unreadable now; a new dictionary is a new packing", sum)
	}
}

// Contents that were packed by the first program, and by this one.
func TestEveryPackingStaysReadable(t *testing.T) {
	const plain = "household LY010102, member, member, member, LY010102.csv, not_working, arab_house, not_working"
	for name, packed := range map[string]string{
		"plain": "00" + hex.EncodeToString([]byte(plain)),
		"zstd": "0128b52ffd00001d02007403686f757365686f6c64204c593031303130322c206d656d6265722e6373762c206e6f745f776f726b696e672c20617261" +
			"625f686f7573650300f13c5e14019c57c6",
		"S2 with dictionary": "025e24686f757365686f6c64201ac97f20322c206d656d6265724608001122142e6373762c20dda8042c20263f212e19000067",
	} {
		raw, err := hex.DecodeString(packed)
		if err != nil {
			t.Fatal(err)
		}
		if got, err := unpack(raw); err != nil || string(got) != plain {
			t.Errorf("%s: %q, %v", name, got, err)
		}
	}
	long := bytes.Repeat([]byte("a family's sheet, "), 4000)
	if again, err := unpack(append([]byte{packedZstd}, packer.EncodeAll(long, nil)...)); err != nil || !bytes.Equal(again, long) {
		t.Errorf("zstd: %d bytes, %v", len(again), err)
	}
}

func TestContentComesBackFromItsPacking(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		plain := rapid.SliceOfN(rapid.Byte(), 0, 300).Draw(t, "bytes")
		plain = bytes.Repeat(plain, rapid.SampledFrom([]int{1, 2, 90}).Draw(t, "times"))
		if from := rapid.IntRange(0, len(dictionary)-1).Draw(t, "from"); len(plain) > 0 {
			plain = append(plain, dictionary[from:min(from+200, len(dictionary))]...)
		}
		packed := pack(plain)
		if len(packed) > len(plain)+1 {
			t.Fatalf("%d bytes became %d", len(plain), len(packed))
		}
		again, err := unpack(packed)
		if err != nil || !bytes.Equal(again, plain) {
			t.Fatalf("came back as %d bytes of %d: %v", len(again), len(plain), err)
		}
	})
}

// FuzzUnpack: whatever a damaged database holds is content or a fault, within
// bounds of memory.
func FuzzUnpack(f *testing.F) {
	f.Add(pack([]byte("a sheet")))
	f.Add(pack(dictionary[:900]))
	f.Add([]byte{packedS2, 0xff, 0xff, 0xff, 0xff, 0x0f})
	f.Add([]byte{9})
	f.Fuzz(func(t *testing.T, packed []byte) {
		if plain, err := unpack(packed); err == nil && len(plain) > largestContent {
			t.Fatalf("%d bytes out of %d", len(plain), len(packed))
		}
	})
}
