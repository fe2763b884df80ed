package journal

import (
	_ "embed"
	"sync"

	"github.com/klauspost/compress/s2"
	"github.com/klauspost/compress/zstd"

	"sanad/platform/fault"
)

// The first byte of packed content names the packing, so that a later one can
// stand beside it. All of them stay readable for ever.
const (
	packedPlain byte = 0 // as it is
	packedZstd  byte = 1 // zstd, no dictionary: large contents
	packedS2    byte = 2 // S2 with dictionary 2: a sheet, a small body
)

// A sheet alone is too short for a packer to learn from. The dictionary is
// thirty sheets of invented families (country/libya/sample), as they are
// encoded: what sheets have in common stands in it. It is part of the format:
// a byte of it changed makes every sheet unreadable.
//
//go:embed dictionary_2.bin
var dictionary []byte

const (
	smallContent   = 16 << 10 // from here on zstd learns enough by itself
	largestContent = 64 << 20 // of one entry, unpacked
)

var (
	packer   = must(zstd.NewWriter(nil, zstd.WithEncoderLevel(zstd.SpeedFastest), zstd.WithEncoderConcurrency(4), zstd.WithEncoderCRC(false)))
	unpacker = must(zstd.NewReader(nil, zstd.WithDecoderConcurrency(4), zstd.WithDecoderMaxMemory(largestContent)))
	common   = s2.MakeDict(dictionary, nil)
	scratch  = sync.Pool{New: func() any { return new([2 * smallContent]byte) }}
)

func must[T any](v T, err error) T {
	if err != nil {
		panic(err) // constant options
	}
	return v
}

// pack makes content small; equal contents have equal bytes.
func pack(plain []byte) []byte {
	var out []byte
	if len(plain) < smallContent {
		space := scratch.Get().(*[2 * smallContent]byte)
		packed := common.Encode(space[:], plain)
		out = append(append(make([]byte, 0, 1+len(packed)), packedS2), packed...)
		scratch.Put(space)
	} else {
		out = packer.EncodeAll(plain, append(make([]byte, 0, len(plain)/2+64), packedZstd))
	}
	if len(out) > len(plain) {
		return append([]byte{packedPlain}, plain...)
	}
	return out
}

// unpack reads what pack wrote, and what earlier packings did. Anything else is
// the fault "journal.damaged"; a few bytes never make it reserve much.
func unpack(packed []byte) ([]byte, error) {
	if len(packed) == 0 {
		return nil, fault.Invalid("journal.damaged")
	}
	var plain []byte
	var err error
	switch rest := packed[1:]; packed[0] {
	case packedPlain:
		return rest, nil
	case packedZstd:
		plain, err = unpacker.DecodeAll(rest, nil)
	case packedS2:
		plain, err = unpackS2(rest)
	default:
		return nil, fault.Invalid("journal.damaged")
	}
	if err != nil {
		return nil, fault.Invalid("journal.damaged").Because(err)
	}
	return plain, nil
}

func unpackS2(packed []byte) ([]byte, error) {
	if size, err := s2.DecodedLen(packed); err != nil || size >= smallContent {
		return nil, fault.Invalid("journal.damaged").Because(err)
	}
	return common.Decode(nil, packed)
}
