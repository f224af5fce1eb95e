package circuits_test

import (
	"math/big"
	"testing"

	"github.com/zkml-go/zkml/circuits"
	"github.com/zkml-go/zkml/gate"
)

// TestBorrowIsABit: with a borrow that is any field element, the split of v + r
// would pass both comparisons: borrow·2^128 is then r's own high part, negated.
func TestBorrowIsABit(t *testing.T) {
	c := custom(t, 2, func(b *circuits.Builder, _ gate.API, in []gate.Wire) {
		b.Equal(b.LowBits(in[0])[0], in[1])
	})
	const shift = circuits.ChallengeBits
	high := new(big.Int).Rsh(field, shift)
	mask := new(big.Int).Sub(new(big.Int).Lsh(big.NewInt(1), shift), big.NewInt(1))
	for _, v := range []int64{0, 1, 5, 1 << 40} {
		again := plus(field, v)
		c.Admits([]any{v, v & 1})
		for _, borrow := range []*big.Int{new(big.Int).Sub(field, high), plus(new(big.Int).Sub(field, high), 1), high} {
			c.Refuses([]any{v, int64(again.Bit(0))}, set(circuits.Halves, 0,
				new(big.Int).And(again, mask), new(big.Int).Rsh(again, shift), borrow))
		}
	}
}
