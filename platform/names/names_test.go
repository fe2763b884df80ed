package names

import (
	_ "embed"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

//go:embed testdata/extract_pairs.tsv
var extractPairs string

func TestSpellingsOfOneNameAreLightlyEqual(t *testing.T) {
	for _, spellings := range [][]string{
		{"أحمد", "احمد", "إحمد", "آحمد", "ٱحمد", "ا\u0654حمد"},
		{"مصطفى", "مصطفي", "مُصْطَفَى", "مصـــطفى", "مصطفی", "مصطفى\u200f", " مصطفى "},
		{"فاطمة", "فاطمه", "ﻓﺎﻃﻤﺔ"},
		{"مبروك", "مبروک"},
		{"عائشة", "عايشه"}, {"فؤاد", "فواد"}, {"عبد الرؤوف", "عبدالرووف", "عبد ألرؤوف"},
		{"عبد السلام", "عبدالسلام", "عبد  السلام"}, {"عبد الله", "عبدالله", "عبد ﷲ"},
		{"أبو زيد", "ابوزيد", "بو زيد", "بوزيد", "أبوزيد", "با زيد"}, {"أبو القاسم", "بلقاسم", "بالقاسم"},
		{"بن سعود", "بنسعود", "ابن سعود", "ابنسعود"}, {"أم كلثوم", "امكلثوم"},
		{"نور الدين", "نورالدين"}, {"سيف النصر", "سيفالنصر"}, {"جاد الله", "جادالله"}, {"فاطمة الزهراء", "فاطمة الزهراء"},
		{"سالم ﻻفي", "سالم لافي"}, {"Mohamed ALI", "mohamed  ali"}, {"آل سعود", "ال سعود"},
	} {
		for _, other := range spellings[1:] {
			if a, b := Light(spellings[0]), Light(other); a != b || a == "" {
				t.Errorf("%q is %q, %q is %q", spellings[0], a, other, b)
			}
		}
	}
}

func TestDifferentNamesStayDifferentInLightForm(t *testing.T) {
	for _, pair := range [][2]string{
		{"محمد", "امحمد"}, {"محمد", "أحمد"}, {"محمد", "محمود"}, {"علاء", "علا"}, {"سعد", "سعيد"}, {"حسن", "حسين"}, {"سالم", "سليم"},
		{"عبد الحكيم", "عبد الحليم"}, {"بلال", "أبو لال"}, {"طاهر", "الطاهر"}, {"مبارك", "امبارك"}, {"علي سالم", "علي سليم"}, {"نور", "نور الدين"},
	} {
		if Light(pair[0]) == Light(pair[1]) {
			t.Errorf("%s and %s are both %q", pair[0], pair[1], Light(pair[0]))
		}
	}
}

func TestLightFormIsStable(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		name := rapid.StringOf(rapid.SampledFrom([]rune("ابتمحدعلسنيوهةىأإآؤئءـ َبن عبد الله\u200f aE-'۱٣ﻻﷲ"))).Draw(t, "name")
		light := Light(name)
		if again := Light(light); again != light {
			t.Fatalf("%q is %q, then %q", name, light, again)
		}
		if strings.Contains(light, "  ") || strings.TrimSpace(light) != light {
			t.Fatalf("%q: blanks in %q", name, light)
		}
	})
}

func TestNamesComeApartInTheLibyanOrder(t *testing.T) {
	for _, c := range []struct {
		name                             string
		own, father, grandfather, family string
	}{
		{"محمد علي سالم الورفلي", "محمد", "علي", "سالم", "الورفلي"},
		{" عبد السلام  أبو بكر نور الدين بن سعود", "عبد السلام", "أبو بكر", "نور الدين", "بن سعود"},
		{"أبو عبد الله جاد الله سيف النصر آل سعود", "أبو عبد الله", "جاد الله", "سيف النصر", "آل سعود"},
		{"فاطمة الزهراء عمرو هشام العرفي", "فاطمة الزهراء", "عمرو", "هشام", "العرفي"},
		{"سميرة محمود إبراهيم", "سميرة", "محمود", "إبراهيم", ""},
		{"سميرة محمود الورفلي", "سميرة", "محمود", "", "الورفلي"},
		{"سميرة الورفلي", "سميرة", "", "", "الورفلي"},
		{"سميرة محمود", "سميرة", "محمود", "", ""},
		{"سميرة", "سميرة", "", "", ""},
		{"علي محمد سالم عمر خليفة الورفلي", "علي", "محمد", "سالم", "الورفلي"},
		{"علي محمد عبد", "علي", "محمد", "عبد", ""},
		{"Abdul Salam Ali Salem El Werfalli", "Abdul Salam", "Ali", "Salem", "El Werfalli"},
		{"", "", "", "", ""},
	} {
		p := Of(c.name)
		if p.Own != c.own || p.Father != c.father || p.Grandfather != c.grandfather || p.Family != c.family {
			t.Errorf("%q: %q", c.name, p)
		}
	}
}

func TestPartsAreTheWordsOfTheLightForm(t *testing.T) {
	for line := range strings.Lines(extractPairs) {
		for _, name := range strings.Split(strings.TrimSpace(line), "\t")[1:] {
			var light []string
			for _, part := range Of(name).All {
				light = append(light, Light(part))
			}
			if !slices.Equal(light, strings.Fields(Light(name))) {
				t.Errorf("%q: parts %q, light %q", name, light, Light(name))
			}
		}
	}
}

func TestVariantsShareASkeleton(t *testing.T) {
	for _, spellings := range [][]string{
		{"محمد", "امحمد", "Mohamed", "Mohammed", "Muhammad", "Mhmd", "Mohammad"},
		{"القماطي", "قماطي", "گماطي", "Gamati", "Qamati", "El-Gamati", "Al Qamati", "Elgamati"},
		{"امبارك", "مبارك", "Mubarak", "Embarek"}, {"ارحومة", "رحومة", "Rhouma", "Arhouma", "Rahuma"},
		{"إلياس", "Elias"}, {"أبو القاسم", "Belgasem", "Belkacem"}, {"نور الهدى", "Nur Alhuda"}, {"بوعبد الجليل", "بوعبدالجليل", "BuAbduljalil"},
		{"عبد السلام", "عبدالسلام", "Abdulsalam", "Abdussalam", "Abdel Salam", "Abdusalam", "Abd Alsalam"},
		{"عبد العزيز", "Abdulaziz", "Abdelaziz"}, {"عبد الله", "Abdullah", "Abdallah"}, {"عبد القادر", "Abdelkader", "Abdulqader"},
		{"أبو زيد", "بوزيد", "Abuzeid", "Bouzid", "Bu Zaid"}, {"صلاح الدين", "Salaheddin", "Salah Eddine", "Salah al-Din"}, {"نور الدين", "Nuraldin", "Noureddine"},
		{"أحمد", "Ahmed", "Ahmad"}, {"علي", "Ali"}, {"عمر", "Omar", "Umar"}, {"فاطمة", "Fatima", "Fatma", "Fatimah"}, {"خديجة", "Khadija", "Khadijah"},
		{"الشيخي", "Alshekhi", "El Sheikhi"}, {"إبراهيم", "Ibrahim", "Ebrahim"}, {"يوسف", "Youssef", "Yusuf"}, {"الصغير", "Alsaghir", "Assaghir"}, {"عطية", "Attia"},
	} {
		want := Skeleton(spellings[0])
		for _, other := range spellings[1:] {
			if !slices.Contains(SkeletonLatin(other), want) {
				t.Errorf("%s: %q, %s: %q", spellings[0], want, other, SkeletonLatin(other))
			}
		}
	}
}

func TestSkeletonsStillTellNamesApart(t *testing.T) {
	for _, pair := range [][2]string{{"محمد", "أحمد"}, {"أحمد", "محمود"}, {"فاطمة", "خديجة"}, {"علي", "عمر"}, {"عبد السلام", "السلام"}, {"الورفلي", "القماطي"}, {"سعد", "أسعد"}} {
		if Skeleton(pair[0]) == Skeleton(pair[1]) {
			t.Errorf("%s and %s share %q", pair[0], pair[1], Skeleton(pair[0]))
		}
	}
}

func TestOneNameWrittenTwiceAgrees(t *testing.T) {
	for _, c := range []struct {
		a, b string
		want Agreement
	}{
		{"ميلأد محمد عبدالجليل التهامي", "ميلاد محمد عبد الجليل التهامي", Same},
		{"زينب عبد الرؤوف عبد الحميد بن سعود", "زينب عبدالرووف عبدالحميد بنسعود", Same},
		{"سميرة محمود إبراهيم الجروشي", "سميرة محمود إبراهيم", Likely},                   // fourth part missing
		{"سميرة محمود إبراهيم الجروشي", "سميرة محمود الجروشي", Likely},                   // third part missing
		{"سميرة محمود إبراهيم الجروشي", "سميره محمود", Likely},                           // both
		{"فاطمة عاء جلال الزعلوك", "فاطمة علاء جلال الزعلوك", Likely},                    // a letter left out
		{"عاء محمد جلال الزعلوك", "علاء محمد جلال الزعلوك", Likely},                      // in the own name, which then is none
		{"لينا عبدالرؤوف عبدالحميد بن سوعد", "لينا عبدالرؤوف عبدالحميد بن سعود", Likely}, // letters transposed
		{"راضية عبد الرؤوف عبد الحميد ان سعود", "راضية عبدالرووف عبدالحميد بن سعود", Likely},
		{"صالح جلال حمد شنيب", "صالح حمد جلال شنيب", Likely}, // neighbours swapped
		{"صالح جلال حمد شنيب", "صالح حمد جلال", Likely},      // and the fourth missing
		{"الطاهر علي سالم الورفلي", "طاهر علي سالم ورفلي", Likely},
		{"محمد بن علي بن سالم الورفلي", "محمد علي سالم الورفلي", Likely},
		{"امبارك علي سالم الورفلي", "مبارك علي سالم الورفلي", Likely},
		{"هناء علي سالم الورفلي", "هنا علي سالم الورفلي", Likely},
		{"علي أحمد كريم العرفي", "Ali Ahmed Karim Alorfi", Likely},
		{"شوقي رامي عبدالعالي الحاج", "Shawqi Rami Abdulali Alhaj", Likely},
		{"Mohamed Ali Elwerfalli", "Mohammed Ali Alwerfalli", Likely},
	} {
		for _, pair := range [][2]string{{c.a, c.b}, {c.b, c.a}} {
			if got := Agree(pair[0], pair[1]); got != c.want {
				t.Errorf("%s / %s: %d, want %d", pair[0], pair[1], got, c.want)
			}
		}
	}
}

func TestNamesThatDifferNeverAgree(t *testing.T) {
	rest := " علي سالم الورفلي"
	for _, own := range [][2]string{
		{"محمد", "امحمد"}, {"محمد", "أحمد"}, {"محمد", "محمود"}, {"محمد", "حمد"}, {"حسن", "حسين"}, {"سعد", "سعيد"}, {"أسعد", "سعد"}, {"أسماء", "سماء"},
		{"سالم", "سليم"}, {"علاء", "علا"}, {"آمنة", "منة"}, {"ريتاج", "رتاج"}, {"عبد الحكيم", "عبد الحليم"}, {"عبد الكريم", "عبد الرحيم"}, {"نور", "نور الدين"},
		{"صالح", "ناصر"}, {"وصال", "ضحى"}, {"رتيل", "رتيم"}, {"محمد", "Ahmed"}, {"فاطمة", "Khadija"},
	} {
		if got := Agree(own[0]+rest, own[1]+rest); got != Differ {
			t.Errorf("%s / %s: %d", own[0], own[1], got)
		}
	}
	for _, pair := range [][2]string{
		{"محمد علي سالم الورفلي", "علي محمد سالم الورفلي"},   // father and son
		{"محمد علي سالم الورفلي", "محمد عمر سالم الورفلي"},   // cousins
		{"محمد حسن سالم الورفلي", "محمد حسين سالم الورفلي"},  // cousins, one letter apart
		{"محمد علي سالم الورفلي", "محمد علي خليفة الزنتاني"}, // two parts differ
		{"محمد عليي سالمم الورفليي", "محمد عليو سالمن الورفلين"},
		{"محمد", "محمد علي سالم الورفلي"}, // too little to say
		{"", ""}, {"محمد علي", ""}, {"  ", "محمد"},
	} {
		if Agree(pair[0], pair[1]) != Differ || Agree(pair[1], pair[0]) != Differ {
			t.Errorf("%q / %q agree", pair[0], pair[1])
		}
	}
}

// The measure on imaginary extracts: what branches really do to names, and the
// twins that must stay two.
func TestAgreementOnExtracts(t *testing.T) {
	same, agreed, twins := 0, 0, 0
	for line := range strings.Lines(extractPairs) {
		f := strings.Split(strings.TrimRight(line, "\n"), "\t")
		if len(f) < 3 {
			continue
		}
		got := Agree(f[1], f[2])
		switch {
		case f[0] == "same":
			same++
			if got != Differ {
				agreed++
			} else {
				t.Logf("not seen as one: %s / %s", f[1], f[2])
			}
		case got != Differ:
			t.Errorf("twins taken for one: %s / %s", f[1], f[2])
		default:
			twins++
		}
	}
	t.Logf("%d of %d pairs of one person agree, %d pairs of twins differ", agreed, same, twins)
	if same < 300 || twins < 60 || agreed*1000 < same*990 {
		t.Errorf("expected 99 of 100 pairs to agree")
	}
}

func FuzzAgree(f *testing.F) {
	f.Add("محمد علي", "Mohamed Ali")
	f.Add("عبد", "بن ابن بو")
	f.Add("abd al", "Ben el ﻻ")
	f.Fuzz(func(t *testing.T, a, b string) {
		if got := Agree(a, b); got != Agree(b, a) {
			t.Fatalf("%q, %q: not symmetric", a, b)
		}
		if Light(a) != "" && Agree(a, a) != Same {
			t.Fatalf("%q does not agree with itself", a)
		}
		if Light(Light(a)) != Light(a) {
			t.Fatalf("%q: %q is not stable", a, Light(a))
		}
		Skeleton(a)
		SkeletonLatin(b)
		Of(a)
	})
}

func BenchmarkLight(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		Light("زينب عبد الرؤوف عبد الحميد بن سعود") // four parts
	}
}

func BenchmarkSkeleton(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		Skeleton("زينب عبد الرؤوف عبد الحميد بن سعود") // four parts
	}
}

func BenchmarkAgree(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		Agree("سميرة محمود إبراهيم الجروشي", "سميره محمود ابراهيم")
	}
}

func TestWordsThatStandAloneAreNeverJoined(t *testing.T) {
	words := strings.Fields("محمد عبد السلام الله الدين نور فاطمة الزهراء سيف النصر بن سعود ابو زيد بوزيد بلقاسم الهدى ام كلثوم ال جاد المولى بوعبد علي ed din al salah Nur Alhuda Ali ابنسعود")
	joined, alone := 0, 0
	rapid.Check(t, func(t *rapid.T) {
		name := rapid.SliceOfN(rapid.SampledFrom(words), 1, 6).Draw(t, "name")
		all := strings.Join(name, " ")
		if slices.ContainsFunc(name, func(w string) bool { return !StandsAlone(w) }) {
			joined++
			return
		}
		alone++
		for i := range name {
			name[i] = Light(name[i])
		}
		if got := Light(all); got != strings.Join(name, " ") {
			t.Fatalf("%q: %q", all, got)
		}
	})
	if joined == 0 || alone == 0 {
		t.Errorf("%d names with words that join, %d without", joined, alone)
	}
	for _, word := range words {
		for _, other := range words { // whatever a word joins with, one of the two says so
			if len(strings.Fields(Light(word+" "+other))) == 1 && StandsAlone(word) && StandsAlone(other) {
				t.Errorf("%s and %s become one", word, other)
			}
		}
	}
}
