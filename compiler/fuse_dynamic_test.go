package compiler_test

import (
	"math"
	"slices"
	"testing"

	"github.com/zkml-go/zkml/compiler"
	"github.com/zkml-go/zkml/compiler/graph"
	"github.com/zkml-go/zkml/visibility"
)

// dynamicNet is a network as onnxruntime's dynamic quantiser writes it: a convolution whose channels
// have scales, and a product.
func dynamicNet() *graph.Graph {
	node := func(op string, attrs map[string]graph.Attr, outs []string, in ...string) *graph.Node {
		return &graph.Node{Name: outs[0], Op: op, Opset: 13, Inputs: in, Outputs: outs, Attrs: attrs}
	}
	sizes := []graph.Dim{{Size: 1}, {Size: 1}, {Size: 2}, {Size: 2}}
	return &graph.Graph{
		Name:    "net",
		Inputs:  []graph.Value{{Name: "x", DType: graph.Float32, Dims: sizes}},
		Outputs: []graph.Value{{Name: "y", DType: graph.Float32}},
		Consts: map[string]*graph.Const{
			"w":  constant(graph.Uint8, []int{2, 1, 1, 2}, 100, 90, 130, 127),
			"sw": constant(graph.Float32, []int{2}, 0.01, 0.25), "zw": constant(graph.Uint8, nil, 120),
			"channels": constant(graph.Int64, []int{4}, 1, -1, 1, 1),
			"flat":     constant(graph.Int64, []int{2}, 1, -1),
			"v":        constant(graph.Int8, []int{4, 2}, 10, -20, 30, 40, -50, 60, 70, -80),
			"sv":       constant(graph.Float32, []int{2}, 0.02, 0.03), "zv": constant(graph.Int8, []int{2}, 0, 1),
		},
		Nodes: []*graph.Node{
			node("DynamicQuantizeLinear", nil, []string{"xq", "xs", "xz"}, "x"),
			node("ConvInteger", nil, []string{"c"}, "xq", "w", "xz", "zw"),
			node("Cast", map[string]graph.Attr{"to": {Int: 1}}, []string{"cf"}, "c"),
			node("Reshape", nil, []string{"swr"}, "sw", "channels"),
			node("Mul", nil, []string{"cs"}, "xs", "swr"),
			node("Mul", nil, []string{"h"}, "cf", "cs"),
			node("Reshape", nil, []string{"r"}, "h", "flat"),
			node("DynamicQuantizeLinear", nil, []string{"rq", "rs", "rz"}, "r"),
			node("MatMulInteger", nil, []string{"m"}, "rq", "v", "rz", "zv"),
			node("Cast", map[string]graph.Attr{"to": {Int: 1}}, []string{"mf"}, "m"),
			node("Mul", nil, []string{"ms"}, "sv", "rs"),
			node("Mul", nil, []string{"y"}, "ms", "mf"),
		},
	}
}

// dynamicOf computes the network by hand, with the weights that the codes stand for and no
// rounding.
func dynamicOf(x []float64) []float64 {
	w := [][]float64{{-20 * 0.01, -30 * 0.01}, {10 * 0.25, 7 * 0.25}}
	v := [][]float64{{10, -21}, {30, 39}, {-50, 59}, {70, -81}}
	var h []float64
	for _, k := range w {
		h = append(h, float64(x[0]*k[0])+float64(x[1]*k[1]), float64(x[2]*k[0])+float64(x[3]*k[1]))
	}
	out := make([]float64, 2)
	for i := range h {
		out[0] += float64(h[i] * v[i][0] * 0.02)
		out[1] += float64(h[i] * v[i][1] * 0.03)
	}
	return out
}

// TestDynamicQuantisersLeaveRealLayers holds the layers in place of those of codes against what they
// stand for, and against the file computed to the letter.
func TestDynamicQuantisersLeaveRealLayers(t *testing.T) {
	x := []float64{0.5, -1.25, 2, 0.75}
	m, err := compiler.NewModel(dynamicNet(), compiler.ModelOptions{})
	if err != nil {
		t.Fatal(err)
	}
	got, err := m.Run(compiler.Sample{x})
	if err != nil {
		t.Fatal(err)
	}
	want := dynamicOf(x)
	for i, v := range got[0] {
		if math.Abs(v-want[i]) > 1e-5 {
			t.Errorf("output %d is %g, want %g", i, v, want[i])
		}
	}
	letter := dynamicNet()
	letter.Outputs = append(letter.Outputs, graph.Value{Name: "cf", DType: graph.Float32},
		graph.Value{Name: "mf", DType: graph.Float32})
	if m, err = compiler.NewModel(letter, compiler.ModelOptions{}); err != nil {
		t.Fatal(err)
	}
	exact, err := m.Run(compiler.Sample{x})
	if err != nil {
		t.Fatal(err)
	}
	for i, v := range exact[0] {
		if d := math.Abs(v - got[0][i]); d == 0 || d > 0.1 {
			t.Errorf("output %d with codes is %g, %g without: they have to be near, and no codes are left", i, v,
				got[0][i])
		}
	}
}

// TestUnroundedLayersAreReported has the report count the layers, and none where the codes stay.
func TestUnroundedLayersAreReported(t *testing.T) {
	samples := []compiler.Sample{{[]float64{0.5, -1.25, 2, 0.75}}, {[]float64{1, 2, -3, 1}}}
	for _, c := range []struct {
		name   string
		change func(g *graph.Graph)
		want   int
	}{
		{"both layers", func(*graph.Graph) {}, 2},
		{"codes that are read elsewhere", func(g *graph.Graph) {
			g.Outputs = append(g.Outputs, graph.Value{Name: "mf", DType: graph.Float32})
		}, 1},
		{"another scale", func(g *graph.Graph) { g.Nodes[10].Inputs[1] = "xs" }, 1},
		{"another zero point", func(g *graph.Graph) { g.Nodes[8].Inputs[2] = "xz" }, 1},
		{"scales along another axis", func(g *graph.Graph) {
			g.Consts["channels"] = constant(graph.Int64, []int{4}, 1, 1, -1, 1)
		}, 1},
		{"a name that is taken", func(g *graph.Graph) {
			g.Consts["y scale"] = constant(graph.Float32, nil, 3)
		}, 1},
	} {
		t.Run(c.name, func(t *testing.T) {
			g := dynamicNet()
			c.change(g)
			before := slices.Clone(g.Nodes)
			r, err := compiler.Compile(g, compiler.Options{
				Reveal: visibility.Scores, Samples: samples, Target: compiler.Target{Bits: 10},
			})
			if err != nil {
				t.Fatal(err)
			}
			if r.Report.Unrounded != c.want || r.Report.Exact {
				t.Errorf("%d layers are not rounded, exact is %v; want %d and false", r.Report.Unrounded,
					r.Report.Exact, c.want)
			}
			if g.Unrounded != nil || !slices.Equal(before, g.Nodes) {
				t.Error("the caller's graph has changed")
			}
		})
	}
}
