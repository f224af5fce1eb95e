package compiler

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"github.com/zkml-go/zkml/budget"
	"github.com/zkml-go/zkml/compiler/graph"
	"github.com/zkml-go/zkml/compiler/onnx"
	"github.com/zkml-go/zkml/compiler/op"
	"github.com/zkml-go/zkml/tensor"
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

// compileAll takes a graph from its operators to counted rows, with few bits: an
// error, or a program whose integers stay within their ranges. A graph that is too
// large for the budgets ends early.
func compileAll(t *testing.T, g *graph.Graph) {
	t.Helper()
	for _, output := range g.Outputs {
		r, err := Compile(g, Options{Model: ModelOptions{Output: output.Name}, Target: Target{Bits: 3}})
		if err != nil {
			continue
		}
		ranges, err := r.Program.Ranges()
		if err != nil {
			t.Fatal(err)
		}
		values := r.Program.Run(r.Formats.Input.Encode(make([]float64, r.IR.Size(r.IR.Inputs[0]))))
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
	for _, pattern := range []string{"onnx/testdata/*.onnx", "../../shared/data/faults/*/*.onnx", "../../shared/data/faults/quality/*/*.onnx"} {
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
	for i := range 64 { // each operator a few times, with different wires
		seed := make([]byte, 96)
		for k := range seed {
			seed[k] = byte(i*31 + k*k*(i+7) + k)
		}
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
		shape[i] = []int{1, 2, 3, 4, 0}[c.below(5)]
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
	"int": {"axis", "keepdims", "group", "ceil_mode", "count_include_pad", "transA", "transB", "to", "select_last_index",
		"allowzero", "noop_with_empty_axes", "start", "end"},
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
			out[attributes["float"][c.below(len(attributes["float"]))]] = graph.Attr{Float: numbers[c.below(len(numbers))]}
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
	names := []string{"x", ""}
	for i := range c.below(4) {
		name := fmt.Sprintf("c%d", i)
		g.Consts[name] = c.constant()
		names = append(names, name)
	}
	specs := op.Specs()
	for i := range 1 + c.below(6) {
		s := specs[c.below(len(specs))]
		n := &graph.Node{
			Name: fmt.Sprintf("n%d", i), Op: s.Name, Domain: s.Domain, Opset: s.Since[c.below(len(s.Since))],
			Outputs: []string{fmt.Sprintf("y%d", i)}, Attrs: c.attributes(),
		}
		n.Inputs = append(n.Inputs, names[len(names)-1])
		for range c.below(4) {
			n.Inputs = append(n.Inputs, names[c.below(len(names))])
		}
		g.Nodes = append(g.Nodes, n)
		names = append(names, n.Outputs[0])
	}
	g.Outputs = []graph.Value{{Name: names[len(names)-1], DType: graph.Float32}}
	return g
}
