package search

import (
	"slices"
	"unicode/utf8"
)

// How says in which way a part that was asked for is the part that was found;
// the message "search.how_<how>" explains it.
type How uint8

// The ways, the surest first.
const (
	Missing   How = iota // not found in this name
	Exact                // the same letters, hamza and endings aside
	Beginning            // the found part begins so
	Sound                // it sounds so: another spelling, or Latin letters
	Slip                 // one letter wrong, missing, too much or exchanged
	SoundSlip            // one sound wrong, missing or too much
)

var howNames = [...]string{"missing", "exact", "beginning", "sound", "slip", "sound_slip"}

// String is the way's name in messages and exports.
func (h How) String() string { return howNames[h] }

// costs are what each way takes off a part's weight, in 64ths.
var costs = [...]int{Missing: 64, Exact: 0, Beginning: 10, Sound: 12, Slip: 16, SoundSlip: 28}

// whole is the weight's full measure in the units of costs.
const whole = 64

// asked is one part of a question, with everything that decides which spellings
// it may mean.
type asked struct {
	light     string
	letters   int
	latin     bool
	sounds    []string // skeletons, the likeliest first
	unfinish  bool     // the last word of a question that is still being typed
	soundSlip bool     // one sound may be wrong; see meanings
}

func askFor(light string, unfinished bool) asked {
	a := asked{light: light, letters: utf8.RuneCountInString(light), latin: light[0] < utf8.RuneSelf, unfinish: unfinished}
	a.sounds = soundsOf(light)
	return a
}

// Limits below which a resemblance says nothing.
const (
	slipLetters      = 3 // letters of a part in which one may be wrong
	soundSlipCodes   = 4 // sounds of a part of which one may be wrong
	beginningLetters = 3 // letters that a part may begin with
)

// likens says how a spelling, given in light form with its sounds, is what was
// asked for. It is the one definition: the index only spares asking it of every
// spelling.
func (a *asked) likens(light string, sounds []string) How {
	switch {
	case light == a.light:
		return Exact
	case a.unfinish && a.letters >= beginningLetters && len(light) > len(a.light) && light[:len(a.light)] == a.light:
		return Beginning
	case meet(a.sounds, sounds):
		return Sound
	case a.letters >= slipLetters && oneSlip(a.light, light):
		return Slip
	}
	if !a.soundSlip {
		return Missing
	}
	for _, sound := range a.sounds {
		if len(sound) >= soundSlipCodes && slices.ContainsFunc(sounds, func(s string) bool { return oneSlip(sound, s) }) {
			return SoundSlip
		}
	}
	return Missing
}

func meet(some, others []string) bool {
	return slices.ContainsFunc(some, func(s string) bool { return slices.Contains(others, s) })
}

// oneSlip reports whether one letter wrong, missing, too much or exchanged with
// its neighbour makes a into b.
func oneSlip(a, b string) bool {
	if len(a) < len(b) {
		a, b = b, a
	}
	if len(a)-len(b) > utf8.UTFMax || b == "" {
		return false
	}
	for len(b) > 0 {
		x, n := utf8.DecodeRuneInString(a)
		y, m := utf8.DecodeRuneInString(b)
		if x != y {
			return a[n:] == b[m:] || a[n:] == b || a == b[m:] || exchanged(a, b)
		}
		a, b = a[n:], b[m:]
	}
	return utf8.RuneCountInString(a) == 1
}

// exchanged reports two neighbours in the other order at the beginning, and
// nothing else.
func exchanged(a, b string) bool {
	x, n := utf8.DecodeRuneInString(a)
	y, m := utf8.DecodeRuneInString(a[n:])
	p, i := utf8.DecodeRuneInString(b)
	q, j := utf8.DecodeRuneInString(b[i:])
	return m > 0 && j > 0 && x == q && y == p && a[n+m:] == b[i+j:]
}
