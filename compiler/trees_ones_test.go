package compiler_test

import (
	"math"
	"testing"

	"github.com/zkml-go/zkml/compiler"
	"github.com/zkml-go/zkml/compiler/graph"
	"github.com/zkml-go/zkml/visibility"
)

// balanced is a classifier whose sums of −0.01 and 0.01 are small beside that of 128, in
// the formats of exporters: two trees of one test each, of x > 1 and of x > 2, whose
// scores are multiplied by one.
func balanced(transform string) *network {
	n := &network{*stumpModel(map[string]any{
		"nodes_treeids": []int{0, 0, 0, 1, 1, 1}, "nodes_nodeids": []int{0, 1, 2, 0, 1, 2},
		"nodes_featureids":  []int{0, 0, 0, 0, 0, 0},
		"nodes_modes":       []string{"BRANCH_LEQ", "LEAF", "LEAF", "BRANCH_LEQ", "LEAF", "LEAF"},
		"nodes_values":      []float64{1, 0, 0, 2, 0, 0},
		"nodes_truenodeids": []int{1, 0, 0, 1, 0, 0}, "nodes_falsenodeids": []int{2, 0, 0, 2, 0, 0},
		"class_ids": []int{0, 0, 0, 0}, "class_weights": []float64{-64, 64, 63.99, -63.99},
		"class_treeids": []int{0, 0, 1, 1}, "class_nodeids": []int{1, 2, 1, 2},
		"classlabels_int64s": []int{0, 1}, "post_transform": transform,
	})}
	n.Nodes[0].Outputs[1] = "raw"
	n.node("Mul", "scores", nil, "raw", n.constant("one", graph.Float32, nil, 1))
	return n
}

// TestScoresTimesOne: a multiplication by one, which is a constant of the file, takes nothing
// from the class, nor from scores that are sums of leaves.
func TestScoresTimesOne(t *testing.T) {
	var samples []compiler.Sample
	for _, x := range []float64{0, 1, 1.5, 2, 2.5, 3} {
		samples = append(samples, compiler.Sample{{x}})
	}
	for _, transform := range []string{"NONE", "LOGISTIC"} {
		for _, o := range []compiler.Options{
			{Reveal: visibility.Scores},
			{Reveal: visibility.Class, Model: compiler.ModelOptions{Outputs: []string{"scores"}}},
		} {
			o.Samples = samples
			r, err := compiler.Compile(&balanced(transform).Graph, o)
			if err != nil {
				t.Fatal(err)
			}
			for _, out := range r.Report.Outputs {
				if out.Name == "label" || o.Reveal == visibility.Class {
					if out.Top1 != 1 {
						t.Errorf("%s: %s agrees on %g of the samples", transform, out.Name, out.Top1)
					}
				} else if transform == "NONE" && out.MaxAbsError > math.Ldexp(1, -18) {
					t.Errorf("%s: scores are off by %g", transform, out.MaxAbsError)
				}
			}
		}
	}
}
