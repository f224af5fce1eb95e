package op

import (
	"errors"
	"fmt"
	"math"

	"github.com/zkml-go/zkml/compiler/graph"
	"github.com/zkml-go/zkml/compiler/ir"
	"github.com/zkml-go/zkml/problem"
	"github.com/zkml-go/zkml/tensor"
)

func init() {
	register(
		Spec{
			Name: "SVMClassifier", Domain: mlDomain, Since: []int{1}, Tolerance: 12,
			Note: "all kernels, with a vote for each pair of classes, as onnxruntime has them; probabilities of two " +
				"classes only",
			New: takes(1, 1, newSVMClassifier),
		},
		Spec{
			Name: "SVMRegressor", Domain: mlDomain, Since: []int{1}, Tolerance: 12,
			Note: "all kernels, and one_class; as in onnxruntime, post_transform counts for nothing",
			New:  takes(1, 1, newSVMRegressor),
		},
	)
}

// svmClassifier gives the class with the most votes of pairs of classes, and the scores
// of the pairs.
type svmClassifier struct {
	machine
	scorer
	classLabels
	pairs        []weighted // of classes 0 and 1, 0 and 2, …, 1 and 2, …
	probA, probB []float64  // by pair, where scores become probabilities
	name         string     // of the scores
}

// mostClasses bounds the pairs.
const mostClasses = 256

func newSVMClassifier(n *graph.Node) (Op, error) {
	c := &svmClassifier{name: n.Outputs[0] + ".scores"}
	var err error
	if c.classLabels, err = labelsOf(n, "classlabels_ints", "classlabels_strings"); err != nil {
		return nil, err
	}
	of := n.Attrs["vectors_per_class"].Ints
	switch {
	case len(of) == 0:
		return nil, errors.New("attribute vectors_per_class is absent; export a linear model as LinearClassifier")
	case len(of) != c.classLabels.count() || len(of) < 2 || len(of) > mostClasses:
		return nil, fmt.Errorf("attribute vectors_per_class has %d elements for %d labels; there must be as many, "+
			"from 2 to %d", len(of), c.classLabels.count(), mostClasses)
	}
	first := []int{0}
	for _, v := range of {
		if v < 0 || v > math.MaxInt32 {
			return nil, fmt.Errorf("attribute vectors_per_class counts %d vectors", v)
		}
		first = append(first, first[len(first)-1]+int(v))
	}
	if first[len(of)] == 0 {
		return nil, errors.New("attribute vectors_per_class counts no vector; " +
			"export a linear model as LinearClassifier")
	}
	if c.machine, err = newMachine(n, first[len(of)]); err != nil {
		return nil, err
	}
	if c.transform, err = transformOf(n); err != nil {
		return nil, err
	}
	c.probA, c.probB = n.Attrs["prob_a"].Floats, n.Attrs["prob_b"].Floats
	if len(n.Outputs) > 1 && n.Outputs[1] != "" {
		c.name = n.Outputs[1]
	}
	return c, c.pair(first)
}

// pair collects the scores of pairs; first numbers the first vector of each class.
func (c *svmClassifier) pair(first []int) error {
	classes := len(first) - 1
	pairs := classes * (classes - 1) / 2
	switch {
	case len(c.coefficients) != (classes-1)*c.machine.count:
		return fmt.Errorf("%d coefficients for %d classes and %d support vectors", len(c.coefficients), classes,
			c.machine.count)
	case len(c.rho) != pairs || len(c.probA) != len(c.probB) || len(c.probA) > 0 && len(c.probA) != pairs:
		return fmt.Errorf("attributes rho, prob_a and prob_b have %d, %d and %d elements for %d pairs of classes",
			len(c.rho), len(c.probA), len(c.probB), pairs)
	}
	if c.pairing = complement; c.transform == logistic || c.transform == noTransform {
		c.pairing = opposite
	}
	for i := range classes {
		for j := i + 1; j < classes; j++ {
			w := weighted{weights: make([]float64, c.machine.count), plus: c.rho[len(c.pairs)]}
			row := func(k int) []float64 { return c.coefficients[k*c.machine.count : (k+1)*c.machine.count] }
			copy(w.weights[first[i]:first[i+1]], row(j - 1)[first[i]:first[i+1]])
			copy(w.weights[first[j]:first[j+1]], row(i)[first[j]:first[j+1]])
			c.pairs = append(c.pairs, w)
		}
	}
	if len(c.probA) > 0 {
		return nil
	}
	return c.check(pairs)
}

// Refuses implements Partial.
func (c *svmClassifier) Refuses(output int) error {
	if output == 1 && len(c.probA) > 1 {
		return &problem.Error{
			Got:    "probabilities of more than two classes are found by an iteration, which is not supported",
			Remedy: "prove the label alone (${Outputs}), or train with probability=False",
		}
	}
	return nil
}

// Infer implements Op.
func (c *svmClassifier) Infer(in []Arg) ([]Out, error) {
	if err := c.infer(in, len(c.pairs)); err != nil {
		return nil, err
	}
	columns := c.columns(len(c.pairs))
	if len(c.probA) > 0 {
		columns = c.classLabels.count()
	}
	return []Out{c.out(c.rows), c.classLabels.scores(c.rows, columns)}, nil
}

// Float implements Op.
func (c *svmClassifier) Float(in []*tensor.Float) ([]*tensor.Float, error) {
	raw := c.machine.float(in[0], c.pairs)
	votes := tensor.New[float64](c.rows, c.classLabels.count())
	for row := range c.rows {
		c.eachPair(func(k, i, j int) {
			if winner := row*votes.Shape[1] + i; raw.Data[row*len(c.pairs)+k] > 0 {
				votes.Data[winner]++
			} else {
				votes.Data[winner-i+j]++
			}
		})
	}
	scores := raw
	switch {
	case len(c.probA) == 1:
		scores = tensor.New[float64](c.rows, 2)
		for row, s := range raw.Data {
			p := c.probability(s)
			scores.Data[2*row], scores.Data[2*row+1] = p, 1-p
			c.transform.float(scores.Data[2*row : 2*row+2])
		}
	case len(c.probA) == 0:
		scores = c.scorer.float(raw)
	}
	return []*tensor.Float{c.classLabels.float(votes), scores}, nil
}

// eachPair numbers pairs of classes.
func (c *svmClassifier) eachPair(f func(pair, i, j int)) {
	pair := 0
	for i := range c.classLabels.count() {
		for j := i + 1; j < c.classLabels.count(); j++ {
			f(pair, i, j)
			pair++
		}
	}
}

// probability is the first of two classes' by their score.
func (c *svmClassifier) probability(score float64) float64 {
	const least = 1e-7
	return max(least, min(1-least, sigmoid(-float64(score*c.probA[0])-c.probB[0])))
}

// Lower implements Op.
func (c *svmClassifier) Lower(l *Lowering) ([]ir.ID, error) {
	raw, err := c.machine.lower(l, c.name, c.pairs)
	if err != nil {
		return nil, err
	}
	votes, err := c.votes(l, raw)
	if err != nil {
		return nil, err
	}
	label, err := c.classLabels.lower(l, votes)
	if err != nil {
		return nil, err
	}
	scores := ir.ID(-1)
	switch len(c.probA) {
	case 0:
		scores, err = c.scorer.lower(l, c.name, raw)
	case 1:
		scores, err = c.probabilities(l, raw)
	}
	return []ir.ID{label, scores}, err
}

// votes counts the pairs that each class wins.
func (c *svmClassifier) votes(l *Lowering, raw ir.ID) (ir.ID, error) {
	classes := c.classLabels.count()
	won := l.named(l.Name, l.Shapes[raw]...).Step(&ir.Compare{}, raw)
	a := newAffine(c.rows*classes, won)
	a.Fixed = true
	for row := range c.rows {
		c.eachPair(func(k, i, j int) {
			bit := row*len(c.pairs) + k
			a.term(row*classes+i, 0, bit, 1)
			a.term(row*classes+j, 0, bit, -1)
			a.Bias[row*classes+j]++
		})
	}
	return only(a.emit(l.named(l.Name, c.rows, classes)))
}

// probabilities are those of two classes.
func (c *svmClassifier) probabilities(l *Lowering, raw ir.ID) (ir.ID, error) {
	scaled, err := l.named(c.name, c.rows, 1).shifted(raw, -c.probA[0], -c.probB[0], false)
	if err != nil {
		return 0, err
	}
	first := l.named(c.name, c.rows, 1).Step(logisticStep(), scaled)
	pair := scorer{pairing: complement}
	both, err := pair.lower(l, c.name, first)
	if err != nil {
		return 0, err
	}
	turned := &ir.Move{In: make([]int32, 2*c.rows)} // the score is the first one's
	for i := range int32(2 * c.rows) {
		turned.Index = append(turned.Index, i^1)
	}
	both = l.named(c.name, c.rows, 2).Step(turned, both)
	return c.transform.lower(l, c.name, both)
}

// svmRegressor gives each row its target.
type svmRegressor struct {
	machine
	sums     []weighted
	oneClass bool
}

func newSVMRegressor(n *graph.Node) (Op, error) {
	count := n.Int("n_supports", 0)
	if count <= 0 || count > math.MaxInt32 {
		return nil, fmt.Errorf("attribute n_supports is %d; export a linear model as LinearRegressor", count)
	}
	m, err := newMachine(n, count)
	if err != nil {
		return nil, err
	}
	if len(m.coefficients) != count || len(m.rho) != 1 {
		return nil, fmt.Errorf("%d coefficients and %d elements of rho for %d support vectors", len(m.coefficients),
			len(m.rho), count)
	}
	return &svmRegressor{m, []weighted{{m.coefficients, m.rho[0]}}, n.Int("one_class", 0) != 0}, nil
}

// Infer implements Op.
func (r *svmRegressor) Infer(in []Arg) ([]Out, error) {
	err := r.infer(in, 1)
	return []Out{{DType: graph.Float32, Shape: []int{r.rows, 1}}}, err
}

// Float implements Op.
func (r *svmRegressor) Float(in []*tensor.Float) ([]*tensor.Float, error) {
	out := r.machine.float(in[0], r.sums)
	if r.oneClass {
		out = tensor.Map(out, func(x float64) float64 { return float64(2*where(above)(x, 0)) - 1 })
	}
	return []*tensor.Float{out}, nil
}

// Lower implements Op.
func (r *svmRegressor) Lower(l *Lowering) ([]ir.ID, error) {
	out, err := r.machine.lower(l, l.Name, r.sums)
	if err == nil && r.oneClass {
		out, err = l.shifted(l.Step(&ir.Compare{}, out), 2, -1, true)
	}
	return []ir.ID{out}, err
}
