package program

import (
	"fmt"
	"math"

	"github.com/zkml-go/zkml/circuits"
)

// Product multiplies two variables: out[i] = in0[A[i]]·in1[B[i]].
type Product struct{ A, B []int32 }

// Eval implements Kernel.
func (p *Product) Eval(in [][]int64) []int64 {
	out := make([]int64, len(p.A))
	for i := range out {
		out[i] = in[0][p.A[i]] * in[1][p.B[i]]
	}
	return out
}

// times is the interval of a product, or an error where it can exceed MaxBits.
func (x Interval) times(y Interval) (Interval, error) {
	size := func(v Interval) float64 { return math.Max(math.Abs(float64(v.Lo)), math.Abs(float64(v.Hi))) }
	if size(x)*size(y) > math.Ldexp(1, circuits.MaxBits) {
		return Interval{}, fmt.Errorf("a product can exceed %d bits: use fewer bits for activations", circuits.MaxBits)
	}
	a, b, c, d := x.Lo*y.Lo, x.Lo*y.Hi, x.Hi*y.Lo, x.Hi*y.Hi
	return Interval{min(a, b, c, d), max(a, b, c, d)}, nil
}

// Range implements Kernel.
func (p *Product) Range(in [][]Interval) ([]Interval, error) {
	out := make([]Interval, len(p.A))
	for i := range out {
		var err error
		if out[i], err = in[0][p.A[i]].times(in[1][p.B[i]]); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// Define implements Kernel.
func (p *Product) Define(b *circuits.Builder, in [][]*circuits.Value, _ []circuits.Window) ([]*circuits.Value, error) {
	out := make([]*circuits.Value, len(p.A))
	for i := range out {
		out[i] = b.Multiply(in[0][p.A[i]], in[1][p.B[i]])
	}
	return out, nil
}

// Words implements Kernel.
func (p *Product) Words() string { return fmt.Sprintf("product[%d]", len(p.A)) }

// Dot is a batch of matrix products of two variables; see ir.Dot for its layout.
type Dot struct {
	N, K, M int
	A, B    []int32
}

// each calls f for every output with the indices of its factors.
func (d *Dot) each(f func(out int, a, b func(k int) int)) {
	o := 0
	for i := range d.A {
		for n := range d.N {
			for m := range d.M {
				a := func(k int) int { return int(d.A[i]) + n*d.K + k }
				b := func(k int) int { return int(d.B[i]) + k*d.M + m }
				f(o, a, b)
				o++
			}
		}
	}
}

func (d *Dot) size() int { return len(d.A) * d.N * d.M }

// Eval implements Kernel.
func (d *Dot) Eval(in [][]int64) []int64 {
	out := make([]int64, d.size())
	d.each(func(o int, a, b func(int) int) {
		for k := range d.K {
			out[o] += in[0][a(k)] * in[1][b(k)]
		}
	})
	return out
}

var errWideProducts = fmt.Errorf(
	"a sum of products can exceed %d bits: use fewer bits for activations", circuits.MaxBits)

// Range implements Kernel.
func (d *Dot) Range(in [][]Interval) ([]Interval, error) {
	out := make([]Interval, d.size())
	var err error
	d.each(func(o int, a, b func(int) int) {
		for k := range d.K {
			p, e := in[0][a(k)].times(in[1][b(k)])
			if out[o].Lo += p.Lo; e != nil || out[o].Lo < -(1<<circuits.MaxBits) {
				err = errWideProducts
				return
			}
			if out[o].Hi += p.Hi; out[o].Hi > 1<<circuits.MaxBits {
				err = errWideProducts
				return
			}
		}
	})
	return out, err
}

// Define implements Kernel.
func (d *Dot) Define(b *circuits.Builder, in [][]*circuits.Value, _ []circuits.Window) ([]*circuits.Value, error) {
	out := make([]*circuits.Value, d.size())
	d.each(func(o int, a, c func(int) int) {
		xs, ys := make([]*circuits.Value, d.K), make([]*circuits.Value, d.K)
		for k := range d.K {
			xs[k], ys[k] = in[0][a(k)], in[1][c(k)]
		}
		out[o] = b.Dot(xs, ys)
	})
	return out, nil
}

// Words implements Kernel.
func (d *Dot) Words() string { return fmt.Sprintf("dot[%d x %dx%dx%d]", len(d.A), d.N, d.K, d.M) }

func (p *Product) String() string { return p.Words() }

func (d *Dot) String() string { return d.Words() }
