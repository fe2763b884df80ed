package web

import (
	"math"
	"strconv"
)

// circle places so many points on a circle, from the top on, clockwise.
func circle(n int) []graphPoint {
	points := make([]graphPoint, n)
	for i := range points {
		turn := 2 * math.Pi * float64(i) / float64(n)
		points[i] = graphPoint{X: 500 + int(math.Round(400*math.Sin(turn))), Y: 500 - int(math.Round(400*math.Cos(turn))), Label: strconv.Itoa(i + 1)}
	}
	return points
}

// star is points that share what stands in the middle.
func star(n int) graph {
	g := graph{Points: circle(n)}
	for _, p := range g.Points {
		g.Lines = append(g.Lines, graphLine{500, 500, p.X, p.Y, "linked"})
	}
	g.Points = append(g.Points, graphPoint{X: 500, Y: 500, Centre: true})
	return g
}

// line joins two points between points on a circle.
func (g *graph) line(a, b int, kind string) {
	p, q := g.Points[a], g.Points[b]
	g.Lines = append(g.Lines, graphLine{p.X, p.Y, q.X, q.Y, kind})
}
