package op

import (
	"fmt"
	"math"

	"github.com/zkml-go/zkml/tensor"
)

// exact bounds the integers of constants: a float64 holds all integers up to it. Readers
// of files let larger ones pass, rounded, that stand for "without bound".
const exact = 1 << 53

// Reacher is an Op that computes with the integers that it gets, beyond comparing them to
// copy some. Reach bounds what Float computes on the way, given the largest magnitude of
// each input.
type Reacher interface{ Reach(most []float64) float64 }

// Exactly is an error where an operator would round constant integers, be it on the way to
// a result that fits. Other inputs than those of integers count for nothing.
func Exactly(o Op, args []Arg) error {
	r, ok := o.(Reacher)
	if !ok {
		return nil
	}
	most := make([]float64, len(args))
	for i, a := range args {
		if a.Present && a.Const != nil && integerType(a.DType) != "" {
			most[i] = magnitude(a.Const)
		}
	}
	if r.Reach(most) > exact {
		return fmt.Errorf("computes a constant integer beyond 2^53, the largest that is supported")
	}
	return nil
}

// magnitude is the largest absolute value.
func magnitude(t *tensor.Float) float64 {
	most := 0.0
	for _, v := range t.Data {
		most = max(most, math.Abs(v))
	}
	return most
}

func total(most []float64) float64 {
	sum := 0.0
	for _, m := range most {
		sum += m
	}
	return sum
}

// Reach implements Reacher.
func (s *linear) Reach(most []float64) float64 { return total(most) }

// Reach implements Reacher.
func (p *times) Reach(most []float64) float64 { return max(float64(most[0]*most[1]), most[0], most[1]) }

// Reach implements Reacher.
func (q *quotient) Reach(most []float64) float64 { return max(most[0], most[1]) }

// Reach implements Reacher.
func (p *matmul) Reach(most []float64) float64 {
	return max(float64(float64(most[0]*most[1])*float64(p.k)), most[0], most[1])
}

// Reach implements Reacher: the largest of elements is one of them.
func (r *reduce) Reach(most []float64) float64 {
	if r.rule.largest {
		return 0
	}
	return float64(most[0] * float64(tensor.Size(r.shape)/max(tensor.Size(r.out), 1)))
}

// Reach implements Reacher: as real numbers, or of their own type, integers are copied.
func (c *cast) Reach(most []float64) float64 {
	if c.to == c.from || c.to.IsFloat() {
		return 0
	}
	return most[0]
}

// Reach implements Reacher.
func (u *unary) Reach(most []float64) float64 { return most[0] }

// Reach implements Reacher.
func (r *related) Reach(most []float64) float64 { return total(most) }
