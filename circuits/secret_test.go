package circuits_test

import (
	"fmt"
	"testing"

	"github.com/zkml-go/zkml/circuits"
	"github.com/zkml-go/zkml/gate"
	"github.com/zkml-go/zkml/testkit/circuittest"
)

// TestSecretWeightsDoNotChooseGates: secret layers of one shape have one number
// of gates, whatever their weights; a weight of one or zero could save some.
func TestSecretWeightsDoNotChooseGates(t *testing.T) {
	gates := func(weights ...int64) int {
		c := circuittest.CompileGates(t, len(weights), func(g gate.API, in []gate.Wire) {
			b := circuits.NewBuilder(g, 4, in[0])
			r := row(0, weights...)
			r.Lo, r.Hi, r.Window = -128, 127, circuits.Window{Base: -128, Bits: 8}
			b.CloseAll(b.Linear(b.Bound(in, circuits.Window{Bits: 3}), layer{r}, true))
			b.Finish()
		})
		return c.CS.GetNbConstraints()
	}
	for terms := 1; terms <= 3; terms++ {
		t.Run(fmt.Sprint(terms), func(t *testing.T) {
			weights := make([]int64, terms)
			for i := range weights {
				weights[i] = 5
			}
			want := gates(weights...)
			for _, w := range []int64{0, 1, -1, 2} {
				for i := range weights {
					weights[i] = w
				}
				if got := gates(weights...); got != want {
					t.Errorf("weights %d give %d gates, weights 5 give %d", w, got, want)
				}
			}
		})
	}
}
