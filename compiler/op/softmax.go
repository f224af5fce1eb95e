package op

import (
	"errors"
	"math"
	"slices"

	"github.com/zkml-go/zkml/compiler/graph"
	"github.com/zkml-go/zkml/compiler/ir"
	"github.com/zkml-go/zkml/libm"
	"github.com/zkml-go/zkml/tensor"
)

func init() {
	for name, log := range map[string]bool{"Softmax": false, "LogSoftmax": true} {
		register(Spec{
			Name: name, Since: []int{1, 11, 13}, Tolerance: 1,
			Note: "one axis; before opset 13 all axes from it on together" + map[bool]string{
				false: "; elements that a constant mask makes -Inf are left out",
			}[log],
			New: takes(1, 1, func(n *graph.Node) (Op, error) { return newSoftmax(n, log), nil }),
		})
	}
}

// softmax normalises along one axis, or, as before opset 13, over all axes from
// one on.
type softmax struct {
	at     int
	flat   bool
	log    bool
	groups [][]int32
	masked bool // there are elements that are −Inf, which no group has
}

func newSoftmax(n *graph.Node, log bool) Op {
	s := &softmax{flat: n.Opset < 13, log: log}
	s.at = n.Int("axis", map[bool]int{true: 1, false: -1}[s.flat])
	return s
}

// Infer implements Op.
func (s *softmax) Infer(in []Arg) ([]Out, error) {
	shape := in[0].Shape
	a, err := axis(s.at, len(shape))
	if err != nil {
		return nil, err
	}
	if s.flat {
		shape = []int{tensor.Size(shape[:a]), tensor.Size(shape[a:])}
		a = 1
	}
	s.groups = fibres(shape, a)
	if s.masked = in[0].Endless(); s.masked {
		for k, g := range s.groups {
			s.groups[k] = slices.DeleteFunc(g, func(i int32) bool { return in[0].Lowest[i] })
			if len(s.groups[k]) == 0 {
				return nil, errors.New("all elements of a row are -Inf, of which a softmax is NaN; repair the mask")
			}
		}
	}
	return sameShape(in)
}

// Float implements Op.
func (s *softmax) Float(in []*tensor.Float) ([]*tensor.Float, error) {
	out := in[0].Clone()
	if s.masked {
		out = tensor.Map(out, func(v float64) float64 {
			if math.IsInf(v, -1) {
				return 0
			}
			return v
		})
	}
	for _, g := range s.groups {
		top, sum := math.Inf(-1), 0.0
		for _, i := range g {
			top = max(top, out.Data[i])
		}
		for _, i := range g {
			sum += libm.Exp(out.Data[i] - top)
		}
		for _, i := range g {
			if s.log {
				out.Data[i] -= top + libm.Log(sum)
			} else {
				out.Data[i] = libm.Exp(out.Data[i]-top) / sum
			}
		}
	}
	return []*tensor.Float{out}, nil
}

// Lower implements Op.
func (s *softmax) Lower(l *Lowering) ([]ir.ID, error) {
	if !s.log {
		out, err := l.softmaxOf(l.ID[0], s.groups)
		return []ir.ID{out}, err
	}
	if !slices.ContainsFunc(s.groups, func(g []int32) bool { return !single(g) }) {
		zero := newAffine(tensor.Size(l.Out[0].Shape), l.ID[0])
		zero.Fixed = true
		return zero.emit(l)
	}
	return []ir.ID{l.Step(&ir.Softmax{Groups: s.groups, Log: s.log}, l.ID[0])}, nil
}

// fibres lists the flat indices along axis a, one list for each combination of
// the other axes' positions, in row-major order.
func fibres(shape []int, a int) [][]int32 {
	inner := tensor.Size(shape[a+1:])
	out := make([][]int32, 0, tensor.Size(shape[:a])*inner)
	for outer := range tensor.Size(shape[:a]) {
		for i := range inner {
			fibre := make([]int32, shape[a])
			for k := range fibre {
				fibre[k] = int32((outer*shape[a]+k)*inner + i)
			}
			out = append(out, fibre)
		}
	}
	return out
}
