package solidity

import (
	"encoding/binary"
	"strings"
	"testing"

	"github.com/ethereum/go-ethereum/crypto"

	"github.com/zkml-go/zkml/visibility"
)

// TestSelectors holds the table against go-ethereum's hash, and against every
// signature that a layout can ask for, whose types the TypeScript client knows too.
func TestSelectors(t *testing.T) {
	for signature, got := range selectors {
		if want := binary.BigEndian.Uint32(crypto.Keccak256([]byte(signature))); got != want {
			t.Errorf("%s: %#x, want %#x", signature, got, want)
		}
	}
	for _, private := range []bool{false, true} {
		for _, reveal := range []visibility.Reveal{visibility.Scores, visibility.Class, visibility.Commitment} {
			for at := range 4 {
				tensor := visibility.Tensor{Name: "x", Shape: []int{1}, Bits: 8, Scale: 1, Classes: reveal == visibility.Class}
				for _, bind := range []visibility.Bind{visibility.BindKey, visibility.BindHash} {
					plan := visibility.Plan{
						Private: visibility.Private{Input: private, Model: true}, Reveal: reveal, Context: at%2 == 1, Bind: bind,
						Inputs: []visibility.Tensor{tensor}, Outputs: []visibility.Tensor{tensor},
					}
					if at >= 2 {
						plan.SignedBy = visibility.EdDSA
					}
					l, err := plan.Layout()
					if err != nil {
						t.Fatal(err)
					}
					inTable(t, l)
				}
			}
		}
	}
}

// inTable tells whether the table has the calls of a layout.
func inTable(t *testing.T, l visibility.Layout) {
	t.Helper()
	var types []string
	for _, p := range parameters(l) {
		types = append(types, p.Type)
		if inTypeScript[p.Type].read == nil {
			t.Errorf("%s is no type of the TypeScript client", p.Type)
		}
	}
	for _, m := range []Method{MethodVerify, MethodVerifyOrRevert} {
		if _, ok := selectors[string(m)+"("+strings.Join(types, ",")+")"]; !ok {
			t.Errorf("%s(%s) is not in the table", m, types)
		}
	}
}
