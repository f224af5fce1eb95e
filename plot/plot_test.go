package plot_test

import (
	"bytes"
	"fmt"
	"io"
	"math/rand"
	"slices"
	"strings"
	"testing"

	"github.com/zkml-go/zkml/plot"
	"github.com/zkml-go/zkml/testkit/svgtest"
)

// draw writes a picture twice, as the same bytes, and examines it.
func draw(t *testing.T, write func(io.Writer) error) (*svgtest.Picture, string) {
	t.Helper()
	var a, b bytes.Buffer
	if err := write(&a); err != nil {
		t.Fatal(err)
	}
	if err := write(&b); err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(a.Bytes(), b.Bytes()) {
		t.Error("two drawings differ")
	}
	return svgtest.Check(t, a.Bytes()), a.String()
}

const hostile = "</text><script>alert('1')</script>&\"\x1b[31m\u202e"

// hostileShown is how that reads.
const hostileShown = `</text><script>alert('1')</script>&"\u001b[31m\u202e`

// accents is a letter with too many marks, which would stand upon each other.
var accents = "x" + strings.Repeat("\u0301", 50)

// names are such as a model's file may have.
var names = []string{
	"", "fc1 (Gemm)", strings.Repeat("W", 300), "/model/encoder/layers.0/attention/self/query/MatMul (MatMul)",
	"ilililili", "слой 1, 層 (Conv)", strings.Repeat("層", 100), accents, accents[1:], hostile,
}

// residual is a network with two skip connections, one of them from the input.
func residual() plot.Graph {
	return plot.Graph{
		Title: "residual", Note: "900 rows, padded to 1024",
		Nodes: []plot.Node{
			{Name: "input x", Detail: "[8], public", Rows: 40},
			{Name: "fc1 (Gemm)", Detail: "linear[8 rows, 64 terms]", Rows: 100, In: []int{0}},
			{Name: "relu (Relu)", Detail: "saturate[>> 6 to 0..255]", Rows: 64, In: []int{1}},
			{Name: "sigmoid (Sigmoid)", Detail: "table of 256", Table: 500, In: []int{2}},
			{Name: "add (Add)", Detail: "linear[8 rows, 16 terms]", Rows: 8, In: []int{3, 1}},
			{Name: "add2 (Add)", Rows: 8, Table: 30, In: []int{4, 0, 0}},
			{Name: "output y", In: []int{5}},
		},
		Shared: []plot.Node{{Name: "lookups", Detail: "range checks", Rows: 200}, {Name: "signature", Rows: 1}},
	}
}

func TestGraph(t *testing.T) {
	p, text := draw(t, residual().Write)
	skips := 0
	for _, e := range p.Edges {
		if e.Skip {
			skips++
		}
	}
	if len(p.Edges) != 8 || skips != 2 || len(p.Boxes) != 9 || len(p.Legend) != 1 || len(p.Samples) != 2 {
		t.Errorf("%d edges, %d of them skip, %d boxes, %d legends with %d edges", len(p.Edges), skips, len(p.Boxes),
			len(p.Legend), len(p.Samples))
	}
	for _, want := range []string{
		"residual", "900 rows, padded to 1024", "fc1 (Gemm)", "100 rows", "500 rows of its table",
		"8 rows, and 30 of its table", "rows of its table, among the lookups", "a result, to what reads it",
		"skip connection: read again further on",
	} {
		if !strings.Contains(text, ">"+want+"<") {
			t.Errorf("no text %q in the picture", want)
		}
	}
}

// TestLegendSaysWhatIsThere and nothing else.
func TestLegendSaysWhatIsThere(t *testing.T) {
	p, text := draw(t, plot.Graph{Nodes: []plot.Node{{Name: "a"}, {Name: "b", Rows: 1, In: []int{0}}}}.Write)
	if len(p.Legend) != 1 || strings.Contains(text, "skip connection") || strings.Contains(text, "its table") {
		t.Errorf("the legend explains what is not there: %s", text)
	}
	if p, _ := draw(t, plot.Graph{}.Write); len(p.Legend)+len(p.Boxes)+len(p.Edges) != 0 {
		t.Errorf("an empty graph shows %+v", p)
	}
}

// TestNamesFit: names lose their middle, and the box's title has all of them.
func TestNamesFit(t *testing.T) {
	for _, name := range names {
		g := plot.Graph{Title: name, Note: "1 row", Nodes: []plot.Node{{Name: name, Detail: name, Rows: 1 << 30},
			{Name: name, Detail: name, Rows: 1 << 30, Table: 1 << 30, In: []int{0}}}}
		p, text := draw(t, g.Write)
		if strings.Contains(text, "<script") || strings.ContainsAny(text, "\x1b\u202e") {
			t.Errorf("a name is not escaped: %s", text)
		}
		shown := strings.ReplaceAll(name, hostile, hostileShown)
		if len(p.Titles) != 3 || p.Titles[0] != shown || !strings.HasPrefix(p.Titles[1], shown) {
			t.Errorf("titles %q", p.Titles)
		}
		if name == names[3] && (!strings.Contains(text, ">/model/enc") || !strings.Contains(text, "(MatMul)<")) {
			t.Errorf("a shortened name has no beginning or no end: %s", text)
		}
		if slices.ContainsFunc(p.Texts, func(t svgtest.Text) bool { return strings.Count(t.Content, "\u0301") > 2 }) {
			t.Errorf("a letter keeps all accents: %q", name)
		}
		matrix := plot.Confusion{Title: name, Rows: "actual", Columns: "predicted", Share: "accuracy",
			Counts: [][]int{{1, 0}, {0, 1}}}
		draw(t, matrix.Write)
	}
}

// TestGraphsOfAnyForm examines random graphs: many inputs of a box, many readers of one,
// several columns.
func TestGraphsOfAnyForm(t *testing.T) {
	r := rand.New(rand.NewSource(1))
	for range 150 {
		g := plot.Graph{Title: "random", Note: "of many rows"}
		edges := 0
		near := 1 + r.Intn(12)
		for i := range 1 + r.Intn(25) {
			n := plot.Node{Name: fmt.Sprint("node ", i), Detail: "a step", Rows: r.Intn(1000), Table: r.Intn(3)}
			seen := map[int]bool{}
			for range min(i, r.Intn(4)) {
				k := i - 1 - r.Intn(min(i, near))
				n.In = append(n.In, k)
				seen[k] = true
			}
			edges += len(seen)
			g.Nodes = append(g.Nodes, n)
		}
		if p, _ := draw(t, g.Write); len(p.Edges) != edges || t.Failed() {
			t.Fatalf("%d edges, want %d, of %+v", len(p.Edges), edges, g)
		}
	}
}

func TestGraphStandsBelowWhatItReads(t *testing.T) {
	g := plot.Graph{Nodes: []plot.Node{{Name: "a"}, {Name: "b", In: []int{0}}, {Name: "c", In: []int{0}},
		{Name: "d", In: []int{1, 2}}}}
	p, _ := draw(t, g.Write)
	b := p.Boxes
	if !(b[0].Top < b[1].Top && b[1].Top == b[2].Top && b[2].Top < b[3].Top && b[1].Left != b[2].Left) {
		t.Errorf("places %+v", b)
	}
}

func TestConfusion(t *testing.T) {
	c := plot.Confusion{Title: "a < b", Rows: "actual", Columns: "predicted", Share: "accuracy",
		Counts: [][]int{{7, 0}, {1, 12}}}
	p, text := draw(t, c.Write)
	for _, want := range []string{"a &lt; b", "n = 20, accuracy 95.00 %", "actual", "predicted", "7", "12", "0"} {
		if !strings.Contains(text, ">"+want+"<") {
			t.Errorf("no text %q in the picture", want)
		}
	}
	if len(p.Boxes) != 4 {
		t.Errorf("%d cells", len(p.Boxes))
	}
	if _, text := draw(t, plot.Confusion{Share: "accuracy"}.Write); strings.Contains(text, "accuracy") {
		t.Errorf("no sample is accurate: %s", text)
	}
}

// TestLargeMatrix leaves out zeros.
func TestLargeMatrix(t *testing.T) {
	counts := make([][]int, 70)
	for i := range counts {
		counts[i] = make([]int, len(counts))
	}
	counts[3][4] = 5
	var b bytes.Buffer
	if err := (plot.Confusion{Counts: counts}).Write(&b); err != nil {
		t.Fatal(err)
	}
	if n := strings.Count(b.String(), "<text"); n != 2*len(counts)+3 { // classes, the count, n, the footnote
		t.Errorf("%d texts", n)
	}
}

// TestManyBoxes: a line of many boxes, all of which the last one reads, is soon drawn.
func TestManyBoxes(t *testing.T) {
	var g plot.Graph
	last := plot.Node{Name: "last"}
	for i := range 3000 {
		g.Nodes = append(g.Nodes, plot.Node{Name: "one of many"})
		last.In = append(last.In, i)
	}
	g.Nodes = append(g.Nodes, last)
	var b bytes.Buffer
	if err := g.Write(&b); err != nil {
		t.Fatal(err)
	}
	if n := strings.Count(b.String(), `class="edge"`); n != len(last.In)+1 {
		t.Errorf("%d edges", n)
	}
}

// TestCellsCanBeRead: every shade that a cell can have, and every size of a matrix.
func TestCellsCanBeRead(t *testing.T) {
	for n := range 1001 {
		draw(t, plot.Confusion{Title: "shades", Rows: "actual", Columns: "predicted", Share: "accuracy",
			Counts: [][]int{{n, 1000 - n}, {123456789, n}}}.Write)
	}
	for _, n := range []int{1, 3, 10, 26, 40} {
		counts := make([][]int, n)
		for i := range counts {
			counts[i] = make([]int, n)
			counts[i][i] = 1000 * i
		}
		draw(t, plot.Confusion{Title: "sizes", Rows: "predicted by the float model",
			Columns: "predicted by the integer model", Share: "agreement with the float model", Counts: counts}.Write)
	}
}

// curves is a chart with so many series.
func curves(n int) plot.Chart {
	c := plot.Chart{Title: "rows", Note: "of random ensembles", X: "nodes", Y: "rows"}
	for i := range n {
		s := plot.Series{Name: fmt.Sprintf("series %d", i)}
		for k := 1; k <= 6; k++ {
			s.Points = append(s.Points, plot.Point{X: float64(100 * k * k), Y: float64((i + 1) * k * 700)})
		}
		c.Series = append(c.Series, s)
	}
	return c
}

func TestChart(t *testing.T) {
	p, text := draw(t, curves(5).Write)
	if len(p.Lines) != 5 || len(p.Boxes) != 1 || len(p.Legend) != 1 || len(p.Edges) != 0 {
		t.Errorf("%d lines, %d boxes, %d legends, %d edges", len(p.Lines), len(p.Boxes), len(p.Legend), len(p.Edges))
	}
	for _, want := range []string{"rows", "of random ensembles", "nodes", "series 4", "100", "5000", "500", "50000"} {
		if !strings.Contains(text, ">"+want+"<") {
			t.Errorf("%q is not there", want)
		}
	}
	for i, l := range p.Lines {
		first, last := l.Points[0], l.Points[len(l.Points)-1]
		if len(l.Points) != 6 || first.X != p.Boxes[0].Left || last.Y >= first.Y {
			t.Errorf("line %d is %v in %v", i, l.Points, p.Boxes[0])
		}
	}
	if a, b := p.Lines[0].Points, p.Lines[1].Points; a[0].Y-b[0].Y != a[3].Y-b[3].Y {
		t.Errorf("twice as much is not as far everywhere: %v, %v", a, b)
	}
}

// TestOddCharts: none, one and like points, numbers of all sizes, and names from anywhere.
func TestOddCharts(t *testing.T) {
	at := func(x, y float64) plot.Series { return plot.Series{Name: "s", Points: []plot.Point{{X: x, Y: y}}} }
	for name, c := range map[string]plot.Chart{
		"nothing":   {},
		"no points": {Title: "t", Series: []plot.Series{{Name: "s"}}},
		"one":       {Series: []plot.Series{at(7, 7)}},
		"alike":     {Series: []plot.Series{at(5, 50), at(5, 50)}},
		"far":       {Series: []plot.Series{at(1e-6, 1), at(1e9, 1e12)}},
		"near":      {Series: []plot.Series{at(101, 1001), at(102, 1002)}},
	} {
		t.Run(name, func(t *testing.T) { draw(t, c.Write) })
	}
	for _, name := range names {
		c := curves(2)
		c.Title, c.Note, c.X, c.Y, c.Series[0].Name = name, name, name, name, name
		draw(t, c.Write)
	}
}
