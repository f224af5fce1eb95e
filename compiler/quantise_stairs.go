package compiler

import (
	"fmt"
	"math/bits"
	"slices"

	"github.com/zkml-go/zkml/circuits"
	"github.com/zkml-go/zkml/compiler/ir"
	"github.com/zkml-go/zkml/compiler/stair"
	"github.com/zkml-go/zkml/program"
	"github.com/zkml-go/zkml/sparse"
)

// stairsRule is the rule of functions to the integers of a range, exactly. One that never
// decreases is a stair: it is the sum of few counts, each a multiple of the argument, shifted and
// limited, that jump where the function does on all of the argument's interval. Others, and
// stairs that are no such sum, are tables.
type stairsRule struct{ *ir.Func }

// stairBits bounds an argument of a stair, and stairTable the entries of a table: more are
// rescaled.
const (
	stairBits  = 48
	stairTable = 1 << 12
)

// fewFlights are the counts that cost less than a table.
const fewFlights = 2

func (r stairsRule) quantise(q *quantiser, s *ir.Step) error {
	in, scale, err := r.argument(q, s, stairBits)
	if err != nil {
		return err
	}
	parts := r.parts(q, in, scale)
	if lo, hi := q.span(in); parts == nil && hi-lo >= stairTable {
		if in, scale, err = r.argument(q, s, bits.Len(stairTable)-1); err != nil {
			return err
		}
		parts = r.parts(q, in, scale)
	}
	var id int
	if lo, hi := q.span(in); parts == nil || len(parts) > fewFlights && hi-lo < stairTable/4 {
		t := &program.Table{Name: r.String(), First: lo, Out: make([]int64, hi-lo+1)}
		for i := range t.Out {
			t.Out[i] = r.of(lo+int64(i), scale)
		}
		id, err = q.emit(s.Node, q.p.Shapes[s.Out], 1, t, in)
	} else {
		id, err = r.sum(q, s, in, parts)
	}
	if err == nil && id == in && q.out.Values[in].Scale != 1 { // the same integers stand for others
		id, err = q.emit(s.Node, q.p.Shapes[s.Out], 1, copied(q.p.Size(s.Out)), in)
	}
	q.values[s.Out] = quantised{id: id, scale: []float64{1}}
	return err
}

// copied copies so many elements.
func copied(n int) *program.Move {
	return &program.Move{In: make([]int32, n), Index: indicesOf(n)}
}

// of is the function of an integer of a scale.
func (r stairsRule) of(v int64, scale float64) int64 { return int64(r.F(float64(float64(v) * scale))) }

// parts are the counts that make up a stair; nil where there are no few of them.
func (r stairsRule) parts(q *quantiser, in int, scale float64) []stair.Part {
	if !r.Monotone {
		return nil
	}
	lo, hi := q.span(in)
	of := func(v int64) int64 { return r.of(v, scale) }
	parts, _ := stair.Plan([]stair.Stair{stair.Of(lo, hi, r.Whole.Lo, r.Whole.Hi, of)})
	return parts
}

// argument is the argument as integers of one scale: as they are, where these have no more bits.
func (r stairsRule) argument(q *quantiser, s *ir.Step, most int) (in int, scale float64, err error) {
	v := &q.values[s.In[0]]
	if v.narrow == 0 && v.uniform() && q.bits(v.id) <= most {
		v.wide = v.maker >= 0
		return v.id, v.scale[0], nil
	}
	if q.p.Whole(s.In[0]) || v.maker < 0 {
		return 0, 0, fmt.Errorf("%s of integers of %d bits, for which few steps or a table of %d bits would be needed",
			r.Func, q.bits(v.id), bits.Len(stairTable)-1)
	}
	return q.narrowed(s.In[0], min(most, countBits))
}

// sum emits the counts and their sum.
func (r stairsRule) sum(q *quantiser, s *ir.Step, in int, parts []stair.Part) (int, error) {
	n, shape := q.p.Size(s.Out), q.p.Shapes[s.Out]
	if len(parts) == 1 {
		return r.flight(q, s, in, parts[0], r.Whole.Lo, r.Whole.Hi)
	}
	rows := make([]program.LinearRow, n)
	var ids []int
	for k, p := range parts {
		id, err := r.flight(q, s, in, p, 0, int64(p.Count))
		if err != nil {
			return 0, err
		}
		ids = append(ids, id)
		for i := range rows {
			rows[i].Terms = append(rows[i].Terms, circuits.RowTerm{Index: int32(k*n + i), W: 1})
		}
	}
	total := program.NewLinear(rows...)
	for i := range total.Bias {
		total.Bias[i] = r.Whole.Lo
	}
	return q.emit(s.Node+" summed", shape, 1, total, ids...)
}

// flight emits one count, which begins at lo, limited to hi.
func (r stairsRule) flight(q *quantiser, s *ir.Step, in int, p stair.Part, lo, hi int64) (int, error) {
	f := p.Flights[0]
	constant := f.Constant + lo<<f.Shift
	if f.Shift > 0 {
		constant -= 1 << (f.Shift - 1) // a saturation rounds
	}
	var err error
	if f.Multiple != 1 || constant != 0 {
		l := &program.Linear{Rows: everyTimes(q.p.Size(s.Out), f.Multiple), Bias: make([]int64, q.p.Size(s.Out))}
		if f.Multiple == 0 {
			l.Rows = sparse.Rows(make([][]sparse.Term[int64], q.p.Size(s.Out)))
		}
		for i := range l.Bias {
			l.Bias[i] = constant
		}
		if in, err = q.emit(s.Node+" scaled", q.p.Shapes[s.Out], 1, l, in); err != nil {
			return 0, err
		}
	}
	return r.limited(q, s, in, f.Shift, lo, hi)
}

// limited shifts integers and limits them to [lo, hi]. What lies far outside is limited before.
func (r stairsRule) limited(q *quantiser, s *ir.Step, in, shift int, lo, hi int64) (int, error) {
	shape := q.p.Shapes[s.Out]
	last := circuits.Saturation{Shift: shift, Base: lo, Bits: bits.Len64(uint64(hi - lo))}
	var err error
	if from, to := q.span(in); last.Check(from, to) != nil {
		if in, err = q.limited(s.Node+" limited", shape, 1, in, max(from, (lo-1)<<shift),
			min(to, (hi+1)<<shift)); err != nil {
			return 0, err
		}
	}
	from, to := q.span(in)
	from, to = circuits.Rescale(from, shift), circuits.Rescale(to, shift)
	if shift == 0 && from >= lo && to <= hi {
		return in, nil
	}
	if in, err = q.emit(s.Node, shape, 1, &program.Saturate{By: []circuits.Saturation{last}}, in); err != nil {
		return 0, err
	}
	from, to = q.span(in)
	return q.limited(s.Node+" limited", shape, 1, in, lo, max(from, min(to, hi)))
}

// levels: the channels of the argument are brought to one scale.
func (stairsRule) levels(*quantiser, *ir.Step, ir.ID) bool { return true }

// quantisedInput is the format of a real input that nothing but quantisation of one scale and zero
// point reads: its codes, so that no rounding but the model's is done.
func quantisedInput(p *ir.Program, k int) (f InputFormat, ok bool) {
	if p == nil || p.Whole(p.Inputs[k]) {
		return f, false
	}
	index, err := ir.NewIndex(p)
	if err != nil {
		return f, false
	}
	q := quantisation(index, p.Inputs[k])
	if q == nil || slices.Contains(p.Outputs, p.Inputs[k]) || len(q.Params) != 4 {
		return f, false
	}
	width := bits.Len64(uint64(q.Whole.Hi - q.Whole.Lo))
	return InputFormat{Bits: width, Zero: int64(q.Params[1]) - q.Whole.Lo, Scale: q.Params[0]}, true
}

// quantisation is the function by which all readers of a value, perhaps moved or the largest of several,
// quantise it; nil where they do not all do so, or differently.
func quantisation(x *ir.Index, id ir.ID) *ir.Func {
	var found *ir.Func
	readers, all := 0, true
	x.Readers(id, func(at int) {
		s := x.Step(at)
		f, ok := s.Kind.(*ir.Func)
		switch s.Kind.(type) {
		case *ir.Move, *ir.Max:
			if len(s.In) == 1 {
				f = quantisation(x, s.Out)
				ok = f != nil
			}
		}
		readers++
		all = all && ok && f.Whole != nil && f.Name == "quantise" && (found == nil || found.String() == f.String())
		if all {
			found = f
		}
	})
	if !all || readers == 0 {
		return nil
	}
	return found
}
