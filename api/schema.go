package api

import (
	"reflect"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"sanad/delivery/registry"
	"sanad/platform/calendar"
	"sanad/platform/id"
	"sanad/platform/money"
)

// nameTypes tells the document how our small types look in JSON.
func nameTypes(schemas huma.Registry) {
	for from, to := range map[reflect.Type]reflect.Type{
		reflect.TypeFor[calendar.Date]():       reflect.TypeFor[day](),
		reflect.TypeFor[calendar.Month]():      reflect.TypeFor[month](),
		reflect.TypeFor[calendar.Quarter]():    reflect.TypeFor[quarter](),
		reflect.TypeFor[id.ID]():               reflect.TypeFor[identifier](),
		reflect.TypeFor[money.Amount]():        reflect.TypeFor[dirhams](),
		reflect.TypeFor[registry.SourceKind](): reflect.TypeFor[sourceKind](),
	} {
		schemas.RegisterTypeAlias(from, to)
	}
}

// day is a date of some precision as a parameter.
type day struct{ calendar.Date }

// Schema describes a date.
func (day) Schema(huma.Registry) *huma.Schema {
	return &huma.Schema{Type: huma.TypeString, Pattern: `^([0-9]{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12][0-9]|3[01]))?)?)?$`,
		PatternDescription: "a date: 2026-10-31, 2026-10 or 2026", Examples: []any{"1977-08-21"}, Description: "Gregorian date of day, month or year precision; empty is unknown."}
}

// month is a month as a parameter.
type month struct{ calendar.Month }

// Schema describes a month.
func (month) Schema(huma.Registry) *huma.Schema {
	return &huma.Schema{Type: huma.TypeString, Pattern: `^[0-9]{4}-(0[1-9]|1[0-2])$`, PatternDescription: "a month: 2026-10", Examples: []any{"2026-10"}}
}

// quarter is a quarter as a parameter.
type quarter struct{ calendar.Quarter }

// Schema describes a quarter.
func (quarter) Schema(huma.Registry) *huma.Schema {
	return &huma.Schema{Type: huma.TypeString, Pattern: `^[0-9]{4}-Q[1-4]$`, PatternDescription: "a quarter: 2026-Q4", Examples: []any{"2026-Q4"}}
}

// identifier is an identifier as a parameter; empty is none.
type identifier struct{ id.ID }

// Schema describes an identifier.
func (identifier) Schema(huma.Registry) *huma.Schema {
	return &huma.Schema{Type: huma.TypeString, Pattern: `^([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})?$`,
		PatternDescription: "a UUID in small letters", Examples: []any{"0199a3c0-7b1e-7c3a-9f1e-2b8c4d5e6f70"}, Description: "UUID; empty is none."}
}

type dirhams struct{ money.Amount }

// Schema describes an amount.
func (dirhams) Schema(huma.Registry) *huma.Schema {
	return &huma.Schema{Type: huma.TypeInteger, Format: "int64", Examples: []any{450000}, Description: "Whole dirhams; a thousand are one Libyan dinar."}
}

type sourceKind struct{ registry.SourceKind }

// Schema describes how well something is known.
func (sourceKind) Schema(huma.Registry) *huma.Schema {
	return &huma.Schema{Type: huma.TypeInteger, Enum: []any{1, 2, 3}, Description: "How well it is known: 1 stated, 2 documented, 3 confirmed by another body's register."}
}

// moment writes a time that may be absent.
func moment(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format(time.RFC3339Nano)
}
