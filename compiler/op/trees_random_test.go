package op_test

import (
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/zkml-go/zkml/compiler/graph"
	. "github.com/zkml-go/zkml/testkit/optest"
)

// jungle is a random ensemble of ai.onnx.ml 5. A node's children come after it, and each is
// the root of a tree too; several nodes may have the same leaf.
type jungle struct {
	modes, features, yes, no, yesLeaf, noLeaf []int
	splits, weights                           []float64
	sets                                      [][]float64
	targets, roots                            []int
}

// grown makes a jungle of some nodes, features and targets.
func grown(rng *rand.Rand, nodes, features, targets int) *jungle {
	j := &jungle{}
	near := []float64{-1, -0.5, 0, 0.1, 0.25, 1, 2}
	parent := make([]bool, nodes) // of a node
	child := func(i int) (int, int) {
		if i+1 < nodes && rng.IntN(3) > 0 {
			if at := i + 1 + rng.IntN(min(4, nodes-i-1)); !parent[at] {
				parent[at] = true
				return at, 0
			}
		}
		if len(j.targets) == 0 || rng.IntN(4) > 0 {
			j.targets, j.weights = append(j.targets, rng.IntN(targets)), append(j.weights, near[rng.IntN(7)])
			return len(j.targets) - 1, 1
		}
		return rng.IntN(len(j.targets)), 1
	}
	for i := range nodes {
		j.modes, j.features = append(j.modes, rng.IntN(7)), append(j.features, rng.IntN(features))
		j.splits = append(j.splits, float64(float32(near[rng.IntN(7)])))
		var set []float64
		for range 1 + rng.IntN(3) {
			set = append(set, float64(float32(near[rng.IntN(7)])))
		}
		j.sets, j.roots = append(j.sets, set), append(j.roots, i)
		yes, yesLeaf := child(i)
		no, noLeaf := child(i)
		if yes == no && yesLeaf == 1 && noLeaf == 1 { // on both sides of a root it means another leaf
			j.targets, j.weights = append(j.targets, 0), append(j.weights, 0.5)
			no = len(j.targets) - 1
		}
		j.yes, j.yesLeaf = append(j.yes, yes), append(j.yesLeaf, yesLeaf)
		j.no, j.noLeaf = append(j.no, no), append(j.noLeaf, noLeaf)
	}
	return j
}

// attributes are the jungle's, as a file has them.
func (j *jungle) attributes(targets int) map[string]graph.Attr {
	modes, members := make([]float64, len(j.modes)), []float64{}
	for i, m := range j.modes {
		if modes[i] = float64(m); m == 6 {
			members = append(append(members, j.sets[i]...), nan)
		}
	}
	return Attrs(map[string]any{
		"n_targets": targets, "tree_roots": j.roots, "nodes_featureids": j.features,
		"nodes_modes":  Reals([]int{len(modes)}, modes...).As(graph.Uint8).Const,
		"nodes_splits": Reals([]int{len(modes)}, j.splits...).Const, "nodes_truenodeids": j.yes,
		"nodes_trueleafs": j.yesLeaf, "nodes_falsenodeids": j.no, "nodes_falseleafs": j.noLeaf,
		"leaf_targetids": j.targets, "leaf_weights": Reals([]int{len(j.weights)}, j.weights...).Const,
		"membership_values": Reals([]int{len(members)}, members...).Const,
	})
}

// walk is the leaf that a row reaches from a node, by ONNX's definition.
func (j *jungle) walk(at int, x []float64) int {
	for {
		v, t := float64(float32(x[j.features[at]])), j.splits[at]
		holds := []bool{v <= t, v < t, v >= t, v > t, v == t, v != t, slices.Contains(j.sets[at], v)}[j.modes[at]]
		next, leaf := j.no[at], j.noLeaf[at]
		if holds {
			next, leaf = j.yes[at], j.yesLeaf[at]
		}
		if at = next; leaf == 1 {
			return at
		}
	}
}

// TestRandomTrees compares ensembles with walks from their roots, node by node.
func TestRandomTrees(t *testing.T) {
	rng := rand.New(rand.NewPCG(3, 4))
	for range 200 {
		nodes, features, targets := 1+rng.IntN(12), 1+rng.IntN(3), 1+rng.IntN(3)
		j := grown(rng, nodes, features, targets)
		x, want := make([]float64, 4*features), make([]float64, 4*targets)
		for i := range x {
			x[i] = []float64{-1, -0.5, 0, 0.1, 0.25, 1, 2, 1e-9, -3}[rng.IntN(9)]
		}
		for row := range 4 {
			for _, root := range j.roots {
				leaf := j.walk(root, x[row*features:])
				want[row*targets+j.targets[leaf]] += j.weights[leaf]
			}
		}
		Run(t, Case{
			Op: "TreeEnsemble", Domain: "ai.onnx.ml", Opset: 5, Attrs: j.attributes(targets), Shape: []int{4, targets},
			In: []Input{Var(4, features).With(x...)}, Want: want,
		})
	}
}
