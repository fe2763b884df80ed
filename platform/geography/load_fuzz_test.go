package geography

import (
	"testing"
	"testing/fstest"

	"sanad/platform/fault"
)

// Whatever the files hold, they are read whole or refused by a fault, and what
// was read stands in one order with every parent there.
func FuzzReadCountry(f *testing.F) {
	f.Add("LY,country,,ليبيا,Libya,,,\nLY01,region,LY,الشرق,East,شرق|East,2011-01-01,\n", "bodies:\n  - {code: b, kind: branch, serves: [LY01], name: {ar: فرع, en: branch}}\n")
	f.Add("LY,country,,\"ليبيا,Libya,,,\n", "bodies: [{code: 1}]")
	f.Fuzz(func(t *testing.T, lines, bodies string) {
		files := fstest.MapFS{AreasFile: {Data: []byte("code,kind,parent,name_ar,name_en,also,from,to\n" + lines)}, BodiesFile: {Data: []byte(bodies)}}
		areas, err := readAreas(files)
		if err != nil {
			if fault.Of(err) == nil {
				t.Fatalf("not a fault: %v", err)
			}
			return
		}
		for i, a := range areas {
			if i > 0 && a.Code == areas[i-1].Code && (areas[i-1].To == 0 || a.From < areas[i-1].To) {
				t.Fatalf("%s stands twice", a.Code)
			}
			if !Contains(a.Parent, a.Code) {
				t.Fatalf("%s does not lie in %q", a.Code, a.Parent)
			}
		}
		if _, err := readBodies(files, areas); err != nil && fault.Of(err) == nil {
			t.Fatalf("not a fault: %v", err)
		}
		newMap(20261005, areas, nil)
	})
}
