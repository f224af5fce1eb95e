// Package plot owns the pictures that commands write: SVG, from templates. It
// must not know models or circuits. The command line and generators import it.
package plot

import (
	_ "embed" // the templates
	"math"
	"strings"
	"text/template"
	"unicode"

	"github.com/zkml-go/zkml/printable"
)

//go:embed bars.svg.tmpl
var barsText string

//go:embed confusion.svg.tmpl
var confusionText string

//go:embed graph.svg.tmpl
var graphText string

//go:embed chart.svg.tmpl
var chartText string

//go:embed words.svg.tmpl
var wordsText string

var funcs = template.FuncMap{"text": func(s string) string { return template.HTMLEscapeString(printable.Line(s)) }}

var (
	barsTemplate      = parse("bars", barsText)
	confusionTemplate = parse("confusion", confusionText)
	graphTemplate     = parse("graph", graphText)
	chartTemplate     = parse("chart", chartText)
)

// parse makes a template of a picture, which may use those of words and bars.
func parse(name, text string) *template.Template {
	t := template.Must(template.New(name).Funcs(funcs).Parse(text))
	return template.Must(t.Parse(wordsText))
}

// words are a text on one line, from its lower left corner.
type words struct {
	X, Y   int
	Size   float64
	Bold   bool
	Fill   string
	Anchor string // start, or what the picture says
	Turned bool   // reads upwards
	// Length, where not 0, is how long the text must be drawn: not all of its characters'
	// widths are known, or a wider font would lead it out of its room.
	Length int
	Text   string
}

const (
	black = "#000000"
	dark  = "#1a1a1a"
	grey  = "#505050"
)

// in shortens the text to what has room in so many pixels.
func (w words) in(room int) words {
	w.Text = shorten(w.shown(), float64(room), w.Size, w.Bold)
	if width := Width(w.Text, w.Size, w.Bold); !measured(w.Text) || width*widerFonts > float64(room) {
		w.Length = max(int(width), 1)
	}
	if w.Fill == "" {
		w.Fill = dark
	}
	if w.Anchor == "" {
		w.Anchor = "start"
	}
	return w
}

// room is what the whole text needs, in pixels.
func (w words) room() int {
	return int(math.Ceil(needs(w.shown(), w.Size, w.Bold)))
}

// mostMarks is how many accents a letter keeps: they stand upon each other, and many
// would leave the text's box.
const mostMarks = 2

// shown is what can be drawn of the text.
func (w words) shown() string {
	marks := 0
	return strings.Map(func(r rune) rune {
		if marks++; !unicode.Is(unicode.M, r) {
			marks = 0
		}
		if marks > mostMarks {
			return -1
		}
		return r
	}, printable.Line(w.Text))
}
