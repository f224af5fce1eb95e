package op

import (
	"errors"
	"fmt"
	"math"
	"slices"

	"github.com/zkml-go/zkml/compiler/graph"
	"github.com/zkml-go/zkml/compiler/ir"
	"github.com/zkml-go/zkml/tensor"
)

func init() {
	for _, name := range []string{"QLinearAdd", "QLinearMul"} {
		register(Spec{
			Name: name, Domain: microsoft, Since: []int{1}, Tolerance: 1,
			Note: "codes of 8 bits, each of A and B constant or variable; constant scales and zero points; " +
				"exactly as onnxruntime computes it",
			New: takes(7, 8, func(*graph.Node) (Op, error) { return &qBinary{times: name == "QLinearMul"}, nil }),
		})
	}
}

// qBinary adds or multiplies codes, by onnxruntime's definition.
type qBinary struct {
	times    bool
	a, b, c  quantParams
	from, to integer
	index    [2][]int
	shape    []int
	sum      *codeSum // of a sum; nil where either operand is constant
}

// Infer implements Op.
func (q *qBinary) Infer(in []Arg) ([]Out, error) {
	for k, p := range []*quantParams{&q.a, &q.b, &q.c} {
		read, err := readScales(in[3*k+1-k/2], arg(in, 3*k+2-k/2))
		if err != nil {
			return nil, err
		}
		if *p = *read; len(p.scale) != 1 {
			return nil, errors.New("several scales; only one for each of A, B and C is supported")
		}
	}
	t := in[0].DType
	if t != graph.Int8 && t != graph.Uint8 || in[3].DType != t {
		return nil, fmt.Errorf("operands of types %s and %s are not supported, only two of int8 or two of uint8", t,
			in[3].DType)
	}
	q.from, q.to = integerTypes[t], integerTypes[t]
	shape, err := tensor.Broadcast(in[0].Shape, in[3].Shape)
	if err != nil {
		return nil, err
	}
	q.shape = shape
	q.index = [2][]int{tensor.BroadcastIndex(in[0].Shape, shape), tensor.BroadcastIndex(in[3].Shape, shape)}
	if !q.times {
		if q.sum, err = q.asSum(); err != nil {
			return nil, err
		}
	}
	return []Out{{DType: t, Shape: slices.Clone(shape)}}, nil
}

// of is the code of two codes. A sum is that of fused multiplications, a product is rounded before the
// zero point is added.
func (q *qBinary) of(a, b float64) float64 {
	za, zb, zc := float32(q.a.zero[0]), float32(q.b.zero[0]), float32(q.c.zero[0])
	sa, sb, sc := float32(q.a.scale[0]), float32(q.b.scale[0]), float32(q.c.scale[0])
	if q.times {
		by := float32(float32(sa*sb) / sc)
		return q.code(float32(float32((float32(a)-za)*(float32(b)-zb))*by) + zc)
	}
	ra, rb := float32(sa/sc), float32(sb/sc)
	fixed := zc - float32(float32(ra*za)+float32(rb*zb))
	return q.code(fused(float32(a), ra, fused(float32(b), rb, fixed)))
}

// fused is x·y + z, rounded once.
func fused(x, y, z float32) float32 { return float32(float64(float64(x)*float64(y)) + float64(z)) }

func (q *qBinary) code(x float32) float64 {
	lo, hi := q.to.limits()
	return max(lo, min(hi, math.RoundToEven(float64(x))))
}

// Float implements Op.
func (q *qBinary) Float(in []*tensor.Float) ([]*tensor.Float, error) {
	out := tensor.New[float64](q.shape...)
	for i := range out.Data {
		out.Data[i] = q.of(in[0].Data[q.index[0][i]], in[3].Data[q.index[1][i]])
	}
	return []*tensor.Float{out}, nil
}

// NearSum is the name of the function to codes of sums that are not exactly onnxruntime's.
const NearSum = "about the code of a sum"

// codeSum is an integer sum of two codes and a constant, of which the quotient by a power of two,
// rounded, is the code of their sum. even says that halves go to the even neighbour; else they go
// up.
type codeSum struct {
	a, b, constant float64
	shift          int
	even           bool
	near           bool // not the code of every pair
}

// code is the code of a sum.
func (s codeSum) code(sum float64) float64 {
	x := math.Ldexp(sum, -s.shift)
	if s.even {
		return math.RoundToEven(x)
	}
	return math.Floor(x + 0.5)
}

// lastShift is that of the sum where none is right for all pairs, as single precision rounds some
// halves up and others down. Such a sum is what real numbers give.
const lastShift = 26

// asSum finds the sum of the fewest bits that is right for all pairs of codes.
func (q *qBinary) asSum() (*codeSum, error) {
	ra := float64(float32(q.a.scale[0]) / float32(q.c.scale[0]))
	rb := float64(float32(q.b.scale[0]) / float32(q.c.scale[0]))
	fixed := q.c.zero[0] - float64(ra*q.a.zero[0]) - float64(rb*q.b.zero[0])
	if max(ra, rb) > 1<<12 {
		return nil, fmt.Errorf("the scales of the operands are %g times that of the result; quantise the model again",
			max(ra, rb))
	}
	pairs := q.pairs(ra, rb, fixed)
	for shift := 8; shift <= lastShift; shift++ {
		for _, near := range neighbours {
			s := codeSum{shift: shift}
			s.a, s.b = math.Round(math.Ldexp(ra, shift))+near[0], math.Round(math.Ldexp(rb, shift))+near[1]
			for _, s.even = range []bool{false, true} {
				if q.centre(&s, pairs) {
					return &s, nil
				}
			}
		}
	}
	return &codeSum{
		a: math.Round(math.Ldexp(ra, lastShift)), b: math.Round(math.Ldexp(rb, lastShift)),
		constant: math.Round(math.Ldexp(fixed, lastShift)), shift: lastShift, even: true, near: true,
	}, nil
}

// neighbours are what the weights of a sum are moved by, the least first: where single precision
// rounds halves, other slopes than the scales' pass between the pairs.
var neighbours = func() [][2]float64 {
	const most = 2
	var out [][2]float64
	for a := -float64(most); a <= most; a++ {
		for b := -float64(most); b <= most; b++ {
			out = append(out, [2]float64{a, b})
		}
	}
	size := func(x [2]float64) int {
		return int(math.Sqrt(float64(x[0]*x[0])+float64(x[1]*x[1])) * most * most)
	}
	slices.SortStableFunc(out, func(x, y [2]float64) int { return size(x) - size(y) })
	return out
}()

// pair is one of codes, and the code of their sum.
type pair struct{ a, b, want float64 }

// pairs are all of codes; those whose sum lies near a half come first, as they decide.
func (q *qBinary) pairs(ra, rb, fixed float64) []pair {
	var near, far []pair
	lo, hi := q.from.limits()
	for a := lo; a <= hi; a++ {
		for b := lo; b <= hi; b++ {
			p := pair{a, b, q.of(a, b)}
			_, fraction := math.Modf(math.Abs(float64(ra*a) + float64(rb*b) + fixed))
			if math.Abs(fraction-0.5) < 1.0/512 {
				near = append(near, p)
			} else {
				far = append(far, p)
			}
		}
	}
	return append(near, far...)
}

// centre sets the constant of a sum to the middle of those with which it gives the codes that are
// wanted of all pairs; it is false where there is none.
func (q *qBinary) centre(s *codeSum, pairs []pair) bool {
	least, most := q.to.limits()
	lo, hi := math.Inf(-1), math.Inf(1)
	for _, p := range pairs {
		sum := float64(s.a*p.a) + float64(s.b*p.b)
		from, to := s.interval(p.want)
		if p.want > least {
			lo = max(lo, from-sum)
		}
		if p.want < most {
			hi = min(hi, to-sum)
		}
		if lo > hi {
			return false
		}
	}
	switch { // some end is open where one code is that of every pair
	case math.IsInf(lo, -1) && math.IsInf(hi, 1):
		s.constant = 0
	case math.IsInf(lo, -1):
		s.constant = hi
	case math.IsInf(hi, 1):
		s.constant = lo
	default:
		s.constant = math.Floor((lo + hi) / 2)
	}
	return true
}

// interval is that of the sums with a code.
func (s *codeSum) interval(code float64) (lo, hi float64) {
	half := float64(int64(1) << (s.shift - 1))
	middle := float64(2 * half * code)
	lo, hi = middle-half, middle+half-1
	if s.even && math.Mod(code, 2) != 0 {
		return lo + 1, hi
	}
	if s.even {
		return lo, hi + 1
	}
	return lo, hi
}

// Lower implements Op.
func (q *qBinary) Lower(l *Lowering) ([]ir.ID, error) {
	if q.times && l.In[0].Const == nil && l.In[3].Const == nil {
		return q.lowerProduct(l)
	}
	weights, constant := [2]float64{}, 0.0
	var f *ir.Func
	if q.times {
		f = q.product()
	} else {
		weights, constant, f = [2]float64{q.sum.a, q.sum.b}, q.sum.constant, q.rounded()
	}
	ids, number := l.variables()
	a := newAffine(len(q.index[0]), ids...)
	a.Fixed = l.In[0].Const == nil && l.In[3].Const == nil
	zeros := [2]float64{q.a.zero[0], q.b.zero[0]}
	for i := range a.Bias {
		a.Bias[i] = constant
		for k, in := range []int{0, 3} {
			j, w := q.index[k][i], weights[k]
			if other := l.In[3-in]; q.times { // by the constant, from zero point to zero point
				if l.In[in].Const != nil {
					continue
				}
				w = other.Const.Data[q.index[1-k][i]] - zeros[1-k]
				a.Bias[i] -= float64(w * zeros[k])
			}
			if c := l.In[in].Const; c != nil {
				a.Bias[i] += float64(w * c.Data[j])
			} else {
				a.term(i, number[in], j, w)
			}
		}
	}
	sums, err := only(a.emit(l))
	if err != nil {
		return nil, err
	}
	return []ir.ID{l.Step(f, sums)}, nil
}

// rounded is the function of a sum.
func (q *qBinary) rounded() *ir.Func {
	s := *q.sum
	lo, hi := q.to.limits()
	even := 0.0
	if s.even {
		even = 1
	}
	name := "code of a sum"
	if s.near {
		name = NearSum
	}
	f := wholeFunc(name, q.to, func(x float64) float64 { return max(lo, min(hi, s.code(x))) },
		float64(s.shift), even)
	f.Monotone = true
	return f
}

// product is the function of the product of the distances from the zero points.
func (q *qBinary) product() *ir.Func {
	by := float32(float32(float32(q.a.scale[0])*float32(q.b.scale[0])) / float32(q.c.scale[0]))
	zero := float32(q.c.zero[0])
	f := wholeFunc("code of a product", q.to, func(x float64) float64 { return q.code(float32(float32(x)*by) + zero) },
		float64(by), float64(zero))
	f.Monotone = true
	return f
}

// lowerProduct multiplies two variables.
func (q *qBinary) lowerProduct(l *Lowering) ([]ir.ID, error) {
	ids, index := make([]ir.ID, 2), [2][]int32{}
	for k, in := range []int{0, 3} {
		zero := *arg(l.In, in+2)
		var err error
		if _, ids[k], err = l.integersMinus(l.In[in], l.ID[in], &zero, 0, oneForAll); err != nil {
			return nil, err
		}
		for _, j := range q.index[k] {
			index[k] = append(index[k], int32(j))
		}
	}
	kind := &ir.Product{A: index[0], B: index[1]}
	return []ir.ID{l.Step(q.product(), l.Step(kind, ids...))}, nil
}
