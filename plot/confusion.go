package plot

import (
	"fmt"
	"io"
	"math"
	"strconv"
)

// Confusion describes a confusion matrix: Counts[i][j] is the number of samples of
// class i, told as Rows says, that were classified as j, as Columns says.
type Confusion struct {
	Title, Rows, Columns string
	// Share is what the part of the samples on the diagonal is: accuracy, or agreement.
	Share  string
	Counts [][]int
}

// cell is a square of the matrix.
type cell struct {
	X, Y  int
	Fill  string
	Words words
}

const (
	leastCell   = 44
	countSize   = 12
	matrixLeft  = 78 // of the cells, with room for an axis and its name
	matrixTop   = 108
	matrixFoot  = 44
	matrixWidth = 340 // at least
	// mostZeros is the most classes of a matrix that shows where no sample is.
	mostZeros = 64
	footnote  = "shades: share of each row"
)

// Write writes the matrix as SVG. Shades follow each row's share.
func (c Confusion) Write(w io.Writer) error {
	n, right := c.sums()
	size, left := c.sizes()
	side := len(c.Counts) * size
	width := max(left+side+margin, matrixWidth)
	note := fmt.Sprintf("n = %d", n)
	if n > 0 {
		note += fmt.Sprintf(", %s %.2f %%", c.Share, 100*float64(right)/float64(n))
	}
	head := []words{
		{X: margin, Y: 28, Size: 15, Bold: true, Text: c.Title}, {X: margin, Y: 48, Size: 12, Fill: grey, Text: note},
	}
	columns := words{Y: matrixTop - 30, Size: 12, Bold: true, Text: c.Columns}
	columns.X = left + max(side-columns.room(), 0)/2
	foot := words{X: left, Y: matrixTop + side + 26, Size: 10.5, Fill: grey, Text: footnote}
	width = max(width, margin+head[1].room()+margin, columns.X+columns.room()+margin, left+foot.room()+margin)
	for i, line := range append(head, columns, foot) {
		head = append(head[:i], line.in(width-line.X-margin))
	}
	rows := words{X: margin + 14, Size: 12, Bold: true, Turned: true, Text: c.Rows}
	height := matrixTop + max(side, rows.room()) + matrixFoot
	rows.Y = matrixTop + (max(side, rows.room())+rows.room())/2
	return confusionTemplate.Execute(w, map[string]any{
		"Family": Family, "Title": c.Title, "Head": head, "Rows": rows.in(rows.room()), "Cells": c.cells(size, left),
		"Ticks": c.ticks(size, left), "Size": size, "Width": width, "Height": height,
	})
}

// sums counts the samples, and those on the diagonal.
func (c Confusion) sums() (n, right int) {
	for i, row := range c.Counts {
		for j, k := range row {
			n += k
			if i == j {
				right += k
			}
		}
	}
	return n, right
}

// sizes are the width of a cell, which has room for the largest count and the largest
// class, and the x at which the cells begin.
func (c Confusion) sizes() (size, left int) {
	most := len(c.Counts)
	for _, row := range c.Counts {
		for _, k := range row {
			most = max(most, k)
		}
	}
	widest := words{Size: countSize, Text: strconv.Itoa(most)}
	class := words{Size: countSize, Text: strconv.Itoa(len(c.Counts))}
	return max(leastCell, widest.room()+padding), max(matrixLeft, margin+24+class.room()+padding)
}

func (c Confusion) cells(size, left int) []cell {
	var out []cell
	for i, row := range c.Counts {
		total := 0
		for _, n := range row {
			total += n
		}
		for j, n := range row {
			red, green, blue := shade(float64(n) / float64(max(total, 1)))
			x, y := left+j*size, matrixTop+i*size
			count := strconv.Itoa(n)
			if n == 0 && len(c.Counts) > mostZeros {
				count = ""
			}
			text := words{X: x + size/2, Y: y + size/2 + 4, Size: countSize, Anchor: "middle",
				Fill: ink(red, green, blue), Text: count}
			out = append(out, cell{X: x, Y: y, Fill: fmt.Sprintf("#%02x%02x%02x", red, green, blue),
				Words: text.in(size)})
		}
	}
	return out
}

// ticks are the classes' numbers, above the columns and before the rows.
func (c Confusion) ticks(size, left int) []words {
	var out []words
	for i := range c.Counts {
		class := words{Size: countSize, Text: strconv.Itoa(i)}
		above, before := class, class
		above.X, above.Y, above.Anchor = left+i*size+size/2, matrixTop-10, "middle"
		before.X, before.Y, before.Anchor = left-padding, matrixTop+i*size+size/2+4, "end"
		out = append(out, above.in(size), before.in(left))
	}
	return out
}

// shade goes from white to a dark blue.
func shade(share float64) (red, green, blue int) {
	mix := func(dark int) int { return 255 - int(share*float64(255-dark)) }
	return mix(0x14), mix(0x3a), mix(0x6b)
}

// ink is black or white, whichever can be read better on a colour: its contrast with the
// colour, as WCAG 2 defines it, is at least √21, which is more than 4.5.
func ink(red, green, blue int) string {
	l := luminance(red, green, blue)
	if (l+flare)*(l+flare) < (1+flare)*flare {
		return "#ffffff"
	}
	return black
}

// flare is what WCAG adds to each luminance.
const flare = 0.05

// luminance is WCAG's relative luminance of a colour in sRGB.
func luminance(red, green, blue int) float64 {
	linear := func(c int) float64 {
		v := float64(c) / 255
		if v <= 0.04045 {
			return v / 12.92
		}
		return math.Pow((v+0.055)/1.055, 2.4)
	}
	return float64(0.2126*linear(red)) + float64(0.7152*linear(green)) + float64(0.0722*linear(blue))
}
