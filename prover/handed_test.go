package prover_test

import (
	"context"
	"math/rand"
	"strings"
	"testing"

	"github.com/consensys/gnark-crypto/ecc/bn254/fr/fft"

	"github.com/zkml-go/zkml/artifact"
	"github.com/zkml-go/zkml/program"
	"github.com/zkml-go/zkml/prover"
	"github.com/zkml-go/zkml/testkit/artifacttest"
	"github.com/zkml-go/zkml/visibility"
)

// TestBundlesOfOthers: a bundle whose digests are all right, but whose parts are not of
// one model, gives an error before work that its key's rows do not pay for, and no
// proof.
func TestBundlesOfOthers(t *testing.T) {
	n := artifacttest.Small(visibility.Private{}, visibility.Class)
	wide := n
	wide.Hidden = 400
	big := wide.Contents(t, 1)
	rows := func(size uint64) func(*artifact.Contents) {
		return func(c *artifact.Contents) {
			vk := *c.VK
			domain := fft.NewDomain(size, fft.WithoutPrecompute())
			vk.Size, vk.SizeInv, vk.Generator = size, domain.CardinalityInv, domain.Generator
			c.VK = &vk
		}
	}
	for name, x := range map[string]struct {
		spoil func(*artifact.Contents)
		want  string
	}{
		"other weights": {func(c *artifact.Contents) { c.Program = n.Program(rand.New(rand.NewSource(2))) },
			"its key is not that of its program"},
		"other key": {func(c *artifact.Contents) { c.VK = n.Contents(t, 2).VK },
			"its key is not that of its program"},
		"more work":   {func(c *artifact.Contents) { c.Program = big.Program }, "the circuit more"},
		"fewer rows":  {rows(256), "the circuit more"},
		"more rows":   {rows(1 << 14), "the key has 16384 rows, the circuit"},
		"all rows":    {rows(1 << 28), "no SRS for a domain of 2^28"},
		"other digit": {func(c *artifact.Contents) { c.Digit = 21 }, "digits of 21 bits"},
		"other output": {func(c *artifact.Contents) { c.Program.Outputs = []int{3} },
			"its outputs have [4] elements, but the layout's have [1]"},
		"steps that overflow": {func(c *artifact.Contents) {
			l := c.Program.Steps[0].Kernel.(*program.Linear)
			r := l.Listed()
			r[0].Terms[0].W = 1 << 61
			l.SetRows(r)
		}, "fc1 (Gemm)"},
	} {
		t.Run(name, func(t *testing.T) {
			c := n.Contents(t, 1)
			x.spoil(c)
			b := artifacttest.Write(t, t.TempDir(), c)
			input := n.Input(rand.New(rand.NewSource(2)))
			_, err := prover.Prove(context.Background(), b, [][]int64{input}, prover.ProveOptions{Options: unsafeSRS()})
			if err == nil || !strings.Contains(err.Error(), x.want) {
				t.Errorf("got %v, want an error with %q", err, x.want)
			}
		})
	}
}
