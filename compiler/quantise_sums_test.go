package compiler_test

import (
	"fmt"
	"testing"

	"github.com/zkml-go/zkml/compiler"
	"github.com/zkml-go/zkml/compiler/graph"
	"github.com/zkml-go/zkml/testkit/optest"
	"github.com/zkml-go/zkml/visibility"
)

// oneOfTrees is a label, as OneVsRestClassifier has it: the largest of several trees' values, each of
// which is one number where x[k] > 0.5, and another where not.
func oneOfTrees(leaves ...[2]float64) *graph.Graph {
	n := newNetwork(sizes(1, len(leaves))...)
	var scores []string
	for k, pair := range leaves {
		name := fmt.Sprint("score", k)
		n.Nodes = append(n.Nodes, &graph.Node{
			Name: name, Op: "TreeEnsembleRegressor", Domain: "ai.onnx.ml", Opset: 3, Inputs: []string{"x"},
			Outputs: []string{name}, Attrs: optest.Attrs(map[string]any{
				"nodes_treeids": []int{0, 0, 0}, "nodes_nodeids": []int{0, 1, 2}, "nodes_featureids": []int{k, 0, 0},
				"nodes_modes": []string{"BRANCH_LEQ", "LEAF", "LEAF"}, "nodes_values": []float64{0.5, 0, 0},
				"nodes_truenodeids": []int{1, 0, 0}, "nodes_falsenodeids": []int{2, 0, 0},
				"target_ids": []int{0, 0}, "target_weights": pair[:], "target_treeids": []int{0, 0},
				"target_nodeids": []int{1, 2}, "n_targets": 1,
			})})
		scores = append(scores, n.node("Sub", name+" turned", nil, n.constant("one", graph.Float32, nil, 1), name))
	}
	n.node("Concat", "scores", map[string]graph.Attr{"axis": {Int: 1}}, scores...)
	n.node("ArgMax", "label", map[string]graph.Attr{"axis": {Int: 1}}, "scores")
	n.Outputs = []graph.Value{{Name: "label", DType: graph.Int64}}
	return &n.Graph
}

// TestSumsAreCompared: values of trees that do not share a scale are compared as they are, equal
// ones too, whose first one wins; so are those that no small denominator fits.
func TestSumsAreCompared(t *testing.T) {
	for name, leaves := range map[string][][2]float64{
		"whole beside parts":  {{0, 1}, {1.0 / 3, 0.75}, {0.25, 0.5}},
		"equal parts":         {{0.25, 0.5}, {1.0 / 6, 0.5}, {0.5, 1.0 / 14}},
		"other real numbers":  {{0, 1}, {0.7310585, 0.9999}, {0.99995, 0.2689414}},
		"unequal in the last": {{0.25, 0.5}, {0.4999, 0.5001}, {0.49995, 0.1}},
	} {
		var samples []compiler.Sample
		for i := range 1 << len(leaves) {
			x := make([]float64, len(leaves))
			for k := range x {
				x[k] = float64(i >> k & 1)
			}
			samples = append(samples, compiler.Sample{x})
		}
		r, err := compiler.Compile(oneOfTrees(leaves...), compiler.Options{
			Reveal: visibility.Scores, Target: compiler.Target{Bits: 8}, Samples: samples})
		if err != nil {
			t.Fatal(err)
		}
		if got := r.Report.Outputs[0].Top1; got != 1 {
			t.Errorf("%s: %g of the labels agree", name, got)
		}
	}
}
