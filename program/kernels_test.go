package program_test

import (
	"bytes"
	"flag"
	"fmt"
	"math/rand"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"text/tabwriter"

	"github.com/zkml-go/zkml/circuits"
	"github.com/zkml-go/zkml/program"
)

var update = flag.Bool("update", false, "rewrite the files of testdata")

// link is a step of a chain.
type link struct {
	kernel program.Kernel
	size   int   // of its output
	in     []int // nil for the value before
}

// chain makes a program of n 3-bit inputs from lo on, and steps node1, node2, ...
func chain(n int, lo int64, links ...link) *program.Program {
	p := &program.Program{Values: []program.Value{{Shape: []int{n}, Scale: 1}},
		Inputs: []program.Interval{{Lo: lo, Hi: lo + 7}}}
	for i, l := range links {
		in := l.in
		if in == nil {
			in = []int{i}
		}
		p.Values = append(p.Values, program.Value{Shape: []int{l.size}, Scale: 1})
		p.Steps = append(p.Steps, program.Step{Node: fmt.Sprintf("node%d", i+1), Kernel: l.kernel, In: in, Out: i + 1})
	}
	p.Outputs = []int{len(links)}
	return p
}

// dense is a layer of m rows over n inputs with weights up to span.
func dense(seed int64, n, m int, span int64) *program.Linear {
	r := rand.New(rand.NewSource(seed))
	var rows []program.LinearRow
	for range m {
		row := program.LinearRow{Bias: r.Int63n(2*span+1) - span}
		for j := range n {
			row.Terms = append(row.Terms, circuits.RowTerm{Index: int32(j), W: r.Int63n(2*span+1) - span})
		}
		rows = append(rows, row)
	}
	return program.NewLinear(rows...)
}

// apart gives each row of a layer a chain of its own.
func apart(l *program.Linear) *program.Linear {
	l.Unpacked = true
	return l
}

// secret hides a layer's weights behind a limit of its sums.
func secret(l *program.Linear, limit int64) *program.Linear {
	l.Secret, l.Limit = true, limit
	return l
}

func saturation(shift int, base int64, bits int) *program.Saturate {
	return &program.Saturate{By: []circuits.Saturation{{Shift: shift, Base: base, Bits: bits}}}
}

// grove has three random trees of the given depth, with leaves up to span.
func grove(seed int64, bits, depth, outputs int, span int64) *program.Trees {
	r := rand.New(rand.NewSource(seed))
	t := &program.Trees{Bias: make([]int64, outputs)}
	for k := range t.Bias {
		t.Bias[k] = r.Int63n(5)
	}
	var tree func(depth int) int32
	tree = func(depth int) int32 {
		if depth == 0 || r.Intn(5) == 0 {
			for range outputs {
				t.Leaves = append(t.Leaves, r.Int63n(2*span+1)-span)
			}
			return -int32(len(t.Leaves) / outputs)
		}
		high, low := tree(depth-1), tree(depth-1)
		t.Bit, t.High, t.Low = append(t.Bit, int32(r.Intn(bits))), append(t.High, high), append(t.Low, low)
		return int32(len(t.Bit) - 1)
	}
	for range 3 {
		t.Roots = append(t.Roots, tree(depth))
	}
	return t
}

// hide makes leaves secrets behind a limit of their sums.
func hide(t *program.Trees) *program.Trees {
	t.Secret, t.Limit = true, 1<<8
	return t
}

// falling is an exponential's table of n entries.
func falling(n int) []int64 {
	out := make([]int64, n)
	for i := range out {
		out[i] = max(int64(64)>>i, 1)
	}
	return out
}

// logs is a logarithm's table: that to the base of 2, for 1 .. n.
func logs(n int) []int64 {
	out := make([]int64, n)
	for i := range out {
		for 1<<(out[i]+1) <= i+1 {
			out[i]++
		}
	}
	return out
}

type example struct {
	name  string
	digit int
	*program.Program
}

// examples has every kernel alone, and those chains in which values stay open,
// have several readers, or lose and gain elements on the way.
func examples() []example {
	pool := &program.Max{Windows: [][]int32{{0, 1}, {2, 3}}}
	relu := saturation(2, 0, 3)
	groups := [][]int32{{0, 2}, {1, 3}}
	return append(append(places(), quotients()...), []example{
		{"linear", 4, chain(4, -4, link{dense(1, 4, 5, 7), 5, nil})},
		{"linear, a chain a row", 4, chain(4, -4, link{apart(dense(1, 4, 5, 1)), 5, nil})},
		{"linear, secret weights", 4, chain(4, -4, link{secret(dense(1, 4, 5, 7), 1<<10), 5, nil})},
		{"linear over two inputs", 4, chain(3, -4, link{dense(1, 3, 3, 7), 3, nil},
			link{dense(2, 6, 2, 3), 2, []int{0, 1}})},
		{"saturate", 4, chain(3, -4, link{saturation(1, -1, 1), 3, nil})},
		{"saturate by groups", 4, chain(3, -4, link{&program.Saturate{
			By: []circuits.Saturation{{Bits: 2}, {Shift: 1, Base: -2, Bits: 2}}, Group: []int32{1, 0, 1}}, 3, nil})},
		{"table", 4, chain(2, -4, link{&program.Table{Name: "square", First: -5,
			Out: []int64{25, 16, 9, 4, 1, 0, 1, 4, 9, 16}}, 2, nil})},
		{"max", 4, chain(4, -4, link{pool, 2, nil})},
		{"argmax", 4, chain(4, -4, link{&program.ArgMax{Groups: groups}, 2, nil})},
		{"argmax, last", 4, chain(4, -4, link{&program.ArgMax{Groups: groups, Last: true}, 2, nil})},
		{"move", 4, chain(3, 0, link{&program.Move{In: []int32{0, 0, 0}, Index: []int32{2, 0, 2}}, 3, nil})},
		{"product", 4, chain(3, -4, link{&program.Product{A: []int32{0, 1}, B: []int32{1, 1}}, 2, []int{0, 0}})},
		{"dot", 4, chain(6, -4, link{&program.Dot{N: 2, K: 2, M: 1, A: []int32{0, 1}, B: []int32{4, 4}}, 4,
			[]int{0, 0}})},
		{"softmax", 4, chain(4, -4, link{&program.Softmax{Groups: groups, Exp: falling(4), Bits: 4}, 4, nil})},
		{"softmax of one", 4, chain(1, -4, link{&program.Softmax{Groups: [][]int32{{0}}, Exp: falling(8), Bits: 3},
			1, nil})},
		{"softmax, then a table", 4, chain(3, -4,
			link{&program.Softmax{Groups: [][]int32{{0, 1, 2}}, Exp: falling(8), Bits: 3}, 3, nil},
			link{&program.Table{Name: "parity", Out: []int64{0, 1, 0, 1, 0, 1, 0, 1, 0}}, 3, nil})},
		{"log-softmax", 4, chain(4, -4, link{&program.Softmax{Groups: groups, Exp: falling(8), Log: logs(64),
			LogShift: 2}, 4, nil})},
		{"splits", 4, chain(3, -4, link{&program.Splits{Index: []int32{0, 2, 2, 0, 2}, From: []int64{0, 3, -2, 0, 9}},
			5, nil})},
		{"splits of open sums, trees", 4, chain(3, -4, link{dense(2, 3, 3, 3), 3, nil},
			link{&program.Splits{Index: []int32{0, 1, 1, 2}, From: []int64{1, -3, 4, 0}}, 4, nil},
			link{grove(5, 4, 3, 2, 9), 2, nil})},
		{"trees, argmax", 4, chain(2, -4,
			link{&program.Splits{Index: []int32{0, 1, 1}, From: []int64{1, -2, 3}}, 3, nil},
			link{grove(6, 3, 4, 3, 4), 3, nil}, link{&program.ArgMax{Groups: [][]int32{{0, 1, 2}}}, 1, nil})},
		{"linear, saturate, max, linear, argmax", 4, chain(4, 0,
			link{dense(3, 4, 4, 5), 4, nil}, link{relu, 4, nil}, link{pool, 2, nil},
			link{dense(4, 2, 3, 6), 3, nil}, link{&program.ArgMax{Groups: [][]int32{{0, 1, 2}}}, 1, nil})},
		{"linear, max, saturate", 3, chain(4, -3, link{dense(3, 4, 4, 5), 4, nil}, link{pool, 2, nil},
			link{relu, 2, nil})},
		{"linear, overlapping max", 4, chain(3, -3, link{dense(3, 3, 3, 5), 3, nil},
			link{&program.Max{Windows: [][]int32{{0, 1}, {1, 2}, {2}}}, 3, nil}, link{relu, 3, nil})},
		{"residual sum", 4, chain(3, 0, link{dense(5, 3, 3, 3), 3, nil}, link{saturation(2, -4, 3), 3, nil},
			link{dense(6, 6, 3, 2), 3, []int{1, 2}}, link{relu, 3, nil})},
		{"two readers of open sums", 4, chain(2, 0, link{dense(7, 2, 3, 3), 3, nil}, link{relu, 3, nil},
			link{saturation(1, -2, 2), 3, []int{1}}, link{dense(8, 6, 2, 3), 2, []int{2, 3}})},
		{"a move of open sums", 4, chain(3, 0, link{dense(9, 3, 5, 3), 5, nil},
			link{&program.Move{In: []int32{0, 0, 0, 0}, Index: []int32{4, 1, 4, 0}}, 4, nil}, link{relu, 4, nil})},
		{"sums that are dropped", 4, chain(3, 0, link{dense(9, 3, 6, 3), 6, nil},
			link{&program.Move{In: []int32{0}, Index: []int32{3}}, 1, nil}, link{relu, 1, nil})},
		{"maxima that are dropped", 4, chain(4, 0, link{dense(9, 4, 4, 3), 4, nil}, link{pool, 2, nil},
			link{&program.Move{In: []int32{0}, Index: []int32{1}}, 1, nil}, link{relu, 1, nil})},
	}...)
}

// quotients are examples of quotients: rounded, of both signs, and of open values.
func quotients() []example {
	all := []int32{0, 1, 2}
	whole := circuits.Division{Num: 1, Den: 1, Rounding: circuits.ToZero}
	rest := whole
	rest.Rest = true
	return []example{
		{"quotient", 4, chain(3, -4, link{&program.Quotient{A: all, B: []int32{1, 2, 2},
			By: circuits.Division{Num: 5, Den: 2}}, 3, []int{0, 0}})},
		{"quotient, rest", 4, chain(3, -4, link{&program.Quotient{A: all, B: []int32{1, 2, 0}, By: rest}, 3,
			[]int{0, 0}})},
		{"quotient of open sums", 4, chain(2, -4, link{dense(7, 2, 2, 3), 2, nil},
			link{&program.Quotient{A: all[:1], B: all[1:2], By: whole}, 1, []int{1, 1}})},
	}
}

// places are examples of elements that are put in order.
func places() []example {
	return []example{
		{"top", 4, chain(4, -4, link{&program.Top{Groups: [][]int32{{3, 0, 2}, {1, 1, 2}}, K: 2}, 12, nil})},
		{"top of open sums", 4, chain(3, -4, link{dense(2, 3, 3, 3), 3, nil},
			link{&program.Top{Groups: [][]int32{{0, 1, 2}}, K: 3}, 9, nil})},
	}
}

// secrets are the kernels of private trees.
func secrets() []example {
	return []example{
		{"secret splits", 4, chain(3, -4, link{&program.Splits{Index: []int32{0, 2, 2, 0, 2, 1},
			From: []int64{0, 3, -2, 0, 9, -4}, Rank: []int32{0, 1, 0, 1, 2, 0}}, 6, nil})},
		{"secret splits of open sums, secret trees", 4, chain(3, -4, link{secret(dense(2, 3, 3, 3), 1<<8), 3, nil},
			link{&program.Splits{Index: []int32{0, 1, 1, 2}, From: []int64{1, -3, 4, 0}, Rank: []int32{0, 0, 1, 0}}, 4,
				nil}, link{hide(grove(5, 4, 3, 2, 9)), 2, nil})},
	}
}

func TestKernels(t *testing.T) {
	r := rand.New(rand.NewSource(1))
	for _, e := range append(examples(), secrets()...) {
		t.Run(e.name, func(t *testing.T) { examine(t, r, e.Program, e.digit, 2) })
	}
}

// TestGateCounts compares the gates of each example's steps with
// testdata/gates.golden.
func TestGateCounts(t *testing.T) {
	var b bytes.Buffer
	w := tabwriter.NewWriter(&b, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "program\tsteps\tlookups\tcircuit")
	for _, e := range append(examples(), secrets()...) {
		cost, err := statement(e.Program, privacyNone, scores, e.digit).Count()
		if err != nil {
			t.Fatal(err)
		}
		steps, lookups := 0, 0
		for _, part := range cost.Parts {
			switch part.Name {
			case "input", "output":
			case "lookups":
				lookups = part.Gates
			default:
				steps += part.Gates
			}
		}
		fmt.Fprintf(w, "%s\t%d\t%d\t%d\n", e.name, steps, lookups, cost.Gates)
	}
	w.Flush()
	compareGolden(t, "gates.golden", b.String())
}

// TestText pins the printed form of a program, with a kernel of every kind.
func TestText(t *testing.T) { compareGolden(t, "text.golden", onePerKind().Text()) }

// compareGolden compares text with a file of testdata, or rewrites the file.
func compareGolden(t *testing.T, name, got string) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if got != string(want) {
		t.Errorf("%s is not up to date; if that is meant, run go test with -update. Now it is\n%s", path, got)
	}
}

// broken is a kernel whose circuit misuses a gadget.
type broken struct{ *program.Move }

// Define implements program.Kernel.
func (broken) Define(*circuits.Builder, [][]*circuits.Value, []circuits.Window) ([]*circuits.Value, error) {
	panic("misuse")
}

// TestMisuseNamesTheNode: a panic of a gadget becomes an error at the node.
func TestMisuseNamesTheNode(t *testing.T) {
	p := chain(1, 0, link{broken{&program.Move{In: []int32{0}, Index: []int32{0}}}, 1, nil})
	_, err := statement(p, privacyNone, scores, 4).Count()
	if err == nil || !strings.Contains(err.Error(), "node1: ") || !strings.Contains(err.Error(), "misuse") {
		t.Errorf("got %v", err)
	}
}

// TestMaxPoolPadding: padding is −∞, so a window at the border holds real elements
// alone; a zero in its place would win over negative ones.
func TestMaxPoolPadding(t *testing.T) {
	border := &program.Max{Windows: [][]int32{{0}, {0, 1}, {1}}} // a 1-D pool of 2 with a pad of 1
	p := chain(2, -9, link{border, 3, nil})
	examine(t, rand.New(rand.NewSource(1)), p, 4, 2)
	got := p.Eval([]int64{-5, -7})[0]
	for i, want := range []int64{-5, -5, -7} {
		if got[i] != want {
			t.Errorf("window %d gives %d, want %d", i, got[i], want)
		}
	}
}

// TestValuesInAnyOrder: values are numbered as their author likes.
func TestValuesInAnyOrder(t *testing.T) {
	one := program.Value{Shape: []int{1}, Scale: 1}
	p := &program.Program{
		Inputs: []program.Interval{{Hi: 7}},
		Values: []program.Value{{Shape: []int{2}, Scale: 1}, one, one, {Shape: []int{2}, Scale: 1}},
		Steps: []program.Step{
			{Node: "linear", Kernel: dense(1, 2, 2, 4), In: []int{0}, Out: 3},
			{Node: "max", Kernel: &program.Max{Windows: [][]int32{{0, 1}}}, In: []int{3}, Out: 1},
			{Node: "relu", Kernel: saturation(1, 0, 3), In: []int{1}, Out: 2},
		},
		Outputs: []int{2},
	}
	examine(t, rand.New(rand.NewSource(1)), p, 4, 2)
	p.Steps[1].Out, p.Steps[2].In[0] = 2, 2
	p.Steps[2].Out, p.Outputs = 1, []int{1}
	examine(t, rand.New(rand.NewSource(1)), p, 4, 2)
}

// TestTableRanges compares the ranges of long tables with what every index gives.
func TestTableRanges(t *testing.T) {
	r := rand.New(rand.NewSource(1))
	k := &program.Table{Name: "long", First: -5, Out: make([]int64, 10_000)}
	for i := range k.Out {
		k.Out[i] = r.Int63n(1_000_000)
	}
	for range 300 {
		a, b := r.Int63n(10_000), r.Int63n(10_000)
		lo, hi := min(a, b), max(a, b)
		got, err := k.Range([][]program.Interval{{{Lo: lo - 5, Hi: hi - 5}}})
		if err != nil {
			t.Fatal(err)
		}
		run := k.Out[lo : hi+1]
		if want := (program.Interval{Lo: slices.Min(run), Hi: slices.Max(run)}); got[0] != want {
			t.Fatalf("from %d to %d: %v, want %v", lo, hi, got[0], want)
		}
	}
}

// TestDifferentTables counts tables that steps share once.
func TestDifferentTables(t *testing.T) {
	p := &program.Program{}
	for _, k := range []program.Kernel{
		&program.Table{Name: "a", Out: []int64{1, 2}}, &program.Table{Name: "b", Out: []int64{1, 2}},
		&program.Table{Name: "a", First: 1, Out: []int64{1, 2}},
		&program.Softmax{Exp: []int64{1, 2}}, &program.Softmax{Exp: []int64{1, 2}, Log: []int64{3}},
		&program.Saturate{},
	} {
		p.Steps = append(p.Steps, program.Step{Kernel: k})
	}
	if n := p.DifferentTables(); n != 3 {
		t.Errorf("%d tables, not 3", n)
	}
	if n := len(p.Tables()); n != 6 {
		t.Errorf("%d uses, not 6", n)
	}
}
