package plot

import (
	"fmt"
	"io"
	"math"
	"strconv"
	"strings"
)

// Chart describes lines over two logarithmic axes.
type Chart struct {
	Title, Note string
	X, Y        string // what the axes count
	Series      []Series
}

// Series is a line with its name. Numbers are positive.
type Series struct {
	Name   string
	Points []Point
}

// Point is one of a line.
type Point struct{ X, Y float64 }

const (
	chartWidth  = 520 // of the area, without its axes
	chartHeight = 300
	chartTop    = 72
	tickSize    = 11
	dot         = 6
)

// lineColours are of the first series, the second, and so on; then they begin anew.
var lineColours = []string{"#143a6b", "#b3541e", "#2f7d4f", "#7a4a9e"}

// axis maps numbers to pixels. It begins and ends at a tick.
type axis struct {
	ticks []float64
	from  int // the pixel of the first tick
	long  int // to the last one; below 0 where pixels go down
}

// newAxis makes an axis whose ticks, 1, 2 and 5 times powers of ten, embrace the numbers.
func newAxis(lo, hi float64, from, long int) axis {
	a := axis{from: from, long: long}
	for unit := math.Pow(10, math.Floor(math.Log10(lo))); len(a.ticks) < 2 || a.ticks[len(a.ticks)-1] < hi; unit *= 10 {
		for _, digit := range []float64{1, 2, 5} {
			tick := digit * unit
			switch n := len(a.ticks); {
			case tick <= lo:
				a.ticks = []float64{tick}
			case n < 2 || a.ticks[n-1] < hi:
				a.ticks = append(a.ticks, tick)
			}
		}
	}
	return a
}

func (a axis) at(v float64) int {
	first, last := a.ticks[0], a.ticks[len(a.ticks)-1]
	return a.from + int(math.Round(float64(a.long)*math.Log(v/first)/math.Log(last/first)))
}

// line is a series as it is drawn.
type line struct {
	Path, Colour string
	Dots         []bar
}

// Write writes the chart as SVG. A chart without points has no axes.
func (c Chart) Write(w io.Writer) error {
	lo, hi, found := c.span()
	if !found {
		lo, hi = Point{1, 1}, Point{1, 1}
	}
	y := newAxis(lo.Y, hi.Y, chartTop+chartHeight, -chartHeight)
	left := margin + 24 + padding
	for _, tick := range y.ticks {
		left = max(left, margin+24+padding+words{Size: tickSize, Text: number(tick)}.room())
	}
	x := newAxis(lo.X, hi.X, left, chartWidth)
	last := words{Size: tickSize, Text: number(x.ticks[len(x.ticks)-1])}
	width := left + chartWidth + max(margin, last.room()/2+padding)
	foot := chartTop + chartHeight + 52
	height := foot + len(c.Series)*legendLine + padding + margin
	return chartTemplate.Execute(w, map[string]any{
		"Family": Family, "Title": c.Title, "Width": width, "Height": height, "Words": c.words(x, y, width),
		"Area": bar{left, chartTop, chartWidth, chartHeight, "#ffffff"},
		"Grid": grid(x, y), "Lines": c.lines(x, y),
		"Legend": c.legend(margin, foot, width-2*margin),
	})
}

// span is the least and the greatest of all points.
func (c Chart) span() (lo, hi Point, found bool) {
	for _, s := range c.Series {
		for _, p := range s.Points {
			if !found {
				lo, hi, found = p, p, true
			}
			lo = Point{min(lo.X, p.X), min(lo.Y, p.Y)}
			hi = Point{max(hi.X, p.X), max(hi.Y, p.Y)}
		}
	}
	return lo, hi, found
}

// number is a tick as it is written.
func number(v float64) string { return strconv.FormatFloat(v, 'g', -1, 64) }

// words are the title, the axes' names and their ticks.
func (c Chart) words(x, y axis, width int) []words {
	bottom := chartTop + chartHeight
	out := []words{
		words{X: margin, Y: 28, Size: 15, Bold: true, Text: c.Title}.in(width - 2*margin),
		words{X: margin, Y: 48, Size: 12, Fill: grey, Text: c.Note}.in(width - 2*margin),
		words{
			X: x.from + chartWidth/2, Y: bottom + 38, Size: 12, Bold: true, Anchor: "middle", Text: c.X,
		}.in(chartWidth),
	}
	upright := words{X: margin + 14, Size: 12, Bold: true, Turned: true, Text: c.Y}
	upright.Y = chartTop + (chartHeight+min(upright.room(), chartHeight))/2
	out = append(out, upright.in(chartHeight))
	end := -chartWidth
	for _, tick := range x.ticks {
		t := words{X: x.at(tick), Y: bottom + 18, Size: tickSize, Anchor: "middle", Text: number(tick)}
		if half := t.room() / 2; t.X-half > end {
			end = t.X + half + padding
			out = append(out, t.in(chartWidth))
		}
	}
	end = bottom + chartHeight
	for _, tick := range y.ticks {
		t := words{X: x.from - padding, Y: y.at(tick) + 4, Size: tickSize, Anchor: "end", Text: number(tick)}
		if t.Y < end {
			end = t.Y - tickSize - 4
			out = append(out, t.in(x.from))
		}
	}
	return out
}

// grid has a line for each tick.
func grid(x, y axis) []bar {
	const fill = "#e4e4e4"
	var out []bar
	for _, tick := range x.ticks {
		out = append(out, bar{x.at(tick), chartTop, 1, chartHeight, fill})
	}
	for _, tick := range y.ticks {
		out = append(out, bar{x.from, y.at(tick), chartWidth, 1, fill})
	}
	return out
}

func colour(series int) string { return lineColours[series%len(lineColours)] }

func (c Chart) lines(x, y axis) []line {
	var out []line
	for i, s := range c.Series {
		l := line{Colour: colour(i)}
		var way []point
		for _, p := range s.Points {
			at := point{x.at(p.X), y.at(p.Y)}
			way = append(way, at)
			l.Dots = append(l.Dots, bar{at.x - dot/2, at.y - dot/2, dot, dot, l.Colour})
		}
		l.Path = straight(way)
		out = append(out, l)
	}
	return out
}

// straight draws lines from point to point.
func straight(points []point) string {
	var corners []string
	for _, p := range points {
		corners = append(corners, fmt.Sprintf("%d %d", p.x, p.y))
	}
	if len(corners) < 2 {
		return ""
	}
	return "M" + strings.Join(corners, " L")
}

// legend names the series, each beside its colour.
func (c Chart) legend(left, top, width int) map[string]any {
	var swatches []bar
	var lines []words
	for i, s := range c.Series {
		middle := top + padding/2 + i*legendLine + legendLine/2
		swatches = append(swatches, bar{left + padding, middle - 2, swatch, 4, colour(i)})
		name := words{X: left + 2*padding + swatch, Y: middle + 4, Size: 10.5, Text: s.Name}
		lines = append(lines, name.in(width-name.X+left-padding))
	}
	return map[string]any{
		"Area":     bar{left, top, width, len(c.Series)*legendLine + padding, "#ffffff"},
		"Swatches": swatches, "Words": lines,
	}
}
