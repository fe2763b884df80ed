package search

import (
	"slices"
	"strings"
	"unicode/utf8"

	"sanad/platform/names"
)

// mostSounds bounds under how many sounds one spelling is found.
const mostSounds = 6

// soundsOf returns the skeletons under which a part in light form is found, the
// likeliest first. Arabic letters have one; Latin ones do not say which sound
// they stand for: th may be ث, ذ or ت with ه, a first vowel may stand for ع or for
// nothing, a final t for ة.
func soundsOf(light string) []string {
	if light == "" || light[0] >= utf8.RuneSelf {
		return withoutEmpty([]string{names.Skeleton(light)})
	}
	sounds := names.SkeletonLatin(light)
	for _, pair := range [...][2]string{{"th", "d"}, {"th", "tah"}, {"sh", "sah"}, {"dh", "z"}} {
		if other := strings.Replace(light, pair[0], pair[1], 1); other != light {
			sounds = append(sounds, names.SkeletonLatin(other)[0])
		}
	}
	for _, s := range slices.Clone(sounds) {
		if isVowel(light[0]) && !strings.HasPrefix(s, "a") {
			sounds = append(sounds, "a"+s)
		}
		if strings.HasSuffix(light, "at") && len(s) > 2 {
			sounds = append(sounds, strings.TrimSuffix(s, "t"))
		}
		if isVowel(light[len(light)-1]) && len(s) <= 2 {
			sounds = append(sounds, s+"h")
		}
	}
	return withoutEmpty(sounds)
}

func isVowel(letter byte) bool { return strings.IndexByte("aeiou", letter) >= 0 }

// withoutEmpty keeps each sound once, and no more than can be looked up.
func withoutEmpty(sounds []string) []string {
	var kept []string
	for _, s := range sounds {
		if s != "" && !slices.Contains(kept, s) && len(kept) < mostSounds {
			kept = append(kept, s)
		}
	}
	return kept
}
