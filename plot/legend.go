package plot

// legend explains what a graph has of bars and arrows.
type legend struct {
	X, Y, Width, Height int
	Bars                []bar
	Edges               []*edge
	Lines               []words
}

const (
	legendLine = 20
	swatch     = 26
)

// addLegend puts the legend below the boxes.
func (d *drawing) addLegend() {
	d.legend = &legend{X: margin, Y: d.height}
	var own, table, plain, skips bool
	for _, b := range d.boxes {
		own, table = own || b.Rows > 0, table || b.Table > 0
	}
	for _, e := range d.edges {
		plain, skips = plain || !e.skips, skips || e.skips
	}
	if own {
		d.legend.addBar(ownFill, "rows of a box; the longest bar is the costliest box")
	}
	if table {
		d.legend.addBar(tableFill, "rows of its table, among the lookups")
	}
	if plain {
		d.legend.addEdge(false, "a result, to what reads it")
	}
	if skips {
		d.legend.addEdge(true, "skip connection: read again further on")
	}
	l := d.legend
	if len(l.Lines) == 0 {
		d.legend = nil
		return
	}
	for i, w := range l.Lines {
		l.Width = max(l.Width, w.X-l.X+w.room()+padding)
		l.Lines[i] = w.in(mostWidth)
	}
	l.Height = len(l.Lines)*legendLine + padding
	d.width = max(d.width, l.X+l.Width+margin)
	d.height = l.Y + l.Height + margin
}

// middle is the height of the next line's middle.
func (l *legend) middle() int { return l.Y + padding/2 + len(l.Lines)*legendLine + legendLine/2 }

func (l *legend) say(text string) {
	l.Lines = append(l.Lines, words{X: l.X + 2*padding + swatch, Y: l.middle() + 4, Size: 10.5, Text: text})
}

func (l *legend) addBar(fill, text string) {
	l.Bars = append(l.Bars, bar{l.X + padding, l.middle() - 5, swatch, 10, fill})
	l.say(text)
}

func (l *legend) addEdge(skips bool, text string) {
	x, y := l.X+padding, l.middle()
	l.Edges = append(l.Edges, &edge{skips: skips, path: path([]point{{x, y}, {x + swatch, y}})})
	l.say(text)
}
