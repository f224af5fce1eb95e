package calldata_test

import (
	"strings"
	"testing"

	"github.com/zkml-go/zkml/chain/calldata"
	"github.com/zkml-go/zkml/verifier"
)

// TestTypesRefused: a type that Solidity does not have would call another method than the
// one that is meant, and one that fits in no memory is refused before anything is made.
func TestTypesRefused(t *testing.T) {
	deep := strings.Repeat("(", 100) + "bool" + strings.Repeat(")", 100)
	for typ, want := range map[string]string{
		"uint7": "no type", "uint0": "no type", "uint264": "no type", "uint08": "no type", "int2147483640": "no type",
		"bytes0": "no type", "bytes33": "no type", "fixed": "no type", "uint256[2x3]": "no type",
		"uint256[9223372036854775807]": "more values", "uint8[99999999999999999999]": "more values",
		"uint8[2000][2000]": "more values", "(uint8[2000] x)[2000]": "more values", deep: "nested too deep",
	} {
		if _, err := calldata.Parse("f(" + typ + " x)"); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%.40s: got %v, want %q", typ, err, want)
		}
	}
	for _, entry := range []string{
		`"name":"f'","inputs":[]`, `"name":"f","inputs":[{"name":"a b","type":"bool"}]`,
		`"name":"f","inputs":[{"name":"1","type":"bool"},{"name":"","type":"bool"}]`,
		`"name":"f","inputs":[{"name":"a","type":"uint256'$(reboot)'"}]`,
		`"name":"f","inputs":[],"outputs":[{"name":"a","type":"bool "}]`,
		`"name":"f","inputs":[{"name":"a","type":"tuple","components":[{"name":"b","type":"bool\u001b"}]}]`,
		`"name":"f","inputs":[{"name":"a","type":"tuple","components":[
			{"name":"b","type":"uint256[9223372036854775807]"}]}]`,
	} {
		if _, err := calldata.ReadInterface([]byte(`[{"type":"function",` + entry + `}]`)); err == nil {
			t.Errorf("%s was taken", entry)
		}
	}
	for _, a := range []verifier.Argument{
		{Name: "x'", Type: "string", Value: "1"}, {Name: "x", Type: "uint256'$(reboot)'", Value: "1"},
	} {
		if _, err := calldata.Like("f", []verifier.Argument{a}); err == nil {
			t.Errorf("%+v was taken", a)
		}
	}
	if _, err := calldata.Like("f'", nil); err == nil {
		t.Error("a method of another name than Solidity's was taken")
	}
}

// TestNothingIsSwapped: what is not clear is not filled.
func TestNothingIsSwapped(t *testing.T) {
	other := strings.Replace(word, "7", "8", 1)
	two := []verifier.Argument{
		{Name: "inputCommitment", Type: "bytes32", Value: word},
		{Name: "outputCommitment", Type: "bytes32", Value: other},
		{Name: "proof", Type: "bytes", Value: "0x01"},
	}
	for _, c := range []struct {
		name, signature, given, want string
	}{
		{"names of its own for two of a type", "f(bytes32 result, bytes32 data, bytes proof)", "",
			"argument result: the proof has no argument of this name"},
		{"one of the two", "f(bytes32 inputCommitment, bytes32 result, bytes proof)", "", ""},
		{"one of the two, in the other's place", "f(bytes32 result, bytes32 inputCommitment, bytes proof)", "",
			"argument result: the proof has no argument of this name"},
		{"no names", "f(bytes32, bytes32, bytes)", "", ""},
		{"an object for a struct without names", "f((uint8, uint8) x, bytes proof)", `{"y": 1, "x": 2}`,
			"write them as a list"},
		{"a list for a struct without names", "f((uint8, uint8) x, bytes proof)", `[1, 2]`, ""},
		{"a list too long", "f((uint8, uint8) x, bytes proof)", `[1, 2, 3]`, "struct of 2 fields"},
		{"a list for a struct without fields", "f(() x, bytes proof)", `[1]`, "struct of 0 fields"},
	} {
		m, err := calldata.Parse(c.signature)
		if err != nil {
			t.Fatal(err)
		}
		var given []calldata.Given
		if c.given != "" {
			given = []calldata.Given{{"x", c.given}}
		}
		_, err = calldata.New(m, two, given)
		if (err == nil) != (c.want == "") || err != nil && !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: got %v, want %q", c.name, err, c.want)
		}
	}
}
