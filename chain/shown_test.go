package chain

import (
	"errors"
	"math/big"
	"strings"
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

// TestLongReasons: what a node or a contract says is cut, whoever says it.
func TestLongReasons(t *testing.T) {
	long := strings.Repeat("é", 1_000_000)
	text, err := abi.NewType("string", "", nil)
	if err != nil {
		t.Fatal(err)
	}
	list := abi.Arguments{{Name: "why", Type: text}}
	data, err := list.Pack(long)
	if err != nil {
		t.Fatal(err)
	}
	own := abi.NewError("Long", list)
	known := []abi.ABI{{Errors: map[string]abi.Error{"Long": own}}}
	plain := abi.NewError("Error", list)
	for name, got := range map[string]error{
		"a reason": decode(append(plain.ID[:4:4], data...), known),
		"an error": decode(append(own.ID[:4:4], data...), known),
		"a node":   anonymous(errors.New(long)),
	} {
		if said := got.Error(); len(said) > 600 || !strings.HasSuffix(said, "é...") {
			t.Errorf("%s: %d bytes, %.80s", name, len(said), said)
		}
	}
}
