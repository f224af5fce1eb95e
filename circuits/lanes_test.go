package circuits_test

import (
	"fmt"
	"testing"

	"github.com/zkml-go/zkml/circuits"
)

// TestLanesDoNotOverlap: no two models whose weights keep their format have one
// commitment. What would cancel where lanes overlap is a power of two in one
// parameter against minus one in another, over all pairs of them; the layer has
// more columns than fit between two weights of one, whatever the stride.
func TestLanesDoNotOverlap(t *testing.T) {
	const rows, columns, bits = 2, 16, 4
	seen := map[string]string{}
	model := func(name string, set func(parameter func(i int) *int64)) {
		l := secretLayer{format: circuits.WeightFormat{Weight: bits, Bias: bits}, biases: make([]int64, rows)}
		for range rows {
			l.weights = append(l.weights, make([]int64, columns))
		}
		set(func(i int) *int64 {
			if i < rows {
				return &l.biases[i]
			}
			i -= rows
			return &l.weights[i/columns][i%columns]
		})
		c, err := l.statement(1).ModelCommitment()
		if err != nil {
			t.Fatal(err)
		}
		if other, ok := seen[c.String()]; ok {
			t.Errorf("%s and %s have one commitment", name, other)
		}
		seen[c.String()] = name
	}
	model("zero", func(func(int) *int64) {})
	const parameters = rows + rows*columns
	for i := range parameters {
		for j := range parameters {
			for k := 0; i != j && k < bits-1; k++ {
				model(fmt.Sprintf("parameter %d is %d, %d is −1", i, 1<<k, j), func(parameter func(int) *int64) {
					*parameter(i), *parameter(j) = 1<<k, -1
				})
			}
		}
	}
}
