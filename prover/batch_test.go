package prover_test

import (
	"context"
	"errors"
	"fmt"
	"math/big"
	"math/rand"
	"testing"

	"github.com/zkml-go/zkml/prover"
	"github.com/zkml-go/zkml/testkit/artifacttest"
	"github.com/zkml-go/zkml/verifier"
	"github.com/zkml-go/zkml/visibility"
)

// TestEveryScenarioProvesBatches proves three inputs with one proof, in every
// scenario and reveal mode, with and without a context.
func TestEveryScenarioProvesBatches(t *testing.T) {
	for i, private := range visibility.Scenarios {
		for j, reveal := range reveals {
			t.Run(fmt.Sprintf("private %s reveal %s", private, reveal), func(t *testing.T) {
				n := artifacttest.Small(private, reveal)
				n.Batch, n.Context = 3, (i+j)%2 == 1
				b, input, o := proves(t, n)
				if _, err := prover.Prove(context.Background(), b, [][]int64{input[:len(input)/3]}, o); err == nil {
					t.Error("one input was proved as three")
				}
			})
		}
	}
}

// TestExchangedItems refuses a proof whose public inputs name the outputs of a
// batch in another order.
func TestExchangedItems(t *testing.T) {
	n := artifacttest.Small(visibility.Private{}, visibility.Scores)
	n.Batch = 2
	b := n.Bundle(t, 1)
	res, err := prover.Prove(context.Background(), b, [][]int64{n.Input(rand.New(rand.NewSource(2)))},
		prover.ProveOptions{Options: unsafeSRS()})
	if err != nil {
		t.Fatal(err)
	}
	key := b.Key()
	words := res.Proof.PublicInputs
	for _, f := range key.Layout.Fields() {
		if f.Kind == "output" {
			for i := range f.Count / 2 {
				first, second := f.Start+i, f.Start+f.Count/2+i
				words[first], words[second] = words[second], words[first]
			}
		}
	}
	claim, err := key.Layout.Claim(numbers(words))
	if err != nil {
		t.Fatal(err)
	}
	res.Proof.Claim = verifier.InWords(key.Layout, claim)
	if _, err := verifier.Verify(key, res.Proof); !errors.Is(err, verifier.ErrRejected) {
		t.Errorf("got %v", err)
	}
}

func numbers(words []verifier.Word) []*big.Int {
	out := make([]*big.Int, len(words))
	for i, w := range words {
		out[i] = w.Int()
	}
	return out
}
