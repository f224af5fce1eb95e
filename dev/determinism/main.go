// Command determinism prints digests of what small models compile to: their formats
// and their integer programs. Its test builds it for several settings of one
// processor, which all must print the same. It must not know what differs. Nobody
// imports it.
package main

import (
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"math"
	"os"

	"github.com/zkml-go/zkml/compiler"
	"github.com/zkml-go/zkml/compiler/graph"
	"github.com/zkml-go/zkml/program"
	"github.com/zkml-go/zkml/tensor"
	"github.com/zkml-go/zkml/visibility"
)

func main() {
	for _, m := range models() {
		line, err := digest(m)
		if err != nil {
			fmt.Fprintf(os.Stderr, "determinism: %s: %v\n", m.name, err)
			os.Exit(1)
		}
		fmt.Println(line)
	}
}

// model is a graph with options to compile it.
type model struct {
	name    string
	graph   *graph.Graph
	options compiler.Options
}

func models() []model {
	formats := &compiler.Formats{
		Input: &compiler.InputFormat{Bits: 8, Scale: 1.0 / 256},
		Steps: []compiler.StepFormat{{Node: "fc (Gemm) + bn (BatchNormalization)", Sum: []float64{1.0 / 128}}},
	}
	r := random(1)
	return []model{
		{name: "halves", graph: halves(), options: compiler.Options{Formats: formats}},
		{name: "deep", graph: deep(r), options: compiler.Options{
			Samples: compiler.Samples([][]float64{r.numbers(inputs), r.numbers(inputs)}),
			Target:  compiler.Target{Bits: 10},
		}},
	}
}

// digest compiles a model and gives a line about the result.
func digest(m model) (string, error) {
	m.options.Reveal = visibility.Scores
	r, err := compiler.Compile(m.graph, m.options)
	if err != nil {
		return "", err
	}
	formats, err := json.Marshal(r.Formats)
	if err != nil {
		return "", err
	}
	p, err := program.Encode(r.Program)
	if err != nil {
		return "", err
	}
	return fmt.Sprintf("%s: formats %x, program %x", m.name, sha256.Sum256(formats), sha256.Sum256(p)), nil
}

// halves is a linear layer and a batch normalisation by 1/3, whose biases lie in
// the middle between two integers up to one rounding of a product.
func halves() *graph.Graph {
	const step = 1.0 / 128
	return sequence(4,
		layer{op: "Gemm", name: "fc", constants: []*graph.Const{
			constant([]float64{1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1}, 4, 4),
			constant([]float64{3, 3, 3, 3}, 4),
		}},
		layer{op: "BatchNormalization", name: "bn", constants: []*graph.Const{
			constant([]float64{1, 1, 1, 1}, 4),
			constant([]float64{-1 + 1.5*step, -1 + 2.5*step, -1 + 20.5*step, -1 + 0.5*step}, 4),
			constant([]float64{0, 0, 0, 0}, 4), constant([]float64{8, 8, 8, 8}, 4),
		}, attributes: map[string]graph.Attr{"epsilon": {Float: 1}}},
	)
}

// inputs is the size of the deep network's input.
const inputs = 12

// deep has layers that compose, a function of each kind that is computed by series,
// and constants that are folded.
func deep(r *stream) *graph.Graph {
	gemm := func(name string, in, out int) layer {
		return layer{op: "Gemm", name: name, constants: []*graph.Const{
			constant(r.numbers(in*out), in, out), constant(r.numbers(out), out),
		}}
	}
	scale := func(name string, n int) layer {
		variance := r.numbers(n)
		for i, v := range variance {
			variance[i] = math.Abs(v) + 0.1
		}
		return layer{op: "BatchNormalization", name: name, constants: []*graph.Const{
			constant(r.numbers(n), n), constant(r.numbers(n), n), constant(r.numbers(n), n), constant(variance, n),
		}}
	}
	return sequence(inputs,
		gemm("fc1", inputs, 16), scale("bn1", 16), layer{op: "Gelu", name: "gelu"},
		gemm("fc2", 16, 8), scale("bn2", 8), layer{op: "Tanh", name: "tanh"},
		gemm("fc3", 8, 8), layer{op: "Mish", name: "mish"}, gemm("fc4", 8, 5), layer{op: "Softmax", name: "softmax"})
}

// layer is a node of a sequence.
type layer struct {
	op, name   string
	constants  []*graph.Const
	attributes map[string]graph.Attr
}

// sequence is the graph of layers that read one another, the first an input of size n.
func sequence(n int, layers ...layer) *graph.Graph {
	g := &graph.Graph{
		Inputs: []graph.Value{{Name: "x", DType: graph.Float32, Dims: []graph.Dim{{Size: 1}, {Size: n}}}},
		Consts: map[string]*graph.Const{},
	}
	last := "x"
	for _, l := range layers {
		node := &graph.Node{Name: l.name, Op: l.op, Opset: 20, Inputs: []string{last},
			Outputs: []string{l.name + ".out"}, Attrs: l.attributes}
		for i, c := range l.constants {
			name := fmt.Sprintf("%s.%d", l.name, i)
			g.Consts[name] = c
			node.Inputs = append(node.Inputs, name)
		}
		g.Nodes = append(g.Nodes, node)
		last = node.Outputs[0]
	}
	g.Outputs = []graph.Value{{Name: last, DType: graph.Float32}}
	return g
}

func constant(data []float64, shape ...int) *graph.Const {
	return &graph.Const{DType: graph.Float32, Float: tensor.Of(data, shape...)}
}

// stream are numbers in [-1, 1) that are the same everywhere.
type stream uint64

func random(seed uint64) *stream { s := stream(seed); return &s }

func (s *stream) numbers(n int) []float64 {
	out := make([]float64, n)
	for i := range out {
		*s = *s*6364136223846793005 + 1442695040888963407
		out[i] = float64(*s>>11)/(1<<52) - 1
	}
	return out
}
