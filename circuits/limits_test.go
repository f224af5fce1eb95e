package circuits_test

import (
	"testing"

	"github.com/zkml-go/zkml/circuits"
	"github.com/zkml-go/zkml/testkit/circuittest"
	"github.com/zkml-go/zkml/visibility"
)

// TestCommittedOutputsKeepTheirFormat: secret weights may exceed the limit that
// their owner declares, as far as the windows reach. A commitment to such outputs
// would open to others too: here the first less 2^18, the second one more.
func TestCommittedOutputsKeepTheirFormat(t *testing.T) {
	const limit = 90_112 // the window ends at 172,031, the format at 131,071
	layer := func(weights ...int64) *circuits.Statement {
		rows := layer{row(0, weights...), row(0, 0, 2)}
		for i := range rows {
			rows[i].Lo, rows[i].Hi, rows[i].Window = -limit, limit, circuits.Cover(-limit, limit)
		}
		s := circuittest.Gadget{
			In: 2, Bits: 8, Digit: 6, Eval: func([]int64) []int64 { return make([]int64, 2) },
			Circuit: func(b *circuits.Builder, in []*circuits.Value) []*circuits.Value {
				return b.Linear(in, rows, true)
			},
		}.Statement()
		circuittest.Replan(s, func(p *visibility.Plan) {
			p.Private.Model, p.Reveal = true, visibility.Commitment
			p.Outputs[0].Bits, p.Outputs[0].Zero = 18, 1<<17
		})
		circuittest.Salt(s)
		return s
	}
	in := []int64{255, 245}
	if err := circuittest.Compile(t, layer(100, 100)).Solve(in, []int64{50_000, 490}); err != nil {
		t.Errorf("honest outputs: %v", err)
	}
	dishonest := circuittest.Compile(t, layer(300, 300))
	if dishonest.Solve(in, []int64{150_000 - 1<<18, 491}) == nil {
		t.Error("the commitment opens to outputs that are not the layer's")
	}
}
