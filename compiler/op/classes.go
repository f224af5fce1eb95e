package op

import (
	"fmt"
	"math"
	"slices"
	"strconv"

	"github.com/zkml-go/zkml/compiler/graph"
	"github.com/zkml-go/zkml/compiler/ir"
	"github.com/zkml-go/zkml/libm"
	"github.com/zkml-go/zkml/tensor"
)

// mlDomain is the domain of classical models.
const mlDomain = "ai.onnx.ml"

// named is the lowering of a value of the node that is not its first output.
func (l *Lowering) named(name string, shape ...int) *Lowering {
	out := *l
	out.Name, out.Out = name, []Out{{Shape: shape}}
	return &out
}

// only is the value that a step makes.
func only(ids []ir.ID, err error) (ir.ID, error) {
	if err != nil {
		return 0, err
	}
	return ids[0], nil
}

// classLabels are the labels of a classifier's classes: integers, or texts.
type classLabels struct {
	ints  []float64
	texts []string
}

// largestLabel bounds labels: a float64 holds the difference of any two.
const largestLabel = exact / 2

// labelsOf reads the labels of a classifier from two attributes, one of which it has.
func labelsOf(n *graph.Node, ints, texts string) (classLabels, error) {
	c := classLabels{texts: n.Attrs[texts].Strings}
	numbers := n.Attrs[ints].Ints
	if len(numbers) > 0 == (len(c.texts) > 0) {
		return c, fmt.Errorf("one of the attributes %s and %s must list the labels of the classes", ints, texts)
	}
	for _, v := range numbers {
		if v > largestLabel || v < -largestLabel {
			return c, fmt.Errorf("attribute %s: the label %d is beyond 2^52, the largest that is supported", ints, v)
		}
		c.ints = append(c.ints, float64(v))
	}
	return c, nil
}

// count is how many classes there are.
func (c classLabels) count() int { return max(len(c.ints), len(c.texts)) }

// out describes the labels of some rows.
func (c classLabels) out(rows int) Out {
	out := Out{DType: graph.Int64, Shape: []int{rows}, Meaning: Meaning{Labels: c.names()}}
	if c.texts != nil {
		out.DType, out.Texts = graph.Text, c.texts
	}
	return out
}

// scores describes columns of scores, which have names where there is one for each class.
func (c classLabels) scores(rows, columns int) Out {
	out := Out{DType: graph.Float32, Shape: []int{rows, columns}}
	if columns == c.count() {
		out.Labels = c.names()
	}
	return out
}

// names are the labels in writing.
func (c classLabels) names() []string {
	if c.texts != nil {
		return c.texts
	}
	out := make([]string, len(c.ints))
	for k, v := range c.ints {
		out[k] = LabelText(v)
	}
	return out
}

// LabelText is an integer label in writing.
func LabelText(label float64) string { return strconv.FormatInt(int64(label), 10) }

// at is the label of a class; of a text, its number.
func (c classLabels) at(class int) float64 {
	if c.texts != nil {
		return float64(class)
	}
	return c.ints[class]
}

// float gives each row of raw scores its label: that of the largest score, the first of
// equal ones. A single score decides between two classes: for the second where it is
// positive.
func (c classLabels) float(raw *tensor.Float) *tensor.Float {
	columns := raw.Shape[1]
	out := tensor.New[float64](raw.Shape[0])
	for i := range out.Data {
		row, best := raw.Data[i*columns:(i+1)*columns], 0
		for k, v := range row {
			if v > row[best] || columns == 1 && v > 0 {
				best = max(k, 2-columns)
			}
		}
		out.Data[i] = c.at(best)
	}
	return out
}

// lower emits the labels of rows of raw scores. Those of texts are numbers of classes.
func (c classLabels) lower(l *Lowering, raw ir.ID) (ir.ID, error) {
	rows, columns := l.Shapes[raw][0], l.Shapes[raw][1]
	var kind ir.Kind = &ir.Compare{Decides: true}
	if columns > 1 {
		kind = &ir.ArgMax{Groups: fibres([]int{rows, columns}, 1)}
	}
	class := l.named(l.Name, rows).Step(kind, raw)
	if c.texts != nil {
		return class, nil
	}
	return l.named(l.Name, rows).labelled(class, c.ints, true)
}

// labelled gives integers that count from zero their labels, exactly. These are known to
// all, or secrets of a private model.
func (l *Lowering) labelled(class ir.ID, labels []float64, known bool) (ir.ID, error) {
	first, step := labels[0], 1.0
	if len(labels) > 1 {
		step = labels[1] - first
	}
	even := true
	s := newStairs(first)
	s.known = known
	for k := 1; k < len(labels); k++ {
		even = even && labels[k] == first+float64(step*float64(k))
		s.jump(0, place{float64(k), true}, labels[k]-labels[k-1])
	}
	switch {
	case even && first == 0 && step == 1:
		return class, nil
	case even:
		return l.shifted(class, step, first, known)
	}
	return l.staircase(class, s)
}

// shifted is a multiple of every element plus a constant. Both are known to all, or
// secrets of a private model.
func (l *Lowering) shifted(x ir.ID, by, plus float64, known bool) (ir.ID, error) {
	a := newAffine(l.Size(x), x)
	a.Fixed = known
	for i := range a.Bias {
		a.Bias[i] = plus
		a.term(i, 0, i, by)
	}
	return only(a.emit(l))
}

// transform is what becomes of raw scores, the attribute post_transform.
type transform string

// The transforms of ONNX.
const (
	noTransform transform = "NONE"
	logistic    transform = "LOGISTIC"
	softmaxed   transform = "SOFTMAX"
	softmaxZero transform = "SOFTMAX_ZERO"
	probit      transform = "PROBIT"
)

func transformOf(n *graph.Node) (transform, error) {
	t := transform(n.String("post_transform", string(noTransform)))
	known := []transform{noTransform, logistic, softmaxed, softmaxZero, probit}
	if !slices.Contains(known, t) {
		return "", fmt.Errorf("attribute post_transform is %q; supported are %s", t, known)
	}
	return t, nil
}

// pairing is how one raw score becomes those of two classes.
type pairing int

const (
	alone      pairing = iota // it stays one
	complement                // 1 − s and s, whatever the transform
	opposite                  // −s and s; by the transform LOGISTIC their logistics
)

// scorer makes scores of raw ones, as onnxruntime does: a transform is of several raw
// scores in a row, and PROBIT of single ones too.
type scorer struct {
	transform
	pairing
}

// check refuses what onnxruntime leaves undefined.
func (s scorer) check(columns int) error {
	if s.transform == probit && columns == 1 && s.pairing != alone {
		return fmt.Errorf("post_transform PROBIT of a single score does not say what the other class gets; " +
			"export the model with another one")
	}
	return nil
}

// columns is how many scores a row of so many raw ones has.
func (s scorer) columns(raw int) int {
	if raw == 1 && s.pairing != alone {
		return 2
	}
	return raw
}

// float is the scores of rows of raw ones.
func (s scorer) float(raw *tensor.Float) *tensor.Float {
	rows, columns := raw.Shape[0], raw.Shape[1]
	out := tensor.New[float64](rows, s.columns(columns))
	switch {
	case columns > 1:
		copy(out.Data, raw.Data)
		for i := range rows {
			s.transform.float(out.Data[i*columns : (i+1)*columns])
		}
	case s.transform == probit:
		copy(out.Data, tensor.Map(raw, probitOf).Data)
	case s.pairing == alone:
		copy(out.Data, raw.Data)
	default:
		for i, v := range raw.Data {
			pair := out.Data[2*i : 2*i+2]
			pair[0], pair[1] = s.first()-v, v
			if s.paired() {
				logistic.float(pair)
			}
		}
	}
	return out
}

// first is the sum of the two scores that one becomes.
func (s scorer) first() float64 {
	if s.pairing == complement {
		return 1
	}
	return 0
}

// paired tells whether the two scores that one becomes are transformed.
func (s scorer) paired() bool { return s.pairing == opposite && s.transform == logistic }

// float transforms one row in place.
func (t transform) float(row []float64) {
	switch t {
	case softmaxed, softmaxZero:
		top, sum := slices.Max(row), 0.0
		for i, v := range row {
			if t == softmaxed || !nearZero(v) {
				row[i] = libm.Exp(v - top)
				sum += row[i]
			} else {
				row[i] = float64(v * libm.Exp(-top))
			}
		}
		for i := range row {
			row[i] /= sum
		}
	case logistic:
		for i, v := range row {
			row[i] = sigmoid(v)
		}
	case probit:
		for i, v := range row {
			row[i] = probitOf(v)
		}
	}
}

// nearZero tells which scores the transform SOFTMAX_ZERO leaves out.
func nearZero(x float64) bool { return math.Abs(x) <= 1e-7 }

// probitOf is the inverse of the normal distribution in the approximation that
// onnxruntime has. What lies beyond its domain of 0 to 1 counts as its ends.
func probitOf(p float64) float64 {
	const a = 0.147
	x := float64(2*max(0, min(1, p))) - 1
	log := libm.Log(float64((1 - x) * (1 + x)))
	if math.IsInf(log, 0) {
		return math.Copysign(log, x)
	}
	v := 2/(math.Pi*a) + log/2
	return math.Copysign(float64(math.Sqrt2*math.Sqrt(math.Sqrt(float64(v*v)-log/a)-v)), x)
}

// lower emits the scores of rows of raw ones, under the name of an output.
func (s scorer) lower(l *Lowering, name string, raw ir.ID) (ir.ID, error) {
	rows, columns := l.Shapes[raw][0], l.Shapes[raw][1]
	if columns > 1 {
		return s.transform.lower(l, name, raw)
	}
	if s.pairing == alone {
		if s.transform == probit {
			return probit.lower(l, name, raw)
		}
		return raw, nil
	}
	pair := newAffine(2*rows, raw)
	pair.Fixed = true
	for i := range rows {
		pair.Bias[2*i] = s.first()
		pair.term(2*i, 0, i, -1)
		pair.term(2*i+1, 0, i, 1)
	}
	both, err := only(pair.emit(l.named(name, rows, 2)))
	if err == nil && s.paired() {
		return logistic.lower(l, name, both)
	}
	return both, err
}

func (t transform) lower(l *Lowering, name string, raw ir.ID) (ir.ID, error) {
	shape := l.Shapes[raw]
	at := l.named(name, shape...)
	switch groups := fibres(shape, 1); t {
	case logistic:
		return at.Step(logisticStep(), raw), nil
	case probit:
		return at.Step(&ir.Func{Name: "probit", F: probitOf, Monotone: true}, raw), nil
	case softmaxed:
		return at.Step(&ir.Softmax{Groups: groups}, raw), nil
	case softmaxZero:
		return at.softmaxOfOthers(raw, groups)
	}
	return raw, nil
}

// logisticStep is the function of the operator Sigmoid.
func logisticStep() *ir.Func {
	return &ir.Func{Name: "sigmoid", F: sigmoid, Monotone: true, Strict: true}
}
