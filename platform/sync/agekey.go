package sync

import "strings"

// ageKey writes 32 bytes as an age identity: Bech32 (BIP 173) with age's prefix.
// The library reads this form and offers no way in for raw bytes.
func ageKey(secret []byte) string {
	const prefix = "age-secret-key-"
	data := fiveBits(secret)
	sum := checksum(prefix, data)
	const letters = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"
	var b strings.Builder
	b.WriteString(prefix + "1")
	for _, d := range append(data, sum...) {
		b.WriteByte(letters[d])
	}
	return strings.ToUpper(b.String())
}

// fiveBits regroups bytes into groups of five bits, the last filled with zeros.
func fiveBits(b []byte) []byte {
	var out []byte
	value, bits := uint(0), 0
	for _, c := range b {
		value, bits = value<<8|uint(c), bits+8
		for bits >= 5 {
			bits -= 5
			out = append(out, byte(value>>bits)&31)
		}
	}
	if bits > 0 {
		out = append(out, byte(value<<(5-bits))&31)
	}
	return out
}

func checksum(prefix string, data []byte) []byte {
	var values []byte
	for _, c := range []byte(prefix) {
		values = append(values, c>>5)
	}
	values = append(values, 0)
	for _, c := range []byte(prefix) {
		values = append(values, c&31)
	}
	values = append(append(values, data...), 0, 0, 0, 0, 0, 0)
	mod := polymod(values) ^ 1
	sum := make([]byte, 6)
	for i := range sum {
		sum[i] = byte(mod>>(5*(5-i))) & 31
	}
	return sum
}

func polymod(values []byte) uint32 {
	generator := [5]uint32{0x3b6a57b2, 0x26508e6d, 0x1ea119fa, 0x3d4233dd, 0x2a1462b3}
	check := uint32(1)
	for _, v := range values {
		top := check >> 25
		check = check&0x1ffffff<<5 ^ uint32(v)
		for i, g := range generator {
			if top>>i&1 == 1 {
				check ^= g
			}
		}
	}
	return check
}
