package op

import (
	"fmt"
	"slices"

	"github.com/zkml-go/zkml/compiler/graph"
	"github.com/zkml-go/zkml/compiler/ir"
	"github.com/zkml-go/zkml/tensor"
)

// blend is an operator each of whose outputs is a sum of elements of input 0, with weights that
// follow from what is known at compile time and is no secret of a private model: sizes, positions.
type blend struct {
	plan    func(in []Arg) (*blended, error)
	of      *blended
	integer graph.DType
}

// blended are the sums: groups of planes, and a group's planes are alike but for where they begin to
// read, a step after each other. The sums of one plane of each group are taps; bias, if it is not nil,
// is added.
type blended struct {
	shape                []int
	groups, planes, step int
	taps                 [][]addend
	bias                 []float64
}

// at is the place in taps of sum i, and where its plane begins.
func (b *blended) at(i int) (sum, first int) {
	n := len(b.taps) / b.groups
	plane := i / n
	return plane/b.planes*n + i%n, plane * b.step
}

// addend is an element of a plane, with its weight.
type addend struct {
	at     int
	weight float64
}

// Infer implements Op.
func (b *blend) Infer(in []Arg) ([]Out, error) {
	var err error
	if b.of, err = b.plan(in); err != nil {
		return nil, err
	}
	if err := checkWork(b.of.planes, b.of.terms()); err != nil {
		return nil, err
	}
	dtype := in[0].DType
	if b.integer = integerType(dtype); b.integer != "" && !b.of.whole() {
		return nil, fmt.Errorf("elements of type %s are weighted, but only real types are supported; put a Cast to "+
			"float before", dtype)
	}
	if dtype == graph.Bool && !b.of.copies() {
		return nil, fmt.Errorf("elements of type bool are summed; put a Cast to float before")
	}
	return []Out{{DType: dtype, Shape: slices.Clone(b.of.shape)}}, nil
}

// terms counts the taps of a plane, at least one for each sum.
func (b *blended) terms() int {
	n := 0
	for _, t := range b.taps {
		n += max(len(t), 1)
	}
	return n
}

// copies tells whether every sum is one element.
func (b *blended) copies() bool {
	several := func(t []addend) bool { return len(t) != 1 || t[0].weight != 1 }
	return b.bias == nil && !slices.ContainsFunc(b.taps, several)
}

// whole tells whether sums of integers are integers.
func (b *blended) whole() bool {
	for _, t := range b.taps {
		if slices.ContainsFunc(t, func(t addend) bool { return t.weight != 1 }) {
			return false
		}
	}
	return b.bias == nil
}

// Float implements Op.
func (b *blend) Float(in []*tensor.Float) ([]*tensor.Float, error) {
	out := tensor.New[float64](b.of.shape...)
	for i := range out.Data {
		k, first := b.of.at(i)
		if b.of.bias != nil {
			out.Data[i] = b.of.bias[k]
		}
		for _, t := range b.of.taps[k] {
			out.Data[i] += float64(t.weight * in[0].Data[first+t.at])
		}
	}
	return []*tensor.Float{out}, fits(b.integer, out)
}

// Lower implements Op.
func (b *blend) Lower(l *Lowering) ([]ir.ID, error) {
	n := b.of.planes * len(b.of.taps)
	if b.of.copies() {
		move := &ir.Move{In: make([]int32, n)}
		for i := range n {
			k, first := b.of.at(i)
			move.Index = append(move.Index, int32(first+b.of.taps[k][0].at))
		}
		return []ir.ID{l.Step(move, l.ID[0])}, nil
	}
	sum := newAffine(n, l.ID[0])
	sum.Fixed = true
	for i := range n {
		k, first := b.of.at(i)
		if b.of.bias != nil {
			sum.Bias[i] = b.of.bias[k]
		}
		for _, t := range b.of.taps[k] {
			sum.term(i, 0, first+t.at, t.weight)
		}
	}
	return sum.emit(l)
}

// Work implements Worker.
func (b *blend) Work() Work { return listedWork(b.of.planes, b.of.terms()) }

// Reach implements Reacher.
func (b *blend) Reach(most []float64) float64 {
	widest := 1
	for _, t := range b.of.taps {
		widest = max(widest, len(t))
	}
	return float64(most[0] * float64(widest))
}

// crossed are the sums over a grid: along each axis of a plane, the taps of each position. What lies
// outside along one axis is no part of a sum.
func crossed(plane []int, axes [][][]addend) [][]addend {
	out := [][]addend{{{0, 1}}}
	for a, positions := range axes {
		next := make([][]addend, 0, len(out)*len(positions))
		for _, base := range out {
			for _, taps := range positions {
				sum := make([]addend, 0, len(base)*len(taps))
				for _, b := range base {
					for _, t := range taps {
						sum = append(sum, addend{b.at*plane[a] + t.at, float64(b.weight * t.weight)})
					}
				}
				next = append(next, sum)
			}
		}
		out = next
	}
	return out
}
