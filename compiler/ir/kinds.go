package ir

import (
	"fmt"
	"math"

	"github.com/zkml-go/zkml/libm"
	"github.com/zkml-go/zkml/sparse"
)

// Term is one summand of an affine row: weight W times element Index of input In.
type Term = sparse.Term[float64]

// Affine computes out[i] = Bias[i] + Σ W·in. Rows list terms by ascending
// (In, Index), each element at most once. A weight of the model that happens
// to be zero stays as a term: the terms are the architecture, their weights the
// model. Group[i] numbers the output channel of row i: rows of one group share
// their weights' scale.
type Affine struct {
	Rows  *sparse.Matrix[float64]
	Bias  []float64
	Group []int
	// Fixed marks rows that come from the architecture alone (sums, averages,
	// differences), which are no secret of a private model.
	Fixed bool
}

// Eval implements Kind.
func (a *Affine) Eval(in [][]float64, size int) []float64 {
	out := make([]float64, size)
	for i := range out {
		out[i] = a.Rows.Sum(i, a.Bias[i], in)
	}
	return out
}

// Terms counts the summands of all rows.
func (a *Affine) Terms() int { return a.Rows.Terms() }

func (a *Affine) String() string {
	return fmt.Sprintf("affine[%d rows, %d terms]", a.Rows.Len(), a.Terms())
}

// Clamp limits every element to [Lo, Hi]; either may be infinite. ReLU is
// [0, +∞).
type Clamp struct{ Lo, Hi float64 }

// Eval implements Kind.
func (c *Clamp) Eval(in [][]float64, _ int) []float64 {
	return mapped(in[0], func(x float64) float64 { return math.Min(math.Max(x, c.Lo), c.Hi) })
}

func (c *Clamp) String() string { return fmt.Sprintf("clamp[%g, %g]", c.Lo, c.Hi) }

// Func applies a real function to every element. Name identifies the function
// with its parameters: equal names mean equal functions. Monotone tells that it
// never decreases, Strict that it increases everywhere, StrictFrom0 that it does so from
// zero on. Params are its numbers, if any.
type Func struct {
	Name        string
	Params      []float64
	F           func(float64) float64
	Monotone    bool
	Strict      bool
	StrictFrom0 bool
	// Open tells that the value at zero is one of zeros alone: what rounds to zero takes that of
	// numbers beside it.
	Open bool
	// Counts, if there are any, say that the function's values are integers: F is their
	// sum, up to the limits of an integer type.
	Counts []Count
	// Whole, if it is not nil, says that the function's values are integers of this range: exactly
	// F of the argument as the program has it.
	Whole *Integers
}

// Eval implements Kind.
func (f *Func) Eval(in [][]float64, _ int) []float64 { return mapped(in[0], f.F) }

func (f *Func) String() string { return fmt.Sprintf("%s%v", f.Name, f.Params) }

// Max gives the largest element of each window; windows list flat indices of
// the input and are never empty.
type Max struct{ Windows [][]int32 }

// Eval implements Kind.
func (m *Max) Eval(in [][]float64, size int) []float64 {
	out := make([]float64, size)
	for i, w := range m.Windows {
		out[i] = math.Inf(-1)
		for _, j := range w {
			out[i] = math.Max(out[i], in[0][j])
		}
	}
	return out
}

func (m *Max) String() string { return fmt.Sprintf("max[%d windows]", len(m.Windows)) }

// Product multiplies two variables: out[i] = in0[A[i]]·in1[B[i]].
type Product struct{ A, B []int32 }

// Eval implements Kind.
func (p *Product) Eval(in [][]float64, size int) []float64 {
	out := make([]float64, size)
	for i := range out {
		out[i] = float64(in[0][p.A[i]] * in[1][p.B[i]])
	}
	return out
}

func (p *Product) String() string { return fmt.Sprintf("product[%d]", len(p.A)) }

// Dot is a batch of matrix products of two variables, (Batch × N × K)·(Batch ×
// K × M): out[b,n,m] = Σ_k in0[A[b]+n·K+k]·in1[B[b]+k·M+m], with the offsets of
// each batch's matrices in A and B.
type Dot struct {
	N, K, M int
	A, B    []int32
}

// Eval implements Kind.
func (d *Dot) Eval(in [][]float64, size int) []float64 {
	out := make([]float64, size)
	o := 0
	for b := range d.A {
		for n := range d.N {
			for m := range d.M {
				for k := range d.K {
					out[o] += float64(in[0][int(d.A[b])+n*d.K+k] * in[1][int(d.B[b])+k*d.M+m])
				}
				o++
			}
		}
	}
	return out
}

func (d *Dot) String() string { return fmt.Sprintf("dot[%d x %dx%dx%d]", len(d.A), d.N, d.K, d.M) }

// Softmax normalises each group of elements (flat indices, the same in input
// and output) to exp(x)/Σ exp, or to its logarithm.
type Softmax struct {
	Groups [][]int32
	Log    bool
}

// Eval implements Kind.
func (s *Softmax) Eval(in [][]float64, size int) []float64 {
	out := make([]float64, size)
	for _, g := range s.Groups {
		top := math.Inf(-1)
		for _, i := range g {
			top = math.Max(top, in[0][i])
		}
		sum := 0.0
		for _, i := range g {
			sum += libm.Exp(in[0][i] - top)
		}
		for _, i := range g {
			out[i] = in[0][i] - top - libm.Log(sum)
			if !s.Log {
				out[i] = libm.Exp(out[i])
			}
		}
	}
	return out
}

func (s *Softmax) String() string {
	return fmt.Sprintf("softmax[%d groups, log=%t]", len(s.Groups), s.Log)
}

// ArgMax gives the position in each group of its largest element; ties go to
// the first, or to the last where Last is set.
type ArgMax struct {
	Groups [][]int32
	Last   bool
}

// Eval implements Kind.
func (a *ArgMax) Eval(in [][]float64, size int) []float64 {
	out := make([]float64, size)
	for i, g := range a.Groups {
		best := 0
		for k, j := range g {
			if v, top := in[0][j], in[0][g[best]]; v > top || a.Last && v == top {
				best = k
			}
		}
		out[i] = float64(best)
	}
	return out
}

func (a *ArgMax) String() string {
	return fmt.Sprintf("argmax[%d groups, last=%t]", len(a.Groups), a.Last)
}

// Move copies elements: out[i] = element Index[i] of input In[i]. Reshapes,
// transposes, slices and concatenations are moves.
type Move struct{ In, Index []int32 }

// Eval implements Kind.
func (m *Move) Eval(in [][]float64, size int) []float64 {
	out := make([]float64, size)
	for i := range out {
		out[i] = in[m.In[i]][m.Index[i]]
	}
	return out
}

func (m *Move) String() string { return fmt.Sprintf("move[%d]", len(m.Index)) }

func mapped(in []float64, f func(float64) float64) []float64 {
	out := make([]float64, len(in))
	for i, x := range in {
		out[i] = f(x)
	}
	return out
}
