package policy

import (
	"testing"

	"sanad/country"
	"sanad/platform/text"
)

// TestTheCountrysProgrammesHold reads every programme and runs its examples.
func TestTheCountrysProgrammesHold(t *testing.T) {
	pack, err := country.Pack(country.Libya)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range Check(pack) {
		t.Errorf("%s:%d:%d: %s", f.File, f.Line, f.Column, text.Fault(text.English, f.Err))
	}
}
