// Package geography knows the places of a country and the bodies that serve
// them, so that a family is found at its own branch, whatever its town was
// called when it registered.
//
// Areas lie in each other: country, region, district, municipality, mahalla. A
// branch (فرع) is not an area but a body that serves one. Both have names in
// two languages and a time in which they stand; a municipality that was split
// keeps its old line. They are reference data: a country writes areas.csv and
// bodies.yaml, Load records what changed, every node receives it. Readers take
// a Map of one day with At.
package geography

import (
	"strings"

	"sanad/platform/calendar"
	"sanad/platform/text"
)

// Kind says what sort of area or body something is.
type Kind string

// The kinds of area, largest first.
const (
	Country      Kind = "country"
	Region       Kind = "region"
	District     Kind = "district"
	Municipality Kind = "municipality"
	Mahalla      Kind = "mahalla"
)

// The kinds of body.
const (
	Ministry     Kind = "ministry"
	Headquarters Kind = "headquarters"
	Department   Kind = "department"
	Branch       Kind = "branch"
	Fund         Kind = "fund"
	Authority    Kind = "authority"
	Bank         Kind = "bank"
	Control      Kind = "control" // audits others
)

var (
	areaKinds = []Kind{Country, Region, District, Municipality, Mahalla}
	bodyKinds = []Kind{Ministry, Headquarters, Department, Branch, Fund, Authority, Bank, Control}
)

// Key is the message that names the kind.
func (k Kind) Key() text.Key { return text.Key("geography.kind_" + string(k)) }

// Area is a place for as long as it stood under one name and parent.
type Area struct {
	Code   string        `cbor:"1,keyasint"`
	Kind   Kind          `cbor:"2,keyasint"`
	NameAr string        `cbor:"3,keyasint"`
	NameEn string        `cbor:"4,keyasint"`
	Parent string        `cbor:"5,keyasint"` // code; empty for the country
	Also   []string      `cbor:"6,keyasint"` // other spellings met in files
	From   calendar.Date `cbor:"7,keyasint"` // first day; Unknown: as long as is known
	To     calendar.Date `cbor:"8,keyasint"` // first day no longer; Unknown: stands
}

// Name returns the area's name as an argument of messages.
func (a Area) Name() text.Bilingual { return text.Bilingual{Arabic: a.NameAr, English: a.NameEn} }

// Body is an office or authority for as long as it stood.
type Body struct {
	Code   string        `cbor:"1,keyasint"`
	Kind   Kind          `cbor:"2,keyasint"`
	NameAr string        `cbor:"3,keyasint"`
	NameEn string        `cbor:"4,keyasint"`
	Parent string        `cbor:"5,keyasint"` // code of the body above, if any
	Also   []string      `cbor:"6,keyasint"`
	Serves []string      `cbor:"7,keyasint"` // areas, each with all that lies in it
	From   calendar.Date `cbor:"8,keyasint"`
	To     calendar.Date `cbor:"9,keyasint"`
}

// Name returns the body's name as an argument of messages.
func (b Body) Name() text.Bilingual { return text.Bilingual{Arabic: b.NameAr, English: b.NameEn} }

// Contains reports whether the area named by code is ancestor or lies in it.
// The empty code is the whole country, which contains every area and lies in
// none but itself.
func Contains(ancestor, code string) bool {
	if ancestor == "" || ancestor == code {
		return true
	}
	// Codes grow by two characters a level: LY, LY01, LY0102, LY010203.
	return wellFormed(ancestor) && wellFormed(code) && strings.HasPrefix(code, ancestor)
}

// wellFormed reports a code of two letters and two digits for each level.
func wellFormed(code string) bool {
	if len(code) < 2 || len(code)%2 != 0 {
		return false
	}
	for i, r := range []byte(code) {
		letter, digit := r >= 'A' && r <= 'Z', r >= '0' && r <= '9'
		if i < 2 && !letter || i >= 2 && !digit {
			return false
		}
	}
	return true
}

// parentOf returns the code one level up, empty for a country.
func parentOf(code string) string {
	if len(code) <= 2 {
		return ""
	}
	return code[:len(code)-2]
}

// standsOn reports whether a period covers a day; day precision throughout.
func standsOn(from, to, day calendar.Date) bool {
	return from <= day && (to == calendar.Unknown || day < to)
}

// DistrictOf is the district in which an area lies, or the area itself where it
// is wider; empty for what is no area's code.
func DistrictOf(code string) string {
	if !wellFormed(code) {
		return ""
	}
	return code[:min(len(code), districtLength)]
}

// districtLength is how long a district's code is: LY0102.
const districtLength = 6
