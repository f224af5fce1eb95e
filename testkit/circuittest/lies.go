package circuittest

import (
	"math/big"
	"math/rand"
	"slices"

	"github.com/consensys/gnark/constraint/solver"
)

// Call is what a lie gets: a hint's inputs and honest outputs, and the output with
// which the lie starts.
type Call struct {
	In, Out []*big.Int
	I       int
}

// A Lie changes a hint's outputs.
type Lie struct {
	Name string
	Tell func(r *rand.Rand, c Call)
}

var one = big.NewInt(1)

// common are the lies that Liar tries on every hint.
var common = []Lie{
	{"plus one", func(_ *rand.Rand, c Call) { add(c, c.I, 1) }},
	{"minus one", func(_ *rand.Rand, c Call) { add(c, c.I, -1) }},
	{"plus a divisor", func(r *rand.Rand, c Call) {
		c.Out[c.I].Add(c.Out[c.I], new(big.Int).Lsh(one, uint(1+r.Intn(12))))
	}},
	{"negated", func(_ *rand.Rand, c Call) { c.Out[c.I].Neg(c.Out[c.I]) }},
	{"zero", func(_ *rand.Rand, c Call) { c.Out[c.I].SetUint64(0) }},
	{"random", func(r *rand.Rand, c Call) { c.Out[c.I].Rand(r, field) }},
	{"carry to the neighbour", func(_ *rand.Rand, c Call) {
		add(c, c.I, 2)
		add(c, (c.I+1)%len(c.Out), -1)
	}},
	{"swapped with the neighbour", func(_ *rand.Rand, c Call) { swap(c, c.I, (c.I+1)%len(c.Out)) }},
	{"swapped with any other", func(r *rand.Rand, c Call) { swap(c, c.I, r.Intn(len(c.Out))) }},
}

func add(c Call, i int, by int64) { c.Out[i].Add(c.Out[i], big.NewInt(by)) }

// swap exchanges the values of two outputs; the numbers themselves are the
// solver's.
func swap(c Call, i, j int) {
	a, b := new(big.Int).Set(c.Out[i]), new(big.Int).Set(c.Out[j])
	c.Out[i].Set(b)
	c.Out[j].Set(a)
}

// LiesOf lists the lies that fit a hint: those that fit any, then its own.
func LiesOf(id solver.HintID) []Lie {
	for _, h := range Hints {
		if solver.GetHintID(h.Of) == id {
			return slices.Concat(common, h.Lies)
		}
	}
	return common
}

// Told counts the lies that were told, by hint and lie.
type Told map[string]int

// Add adds other counts.
func (t Told) Add(other Told) {
	for name, n := range other {
		t[name] += n
	}
}

// Total is the number of all lies.
func (t Told) Total() int {
	n := 0
	for _, k := range t {
		n += k
	}
	return n
}

// Liar tries every lie on up to tries outputs of every hint, and fails the test
// if one is admitted, whatever output it leads to. It returns the lies told.
func (s *Subject) Liar(r *rand.Rand, input, output []int64, tries int) Told {
	s.T.Helper()
	told := Told{}
	for _, h := range Hints {
		calls := s.calls(h.Of, input, output)
		for _, lie := range LiesOf(solver.GetHintID(h.Of)) {
			for k := 0; k < tries && len(calls) > 0; k++ {
				call := r.Intn(len(calls))
				if s.lie(r, h, lie, call, r.Intn(calls[call]), input, output) {
					told[h.Name()+": "+lie.Name]++
				}
			}
		}
	}
	return told
}

// lie tells whether a lie changed a value at all.
func (s *Subject) lie(r *rand.Rand, h Hint, l Lie, call, i int, input, output []int64) bool {
	s.T.Helper()
	changed := false
	got, err := s.Forge(input, output, Tamper{Hint: h.Of, With: func(at int, in, out []*big.Int) {
		if at == call {
			changed = tell(r, l, Call{In: in, Out: out, I: i})
		}
	}})
	if !changed || err != nil {
		return changed
	}
	if !same(got, output) {
		s.T.Fatalf("%s: %q leads to the output %v, the right one is %v", place(h.Of, call, i), l.Name, got, output)
	}
	if !h.Feeds {
		s.T.Fatalf("%s: %q is admitted", place(h.Of, call, i), l.Name)
	}
	return true
}

// tell applies a lie and reports whether it changed a value of the field.
func tell(r *rand.Rand, l Lie, c Call) bool {
	before := make([]*big.Int, len(c.Out))
	for i, o := range c.Out {
		before[i] = new(big.Int).Mod(o, field)
	}
	l.Tell(r, c)
	for i, o := range c.Out {
		if new(big.Int).Mod(o, field).Cmp(before[i]) != 0 {
			return true
		}
	}
	return false
}
