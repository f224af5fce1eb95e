package op

import (
	"fmt"
	"maps"
	"math"
	"slices"

	"github.com/zkml-go/zkml/budget"
	"github.com/zkml-go/zkml/compiler/graph"
	"github.com/zkml-go/zkml/compiler/ir"
	"github.com/zkml-go/zkml/tensor"
)

func init() {
	note := "as onnxruntime computes it: [rows, features] of type float or double; all node modes and aggregate " +
		"functions; "
	register(
		Spec{
			Name: "TreeEnsembleRegressor", Domain: mlDomain, Since: []int{1, 3}, Tolerance: 1,
			Note: note + "one target has no transform but PROBIT; " +
				"a feature may be NaN where missing_value_tracks_true is 1 for a node of it, and the model public",
			New: takes(1, 1, newTreeRegressor),
		},
		Spec{
			Name: "TreeEnsemble", Domain: mlDomain, Since: []int{5}, Tolerance: 1,
			Note: note + "sets of members; leaves may be shared, and nodes not; " +
				"post_transform NONE, SOFTMAX_ZERO and PROBIT; " +
				"a feature may be NaN where missing_value_tracks_true is 1 for a node of it, and the model public",
			New: takes(1, 1, newTreeEnsemble),
		},
	)
}

// aggregates are what the trees' weights of a target become, as ai.onnx.ml 5 numbers them.
var aggregates = []string{"AVERAGE", "SUM", "MIN", "MAX"}

// treeRegressor gives numbers for each row.
type treeRegressor struct {
	trees
	name string
	scorer
	aggregate string
	// sign is 0 where weights are added. Else the result is sign times the largest of sign
	// times the trees' weights.
	sign float64
	// least is, by target, the weight that counts least.
	least map[int]float64
	apart int64       // a bound of the numbers of all leaves, where each tree has its outputs
	dtype graph.DType // of the output, "" for the input's
}

func newTreeRegressor(n *graph.Node) (Op, error) {
	r := &treeRegressor{name: n.Outputs[0], aggregate: n.String("aggregate_function", "SUM"), dtype: graph.Float32}
	var err error
	if r.transform, err = transformOf(n); err != nil {
		return nil, err
	}
	if r.targets = n.Int("n_targets", 0); r.targets < 1 {
		return nil, fmt.Errorf("attribute n_targets is %d; at least 1 is needed", r.targets)
	}
	t, nodes, _, err := readListed(n, "target", r.targets)
	if err != nil {
		return nil, err
	}
	base, of, err := numbers(n, "base_values")
	if err != nil {
		return nil, err
	}
	if len(base) > 0 && len(base) != r.targets {
		return nil, fmt.Errorf("attribute base_values has %d entries, and n_targets is %d", len(base), r.targets)
	}
	r.base, r.double = base, !nodes.single || of != graph.Float32
	return r, r.grow(t)
}

// grow makes the forest and finds how its weights become one.
func (r *treeRegressor) grow(t *thicket) error {
	join, extreme := sum, false
	r.times = 1
	switch r.aggregate {
	case "SUM":
	case "AVERAGE":
		r.times = 1 / float64(len(t.roots))
	case "MIN":
		join, extreme, r.sign = math.Min, true, -1
	case "MAX":
		join, extreme, r.sign = math.Max, true, 1
	default:
		return fmt.Errorf("attribute aggregate_function is %q; supported are %q", r.aggregate, aggregates)
	}
	var err error
	if r.forest, err = grow(t, join, false); err != nil || !extreme {
		return err
	}
	if err := r.separate(); err != nil {
		return err
	}
	return r.fill()
}

// fill finds what stands for weights that a leaf has not, where the largest or the smallest
// one counts: one that never wins against a tree all of whose leaves have a weight.
func (r *treeRegressor) fill() error {
	r.least = map[int]float64{}
	for _, leaf := range r.leaves {
		for _, v := range leaf {
			least, ok := r.least[v.target]
			if !ok || r.sign*v.weight < r.sign*least {
				r.least[v.target] = v.weight
			}
		}
	}
	always := r.always()
	for _, k := range slices.Sorted(maps.Keys(r.least)) {
		if !always[k] {
			return fmt.Errorf("attribute aggregate_function is %s, and no tree has a weight of target %d in all its "+
				"leaves", r.aggregate, k)
		}
	}
	return nil
}

// Infer implements Op.
func (r *treeRegressor) Infer(in []Arg) ([]Out, error) {
	dtype := r.dtype
	if dtype == "" {
		dtype = in[0].DType
	}
	err := r.infer(in)
	return []Out{{DType: dtype, Shape: []int{r.rows, r.targets}}}, err
}

// Float implements Op.
func (r *treeRegressor) Float(in []*tensor.Float) ([]*tensor.Float, error) {
	if r.sign == 0 {
		sums, err := r.sums(in[0])
		if err != nil {
			return nil, err
		}
		return []*tensor.Float{r.scorer.float(sums)}, nil
	}
	reached, err := r.leavesOf(in[0])
	out := tensor.New[float64](r.rows, r.targets)
	for row, leaves := range reached {
		scores := out.Data[row*r.targets:][:r.targets]
		for k, w := range r.least {
			scores[k] = w
		}
		for _, leaf := range leaves {
			for _, v := range r.leaves[leaf] {
				if r.sign*v.weight > r.sign*scores[v.target] {
					scores[v.target] = v.weight
				}
			}
		}
		for k, b := range r.base {
			scores[k] += b
		}
	}
	return []*tensor.Float{r.scorer.float(out)}, err
}

// Lower implements Op.
func (r *treeRegressor) Lower(l *Lowering) ([]ir.ID, error) {
	p, err := r.plant(l, r.name)
	if err != nil {
		return nil, err
	}
	score := p.sum
	if r.sign != 0 {
		score = func() (ir.ID, error) { return r.extreme(p) }
	}
	sums, err := score()
	if err != nil {
		return nil, err
	}
	scores, err := r.scorer.lower(l, r.name, sums)
	return []ir.ID{scores}, err
}

// extreme emits sign times the largest of sign times the trees' weights, and the base
// values.
func (r *treeRegressor) extreme(p *planting) (ir.ID, error) {
	each := len(p.roots) * r.targets
	t := &ir.Trees{Bias: make([]float64, each)}
	for tree, root := range p.roots {
		p.add(t, []int32{root}, func(votes []vote) []float64 {
			out := make([]float64, each)
			own := out[tree*r.targets:][:r.targets]
			for k, w := range r.least {
				own[k] = float64(r.sign * w)
			}
			for _, v := range votes {
				own[v.target] = float64(r.sign * v.weight)
			}
			return out
		})
	}
	all, err := p.total(t)
	if err != nil {
		return 0, err
	}
	largest := &ir.Max{}
	for i := range p.rows * r.targets {
		window := make([]int32, len(p.roots))
		for tree := range window {
			window[tree] = int32(i/r.targets*each + tree*r.targets + i%r.targets)
		}
		largest.Windows = append(largest.Windows, window)
	}
	best := p.step([]int{p.rows, r.targets}, largest, all)
	if r.sign > 0 && r.base == nil {
		return best, nil
	}
	a := newAffine(p.rows*r.targets, best)
	a.Fixed = !p.Secret
	for i := range a.Bias {
		k := i % r.targets
		a.Group[i], a.Bias[i] = k, r.beginning()[k]
		a.term(i, 0, i, r.sign)
	}
	return only(a.emit(p.named(p.Name, p.rows, r.targets)))
}

// Work implements Worker.
func (r *treeRegressor) Work() Work {
	w := r.trees.Work()
	if r.sign != 0 {
		w.Terms = r.apart
		w.Indices = budget.Sum(w.Indices, budget.Product(r.rows, r.targets, len(r.roots)),
			budget.Product(int64(r.rows), r.apart))
		w.Multiplications = budget.Sum(w.Multiplications, w.Indices)
	}
	return w
}

// separate counts the numbers of leaves where each tree has outputs of its own.
func (r *treeRegressor) separate() error {
	size := int64(0)
	for _, root := range r.roots {
		nodes, leaves, _ := r.within([]int32{root})
		size += int64(len(nodes) + len(leaves))
		r.apart = budget.Product(size, int64(len(r.roots)), int64(r.targets))
		if err := budget.Terms.Check("", r.apart); err != nil {
			return err
		}
	}
	return nil
}
