package program_test

import (
	"math/rand"
	"slices"
	"testing"

	"github.com/zkml-go/zkml/circuits"
	"github.com/zkml-go/zkml/program"
	"github.com/zkml-go/zkml/testkit/circuittest"
	"github.com/zkml-go/zkml/visibility"
)

// mlp makes a random n-h-m network with ReLU and argmax.
func mlp(r *rand.Rand, n, h, m, weightBits, shift, actBits int, secret bool) *program.Program {
	layer := func(in, out int, span int64) *program.Linear {
		var rows []program.LinearRow
		for range out {
			row := program.LinearRow{Bias: r.Int63n(9) - 4}
			for j := range in {
				w := r.Int63n(1<<weightBits) - 1<<(weightBits-1)
				row.Terms = append(row.Terms, circuits.RowTerm{Index: int32(j), W: w})
			}
			rows = append(rows, row)
		}
		l := program.NewLinear(rows...)
		l.Secret, l.Limit = secret, span
		return l
	}
	return &program.Program{
		Values: []program.Value{{Shape: []int{n}}, {Shape: []int{h}}, {Shape: []int{h}}, {Shape: []int{m}},
			{Shape: []int{1}}},
		Inputs:  []program.Interval{{Lo: 0, Hi: 7}},
		Outputs: []int{4},
		Steps: []program.Step{
			{Node: "fc1", Kernel: layer(n, h, 1<<14), In: []int{0}, Out: 1},
			{Node: "relu", Kernel: &program.Saturate{By: []circuits.Saturation{{Shift: shift, Bits: actBits}}},
				In: []int{1}, Out: 2},
			{Node: "fc2", Kernel: layer(h, m, 1<<20), In: []int{2}, Out: 3},
			{Node: "argmax", Kernel: &program.ArgMax{Groups: [][]int32{upTo(m)}}, In: []int{3}, Out: 4},
		},
	}
}

// hashed makes the weights of a private network witnesses of 3 bits, which rows share
// two by two.
func hashed(p *program.Program) *program.Program {
	for _, s := range p.Steps {
		l, ok := s.Kernel.(*program.Linear)
		if !ok {
			continue
		}
		l.Limit, l.Format = 0, &circuits.WeightFormat{Weight: 3, Bias: 4}
		rows := l.Listed()
		slots := make([]int32, len(rows))
		for i := range rows {
			rows[i].Terms, rows[i].Bias = rows[i/2*2].Terms, rows[i/2*2].Bias
			slots[i] = int32(1 + i/2*(1+len(rows[i].Terms)))
		}
		l.SetRows(rows)
		l.Slots = slots
	}
	return p
}

// upTo lists 0 .. n−1.
func upTo(n int) []int32 {
	out := make([]int32, n)
	for i := range out {
		out[i] = int32(i)
	}
	return out
}

// statement proves a program whose input has 3 bits from its interval's start.
func statement(
	p *program.Program, private visibility.Private, reveal visibility.Reveal, digit int,
) *circuits.Statement {
	return &circuits.Statement{
		Layout: circuittest.Layout(visibility.Plan{
			Private: private, Reveal: reveal,
			Inputs: []visibility.Tensor{{Name: "x", Shape: p.Values[0].Shape, Bits: 3, Zero: -p.Inputs[0].Lo,
				Scale: 1}},
			Outputs: []visibility.Tensor{{Name: "y", Shape: p.Values[p.Outputs[0]].Shape, Bits: 8, Scale: 1,
				Classes: reveal == visibility.Class}},
		}),
		Model: p, Digit: digit,
	}
}

func randomInput(r *rand.Rand, p *program.Program) []int64 {
	in := make([]int64, p.Size(0))
	for i := range in {
		in[i] = p.Inputs[0].Lo + r.Int63n(p.Inputs[0].Hi-p.Inputs[0].Lo+1)
	}
	return in
}

// inputs are the program's two extreme inputs, then n random ones.
func inputs(r *rand.Rand, p *program.Program, n int) [][]int64 {
	var lo, hi []int64
	for range p.Size(0) {
		lo, hi = append(lo, p.Inputs[0].Lo), append(hi, p.Inputs[0].Hi)
	}
	out := [][]int64{lo, hi}
	for range n {
		out = append(out, randomInput(r, p))
	}
	return out
}

// examine checks that the circuit computes what Eval does, that no integer of a
// run leaves its interval, and that outputs off by one and lies are rejected.
func examine(t *testing.T, r *rand.Rand, p *program.Program, digit, lies int) {
	t.Helper()
	if err := p.Check(); err != nil {
		t.Fatal(err)
	}
	checkIntervals(t, p, digit)
	s := circuittest.Compile(t, statement(p, visibility.Private{}, visibility.Scores, digit))
	for k, in := range inputs(r, p, 6) {
		checkRanges(t, p, in)
		out := p.Eval(in)[0]
		s.Computes(in, out)
		if k%3 == 2 {
			s.Accepts(in, out)
			s.Liar(r, in, out, lies)
		}
	}
}

// checkRanges fails where an integer of a run is outside what Ranges says.
func checkRanges(t *testing.T, p *program.Program, in []int64) {
	t.Helper()
	ranges, err := p.Ranges()
	if err != nil {
		t.Fatal(err)
	}
	for v, elements := range p.Run(in) {
		for i, x := range elements {
			if x < ranges[v][i].Lo || x > ranges[v][i].Hi {
				t.Fatalf("value %d, element %d is %d, its range %v\n%s", v, i, x, ranges[v][i], p.Text())
			}
		}
	}
}

// narrow is a program that keeps the intervals which its circuit's outputs have.
type narrow struct {
	*program.Program
	got []program.Interval
}

// Define implements circuits.Model.
func (n *narrow) Define(b *circuits.Builder, in [][]*circuits.Value, step func(string)) ([][]*circuits.Value, error) {
	out, err := n.Program.Define(b, in, step)
	n.got = nil
	for _, v := range slices.Concat(out...) {
		n.got = append(n.got, program.Interval{Lo: v.Lo, Hi: v.Hi})
	}
	return out, err
}

// checkIntervals fails where the circuit thinks an output wider than Ranges does:
// a step after it could then be refused at lowering, though its program was not.
func checkIntervals(t *testing.T, p *program.Program, digit int) {
	t.Helper()
	ranges, err := p.Ranges()
	if err != nil {
		t.Fatal(err)
	}
	n := &narrow{Program: p}
	s := statement(p, visibility.Private{}, visibility.Scores, digit)
	s.Model = n
	if _, err := s.Count(); err != nil {
		t.Fatal(err)
	}
	for i, iv := range n.got {
		if want := ranges[p.Outputs[0]][i]; iv.Lo < want.Lo || iv.Hi > want.Hi {
			t.Errorf("output %d is in %v for the circuit, in %v for Ranges\n%s", i, iv, want, p.Text())
		}
	}
}

func TestMLP(t *testing.T) {
	r := rand.New(rand.NewSource(1))
	for _, private := range visibility.Scenarios {
		t.Run("private "+private.String(), func(t *testing.T) {
			p := mlp(r, 12, 6, 4, 3, 3, 4, private.Model)
			s := circuittest.Compile(t, statement(p, private, visibility.Class, 4))
			for k, in := range inputs(r, p, 6) {
				s.Accepts(in, p.Eval(in)[0])
				if k%3 == 2 {
					s.Liar(r, in, p.Eval(in)[0], 2)
				}
			}
		})
	}
}

// TestPrivateModelsHaveOneStructure: two private models of one architecture, one
// of them with zeros and equal weights, have the same cost, part by part.
func TestPrivateModelsHaveOneStructure(t *testing.T) {
	one := mlp(rand.New(rand.NewSource(1)), 12, 6, 4, 3, 3, 4, true)
	two := mlp(rand.New(rand.NewSource(2)), 12, 6, 4, 3, 3, 4, true)
	for i := range two.Steps {
		if l, ok := two.Steps[i].Kernel.(*program.Linear); ok {
			rows := l.Listed()
			for j := range rows[0].Terms {
				rows[0].Terms[j].W = 0
				rows[1].Terms[j].W = 1
			}
			l.SetRows(rows)
		}
	}
	private := visibility.Private{Model: true}
	a := circuittest.Compile(t, statement(one, private, visibility.Class, 4))
	b := circuittest.Compile(t, statement(two, private, visibility.Class, 4))
	if a.CS.GetNbConstraints() != b.CS.GetNbConstraints() {
		t.Errorf("%d and %d gates", a.CS.GetNbConstraints(), b.CS.GetNbConstraints())
	}
	ca, _ := a.Statement.Count()
	cb, _ := b.Statement.Count()
	for i := range ca.Parts {
		if ca.Parts[i] != cb.Parts[i] {
			t.Errorf("%v and %v", ca.Parts[i], cb.Parts[i])
		}
	}
}
