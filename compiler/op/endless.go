package op

import (
	"errors"
	"fmt"
	"math"
	"slices"

	"github.com/zkml-go/zkml/tensor"
)

// Endless is implemented by operators that take −Inf beside a variable: those that move it to
// where a softmax gives zero for it, and that softmax.
type Endless interface {
	// TakesEndless tells whether the node takes such inputs.
	TakesEndless(in []Arg) bool
}

// checkEndless refuses infinite numbers, and NaN, in a node that computes something else from
// variables than a softmax of them. Nodes of constants compute in floating point.
func checkEndless(o Op, in []Arg) error {
	variable := slices.ContainsFunc(in, func(a Arg) bool { return a.Present && a.Const == nil })
	if e, ok := o.(Endless); !variable || ok && e.TakesEndless(in) {
		return nil
	}
	for k, a := range in {
		if a.Const != nil && slices.ContainsFunc(a.Const.Data, notFinite) || a.Endless() {
			return fmt.Errorf("input %d holds numbers that are infinite or NaN; a circuit needs finite ones, but for "+
				"-Inf where it goes into a Softmax: put a large number in its place", k)
		}
	}
	return nil
}

// Endless tells whether an element is −Inf, whatever the variables are.
func (m Meaning) Endless() bool { return slices.Contains(m.Lowest, true) }

// lowest are the elements of an operand that are −Inf, nil where there are none.
func (a Arg) lowest() []bool {
	if a.Const == nil {
		return a.Lowest
	}
	if !slices.ContainsFunc(a.Const.Data, func(v float64) bool { return math.IsInf(v, -1) }) {
		return nil
	}
	out := make([]bool, len(a.Const.Data))
	for i, v := range a.Const.Data {
		out[i] = math.IsInf(v, -1)
	}
	return out
}

// errEndless is of what is infinite and not −Inf.
var errEndless = errors.New("a constant is NaN, infinite or too large; only -Inf is supported here")

// onlyLowest refuses +Inf and NaN.
func onlyLowest(in []Arg) error {
	for _, a := range in {
		if a.Const != nil && slices.ContainsFunc(a.Const.Data, func(v float64) bool {
			return math.IsNaN(v) || math.IsInf(v, 1)
		}) {
			return errEndless
		}
	}
	return nil
}

// lowest are the elements of what is moved that are −Inf.
func (p moved) lowest(in []Arg) []bool {
	var out []bool
	each := make([][]bool, len(in))
	for k, a := range in {
		each[k] = a.lowest()
	}
	for i, s := range p.from {
		if s.in < 0 && math.IsInf(p.fill, -1) || s.in >= 0 && each[s.in] != nil && each[s.in][s.index] {
			if out == nil {
				out = make([]bool, len(p.from))
			}
			out[i] = true
		}
	}
	return out
}

// finite is the number that a program has for a constant: where it is −Inf, nothing reads it.
func finite(v float64) float64 {
	if math.IsInf(v, -1) {
		return 0
	}
	return v
}

// TakesEndless implements Endless.
func (m *movement) TakesEndless([]Arg) bool { return true }

// TakesEndless implements Endless: of a condition that is known.
func (c *choice) TakesEndless([]Arg) bool { return true }

// TakesEndless implements Endless: sums keep it.
func (s *linear) TakesEndless([]Arg) bool { return s.weight(1, 2) > 0 }

// TakesEndless implements Endless: bounds may be infinite.
func (c *clamp) TakesEndless(in []Arg) bool { return !in[0].Endless() }

// TakesEndless implements Endless: of constants, which another input gives the type.
func (c *cast) TakesEndless(in []Arg) bool { return !in[0].Endless() }

// TakesEndless implements Endless: the nodes inside decide.
func (c *composed) TakesEndless([]Arg) bool { return true }

// TakesEndless implements Endless: the nodes inside decide.
func (c *conditional) TakesEndless([]Arg) bool { return true }

// TakesEndless implements Endless: the nodes inside decide.
func (s *unrolled) TakesEndless([]Arg) bool { return true }

// TakesEndless implements Endless.
func (s *softmax) TakesEndless([]Arg) bool { return !s.log }

// lowest are the elements of a sum that are −Inf.
func (s *linear) lowest(in []Arg) ([]bool, error) {
	var out []bool
	for _, a := range in {
		low := a.lowest()
		if low == nil {
			continue
		}
		if out == nil {
			out = make([]bool, tensor.Size(s.shape))
		}
		for to, from := range s.index(a.Shape) {
			out[to] = out[to] || low[from]
		}
	}
	return out, onlyLowest(in)
}
