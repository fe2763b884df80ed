package csvout

import (
	"bytes"
	"encoding/csv"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func TestFormulasAreNeutral(t *testing.T) {
	for _, cell := range []string{
		"=1+1", "+218912345678", "-5", "@SUM(A1)", "\t=1", "\rx", "\n=1", "＝1", "＋1", "－1", "＠x", " =1", "\u200f=cmd|' /C calc'!A0",
		"\ufeff=1", "\u00a0+1", "\"=1", "−1", "\x00=1", "\u202e=1",
	} {
		if got := Neutral(cell); got[0] != '\'' {
			t.Errorf("%q is written as %q", cell, got)
		}
	}
	for cell, want := range map[string]string{
		"": "", "فاطمة": "فاطمة", "5-3": "5-3", "a=b": "a=b", "1": "1", "'=1": "'=1",
		"a;=1": "a;'=1", "a\n=1": "a\n'=1", "a;b": "a;b", "a|+1;-2": "a|'+1;'-2", "سكن\nجار": "سكن\nجار",
	} {
		if got := Neutral(cell); got != want {
			t.Errorf("%q is written as %q", cell, got)
		}
	}
}

// TestNoCellOfAnyProgramStartsAFormula reads what was written as programs of
// either locale would, and finds no cell that starts one.
func TestNoCellOfAnyProgramStartsAFormula(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		cells := rapid.SliceOfN(rapid.StringMatching(`[=+\-@＝a1"';,|\t\r\n ]{0,10}`), 1, 4).Draw(t, "cells")
		var b bytes.Buffer
		w := New(&b)
		if err := w.Write(cells...); err != nil || w.Flush() != nil {
			t.Fatal(err)
		}
		reader := csv.NewReader(&b)
		reader.FieldsPerRecord = -1
		records, err := reader.ReadAll()
		if err != nil {
			t.Fatal(err)
		}
		for _, record := range records {
			for _, cell := range record {
				for _, piece := range append(strings.FieldsFunc(cell, func(r rune) bool { return strings.ContainsRune(";|\n\r", r) }), cell) {
					if strings.IndexAny(strings.Trim(piece, "\" \t"), "=+-@＝") == 0 {
						t.Fatalf("%q was written with %q", cells, piece)
					}
				}
			}
		}
	})
}

func TestRecordsAreOrdinaryCSV(t *testing.T) {
	var b bytes.Buffer
	w := New(&b)
	for _, record := range [][]string{{"file", "row"}, {"a,b", "c \"d\""}} {
		if err := w.Write(record...); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Flush(); err != nil || b.String() != "file,row\r\n\"a,b\",\"c \"\"d\"\"\"\r\n" {
		t.Errorf("%q %v", b.String(), err)
	}
}
