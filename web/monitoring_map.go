package web

import (
	"encoding/csv"
	"encoding/json"
	"math"
	"strconv"
	"strings"
	"sync"

	"sanad/platform/text"
)

// districtShape is one district drawn on the 800 x 811 map. The figures are
// pixels; nothing is decided by them.
type districtShape struct {
	Code  string
	Name  text.Bilingual // in full
	Short text.Bilingual // as it stands on the map
	Path  string         // of the SVG
	X, Y  int            // of the name
	Lead  bool           // the name stands outside, with a line to the district
	LeadX, LeadY,
	DotX, DotY int
}

// Below is where the figure stands, under the name.
func (d districtShape) Below() int {
	if d.Lead {
		return d.Y + 19
	}
	return d.Y + 21
}

// districtShapes are the districts of the country in the order of their codes,
// drawn once at the first look.
var districtShapes = sync.OnceValues(drawDistricts)

// outline is as much of GeoJSON as our file uses: one ring per district.
type outline struct {
	Features []struct {
		ID         string
		Properties struct {
			Arabic  string `json:"name_ar"`
			English string `json:"name_en"`
		}
		Geometry struct{ Coordinates [][][2]float64 }
	}
}

func drawDistricts() ([]districtShape, error) {
	source, err := embedded.ReadFile("assets/map/districts.geojson")
	if err != nil {
		return nil, err
	}
	var country outline
	if err := json.Unmarshal(source, &country); err != nil {
		return nil, err
	}
	labels, err := readLabels()
	if err != nil {
		return nil, err
	}
	var shapes []districtShape
	for _, f := range country.Features {
		shape := labels[f.ID]
		shape.Code = f.ID
		shape.Name = text.Bilingual{Arabic: f.Properties.Arabic, English: f.Properties.English}
		shape.Path = drawRing(f.Geometry.Coordinates[0])
		shapes = append(shapes, shape)
	}
	return shapes, nil
}

func readLabels() (map[string]districtShape, error) {
	source, err := embedded.ReadFile("assets/map/labels.csv")
	if err != nil {
		return nil, err
	}
	rows, err := csv.NewReader(strings.NewReader(string(source))).ReadAll()
	if err != nil {
		return nil, err
	}
	labels := map[string]districtShape{}
	for _, row := range rows[1:] {
		var at [6]int
		for i, cell := range row[3:] {
			if cell == "" {
				continue
			}
			if at[i], err = strconv.Atoi(cell); err != nil {
				return nil, err
			}
		}
		labels[row[0]] = districtShape{Short: text.Bilingual{Arabic: row[1], English: row[2]},
			X: at[0], Y: at[1], Lead: row[5] != "", LeadX: at[2], LeadY: at[3], DotX: at[4], DotY: at[5]}
	}
	return labels, nil
}

// The frame of the map: western and northern edge of the country, pixels per
// degree, equidistant along the parallel through its middle.
const (
	west, north  = 9.2865, 33.1812
	marginX      = 20.0
	marginY      = 60.0 // room for the names of the coast
	perLongitude = 47.89
	middle       = 26.34
	tolerance    = 0.9 // pixels by which a simplified line may miss the true one
)

func project(p [2]float64) [2]float64 {
	perLatitude := perLongitude / math.Cos(middle*math.Pi/180)
	return [2]float64{marginX + (p[0]-west)*perLongitude, marginY + (north-p[1])*perLatitude}
}

// drawRing writes one outline as an SVG path with tenths of a pixel.
func drawRing(ring [][2]float64) string {
	points := make([][2]float64, len(ring))
	for i, p := range ring {
		points[i] = project(p)
	}
	// A closed ring has no ends to hold on to: it is simplified in two halves.
	half := len(points) / 2
	kept := append(simplify(points[:half+1]), simplify(points[half:])[1:]...)
	var b strings.Builder
	for i, p := range kept[:len(kept)-1] {
		b.WriteByte("ML"[min(i, 1)])
		b.WriteString(tenths(p[0]) + " " + tenths(p[1]))
	}
	return b.String() + "Z"
}

func tenths(v float64) string { return strconv.FormatFloat(math.Round(v*10)/10, 'f', -1, 64) }

// simplify drops points that a straight line misses by no more than the
// tolerance (Douglas and Peucker).
func simplify(line [][2]float64) [][2]float64 {
	if len(line) < 3 {
		return line
	}
	last := len(line) - 1
	farthest, at := 0.0, 0
	for i := 1; i < last; i++ {
		if d := distance(line[i], line[0], line[last]); d > farthest {
			farthest, at = d, i
		}
	}
	if farthest <= tolerance {
		return [][2]float64{line[0], line[last]}
	}
	return append(simplify(line[:at+1]), simplify(line[at:])[1:]...)
}

// distance is how far p lies from the line through a and b.
func distance(p, a, b [2]float64) float64 {
	dx, dy := b[0]-a[0], b[1]-a[1]
	length := math.Hypot(dx, dy)
	if length == 0 {
		return math.Hypot(p[0]-a[0], p[1]-a[1])
	}
	return math.Abs(dy*(p[0]-a[0])-dx*(p[1]-a[1])) / length
}
