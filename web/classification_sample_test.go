package web

import (
	"sanad/delivery/policy"
	"sanad/platform/calendar"
	"sanad/platform/money"
	"sanad/platform/text"
)

// sampleClass is a family in the third class, or one of which too little is known.
func sampleClass(unknown bool) classificationView {
	income := policy.FactExplained{Fact: "income", Label: text.Key("registry.fact_income"), Whose: "خديجة رمضان سالم المسلاتي", Value: money.Amount(1_500_000), Known: true}
	care := text.Bilingual{Arabic: "يحتاج إلى رعاية دائمة من شخص آخر", English: "needs another person's constant care"}
	v := classificationView{householdHead: sampleHead("classification"), On: calendar.Of(2026, 11, 23), Class: 3, Points: 49, Unknown: unknown,
		Basis: text.Bilingual{Arabic: "وثيقة السجل الاجتماعي الموحد لسنة 2025", English: "Document of the unified social registry of 2025"}}
	for class := range int64(5) {
		v.Classes = append(v.Classes, classBand{class + 1, !unknown && class == 2})
	}
	v.Steps = []classStep{{text.Bilingual{Arabic: "الدخل للفرد في الشهر", English: "income a head and month"}, money.Amount(500_000), unknown},
		{text.Bilingual{Arabic: "نقاط الدخل", English: "points for income"}, int64(30), unknown}}
	if unknown {
		v.Missing = []classMissing{{care, []string{"سالم", "خديجة"}}}
		return v
	}
	v.Inputs = []policy.FactExplained{income}
	v.Changes = []policy.Change{{Fact: income, AtMost: true, To: money.Amount(1_199_999), Class: 2},
		{Fact: policy.FactExplained{Label: care, Whose: "سالم", Value: text.Key("policy.value_yes"), Known: true}, To: text.Key("policy.value_no"), Class: 4}}
	return v
}
