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
	Rows   int    // what it costs; drawn as a bar under the text
	In     []int
}

// Graph is a list of boxes in the order in which they are computed.
type Graph struct {
	Title string
	Nodes []Node
}

const (
	boxWidth  = 280
	boxHeight = 62
	gapX      = 24
	gapY      = 34
	margin    = 20
	header    = 40
)

// box is a node with its position.
type box struct {
	Node
	X, Y, Bar int
	Label     string
}

// Write writes the graph as SVG, from top to bottom: a box stands one line
// below the lowest that it reads. Bars are relative to the costliest box.
func (g Graph) Write(w io.Writer) error {
	most := 1
	for _, n := range g.Nodes {
		most = max(most, n.Rows)
	}
	boxes, width, height := g.place()
	var edges []string
	for i := range boxes {
		b := &boxes[i]
		b.Bar = (boxWidth - 20) * b.Rows / most
		if b.Rows > 0 {
			b.Label = fmt.Sprintf("%d rows", b.Rows)
		}
		for _, k := range b.In {
			edges = append(edges, edge(boxes[k], *b))
		}
	}
	return graphTemplate.Execute(w, map[string]any{
		"Title": g.Title, "Boxes": boxes, "Edges": edges, "Width": width, "Height": height,
		"BoxWidth": boxWidth, "BoxHeight": boxHeight,
	})
}

// place puts the boxes on lines and gives the picture's size.
func (g Graph) place() (boxes []box, width, height int) {
	boxes = make([]box, len(g.Nodes))
	line := make([]int, len(g.Nodes))
	filled := map[int]int{}
	for i, n := range g.Nodes {
		for _, k := range n.In {
			line[i] = max(line[i], line[k]+1)
		}
		column := filled[line[i]]
		filled[line[i]]++
		boxes[i] = box{Node: n, X: margin + column*(boxWidth+gapX), Y: header + margin + line[i]*(boxHeight+gapY)}
		width = max(width, boxes[i].X+boxWidth+margin)
		height = max(height, boxes[i].Y+boxHeight+margin)
	}
	return boxes, width, height
}

// edge is a path from the bottom of one box to the top of another.
func edge(from, to box) string {
	x0, y0 := from.X+boxWidth/2, from.Y+boxHeight
	x1, y1 := to.X+boxWidth/2, to.Y
	middle := (y0 + y1) / 2
	return fmt.Sprintf("M%d %d C%d %d %d %d %d %d", x0, y0, x0, middle, x1, middle, x1, y1)
}
