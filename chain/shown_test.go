package chain

import (
	"math/big"
	"testing"

	"github.com/ethereum/go-ethereum/accounts/abi"
)

// TestShownStruct: the fields of a struct have their names, and words are hex.
func TestShownStruct(t *testing.T) {
	typ, err := abi.NewType("tuple", "", []abi.ArgumentMarshaling{
		{Name: "maskCommitment", Type: "bytes32"}, {Name: "scores", Type: "int256[]"},
		{Name: "labelClass", Type: "uint256"},
	})
	if err != nil {
		t.Fatal(err)
	}
	list := abi.Arguments{{Name: "shown", Type: typ}}
	data, err := list.Pack(struct {
		MaskCommitment [32]byte
		Scores         []*big.Int
		LabelClass     *big.Int
	}{[32]byte{31: 1}, []*big.Int{big.NewInt(-2), big.NewInt(3)}, big.NewInt(4)})
	if err != nil {
		t.Fatal(err)
	}
	values, err := list.Unpack(data)
	if err != nil {
		t.Fatal(err)
	}
	const want = "{maskCommitment = 0x0000000000000000000000000000000000000000000000000000000000000001, " +
		"scores = [-2 3], labelClass = 4}"
	if got := shown(values[0]); got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}
