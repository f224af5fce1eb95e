package circuits_test

import (
	"encoding/json"
	"math/big"
	"os"
	"testing"

	"github.com/zkml-go/zkml/circuits"
)

// TestVectors holds hashes against the committed known answers: what was committed to or
// signed once stays so.
func TestVectors(t *testing.T) {
	text, err := os.ReadFile("../docs/vectors.json")
	if err != nil {
		t.Fatal(err)
	}
	type tensor struct{ Words []string }
	var v struct {
		Hashes []struct {
			Domain   string
			Elements []string
			Hash     string
		}
		Commitments []struct {
			Domain, Salt, Commitment string
			Words                    []string
			Tensors                  []tensor
		}
		Messages []struct {
			Tensor          tensor
			Domain, Message string
		}
		Challenge struct {
			R, Key             [2]string
			Message, Challenge string
		}
	}
	if err := json.Unmarshal(text, &v); err != nil {
		t.Fatal(err)
	}
	same := func(what string, got *big.Int, want string) {
		t.Helper()
		if got.Cmp(number(t, want)) != 0 {
			t.Errorf("%s: %x, want %s", what, got, want)
		}
	}
	for _, h := range v.Hashes {
		same(h.Domain, circuits.Hash(circuits.Domain(h.Domain), numbersOf(t, h.Elements)), h.Hash)
	}
	for _, c := range v.Commitments {
		words := c.Words
		for _, x := range c.Tensors {
			words = append(words, x.Words...)
		}
		same(c.Domain, circuits.Commit(circuits.Domain(c.Domain), number(t, c.Salt), numbersOf(t, words)), c.Commitment)
	}
	for _, m := range v.Messages {
		same(m.Domain, circuits.Hash(circuits.Domain(m.Domain), numbersOf(t, m.Tensor.Words)), m.Message)
	}
	c := v.Challenge
	point := func(p [2]string) circuits.Point { return circuits.Point{X: number(t, p[0]), Y: number(t, p[1])} }
	same("challenge", circuits.Challenge(point(c.R), point(c.Key), number(t, c.Message)), c.Challenge)
	if len(v.Hashes) == 0 || len(v.Commitments) == 0 || len(v.Messages) == 0 {
		t.Error("there are no vectors")
	}
}

func number(t *testing.T, text string) *big.Int {
	t.Helper()
	v, ok := new(big.Int).SetString(text, 0)
	if !ok {
		t.Fatalf("%q is no number", text)
	}
	return v
}

func numbersOf(t *testing.T, list []string) []*big.Int {
	t.Helper()
	out := make([]*big.Int, len(list))
	for i, text := range list {
		out[i] = number(t, text)
	}
	return out
}
