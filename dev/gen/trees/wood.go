package main

import (
	"math/rand"

	"github.com/zkml-go/zkml/compiler"
	"github.com/zkml-go/zkml/compiler/graph"
	"github.com/zkml-go/zkml/visibility"
)

// What all ensembles have.
const (
	features = 10
	depth    = 6
	// nodesEach is the number of a tree's nodes that are no leaves.
	nodesEach = 1<<depth - 1
	samples   = 50
	// most is where samples and thresholds end; they are hundredths.
	most = 100
)

// wood is a random ensemble in the making, as the attributes of a TreeEnsembleRegressor.
type wood struct {
	r     *rand.Rand
	cuts  [][]float64 // the thresholds that a feature may have
	ints  map[string][]int64
	reals map[string][]float64
	modes []string
}

func hundredth(r *rand.Rand) float64 { return float64(r.Intn(most*100)) / 100 }

// grown is an ensemble of so many trees, with at most so many thresholds for each feature.
func grown(trees, cuts int) *graph.Graph {
	w := &wood{r: rand.New(rand.NewSource(1)), ints: map[string][]int64{}, reals: map[string][]float64{}}
	for range features {
		list := make([]float64, cuts)
		for i := range list {
			list[i] = float64(float32(hundredth(w.r)))
		}
		w.cuts = append(w.cuts, list)
	}
	for tree := range trees {
		w.grow(int64(tree), 0)
	}
	attrs := map[string]graph.Attr{"n_targets": {Int: 1}, "nodes_modes": {Strings: w.modes}}
	for name, list := range w.ints {
		attrs[name] = graph.Attr{Ints: list}
	}
	for name, list := range w.reals {
		attrs[name] = graph.Attr{Floats: list}
	}
	return &graph.Graph{
		Name:    "trees",
		Inputs:  []graph.Value{{Name: "x", DType: graph.Float32, Dims: []graph.Dim{{Size: 1}, {Size: features}}}},
		Outputs: []graph.Value{{Name: "y", DType: graph.Float32, Dims: []graph.Dim{{Size: 1}, {Size: 1}}}},
		Nodes: []*graph.Node{{Name: "trees", Op: "TreeEnsembleRegressor", Domain: "ai.onnx.ml", Opset: 3,
			Inputs: []string{"x"}, Outputs: []string{"y"}, Attrs: attrs}},
	}
}

// grow adds the subtree below a node, by its number in a whole tree: the children of node n
// are 2n + 1 and 2n + 2.
func (w *wood) grow(tree, n int64) {
	feature, mode, at := int64(w.r.Intn(features)), "BRANCH_LT", 0.0
	if n >= nodesEach {
		feature, mode = 0, "LEAF"
		w.add("target_treeids", tree)
		w.add("target_nodeids", n)
		w.add("target_ids", 0)
		w.reals["target_weights"] = append(w.reals["target_weights"], float64(float32(w.r.NormFloat64())))
	} else {
		at = w.cuts[feature][w.r.Intn(len(w.cuts[feature]))]
	}
	w.add("nodes_treeids", tree)
	w.add("nodes_nodeids", n)
	w.add("nodes_featureids", feature)
	w.modes = append(w.modes, mode)
	w.reals["nodes_values"] = append(w.reals["nodes_values"], at)
	if mode == "LEAF" {
		w.add("nodes_truenodeids", 0)
		w.add("nodes_falsenodeids", 0)
		return
	}
	w.add("nodes_truenodeids", 2*n+1)
	w.add("nodes_falsenodeids", 2*n+2)
	w.grow(tree, 2*n+1)
	w.grow(tree, 2*n+2)
}

func (w *wood) add(name string, v int64) { w.ints[name] = append(w.ints[name], v) }

// rows compiles an ensemble with a public input and public scores, and counts its circuit's
// rows.
func rows(g *graph.Graph) (int, error) {
	r := rand.New(rand.NewSource(2))
	o := compiler.Options{Reveal: visibility.Scores, Target: compiler.Target{Bits: compiler.DefaultBits}}
	for range samples {
		x := make([]float64, features)
		for j := range x {
			x[j] = hundredth(r)
		}
		o.Samples = append(o.Samples, compiler.Sample{x})
	}
	c, err := compiler.Compile(g, o)
	if err != nil {
		return 0, err
	}
	return c.Cost.Rows(), nil
}
