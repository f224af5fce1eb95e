package op

import (
	"errors"
	"fmt"
	"slices"

	"github.com/zkml-go/zkml/compiler/graph"
	"github.com/zkml-go/zkml/compiler/ir"
	"github.com/zkml-go/zkml/tensor"
)

func newScatterND(n *graph.Node) (Op, error) {
	s := &scatter{updates: 2, indices: 1}
	var err error
	if s.reduction, err = landingRuleOf(n); err != nil {
		return nil, err
	}
	var sizes []int // of the axes that are indexed
	var tuples, inner int
	s.infer = func(in []Arg) error {
		old, shape := in[0].Shape, in[1].Shape
		rank := len(shape) - 1
		if rank < 0 || shape[rank] < 1 || shape[rank] > len(old) {
			return fmt.Errorf("indices of shape %v for data of shape %v; their last axis must hold indices of the "+
				"data's first axes", shape, old)
		}
		sizes = old[:shape[rank]]
		tuples, inner = tensor.Size(shape[:rank]), tensor.Size(old[len(sizes):])
		if want := slices.Concat(shape[:rank], old[len(sizes):]); !slices.Equal(want, in[2].Shape) {
			return fmt.Errorf("updates of shape %v, but %v is expected", in[2].Shape, want)
		}
		if tensor.Size(sizes) == 0 && tuples > 0 {
			return errors.New("an axis is empty, and updates have no place")
		}
		return checkWork(16*tensor.Size(sizes), max(inner, 1), tuples)
	}
	s.at = func(indices []float64) ([]int, error) {
		var at []int
		for t := range tuples {
			slice := 0
			for k, d := range sizes {
				p, err := position(indices[t*len(sizes)+k], d)
				if err != nil {
					return nil, err
				}
				slice = slice*d + p
			}
			for e := range inner {
				at = append(at, slice*inner+e)
			}
		}
		return at, nil
	}
	s.byBits(func() {
		slices := tensor.Size(sizes)
		for t := range tuples {
			for q := range slices {
				for e := range inner {
					s.land(q*inner+e, t*inner+e, t*slices+q)
				}
			}
		}
	}, func(l *Lowering) (ir.ID, error) { return l.chosenTuples(l.ID[1], tuples, sizes) })
	return s, nil
}

// chosenTuples has, for each of some tuples of indices, a bit for each slice that a tuple may pick:
// the product of those of its indices.
func (l *Lowering) chosenTuples(index ir.ID, tuples int, sizes []int) (ir.ID, error) {
	var out ir.ID
	have := 1
	for k, d := range sizes {
		chosen, err := l.chosen(l.column(index, tuples, len(sizes), k), d)
		if err != nil {
			return 0, err
		}
		if k == 0 {
			out, have = chosen, d
			continue
		}
		p := &ir.Product{}
		for i := range tuples * have * d {
			p.A, p.B = append(p.A, int32(i/d)), append(p.B, int32(i/(have*d)*d+i%d))
		}
		have *= d
		out = l.named(l.Name, tuples, have).Step(p, out, chosen)
	}
	return out, nil
}

// column is a column of a matrix of so many rows and columns.
func (l *Lowering) column(x ir.ID, rows, columns, k int) ir.ID {
	move := &ir.Move{In: make([]int32, rows)}
	for i := range rows {
		move.Index = append(move.Index, int32(i*columns+k))
	}
	return l.named(l.Name, rows).Step(move, x)
}

func newTensorScatter(n *graph.Node) (Op, error) {
	mode := n.String("mode", "linear")
	if mode != "linear" && mode != "circular" {
		return nil, fmt.Errorf("mode %q is not known; supported are linear and circular", mode)
	}
	s := &scatter{updates: 1, indices: 2, scattered: scattered{reduction: landingRules[0]}}
	c := &cache{circular: mode == "circular", at: n.Int("axis", -2)}
	s.infer = c.infer
	s.at = c.places
	s.byBits(func() {
		for start := range c.starts {
			c.each(func(u, batch int, place func(start int) int) { s.land(place(start), u, batch*c.starts+start) })
		}
	}, func(l *Lowering) (ir.ID, error) { return l.chosenFrom(l.ID[2], c.starts, 0, 1, c.starts-1) })
	return s, nil
}

// cache is the data of a TensorScatter, a sequence for each sample of a batch.
type cache struct {
	circular     bool
	at, axis     int
	old, updates []int
	starts       int // positions at which updates may begin
}

// infer reads the shapes.
func (c *cache) infer(in []Arg) error {
	c.old, c.updates = in[0].Shape, in[1].Shape
	var err error
	if c.axis, err = axis(c.at, len(c.old)); err != nil {
		return err
	}
	if c.axis == 0 || !sameBut(c.old, c.updates, c.axis) || c.updates[c.axis] > c.old[c.axis] {
		return fmt.Errorf("an update of shape %v for a cache of shape %v along axis %d, behind the batch; it must fit",
			c.updates, c.old, c.axis)
	}
	if given(in, 2) && !slices.Equal(in[2].Shape, c.old[:1]) {
		return fmt.Errorf("write_indices of shape %v for a batch of %d", in[2].Shape, c.old[0])
	}
	c.starts = c.old[c.axis] - c.updates[c.axis] + 1
	if c.circular {
		c.starts = c.old[c.axis]
	}
	return checkWork(16*c.starts, tensor.Size(c.updates))
}

// each calls f with every update, its sample, and the element on which it lands by where its sample's
// updates begin.
func (c *cache) each(f func(u, batch int, place func(start int) int)) {
	strides := tensor.Strides(c.old)
	step, size := strides[c.axis], c.old[c.axis]
	inner := tensor.Size(c.updates[c.axis+1:])
	strides[c.axis] = 0
	for u, first := range tensor.Walk(c.updates, strides, 0) {
		i := u / inner % c.updates[c.axis]
		f(u, first/strides[0], func(start int) int { return first + (start+i)%size*step })
	}
}

// places are the elements on which updates land.
func (c *cache) places(indices []float64) ([]int, error) {
	for _, x := range indices {
		if x < 0 || x >= float64(c.starts) {
			return nil, fmt.Errorf("updates of %d steps from step %g on do not fit into %d", c.updates[c.axis], x,
				c.old[c.axis])
		}
	}
	at := make([]int, tensor.Size(c.updates))
	c.each(func(u, batch int, place func(start int) int) {
		if indices != nil {
			at[u] = place(int(indices[batch]))
		} else {
			at[u] = place(0)
		}
	})
	return at, nil
}
