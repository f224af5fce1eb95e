package circuittest

import (
	"math/big"
	"math/rand"
	"slices"
	"strings"

	"github.com/consensys/gnark/constraint/solver"

	"github.com/zkml-go/zkml/circuits"
	"github.com/zkml-go/zkml/lookup"
)

// Hint is what the examinations know about one hint of the circuits.
type Hint struct {
	Of solver.Hint
	// Feeds says that the outputs go to other hints only, so that no constraint
	// binds them: a lie may pass, but with the honest output only.
	Feeds bool
	// Lies know what the outputs mean. They preserve as many constraints as possible,
	// so that they pass if a single constraint is missing.
	Lies []Lie
}

// Name is the hint's package and function, as in circuits.Digits.
func (h Hint) Name() string {
	full := solver.GetHintName(h.Of)
	return full[strings.LastIndex(full, "/")+1:]
}

// Hints are all hints of the circuits. A test compares them with those that the
// code registers.
var Hints = []Hint{
	{Of: circuits.Digits, Lies: digitLies},
	{Of: circuits.Slots, Lies: slotLies, Feeds: true},
	{Of: circuits.Apply, Lies: []Lie{
		{"another entry", func(r *rand.Rand, c Call) { c.Out[c.I].Set(c.In[2+r.Intn(int(c.In[1].Int64()))]) }},
	}},
	{Of: circuits.Largest, Lies: []Lie{
		{"another element", func(r *rand.Rand, c Call) { c.Out[0].Set(c.In[r.Intn(len(c.In))]) }},
	}},
	{Of: circuits.Difference, Lies: differenceLies, Feeds: true},
	{Of: circuits.Winner, Lies: winnerLies},
	{Of: circuits.Divide, Lies: divideLies},
	{Of: circuits.Ratio, Lies: ratioLies},
	{Of: circuits.Halves, Lies: halvesLies},
	{Of: circuits.Staircase, Lies: staircaseLies},
	{Of: circuits.Distances, Lies: distanceLies, Feeds: true},
	{Of: circuits.Order, Lies: orderLies},
	{Of: lookup.Counts, Lies: countLies},
	{Of: lookup.Members, Lies: countLies},
	{Of: lookup.Fractions, Lies: fractionLies},
}

var digitLies = []Lie{
	{"digit lent to the next", func(_ *rand.Rand, c Call) { lend(c, 1) }},
	{"digit borrowed from the next", func(_ *rand.Rand, c Call) { lend(c, -1) }},
	{"two integers' digits exchanged", func(r *rand.Rand, c Call) {
		n := int(c.In[1].Int64())
		a, b := c.I/n*n, r.Intn(len(c.Out)/n)*n
		for j := range n {
			swap(c, a+j, b+j)
		}
	}},
	{"an integer's digits for the negative", func(_ *rand.Rand, c Call) {
		n := int(c.In[1].Int64())
		in := slices.Clone(c.In)
		for k := 2 + n; k < len(in); k++ {
			in[k] = new(big.Int).Mod(new(big.Int).Neg(in[k]), field)
		}
		_ = circuits.Digits(field, in, c.Out) // which never fails
	}},
}

// slotLies keep the sum of a pack.
var slotLies = []Lie{
	{"a slot lent to the next", func(_ *rand.Rand, c Call) { lendSlot(c, 1) }},
	{"a slot borrowed from the next", func(_ *rand.Rand, c Call) { lendSlot(c, -1) }},
	{"all of a pack in its first slot", func(_ *rand.Rand, c Call) {
		c.Out[0].Add(c.In[0], c.In[1])
		for i, o := range c.Out[1:] {
			o.Set(c.In[5+2*i])
		}
	}},
}

var differenceLies = []Lie{
	{"a difference the other way round", func(_ *rand.Rand, c Call) { c.Out[0].Neg(c.Out[0]) }},
	{"nothing taken away", func(_ *rand.Rand, c Call) { c.Out[0].Set(c.In[0]) }},
	{"too little taken away", func(_ *rand.Rand, c Call) { c.Out[0].Sub(c.In[0], c.In[len(c.In)-1]) }},
}

var winnerLies = []Lie{
	{"another winner", func(r *rand.Rand, c Call) { elect(c, 1+r.Intn(len(c.Out)-1), false) }},
	{"another winner and its value", func(r *rand.Rand, c Call) { elect(c, 1+r.Intn(len(c.Out)-1), true) }},
	{"two halves of a winner", func(r *rand.Rand, c Call) {
		elect(c, 1+r.Intn(len(c.Out)-1), false)
		half := new(big.Int).ModInverse(big.NewInt(2), field)
		for _, at := range []int{1, 1 + r.Intn(len(c.Out)-1)} {
			c.Out[at].Set(half)
		}
	}},
	{"two winners and one less", func(r *rand.Rand, c Call) {
		add(c, 1+r.Intn(len(c.Out)-1), 1)
		add(c, 1+r.Intn(len(c.Out)-1), -1)
	}},
}

var divideLies = []Lie{
	{"quotient up, remainder down", func(_ *rand.Rand, c Call) { requotient(c, one) }},
	{"quotient down, remainder up", func(_ *rand.Rand, c Call) { requotient(c, big.NewInt(-1)) }},
	{"quotient of any remainder", func(r *rand.Rand, c Call) {
		c.Out[1].SetInt64(int64(r.Intn(4))) // q = (N − ρ)/D in the field
		inverse := new(big.Int).ModInverse(c.In[1], field)
		c.Out[0].Sub(c.In[0], c.Out[1])
		c.Out[0].Mul(c.Out[0], inverse)
	}},
}

// ratioLies solve equations that differ from the ratio's in one sign or place.
var ratioLies = []Lie{
	{"quotient by the negated term", func(_ *rand.Rand, c Call) {
		_ = circuits.Ratio(field, []*big.Int{c.In[0], new(big.Int).Neg(c.In[1]), c.In[2], c.In[3]}, c.Out)
	}},
	{"quotient by the term only", func(_ *rand.Rand, c Call) {
		_ = circuits.Ratio(field, []*big.Int{c.In[0], c.In[1], new(big.Int), one}, c.Out)
	}},
	{"product for quotient", func(_ *rand.Rand, c Call) { c.Out[0].Mul(c.In[0], c.In[1]) }},
}

// halvesLies keep the sum of low and high, as an element of the field.
var halvesLies = []Lie{
	{"the halves of v + r", func(r *rand.Rand, c Call) {
		again := new(big.Int).Add(c.In[0], field)
		c.Out[1].Rsh(again, circuits.ChallengeBits)
		c.Out[0].Sub(again, new(big.Int).Lsh(c.Out[1], circuits.ChallengeBits))
		c.Out[2].SetInt64(int64(r.Intn(2)))
	}},
	{"low lent to high", func(_ *rand.Rand, c Call) {
		c.Out[0].Sub(c.Out[0], new(big.Int).Lsh(one, circuits.ChallengeBits))
		add(c, 1, 1)
	}},
	{"low borrowed from high", func(_ *rand.Rand, c Call) {
		c.Out[0].Add(c.Out[0], new(big.Int).Lsh(one, circuits.ChallengeBits))
		add(c, 1, -1)
	}},
	{"low one less, high to match", func(_ *rand.Rand, c Call) {
		add(c, 0, -1)
		base := new(big.Int).Lsh(one, circuits.ChallengeBits)
		c.Out[1].Add(c.Out[1], base.ModInverse(base, field))
	}},
	{"the borrow turned about", func(_ *rand.Rand, c Call) { c.Out[2].Sub(one, c.Out[2]) }},
}

// countLies keep the number of queries.
var countLies = []Lie{
	{"a count moved", func(r *rand.Rand, c Call) {
		add(c, c.I, 1)
		add(c, r.Intn(len(c.Out)), -1)
	}},
	{"counts permuted", func(r *rand.Rand, c Call) {
		for i := range c.Out {
			swap(c, i, i+r.Intn(len(c.Out)-i))
		}
	}},
	{"counts turned about", func(_ *rand.Rand, c Call) {
		for i := range len(c.Out) / 2 {
			swap(c, i, len(c.Out)-1-i)
		}
	}},
}

// fractionLies keep the sum of the fractions, which the identity reads.
var fractionLies = []Lie{
	{"a fraction moved", func(r *rand.Rand, c Call) {
		add(c, c.I, 1)
		add(c, r.Intn(len(c.Out)), -1)
	}},
	{"all fractions in one", func(r *rand.Rand, c Call) {
		sum := new(big.Int)
		for _, o := range c.Out {
			sum.Add(sum, o)
			o.SetUint64(0)
		}
		c.Out[r.Intn(len(c.Out))].Set(sum)
	}},
	{"fractions turned about", func(_ *rand.Rand, c Call) {
		for i := range len(c.Out) / 2 {
			swap(c, i, len(c.Out)-1-i)
		}
	}},
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

// lendSlot does the same with a slot of Slots.
func lendSlot(c Call, by int64) {
	if c.I == len(c.Out)-1 {
		return
	}
	add(c, c.I+1, -by)
	c.Out[c.I].Add(c.Out[c.I], new(big.Int).Lsh(big.NewInt(by), uint(c.In[2+2*c.I].Uint64())))
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
