package op

import (
	"errors"
	"fmt"
	"slices"
	"strconv"

	"github.com/zkml-go/zkml/compiler/graph"
	"github.com/zkml-go/zkml/compiler/ir"
	"github.com/zkml-go/zkml/tensor"
)

func init() {
	register(
		Spec{
			Name: "Binarizer", Domain: mlDomain, Since: []int{1},
			Note: "of what the input's format makes of a number, which may lie on the other side of the threshold",
			New:  takes(1, 1, newBinarizer),
		},
		Spec{
			Name: "OneHotEncoder", Domain: mlDomain, Since: []int{1},
			Note: "categories that are integers or texts; an unknown integer gives zeros, whatever the attribute " +
				"zeros says",
			New: takes(1, 1, newOneHotEncoder),
		},
	)
}

// encoder applies stairs to every element. A new axis has their values, where there is not
// one only.
type encoder struct {
	*stairs
	keys  graph.DType // what the input must be, real or integer; "" for either
	dtype graph.DType // of the output; "" for the input's
	texts []string    // of the output, where dtype is graph.Text
	axis  bool
	shape []int
}

// Infer implements Op.
func (e *encoder) Infer(in []Arg) ([]Out, error) {
	out := Out{DType: e.dtype, Shape: slices.Clone(in[0].Shape), Meaning: Meaning{Texts: e.texts}}
	if out.DType == "" {
		out.DType = in[0].DType
	}
	if in[0].DType == graph.Bool {
		return nil, errors.New("the input is of type bool; put a Cast before")
	}
	if e.keys != "" && (integerType(e.keys) == "") != (integerType(in[0].DType) == "") {
		return nil, fmt.Errorf("the input is of type %s and the keys are of type %s; put a Cast before", in[0].DType,
			e.keys)
	}
	if e.axis {
		out.Shape = append(out.Shape, len(e.outs))
	}
	e.shape = out.Shape
	return []Out{out}, checkWork(tensor.Size(in[0].Shape), len(e.places)+e.count()+1)
}

// Float implements Op.
func (e *encoder) Float(in []*tensor.Float) ([]*tensor.Float, error) {
	out := tensor.New[float64](e.shape...)
	for i, x := range in[0].Data {
		copy(out.Data[i*len(e.outs):], e.stairs.float(x))
	}
	return []*tensor.Float{out}, nil
}

// Lower implements Op.
func (e *encoder) Lower(l *Lowering) ([]ir.ID, error) {
	if e.keeps(l) {
		return l.ID[:1], nil
	}
	out, err := l.staircase(l.ID[0], e.stairs)
	return []ir.ID{out}, err
}

// keeps tells whether the input are classes whose numbers stay what they are, as where
// labels in the order of classes get their names.
func (e *encoder) keeps(l *Lowering) bool {
	s := l.Producer(l.ID[0])
	if s == nil || e.dtype != graph.Text {
		return false
	}
	a, ok := s.Kind.(*ir.ArgMax)
	if !ok || len(a.Groups) == 0 {
		return false
	}
	for class := range a.Groups[0] {
		if e.stairs.float(float64(class))[0] != float64(class) {
			return false
		}
	}
	return true
}

// Work implements Worker.
func (e *encoder) Work() Work {
	return listedWork(tensor.Size(e.shape)/max(len(e.outs), 1), len(e.places)+e.count()+1)
}

// newBinarizer binds the operator that tells what lies beyond a threshold.
func newBinarizer(n *graph.Node) (Op, error) {
	s := newStairs(0)
	s.jump(0, place{at: n.Float("threshold", 0)}, 1)
	if notFinite(s.places[0].at) {
		return nil, errors.New("attribute threshold is not finite")
	}
	return &encoder{stairs: s}, nil
}

// newOneHotEncoder binds the operator that has a column for each category. A real number
// counts as its integer part.
func newOneHotEncoder(n *graph.Node) (Op, error) {
	if texts := n.Attrs["cats_strings"].Strings; len(texts) > 0 {
		return newTextHot(n, texts)
	}
	categories := n.Attrs["cats_int64s"].Ints
	if len(categories) == 0 {
		return nil, errors.New("attributes cats_int64s and cats_strings are absent or empty")
	}
	s, seen := newStairs(make([]float64, len(categories))...), map[int64]bool{}
	for k, c := range categories {
		switch {
		case c > largestLabel || c < -largestLabel:
			return nil, fmt.Errorf("the category %d is beyond 2^52, the largest that is supported", c)
		case seen[c]:
			return nil, fmt.Errorf("the category %d is listed twice", c)
		}
		seen[c] = true
		from, to := place{float64(c), true}, place{float64(c + 1), true}
		if c <= 0 {
			from = place{float64(c - 1), false}
		}
		if c < 0 {
			to = place{float64(c), false}
		}
		s.jump(k, from, 1)
		s.jump(k, to, -1)
	}
	return &encoder{stairs: s, dtype: graph.Float32, axis: true}, nil
}

// Categories are the categories of a OneHotEncoder, one for each column.
func Categories(n *graph.Node) []string {
	out := slices.Clone(n.Attrs["cats_strings"].Strings)
	for _, c := range n.Attrs["cats_int64s"].Ints {
		out = append(out, strconv.FormatInt(c, 10))
	}
	return out
}
