package circuits

import (
	"math/big"

	"github.com/zkml-go/zkml/gate"
)

// Apply looks each wire up in a function's table: out = table[in−first]. key
// names the function; equal keys must mean equal tables.
//
// Soundness: the output is hinted and bound with the input by the lookup
// argument's tuple. Range: in is in the table afterwards, and out one of its
// values.
func (b *Builder) Apply(key string, first int64, table []int64, in []gate.Wire) []gate.Wire {
	inputs := []gate.Wire{big.NewInt(first), big.NewInt(int64(len(table)))}
	if !b.count { // what is only counted has no answers
		for _, v := range table {
			inputs = append(inputs, big.NewInt(v))
		}
	}
	out := b.g.Hint(Apply, len(in), append(inputs, in...)...)
	t := b.tables.Function(key, first, table)
	for i := range in {
		t.Map(in[i], out[i])
	}
	return out
}
