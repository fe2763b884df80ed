// Package text speaks to people: every sentence that a family, a clerk or an
// examiner reads comes from here, in Arabic first and in English beside it,
// with numbers, amounts and dates written as that reader expects them.
//
// Each area of the program keeps its own pair of files under catalogue/
// (payment.ar.toml, payment.en.toml); they are embedded and merged. An entry is
// a sentence with {name} placeholders, or a table of plural forms (zero, one,
// two, few, many, other) chosen by the argument named "count", by the plural
// rules of Unicode CLDR for Arabic and English.
package text

import (
	"strings"

	"sanad/platform/fault"
)

// Language is a language that Sanad speaks, by its ISO 639-1 code.
type Language string

// The languages. Both catalogues are complete; Arabic is the one that counts.
const (
	Arabic  Language = "ar"
	English Language = "en"
)

// Languages lists them, Arabic first.
var Languages = []Language{Arabic, English}

// Direction is the value of HTML's dir attribute.
func (l Language) Direction() string {
	if l == English {
		return "ltr"
	}
	return "rtl"
}

// Other returns the language that a bilingual page offers as the alternative.
func (l Language) Other() Language {
	if l == English {
		return Arabic
	}
	return English
}

// Key is a message key given as an argument of another message: its sentence is
// put in, in the reader's language.
type Key string

// Bilingual is wording that a country wrote in both languages: the name of a
// programme, a reason, a question of a form. It may be an argument of a message.
type Bilingual struct {
	Arabic  string `yaml:"ar" json:"ar" toml:"ar" cbor:"1,keyasint"`
	English string `yaml:"en" json:"en" toml:"en" cbor:"2,keyasint"`
}

// In returns the wording in one language.
func (b Bilingual) In(language Language) string {
	if language == English {
		return b.English
	}
	return b.Arabic
}

// Say returns the sentence of a key with its placeholders filled from args,
// which are name-value pairs as in package fault. A key that no catalogue has
// comes back as ⟦key⟧, a placeholder without argument as ⟦name⟧: visible in any
// test, and never a panic in front of a citizen.
func Say(language Language, key string, args ...any) string {
	entry, ok := catalogues().of(language)[key]
	if !ok {
		return "⟦" + key + "⟧"
	}
	return entry.choose(language, args).fill(language, args)
}

// Fault renders a refusal as one sentence; where several fields are wrong it is
// the sentence for the whole (see Faults). An error that is not a fault is
// internal: its text is for the log, and the person reads "fault.internal".
// A nil error is the empty string.
func Fault(language Language, err error) string {
	if err == nil {
		return ""
	}
	f := fault.Of(err)
	if f == nil {
		return Say(language, "fault.internal")
	}
	return Say(language, f.Key, f.Args...)
}

// FieldMessage is what is wrong with one field; Field is empty where the
// refusal is about the whole.
type FieldMessage struct {
	Field   string
	Message string
}

// Faults renders a refusal with one message per field, in the order of their
// adding; a fault without fields, or an internal error, gives one message.
func Faults(language Language, err error) []FieldMessage {
	if err == nil {
		return nil
	}
	f := fault.Of(err)
	if f == nil || len(f.Fields) == 0 {
		return []FieldMessage{{Field: fieldOf(f), Message: Fault(language, err)}}
	}
	var messages []FieldMessage
	for _, field := range f.Fields {
		for _, m := range Faults(language, field) {
			m.Field = joinFields(field.Field, m.Field)
			messages = append(messages, m)
		}
	}
	return messages
}

func fieldOf(f *fault.Fault) string {
	if f == nil {
		return ""
	}
	return f.Field
}

// joinFields names a field inside a field ("members.2.birth") once.
func joinFields(outer, inner string) string {
	if outer == inner || inner == "" {
		return outer
	}
	if outer == "" || strings.HasPrefix(inner, outer+".") {
		return inner
	}
	return outer + "." + inner
}
