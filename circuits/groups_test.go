package circuits_test

import (
	"fmt"
	"math/rand"
	"testing"

	"github.com/zkml-go/zkml/circuits"
	"github.com/zkml-go/zkml/testkit/circuittest"
)

// TestLyingGroups tells lies about weights that are checked in groups, which
// layers of many weights of few bits are: each weight of a group, out of its
// format on either side, far off, and lent to the next one of the group.
func TestLyingGroups(t *testing.T) {
	f := circuits.WeightFormat{Weight: 2, Bias: 6}
	r := rand.New(rand.NewSource(6))
	honest := randomLayer(r, 24, 40, f)
	s := circuittest.Compile(t, honest.statement(3))
	in := randomInput(r, 40)
	if err := liar(t, s, honest.statement(3), nil, in, honest.eval(in)); err != nil {
		t.Fatal(err)
	}
	const half = 1 << 1
	for i := range 6 {
		for name, change := range map[string]func(w [][]int64){
			"above":   func(w [][]int64) { w[i][5] = half },
			"below":   func(w [][]int64) { w[i][5] = -half - 1 },
			"far off": func(w [][]int64) { w[i][5] += 1 << 40 },
			"lent":    func(w [][]int64) { w[i][5] += 2 * half; w[i+1][5]-- },
		} {
			t.Run(fmt.Sprint(i, " ", name), func(t *testing.T) {
				lie := honest.clone()
				change(lie.weights)
				if liar(t, s, lie.statement(3), nil, in, lie.eval(in)) == nil {
					t.Error("weights outside their format are admitted")
				}
			})
		}
	}
}
