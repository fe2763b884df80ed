package geography

import (
	"encoding/hex"
	"testing"

	"github.com/fxamacker/cbor/v2"
)

// Journals are read for decades: the body of a kind's version never changes. A
// new shape is a new version.
func TestTheBodyOfLoadedIsFrozen(t *testing.T) {
	encode, err := cbor.CoreDetEncOptions().EncMode()
	if err != nil {
		t.Fatal(err)
	}
	event := Loaded{
		Areas:      []Area{{Code: "LY01", Kind: Region, NameAr: "الشرق", NameEn: "East", Parent: "LY", Also: []string{"شرق"}, From: 20110101, To: 20260101}},
		GoneAreas:  []Period{{"LY02", 0}},
		Bodies:     []Body{{Code: "b", Kind: Branch, NameAr: "فرع", NameEn: "branch", Parent: "diwan", Also: []string{"x"}, Serves: []string{"LY01"}, From: 20110101}},
		GoneBodies: []Period{{"c", 20110101}},
	}
	const frozen = "a40181a801644c5930310266726567696f6e036ad8a7d984d8b4d8b1d98204644561737405624c59068166d8b4d8b1d982071a0132db15081a013525050281a201644c59303202000381a901616202666272616e63680366d981d8b1d8b904666272616e63680565646977616e068161780781644c593031081a0132db1509000481a2016163021a0132db15"
	body, err := encode.Marshal(event)
	if got := hex.EncodeToString(body); err != nil || got != frozen || event.Kind().Version != 1 {
		t.Errorf("%q %v", got, err)
	}
}
