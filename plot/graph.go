package plot

import (
	"fmt"
	"io"
)

// Node is a box of a graph. In lists the boxes that it reads, by their index in the
// list; all of them come before the node itself.
type Node struct {
	Name   string // "conv1 (Conv)"
	Detail string // a second line
	// Rows is what the node costs by itself, and Table what its tables cost elsewhere.
	// Both are told, and drawn as a bar.
	Rows, Table int
	In          []int
}

// Graph is a list of boxes in the order in which they are computed.
type Graph struct {
	Title, Note string
	Nodes       []Node
	// Shared are boxes that have no place among the others: they stand below them.
	Shared []Node
}

const (
	leastWidth = 220 // of a box
	mostWidth  = 400
	boxHeight  = 66
	gapX       = 28
	margin     = 20
	header     = 52
	padding    = 10
	barHeight  = 15
)

// box is a node with its place.
type box struct {
	Node
	line, column int
	X, Y         int
	Bars         []bar
	Lines        []words
}

// bar is a filled rectangle.
type bar struct {
	X, Y, Width, Height int
	Fill                string
}

const (
	ownFill   = "#9db8d9"
	tableFill = "#f2c48d"
)

// Write writes the graph as SVG, from top to bottom: a box stands one line below the
// lowest that it reads, and is joined with each by an arrow. Arrows that leave out a
// line pass beside the boxes. Bars are relative to the costliest box. A name that is too
// long loses its middle; the whole is in the box's title.
func (g Graph) Write(w io.Writer) error {
	d := newDrawing(g)
	d.fill()
	d.addLegend()
	head := words{X: margin, Y: 28, Size: 15, Bold: true, Text: g.Title}
	note := words{X: margin, Y: 46, Size: 11, Fill: grey, Text: g.Note}
	d.width = max(d.width, note.room()+2*margin)
	return graphTemplate.Execute(w, map[string]any{
		"Family": Family, "Title": g.Title, "Head": head.in(d.width - 2*margin), "Note": note.in(d.width - 2*margin),
		"Boxes": d.boxes, "Edges": d.edges, "Legend": d.legend, "Width": d.width, "Height": d.height,
		"BoxWidth": d.boxWidth, "BoxHeight": boxHeight, "Line": edgeLine, "SkipLine": skipLine,
	})
}

// lines are the texts of a node, on a box at the origin: its name, its detail, and what
// it costs.
func (n Node) lines() []words {
	return []words{
		{X: padding, Y: 18, Size: 12, Bold: true, Text: n.Name},
		{X: padding, Y: 35, Size: 11, Fill: grey, Text: n.Detail},
		{X: padding, Y: boxHeight - padding - 4, Size: 10, Text: n.cost()},
	}
}

// cost tells what a node costs.
func (n Node) cost() string {
	switch {
	case n.Rows > 0 && n.Table > 0:
		return fmt.Sprintf("%s, and %d of its table", rows(n.Rows), n.Table)
	case n.Table > 0:
		return rows(n.Table) + " of its table"
	case n.Rows > 0:
		return rows(n.Rows)
	}
	return ""
}

func rows(n int) string {
	if n == 1 {
		return "1 row"
	}
	return fmt.Sprintf("%d rows", n)
}

// drawing is a graph in the making.
type drawing struct {
	boxes         []box // the last ones are those of Graph.Shared
	shared        int
	boxWidth      int
	tops          []int // of the lines of boxes, and of what comes below them
	edges         []*edge
	legend        *legend
	width, height int
}

func newDrawing(g Graph) *drawing {
	d := &drawing{boxWidth: leastWidth, shared: len(g.Shared), width: leastWidth + 2*margin}
	columns := d.place(g.Nodes)
	lines := 0
	for _, b := range d.boxes {
		lines = max(lines, b.line+1)
	}
	for i, n := range g.Shared {
		d.boxes = append(d.boxes, box{Node: n, line: lines + i/columns, column: i % columns})
	}
	for _, b := range d.boxes {
		for _, l := range b.lines() {
			d.boxWidth = max(d.boxWidth, min(l.room()+l.X+padding, mostWidth))
		}
	}
	for i := range d.boxes {
		b := &d.boxes[i]
		b.X = margin + b.column*(d.boxWidth+gapX)
		d.width = max(d.width, b.X+d.boxWidth+margin)
	}
	d.route()
	return d
}

// place gives each node a line and a column, and returns the number of columns. A node
// stands under the first one that it reads if that place is free.
func (d *drawing) place(nodes []Node) (columns int) {
	columns = 1
	taken := map[[2]int]bool{}
	full := map[int]int{} // columns from the left that are taken, by line
	for _, n := range nodes {
		b := box{Node: n}
		for _, k := range n.In {
			b.line = max(b.line, d.boxes[k].line+1)
		}
		if len(n.In) > 0 {
			b.column = d.boxes[n.In[0]].column
		}
		if taken[[2]int{b.line, b.column}] {
			b.column = full[b.line]
		}
		taken[[2]int{b.line, b.column}] = true
		for taken[[2]int{b.line, full[b.line]}] {
			full[b.line]++
		}
		columns = max(columns, b.column+1)
		d.boxes = append(d.boxes, b)
	}
	return columns
}

// fill writes texts and bars into the boxes.
func (d *drawing) fill() {
	most := 1
	for _, b := range d.boxes {
		most = max(most, b.Rows+b.Table)
	}
	for i := range d.boxes {
		b := &d.boxes[i]
		end := b.addBars(d.boxWidth-2*padding, most)
		for k, l := range b.lines() {
			if k == costLine {
				l.X = costPlace(l, end, d.boxWidth)
			}
			l = l.in(d.boxWidth - l.X - padding)
			l.X, l.Y = b.X+l.X, b.Y+l.Y
			b.Lines = append(b.Lines, l)
		}
	}
}

// addBars draws what the box costs, as a part of so many pixels for the most, and returns
// where the bars end.
func (b *box) addBars(room, most int) int {
	end := padding
	for _, part := range []struct {
		rows int
		fill string
	}{{b.Rows, ownFill}, {b.Table, tableFill}} {
		if part.rows > 0 {
			width := max(int(float64(room)*float64(part.rows)/float64(most)), 1)
			width = min(width, padding+room-end)
			b.Bars = append(b.Bars, bar{b.X + end, b.Y + boxHeight - padding - barHeight, width, barHeight, part.fill})
			end += width
		}
	}
	return end
}

// costLine is the index of the cost among a node's lines.
const costLine = 2

// costPlace is where the cost stands: behind the bars, or on them where they leave too
// little room.
func costPlace(cost words, end, width int) int {
	if end += 6; end+cost.room()+padding <= width {
		return pick(end > cost.X+6, end, cost.X)
	}
	return cost.X + 4
}
