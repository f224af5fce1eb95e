package op

import (
	"errors"
	"fmt"
	"slices"

	"github.com/zkml-go/zkml/compiler/graph"
	"github.com/zkml-go/zkml/tensor"
)

func init() {
	register(
		Spec{Name: "Concat", Since: []int{4, 11, 13}, Note: "variables and constants, any axis",
			New: takes(1, anyNumber, newConcat)},
		Spec{Name: "Split", Since: []int{2, 11, 13, 18}, Note: "sizes by attribute, constant input or num_outputs",
			New: takes(1, 2, newSplit)},
	)
}

func newConcat(n *graph.Node) (Op, error) {
	if _, ok := n.Attrs["axis"]; !ok {
		return nil, errors.New("attribute axis is missing")
	}
	at := n.Int("axis", 0)
	return &movement{plan: func(in []Arg) ([]moved, error) {
		p, err := joined(in, at)
		return []moved{p}, err
	}}, nil
}

// joined puts the inputs one after another along an axis.
func joined(in []Arg, at int) (moved, error) {
	a, err := axis(at, len(in[0].Shape))
	if err != nil {
		return moved{}, err
	}
	shape := slices.Clone(in[0].Shape)
	shape[a] = 0
	for i, arg := range in {
		if !arg.Present || !sameBut(arg.Shape, in[0].Shape, a) {
			return moved{}, fmt.Errorf("input %d has shape %v, which does not continue %v along axis %d", i, arg.Shape,
				in[0].Shape, a)
		}
		shape[a] += arg.Shape[a]
	}
	p := moved{dtype: in[0].DType, shape: shape}
	for outer := range tensor.Size(shape[:a]) {
		for i, arg := range in {
			chunk := tensor.Size(arg.Shape[a:])
			for k := range chunk {
				p.from = append(p.from, source{int32(i), int32(outer*chunk + k)})
			}
		}
	}
	return p, nil
}

// sameBut tells whether two shapes agree on every axis but one.
func sameBut(s, t []int, but int) bool {
	if len(s) != len(t) {
		return false
	}
	for i := range s {
		if i != but && s[i] != t[i] {
			return false
		}
	}
	return true
}

func newSplit(n *graph.Node) (Op, error) {
	at, count := n.Int("axis", 0), len(n.Outputs)
	if c := n.Int("num_outputs", count); c != count {
		return nil, fmt.Errorf("num_outputs is %d, but the node has %d outputs", c, count)
	}
	return &movement{plan: func(in []Arg) ([]moved, error) {
		a, err := axis(at, len(in[0].Shape))
		if err != nil {
			return nil, err
		}
		sizes := n.Ints("split")
		if given(in, 1) {
			if sizes, err = integers(in, 1, "the list of sizes"); err != nil {
				return nil, err
			}
		}
		if sizes, err = splitSizes(sizes, in[0].Shape[a], count); err != nil {
			return nil, err
		}
		parts, start := make([]moved, count), 0
		for k, size := range sizes {
			shape, picks := slices.Clone(in[0].Shape), whole(in[0].Shape)
			shape[a], picks[a] = size, picks[a][start:start+size]
			parts[k] = rearranged(in, shape, grid(in[0].Shape, picks))
			start += size
		}
		return parts, nil
	}}, nil
}

// splitSizes checks stated sizes. Without them it divides the total equally, with a
// smaller last part if necessary.
func splitSizes(stated []int, total, count int) ([]int, error) {
	if stated == nil {
		each, rest := (total+count-1)/count, total
		for range count {
			stated = append(stated, min(each, rest))
			rest -= min(each, rest)
		}
		return stated, nil
	}
	sum := 0
	for _, s := range stated {
		if s < 0 || s > total {
			return nil, fmt.Errorf("sizes %v do not split an axis of size %d", stated, total)
		}
		sum += s
	}
	if sum != total || len(stated) != count {
		return nil, fmt.Errorf("sizes %v do not split an axis of size %d into %d outputs", stated, total, count)
	}
	return stated, nil
}
