package intake

import (
	"bytes"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"unicode/utf8"

	"sanad/delivery/registry"
	"sanad/platform/calendar"
	"sanad/platform/fault"
	"sanad/platform/money"
	"sanad/platform/text"
)

// heading is the list's heading in the order of Meanings.
const heading = "رقم ملف الأسرة;الفرع;البلدية;المحلة;صفة الفرد;الاسم الرباعي;اسم الأم;الرقم الوطني;رقم القيد;تاريخ الميلاد;الجنس;الحالة الاجتماعية;الجنسية;الحالة الوظيفية;يتقاضى مرتبا;الدخل الشهري;الإعاقة;رقم الهاتف;الآيبان;نوع السكن;حالة النزوح;خارج ليبيا منذ;تاريخ الوفاة;ملاحظات"

// understood reads one person from "meaning=text" pairs, over a row in which
// everything is in order.
func understood(t testing.TB, changes ...string) Row {
	t.Helper()
	cells := map[Meaning]string{
		FileNumber: "1", Role: "رب الأسرة", Name: "محمد صالح", NationalNumber: "119779717763", Birth: "21/8/1977",
		Sex: "ذكر", MaritalStatus: "متزوج", Nationality: "ليبي", Job: "أعمال حرة", HasSalary: "لا",
	}
	for _, change := range changes {
		meaning, value, _ := strings.Cut(change, "=")
		cells[Meaning(meaning)] = value
	}
	record := Record{Number: 2}
	for _, meaning := range Meanings {
		record.Cells = append(record.Cells, Cell{Text: cells[meaning]})
	}
	return columnsOf(t, heading).Understand(record, extractDay)
}

func columnsOf(t testing.TB, heading string) *Columns {
	t.Helper()
	record := Record{Number: 1}
	for _, text := range strings.Split(heading, ";") {
		record.Cells = append(record.Cells, Cell{Text: text})
	}
	columns, err := libyanMapping(t).Bind(record)
	if err != nil || columns == nil {
		t.Fatalf("heading is refused: %v", err)
	}
	return columns
}

// noted returns the notes as "level field key".
func noted(row Row) []string {
	var notes []string
	for _, n := range row.Notes {
		notes = append(notes, string(n.Level)+" "+string(n.Field)+" "+n.Key)
	}
	return notes
}

func TestGoodRowHasNoNotes(t *testing.T) {
	if row := understood(t); len(row.Notes) != 0 || row.Level() != "" {
		t.Errorf("%v", noted(row))
	}
}

func TestWhatCannotStandIsNoted(t *testing.T) {
	for changes, want := range map[string]string{
		"name=":                          "rejected name intake.no_name",
		"name= ـ ":                       "rejected name intake.no_name",
		"file_number=-":                  "rejected file_number intake.no_file_number",
		"birth=7/9/2061":                 "rejected birth intake.birth_in_future",
		"birth=6/10/2026":                "rejected birth intake.birth_in_future",
		"birth=?":                        "warning birth intake.birth_from_number",
		"birth=,national_number=":        "warning birth intake.no_birth",
		"birth=1978":                     "warning national_number intake.birth_disagrees",
		"birth=21/8/77":                  "warning birth calendar.read_short_year",
		"birth=28358":                    "warning birth intake.date_from_serial",
		"national_number=1197797177631":  "rejected national_number registry.national_number_length",
		"national_number=11977971776":    "rejected national_number registry.national_number_length",
		"national_number=319779717763":   "rejected national_number registry.national_number_first",
		"national_number=120279717763":   "rejected national_number registry.national_number_year",
		"national_number=118799717763":   "rejected national_number registry.national_number_year",
		"national_number=1197.7971.776O": "rejected national_number registry.national_number_digits",
		"national_number=11977971776O":   "rejected national_number registry.national_number_digits",
		"national_number=1.19779E+11":    "warning national_number intake.national_number_unrecoverable",
		"national_number=9.99E+11":       "warning national_number intake.national_number_unrecoverable",
		"national_number=٩٫٩٩E+11":       "warning national_number intake.national_number_unrecoverable",
		"national_number=119779000000":   "warning national_number intake.national_number_unrecoverable",
		"national_number=جواز":           "warning national_number intake.national_number_other",
		"sex=":                           "warning sex intake.sex_deduced",
		"sex=,national_number=":          "warning sex intake.sex_deduced",
		"sex=أنثى":                       "warning sex intake.sex_disagrees",
		"sex=F,national_number=":         "warning sex intake.sex_disagrees",
		"sex=,national_number=,role=وصي": "warning sex intake.no_sex",
		"role=رئيس":                      "warning role intake.unknown_word",
		"role=":                          "warning role intake.no_role",
		"nationality=":                   "warning nationality intake.no_nationality",
		"nationality=مريخي":              "warning nationality intake.unknown_word",
		"job=متقاعد":                     "warning has_salary intake.salary_disagrees",
		"job=متقاعد,has_salary=":         "warning has_salary intake.salary_missing",
		"job=,has_salary=":               "warning has_salary intake.salary_empty",
		"has_salary=ربما":                "warning has_salary intake.unknown_word",
		"income=كثير":                    "warning income money.not_read",
		"phone=12":                       "warning phone intake.phone_unreadable",
		"phone=0912345678 / 0921234567":  "warning phone intake.phone_first",
		"iban=LY84902084764037824551337": "warning iban registry.iban_check",
		"iban=LY8490208476403782455133":  "warning iban registry.iban_length",
		"iban=TN5910006035183598478831":  "warning iban registry.iban_country",
		"death=1/1/2027":                 "warning death intake.date_in_future",
		"death=1/1/1970":                 "warning death intake.date_before_birth",
		"abroad_since=5/11/2026":         "warning abroad_since intake.date_in_future",
		"notes=ab\uFFFDcd":               "warning notes intake.broken_letters",
	} {
		row := understood(t, strings.Split(changes, ",")...)
		if got := noted(row); !slices.Equal(got, []string{want}) {
			t.Errorf("%s: %q, not %q", changes, got, want)
		}
		for _, n := range row.Notes {
			if sentence := n.In(text.Arabic) + n.In(text.English); strings.Contains(sentence, "⟦") {
				t.Errorf("%s says %q", changes, sentence)
			}
		}
	}
}

func TestSpellingsMeanTheSame(t *testing.T) {
	for _, number := range []string{"١١٩٧٧٩٧١٧٧٦٣", "1 1977 971776 3", "'119779717763", "119779717763.0", "1.19779717763E+11", "\u200f119779717763 ", "1-1977-971776-3", "۱۱۹۷۷۹۷۱۷۷۶۳"} {
		if row := understood(t, "national_number="+number); row.NationalNumber.Value != "119779717763" || len(row.Notes) != 0 {
			t.Errorf("%q is %q, %v", number, row.NationalNumber.Value, noted(row))
		}
	}
	for _, nothing := range []string{"", "-", "لا يوجد", "لايوجد", "ـ", " ", "N/A", "——"} {
		if row := understood(t, "national_number="+nothing); row.NationalNumber.Known || len(row.Notes) != 0 {
			t.Errorf("%q is %q, %v", nothing, row.NationalNumber.Value, noted(row))
		}
	}
	for _, phone := range []string{"0912345678", "912345678", "00218912345678", "+218912345678", "218912345678", "+218 91-2345678", "٠٩١ ٢٣٤٥٦٧٨", "091-2345678", "002180912345678"} {
		if row := understood(t, "phone="+phone); row.Phone.Value != "+218912345678" || len(row.Notes) != 0 {
			t.Errorf("%q is %q, %v", phone, row.Phone.Value, noted(row))
		}
	}
	for _, iban := range []string{"LY84902084764037824551336", "ly84 9020 8476 4037 8245 5133 6", "LY٨٤٩٠٢٠٨٤٧٦٤٠٣٧٨٢٤٥٥١٣٣٦"} {
		if row := understood(t, "iban="+iban); row.IBAN.Value != "LY84902084764037824551336" || len(row.Notes) != 0 {
			t.Errorf("%q is %q, %v", iban, row.IBAN.Value, noted(row))
		}
	}
	for _, role := range []string{"ربة الأسرة", "ربه الاسره", "ربّة  الأُسرة", " ربة الأســرة"} {
		if row := understood(t, "role="+role, "sex=F", "national_number="); row.Role.Value != "head" || !row.Head || row.RoleSex != registry.Female {
			t.Errorf("%q is %q", role, row.Role.Value)
		}
	}
}

func TestFieldsAreTypedAndKeepWhatWasWritten(t *testing.T) {
	row := understood(t, "income=5,080", "name= امحمد  عبدالسلام\u200f الورفـلی ", "nationality=مصرية", "abroad_since=2026-07-06", "notes==HYPERLINK(1)")
	if row.Income.Value != 5080*money.Dinar || row.Income.Raw != "5,080" {
		t.Errorf("income %v", row.Income)
	}
	if row.Name.Value != "امحمد عبدالسلام الورفلي" || row.Name.Raw != " امحمد  عبدالسلام\u200f الورفـلی " {
		t.Errorf("name %q", row.Name.Value)
	}
	if row.Nationality.Value != "foreign" || row.Country != "EG" || row.AbroadSince.Value != calendar.Of(2026, 7, 6) {
		t.Errorf("%v %v %v", row.Nationality, row.Country, row.AbroadSince)
	}
	if row.Remarks.Value != "=HYPERLINK(1)" || row.HasSalary.Value || !row.HasSalary.Known || row.Birth.Value != calendar.Of(1977, 8, 21) {
		t.Errorf("%v %v %v", row.Remarks, row.HasSalary, row.Birth)
	}
	if guessed := understood(t, "birth=غير معروف"); guessed.Birth.Value != calendar.Of(1977, 0, 0) {
		t.Errorf("birth %v", guessed.Birth)
	}
}

func TestNumbersAreReadThroughWhatStandsBetweenTheDigits(t *testing.T) {
	for _, written := range []string{"1197.7971.7763", "1 1977 971776 3", "1-1977-9717763", "'119779717763", "119779717763.0", "119779717763,00",
		"119,779,717,763", "1.19779717763E+11", "\u200e١١٩٧٧٩٧١٧٧٦٣\u00a0", "1/1977/9717763"} {
		row := understood(t, "national_number="+written)
		if row.NationalNumber.Value != "119779717763" || len(row.Notes) > 0 {
			t.Errorf("%q: %v %v", written, row.NationalNumber, noted(row))
		}
	}
}

func TestUnusualHeadingsAreGuessedAndShown(t *testing.T) {
	usual := strings.Split(heading, ";")
	for written, meaning := range map[string]Meaning{
		"تاريخ الميلاد (يوم/شهر/سنة)": Birth, "الجنسية / Nationality": Nationality, "رقم\nالهاتف:": Phone,
		"الحاله الاجتماعبة": MaritalStatus, "الرقمالوطني": NationalNumber, "خارج ليبيا مند": AbroadSince,
	} {
		at := slices.Index(Meanings, meaning)
		changed := slices.Clone(usual)
		changed[at] = written
		columns := columnsOf(t, strings.Join(changed, ";"))
		if got, found := columns.at[meaning]; !found || got != at {
			t.Errorf("%q is not %s", written, meaning)
		}
		for _, n := range columns.Notes {
			if n.Key != "intake.heading_guessed" || n.Field != meaning {
				t.Errorf("%q: %s", written, n.In(text.English))
			}
		}
	}
}

func TestHeadingsOfOtherThingsAreNotGuessed(t *testing.T) {
	for _, written := range []string{"اسم الأب", "اسم الجد", "تاريخ الزواج", "تاريخ الوفاة / تاريخ الميلاد", "رقم الصف", "اسم الزوج", "ملاحظ", "Name of father"} {
		if meaning, found := libyanMapping(t).guess(written); found {
			t.Errorf("%q is taken for %s", written, meaning)
		}
	}
}

func TestWhatStandsBelowTheListIsNobody(t *testing.T) {
	columns := columnsOf(t, "م;رقم ملف الأسرة;صفة الفرد;الاسم;الرقم الوطني;تاريخ الميلاد")
	for written, want := range map[string]Kind{
		"الإجمالي;12;;;;":                   KindRemark,
		";;;إجمالي عدد الأفراد:;;;57":       KindRemark,
		";57;المجموع;محمد;;":                KindRemark,
		"الإجمالي;;;;413;":                  KindRemark,
		";;مدير الفرع;;;5/10/2026":          KindRemark,
		"1;1;ابن;;119779717763;1/1/1977":    KindPerson,
		"1;1;ابن;;;1/1/2010":                KindPerson,
		"1;1;;محمد علي;;1/1/2010":           KindPerson,
		"1;1;;;119779717763;":               KindPerson,
		"الإجمالي;1;ابن;محمد علي;;1/1/2010": KindPerson,
	} {
		record := Record{Number: 9}
		for _, cell := range strings.Split(written, ";") {
			record.Cells = append(record.Cells, Cell{Text: cell})
		}
		if row := columns.Understand(record, extractDay); row.Kind != want {
			t.Errorf("%q is a %s", written, row.Kind)
		}
	}
}

func TestColumnsInAnyOrderAndUnknownOnesKept(t *testing.T) {
	columns := columnsOf(t, "الرقم  الوطنى;فصيلة الدم;الأسم الرباعى;رقم ملف الاسره;صفه الفرد;تاريخ الميلاد ")
	cells := []Cell{{Text: "219779717763"}, {Text: "+O"}, {Text: "مريم"}, {Text: "000007"}, {Text: "زوجة"}, {Text: "1977"}}
	row := columns.Understand(Record{Number: 9, Cells: cells}, extractDay)
	if row.FileNumber.Value != "000007" || row.Role.Value != "wife" || !slices.Equal(row.Extras, []Extra{{"فصيلة الدم", "+O"}}) {
		t.Errorf("%+v", row)
	}
	if len(columns.Notes) != 1 || columns.Notes[0].Key != "intake.unknown_column" || columns.Notes[0].Value != "فصيلة الدم" {
		t.Errorf("%v", columns.Notes)
	}
}

func TestMissingColumnIsNamed(t *testing.T) {
	body := "كشف\nرقم ملف الأسرة,صفة الفرد,الرقم الوطني,تاريخ الميلاد\n1,زوجة,,1977\n"
	err := readAll(t, "list.csv", strings.NewReader(body), int64(len(body)))
	if f := fault.Of(err); f == nil || f.Key != "intake.missing_columns" {
		t.Fatalf("%v", err)
	}
	if said := text.Fault(text.Arabic, err); !strings.Contains(said, "«الاسم الرباعي»") || !strings.Contains(said, "list.csv") {
		t.Errorf("says %q", said)
	}
}

func TestTheSamePersonTwiceInAHouseholdIsOne(t *testing.T) {
	full := []string{"role=ابن", "name=عمر علي سالم الورفلي", "national_number=", "birth=6/5/2014"}
	for changes, want := range map[string]bool{
		"name=عمر علي سالم":                                     true,  // shortened
		"name=عمر علي سالم الورفلى,birth=2014":                  true,  // only a year
		"name=عمر علي سالم الورفي,national_number=120149000001": true,  // misspelt
		"name=عمر علي سالم,role=حفيد":                           false, // a grandson of his uncle's name
		"name=عمرو علي سالم الورفلي":                            false, // twins
		"name=Omar Ali Salem Alwerfalli":                        false, // حسن and حسين look alike so
		"name=عمر علي سالم,birth=7/5/2014":                      false,
		"name=عمر علي سالم الورفلي,birth=7/5/2014,role=حفيد":    false,
	} {
		a, b := understood(t, full...), understood(t, append(slices.Clone(full), strings.Split(changes, ",")...)...)
		if got := samePerson(&a, &b); got != want {
			t.Errorf("%s: %v", changes, got)
		}
	}
}

func TestHouseholdNeedsOneHead(t *testing.T) {
	head := func(number int, name string) Row {
		return Row{Number: number, Head: true, Name: Field[string]{Value: name, Known: true}, Birth: Field[calendar.Date]{Value: calendar.Of(1977, 0, 0), Known: true}}
	}
	for _, c := range []struct {
		rows []Row
		want string
	}{
		{[]Row{head(4, "أ"), {Number: 5}}, ""},
		{[]Row{{Number: 4}, head(5, "أ"), head(9, "ب")}, "rejected role intake.household_two_heads 9"},
		{[]Row{head(4, "أ"), head(9, "أ")}, "warning role intake.head_twice 9"},
		{[]Row{{Number: 3, Kind: KindBlank}, {Number: 4}, {Number: 5}}, "rejected role intake.household_without_head 4"},
		{nil, ""},
	} {
		got := ""
		for _, n := range Household(c.rows) {
			got += strings.TrimSpace(string(n.Level) + " " + string(n.Field) + " " + n.Key + " " + string(rune('0'+n.Row)))
		}
		if got != c.want {
			t.Errorf("%q, not %q", got, c.want)
		}
	}
}

func TestMappingFaultsNameFileAndLine(t *testing.T) {
	for yaml, want := range map[string]string{
		"columns: [":                       "intake.mapping_yaml",
		"colums: {}":                       "intake.mapping_yaml",
		"columns:\n  nam: {headings: [x]}": "intake.mapping_meaning 2",
		"columns:\n  name: {headings: [ألف]}\n  role: {headings: [الف]}":             "intake.mapping_heading",
		"values:\n  role:\n    - {code: a, words: [x]}\n    - {code: b, words: [X]}": "intake.mapping_word 4",
		"values:\n  role:\n    - {code: a}":                                          "intake.mapping_term 3",
		"values:\n  name:\n    - {code: a, words: [x]}":                              "intake.mapping_vocabulary 3",
		"values:\n  role:\n    - {code: [a], words: [x]}":                            "intake.mapping_yaml 3",
	} {
		_, err := LoadMapping(fstest.MapFS{"m.yaml": {Data: []byte(yaml)}}, "m.yaml")
		f := fault.Of(err)
		key, line, _ := strings.Cut(want, " ")
		if f == nil || f.Key != key {
			t.Errorf("%q: %v", yaml, err)
			continue
		}
		if said := text.Fault(text.English, f); !strings.Contains(said, "m.yaml") || !strings.Contains(said, line) || strings.Contains(said, "⟦") {
			t.Errorf("%q says %q", yaml, said)
		}
	}
	if _, err := LoadMapping(fstest.MapFS{}, "m.yaml"); fault.Of(err) == nil {
		t.Errorf("a missing mapping: %v", err)
	}
}

func TestReportIsAContractAndNeutral(t *testing.T) {
	var b bytes.Buffer
	report, err := NewReport(&b)
	if err != nil {
		t.Fatal(err)
	}
	row := understood(t, "phone==1+1")
	if err := report.Add("LY.csv", row.Notes...); err != nil {
		t.Fatal(err)
	}
	if err := report.Refuse("x.csv", fault.Invalid("intake.quote_open", "file", "x.csv", "record", 7)); err != nil {
		t.Fatal(err)
	}
	if err := report.Close(); err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(b.String(), "\r\n")
	if lines[0] != "file,row,level,field,value,message_ar,message_en" ||
		!strings.HasPrefix(lines[1], "LY.csv,2,warning,phone,'=1+1,تعذر") || !strings.HasPrefix(lines[2], "x.csv,7,rejected,,,") {
		t.Errorf("%s", b.String())
	}
}

func FuzzUnderstand(f *testing.F) {
	f.Add(strings.ReplaceAll("1;;;;زوجة;مريم;;2.2E+11;;31/2/1977;F;;;;x;5,0;;091;LY;;;;;=1", ";", "\x1f"))
	f.Add(strings.ReplaceAll("١;;;;;;;٢١٩٧٧;;1977;;;;;;;;;;;;;;", ";", "\x1f"))
	columns := columnsOf(f, heading)
	f.Fuzz(func(t *testing.T, cells string) {
		record := Record{Number: 2}
		for i, cell := range strings.Split(cells, "\x1f") {
			record.Cells = append(record.Cells, Cell{Text: cell, Kind: CellKind(i % 3)})
		}
		row := columns.Understand(record, extractDay)
		if row.NationalNumber.Known && len(row.NationalNumber.Value) != 12 || row.Birth.Known && !row.Birth.Value.Valid() {
			t.Fatalf("%+v", row)
		}
		if row.IBAN.Known && len(row.IBAN.Value) != 25 || row.Phone.Known && !strings.HasPrefix(row.Phone.Value, "+218") {
			t.Fatalf("%+v", row)
		}
		for _, n := range row.Notes {
			if said := n.In(text.Arabic); said == "" || strings.Contains(said, "⟦"+n.Key) || utf8.ValidString(cells) && !utf8.ValidString(said) {
				t.Fatalf("%s says %q", n.Key, said)
			}
		}
	})
}
