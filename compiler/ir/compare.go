package ir

// Compare tells of every element whether it is positive, or with OrZero not negative:
// 1 where it is, else 0. Two values are compared by their difference, an affine step,
// which joins the layers before it. Decides says that the bits are the classes of two that
// scores mean.
type Compare struct{ OrZero, Decides bool }

// Eval implements Kind.
func (c *Compare) Eval(in [][]float64, _ int) []float64 {
	return mapped(in[0], func(x float64) float64 {
		if x > 0 || c.OrZero && x == 0 {
			return 1
		}
		return 0
	})
}

func (c *Compare) String() string {
	if c.OrZero {
		return "compare[>= 0]"
	}
	return "compare[> 0]"
}

// Elementwise implements Elementwise.
func (*Compare) Elementwise() {}

// NeverDecreases implements Rising.
func (*Compare) NeverDecreases() bool { return true }
