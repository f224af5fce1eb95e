package compiler_test

import (
	"math"
	"slices"
	"testing"

	"github.com/zkml-go/zkml/compiler"
	"github.com/zkml-go/zkml/compiler/graph"
	"github.com/zkml-go/zkml/tensor"
	"github.com/zkml-go/zkml/visibility"
)

// constant is a constant tensor of a type.
func constant(d graph.DType, shape []int, values ...float64) *graph.Const {
	return &graph.Const{DType: d, Float: tensor.Of(values, shape...)}
}

// quantisedNet is a network as a quantiser writes it: a product, a ReLU, and a sum with itself,
// each between its QuantizeLinear and DequantizeLinear.
func quantisedNet() *graph.Graph {
	node := func(op string, out string, in ...string) *graph.Node {
		return &graph.Node{Name: out, Op: op, Opset: 13, Inputs: in, Outputs: []string{out}}
	}
	return &graph.Graph{
		Name:    "net",
		Inputs:  []graph.Value{{Name: "x", DType: graph.Float32, Dims: []graph.Dim{{Size: 1}, {Size: 3}}}},
		Outputs: []graph.Value{{Name: "y", DType: graph.Float32}},
		Consts: map[string]*graph.Const{
			"sx": constant(graph.Float32, nil, float64(float32(0.013))), "zx": constant(graph.Uint8, nil, 7),
			"w":  constant(graph.Int8, []int{3, 2}, 100, -90, 30, 7, -128, 127),
			"sw": constant(graph.Float32, nil, float64(float32(0.0071))), "zw": constant(graph.Int8, nil, 0),
			"sh": constant(graph.Float32, nil, float64(float32(0.011))), "zh": constant(graph.Uint8, nil, 100),
			"sy": constant(graph.Float32, nil, float64(float32(0.017))), "zy": constant(graph.Uint8, nil, 31),
		},
		Nodes: []*graph.Node{
			node("QuantizeLinear", "xq", "x", "sx", "zx"), node("DequantizeLinear", "xd", "xq", "sx", "zx"),
			node("DequantizeLinear", "wd", "w", "sw", "zw"), node("MatMul", "h", "xd", "wd"), node("Relu", "r", "h"),
			node("QuantizeLinear", "hq", "r", "sh", "zh"), node("DequantizeLinear", "hd", "hq", "sh", "zh"),
			node("Add", "a", "hd", "hd"), node("QuantizeLinear", "yq", "a", "sy", "zy"),
			node("DequantizeLinear", "y", "yq", "sy", "zy"),
		},
	}
}

// netOf computes the network by hand, in the integers of its definition.
func netOf(x []float64) []float64 {
	sx, sw, sh, sy := float32(0.013), float32(0.0071), float32(0.011), float32(0.017)
	w := [][]float64{{100, 30, -128}, {-90, 7, 127}}
	var out []float64
	for _, row := range w {
		sum := 0.0
		for k, v := range x {
			code := min(max(math.RoundToEven(float64(float32(v)/sx))+7, 0), 255)
			sum += (code - 7) * row[k]
		}
		by := float32(sx*sw) / sh
		h := float32(max(min(max(math.RoundToEven(float64(float32(sum)*by))+100, 0), 255), 100))
		r := float32(sh / sy)
		fixed := 31 - float32(float32(r*100)+float32(r*100))
		once := float32(float64(float64(h)*float64(r)) + float64(fixed))
		twice := float32(float64(float64(h)*float64(r)) + float64(once))
		y := min(max(math.RoundToEven(float64(twice)), 0), 255)
		out = append(out, float64((y-31)*float64(sy)))
	}
	return out
}

// TestQuantisedNetworksAreExact compares what the integers of a quantised network give with its
// definition, on inputs that its codes hold.
func TestQuantisedNetworksAreExact(t *testing.T) {
	var samples []compiler.Sample
	for i := range 400 {
		x := make([]float64, 3)
		for k := range x {
			x[k] = float64(float32(0.013)) * float64((i*37+k*101+i*i*k)%256-7)
		}
		samples = append(samples, compiler.Sample{x})
	}
	r, err := compiler.Compile(quantisedNet(), compiler.Options{
		Reveal: visibility.Scores, Samples: samples[:20], Target: compiler.Target{Bits: 8},
	})
	if err != nil {
		t.Fatal(err)
	}
	if f := r.Formats.Input; f.Bits != 8 || f.Zero != 7 || f.Scale != float64(float32(0.013)) {
		t.Errorf("the input's format is %+v, not that of its codes", f)
	}
	if !r.Report.Exact || r.Report.MaxAbsError != 0 {
		t.Errorf("the report says that it is not exact: %+v", r.Report)
	}
	scale := r.Program.Values[r.Program.Outputs[0]].Scale
	for i, x := range samples {
		want := netOf(x[0])
		ref, err := r.Model.Run(x)
		if err != nil {
			t.Fatal(err)
		}
		var got []float64
		for _, v := range r.Program.Eval(r.Formats.Input.Encode(x[0]))[0] {
			got = append(got, float64(float64(v)*scale))
		}
		if !slices.Equal(ref[0], want) || !slices.Equal(got, want) {
			t.Fatalf("sample %d: reference %v, integers %v, want %v", i, ref[0], got, want)
		}
	}
}

// unary makes an operator of one input of a node.
func unary(n *graph.Node, op string) { n.Op, n.Inputs = op, n.Inputs[:1] }

// TestExactIsSaidOfCodesAlone has networks that are exact and others that are nearly the same.
func TestExactIsSaidOfCodesAlone(t *testing.T) {
	samples := []compiler.Sample{{[]float64{0.5, -0.05, 2}}, {[]float64{1, 2, 3}}}
	for _, c := range []struct {
		name   string
		change func(g *graph.Graph, o *compiler.Options)
		want   bool
	}{
		{"codes alone", func(*graph.Graph, *compiler.Options) {}, true},
		{"a function of codes", func(g *graph.Graph, _ *compiler.Options) { unary(g.Nodes[7], "Tanh") }, true},
		{"real numbers between", func(g *graph.Graph, _ *compiler.Options) { unary(g.Nodes[7], "Softmax") }, false},
		{"a real result", func(g *graph.Graph, _ *compiler.Options) {
			unary(g.Nodes[8], "Relu")
			unary(g.Nodes[9], "Exp")
		}, false},
		{"a result that is moved by half a code", func(g *graph.Graph, _ *compiler.Options) {
			g.Consts["half"] = constant(graph.Float32, nil, float64(float32(0.0085)))
			g.Nodes[9].Outputs[0] = "yd"
			g.Nodes = append(g.Nodes, &graph.Node{Name: "y", Op: "Add", Opset: 13, Inputs: []string{"yd", "half"},
				Outputs: []string{"y"}})
		}, false},
		{"an input of fewer bits", func(_ *graph.Graph, o *compiler.Options) {
			o.Inputs = map[string]compiler.InputFormat{"x": {Bits: 4, Scale: 0.2, Zero: 1}}
		}, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			g := quantisedNet()
			o := compiler.Options{Reveal: visibility.Scores, Samples: samples, Target: compiler.Target{Bits: 8}}
			c.change(g, &o)
			r, err := compiler.Compile(g, o)
			if err != nil {
				t.Fatal(err)
			}
			if r.Report.Exact != c.want {
				t.Errorf("exact: %v, want %v", r.Report.Exact, c.want)
			}
		})
	}
}

// TestMaximaOfCodes has a quantised network whose first layer takes maxima: the pass that puts them before
// the quantiser leaves the input's format that of its codes.
func TestMaximaOfCodes(t *testing.T) {
	g := quantisedNet()
	g.Inputs[0].Dims = []graph.Dim{{Size: 1}, {Size: 1}, {Size: 4}}
	pool := &graph.Node{Name: "m", Op: "MaxPool", Opset: 13, Inputs: []string{"xd"}, Outputs: []string{"m"},
		Attrs: map[string]graph.Attr{"kernel_shape": {Ints: []int64{2}}, "strides": {Ints: []int64{2}}}}
	again := []*graph.Node{
		{Name: "mq", Op: "QuantizeLinear", Opset: 13, Inputs: []string{"m", "sx", "zx"}, Outputs: []string{"mq"}},
		{Name: "y", Op: "DequantizeLinear", Opset: 13, Inputs: []string{"mq", "sx", "zx"}, Outputs: []string{"y"}},
	}
	g.Nodes = append(g.Nodes[:2], append([]*graph.Node{pool}, again...)...)
	samples := []compiler.Sample{{[]float64{0.5, -0.05, 2, -3}}, {[]float64{1.111, 1.118, -9, 9}}}
	r, err := compiler.Compile(g, compiler.Options{
		Reveal: visibility.Scores, Samples: samples, Target: compiler.Target{Bits: 8},
	})
	if err != nil {
		t.Fatal(err)
	}
	if f := r.Formats.Input; f.Bits != 8 || f.Zero != 7 || f.Scale != float64(float32(0.013)) || !r.Report.Exact {
		t.Errorf("the input's format is %+v, not that of its codes, or the model not exact", f)
	}
	for _, x := range samples {
		want, err := r.Model.Run(x)
		if err != nil {
			t.Fatal(err)
		}
		got := r.Program.Eval(r.Formats.Input.Encode(x[0]))[0]
		for i, v := range got {
			if y := float64(float64(v) * r.Program.Values[r.Program.Outputs[0]].Scale); y != want[0][i] {
				t.Errorf("element %d of %v is %g, want %g", i, x, y, want[0][i])
			}
		}
	}
}
