package program

import (
	"fmt"

	"github.com/zkml-go/zkml/circuits"
)

// Quotient divides variables: out[i] = in0[A[i]] by in1[B[i]], with the factors and the
// rounding of By.
type Quotient struct {
	A, B []int32
	By   circuits.Division
}

// Eval implements Kernel.
func (q *Quotient) Eval(in [][]int64) []int64 {
	out := make([]int64, len(q.A))
	for i := range out {
		out[i] = q.By.Eval(in[0][q.A[i]], in[1][q.B[i]])
	}
	return out
}

// Range implements Kernel.
func (q *Quotient) Range(in [][]Interval) ([]Interval, error) {
	out := make([]Interval, len(q.A))
	for i := range out {
		n, d := in[0][q.A[i]], in[1][q.B[i]]
		if err := q.By.Check(n.Lo, n.Hi, d.Lo, d.Hi); err != nil {
			return nil, err
		}
		out[i].Lo, out[i].Hi = q.By.Range(n.Lo, n.Hi, d.Lo, d.Hi)
	}
	return out, nil
}

// Define implements Kernel.
func (q *Quotient) Define(b *circuits.Builder, in [][]*circuits.Value, _ []circuits.Window) ([]*circuits.Value, error) {
	out := make([]*circuits.Value, len(q.A))
	for i := range out {
		out[i] = b.Quotient(in[0][q.A[i]], in[1][q.B[i]], q.By)
	}
	return out, nil
}

func (q *Quotient) check(in []int, out int) error {
	if err := q.By.Check(0, 0, 0, 0); err != nil {
		return err
	}
	return (&Product{A: q.A, B: q.B}).check(in, out)
}

func (q *Quotient) work() Work { return Work{Products: int64(len(q.A)), Indices: 2 * int64(len(q.A))} }

// Words implements Kernel.
func (q *Quotient) Words() string {
	return fmt.Sprintf("quotient[%d, %d by %d, rounded %d, rest=%t]", len(q.A), q.By.Num, q.By.Den, q.By.Rounding,
		q.By.Rest)
}

func (q *Quotient) String() string { return q.Words() }
