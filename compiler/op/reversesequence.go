package op

import (
	"fmt"
	"slices"

	"github.com/zkml-go/zkml/compiler/graph"
	"github.com/zkml-go/zkml/compiler/ir"
	"github.com/zkml-go/zkml/tensor"
)

func init() {
	register(Spec{
		Name: "ReverseSequence", Since: []int{10}, Tolerance: 1,
		Note: "constant and variable lengths; a variable one beyond the axis counts as its size, a negative one as 0",
		New:  takes(2, 2, newReverseSequence),
	})
}

// reversal turns the first elements of each sequence of a batch around.
type reversal struct {
	movement    // by constant lengths
	batch, time int
	shape       []int
	variable    bool
}

func newReverseSequence(n *graph.Node) (Op, error) {
	r := &reversal{batch: n.Int("batch_axis", 1), time: n.Int("time_axis", 0)}
	if min(r.batch, r.time) != 0 || max(r.batch, r.time) != 1 {
		return nil, fmt.Errorf("batch_axis is %d and time_axis %d, but one must be 0 and the other 1", r.batch, r.time)
	}
	r.plan = r.turned
	return r, nil
}

// Infer implements Op.
func (r *reversal) Infer(in []Arg) ([]Out, error) {
	r.shape = in[0].Shape
	switch {
	case len(r.shape) < 2:
		return nil, fmt.Errorf("an input of shape %v, but batch and time are expected", r.shape)
	case !slices.Equal(in[1].Shape, r.shape[r.batch:r.batch+1]):
		return nil, fmt.Errorf("lengths of shape %v for a batch of %d", in[1].Shape, r.shape[r.batch])
	}
	if r.variable = in[1].Const == nil; !r.variable {
		return r.movement.Infer(in)
	}
	if integerType(in[1].DType) == "" {
		return nil, fmt.Errorf("the lengths are of type %s, but must be integers", in[1].DType)
	}
	if err := checkWork(r.shape[r.time]+1, max(r.shape[0]*r.shape[1], tensor.Size(r.shape)), 2); err != nil {
		return nil, err
	}
	texts, err := sharedTexts(in[:1])
	return []Out{{DType: in[0].DType, Shape: r.shape, Meaning: texts}}, err
}

// turned plans the move by constant lengths.
func (r *reversal) turned(in []Arg) ([]moved, error) {
	lengths, err := integers(in, 1, "the list of lengths")
	if err != nil {
		return nil, err
	}
	for _, length := range lengths {
		if length < 0 || length > r.shape[r.time] {
			return nil, fmt.Errorf("length %d is outside an axis of size %d", length, r.shape[r.time])
		}
	}
	index := make([]int, tensor.Size(r.shape))
	r.each(func(i, sequence, at, step int) { index[i] = i + (mirrored(at, lengths[sequence])-at)*step })
	return []moved{rearranged(in, r.shape, index)}, nil
}

// mirrored is where the element at a position of a sequence comes from.
func mirrored(at, length int) int {
	if at < length {
		return length - 1 - at
	}
	return at
}

// each calls f with every element, its sequence, its time, and how far apart elements of
// neighbouring times are.
func (r *reversal) each(f func(i, sequence, at, step int)) {
	strides := tensor.Strides(r.shape)
	for i := range tensor.Size(r.shape) {
		f(i, i/strides[r.batch]%r.shape[r.batch], i/strides[r.time]%r.shape[r.time], strides[r.time])
	}
}

// Float implements Op.
func (r *reversal) Float(in []*tensor.Float) ([]*tensor.Float, error) {
	if !r.variable {
		return r.movement.Float(in)
	}
	for _, x := range in[1].Data {
		if x < 0 || x > float64(r.shape[r.time]) {
			return nil, fmt.Errorf("length %g is outside an axis of size %d", x, r.shape[r.time])
		}
	}
	out := tensor.New[float64](r.shape...)
	r.each(func(i, sequence, at, step int) {
		out.Data[i] = in[0].Data[i+(mirrored(at, int(in[1].Data[sequence]))-at)*step]
	})
	return []*tensor.Float{out}, nil
}

// Lower implements Op: a sequence is a product with a matrix of zeros and ones, which is the sum
// of those of all lengths, each times the bit that chooses the length.
func (r *reversal) Lower(l *Lowering) ([]ir.ID, error) {
	if !r.variable {
		return r.movement.Lower(l)
	}
	sequences, times := r.shape[r.batch], r.shape[r.time]
	chosen, err := l.chosenFrom(l.ID[1], times+1, 0, 1, times)
	if err != nil {
		return nil, err
	}
	from := newAffine(sequences*times*times, chosen)
	from.Fixed = true
	for i := range sequences * times {
		for length := range times + 1 {
			from.term(i*times+mirrored(i%times, length), 0, i/times*(times+1)+length, 1)
		}
	}
	turn, err := only(from.emit(l.named(l.Name, sequences, times, times)))
	if err != nil {
		return nil, err
	}
	if l.In[0].Const != nil {
		return r.ofConstants(l, turn)
	}
	return r.product(l, turn), nil
}

// ofConstants turns around what is known.
func (r *reversal) ofConstants(l *Lowering, turn ir.ID) ([]ir.ID, error) {
	times, sum := r.shape[r.time], newAffine(tensor.Size(r.shape), turn)
	r.each(func(i, sequence, at, step int) {
		for k := range times {
			sum.term(i, 0, (sequence*times+at)*times+k, l.In[0].Const.Data[i+(k-at)*step])
		}
	})
	return sum.emit(l)
}

// product multiplies each sequence with its matrix.
func (r *reversal) product(l *Lowering, turn ir.ID) []ir.ID {
	sequences, times := r.shape[r.batch], r.shape[r.time]
	inner := tensor.Size(r.shape[2:])
	dot := &ir.Dot{N: times, K: times, M: inner}
	for s := range sequences {
		dot.A, dot.B = append(dot.A, int32(s*times*times)), append(dot.B, int32(s*times*inner))
	}
	if r.batch == 0 {
		return []ir.ID{l.Step(dot, turn, l.ID[0])}
	}
	swap := func(x ir.ID, a, b int) ir.ID {
		move := &ir.Move{In: make([]int32, l.Size(x))}
		for _, i := range tensor.Walk([]int{a, b, inner}, []int{inner, a * inner, 1}, 0) {
			move.Index = append(move.Index, int32(i))
		}
		return l.named(l.Name, a, b, inner).Step(move, x)
	}
	y := l.named(l.Name, sequences, times, inner).Step(dot, turn, swap(l.ID[0], sequences, times))
	out := swap(y, times, sequences)
	l.Shapes[out] = slices.Clone(r.shape)
	return []ir.ID{out}
}

// Work implements Worker.
func (r *reversal) Work() Work {
	if !r.variable {
		return Work{Multiplications: int64(tensor.Size(r.shape))}
	}
	w := listedWork(r.shape[r.time]+1, max(r.shape[0]*r.shape[1], tensor.Size(r.shape)), 2)
	w.Indices = w.Terms
	return w
}
