package calldata_test

import (
	"testing"

	"github.com/zkml-go/zkml/chain/calldata"
)

// FuzzNew parses signatures and values, and packs what fits.
func FuzzNew(f *testing.F) {
	f.Add("verify(bytes input, int256[] output, uint256 context, bytes proof)", "x", "1")
	f.Add("enter((uint8 a, string[] b)[2] x, bytes proof)", "x", `[{"b": ["one"], "a": 1}, [2, []]]`)
	f.Add("enter(address,bytes,int256[],uint256,bytes)", "0", "0x00000000000000000000000000000000000000AA")
	f.Add("enter(int24 score, bytes32 context)", "score", "@output")
	f.Fuzz(func(t *testing.T, signature, name, text string) {
		m, err := calldata.Parse(signature)
		if err != nil {
			return
		}
		call, err := calldata.New(m, offered, []calldata.Given{{Name: name, Text: text}})
		if err != nil {
			return
		}
		values, err := m.Inputs.Unpack(call.Data[4:])
		if err != nil {
			t.Fatalf("%s: %v", signature, err)
		}
		if again, err := m.Inputs.Pack(values...); err != nil || string(again) != string(call.Data[4:]) {
			t.Errorf("%s: %x, then %x, %v", signature, call.Data, again, err)
		}
		_, _ = call.Cast()
	})
}
