// Package plot owns the pictures that commands write: SVG, from templates. It
// must not know models or circuits. The command line imports it.
package plot

import (
	_ "embed" // the templates
	"fmt"
	"io"
	"text/template"
)

//go:embed confusion.svg.tmpl
var confusionText string

//go:embed graph.svg.tmpl
var graphText string

var funcs = template.FuncMap{"text": template.HTMLEscapeString}

var (
	confusionTemplate = template.Must(template.New("confusion").Funcs(funcs).Parse(confusionText))
	graphTemplate     = template.Must(template.New("graph").Funcs(funcs).Parse(graphText))
)

// Confusion describes a confusion matrix: Counts[i][j] is the number of samples of
// class i, named in Rows, that were classified as j.
type Confusion struct {
	Title, Rows, Columns string
	Counts               [][]int
}

// cell is a square of the matrix.
type cell struct {
	X, Y, Count int
	Fill        string
	Ink         string
}

const cellSize = 44

// Write writes the matrix as SVG. Shades follow each row's share.
func (c Confusion) Write(w io.Writer) error {
	var cells []cell
	for i, row := range c.Counts {
		total := 0
		for _, n := range row {
			total += n
		}
		for j, n := range row {
			share := float64(n) / float64(max(total, 1))
			cells = append(cells, cell{X: j * cellSize, Y: i * cellSize, Count: n, Fill: shade(share), Ink: ink(share)})
		}
	}
	side := len(c.Counts) * cellSize
	return confusionTemplate.Execute(w, map[string]any{
		"Title": c.Title, "Rows": c.Rows, "Columns": c.Columns, "Cells": cells, "Size": cellSize,
		"Side": side, "Half": side / 2, "Width": side + 100, "Height": side + 120, "Ticks": ticks(len(c.Counts)),
	})
}

// tick is a class's number on an axis.
type tick struct{ Class, At int }

func ticks(n int) []tick {
	out := make([]tick, n)
	for i := range out {
		out[i] = tick{i, i*cellSize + cellSize/2}
	}
	return out
}

// shade goes from white to a dark blue.
func shade(share float64) string {
	mix := func(dark int) int { return 255 - int(share*float64(255-dark)) }
	return fmt.Sprintf("#%02x%02x%02x", mix(0x14), mix(0x3a), mix(0x6b))
}

func ink(share float64) string {
	if share > 0.5 {
		return "#ffffff"
	}
	return "#1a1a1a"
}
