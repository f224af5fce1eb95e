package solidity

import (
	"encoding/binary"
	"testing"

	"github.com/ethereum/go-ethereum/crypto"

	"github.com/zkml-go/zkml/visibility"
)

// TestSelectors holds signatures and their hashes against what Solidity and go-ethereum
// make of them.
func TestSelectors(t *testing.T) {
	tensor := visibility.Tensor{Name: "x", Shape: []int{1}, Bits: 8, Scale: 1}
	other := tensor
	other.Name = "y"
	for _, c := range []struct {
		plan visibility.Plan
		want string
	}{
		{visibility.Plan{Reveal: visibility.Scores, Inputs: []visibility.Tensor{tensor},
			Outputs: []visibility.Tensor{tensor}},
			"verify(bytes,int256[],bytes)"},
		{visibility.Plan{Private: visibility.Private{Input: true, Model: true}, Bind: visibility.BindHash,
			Reveal: visibility.Commitment, Context: true, SignedBy: visibility.EdDSA,
			Inputs: []visibility.Tensor{tensor}, Outputs: []visibility.Tensor{tensor}},
			"verify(bytes32,bytes32,uint256,bytes32,uint256[2],bytes)"},
		{visibility.Plan{Private: visibility.Private{Input: true}, Reveal: visibility.Scores, Context: true,
			Inputs: []visibility.Tensor{tensor, other}, Outputs: []visibility.Tensor{tensor}},
			"verify(bytes32,int256[],uint256,bytes)"},
		{visibility.Plan{Reveal: visibility.Scores, Context: true,
			Inputs: []visibility.Tensor{tensor}, Outputs: []visibility.Tensor{tensor, other}},
			"verify((bytes,int256[],int256[],uint256),bytes)"},
	} {
		l, err := c.plan.Layout()
		if err != nil {
			t.Fatal(err)
		}
		list := parameters("Net", l)
		want := binary.BigEndian.Uint32(crypto.Keccak256([]byte(c.want)))
		if got := selector("verify", list); got != want {
			t.Errorf("%s: %#x, want %#x", c.want, got, want)
		}
		for _, a := range claimArguments(l) {
			if inTypeScript[a.Type].read == nil {
				t.Errorf("%s is no type of the TypeScript client", a.Type)
			}
		}
	}
}
