package circuittest

import (
	"math/big"
	"math/rand"
)

// staircaseLies keep the place that the bits add up to, or a staircase, or neither.
var staircaseLies = []Lie{
	{"another step", func(r *rand.Rand, c Call) {
		n := r.Intn(len(c.Out) + 1)
		for k, o := range c.Out {
			o.SetUint64(0)
			if k < n {
				o.SetUint64(1)
			}
		}
	}},
	{"a step left out", func(_ *rand.Rand, c Call) { c.Out[c.I].Sub(one, c.Out[c.I]) }},
	{"a step lent to the next", func(_ *rand.Rand, c Call) { lendStep(c, 1) }},
	{"a step borrowed from the next", func(_ *rand.Rand, c Call) { lendStep(c, -1) }},
	{"all steps in one", func(r *rand.Rand, c Call) {
		at := r.Intn(len(c.Out))
		sum := new(big.Int)
		for k, o := range c.Out {
			sum.Add(sum, new(big.Int).Mul(o, rise(c, k)))
			o.SetUint64(0)
		}
		c.Out[at].Mul(sum, fall(c, at))
	}},
	{"a step twice", func(r *rand.Rand, c Call) { add(c, r.Intn(len(c.Out)), 1) }},
	{"steps turned about", func(_ *rand.Rand, c Call) {
		for i := range len(c.Out) / 2 {
			swap(c, i, len(c.Out)-1-i)
		}
	}},
}

// rise is by how much step k is higher than the one before.
func rise(c Call, k int) *big.Int {
	before := c.In[1]
	if k > 0 {
		before = c.In[3+k-1]
	}
	d := new(big.Int).Sub(c.In[3+k], before)
	return d.Mod(d, field)
}

// fall is the inverse of a step's rise, or 0 where it does not rise.
func fall(c Call, k int) *big.Int {
	d := rise(c, k)
	if d.Sign() == 0 {
		return d
	}
	return d.ModInverse(d, field)
}

// lendStep adds by to a step and takes as much from the next, so that the place below
// stays the same.
func lendStep(c Call, by int64) {
	if c.I+1 >= len(c.Out) {
		return
	}
	ratio := new(big.Int).Mul(rise(c, c.I), fall(c, c.I+1))
	add(c, c.I, by)
	c.Out[c.I+1].Sub(c.Out[c.I+1], ratio.Mul(ratio, big.NewInt(by)))
}

var distanceLies = []Lie{
	{"the distances exchanged", func(_ *rand.Rand, c Call) { swap(c, 0, 1) }},
	{"nearer below, farther above", func(_ *rand.Rand, c Call) { add(c, 0, -1); add(c, 1, 1) }},
	{"a distance of nothing", func(_ *rand.Rand, c Call) { c.Out[c.I].SetUint64(0) }},
}
