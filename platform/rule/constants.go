package rule

import (
	"strconv"
	"strings"

	"cel.dev/cel-go/common/ast"
	"cel.dev/cel-go/common/types"

	"sanad/platform/calendar"
)

// literalCall reads dinars(100), dinars("12.500"), percent("2.5") and their
// like: the argument is written out, so the constant is exact and is computed
// once, here.
func (c *compilation) literalCall(e ast.Expr, s signature) (int32, error) {
	argument := e.AsCall().Args()[0]
	if argument.Kind() != ast.LiteralKind {
		return 0, c.faultOf("rule.constant_needed", argument, "name", s.name)
	}
	if s.literal == literalDate {
		written, isText := argument.AsLiteral().(types.String)
		d, err := calendar.Parse(string(written))
		if !isText || err != nil || d == calendar.Unknown {
			return 0, c.faultOf("rule.constant_date", argument)
		}
		return c.constant(e, Date(d), TypeDate)
	}
	decimals := decimalsOf[s.literal]
	n, ok := exact(argument, decimals)
	if !ok {
		return 0, c.faultOf("rule.constant", argument, "name", s.name, "decimals", decimals)
	}
	kind := fromCEL(s.result)
	return c.constant(e, Value{n, kind.Kind, known}, kind)
}

// decimalsOf is how many decimals each literal may have; one percent is a
// hundredth, so it has two fewer than a fixed number.
var decimalsOf = [...]int{literalDinars: 3, literalDirhams: 0, literalFixed: 6, literalPercent: 4}

// exact is the number written in a literal, times ten to the decimals; false
// where it is no number, has more decimals, or does not fit.
func exact(e ast.Expr, decimals int) (int64, bool) {
	switch v := e.AsLiteral().(type) {
	case types.Int:
		return exactDecimal(strconv.FormatInt(int64(v), 10), decimals)
	case types.String:
		return exactDecimal(string(v), decimals)
	}
	return 0, false
}

// ParseDecimal reads a decimal number of at most six decimals, as millionths:
// "2.5", "-0.000001". It is false where the text is no such number.
func ParseDecimal(text string) (millionths int64, ok bool) { return exactDecimal(text, 6) }

func exactDecimal(text string, decimals int) (int64, bool) {
	digits, negative := strings.CutPrefix(text, "-")
	whole, part, dotted := strings.Cut(digits, ".")
	if whole == "" || dotted && part == "" || len(part) > decimals || len(whole)+decimals > 18 {
		return 0, false
	}
	var n int64
	for _, digit := range []byte(whole + part + strings.Repeat("0", decimals-len(part))) {
		if !isDigit(digit) {
			return 0, false
		}
		n = n*10 + int64(digit-'0')
	}
	if negative {
		n = -n
	}
	return n, true
}
