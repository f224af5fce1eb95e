package chain

import (
	"context"
	"errors"
	"fmt"
	"math/big"
	"reflect"
	"strings"

	"github.com/ethereum/go-ethereum"
	"github.com/ethereum/go-ethereum/accounts/abi"
	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/core/types"
)

// Revert is the reason that a contract gave when it reverted.
type Revert struct {
	// Name is that of the custom error, or empty if none is known with this selector.
	Name string
	// Text is the revert in words.
	Text string
}

func (r *Revert) Error() string { return "the contract reverted: " + r.Text }

// reverted turns a node's error into a *Revert if the contract reverted.
func reverted(err error, known []abi.ABI) error {
	var said interface{ ErrorData() any }
	if errors.As(err, &said) {
		if text, ok := said.ErrorData().(string); ok {
			return decode(common.FromHex(text), known)
		}
	}
	if strings.Contains(err.Error(), "execution reverted") {
		return decode(nil, known)
	}
	return anonymous(err)
}

// decode reads revert data: a custom error of a known contract, Error(string),
// Panic(uint256), or the bytes themselves.
func decode(data []byte, known []abi.ABI) *Revert {
	if len(data) == 0 {
		return &Revert{Text: "it gave no reason; is there a contract with this method at the address?"}
	}
	if len(data) >= 4 {
		for _, contract := range known {
			if e, err := contract.ErrorByID([4]byte(data)); err == nil {
				return &Revert{e.Name, short(described(e.Name, e.Inputs, data[4:]))}
			}
		}
	}
	if reason, err := abi.UnpackRevert(data); err == nil {
		return &Revert{Text: short(printable(reason))}
	}
	return &Revert{Text: fmt.Sprintf("with an unknown error: %#x", data[:min(len(data), 68)])}
}

// described writes an error or event with its arguments.
func described(name string, inputs abi.Arguments, data []byte) string {
	values, err := inputs.Unpack(data)
	if err != nil {
		return name
	}
	parts := make([]string, len(values))
	for i, v := range values {
		parts[i] = fmt.Sprintf("%s = %s", inputs[i].Name, shown(v))
	}
	return name + "(" + strings.Join(parts, ", ") + ")"
}

// shown formats a Solidity value for people.
func shown(v any) string {
	switch v := v.(type) {
	case *big.Int, bool, common.Address:
		return fmt.Sprint(v)
	case string:
		return printable(v)
	case []byte:
		return fmt.Sprintf("%#x", v)
	case [32]byte:
		return fmt.Sprintf("%#x", v)
	}
	if s := reflect.ValueOf(v); s.Kind() == reflect.Struct {
		fields := make([]string, s.NumField())
		for i := range fields {
			fields[i] = printable(s.Type().Field(i).Tag.Get("json")) + " = " + shown(s.Field(i).Interface())
		}
		return "{" + strings.Join(fields, ", ") + "}"
	}
	return printable(fmt.Sprint(v))
}

// Call runs a method of a contract without a transaction, as the signer if there
// is one. The error is a *Revert if the contract reverted.
func (n *Node) Call(ctx context.Context, from, to common.Address, data []byte, known ...abi.ABI) ([]byte, error) {
	raw, err := n.Client.CallContract(ctx, ethereum.CallMsg{From: from, To: &to, Data: data}, nil)
	if err != nil {
		return nil, fmt.Errorf("call: %w", reverted(err, known))
	}
	return raw, nil
}

// Events writes the events of a receipt that a known contract declares, in order.
func Events(r *types.Receipt, known ...abi.ABI) []string {
	list := []string{}
	for _, l := range r.Logs {
		for _, contract := range known {
			if text, ok := event(contract, l); ok {
				list = append(list, text)
				break
			}
		}
	}
	return list
}

// event decodes one log: indexed arguments are in its topics, the others in its data.
func event(contract abi.ABI, l *types.Log) (string, bool) {
	if len(l.Topics) == 0 {
		return "", false
	}
	e, err := contract.EventByID(l.Topics[0])
	if err != nil {
		return "", false
	}
	values := map[string]any{}
	indexed := abi.Arguments{}
	for _, in := range e.Inputs {
		if in.Indexed {
			indexed = append(indexed, in)
		}
	}
	if abi.ParseTopicsIntoMap(values, indexed, l.Topics[1:]) != nil || e.Inputs.UnpackIntoMap(values, l.Data) != nil {
		return e.Name, true
	}
	var parts []string
	for _, in := range e.Inputs {
		parts = append(parts, fmt.Sprintf("%s = %s", in.Name, shown(values[in.Name])))
	}
	return e.Name + "(" + strings.Join(parts, ", ") + ")", true
}
