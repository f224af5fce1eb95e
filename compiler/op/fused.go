package op

import (
	"fmt"
	"slices"

	"github.com/zkml-go/zkml/compiler/graph"
)

// msDomain is the domain of what onnxruntime's optimiser writes.
const msDomain = "com.microsoft"

func init() {
	for _, s := range []struct {
		domain, name string
		least, most  int
		tolerance    float64
		note         string
		check        func(n *graph.Node) error
		write        func(w *writer) []string
	}{
		{msDomain, "FusedMatMul", 2, 2, 1, "all attributes", checkAlpha, writeFusedMatMul},
		{msDomain, "TransposeMatMul", 2, 2, 1, "all attributes", checkAlpha, writeFusedMatMul},
		{msDomain, "FusedGemm", 2, 3, 2, "as Gemm, with an activation that has no parameter or those of its operator",
			checkActivation, writeFusedGemm},
		{msDomain, "FusedConv", 2, 4, 1, "as Conv, with an activation", checkActivation, writeFusedConv},
		{msDomain, "SkipLayerNormalization", 3, 5, 6, "all outputs" + deviationNote, checkEpsilon, writeSkipLayerNorm},
		{"", "SimplifiedLayerNormalization", 2, 2, 6, "all outputs" + deviationNote, checkEpsilon,
			writeSimplifiedLayerNorm},
		{msDomain, "SkipSimplifiedLayerNormalization", 3, 4, 6, "all outputs" + deviationNote, checkEpsilon,
			writeSkipSimplified},
	} {
		register(Spec{
			Name: s.name, Domain: s.domain, Since: []int{1}, Tolerance: s.tolerance, Note: s.note,
			New: takes(s.least, s.most, expands(s.check, s.write)),
		})
	}
	register(Spec{
		Name: "EmbedLayerNormalization", Domain: msDomain, Since: []int{1}, Tolerance: 6,
		Note: "all outputs; indices as Gather takes them" + deviationNote,
		New:  takesSome(7, 9, expands(checkEpsilon, writeEmbedLayerNorm)),
	})
}

// takesSome is takes for operators whose inputs may be absent in the middle.
func takesSome(least, most int, bind func(*graph.Node) (Op, error)) func(*graph.Node) (Op, error) {
	return func(n *graph.Node) (Op, error) {
		if len(n.Inputs) < least || len(n.Inputs) > most || len(n.Outputs) == 0 {
			return nil, fmt.Errorf("%d inputs and %d outputs, but the operator takes %d to %d inputs", len(n.Inputs),
				len(n.Outputs), least, most)
		}
		return bind(n)
	}
}

// need refuses a node without an input.
func (w *writer) need(inputs ...int) bool {
	for _, k := range inputs {
		if w.input(k) == "" {
			w.fail("input %d is absent, but required", k)
		}
	}
	return w.err == nil
}

func checkAlpha(n *graph.Node) error {
	if v := n.Float("alpha", 1); notFinite(v) {
		return fmt.Errorf("attribute alpha is not finite; repair the model")
	}
	return nil
}

// writeFusedMatMul turns operands, and takes their first axis behind their batches, before
// it multiplies them.
func writeFusedMatMul(w *writer) []string {
	w.realInputs(0, 1)
	turned := func(x, batch, last string) string {
		rank := len(w.shape(x))
		perm := span(0, rank)
		if w.Int(batch, 0) != 0 && rank > 2 {
			perm = append(append(span(1, rank-1), 0), rank-1)
		}
		if w.Int(last, 0) != 0 && rank > 1 {
			perm[rank-2], perm[rank-1] = perm[rank-1], perm[rank-2]
		}
		return w.transpose(x, perm...)
	}
	a, b := turned(w.input(0), "transBatchA", "transA"), turned(w.input(1), "transBatchB", "transB")
	return []string{w.scale(w.node("MatMul", a, b), w.Float("alpha", 1))}
}

// fusedActivations are what a fused node may end with: how many parameters each takes.
var fusedActivations = map[string]int{
	"": 0, "Relu": 0, "Tanh": 0, "Sigmoid": 0, "Softplus": 0, "Softsign": 0, "HardSwish": 0, "LeakyRelu": 1, "Elu": 1,
	"Clip": 2, "HardSigmoid": 2,
}

func checkActivation(n *graph.Node) error {
	name, params := n.String("activation", ""), n.Attrs["activation_params"].Floats
	count, known := fusedActivations[name]
	switch {
	case !known:
		return fmt.Errorf("activation %q is not supported; put it after the node", name)
	case len(params) != 0 && len(params) != count && count > 0:
		return fmt.Errorf("activation %s takes %d parameters, not %d", name, count, len(params))
	case slices.ContainsFunc(params, notFinite):
		return fmt.Errorf("a parameter of the activation is not finite; repair the model")
	}
	return nil
}

// activated ends a fused node. Parameters that are not given are those of the operator.
func (w *writer) activated(x string, params []float64) string {
	name := w.String("activation", "")
	switch {
	case name == "":
		return x
	case name == "Clip" && len(params) == 2:
		return w.node("Clip", x, w.real(x, params[0]), w.real(x, params[1]))
	}
	attrs := attributes{}
	for i, p := range []string{"alpha", "beta"}[:min(fusedActivations[name], len(params))] {
		attrs[p] = params[i]
	}
	return w.with(attrs, name, x)
}

// as writes a node of another operator with the attributes of this one.
func (w *writer) as(operator string, in ...string) string {
	n := w.one(operator, in...)
	n.Attrs = w.Attrs
	return w.add(n, nil)
}

func writeFusedGemm(w *writer) []string {
	var params []float64
	for _, name := range []string{"activation_alpha", "activation_beta"} {
		if a, ok := w.Attrs[name]; ok {
			params = append(params, a.Float)
		}
	}
	return []string{w.activated(w.as("Gemm", w.input(0), w.input(1), w.input(2)), params)}
}

func writeFusedConv(w *writer) []string {
	y := w.plus(w.as("Conv", w.input(0), w.input(1), w.input(2)), w.input(3))
	return []string{w.activated(y, w.Attrs["activation_params"].Floats)}
}

// writeSkipLayerNorm normalises the sum of the input, the skipped one and a bias.
func writeSkipLayerNorm(w *writer) []string {
	w.realInputs(0, 1, 2, 3, 4)
	sum := w.plus(w.node("Add", w.input(0), w.input(1)), w.input(4))
	outs := w.layerNorm(sum, w.input(2), w.input(3), w.lastAxes(sum, -1), w.Float("epsilon", 1e-12))
	return append(outs, sum)
}

func writeSimplifiedLayerNorm(w *writer) []string {
	w.realInputs(0, 1)
	x := w.input(0)
	outs := w.rootNorm(x, w.input(1), w.lastAxes(x, -1), w.epsilon(), 1)
	return outs
}

// writeSkipSimplified has the output of a mean that nobody computes.
func writeSkipSimplified(w *writer) []string {
	w.realInputs(0, 1, 2, 3)
	sum := w.plus(w.node("Add", w.input(0), w.input(1)), w.input(3))
	outs := w.rootNorm(sum, w.input(2), w.lastAxes(sum, -1), w.Float("epsilon", 1e-12), 2)
	return []string{outs[0], "", outs[1], sum}
}

// rootNorm divides by the root of the mean square over some axes. Its second output is the
// reciprocal of this root, which is output k of the node.
func (w *writer) rootNorm(x, scale string, axes []int, epsilon float64, k int) []string {
	outs := []string{w.node("Mul", w.normalised(x, deviation{axes, epsilon, 0}), scale), ""}
	w.keepsShape(outs[0], x)
	if w.wants(k) {
		outs[1] = w.inverseDeviation(x, axes, epsilon)
	}
	return outs
}

// writeEmbedLayerNorm looks up words, positions and segments, and normalises their sum. The
// second output counts the words that the mask leaves in each row.
func writeEmbedLayerNorm(w *writer) []string {
	if !w.need(0, 2, 3, 5, 6) {
		return nil
	}
	ids := w.shape(w.input(0))
	if len(ids) != 2 {
		w.fail("input_ids are %v, but must be of a batch and positions", ids)
		return nil
	}
	sum := w.node("Gather", w.input(2), w.input(0))
	if w.input(8) != "" {
		sum = w.node("Add", sum, w.node("Gather", w.input(3), w.input(8)))
	} else {
		places := w.node("Slice", w.input(3), w.ints(0), w.ints(ids[1]), w.ints(0))
		sum = w.node("Add", sum, places)
	}
	if w.input(1) != "" {
		if !w.need(4) {
			return nil
		}
		sum = w.node("Add", sum, w.node("Gather", w.input(4), w.input(1)))
	}
	outs := w.layerNorm(sum, w.input(5), w.input(6), w.lastAxes(sum, -1), w.Float("epsilon", 1e-12))
	outs = []string{outs[0], "", sum}
	if w.wants(1) {
		outs[1] = w.constant(graph.Int32, []int{ids[0]}, make([]float64, ids[0])...)
		if w.input(7) != "" {
			outs[1] = w.with(attributes{"keepdims": 0}, "ReduceSum", w.input(7), w.ints(1))
		}
	}
	return outs
}
