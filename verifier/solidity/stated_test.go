package solidity_test

import (
	"fmt"
	"math/big"
	"reflect"
	"slices"
	"testing"

	"github.com/ethereum/go-ethereum/accounts/abi"
	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/core/types"

	"github.com/zkml-go/zkml/chain/evm"
	"github.com/zkml-go/zkml/visibility"
)

// worlds are all layouts on a chain.
func worlds(t *testing.T) []*world { return []*world{onChain(t), severalOnChain(t)} }

// TestStatedFormats holds what wrappers say of their ports against the key's layout, digit
// by digit.
func TestStatedFormats(t *testing.T) {
	for _, w := range worlds(t) {
		for _, d := range w.list {
			t.Run(d.Name, func(t *testing.T) {
				w.says(t, d, "BATCH", d.Layout.Batch)
				w.says(t, d, "ZKML_VERSION", "0.0.0-test")
				for count, ports := range map[string][]*visibility.Port{
					"INPUTS": d.Layout.Inputs(), "OUTPUTS": d.Layout.Outputs(),
				} {
					w.says(t, d, count, len(ports))
					format := map[string]string{"INPUTS": "inputFormat", "OUTPUTS": "outputFormat"}[count]
					for i, p := range ports {
						w.format(t, d, format, i, p)
					}
					_, err := w.chain.Call(d.wrapper, format, big.NewInt(int64(len(ports))))
					if revert, ok := err.(*evm.RevertError); !ok || !revert.Named(d.wrapper.ABI, "NoSuchPort") {
						t.Errorf("%s of a port too many: %v", format, err)
					}
				}
			})
		}
	}
}

// says asks a function without arguments.
func (w *world) says(t *testing.T, d *deployed, function string, want any) {
	t.Helper()
	if got, err := w.chain.Call(d.wrapper, function); err != nil || fmt.Sprint(got[0]) != fmt.Sprint(want) {
		t.Errorf("%s is %v, %v; want %v", function, got, err, want)
	}
}

func (w *world) format(t *testing.T, d *deployed, function string, index int, p *visibility.Port) {
	t.Helper()
	got, err := w.chain.Call(d.wrapper, function, big.NewInt(int64(index)))
	if err != nil {
		t.Fatal(err)
	}
	f := got[0].(struct {
		Count    uint32 `json:"count"`
		Bits     uint8  `json:"bits"`
		Zero     int64  `json:"zero"`
		Mantissa uint64 `json:"mantissa"`
		Exponent int16  `json:"exponent"`
		Classes  uint32 `json:"classes"`
	})
	if int(f.Count) != p.Count() || int(f.Bits) != p.Bits || f.Zero != p.Zero || int64(f.Classes) != p.ClassCount {
		t.Errorf("%s is %+v, not the format of %s", function, f, p.Format())
	}
	scale := new(big.Float).SetMantExp(new(big.Float).SetUint64(f.Mantissa), int(f.Exponent))
	if f.Mantissa%2 != 1 || scale.Cmp(big.NewFloat(p.Scale)) != 0 {
		t.Errorf("%s has the scale %d·2^%d, the layout %g", function, f.Mantissa, f.Exponent, p.Scale)
	}
}

// shapes are those of the layouts on the chain that have one of the four.
var shapes = map[string]uint8{
	"input 1 bit, scores, 14": 0, "input 4 bits signed, scores, 23": 0, "input 8 bits, class, 27": 0,
	"input 24 bits, three classes, 7": 0, "input 31 bits, class, 5": 0,
	"private input, class, 2": 1, "unsafe": 1,
	"input 3 bits, class, context, 12":   2,
	"private input, scores, context, 12": 3, "one commitment to both, one output": 3,
}

// TestStatedShapes compares shapes and interfaces with the list and with the compiler's ABI.
func TestStatedShapes(t *testing.T) {
	calls := []string{"verify(bytes,int256[],bytes)", "verify(bytes32,int256[],bytes)",
		"verify(bytes,int256[],uint256,bytes)", "verify(bytes32,int256[],uint256,bytes)"}
	found := 0
	for _, w := range worlds(t) {
		for _, d := range w.list {
			t.Run(d.Name, func(t *testing.T) {
				shape, one := shapes[d.Name]
				if !one {
					shape = 4
				}
				found += map[bool]int{true: 1}[one]
				w.says(t, d, "SHAPE", shape)
				verify := d.wrapper.ABI.Methods["verify"]
				if one && verify.Sig != calls[shape] {
					t.Errorf("shape %d with %s", shape, verify.Sig)
				}
				var wrapper, all [4]byte
				for name, m := range d.wrapper.ABI.Methods {
					xor(all[:], m.ID)
					if !slices.Contains([]string{"supportsInterface", "verify", "verifyOrRevert", "verifier"}, name) {
						xor(wrapper[:], m.ID)
					}
				}
				for id, want := range map[[4]byte]bool{
					{0x01, 0xff, 0xc9, 0xa7}: true, [4]byte(verify.ID): true, wrapper: true, all: true,
					{0xff, 0xff, 0xff, 0xff}: false, {}: false,
				} {
					got, err := w.chain.Call(d.wrapper, "supportsInterface", id)
					if err != nil || got[0].(bool) != want {
						t.Errorf("supportsInterface(%x) is %v, %v", id, got, err)
					}
				}
			})
		}
	}
	if found != len(shapes) {
		t.Errorf("%d of %d layouts with a shape were found", found, len(shapes))
	}
}

func xor(sum, id []byte) {
	for i := range sum {
		sum[i] ^= id[i]
	}
}

// TestFormatFile: the package of contracts has the very file that exports have.
func TestFormatFile(t *testing.T) {
	ours := read(t, "..", "..", "contracts", "src", "libraries", "InferenceFormat.sol")
	if ours != read(t, "templates", "format.sol.tmpl") {
		t.Error("contracts/src/libraries/InferenceFormat.sol is not templates/format.sol.tmpl: copy it")
	}
}

// told compares the event of the example with the arguments of the call, by name: what is
// shown is there, public inputs and who was trusted are not.
func told(t *testing.T, c evm.Contract, log *types.Log, sender common.Address, args []any) {
	t.Helper()
	event := c.ABI.Events["Accepted"]
	if log.Topics[0] != event.ID || common.BytesToAddress(log.Topics[1][:]) != sender {
		t.Errorf("the event is %v", log)
	}
	values, err := event.Inputs.Unpack(log.Data)
	if err != nil {
		t.Fatal(err)
	}
	got, want := named(event.Inputs.NonIndexed(), values), named(c.ABI.Methods["submit"].Inputs, args)
	delete(want, "proof")
	delete(want, "modelCommitment")
	for name, v := range want {
		switch v.(type) {
		case []byte, [2]*big.Int:
			delete(want, name)
		}
	}
	if class, ok := got["class"]; ok {
		got["output"] = []any{class}
		delete(got, "class")
	}
	if fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("the event has %v, want %v", got, want)
	}
}

// named lists values by name, and a struct's fields in its place.
func named(list abi.Arguments, values []any) map[string]any {
	out := map[string]any{}
	for i, a := range list {
		if a.Type.T != abi.TupleTy {
			out[a.Name] = values[i]
			continue
		}
		for k, name := range a.Type.TupleRawNames {
			out[name] = reflect.ValueOf(values[i]).Field(k).Interface()
		}
	}
	return out
}
