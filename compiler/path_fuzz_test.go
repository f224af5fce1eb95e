package compiler

import (
	"fmt"
	"math/rand"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/zkml-go/zkml/budget"
	"github.com/zkml-go/zkml/compiler/graph"
	"github.com/zkml-go/zkml/compiler/onnx"
	"github.com/zkml-go/zkml/compiler/op"
	"github.com/zkml-go/zkml/tensor"
	"github.com/zkml-go/zkml/testkit/onnxtest"
	"github.com/zkml-go/zkml/visibility"
)

// few makes the budgets of graphs so small that an input of a fuzz target takes
// milliseconds.
func few(tb testing.TB) {
	for _, limit := range []*budget.Limit{&budget.Elements, &budget.Terms, &budget.Indices} {
		was := limit.Most
		limit.Most = 1 << 10
		tb.Cleanup(func() { limit.Most = was })
	}
	was := budget.Multiplications.Most
	budget.Multiplications.Most = 1 << 14
	tb.Cleanup(func() { budget.Multiplications.Most = was })
}

// fewBits are options under which circuits are small.
func fewBits(outputs ...string) Options {
	return Options{Model: ModelOptions{Outputs: outputs}, Reveal: visibility.Scores, Target: Target{Bits: 3}}
}

// compileAll takes a graph from its operators to counted rows, with few bits: an
// error, or a program whose integers stay within their ranges. A graph that is too
// large for the budgets ends early.
func compileAll(t *testing.T, g *graph.Graph) {
	t.Helper()
	asked := []Options{fewBits()} // all outputs together, and each by itself
	for _, output := range g.Outputs {
		asked = append(asked, fewBits(output.Name))
	}
	for _, o := range asked {
		r, err := Compile(g, o)
		if err != nil {
			continue
		}
		ranges, err := r.Program.Ranges()
		if err != nil {
			t.Fatal(err)
		}
		var zeros Sample
		for _, id := range r.IR.Inputs {
			zeros = append(zeros, make([]float64, r.IR.Size(id)))
		}
		values := r.Program.Run(r.Formats.encode(zeros)...)
		for v := range values {
			for i, x := range values[v] {
				if iv := ranges[v][i]; x < iv.Lo || x > iv.Hi {
					t.Fatalf("value %d, element %d: %d is outside [%d, %d]", v, i, x, iv.Lo, iv.Hi)
				}
			}
		}
		if r.Cost.Gates == 0 {
			t.Fatal("a circuit without gates")
		}
	}
}

// FuzzCompileFile takes the bytes of an ONNX file the whole way.
func FuzzCompileFile(f *testing.F) {
	few(f)
	for _, pattern := range []string{
		"../examples/*/models/*.onnx", "../../shared/data/faults/*/*.onnx", "../../shared/data/faults/quality/*/*.onnx",
	} {
		paths, err := filepath.Glob(pattern)
		if err != nil {
			f.Fatal(err)
		}
		for _, path := range paths {
			data, err := os.ReadFile(path)
			if err != nil {
				f.Fatal(err)
			}
			if len(data) < 4096 {
				f.Add(data)
			}
		}
	}
	f.Add(onnxtest.Encode(onnxtest.Mixed(), onnxtest.Opset))
	f.Fuzz(func(t *testing.T, data []byte) {
		g, err := onnx.Decode(data)
		if err != nil {
			return
		}
		compileAll(t, g)
	})
}

// FuzzCompileGraph reads its input as choices of operators, wires, shapes and
// attributes, so that most inputs are graphs which a decoder would let pass.
func FuzzCompileGraph(f *testing.F) {
	few(f)
	for i := range 64 {
		seed := make([]byte, 256)
		rand.New(rand.NewSource(int64(i))).Read(seed)
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		c := choices(data)
		compileAll(t, c.graph())
	})
}

// choices are bytes that decide, one each; zero when they are used up.
type choices []byte

func (c *choices) below(n int) int {
	if len(*c) == 0 {
		return 0
	}
	b := (*c)[0]
	*c = (*c)[1:]
	return int(b) % n
}

func (c *choices) shape() []int {
	shape := make([]int, c.below(5))
	for i := range shape {
		shape[i] = []int{1, 2, 3, 4, 2, 3, 1, 2, 3, 0}[c.below(10)]
	}
	return shape
}

// numbers are what constants and attributes hold.
var numbers = []float64{0, 1, -1, 2, 3, 0.5, -0.25, 100, 1e-6, -1e9}

func (c *choices) constant() *graph.Const {
	t := tensor.New[float64](c.shape()...)
	whole := c.below(2) == 1
	for i := range t.Data {
		if whole {
			t.Data[i] = float64(c.below(8) - 3)
		} else {
			t.Data[i] = numbers[c.below(len(numbers))]
		}
	}
	if whole {
		return &graph.Const{DType: graph.Int64, Float: t}
	}
	return &graph.Const{DType: graph.Float32, Float: t}
}

// attributes are names of attributes that operators read, by the field they use.
var attributes = map[string][]string{
	"int": {"axis", "keepdims", "group", "ceil_mode", "count_include_pad", "transA", "transB", "to",
		"select_last_index", "allowzero", "noop_with_empty_axes", "start", "end"},
	"ints":  {"axes", "perm", "kernel_shape", "pads", "strides", "dilations", "shape", "split"},
	"float": {"alpha", "beta", "epsilon", "gamma", "min", "max", "value_float"},
	"text":  {"auto_pad", "mode", "approximate"},
}

var texts = []string{"SAME_UPPER", "VALID", "constant", "reflect", "edge", "tanh"}

func (c *choices) attributes() map[string]graph.Attr {
	out := map[string]graph.Attr{}
	for range c.below(4) {
		switch c.below(4) {
		case 0:
			out[attributes["int"][c.below(len(attributes["int"]))]] = graph.Attr{Int: int64(c.below(9) - 3)}
		case 1:
			list := make([]int64, c.below(5))
			for i := range list {
				list[i] = int64(c.below(7) - 2)
			}
			out[attributes["ints"][c.below(len(attributes["ints"]))]] = graph.Attr{Ints: list}
		case 2:
			name := attributes["float"][c.below(len(attributes["float"]))]
			out[name] = graph.Attr{Float: numbers[c.below(len(numbers))]}
		case 3:
			out[attributes["text"][c.below(len(attributes["text"]))]] = graph.Attr{String: texts[c.below(len(texts))]}
		}
	}
	return out
}

func (c *choices) graph() *graph.Graph {
	x := graph.Value{Name: "x", DType: graph.Float32}
	if c.below(8) == 7 {
		x.DType = graph.Int64
	}
	for _, d := range c.shape() {
		x.Dims = append(x.Dims, graph.Dim{Size: d})
	}
	g := &graph.Graph{Inputs: []graph.Value{x}, Consts: map[string]*graph.Const{}}
	var names []string
	for i := range c.below(4) {
		name := fmt.Sprintf("c%d", i)
		g.Consts[name] = c.constant()
		names = append(names, name)
	}
	if c.below(4) == 3 { // a second input
		w := graph.Value{Name: "w", DType: []graph.DType{graph.Float32, graph.Int64, graph.Bool}[c.below(3)],
			Dims: x.Dims}
		g.Inputs = append(g.Inputs, w)
		names = append(names, w.Name)
	}
	names = append(names, "x")
	for i := range 1 + c.below(5) {
		y := fmt.Sprintf("y%d", i)
		g.Outputs = []graph.Value{{Name: y}}
		g.Nodes = append(g.Nodes, c.node(y, names))
		for range c.below(16) { // another one for a node that does not fit; the last may not either
			if _, err := NewModel(g, ModelOptions{}); err == nil {
				break
			}
			g.Nodes[i] = c.node(y, names)
		}
		names = append(names, y)
	}
	if n := len(g.Nodes); n > 1 && c.below(2) == 1 { // an inner value is an output too
		g.Outputs = append(g.Outputs, graph.Value{Name: g.Nodes[c.below(n-1)].Outputs[0]})
	}
	return g
}

// node reads the value before it, among others of names, some of them absent.
func (c *choices) node(output string, names []string) *graph.Node {
	specs := op.Specs()
	s := specs[c.below(len(specs))]
	n := &graph.Node{
		Name: output, Op: s.Name, Domain: s.Domain, Opset: s.Since[c.below(len(s.Since))],
		Outputs: []string{output}, Attrs: c.attributes(),
	}
	for range c.below(3) {
		if c.below(8) == 7 {
			n.Inputs = append(n.Inputs, "")
		} else {
			n.Inputs = append(n.Inputs, names[c.below(len(names))])
		}
	}
	at := 0
	if len(n.Inputs) > 0 {
		at = c.below(2)
	}
	n.Inputs = slices.Insert(n.Inputs, at, names[len(names)-1])
	return n
}

// TestChoicesReachTheEnd: enough of random inputs are graphs that compile, or the
// fuzz target would examine nothing but the first errors.
func TestChoicesReachTheEnd(t *testing.T) {
	few(t)
	rng := rand.New(rand.NewSource(1))
	compiled, ops := 0, map[string]bool{}
	for range 3000 {
		data := make([]byte, 256)
		rng.Read(data)
		c := choices(data)
		g := c.graph()
		if _, err := Compile(g, fewBits(g.Outputs[0].Name)); err == nil {
			compiled++
			for _, n := range g.Nodes {
				ops[n.Op] = true
			}
		}
	}
	if compiled < 600 || len(ops) < len(op.Specs())/2 {
		t.Errorf("%d of 3000 graphs compile, with %d of %d operators", compiled, len(ops), len(op.Specs()))
	}
	t.Logf("%d of 3000 graphs compile, with %d of %d operators", compiled, len(ops), len(op.Specs()))
}
