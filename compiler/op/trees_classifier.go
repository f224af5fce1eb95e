package op

import (
	"errors"
	"fmt"
	"slices"

	"github.com/zkml-go/zkml/compiler/graph"
	"github.com/zkml-go/zkml/compiler/ir"
	"github.com/zkml-go/zkml/tensor"
)

func init() {
	register(Spec{
		Name: "TreeEnsembleClassifier", Domain: mlDomain, Since: []int{1, 3}, Tolerance: 1,
		Note: "as onnxruntime computes it: [rows, features] of type float, double, int32 or int64; all node modes; " +
			"a feature may be NaN where missing_value_tracks_true is 1 for a node of it, and the model public",
		New: takes(1, 1, newTreeClassifier),
	})
}

// treeClassifier gives the label of each row, and scores of the classes.
type treeClassifier struct {
	trees
	classLabels
	scorer
	name string // of the scores
	// voted are the classes whose sums decide the label, that of the largest one; a single
	// class decides by whether its sum is beyond the threshold.
	voted     []int
	threshold float64
	positive  bool  // no weight is negative
	noLabel   error // why the label may not be read
}

func newTreeClassifier(n *graph.Node) (Op, error) {
	c := &treeClassifier{name: n.Outputs[0] + ".scores"}
	if len(n.Outputs) > 1 && n.Outputs[1] != "" {
		c.name = n.Outputs[1]
	}
	var err error
	if c.transform, err = transformOf(n); err != nil {
		return nil, err
	}
	if c.classLabels, err = labelsOf(n, "classlabels_int64s", "classlabels_strings"); err != nil {
		return nil, err
	}
	t, nodes, votes, err := readListed(n, "class", c.count())
	if err != nil {
		return nil, err
	}
	if c.forest, err = grow(t, sum, false); err != nil {
		return nil, err
	}
	base, of, err := numbers(n, "base_values")
	if err != nil {
		return nil, err
	}
	c.targets, c.base, c.times = c.count(), base, 1
	c.double = !nodes.single || of != graph.Float32
	c.positive = !slices.ContainsFunc(votes, func(v vote) bool { return v.weight < 0 })
	return c, c.settle(c.counted(votes))
}

// counted lists the classes of votes in order.
func (c *treeClassifier) counted(votes []vote) []int {
	is := make([]bool, c.count())
	for _, v := range votes {
		is[v.target] = true
	}
	var out []int
	for k, counts := range is {
		if counts {
			out = append(out, k)
		}
	}
	return out
}

// settle finds what scores and label are, given the classes with votes.
func (c *treeClassifier) settle(counted []int) error {
	if reached := c.counted(slices.Concat(c.leaves...)); !slices.Equal(reached, counted) {
		return errors.New("attribute class_nodeids gives branches weights of a class for which leaves have none; " +
			"remove the entries of branches")
	}
	if c.count() > 2 {
		return c.settleMany(counted)
	}
	return c.settleFew(counted)
}

// settleFew settles two classes, or one. Where leaves have weights of the first one alone,
// these are the second one's.
func (c *treeClassifier) settleFew(counted []int) error {
	most := 1
	switch {
	case c.count() == 1:
		c.noLabel = errors.New("for a single class onnxruntime's labels are 0 and 1; choose the scores, the second " +
			"output")
	case len(counted) == 2:
		if most, c.voted = 0, []int{1}; !c.opposed() {
			c.noLabel = errors.New("for two classes with weights each onnxruntime's label is 1 where the second " +
				"score is positive, and not that of the larger score; choose the scores, the second output")
		}
		if !c.always()[1] {
			return errors.New("attribute class_ids: only some leaves of each tree have a weight of the second class, " +
				"which changes the meaning of the scores from row to row; give every leaf a weight of each class")
		}
	case counted[0] == 1:
		most, c.voted = 0, []int{1}
	default:
		c.targets, c.voted = 1, []int{0}
		if c.pairing = opposite; c.positive && c.transform != logistic {
			c.pairing = complement
		}
	}
	if c.positive && len(counted) == 1 {
		c.threshold = 0.5
	}
	if len(c.base) > most {
		return fmt.Errorf("attribute base_values has %d entries; supported are %d at most for %d classes of which "+
			"%v have weights", len(c.base), most, c.count(), counted)
	}
	return c.check(c.targets)
}

// opposed tells of two classes with weights each whether the larger score is the positive
// one, and whether their labels are 0 and 1, as onnxruntime has them then.
func (c *treeClassifier) opposed() bool {
	for _, leaf := range c.leaves {
		if len(leaf) != 2 || leaf[0].weight != -leaf[1].weight {
			return false
		}
	}
	return c.texts != nil || c.ints[0] == 0 && c.ints[1] == 1
}

// settleMany settles three classes or more.
func (c *treeClassifier) settleMany(counted []int) error {
	if len(c.base) != 0 && len(c.base) != c.count() {
		return fmt.Errorf("attribute base_values has %d entries; supported are 0 or %d", len(c.base), c.count())
	}
	always := c.always()
	// One of the leaves that are reached surely has a positive weight.
	surely := slices.ContainsFunc(c.facts, func(f facts) bool { return f.positive })
	for k := range c.count() {
		_, votes := slices.BinarySearch(counted, k)
		if len(c.base) == 0 && !votes {
			continue // onnxruntime passes over a class without a weight
		}
		c.voted = append(c.voted, k)
		// Among the leaves that are reached it may have none. Its sum of 0 then never wins
		// where another one is positive.
		if len(c.base) == 0 && !always[k] && !(c.positive && surely) && c.noLabel == nil {
			c.noLabel = fmt.Errorf("class %d has weights in some leaves only, and is no candidate for the label "+
				"without one; give every leaf a weight of it, or choose the scores, the second output", k)
		}
	}
	return nil
}

// Refuses implements Partial.
func (c *treeClassifier) Refuses(output int) error {
	if output == 0 {
		return c.noLabel
	}
	return nil
}

// Infer implements Op.
func (c *treeClassifier) Infer(in []Arg) ([]Out, error) {
	err := c.infer(in)
	return []Out{c.candidates().out(c.rows), c.classLabels.scores(c.rows, c.count())}, err
}

// Float implements Op.
func (c *treeClassifier) Float(in []*tensor.Float) ([]*tensor.Float, error) {
	sums, err := c.sums(in[0])
	if err != nil {
		return nil, err
	}
	scores := c.scorer.float(sums)
	if c.noLabel != nil {
		return []*tensor.Float{tensor.New[float64](c.rows), scores}, nil
	}
	deciding := tensor.New[float64](c.rows, len(c.voted))
	for row := range c.rows {
		for i, k := range c.voted {
			deciding.Data[row*len(c.voted)+i] = sums.Data[row*c.targets+k] - c.threshold
		}
	}
	return []*tensor.Float{c.candidates().float(deciding), scores}, nil
}

// candidates are the labels of the classes that are voted for.
func (c *treeClassifier) candidates() classLabels {
	if len(c.voted) == 1 || len(c.voted) == c.count() {
		return c.classLabels
	}
	var out classLabels
	for _, k := range c.voted {
		if c.texts != nil {
			out.texts = append(out.texts, c.texts[k])
		} else {
			out.ints = append(out.ints, c.ints[k])
		}
	}
	return out
}

// Lower implements Op.
func (c *treeClassifier) Lower(l *Lowering) ([]ir.ID, error) {
	p, err := c.plant(l, c.name)
	if err != nil {
		return nil, err
	}
	sums, err := p.sum()
	if err != nil {
		return nil, err
	}
	out := []ir.ID{-1, 0}
	if out[1], err = c.scorer.lower(l, c.name, sums); err != nil || c.noLabel != nil {
		return out, err
	}
	deciding := sums
	if len(c.voted) != c.targets {
		deciding = p.columns(sums, c.voted...)
	}
	if c.threshold != 0 {
		if deciding, err = l.named(l.Name, c.rows, 1).shifted(deciding, 1, -c.threshold, true); err != nil {
			return nil, err
		}
	}
	out[0], err = c.candidates().lower(l, deciding)
	return out, err
}
