package access

import (
	"encoding/hex"
	"testing"

	"github.com/fxamacker/cbor/v2"

	"sanad/platform/id"
	"sanad/platform/journal"
)

// Journals are read for decades: the bodies of a kind's version never change. A
// new shape is a new version.
func TestTheBodiesOfEventsAreFrozen(t *testing.T) {
	e := of{"diwan", id.ID{1}, 1759651200000000}
	encode, err := cbor.CoreDetEncOptions().EncMode()
	if err != nil {
		t.Fatal(err)
	}
	frozen := map[string]string{
		"access.person_added":     "a50165646977616e025001000000000000000000000000000000031b00064064b8b46000046ad8b3d8a7d984d985d8a9056573616c6d61",
		"access.role_granted":     "a50165646977616e025001000000000000000000000000000000031b00064064b8b46000046c6272616e63685f636c65726b05664c5930313031",
		"access.role_revoked":     "a50165646977616e025001000000000000000000000000000000031b00064064b8b46000046c6272616e63685f636c65726b05664c5930313031",
		"access.person_disabled":  "a40165646977616e025001000000000000000000000000000000031b00064064b8b4600004646c656674",
		"access.person_enabled":   "a30165646977616e025001000000000000000000000000000000031b00064064b8b46000",
		"access.password_reset":   "a30165646977616e025001000000000000000000000000000000031b00064064b8b46000",
		"access.password_changed": "a30165646977616e025001000000000000000000000000000000031b00064064b8b46000",
		"access.reading_opened":   "a70165646977616e025001000000000000000000000000000000031b00064064b8b4600004500200000000000000000000000000000005664c593031303206686120726561736f6e071b0006406665dba800",
	}
	for _, event := range []journal.Event{PersonAdded{e, "سالمة", "salma"}, RoleGranted{e, "branch_clerk", "LY0101"}, RoleRevoked{e, "branch_clerk", "LY0101"},
		PersonDisabled{e, "left"}, PersonEnabled{e}, PasswordReset{e}, PasswordChanged{e}, ReadingOpened{e, id.ID{2}, "LY0102", "a reason", 1759658400000000}} {
		body, err := encode.Marshal(event)
		if err != nil {
			t.Fatal(err)
		}
		if name := event.Kind().Name; event.Kind().Version != 1 || frozen[name] != hex.EncodeToString(body) {
			t.Errorf("%q: %q,", name, hex.EncodeToString(body))
		}
	}
	if len(frozen) != len(Kinds) {
		t.Errorf("%d kinds, %d frozen", len(Kinds), len(frozen))
	}
}
