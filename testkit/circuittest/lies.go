package circuittest

import (
	"math/big"
	"math/rand"
	"slices"

	"github.com/consensys/gnark/constraint/solver"

	"github.com/zkml-go/zkml/circuits"
	"github.com/zkml-go/zkml/lookup"
)

// Call is what a lie is told about: a hint's inputs and honest outputs, and the
// output that the lie starts from.
type Call struct {
	In, Out []*big.Int
	I       int
}

// A Lie changes a hint's outputs.
type Lie struct {
	Name string
	Of   solver.Hint // the hint whose outputs it knows the meaning of; nil for any
	Tell func(r *rand.Rand, c Call)
}

var one = big.NewInt(1)

// Lies are the changes that Liar tries. Those of one hint keep together what an
// honest constraint keeps together, so that a single loose end lets them pass.
var Lies = []Lie{
	{"plus one", nil, func(_ *rand.Rand, c Call) { add(c, c.I, 1) }},
	{"minus one", nil, func(_ *rand.Rand, c Call) { add(c, c.I, -1) }},
	{"plus a divisor", nil, func(r *rand.Rand, c Call) {
		c.Out[c.I].Add(c.Out[c.I], new(big.Int).Lsh(one, uint(1+r.Intn(12))))
	}},
	{"negated", nil, func(_ *rand.Rand, c Call) { c.Out[c.I].Neg(c.Out[c.I]) }},
	{"zero", nil, func(_ *rand.Rand, c Call) { c.Out[c.I].SetUint64(0) }},
	{"random", nil, func(r *rand.Rand, c Call) { c.Out[c.I].Rand(r, field) }},
	{"carry to the neighbour", nil, func(_ *rand.Rand, c Call) {
		add(c, c.I, 2)
		add(c, (c.I+1)%len(c.Out), -1)
	}},
	{"swapped with the neighbour", nil, func(_ *rand.Rand, c Call) { swap(c, c.I, (c.I+1)%len(c.Out)) }},
	{"swapped with any other", nil, func(r *rand.Rand, c Call) { swap(c, c.I, r.Intn(len(c.Out))) }},

	{"digit lent to the next", circuits.Digits, func(_ *rand.Rand, c Call) { lend(c, 1) }},
	{"digit borrowed from the next", circuits.Digits, func(_ *rand.Rand, c Call) { lend(c, -1) }},
	{"two integers' digits exchanged", circuits.Digits, func(r *rand.Rand, c Call) {
		n := int(c.In[1].Int64())
		a, b := c.I/n*n, r.Intn(len(c.Out)/n)*n
		for j := range n {
			swap(c, a+j, b+j)
		}
	}},
	{"an integer's digits for the negative", circuits.Digits, func(_ *rand.Rand, c Call) {
		n := int(c.In[1].Int64())
		in := slices.Clone(c.In)
		for k := 2 + n; k < len(in); k++ {
			in[k] = new(big.Int).Mod(new(big.Int).Neg(in[k]), field)
		}
		_ = circuits.Digits(field, in, c.Out) // which never fails
	}},
	{"quotient up, remainder down", circuits.Divide, func(_ *rand.Rand, c Call) { requotient(c, one) }},
	{"quotient down, remainder up", circuits.Divide, func(_ *rand.Rand, c Call) { requotient(c, big.NewInt(-1)) }},
	{"quotient of any remainder", circuits.Divide, func(r *rand.Rand, c Call) {
		c.Out[1].SetInt64(int64(r.Intn(4))) // q = (N − ρ)/D in the field
		inverse := new(big.Int).ModInverse(c.In[1], field)
		c.Out[0].Sub(c.In[0], c.Out[1])
		c.Out[0].Mul(c.Out[0], inverse)
	}},
	{"another entry", circuits.Apply, func(r *rand.Rand, c Call) {
		c.Out[c.I].Set(c.In[2+r.Intn(int(c.In[1].Int64()))])
	}},
	{"another winner", circuits.Winner, func(r *rand.Rand, c Call) { elect(c, 1+r.Intn(len(c.Out)-1), false) }},
	{"another winner and its value", circuits.Winner, func(r *rand.Rand, c Call) {
		elect(c, 1+r.Intn(len(c.Out)-1), true)
	}},
	{"two halves of a winner", circuits.Winner, func(r *rand.Rand, c Call) {
		elect(c, 1+r.Intn(len(c.Out)-1), false)
		half := new(big.Int).ModInverse(big.NewInt(2), field)
		for _, at := range []int{1, 1 + r.Intn(len(c.Out)-1)} {
			c.Out[at].Set(half)
		}
	}},
	{"two winners and one less", circuits.Winner, func(r *rand.Rand, c Call) {
		add(c, 1+r.Intn(len(c.Out)-1), 1)
		add(c, 1+r.Intn(len(c.Out)-1), -1)
	}},
	{"another element", circuits.Largest, func(r *rand.Rand, c Call) {
		c.Out[0].Set(c.In[r.Intn(len(c.In))])
	}},
	{"a count moved", lookup.Counts, func(r *rand.Rand, c Call) {
		add(c, c.I, 1)
		add(c, r.Intn(len(c.Out)), -1)
	}},
	{"counts permuted", lookup.Counts, func(r *rand.Rand, c Call) {
		for i := range c.Out {
			swap(c, i, i+r.Intn(len(c.Out)-i))
		}
	}},
	{"counts turned about", lookup.Counts, func(_ *rand.Rand, c Call) {
		for i := range len(c.Out) / 2 {
			swap(c, i, len(c.Out)-1-i)
		}
	}},
}

func add(c Call, i int, by int64) { c.Out[i].Add(c.Out[i], big.NewInt(by)) }

// swap exchanges the values of two outputs; the numbers themselves are the
// solver's.
func swap(c Call, i, j int) {
	a, b := new(big.Int).Set(c.Out[i]), new(big.Int).Set(c.Out[j])
	c.Out[i].Set(b)
	c.Out[j].Set(a)
}

// lend writes a digit of Digits as one less or more of the next: the integer
// stays the same.
func lend(c Call, by int64) {
	n := int(c.In[1].Int64())
	j := c.I % n
	if j == n-1 {
		return
	}
	add(c, c.I+1, -by)
	c.Out[c.I].Add(c.Out[c.I], new(big.Int).Lsh(big.NewInt(by), uint(c.In[2+j].Uint64())))
}

// requotient writes N = q·D + ρ with another quotient.
func requotient(c Call, by *big.Int) {
	c.Out[0].Add(c.Out[0], by)
	c.Out[1].Sub(c.Out[1], new(big.Int).Mul(by, c.In[1]))
}

// elect makes an output of Winner the selected one, and the maximum its value.
func elect(c Call, at int, value bool) {
	for _, s := range c.Out[1:] {
		s.SetUint64(0)
	}
	c.Out[at].SetUint64(1)
	if value {
		c.Out[0].Set(c.In[at])
	}
}

// binding are the hints whose outputs constraints bind. The others feed these
// alone, so that a lie of theirs may pass, but with the honest output only.
var (
	binding = []solver.Hint{
		circuits.Digits, circuits.Apply, circuits.Largest, circuits.Winner, circuits.Divide, circuits.Ratio, circuits.Halves,
		lookup.Counts, lookup.Members, lookup.Fractions,
	}
	feeding = []solver.Hint{circuits.Slots, circuits.Difference}
)

// Liar tries every lie on up to tries outputs of every hint, and fails the test
// if one is admitted, whatever output it leads to. It returns the number of lies
// told.
func (s *Subject) Liar(r *rand.Rand, input, output []int64, tries int) int {
	s.T.Helper()
	told := 0
	for _, h := range slices.Concat(binding, feeding) {
		calls := s.calls(h, input, output)
		for _, lie := range Lies {
			if len(calls) == 0 || lie.Of != nil && solver.GetHintID(lie.Of) != solver.GetHintID(h) {
				continue
			}
			for range tries {
				call := r.Intn(len(calls))
				if s.lie(r, h, lie, call, r.Intn(calls[call]), input, output) {
					told++
				}
			}
		}
	}
	return told
}

// lie tells whether a lie was one: whether it changed a value.
func (s *Subject) lie(r *rand.Rand, h solver.Hint, l Lie, call, i int, input, output []int64) bool {
	s.T.Helper()
	changed := false
	got, err := s.Forge(input, output, Tamper{Hint: h, With: func(at int, in, out []*big.Int) {
		if at == call {
			changed = tell(r, l, Call{In: in, Out: out, I: i})
		}
	}})
	if !changed || err != nil {
		return changed
	}
	if !same(got, output) {
		s.T.Fatalf("%s: %q leads to the output %v, the right one is %v", place(h, call, i), l.Name, got, output)
	}
	if slices.ContainsFunc(binding, func(x solver.Hint) bool { return solver.GetHintID(x) == solver.GetHintID(h) }) {
		s.T.Fatalf("%s: %q is admitted", place(h, call, i), l.Name)
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
