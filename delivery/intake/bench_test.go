package intake

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"
)

// manyRows is the sample's CSV of Benghazi, over and over, as one file.
func manyRows(b *testing.B, name string, times int) []byte {
	b.Helper()
	body, err := os.ReadFile(filepath.Join(sampleFolder, name))
	if err != nil {
		b.Fatal(err)
	}
	heading, rows, _ := bytes.Cut(body, []byte("\n"))
	return append(append(heading, '\n'), bytes.Repeat(rows, times)...)
}

func benchmarkReading(b *testing.B, name string, understand bool) {
	body := manyRows(b, name, 100)
	mapping := libyanMapping(b)
	b.SetBytes(int64(len(body)))
	rows := 0
	for b.Loop() {
		file, err := Read(name, bytes.NewReader(body), int64(len(body)), StandardLimits())
		if err != nil {
			b.Fatal(err)
		}
		if understand {
			_, err = mapping.Rows(file, extractDay, func(Row) error { rows++; return nil })
		} else {
			err = file.Each(func(Record) error { rows++; return nil })
		}
		if err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(rows)/b.Elapsed().Seconds(), "rows/s")
	b.ReportMetric(float64(heapNow()>>20), "MB-heap")
}

func BenchmarkReadUTF8(b *testing.B)        { benchmarkReading(b, "LY021206.csv", false) }
func BenchmarkReadWindows1256(b *testing.B) { benchmarkReading(b, "LY021105.csv", false) }
func BenchmarkUnderstandUTF8(b *testing.B)  { benchmarkReading(b, "LY021206.csv", true) }
func BenchmarkUnderstand1256(b *testing.B)  { benchmarkReading(b, "LY021105.csv", true) }

func BenchmarkReadWorkbook(b *testing.B) {
	path := filepath.Join(sampleFolder, "LY021001.xlsx")
	rows := 0
	for b.Loop() {
		file, err := Open(path, StandardLimits())
		if err != nil {
			b.Fatal(err)
		}
		if err := file.Each(func(Record) error { rows++; return nil }); err != nil {
			b.Fatal(err)
		}
		file.Close()
	}
	b.ReportMetric(float64(rows)/b.Elapsed().Seconds(), "rows/s")
}
