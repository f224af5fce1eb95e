package op

import (
	"errors"
	"fmt"
	"slices"

	"github.com/zkml-go/zkml/compiler/graph"
	"github.com/zkml-go/zkml/compiler/ir"
	"github.com/zkml-go/zkml/tensor"
)

// text is the element type of labels that are words.
const text graph.DType = "string"

func init() {
	register(Spec{
		Name: "TreeEnsembleClassifier", Domain: "ai.onnx.ml", Since: []int{1, 3}, Tolerance: 1,
		Note: "as onnxruntime computes it: [rows, features] of type float, double, int32 or int64; all node modes; " +
			"post_transform but SOFTMAX_ZERO; labels that are strings cannot be read, the scores can; " +
			"inputs are never NaN, so missing_value_tracks_true counts for nothing",
		New: takes(1, 1, newTreeClassifier),
	})
}

// treeClassifier gives the label of each row, and scores of the classes.
type treeClassifier struct {
	trees
	names [2]string // of the outputs
	post  transform
	// labels are numbers by class; the classes' own where they have words.
	labels []int
	words  bool
	// binary tells of two classes with one sum, which is the second one's. Trees then begin
	// with −threshold: the label is the second one where their sum is positive.
	binary    bool
	threshold float64
	positive  bool // no weight is negative
	// voted are the classes among which the label is chosen.
	voted   []int
	refused [2]error
}

func newTreeClassifier(n *graph.Node) (Op, error) {
	c := &treeClassifier{}
	for k := range min(len(n.Outputs), 2) {
		c.names[k] = n.Outputs[k]
	}
	var err error
	if c.post, err = readTransform(n); err != nil {
		return nil, err
	}
	if err := c.readLabels(n); err != nil {
		return nil, err
	}
	t, nodes, votes, err := readListed(n, "class", len(c.labels))
	if err != nil {
		return nil, err
	}
	if c.forest, err = grow(t, sum); err != nil {
		return nil, err
	}
	base, of, err := numbers(n, "base_values")
	if err != nil {
		return nil, err
	}
	c.targets, c.base, c.times = len(c.labels), base, 1
	c.double = !nodes.single || of != graph.Float32
	c.positive = !slices.ContainsFunc(votes, func(v vote) bool { return v.weight < 0 })
	return c, c.settle(c.counted(votes))
}

// readLabels reads the classes.
func (c *treeClassifier) readLabels(n *graph.Node) error {
	words, whole := n.Attrs["classlabels_strings"].Strings, n.Ints("classlabels_int64s")
	switch {
	case len(words) > 0 && len(whole) > 0:
		return errors.New("both classlabels_strings and classlabels_int64s are given")
	case len(words)+len(whole) == 0:
		return errors.New("neither classlabels_strings nor classlabels_int64s has an entry: there are no classes")
	case len(words) > 0:
		c.words, whole = true, make([]int, len(words))
		for k := range whole {
			whole[k] = k
		}
		c.refused[0] = errors.New("the label is a string, which cannot be read; choose the scores, the second " +
			"output, whose element k is that of string k of attribute classlabels_strings")
	}
	c.labels = whole
	for _, l := range whole {
		if l > exact || l < -exact {
			c.refused[0] = fmt.Errorf("attribute classlabels_int64s has %d, an integer beyond 2^53, "+
				"the largest that is supported; choose the scores, the second output", l)
		}
	}
	return nil
}

// counted lists the classes of votes in order.
func (c *treeClassifier) counted(votes []vote) []int {
	is := make([]bool, len(c.labels))
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
	reached := map[int]bool{}
	for _, leaf := range c.leaves {
		for _, v := range leaf {
			reached[v.target] = true
		}
	}
	if len(reached) != len(counted) {
		return fmt.Errorf("attribute class_nodeids gives branches weights of a class for which leaves have none; " +
			"remove the entries of branches")
	}
	switch n := len(c.labels); {
	case n > 2:
		return c.settleMany(reached)
	case n == 2 && len(counted) == 1 && counted[0] == 0:
		return c.settleBinary()
	default:
		return c.settleFew(counted)
	}
}

// settleBinary settles two classes of which only the first one has votes: its sum is the
// score of the second one.
func (c *treeClassifier) settleBinary() error {
	if len(c.base) > 1 {
		return c.wrongBase("0 or 1")
	}
	if c.post == probit {
		return errors.New("attribute post_transform is PROBIT, which two classes with one weight a leaf have not")
	}
	c.binary, c.targets = true, 1
	if c.positive {
		c.threshold = 0.5
	}
	c.base = []float64{append(c.base, 0)[0] - c.threshold}
	return nil
}

func (c *treeClassifier) wrongBase(supported string) error {
	return fmt.Errorf("attribute base_values has %d entries; supported are %s for %d classes of which %d have weights",
		len(c.base), supported, len(c.labels), len(c.votedFor()))
}

// votedFor lists the classes for which a leaf votes.
func (c *treeClassifier) votedFor() []int { return c.counted(slices.Concat(c.leaves...)) }

// settleFew settles one class, or two with sums of their own or with that of the second one
// alone.
func (c *treeClassifier) settleFew(counted []int) error {
	most := "0"
	if len(c.labels) == 1 {
		most = "0 or 1"
	}
	if len(c.base) > len(c.labels)%2 {
		return c.wrongBase(most)
	}
	if !c.always()[len(c.labels)-1] {
		return errors.New("attribute class_ids: only some leaves of each tree have a weight of the second class, " +
			"which changes the meaning of the scores from row to row; give every leaf a weight of each class")
	}
	switch {
	case len(c.labels) == 2 && len(counted) == 1:
		if c.voted = []int{1}; c.positive {
			c.threshold = 0.5
		}
	case c.refused[0] == nil:
		c.refused[0] = fmt.Errorf("for %d classes with a weight each onnxruntime's label is not that of the larger "+
			"score; choose the scores, the second output", len(c.labels))
	}
	if c.post == softmaxZero && len(c.labels) == 2 {
		c.refused[1] = errSoftmaxZero
	}
	if len(c.labels) == 1 && c.post != probit {
		c.post = untransformed
	}
	return nil
}

// settleMany settles three classes or more.
func (c *treeClassifier) settleMany(reached map[int]bool) error {
	if len(c.base) != 0 && len(c.base) != len(c.labels) {
		return c.wrongBase(fmt.Sprintf("0 or %d", len(c.labels)))
	}
	if c.post == softmaxZero {
		c.refused[1] = errSoftmaxZero
	}
	always := c.always()
	// One of the leaves that are reached surely has a positive weight.
	surely := slices.ContainsFunc(c.facts, func(f facts) bool { return f.positive })
	for k := range c.labels {
		switch {
		case len(c.base) > 0 || always[k]:
			c.voted = append(c.voted, k)
		case reached[k]:
			// onnxruntime passes over a class without a weight in the leaves that are reached.
			// Its sum of 0 never wins where another one is positive.
			if c.voted = append(c.voted, k); c.refused[0] == nil && !(c.positive && surely) {
				c.refused[0] = fmt.Errorf("class %d has weights in some leaves only, and is no candidate for the "+
					"label without one; give every leaf a weight of it, or choose the scores, the second output",
					c.labels[k])
			}
		}
	}
	return nil
}

// Refuses implements Partial.
func (c *treeClassifier) Refuses(output int) error {
	if output < len(c.refused) {
		return c.refused[output]
	}
	return nil
}

// Infer implements Op.
func (c *treeClassifier) Infer(in []Arg) ([]Out, error) {
	err := c.infer(in, 1)
	label := graph.Int64
	if c.words {
		label = text
	}
	return []Out{{DType: label, Shape: []int{c.rows}},
		{DType: graph.Float32, Shape: []int{c.rows, len(c.labels)}}}, err
}

// Float implements Op.
func (c *treeClassifier) Float(in []*tensor.Float) ([]*tensor.Float, error) {
	sums := c.sums(in[0])
	labels, scores := tensor.New[float64](c.rows), sums
	if c.binary {
		scores = tensor.New[float64](c.rows, 2)
	}
	for row := range c.rows {
		s := sums.Data[row*c.targets:][:c.targets]
		labels.Data[row] = float64(c.labels[c.class(s)])
		if c.binary {
			margin := s[0] + c.threshold
			for k, of := range c.pair() {
				scores.Data[2*row+k] = of.at(margin)
			}
		}
	}
	return append([]*tensor.Float{labels}, c.transform().of(scores)...), nil
}

// transform is what is done with the scores.
func (c *treeClassifier) transform() transform {
	if c.binary && c.post != logistic {
		return untransformed
	}
	return c.post
}

// class is the position of the label, given the sums of a row.
func (c *treeClassifier) class(sums []float64) int {
	if c.twoWays() {
		if sums[len(sums)-1]-c.rest() > 0 {
			return 1
		}
		return 0
	}
	best := 0
	for i, k := range c.voted {
		if i == 0 || sums[k] > sums[best] {
			best = k
		}
	}
	return best
}

// twoWays tells whether the label is that of the second class where one sum is beyond the
// threshold.
func (c *treeClassifier) twoWays() bool { return len(c.labels) == 2 }

// rest is what of the threshold the trees do not begin with.
func (c *treeClassifier) rest() float64 {
	if c.binary {
		return 0
	}
	return c.threshold
}

// line is bias + factor·x.
type line struct{ factor, bias float64 }

func (l line) at(x float64) float64 { return l.bias + float64(l.factor*x) }

// pair are the two scores as functions of one sum.
func (c *treeClassifier) pair() [2]line {
	if c.positive && c.post != logistic {
		return [2]line{{-1, 1}, {1, 0}}
	}
	return [2]line{{-1, 0}, {1, 0}}
}

// Lower implements Op.
func (c *treeClassifier) Lower(l *Lowering) ([]ir.ID, error) {
	p := c.plant(l, c.names[1])
	sums, err := p.sum()
	if err != nil {
		return nil, err
	}
	out := []ir.ID{-1, -1}
	if c.refused[1] == nil {
		scores := sums
		if c.binary {
			pair := c.pair()
			scores, err = p.linear("of two classes", sums, 1, []int{0, 0}, []float64{pair[0].factor, pair[1].factor},
				[]float64{pair[0].at(c.threshold), pair[1].at(c.threshold)})
			if err != nil {
				return nil, err
			}
		}
		out[1] = p.transformed(c.transform(), scores, len(c.labels))
	}
	if c.refused[0] == nil {
		p.name = c.names[0]
		out[0], err = c.label(p, sums)
	}
	return out, err
}
