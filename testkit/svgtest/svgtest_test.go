package svgtest_test

import (
	"bytes"
	"math"
	"strings"
	"testing"

	"github.com/zkml-go/zkml/plot"
	"github.com/zkml-go/zkml/testkit/svgtest"
)

// sound is a picture without faults.
func sound(t *testing.T) string {
	t.Helper()
	var b bytes.Buffer
	g := plot.Graph{Title: "title", Note: "note", Nodes: []plot.Node{
		{Name: "first", Rows: 5}, {Name: "second", In: []int{0}}, {Name: "third", In: []int{1, 0}},
	}}
	if err := g.Write(&b); err != nil {
		t.Fatal(err)
	}
	svgtest.Check(t, b.Bytes())
	return b.String()
}

// TestFaultsAreFound damages a picture.
func TestFaultsAreFound(t *testing.T) {
	const name = `<text x="30" y="90" font-size="12" fill="#1a1a1a" text-anchor="start" font-weight="bold">` +
		`first</text>`
	for fault, c := range map[string]struct{ old, new, want string }{
		"a long text":      {">first</text>", ">" + strings.Repeat("first ", 10) + "</text>", "leaves its box"},
		"a text too far":   {`<text x="30" y="90"`, `<text x="230" y="90"`, "leaves its box"},
		"a text too high":  {`<text x="30" y="90"`, `<text x="30" y="78"`, "leaves its box"},
		"a large text":     {`y="90" font-size="12"`, `y="90" font-size="40"`, "leaves its box"},
		"a turned text":    {`font-weight="bold">first`, `transform="rotate(-90 30 90)">first`, "leaves its box"},
		"an anchor":        {name, strings.Replace(name, `"start"`, `"end"`, 1), "leaves its box"},
		"a pale text":      {name, strings.Replace(name, "#1a1a1a", "#9a9a9a", 1), "has a contrast of 2."},
		"no colour":        {name, strings.Replace(name, "#1a1a1a", "none", 1), "has a contrast"},
		"texts on another": {name, name + name, "lie upon each other"},
		"a narrow picture": {`width="366"`, `width="350"`, "viewBox"},
		"another font":     {"DejaVu Sans,", "Courier,", "the font is"},
		"no arrow head":    {` marker-end="url(#tip)"`, "", "no arrow head"},
		"an unknown head":  {`marker id="tip"`, `marker id="top"`, "no arrow head"},
		"unknown letters":  {">first</text>", ">層</text>", "unknown width"},
		"a squeezed text":  {`font-weight="bold">first`, `textLength="20">first`, "is squeezed"},
		"a shape":          {`<g class="box">`, `<circle/><g class="box">`, "an element circle"},
		"a box on another": {`<rect x="20" y="172"`, `<rect x="20" y="110"`, "lie upon each other"},
		"a way in a box":   {"L252 ", "L200 ", "crosses"},
		"a way outside":    {"L252 ", "L999 ", "leaves the picture"},
		"no target":        {`<rect x="20" y="172"`, `<rect x="20" y="173"`, "enters one: false"},
	} {
		t.Run(fault, func(t *testing.T) {
			text := sound(t)
			damaged := strings.Replace(text, c.old, c.new, 1)
			if damaged == text {
				t.Fatalf("nothing to damage in %s", text)
			}
			p, err := svgtest.Parse([]byte(damaged))
			if err != nil {
				if !strings.Contains(err.Error(), c.want) {
					t.Errorf("%v, want %q", err, c.want)
				}
				return
			}
			if found := strings.Join(p.Faults(), "\n"); !strings.Contains(found, c.want) {
				t.Errorf("found %q, want %q", found, c.want)
			}
		})
	}
}

// TestContrast has values of WCAG's own examples.
func TestContrast(t *testing.T) {
	for _, c := range []struct {
		a, b string
		want float64
	}{
		{"#000000", "#ffffff", 21}, {"#767676", "#ffffff", 4.54}, {"#777777", "#ffffff", 4.48},
		{"#ff0000", "#ff0000", 1},
	} {
		if got := svgtest.Contrast(c.a, c.b); math.Abs(got-c.want) > 0.005 {
			t.Errorf("%s on %s: %.3f, want %.2f", c.a, c.b, got, c.want)
		}
	}
}

// TestFaultyLinesAreFound damages a chart.
func TestFaultyLinesAreFound(t *testing.T) {
	c := plot.Chart{Title: "title", X: "x", Y: "y", Series: []plot.Series{
		{Name: "name", Points: []plot.Point{{X: 1, Y: 1}, {X: 2, Y: 5}, {X: 10, Y: 10}}},
	}}
	var b bytes.Buffer
	if err := c.Write(&b); err != nil {
		t.Fatal(err)
	}
	if p := svgtest.Check(t, b.Bytes()); len(p.Lines) != 1 {
		t.Fatalf("%d lines", len(p.Lines))
	}
	for end, want := range map[string]string{` L9999 80"`: "leaves the chart", ` L100 80"`: "goes back"} {
		p, err := svgtest.Parse([]byte(strings.Replace(b.String(), `" fill="none"`, end+` fill="none"`, 1)))
		if err != nil {
			t.Fatal(err)
		}
		if got := strings.Join(p.Faults(), "; "); !strings.Contains(got, want) {
			t.Errorf("faults %q, want %q", got, want)
		}
	}
}
