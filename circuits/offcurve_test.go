package circuits_test

import (
	"math/big"
	"slices"
	"testing"

	"github.com/consensys/gnark-crypto/ecc/bn254/twistededwards"

	"github.com/zkml-go/zkml/circuits"
	"github.com/zkml-go/zkml/gate"
)

// TestPointsOffTheCurve: coordinates that are no point's are refused where a
// point enters, although they could be added and doubled: what the formulas give
// there means nothing.
func TestPointsOffTheCurve(t *testing.T) {
	c := custom(t, 4, func(b *circuits.Builder, _ gate.API, in []gate.Wire) {
		b.AddAndDouble([2]gate.Wire(in[:2]), [2]gate.Wire(in[2:]))
	})
	base := pointOf(twistededwards.GetEdwardsCurve().Base)
	good := []any{base.X, base.Y}
	c.Admits(append(slices.Clone(good), good...))
	c.Admits([]any{0, 1, 0, -1})
	for _, bad := range [][]any{
		{0, 0}, {1, 1}, {2, 3}, {0, 2}, {base.Y, base.X}, {plus(base.X, 1), base.Y}, {base.X, plus(base.Y, -1)},
		{new(big.Int).Lsh(base.X, 1), base.Y},
	} {
		c.Refuses(append(slices.Clone(bad), good...))
		c.Refuses(append(slices.Clone(good), bad...))
	}
}
