package money

import (
	"errors"
	"math/big"
	"testing"

	"pgregory.net/rapid"

	"sanad/platform/fault"
)

func TestArithmeticIsExactOrRefused(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a, b := rapid.Int64().Draw(t, "a"), rapid.Int64().Draw(t, "b")
		check := func(name string, got Amount, err error, want *big.Int) {
			if !want.IsInt64() {
				if !errors.Is(err, fault.Invalid("money.overflow")) {
					t.Fatalf("%s of %d and %d overflows, got %d, %v", name, a, b, got, err)
				}
			} else if err != nil && want.Int64() != -1<<63 || err == nil && int64(got) != want.Int64() {
				t.Fatalf("%s of %d and %d: %d, %v", name, a, b, got, err)
			}
		}
		sum, err := Amount(a).Plus(Amount(b))
		check("sum", sum, err, new(big.Int).Add(big.NewInt(a), big.NewInt(b)))
		product, err := Amount(a).Times(b)
		check("product", product, err, new(big.Int).Mul(big.NewInt(a), big.NewInt(b)))
		small, err := Amount(a % 1e9).Times(b % 1e9)
		check("small product", small, err, new(big.Int).Mul(big.NewInt(a%1e9), big.NewInt(b%1e9)))
	})
}

func TestAmountsAsPeopleWriteThem(t *testing.T) {
	for text, want := range map[string]Amount{
		"5,080": 5_080_000, "2210.500": 2_210_500, "1,250.500": 1_250_500, "1.250,500": 1_250_500, "6180": 6_180_000, "٦١٨٠": 6_180_000,
		"١١٤٠٫٢٥٠": 1_140_250, "١١٤٠.٢٥٠": 1_140_250, "٢٬٢١٠٫٥٠٠": 2_210_500, "٢،٢١٠": 2_210_000, "900 د.ل": 900_000, "900 د.ل.": 900_000, "د.ل 900": 900_000,
		"900 دينار": 900_000, "LYD 900.5": 900_500, "1 250 500": 1_250_500_000, "1\u00a0250.750": 1_250_750, "1.250.000": 1_250_000_000, "1,250,000": 1_250_000_000,
		"0": 0, "0.5": 500, ".5": 500, "0,500": 500, "-150": -150_000, "150-": -150_000, "(150)": -150_000, "−1,250.500": -1_250_500, " 12 ": 12_000,
		"1250.5000": 1_250_500, "007": 7_000, "1'250": 1_250_000,
	} {
		if got, reading := Parse(text); got != want || !reading.Exact() {
			t.Errorf("%q: %s %+v, want %s exactly", text, got, reading, want)
		}
	}
}

func TestDoubtfulAmountsAreGuessedOpenly(t *testing.T) {
	for text, want := range map[string]struct {
		amount Amount
		key    string
	}{
		"12,5":      {12_500, "money.read_decimal_comma"},
		"1250,50":   {1_250_500, "money.read_decimal_comma"},
		"1250,500":  {1_250_500, "money.read_decimal_comma"},
		"10.12345":  {10_123, "money.read_rounded"},
		"-0.000001": {0, "money.read_rounded"},
	} {
		if got, reading := Parse(text); got != want.amount || !reading.Guessed() || reading.Key != want.key || reading.Err() != nil {
			t.Errorf("%q: %s %+v", text, got, reading)
		}
	}
}

func TestWhatIsNoAmountIsRefused(t *testing.T) {
	for _, text := range []string{"", " ", "-", ".", ",", "abc", "12a", "1,25,000", "1,250,00", "1..5", "1.2,3.4", "12 5", "--5", "5 د.ل د.ل", "1e5", "=1+1", "٪5", "1.", "12,", "$5"} {
		if got, reading := Parse(text); got != 0 || !reading.Refused || reading.Key != "money.not_read" || reading.Err() == nil {
			t.Errorf("%q: %s %+v", text, got, reading)
		}
	}
	if _, reading := Parse("99999999999999999999"); reading.Key != "money.overflow" || !reading.Refused {
		t.Errorf("too large: %+v", reading)
	}
}

func TestEveryAmountReadsBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a := Amount(rapid.Int64Range(-999_999_999_999_999_999, 999_999_999_999_999_999).Draw(t, "amount"))
		if got, reading := Parse(a.String()); got != a || !reading.Exact() {
			t.Fatalf("%s: %s %+v", a, got, reading)
		}
	})
}

func FuzzParse(f *testing.F) {
	for _, seed := range []string{"5,080", "2210.500", "1.250,500", "٢٬٢١٠٫٥٠٠ د.ل", "(150)", "1 250 500"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		amount, reading := Parse(text)
		if reading.Refused {
			if amount != 0 || reading.Err() == nil {
				t.Fatalf("%q: refused with %s", text, amount)
			}
			return
		}
		if again, r := Parse(amount.String()); again != amount || !r.Exact() {
			t.Fatalf("%q: %s reads back as %s", text, amount, again)
		}
	})
}
