package population

import (
	"strconv"

	"sanad/platform/calendar"
)

// account is an invented account: 1 to 2^40, each of one household.
func account(household int) uint64 { return uint64(household) + 1 }

// AppendIBAN writes a person's account number, with right check digits, at a
// bank that does not exist (901 to 908).
func AppendIBAN(b []byte, account uint64) []byte {
	digits := uint64(901+account%8)*1_000 + account/8%100 // bank and branch
	rest := account * 387_420_489 % 1_000_000_000_000_000
	remainder := (digits%97*(power97(15)) + rest%97) % 97
	remainder = (remainder*power97(6) + 213400%97) % 97
	b = append(b, 'L', 'Y')
	b = appendDigits(b, 98-remainder, 2)
	b = appendDigits(b, digits, 6)
	return appendDigits(b, rest, 15)
}

// power97 is the remainder of a power of ten.
func power97(n int) uint64 {
	p := uint64(1)
	for range n {
		p = p * 10 % 97
	}
	return p
}

// appendDigits writes a number with so many digits.
func appendDigits(b []byte, n uint64, digits int) []byte {
	for range digits {
		b = append(b, '0')
	}
	for i := len(b) - 1; digits > 0; i, digits = i-1, digits-1 {
		b[i] = byte('0' + n%10)
		n /= 10
	}
	return b
}

// Heading is the heading of a branch's list as AppendRows writes it.
var Heading = []string{"رقم ملف الأسرة", "الفرع", "البلدية", "المحلة", "صفة الفرد", "الاسم الرباعي", "اسم الأم", "الرقم الوطني",
	"رقم القيد", "تاريخ الميلاد", "الجنس", "الحالة الاجتماعية", "الجنسية", "الحالة الوظيفية", "يتقاضى مرتبا", "الدخل الشهري", "الإعاقة",
	"رقم الهاتف", "الآيبان", "نوع السكن", "حالة النزوح", "خارج ليبيا منذ", "تاريخ الوفاة", "ملاحظات"}

// Synthetic is written beside every invented family.
const Synthetic = "بيانات مصطنعة"

// wording is what lists write for the registry's codes: for a man, for a woman.
var wording = map[string][2]string{
	"head": {"رب الأسرة", "ربة الأسرة"}, "wife": {"", "زوجة"}, "son": {"ابن", ""}, "daughter": {"", "ابنة"}, "father": {"أب", ""},
	"mother": {"", "أم"}, "brother": {"أخ", ""}, "sister": {"", "أخت"}, "grandson": {"حفيد", ""}, "granddaughter": {"", "حفيدة"},
	"sons_wife": {"", "زوجة ابن"},
	"single":    {"أعزب", "عزباء"}, "married": {"متزوج", "متزوجة"}, "divorced": {"مطلق", "مطلقة"}, "widowed": {"أرمل", "أرملة"},
	"government": {"موظف حكومي", "موظف حكومي"}, "military": {"عسكري", "عسكري"}, "private": {"قطاع خاص", "قطاع خاص"},
	"self_employed": {"أعمال حرة", "أعمال حرة"}, "pensioner": {"متقاعد", "متقاعدة"}, "job_seeker": {"باحث عن عمل", "باحثة عن عمل"},
	"not_working": {"لا يعمل", "لا تعمل"}, "housewife": {"", "ربة بيت"}, "student": {"طالب", "طالبة"}, "child": {"طفل", "طفلة"},
	"none": {"لا", "لا"}, "motor": {"حركية", "حركية"}, "visual": {"بصرية", "بصرية"}, "hearing": {"سمعية", "سمعية"}, "mental": {"ذهنية", "ذهنية"},
	"multiple": {"متعددة", "متعددة"}, "other": {"أخرى", "أخرى"},
	"house": {"منزل"}, "arab_house": {"بيت عربي"}, "flat": {"شقة"}, "villa": {"فيلا"}, "rented": {"إيجار"}, "temporary": {"سكن مؤقت"},
	"resident": {"مقيم"}, "displaced": {"نازح"}, "returnee": {"عائد"},
	"": {"ليبي", "ليبية"}, "EG": {"", "مصرية"}, "TN": {"", "تونسية"}, "SY": {"", "سورية"}, "SD": {"", "سودانية"}, "MA": {"", "مغربية"},
	"undetermined": {"غير محدد", "غير محددة"},
}

func word(code string, female bool) string {
	if female {
		return wording[code][1]
	}
	return wording[code][0]
}

// AppendRows writes a household as its branch does: one line of a CSV for each
// member, under a file number.
func (s *Settings) AppendRows(b []byte, h *Household, file int) []byte {
	for i := range h.Members {
		b = s.appendRow(b, h, &h.Members[i], file)
	}
	return b
}

func (s *Settings) appendRow(b []byte, h *Household, m *Person, file int) []byte {
	b = strconv.AppendInt(b, int64(file), 10)
	cell := func(text string) {
		b = append(b, ',')
		b = append(b, text...)
	}
	cell(h.BranchName)
	cell(h.AreaName)
	cell(h.Mahalla)
	cell(word(m.Role, m.Female))
	b = s.AppendName(append(b, ','), m)
	b = s.AppendMother(append(b, ','), m)
	b = append(b, ',')
	if m.Number != 0 {
		b = appendDigits(b, m.Number, 12)
	}
	b = strconv.AppendInt(append(b, ','), int64(h.Registration), 10)
	b = appendDate(append(b, ','), m.Born)
	if m.Female {
		cell("أنثى")
	} else {
		cell("ذكر")
	}
	cell(word(m.Marital, m.Female))
	cell(word(m.Country, m.Female))
	if m.Job == "" {
		cell("")
	} else {
		cell(word(m.Job, m.Female))
	}
	cell(yesNo(m.Salaried))
	b = append(b, ',')
	if m.Income > 0 {
		b = strconv.AppendInt(b, int64(m.Income/1000), 10)
	}
	cell(word(m.Disability, m.Female))
	b = append(b, ',')
	if m.Phone != 0 {
		b = appendDigits(b, m.Phone, 10)
	}
	b = append(b, ',')
	if m.Account != 0 {
		b = AppendIBAN(b, m.Account)
	}
	cell(word(h.Housing, false))
	cell(word(h.Displacement, false))
	b = appendDate(append(b, ','), m.Abroad)
	b = appendDate(append(b, ','), m.Died)
	cell(Synthetic)
	if h.Clerk != "" {
		b = append(append(append(append(b, " - "...), h.Clerk...), ' '), h.Entered.String()...)
	}
	return append(b, '\n')
}

func yesNo(yes bool) string {
	if yes {
		return "نعم"
	}
	return "لا"
}

// appendDate writes a date as far as it is known: 1980-05-01, 1980; nothing
// where there is none.
func appendDate(b []byte, d calendar.Date) []byte {
	if d == calendar.Unknown {
		return b
	}
	b = appendDigits(b, uint64(d.Year()), 4)
	if d.Month() > 0 {
		b = appendDigits(append(b, '-'), uint64(d.Month()), 2)
		b = appendDigits(append(b, '-'), uint64(d.DayOfMonth()), 2)
	}
	return b
}
