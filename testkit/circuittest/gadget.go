package circuittest

import (
	"math/rand"
	"testing"

	"github.com/zkml-go/zkml/circuits"
	"github.com/zkml-go/zkml/visibility"
)

// Gadget is a model that is one gadget: its circuit and its integer reference.
type Gadget struct {
	In      int // the number of input elements, each in [Lo, Lo + 2^Bits − 1]
	Bits    int
	Lo      int64
	Digit   int // the width of range checks' digits
	Circuit func(b *circuits.Builder, in []*circuits.Value) []*circuits.Value
	Eval    func(in []int64) []int64
}

// Define implements circuits.Model.
func (g Gadget) Define(b *circuits.Builder, in [][]*circuits.Value, step func(string)) ([][]*circuits.Value, error) {
	step("gadget")
	return [][]*circuits.Value{g.Circuit(b, in[0])}, nil
}

// Statement is the gadget between a public input and revealed outputs.
func (g Gadget) Statement() *circuits.Statement {
	lowest := make([]int64, g.In)
	for i := range lowest {
		lowest[i] = g.Lo
	}
	return &circuits.Statement{
		Layout: Layout(visibility.Plan{
			Reveal: visibility.Scores,
			Inputs: []visibility.Tensor{{Name: "x", Shape: []int{g.In}, Bits: g.Bits, Zero: -g.Lo, Scale: 1}},
			Outputs: []visibility.Tensor{{Name: "y", Shape: []int{len(g.Eval(lowest))}, Bits: 32, Zero: 1 << 31,
				Scale: 1}},
		}),
		Model: g, Digit: g.Digit,
	}
}

// Layout is a plan's layout; it panics where there is none, since the plans of tests
// are constants.
func Layout(p visibility.Plan) visibility.Layout {
	l, err := p.Layout()
	if err != nil {
		panic(err)
	}
	return l
}

// Replan changes the plan behind a statement's layout. An output whose class is shown
// becomes one of classes, whatever the gadget makes.
func Replan(s *circuits.Statement, change func(*visibility.Plan)) {
	p := s.Layout.Plan()
	change(&p)
	if p.Reveal == visibility.Class {
		for i := range p.Outputs {
			p.Outputs[i].Classes, p.Outputs[i].Zero, p.Outputs[i].Scale = true, 0, 1
		}
	}
	s.Layout = Layout(p)
}

// Inputs lists the corners of the gadget's domain, then random inputs; or the
// whole domain, where it is not larger than most.
func (g Gadget) Inputs(r *rand.Rand, most int) [][]int64 {
	if bits := g.In * g.Bits; bits < 12 && 1<<bits <= most {
		return g.domain()
	}
	hi := g.Lo + 1<<g.Bits - 1
	fill := func(f func(i int) int64) []int64 {
		out := make([]int64, g.In)
		for i := range out {
			out[i] = f(i)
		}
		return out
	}
	inputs := [][]int64{
		fill(func(int) int64 { return g.Lo }),
		fill(func(int) int64 { return hi }),
		fill(func(i int) int64 { return []int64{g.Lo, hi}[i%2] }),
		fill(func(i int) int64 { return []int64{hi, g.Lo}[i%2] }),
		fill(func(int) int64 { return max(g.Lo, min(hi, 0)) }),
	}
	for len(inputs) < most {
		inputs = append(inputs, fill(func(int) int64 { return g.Lo + r.Int63n(1<<g.Bits) }))
	}
	return inputs
}

func (g Gadget) domain() [][]int64 {
	out := make([][]int64, 1<<(g.In*g.Bits))
	for n := range out {
		for i := range g.In {
			out[n] = append(out[n], g.Lo+int64(n>>(i*g.Bits)&(1<<g.Bits-1)))
		}
	}
	return out
}

// Examine compiles the gadget and checks, on corners and random inputs, that its
// circuit computes the reference; and on some of them that outputs off by one
// and lying hints are rejected. It returns the lies told.
func (g Gadget) Examine(t *testing.T, most, liars int) Told {
	t.Helper()
	r := rand.New(rand.NewSource(1))
	s := Compile(t, g.Statement())
	inputs := g.Inputs(r, most)
	for _, in := range inputs {
		s.Computes(in, g.Eval(in))
	}
	told := Told{}
	for k := range liars {
		in := inputs[(k*7+k%3)%len(inputs)]
		s.Accepts(in, g.Eval(in))
		told.Add(s.Liar(r, in, g.Eval(in), 2))
	}
	return told
}
