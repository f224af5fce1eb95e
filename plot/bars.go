package plot

import (
	"fmt"
	"io"
	"math"
)

// Bars are numbers with names, drawn as bars: a box for each group, whose longest bar is that
// of its largest magnitude.
type Bars struct {
	Title, Note string
	Groups      []BarGroup
}

// BarGroup are the bars of one box.
type BarGroup struct {
	Title, Note string
	Bars        []Bar
	Rest        int // how many more there are that are not drawn
}

// Bar is one number.
type Bar struct {
	Name  string
	Value float64
	Text  string // what stands beside it
}

const (
	barLine   = 19
	barsRoom  = 260 // of the longest bar, or of those to both sides
	namesRoom = 200 // at most
	textsRoom = 110
	groupHead = 50
	signFill  = "#e3a3a3" // below zero
)

// drawnGroup is a group with its place.
type drawnGroup struct {
	X, Y, Width, Height int
	Name                string
	Rects               []bar
	Lines               []words
}

// Write writes the bars as SVG.
func (b Bars) Write(w io.Writer) error {
	names, heads := 0, leastWidth
	for _, g := range b.Groups {
		heads = max(heads, g.head().room(), g.note().room())
		for _, line := range g.Bars {
			names = max(names, min(words{Size: 11, Text: line.Name}.room(), namesRoom))
		}
	}
	boxWidth := max(padding+names+padding+barsRoom+padding+textsRoom+padding, min(heads, mostWidth)+2*padding)
	width, at := boxWidth+2*margin, header+padding
	var groups []drawnGroup
	for _, g := range b.Groups {
		d := g.draw(at, names, boxWidth)
		groups = append(groups, d)
		at = d.Y + d.Height + padding
	}
	head := words{X: margin, Y: 28, Size: 15, Bold: true, Text: b.Title}
	note := words{X: margin, Y: 46, Size: 11, Fill: grey, Text: b.Note}
	width = max(width, min(note.room(), 2*mostWidth)+2*margin)
	return barsTemplate.Execute(w, map[string]any{
		"Family": Family, "Title": b.Title, "Head": head.in(width - 2*margin), "Note": note.in(width - 2*margin),
		"Groups": groups, "Width": width, "Height": at - padding + margin,
	})
}

func (g BarGroup) head() words { return words{Y: 19, Size: 12, Bold: true, Text: g.Title} }
func (g BarGroup) note() words { return words{Y: 36, Size: 10.5, Fill: grey, Text: g.Note} }

// draw places a group's box below what is drawn already.
func (g BarGroup) draw(top, names, width int) drawnGroup {
	d := drawnGroup{X: margin, Y: top, Width: width, Name: g.Title}
	for _, w := range []words{g.head(), g.note()} {
		w.X, w.Y = margin+padding, top+w.Y
		d.Lines = append(d.Lines, w.in(width-2*padding))
	}
	most, below := 0.0, false
	for _, line := range g.Bars {
		most, below = max(most, math.Abs(line.Value)), below || line.Value < 0
	}
	left := margin + 2*padding + names
	zero, room := left, barsRoom
	if below {
		zero, room = left+barsRoom/2, barsRoom/2
	}
	y := top + groupHead
	for _, line := range g.Bars {
		name := words{X: left - padding, Y: y + 13, Size: 11, Anchor: "end", Text: line.Name}
		text := words{X: left + barsRoom + padding, Y: y + 13, Size: 11, Text: line.Text}
		d.Lines = append(d.Lines, name.in(names), text.in(textsRoom))
		if length := int(float64(room) * math.Abs(line.Value) / most); line.Value > 0 && length > 0 {
			d.Rects = append(d.Rects, bar{zero, y + 2, length, barHeight, ownFill})
		} else if line.Value < 0 && length > 0 {
			d.Rects = append(d.Rects, bar{zero - length, y + 2, length, barHeight, signFill})
		}
		y += barLine
	}
	if g.Rest > 0 {
		more := words{X: margin + padding, Y: y + 13, Size: 10.5, Fill: grey, Text: fmt.Sprintf("and %d more", g.Rest)}
		d.Lines = append(d.Lines, more.in(width-2*padding))
		y += barLine
	}
	d.Height = y + padding - top
	return d
}
