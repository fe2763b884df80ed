package policy

import (
	"testing"

	"sanad/delivery/registry"
	"sanad/platform/id"
)

// BenchmarkHousehold decides a family of seven from its encoded sheet: what a
// national run does 1.3 million times.
func BenchmarkHousehold(b *testing.B) {
	sheet := family(id.ID{0: 1}, "role=head sex=male birth=1975-04-02 marital_status=married name=ali", "role=wife sex=female birth=1980-01-01 marital_status=married name=mona",
		"role=son sex=male birth=2015-03-01 name=omar", "role=daughter sex=female birth=2000-03-01 marital_status=single name=huda", "role=son sex=male birth=2001-01-01 name=sami wage=yes",
		"role=daughter sex=female birth=2012-02-01 name=lina", "role=mother sex=female birth=1950 marital_status=widowed name=zaynab")
	plain := sheet.Encode()
	d, err := newDecider(grant(b), october)
	if err != nil {
		b.Fatal(err)
	}
	nowhere := func(id.ID) bool { return false }
	b.ReportAllocs()
	for b.Loop() {
		s, err := registry.Decode(sheet.Household, 1, plain)
		if err != nil {
			b.Fatal(err)
		}
		lines, _, err := d.household(s, nil, nowhere)
		if err != nil || len(lines) != 4 {
			b.Fatal(err, len(lines))
		}
		outcomeDigest(encodeOutcome(s.Household, lines))
	}
}
