package svgtest

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/zkml-go/zkml/plot"
)

// leastContrast is what WCAG 2 wants between a text of this size and what is behind it.
const leastContrast = 4.5

// Check reports all faults of a file, and returns what it shows.
func Check(t testing.TB, svg []byte) *Picture {
	t.Helper()
	p, err := Parse(svg)
	if err != nil {
		t.Fatal(err)
	}
	for _, fault := range p.Faults() {
		t.Error(fault)
	}
	return p
}

// Faults lists what is wrong with the picture; nothing, if all is well.
func (p *Picture) Faults() []string {
	f := &faults{Picture: p}
	if p.Family != plot.Family {
		f.add("the font is %q, measured is %q", p.Family, plot.Family)
	}
	f.texts()
	f.boxes()
	for _, e := range append(p.Edges[:len(p.Edges):len(p.Edges)], p.Samples...) {
		if !p.tips[e.Tip] {
			f.add("the edge %v has no arrow head", e.Points)
		}
	}
	for _, l := range p.Lines {
		f.line(l)
	}
	for i, e := range p.Edges {
		f.way(e)
		for _, o := range p.Edges[:i] {
			if e.Points[0] != o.Points[0] && e.liesOn(o) {
				f.add("the edges %v and %v lie upon each other", e.Points, o.Points)
			}
		}
	}
	return f.list
}

type faults struct {
	*Picture
	list []string
}

func (f *faults) add(format string, args ...any) {
	f.list = append(f.list, fmt.Sprintf(format, args...))
}

func (f *faults) texts() {
	for i, t := range f.Texts {
		if !t.Box.holds(t.Rect) || !f.View.holds(t.Rect) {
			f.add("the text %q, at %v, leaves its box, %v", t.Content, t.Rect, t.Box)
		}
		if c := f.contrast(t); c < leastContrast {
			f.add("the text %q has a contrast of %.2f", t.Content, c)
		}
		for _, o := range f.Texts[:i] {
			if t.meets(o.Rect) {
				f.add("the texts %q and %q lie upon each other", t.Content, o.Content)
			}
		}
	}
}

func (f *faults) boxes() {
	for _, r := range f.painted {
		if !f.View.holds(r.Rect) {
			f.add("the rectangle %v leaves the picture, %v", r.Rect, f.View)
		}
	}
	all := append(f.Boxes[:len(f.Boxes):len(f.Boxes)], f.Legend...)
	for i, b := range all {
		for _, o := range all[:i] {
			if b.meets(o) {
				f.add("the boxes %v and %v lie upon each other", b, o)
			}
		}
	}
}

// line asks a chart's line to stay in a box, and to go to the right.
func (f *faults) line(l Edge) {
	for i, at := range l.Points {
		here := Rect{at.X, at.Y, at.X, at.Y}
		if !slices.ContainsFunc(f.Boxes, func(b Rect) bool { return b.holds(here) }) {
			f.add("the line %v leaves the chart", l.Points)
		}
		if i > 0 && at.X <= l.Points[i-1].X {
			f.add("the line %v goes back", l.Points)
		}
	}
}

// way follows an edge, whose bends lie inside the corners that Points has.
func (f *faults) way(e Edge) {
	first, last := e.Points[0], e.Points[len(e.Points)-1]
	leaves, enters := false, false
	for _, b := range f.Boxes {
		leaves = leaves || first.Y == b.Bottom && b.Left < first.X && first.X < b.Right
		enters = enters || last.Y == b.Top && b.Left < last.X && last.X < b.Right
	}
	if !leaves || !enters {
		f.add("the edge %v leaves a box: %t, enters one: %t", e.Points, leaves, enters)
	}
	covers := append(f.Boxes[:len(f.Boxes):len(f.Boxes)], f.Legend...)
	for _, t := range f.Texts {
		covers = append(covers, t.Rect)
	}
	for i, from := range e.Points[:len(e.Points)-1] {
		to := e.Points[i+1]
		r := Rect{min(from.X, to.X), min(from.Y, to.Y), max(from.X, to.X), max(from.Y, to.Y)}
		if !f.View.holds(r) {
			f.add("the edge %v leaves the picture", e.Points)
		}
		for _, b := range covers {
			if b.meets(r) {
				f.add("the edge %v crosses %v", e.Points, b)
			}
		}
	}
}

// liesOn tells whether a part of two edges that is longer than a bend is the same.
func (e Edge) liesOn(o Edge) bool {
	const bend = 5
	for i, a := range e.Points[:len(e.Points)-1] {
		b := e.Points[i+1]
		for j, c := range o.Points[:len(o.Points)-1] {
			d := o.Points[j+1]
			upright := a.X == b.X && c.X == d.X && a.X == c.X &&
				min(max(a.Y, b.Y), max(c.Y, d.Y))-max(min(a.Y, b.Y), min(c.Y, d.Y)) > bend
			level := a.Y == b.Y && c.Y == d.Y && a.Y == c.Y &&
				min(max(a.X, b.X), max(c.X, d.X))-max(min(a.X, b.X), min(c.X, d.X)) > bend
			if upright || level {
				return true
			}
		}
	}
	return false
}

func (r Rect) holds(o Rect) bool {
	return r.Left <= o.Left && r.Top <= o.Top && o.Right <= r.Right && o.Bottom <= r.Bottom
}

func (r Rect) meets(o Rect) bool {
	return r.Left < o.Right && o.Left < r.Right && r.Top < o.Bottom && o.Top < r.Bottom
}

// contrast is the least between a text and what is behind it.
func (p *Picture) contrast(t Text) float64 {
	least := math.Inf(1)
	const steps = 16
	for k := range steps + 1 {
		share := float64(k) / steps
		x, y := t.Left+share*(t.Right-t.Left), t.Top+share*(t.Bottom-t.Top)
		behind := ""
		for _, r := range p.painted[:t.under] {
			if (Rect{x, y, x, y}).inside(r.Rect) {
				behind = r.fill
			}
		}
		least = min(least, Contrast(t.Fill, behind))
	}
	return least
}

func (r Rect) inside(o Rect) bool { return o.holds(r) }

// Contrast is WCAG 2's contrast ratio of two colours, as #rrggbb; 0 where one is not.
func Contrast(a, b string) float64 {
	x, y := luminance(a), luminance(b)
	return (max(x, y) + 0.05) / (min(x, y) + 0.05)
}

func luminance(colour string) float64 {
	var red, green, blue int
	if n, err := fmt.Sscanf(strings.ToLower(colour), "#%02x%02x%02x", &red, &green, &blue); n != 3 || err != nil {
		return math.Inf(-1)
	}
	linear := func(c int) float64 {
		v := float64(c) / 255
		if v <= 0.04045 {
			return v / 12.92
		}
		return math.Pow((v+0.055)/1.055, 2.4)
	}
	return 0.2126*linear(red) + 0.7152*linear(green) + 0.0722*linear(blue)
}
