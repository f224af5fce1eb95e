package compiler

import (
	"maps"
	"slices"

	"github.com/zkml-go/zkml/compiler/graph"
)

// fuser replaces operators of real numbers that stand between DequantizeLinear and QuantizeLinear
// with operators of codes, as onnxruntime does before it runs a model: what it computes then is
// what a quantised model means.
type fuser struct {
	*graph.Graph
	consts map[string]*graph.Const
	maker  map[string]*graph.Node
	uses   map[string]int
	// unrounded are layers whose inputs are not rounded to codes, though the file says so.
	unrounded []string
}

// fused is a graph with operators of codes wherever the pattern fits; the same graph where there
// is none.
func fused(g *graph.Graph) *graph.Graph {
	f := &fuser{Graph: g, consts: g.Consts, maker: map[string]*graph.Node{}, uses: map[string]int{}}
	for _, n := range g.Nodes {
		for _, out := range n.Outputs {
			f.maker[out] = n
		}
		for _, in := range n.Inputs {
			f.uses[in]++
		}
	}
	for _, out := range g.Outputs {
		f.uses[out.Name]++
	}
	instead := map[*graph.Node][]*graph.Node{}
	for _, n := range g.Nodes {
		if with := f.fuse(n); with != nil {
			instead[n] = with
		}
		if n.Op == "DynamicQuantizeMatMul" {
			f.unrounded = append(f.unrounded, n.Name)
		}
	}
	if len(instead) == 0 && len(f.unrounded) == 0 {
		return g
	}
	out := *g
	out.Consts, out.Nodes, out.Unrounded = f.consts, nil, f.unrounded
	for _, n := range g.Nodes {
		if with := instead[n]; with != nil {
			out.Nodes = append(out.Nodes, with...)
		} else {
			out.Nodes = append(out.Nodes, n)
		}
	}
	return &out
}

// codes are what a QuantizeLinear makes or a DequantizeLinear reads, with their constants by name.
type codes struct {
	value, scale, zero string
	axis               int
}

// scales reads the constants of a node; ok is false where they are not constant, or of blocks.
func (f *fuser) scales(n *graph.Node) (c codes, ok bool) {
	if len(n.Inputs) < 2 || f.consts[n.Inputs[1]] == nil || n.Int("block_size", 0) != 0 || len(n.Outputs) != 1 {
		return c, false
	}
	c = codes{value: n.Inputs[0], scale: n.Inputs[1], axis: n.Int("axis", 1)}
	if len(n.Inputs) > 2 && n.Inputs[2] != "" {
		c.zero = n.Inputs[2]
		return c, f.consts[c.zero] != nil && bytesOnly(f.consts[c.zero].DType)
	}
	return c, false
}

// bytesOnly are the types for which onnxruntime has operators of codes.
func bytesOnly(d graph.DType) bool { return d == graph.Int8 || d == graph.Uint8 }

// read finds the codes behind a value that a DequantizeLinear makes.
func (f *fuser) read(value string) (codes, bool) {
	n := f.maker[value]
	if n == nil || n.Op != "DequantizeLinear" {
		return codes{}, false
	}
	return f.scales(n)
}

// fuse gives the nodes in place of a QuantizeLinear or of a Mul by dynamic scales, nil where it stays.
func (f *fuser) fuse(n *graph.Node) []*graph.Node {
	if n.Op == "Mul" {
		return f.dynamic(n)
	}
	if n.Op != "QuantizeLinear" {
		return nil
	}
	to, ok := f.scales(n)
	if !ok || !f.one(to.scale) {
		return nil
	}
	inner := f.maker[to.value]
	if inner == nil || f.uses[to.value] != 1 || inner.Domain != "" && inner.Domain != "ai.onnx" {
		return nil
	}
	if inner.Op == "Relu" {
		return f.limited(inner, to, n.Outputs[0])
	}
	made := f.fuseNode(inner, to, n.Outputs[0])
	if made == nil {
		return nil
	}
	return []*graph.Node{made}
}

// one tells whether a constant is one number.
func (f *fuser) one(name string) bool { return len(f.consts[name].Data) == 1 }

// fuseNode gives the node of codes in place of one of real numbers.
func (f *fuser) fuseNode(n *graph.Node, to codes, out string) *graph.Node {
	of, ok := fusions[n.Op]
	if !ok || len(n.Outputs) != 1 || len(n.Inputs) < of.inputs {
		return nil
	}
	made := of.make(f, n, to)
	if made == nil {
		return nil
	}
	made.Name, made.Outputs = n.Name, []string{out}
	return made
}

// limited fuses a ReLU: codes below the zero point become it.
func (f *fuser) limited(relu *graph.Node, to codes, out string) []*graph.Node {
	if len(relu.Inputs) != 1 {
		return nil
	}
	from := relu.Inputs[0]
	inner := f.maker[from]
	if inner == nil || f.uses[from] != 1 {
		return nil
	}
	before := out + " before " + relu.Name
	made := f.fuseNode(inner, to, before)
	if made == nil {
		return nil
	}
	limit := &graph.Node{Name: relu.Name, Op: "Max", Opset: 13, Inputs: []string{before, to.zero},
		Outputs: []string{out}}
	return []*graph.Node{made, limit}
}

// fusion makes a node of codes in place of one of real numbers, with so many inputs or more.
type fusion struct {
	inputs int
	make   func(f *fuser, n *graph.Node, to codes) *graph.Node
}

// fusions are the operators of real numbers that have one of codes.
var fusions = map[string]fusion{
	"Add":               {2, named((*fuser).fuseBinary, "QLinearAdd")},
	"Conv":              {2, (*fuser).fuseConv},
	"Flatten":           {1, (*fuser).fuseMove},
	"Gemm":              {2, (*fuser).fuseGemm},
	"GlobalAveragePool": {1, named((*fuser).fuseUnary, "QLinearGlobalAveragePool")},
	"LeakyRelu":         {1, named((*fuser).fuseUnary, "QLinearLeakyRelu")},
	"MatMul":            {2, (*fuser).fuseMatMul},
	"MaxPool":           {1, (*fuser).fuseMove},
	"Mul":               {2, named((*fuser).fuseBinary, "QLinearMul")},
	"Reshape":           {1, (*fuser).fuseMove},
	"Sigmoid":           {1, named((*fuser).fuseUnary, "QLinearSigmoid")},
	"Squeeze":           {1, (*fuser).fuseMove},
	"Transpose":         {1, (*fuser).fuseMove},
	"Unsqueeze":         {1, (*fuser).fuseMove},
}

// named makes nodes of an operator.
func named(of func(f *fuser, n *graph.Node, to codes, name string) *graph.Node, name string) func(
	f *fuser, n *graph.Node, to codes) *graph.Node {
	return func(f *fuser, n *graph.Node, to codes) *graph.Node { return of(f, n, to, name) }
}

// fuseConv needs the bias in the scale of the sums.
func (f *fuser) fuseConv(n *graph.Node, to codes) *graph.Node {
	x, ok := f.read(n.Inputs[0])
	w, isW := f.read(n.Inputs[1])
	if !ok || !isW || f.consts[w.value] == nil || !f.one(x.scale) || !f.one(w.scale) && w.axis != 0 {
		return nil
	}
	in := []string{x.value, x.scale, x.zero, w.value, w.scale, w.zero, to.scale, to.zero}
	if len(n.Inputs) > 2 && n.Inputs[2] != "" {
		bias := f.bias(n.Inputs[2], x, w)
		if bias == "" {
			return nil
		}
		in = append(in, bias)
	}
	return &graph.Node{Op: "QLinearConv", Opset: max(n.Opset, 10), Inputs: in, Attrs: n.Attrs}
}

// bias finds integers behind a bias, of the scale of the sums; "" where it is not made of such.
func (f *fuser) bias(value string, x, w codes) string {
	n := f.maker[value]
	if n == nil || n.Op != "DequantizeLinear" || len(n.Inputs) < 2 || f.consts[n.Inputs[0]] == nil ||
		f.consts[n.Inputs[1]] == nil {
		return ""
	}
	scale, b := f.consts[n.Inputs[1]], f.consts[n.Inputs[0]]
	if len(n.Inputs) > 2 && n.Inputs[2] != "" {
		zero := f.consts[n.Inputs[2]]
		if zero == nil || slices.ContainsFunc(zero.Data, func(z float64) bool { return z != 0 }) {
			return ""
		}
	}
	sx, sw := float32(f.consts[x.scale].Data[0]), f.consts[w.scale].Data
	if b.DType != graph.Int32 || len(scale.Data) != len(sw) {
		return ""
	}
	for i, s := range scale.Data {
		if !near(s, float64(float32(sx*float32(sw[i])))) {
			return ""
		}
	}
	return n.Inputs[0]
}

// near tells whether two numbers are the same up to the last bit of single precision.
func near(a, b float64) bool { return a-b <= b*1.2e-7 && b-a <= b*1.2e-7 }

// fuseMatMul takes codes by codes.
func (f *fuser) fuseMatMul(n *graph.Node, to codes) *graph.Node {
	a, okA := f.read(n.Inputs[0])
	b, okB := f.read(n.Inputs[1])
	if !okA || !okB || !f.one(a.scale) || !f.one(b.scale) && (f.consts[b.value] == nil || b.axis%2 == 0) {
		return nil
	}
	in := []string{a.value, a.scale, a.zero, b.value, b.scale, b.zero, to.scale, to.zero}
	return &graph.Node{Op: "QLinearMatMul", Opset: max(n.Opset, 10), Inputs: in}
}

// fuseGemm needs C in the scale of the sums.
func (f *fuser) fuseGemm(n *graph.Node, to codes) *graph.Node {
	a, okA := f.read(n.Inputs[0])
	b, okB := f.read(n.Inputs[1])
	columns := 1 - n.Int("transB", 0)
	if !okA || !okB || f.consts[b.value] == nil || !f.one(a.scale) || !f.one(b.scale) && b.axis != columns ||
		n.Float("beta", 1) != 1 || n.Float("alpha", 1) != 1 {
		return nil
	}
	in := []string{a.value, a.scale, a.zero, b.value, b.scale, b.zero, "", to.scale, to.zero}
	if len(n.Inputs) > 2 && n.Inputs[2] != "" {
		if in[6] = f.bias(n.Inputs[2], a, b); in[6] == "" {
			return nil
		}
	}
	return &graph.Node{Op: "QGemm", Domain: "com.microsoft", Opset: 1, Inputs: in, Attrs: n.Attrs}
}

func (f *fuser) fuseBinary(n *graph.Node, to codes, name string) *graph.Node {
	a, okA := f.read(n.Inputs[0])
	b, okB := f.read(n.Inputs[1])
	if !okA || !okB || !f.one(a.scale) || !f.one(b.scale) || f.dtype(a) != f.dtype(to) || f.dtype(b) != f.dtype(to) {
		return nil
	}
	in := []string{a.value, a.scale, a.zero, b.value, b.scale, b.zero, to.scale, to.zero}
	return &graph.Node{Op: name, Domain: "com.microsoft", Opset: 1, Inputs: in}
}

func (f *fuser) dtype(c codes) graph.DType { return f.consts[c.zero].DType }

func (f *fuser) fuseUnary(n *graph.Node, to codes, name string) *graph.Node {
	x, ok := f.read(n.Inputs[0])
	if !ok || !f.one(x.scale) || f.dtype(x) != f.dtype(to) {
		return nil
	}
	in := []string{x.value, x.scale, x.zero, to.scale, to.zero}
	return &graph.Node{Op: name, Domain: "com.microsoft", Opset: 1, Inputs: in, Attrs: n.Attrs}
}

// fuseMove copies codes whose scale stays.
func (f *fuser) fuseMove(n *graph.Node, to codes) *graph.Node {
	x, ok := f.read(n.Inputs[0])
	same := func(a, b string) bool { return slices.Equal(f.consts[a].Data, f.consts[b].Data) }
	if !ok || !f.one(x.scale) || !same(x.scale, to.scale) || !same(x.zero, to.zero) || f.dtype(x) != f.dtype(to) {
		return nil
	}
	in := slices.Clone(n.Inputs)
	in[0] = x.value
	return &graph.Node{Op: n.Op, Domain: n.Domain, Opset: n.Opset, Inputs: in, Attrs: maps.Clone(n.Attrs)}
}
