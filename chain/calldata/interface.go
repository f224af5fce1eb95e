package calldata

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/ethereum/go-ethereum/accounts/abi"
)

// Interface is a contract's ABI, and Method one of its methods.
type (
	Interface = abi.ABI
	Method    = abi.Method
)

// ReadInterface reads an ABI: a list, or the field abi of an object, as compilers write it.
func ReadInterface(text []byte) (Interface, error) {
	var object struct {
		ABI json.RawMessage `json:"abi"`
	}
	if bytes.HasPrefix(bytes.TrimSpace(text), []byte("{")) {
		if err := json.Unmarshal(text, &object); err != nil || object.ABI == nil {
			return Interface{}, errors.New("it is an object without a field abi: give an ABI, or the file that " +
				"forge or Hardhat wrote for the contract")
		}
		text = object.ABI
	}
	if err := checkInterface(text); err != nil {
		return Interface{}, fmt.Errorf("it is no ABI: %w", err)
	}
	contract, err := abi.JSON(bytes.NewReader(text))
	if err != nil {
		return Interface{}, fmt.Errorf("it is no ABI: %w", err)
	}
	return contract, nil
}
