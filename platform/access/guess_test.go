package access

import (
	"errors"
	"strings"
	"testing"

	"sanad/platform/fault"
)

func TestEasyPasswordsAreRefusedAndPhrasesAreNot(t *testing.T) {
	p := Person{Name: "سالمة محمد الورفلي", Login: "salma.warfalli"}
	for _, password := range []string{"password12345", "P@ssw0rd2026!", "qwertyuiop123", "123456789012", "aaaaaaaaaaaaaaa", "abcabcabcabcabc", "Sanad-Libya-2026",
		"salma.warfalli1", "سالمة الورفلي1990", "ضصثقفغعهخحجد", "وزارة الشؤون الاجتماعية", "98765432109876", "1qaz2wsx3edc4rfv", "بسم الله الرحمن الرحيم", "AdministratorADMIN"} {
		if err := checkPassword(password, p); !errors.Is(err, fault.Invalid("access.password_guessable")) {
			t.Errorf("%q: %v", password, err)
		}
	}
	for _, password := range []string{"three camels drink slowly", "قطار أخضر تحت المطر", "nf7-Kq2x-Vw9p-Ht", "زيتونة وقمر وباب", "correct horse battery staple"} {
		if err := checkPassword(password, p); err != nil {
			t.Errorf("%q: %v", password, err)
		}
	}
}

func TestPasswordsHaveTwelveToOneHundredAndTwentyEightCharacters(t *testing.T) {
	long := strings.Repeat("قمر باب شجرة ", 12)
	for length, key := range map[int]string{11: "access.password_short", 12: "", 128: "", 129: "access.password_long"} {
		password := string([]rune(long)[:length])
		err := checkPassword(password, Person{})
		if key == "" && err != nil || key != "" && !errors.Is(err, fault.Invalid(key)) {
			t.Errorf("%d characters: %v", length, err)
		}
	}
}

func TestAHashMatchesItsPasswordHoweverItIsTyped(t *testing.T) {
	h := hashPassword("café باب وقمر")
	for password, want := range map[string]bool{"café باب وقمر": true, "cafe\u0301 باب وقمر": true, "café باب وقمر ": false, "": false} {
		if got := h.matches(password); got != want {
			t.Errorf("%q: %v", password, got)
		}
	}
	if other := hashPassword("café باب وقمر"); other == h {
		t.Error("two hashes of one password are equal: there is no salt")
	}
	c, ok := h.read()
	if !ok || c.memory != argonMemory || c.passes != argonTime || c.threads != argonThreads {
		t.Errorf("costs are not kept: %+v", c)
	}
}

func TestCodesForgiveHandsAndEyes(t *testing.T) {
	same := codeHash("01AB-CDEF-GHJK-MNPQ")
	for _, typed := range []string{"01abcdefghjkmnpq", " OIab cdef ghjk mnpq ", "0lAB-CDEF-GHJK-MNPQ"} {
		if string(codeHash(typed)) != string(same) {
			t.Errorf("%q is not taken for the code", typed)
		}
	}
	if string(codeHash("01AB-CDEF-GHJK-MNPR")) == string(same) {
		t.Error("another code is taken for it")
	}
}

func FuzzReadHash(f *testing.F) {
	f.Add("$argon2id$v=19$m=32768,t=2,p=1$c2FsdHNhbHRzYWx0c2FsdA$aGFzaGhhc2hoYXNoaGFzaGhhc2hoYXNoaGFzaGhhc2g")
	f.Add("$argon2id$v=19$m=4294967295,t=4294967295,p=255$$")
	f.Fuzz(func(t *testing.T, kept string) {
		c, ok := hashed(kept).read()
		if ok && (c.memory > 256<<10 || c.passes > 16 || len(c.sum) == 0) {
			t.Fatalf("%q is allowed to cost %+v", kept, c)
		}
	})
}
