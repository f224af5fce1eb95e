// Package svgtest examines the pictures of package plot as a reader sees them: it parses
// an SVG file, measures its texts by the widths of the font that the file names, and
// lists what is clipped, covered, crossed, unreadable or without an arrow head. It reads
// what package plot writes, and no more of SVG. Only tests import it.
package svgtest

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/zkml-go/zkml/plot"
)

// Rect is a rectangle in the picture's coordinates.
type Rect struct{ Left, Top, Right, Bottom float64 }

// Text is a text with the room that it takes.
type Text struct {
	Rect
	Content, Fill string
	Box           Rect // that it belongs in
	under         int  // the number of rectangles that were painted before
}

// Point is a corner of an edge's way.
type Point struct{ X, Y float64 }

// Edge is an arrow between boxes.
type Edge struct {
	Skip   bool
	Tip    string // the marker at its end
	Points []Point
}

// Picture is what a file shows.
type Picture struct {
	View   Rect
	Family string
	Texts  []Text
	Titles []string
	Boxes  []Rect
	Legend []Rect
	// Edges are those between boxes, Samples those of the legend.
	Edges, Samples []Edge
	// Lines are those of a chart, which lead nowhere.
	Lines   []Edge
	painted []painted
	tips    map[string]bool // markers that draw something
}

// painted is a rectangle with its colour.
type painted struct {
	Rect
	fill string
}

// element is an XML element in the making.
type element struct {
	name  string
	attrs map[string]string
	// frame is the first rectangle of a group, to which its texts belong.
	frame *Rect
	text  strings.Builder
}

// Parse reads a file.
func Parse(svg []byte) (*Picture, error) {
	p := &Picture{tips: map[string]bool{}}
	d := xml.NewDecoder(bytes.NewReader(svg))
	var open []*element
	for {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			return p, nil
		}
		if err != nil {
			return nil, err
		}
		switch token := token.(type) {
		case xml.StartElement:
			e := &element{name: token.Name.Local, attrs: map[string]string{}}
			for _, a := range token.Attr {
				e.attrs[a.Name.Local] = a.Value
			}
			open = append(open, e)
			err = p.begin(open)
		case xml.CharData:
			if len(open) > 0 {
				open[len(open)-1].text.Write(token)
			}
		case xml.EndElement:
			err = p.end(open)
			open = open[:len(open)-1]
		}
		if err != nil {
			return nil, err
		}
	}
}

// number reads an attribute; 0 if it is absent.
func (e *element) number(name string) float64 {
	v, err := strconv.ParseFloat(e.attrs[name], 64)
	if err != nil && e.attrs[name] != "" {
		return -1e9 // outside of everything
	}
	return v
}

func (e *element) rect() Rect {
	x, y := e.number("x"), e.number("y")
	return Rect{x, y, x + e.number("width"), y + e.number("height")}
}

// group is the innermost group with a class of its own.
func group(open []*element) *element {
	for _, e := range slices.Backward(open) {
		if e.name == "g" || e.name == "marker" {
			return e
		}
	}
	return open[0]
}

// begin takes what an element says in its attributes.
func (p *Picture) begin(open []*element) error {
	e, in := open[len(open)-1], group(open)
	switch e.name {
	case "svg":
		p.View, p.Family = e.rect(), e.attrs["font-family"]
		if want := fmt.Sprintf("0 0 %s %s", e.attrs["width"], e.attrs["height"]); e.attrs["viewBox"] != want {
			return fmt.Errorf("viewBox %q, want %q", e.attrs["viewBox"], want)
		}
	case "rect":
		r := e.rect()
		p.painted = append(p.painted, painted{r, e.attrs["fill"]})
		if in.frame == nil && in.name == "g" && in.attrs["class"] != "line" {
			in.frame = &r
			if in.attrs["class"] == "legend" {
				p.Legend = append(p.Legend, r)
			} else {
				p.Boxes = append(p.Boxes, r)
			}
		}
	case "path":
		return p.path(e, in)
	case "g", "text", "title", "defs", "marker":
	default:
		return fmt.Errorf("an element %s", e.name)
	}
	return nil
}

func (p *Picture) path(e, in *element) error {
	if in.name == "marker" {
		p.tips[in.attrs["id"]] = true
		return nil
	}
	tip := strings.TrimSuffix(strings.TrimPrefix(e.attrs["marker-end"], "url(#"), ")")
	edge := Edge{Skip: strings.Contains(e.attrs["class"], "skip"), Tip: tip}
	numbers := strings.NewReplacer("M", " ", "L", " ", "Q", " ").Replace(e.attrs["d"])
	fields := strings.Fields(numbers)
	for pair := range slices.Chunk(fields, 2) {
		var at Point
		if _, err := fmt.Sscan(strings.Join(pair, " "), &at.X, &at.Y); err != nil {
			return fmt.Errorf("path %q: %w", e.attrs["d"], err)
		}
		edge.Points = append(edge.Points, at)
	}
	switch in.attrs["class"] {
	case "legend":
		p.Samples = append(p.Samples, edge)
	case "line":
		p.Lines = append(p.Lines, edge)
	default:
		p.Edges = append(p.Edges, edge)
	}
	return nil
}

// The height of letters above the line, accents among them, and their depth below it, as
// a part of the font's size.
const (
	ascent  = 0.93
	descent = 0.24
	// margin is how much wider than measured a text may be drawn.
	margin = 0.03
)

// end takes an element's text.
func (p *Picture) end(open []*element) error {
	e := open[len(open)-1]
	content := e.text.String()
	switch e.name {
	case "title":
		p.Titles = append(p.Titles, content)
	case "text":
		size := e.number("font-size")
		natural := plot.Width(content, size, e.attrs["font-weight"] == "bold")
		width := natural * (1 + margin)
		if e.attrs["textLength"] != "" {
			if width = e.number("textLength"); math.Abs(width-natural) > 1+margin*natural {
				return fmt.Errorf("%q is squeezed or stretched from %g to %g", content, natural, width)
			}
		} else if strings.ContainsFunc(content, func(r rune) bool { return r != '…' && (r < ' ' || r > '~') }) {
			return fmt.Errorf("%q has letters of unknown width, and no length", content)
		}
		x, y := e.number("x"), e.number("y")
		before := map[string]float64{"start": 0, "middle": width / 2, "end": width}[e.attrs["text-anchor"]]
		t := Text{Content: content, Fill: e.attrs["fill"], Box: p.View, under: len(p.painted)}
		t.Rect = Rect{x - before, y - ascent*size, x - before + width, y + descent*size}
		if turn := e.attrs["transform"]; turn != "" {
			if turn != fmt.Sprintf("rotate(-90 %s %s)", e.attrs["x"], e.attrs["y"]) {
				return fmt.Errorf("%q is turned by %s", content, turn)
			}
			t.Rect = Rect{x - ascent*size, y + before - width, x + descent*size, y + before}
		}
		if in := group(open); in.frame != nil {
			t.Box = *in.frame
		}
		p.Texts = append(p.Texts, t)
	}
	return nil
}
