package circuittest

import (
	"math/big"
	"math/rand"

	"github.com/zkml-go/zkml/circuits"
)

// orderLies keep places with a single one each, or the sums of what stands there.
var orderLies = []Lie{
	{"two places exchanged", func(r *rand.Rand, c Call) {
		n := len(c.In) - 1
		a, b := r.Intn(len(c.Out)/n), r.Intn(len(c.Out)/n)
		for j := range n {
			swap(c, a*n+j, b*n+j)
		}
	}},
	{"another element in a place", func(r *rand.Rand, c Call) { elsewhere(c, r.Intn(len(c.In)-1)) }},
	{"an element in two places", func(_ *rand.Rand, c Call) {
		n := len(c.In) - 1
		from, to := c.I/n, (c.I/n+1)%(len(c.Out)/n)
		for j := range n {
			c.Out[to*n+j].Set(c.Out[from*n+j])
		}
	}},
	{"an element shared by two others", func(r *rand.Rand, c Call) {
		n := len(c.In) - 1
		row, a, b := c.Out[c.I/n*n:c.I/n*n+n], r.Intn(n), r.Intn(n)
		sum := new(big.Int)
		for j, e := range row {
			sum.Add(sum, new(big.Int).Mul(e, c.In[1+j]))
			e.SetUint64(0)
		}
		d := new(big.Int).Sub(c.In[1+a], c.In[1+b]) // x·y_a + (1 − x)·y_b is the sum
		if d.ModInverse(d.Mod(d, field), field) == nil {
			row[a].SetUint64(1)
			return
		}
		x := sum.Sub(sum, c.In[1+b])
		x.Mod(x.Mul(x, d), field)
		row[a].Set(x)
		row[b].Mod(x.Sub(one, x), field)
	}},
	{"the next one in the last place", func(_ *rand.Rand, c Call) {
		n := len(c.In) - 1
		if k := len(c.Out) / n; k < n { // as if the last place were that of one more
			all := make([]*big.Int, (k+1)*n)
			for i := range all {
				all[i] = new(big.Int)
			}
			_ = circuits.Order(field, c.In, all) // which never fails
			for j := range n {
				c.Out[(k-1)*n+j].Set(all[k*n+j])
			}
		}
	}},
}

// elsewhere puts an element in the place of output I.
func elsewhere(c Call, element int) {
	n := len(c.In) - 1
	for j, e := range c.Out[c.I/n*n : c.I/n*n+n] {
		e.SetUint64(0)
		if j == element {
			e.SetUint64(1)
		}
	}
}
