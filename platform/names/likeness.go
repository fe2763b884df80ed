package names

// Loose drops from a part in light form what is written or left out at will: the
// article, بن before a father, a lone hamza, doubled letters, the first alef of
// امبارك and ارحومة. Two parts that are equal so are one name in two spellings;
// امحمد stays apart from محمد.
func Loose(light string) string {
	if light == "" || isLatin(light) {
		return light
	}
	return weak(withoutSon(light))
}

// InUse reports whether a part in light form, with or without its article, is an
// own name that is known to be in use: then a name one letter away, if it is in
// use as well, is another name and no slip (حسن and حسين).
func InUse(light string) bool { return isKnown(light) }
