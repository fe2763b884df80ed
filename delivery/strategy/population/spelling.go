package population

import (
	"bytes"
	"strings"
	"unicode/utf8"
)

// String is the name in its dictionary spelling.
func (n FullName) String() string {
	var b strings.Builder
	for i, part := range n {
		if part == nil {
			continue
		}
		if i > 0 {
			b.WriteByte(' ')
		}
		b.WriteString(part.text)
	}
	return b.String()
}

// AppendName writes the person's name as her list has it: some clerks leave out
// the seats of hamza, some write heh for ta marbuta, and some mistype.
func (s *Settings) AppendName(b []byte, p *Person) []byte { return s.spelled(b, p, p.Name, 0) }

// AppendMother writes the mother's name as the list has it.
func (s *Settings) AppendMother(b []byte, p *Person) []byte {
	mother := p.Mother
	switch {
	case p.Errors&NoMother != 0:
		return b
	case p.Errors&MotherShort != 0:
		mother[2] = nil
	}
	return s.spelled(b, p, mother, 1)
}

// spelled writes a name with the clerk's habits; the same person's name is always
// spelled the same.
func (s *Settings) spelled(b []byte, p *Person, of FullName, which uint64) []byte {
	var c chance
	c.at(p.spelling, forSpelling, which)
	hamza, heh, yeh, joined := c.happens(s.rates.withoutHamza), c.happens(s.rates.withHeh), c.happens(s.rates.withYeh), c.happens(s.rates.joined)
	if which == 0 && p.Errors&Respelled != 0 {
		hamza, heh, yeh, joined = !hamza, !heh, !yeh, !joined
	}
	for i, part := range of {
		if part == nil || which == 0 && i == 2 && p.Errors&PartDropped != 0 {
			continue
		}
		if i > 0 {
			b = append(b, ' ')
		}
		if which == 0 && p.Errors&Latin != 0 {
			b = append(b, part.latin...)
			continue
		}
		start := len(b)
		b = append(b, part.text...)
		if part.varied {
			b = habits(b, start, hamza, heh, yeh, joined)
		}
		if c.happens(s.rates.mistyped) || which == 0 && p.Errors&Mistyped != 0 && i == int(p.spelling>>7%2)*3 {
			b = mistype(b, start, &c)
		}
	}
	return b
}

// varied tells whether a name is spelled in several ways by habit.
func varied(text string) bool {
	return strings.ContainsAny(text, "أإآ ") || strings.HasSuffix(text, "ة") || strings.HasSuffix(text, "ى") || strings.HasSuffix(text, "ي")
}

// habits applies a clerk's habits to the name from start on.
func habits(b []byte, start int, hamza, heh, yeh, joined bool) []byte {
	part := b[start:]
	if hamza {
		for i := 0; i+1 < len(part); i += utf8.RuneLen(letterAt(part, i)) {
			if r := letterAt(part, i); r == 'أ' || r == 'إ' || r == 'آ' {
				copy(part[i:], "ا")
			}
		}
	}
	last := part[max(0, len(part)-2):]
	switch {
	case heh && string(last) == "ة":
		copy(last, "ه")
	case yeh && string(last) == "ى":
		copy(last, "ي")
	case yeh && string(last) == "ي":
		copy(last, "ى")
	}
	if blank := bytes.IndexByte(part, ' '); joined && blank > 0 && !bytes.HasPrefix(part, []byte("بن ")) {
		part = append(part[:blank], part[blank+1:]...)
	}
	return b[:start+len(part)]
}

func letterAt(b []byte, i int) rune {
	r, _ := utf8.DecodeRune(b[i:])
	return r
}

// neighbours are letters that lie beside each other on the keyboard, or are
// taken for each other by ear.
var neighbours = map[rune][]rune{
	'ب': []rune("يلت"), 'ت': []rune("انط"), 'ث': []rune("صقت"), 'ج': []rune("حدخ"), 'ح': []rune("خجه"), 'خ': []rune("حهغ"),
	'د': []rune("جذض"), 'ذ': []rune("دظ"), 'ر': []rune("ؤىز"), 'ز': []rune("ورظ"), 'س': []rune("يشص"), 'ش': []rune("سئ"),
	'ص': []rune("ثضس"), 'ض': []rune("صظد"), 'ط': []rune("كظت"), 'ظ': []rune("زطض"), 'ع': []rune("غهأ"), 'غ': []rune("فعق"),
	'ف': []rune("قغ"), 'ق': []rune("فثك"), 'ك': []rune("مطق"), 'ل': []rune("ابم"), 'م': []rune("نك"), 'ن': []rune("تم"),
	'ه': []rune("خعح"), 'و': []rune("ةز"), 'ي': []rune("بس"), 'ا': []rune("لت"),
}

// mistype does to a name what hurried hands do: a letter is left out, doubled,
// exchanged with the next or with its neighbour, or gets a stroke or a vowel.
func mistype(b []byte, start int, c *chance) []byte {
	letters := []rune(string(b[start:]))
	if len(letters) < 3 {
		return b
	}
	at := c.between(1, len(letters)-1)
	switch c.below(7) {
	case 0:
		letters = append(letters[:at], letters[at+1:]...)
	case 1:
		letters = append(letters[:at+1], letters[at:]...)
	case 2:
		letters[at-1], letters[at] = letters[at], letters[at-1]
	case 3:
		letters = append(letters[:at], append([]rune{'ـ'}, letters[at:]...)...)
	case 4:
		letters = append(letters[:at], append([]rune{[]rune("ًٌَُِّْ")[c.below(7)]}, letters[at:]...)...)
	default:
		if other := neighbours[letters[at]]; len(other) > 0 {
			letters[at] = other[c.below(len(other))]
		}
	}
	return append(b[:start], string(letters)...)
}
