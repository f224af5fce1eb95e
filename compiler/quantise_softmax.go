package compiler

import (
	"fmt"
	"math"

	"github.com/zkml-go/zkml/circuits"
	"github.com/zkml-go/zkml/compiler/ir"
	"github.com/zkml-go/zkml/libm"
	"github.com/zkml-go/zkml/program"
)

// expBits is the precision of the exponentials' table: Exp[0] = 2^expBits.
const expBits = 14

// logTableBits bounds the size of the logarithm's table.
const logTableBits = 10

// softmax makes the integer softmax over the narrowed argument.
func (q *quantiser) softmax(s *ir.Step, m *ir.Softmax) error {
	in, scale, err := q.narrowed(s.In[0], min(q.knobs.Table, expArgumentBits))
	if err != nil {
		return err
	}
	if m.Log {
		if in, scale, err = q.finer(s, in, scale); err != nil {
			return err
		}
	}
	exp, err := expTable(scale, q.bits(in))
	if err != nil {
		return err
	}
	f := q.format()
	k := &program.Softmax{Groups: m.Groups, Exp: exp}
	if m.Log {
		q.logTable(k, scale)
	} else {
		if q.choosing() {
			f.Out = math.Ldexp(1, -q.knobs.activation(q.step))
		}
		k.Bits = int(-libm.Log2(f.Out))
	}
	id, err := q.emit(s.Node, q.p.Shapes[s.Out], f.Out, k, in)
	q.values[s.Out] = quantised{id: id, scale: []float64{f.Out}}
	return err
}

// logStepBits says from which step on a logarithm is coarse: 2^-logStepBits.
const logStepBits = 10

// finer multiplies the argument of a log-softmax by a power of two where its steps are coarse and it
// has fewer bits than a table takes, as integers do: the result has the argument's steps.
func (q *quantiser) finer(s *ir.Step, in int, scale float64) (int, float64, error) {
	f := q.format()
	if q.choosing() {
		f.Out = scale
		most := min(q.knobs.Table, expArgumentBits)
		for b := q.bits(in); b < most && f.Out > math.Ldexp(1, -logStepBits); b++ {
			f.Out /= 2
		}
	}
	if f.Out == scale {
		return in, scale, nil
	}
	by := math.Round(libm.Log2(scale / f.Out))
	if !(by > 0 && by <= expArgumentBits) || math.Ldexp(f.Out, int(by)) != scale {
		return 0, 0, fmt.Errorf("the formats' scale %g for a log-softmax is not %g divided by a power of two", f.Out,
			scale)
	}
	n := q.p.Size(s.In[0])
	a := &ir.Affine{Rows: everyTimes(n, 1.0), Group: make([]int, n), Bias: make([]float64, n), Fixed: true}
	l := &program.Linear{}
	var err error
	if l.Rows, l.Bias, err = roundRows(a, []float64{f.Out}, []float64{scale}, []int32{0},
		make([][]int64, 1)); err != nil {
		return 0, 0, err
	}
	id, err := q.emit(s.Node+" scaled", q.p.Shapes[s.In[0]], f.Out, l, in)
	return id, f.Out, err
}

// expArgumentBits bounds the argument: a table of so many bits has all distances from the
// largest.
const expArgumentBits = 12

// expTable lists exp(−d·scale)·2^expBits until it rounds to zero, or for all distances in
// an argument of so many bits, in a power of two of entries.
func expTable(scale float64, bits int) ([]int64, error) {
	n := 2
	for n < 1<<max(bits, expArgumentBits) && libm.Exp(float64(-float64(n-1)*scale)) > math.Ldexp(0.5, -expBits) {
		if n *= 2; n > mostEntries {
			return nil, fmt.Errorf("a table of %d entries or more would be needed for exponentials of steps of %.3g", n,
				scale)
		}
	}
	out := make([]int64, n)
	for d := range out {
		out[d] = roundStable(math.Ldexp(libm.Exp(float64(-float64(d)*scale)), expBits))
	}
	return out, nil
}

// logTable lists log(S/2^expBits)/scale over the leading bits of S.
func (q *quantiser) logTable(k *program.Softmax, scale float64) {
	largest := 1
	for _, g := range k.Groups {
		largest = max(largest, len(g))
	}
	top := int64(largest) << expBits
	k.LogShift = max(0, circuits.Cover(0, top).Bits-logTableBits)
	k.LogFirst = 1 << expBits >> k.LogShift
	for i := k.LogFirst; i <= top>>k.LogShift; i++ {
		middle := math.Ldexp(float64(i)+0.5, k.LogShift)
		if k.LogShift == 0 {
			middle = float64(i)
		}
		k.Log = append(k.Log, roundStable(libm.Log(math.Ldexp(middle, -expBits))/scale))
	}
}
