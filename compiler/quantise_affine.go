package compiler

import (
	"errors"
	"fmt"
	"math"
	"math/bits"
	"slices"

	"github.com/zkml-go/zkml/circuits"
	"github.com/zkml-go/zkml/compiler/ir"
	"github.com/zkml-go/zkml/libm"
	"github.com/zkml-go/zkml/problem"
	"github.com/zkml-go/zkml/program"
	"github.com/zkml-go/zkml/sparse"
)

// affine makes a linear layer: weights and biases are rounded to the scale of
// their sum, which stays wide.
func (q *quantiser) affine(s *ir.Step, a *ir.Affine) error {
	in, scales, err := q.operands(s)
	if err != nil {
		return err
	}
	a, sized, err := q.reread(s, a)
	if err != nil {
		return err
	}
	offsets := make([]int32, len(s.In))
	offset := 0
	for k, id := range s.In {
		offsets[k] = int32(offset)
		offset += q.p.Size(id)
	}
	f := q.format()
	if whole := q.p.Whole(s.Out); q.choosing() {
		f.Sum = q.chooseSum(s, a, sized, scales)
	} else if whole && (len(f.Sum) != 1 || f.Sum[0] != 1) {
		return fmt.Errorf("the formats give sums of integers the scales %v: compile the model again without them",
			f.Sum)
	} else if len(f.Sum) > 1 && !q.channelsMayDiffer(s.Out) {
		return errors.New("the formats give the sums a scale by channel, and the channels are compared or mixed as " +
			"they are: give one scale")
	}
	l := &program.Linear{Secret: q.weights != PublicWeights && !a.Fixed}
	if l.Rows, l.Bias, err = roundRows(a, f.Sum, scales, offsets, q.middles(s, in)); err != nil {
		if q.p.Whole(s.Out) {
			return fmt.Errorf("%w: integers are computed exactly; use smaller constants, or real numbers", err)
		}
		return fmt.Errorf("%w: what the node adds differs too much in size; scale the features before the model, as "+
			"StandardScaler does, or use a smaller constant", err)
	}
	if l.Secret {
		if err := q.bound(l, a, in, f); err != nil {
			return err
		}
	}
	id, err := q.emit(s.Node, q.p.Shapes[s.Out], f.Sum[0], l, in...)
	if err != nil {
		return err
	}
	v := quantised{id: id, scale: f.Sum}
	if len(f.Sum) > 1 {
		v.group = make([]int32, len(a.Group))
		for i, g := range a.Group {
			v.group[i] = int32(g)
		}
	}
	q.values[s.Out] = v
	return nil
}

// maxInteger bounds a rounded weight or bias.
const maxInteger = 1 << 52

// roundRows rounds weights W·scale(input)/scale(sum), to the nearest. A kernel is
// rounded once for each pair of scales that its rows have.
func roundRows(a *ir.Affine, sum, scales []float64, offsets []int32, middles [][]int64) (
	*sparse.Matrix[int64], []int64, error,
) {
	type pair struct{ in, sum float64 }
	of := func(i int) float64 {
		if len(sum) > 1 {
			return sum[a.Group[i]]
		}
		return sum[0]
	}
	wide := false
	rows := sparse.Map(a.Rows, func(p sparse.Part) (int32, int32) { return 0, p.First + offsets[p.In] },
		func(i int, p sparse.Part) pair { return pair{scales[p.In], of(i)} },
		func(weights []float64, k pair) []int64 {
			out := make([]int64, len(weights))
			for j, w := range weights {
				w = math.Round(float64(w*k.in) / k.sum)
				if math.Abs(w) > maxInteger { // perhaps of a weight that no row reads
					wide, w = true, 0
				}
				out[j] = int64(w)
			}
			return out
		})
	biases, err := roundBiases(a, rows, scales, of, middles)
	if err != nil {
		return nil, nil, err
	}
	if !wide {
		return rows, biases, nil
	}
	var terms []ir.Term
	for i := range a.Bias {
		terms = a.Rows.Row(i, terms[:0])
		for k, t := range terms {
			if math.Abs(math.Round(float64(t.W*scales[t.In])/of(i))) > maxInteger {
				return nil, nil, fmt.Errorf("weight %d of row %d does not fit 52 bits at the scale of its sum", k, i)
			}
		}
	}
	return rows, biases, nil
}

// bound gives a layer of secret weights the bounds that stand in for them: the
// formats', or those of the weights where they may declare them.
func (q *quantiser) bound(l *program.Linear, a *ir.Affine, in []int, f *StepFormat) error {
	hashed := q.weights == HashedWeights
	given := f.Limit > 0
	if hashed {
		given = f.WeightBits > 0 && f.BiasBits > 0
	}
	if !given && !q.declares {
		return undeclared(hashed)
	}
	if !hashed {
		return q.limit(l, in, f)
	}
	l.Format = weightFormat(l, f)
	return share(l, a, f, !given)
}

// undeclared refuses formats that leave a secret layer's bounds to its weights.
func undeclared(hashed bool) error {
	missing, options := "limit", "${Private} model"
	if hashed {
		missing, options = "weight_bits and bias_bits", "${Private} model ${BindModel} hash"
	}
	return &problem.Error{
		Code: problem.Format,
		Got: fmt.Sprintf("the formats lack its %s, which would be taken from the secret weights and published",
			missing),
		Remedy: "take ${the formats in the manifest} of a public stand-in compiled with " + options,
	}
}

// spareBias are the bits that biases get beyond the largest, so that another model
// of the architecture fits the formats too; they cost next to nothing.
const spareBias = 1

// weightFormat declares the bits of a hashed layer's weights and biases: those of
// the largest, or those that the formats declare.
func weightFormat(l *program.Linear, f *StepFormat) *circuits.WeightFormat {
	if f.WeightBits == 0 || f.BiasBits == 0 {
		f.WeightBits, f.BiasBits = 1, 1
		l.Rows.EachWeight(oneGroup, func(_ int, _ int32, w int64) {
			f.WeightBits = max(f.WeightBits, twosComplement(w))
		})
		for _, b := range l.Bias {
			f.BiasBits = max(f.BiasBits, twosComplement(b)+spareBias)
		}
	}
	return &circuits.WeightFormat{Weight: f.WeightBits, Bias: f.BiasBits}
}

// twosComplement is how many bits an integer takes.
func twosComplement(v int64) int { return 1 + bits.Len64(uint64(max(v, -v-1))) }

// limit declares the range of a private layer's sums: the formats' where they have
// one, else the weights' own, rounded up to a sixteenth of a power of two so that
// it tells little of them.
func (q *quantiser) limit(l *program.Linear, in []int, f *StepFormat) error {
	if f.Limit > 0 {
		l.Limit = f.Limit
		return nil
	}
	args := make([][]program.Interval, len(in))
	for k, v := range in {
		args[k] = q.ranges[v]
	}
	open := program.Linear{Rows: l.Rows, Bias: l.Bias}
	exact, err := open.Range(args)
	if err != nil {
		return err
	}
	f.Limit = declaredBy(exact)
	l.Limit = f.Limit
	return nil
}

// declaredBy is the limit that the intervals of sums declare.
func declaredBy(exact []program.Interval) int64 {
	largest := int64(1)
	for _, iv := range exact {
		largest = max(largest, iv.Hi, -iv.Lo)
	}
	return roundLimit(largest)
}

// roundLimit rounds up to sixteenths of the next power of two, which is not
// reached itself: it would take another bit.
func roundLimit(v int64) int64 {
	power := int64(1) << bits.Len64(uint64(v))
	unit := max(power/16, 1)
	return min((v+unit-1)/unit*unit, power-1)
}

// chooseSum picks the scales of a layer's sums so that the weights of every
// input keep the wanted bits, by their size.
func (q *quantiser) chooseSum(s *ir.Step, a, sized *ir.Affine, scales []float64) []float64 {
	if q.p.Whole(s.Out) {
		return []float64{1}
	}
	if a.Fixed || q.takesSums(s) {
		if exact := exactScale(a, scales); exact > 0 {
			return []float64{q.betweenIntegers(s, a, exact)}
		}
	}
	return q.aligned(s.Out, q.scalesOfSums(s, a, sized, scales))
}

// scalesOfSums are the scales by the sizes of weights alone.
func (q *quantiser) scalesOfSums(s *ir.Step, a, sized *ir.Affine, scales []float64) []float64 {
	if a.Terms() == 0 && slices.Contains(q.p.Outputs, s.Out) {
		return []float64{constantScale(a)}
	}
	span := float64(int64(1)<<(q.knobs.weight(q.step)-1) - 1)
	if q.knobs.PerChannel && q.channelsMayDiffer(s.Out) {
		return alignScales(channelScales(sized, scales, span))
	}
	largest := make([]float64, len(scales))
	sized.Rows.EachWeight(oneGroup, func(_ int, in int32, w float64) {
		largest[in] = math.Max(largest[in], math.Abs(w))
	})
	least := leastScale(largest, scales, span)
	switch {
	case least == 0:
		return []float64{biasScale(a, span)}
	case len(scales) == 1:
		return []float64{largest[0] * scales[0] / gridSteps(sized, largest[0], span)}
	}
	return []float64{least}
}

// leastScale is the scale at which the largest weight of every input takes span
// steps or more; 0 where all weights are zero.
func leastScale(largest, scales []float64, span float64) float64 {
	least := math.Inf(1)
	for k, w := range largest {
		if w > 0 {
			least = math.Min(least, w*scales[k]/span)
		}
	}
	if math.IsInf(least, 1) {
		return 0
	}
	return least
}

// gridSteps is into how many steps of at most span the largest weight is best
// divided: where the squared rounding errors of the weights are least, and of
// equal ones the fewest. Weights that were trained on a grid are met exactly.
func gridSteps(a *ir.Affine, largest, span float64) float64 {
	weights := someWeights(a)
	best, least := span, math.Inf(1)
	for n := math.Floor(span/2) + 1; n <= span; n++ {
		sum := 0.0
		for _, w := range weights {
			x := float64(w / largest * n)
			sum += (x - math.Round(x)) * (x - math.Round(x)) / (n * n)
		}
		if sum < least*(1-1e-9) && !(sum < 1e-9 && least < 1e-9) {
			best, least = n, sum
		}
	}
	return best
}

// someWeights lists a layer's weights, at most a few thousand, evenly chosen.
func someWeights(a *ir.Affine) []float64 {
	return a.Rows.Every(a.Terms()/4096 + 1)
}

// oneGroup is for what does not look at the rows' channels.
func oneGroup(int) int { return 0 }

// biasScale serves sums of nothing but their biases.
func biasScale(a *ir.Affine, span float64) float64 {
	largest := 0.0
	for _, b := range a.Bias {
		largest = math.Max(largest, math.Abs(b))
	}
	if largest == 0 {
		return 1
	}
	return largest / span
}

func channelScales(a *ir.Affine, scales []float64, span float64) []float64 {
	largest := make([][]float64, slices.Max(a.Group)+1)
	for g := range largest {
		largest[g] = make([]float64, len(scales))
	}
	a.Rows.EachWeight(func(i int) int { return a.Group[i] }, func(i int, in int32, w float64) {
		l := largest[a.Group[i]]
		l[in] = math.Max(l[in], math.Abs(w))
	})
	out := make([]float64, len(largest))
	for g, l := range largest {
		out[g] = leastScale(l, scales, span)
	}
	top := slices.Max(out)
	for g, s := range out {
		switch {
		case top == 0:
			out[g] = biasScale(a, span)
		case s == 0: // a channel of biases alone
			out[g] = top
		}
	}
	return out
}

// alignScales makes scales powers of two of the largest, so that one rescale
// brings them together; each only shrinks.
func alignScales(scales []float64) []float64 {
	top := slices.Max(scales)
	out := make([]float64, len(scales))
	for i, s := range scales {
		out[i] = math.Ldexp(top, int(math.Floor(libm.Log2(s/top))))
	}
	return out
}

// channelsMayDiffer tells whether all readers of a value can do with channels of
// different scales.
func (q *quantiser) channelsMayDiffer(id ir.ID) bool {
	if slices.Contains(q.p.Outputs, id) {
		return false
	}
	may := true
	q.index.Readers(id, func(at int) {
		s := q.index.Step(at)
		l, ok := asRule[leveller](s.Kind)
		may = may && ok && l.levels(q, s, id)
	})
	return may
}

// windowsKeepChannels tells whether no window mixes channels of the affine step
// that made id.
func (q *quantiser) windowsKeepChannels(id ir.ID, m *ir.Max) bool {
	a, ok := q.index.Producer(id).Kind.(*ir.Affine)
	if !ok {
		return false
	}
	for _, w := range m.Windows {
		for _, j := range w {
			if a.Group[j] != a.Group[w[0]] {
				return false
			}
		}
	}
	return true
}
