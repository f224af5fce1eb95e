package calldata_test

import (
	"encoding/hex"
	"encoding/json"
	"math/big"
	"strings"
	"testing"

	"github.com/ethereum/go-ethereum/accounts/abi"
	"github.com/ethereum/go-ethereum/common"

	"github.com/zkml-go/zkml/chain/calldata"
	"github.com/zkml-go/zkml/verifier"
)

const word = "0x0000000000000000000000000000000000000000000000000000000000000007"

// offered is what the proof of a model with one input and one output has.
var offered = []verifier.Argument{
	{Name: "input", Type: "bytes", Value: "0x0102"},
	{Name: "output", Type: "int256[]", Value: []any{"-3"}},
	{Name: "context", Type: "uint256", Value: word},
	{Name: "proof", Type: "bytes", Value: "0xaabb"},
}

// several is what the proof of a model with several ports has.
var several = []verifier.Argument{
	{Name: "claim", Type: "tuple", Components: []verifier.Argument{
		{Name: "income", Type: "bytes", Value: "0x05"},
		{Name: "signer", Type: "uint256[2]", Value: []any{word, word}},
		{Name: "label", Type: "uint256", Value: "4"},
	}},
	{Name: "proof", Type: "bytes", Value: "0xaabb"},
}

// fillings are methods, with what fills them.
var fillings = []struct {
	name, signature string
	offered         []verifier.Argument
	given           []calldata.Given
	want, err       string
}{
	{"the wrapper's own", "verify(bytes input, int256[] output, uint256 context, bytes proof)", offered, nil,
		`[0x0102 [-3] 7 0xaabb]`, ""},
	{"another order, underscores", "enter(bytes _proof, int256[] output_, uint256 context)", offered, nil,
		`[0xaabb [-3] 7]`, ""},
	{"no names", "enter(bytes,int256[],uint256,bytes)", offered, nil, `[0x0102 [-3] 7 0xaabb]`, ""},
	{"no names, one more", "enter(address,bytes,int256[],uint256,bytes)", offered,
		[]calldata.Given{{"0", "0x00000000000000000000000000000000000000AA"}},
		`[0x00000000000000000000000000000000000000AA 0x0102 [-3] 7 0xaabb]`, ""},
	{"no names, one less", "enter(bytes,int256[],bytes)", offered, nil, "",
		"argument 2: it is bytes, and the proof's"},
	{"no names, none of the last", "enter(bytes,int256[],uint256)", offered, nil, "",
		"proof of the proof would not be among them"},
	{"names of its own, the wrapper's types", "enter(bytes data, int256[] scores, uint256 of, bytes proof)", offered,
		nil, `[0x0102 [-3] 7 0xaabb]`, ""},
	{"the wrapper's types in another order", "enter(bytes proof, int256[] output, uint256 context, bytes input)",
		offered, nil, `[0xaabb [-3] 7 0x0102]`, ""},
	{"the wrapper's types, a name in the wrong place",
		"enter(bytes proof, int256[] output, uint256 context, bytes data)", offered, nil, "",
		"argument data: the proof has no argument of this name"},
	{"some names", "enter(bytes, bytes proof, int256[] output, uint256)", offered, nil, `[0x0102 0xaabb [-3] 7]`, ""},
	{"one of a list", "enter(int256 output, bytes proof)", offered, nil, `[-3 0xaabb]`, ""},
	{"a word", "enter(bytes32 context, bytes proof)", offered, nil, `[` + word + ` 0xaabb]`, ""},
	{"another name", "enter(int8 score, bytes proof)", offered, []calldata.Given{{"score", "@output"}},
		`[-3 0xaabb]`, ""},
	{"a negative class", "enter(uint256 output, bytes proof)", offered, nil, "",
		"argument output: the number does not fit uint256"},
	{"what nobody has", "enter(uint256 amount, bytes proof)", offered, nil, "",
		"argument amount: the proof has no argument of this name"},
	{"what the caller has", "enter(uint256 amount, bytes proof)", offered,
		[]calldata.Given{{"amount", "1000000000000000000"}}, `[1000000000000000000 0xaabb]`, ""},
	{"lists and structs", "enter((uint8 a, string[] b)[2] x, bytes proof)", offered,
		[]calldata.Given{{"x", `[{"b": ["one", "t w o"], "a": 1}, [2, []]]`}},
		`[[(1,[one,"t w o"]),(2,[])] 0xaabb]`, ""},
	{"too much", "enter(bytes proof)", offered, []calldata.Given{{"amount", "1"}}, "", "it has no argument amount"},
	{"twice", "enter(bytes proof)", offered, []calldata.Given{{"proof", "0x"}, {"proof", "0x"}}, "", "given twice"},
	{"no such", "enter(bytes p)", offered, []calldata.Given{{"p", "@nobody"}}, "", "the proof has no nobody"},
	{"nothing of the proof", "enter(uint256 amount)", offered, []calldata.Given{{"amount", "1"}}, "",
		"it takes nothing of the proof"},
	{"a struct", "verify((bytes income, uint256[2] signer, uint256 label) claim, bytes proof)", several, nil,
		`[(0x05,[7,7],4) 0xaabb]`, ""},
	{"a struct of another name and order",
		"enter((uint256 label, bytes32[2] signer, bytes income) c, bytes proof)", several, nil,
		`[(4,[` + word + `,` + word + `],0x05) 0xaabb]`, ""},
	{"a struct without names", "enter((bytes,uint256[2],uint256),bytes)", several, nil,
		`[(0x05,[7,7],4) 0xaabb]`, ""},
	{"its fields one by one", "enter(bytes proof, uint256 label, bytes income)", several, nil,
		`[0xaabb 4 0x05]`, ""},
	{"a struct too small", "enter((bytes income) claim, bytes proof)", several, nil, "",
		"argument claim: it is a struct of 1 fields"},
}

// TestNew fills methods, and compares with what the ABI's decoder reads back.
func TestNew(t *testing.T) {
	for _, c := range fillings {
		t.Run(c.name, func(t *testing.T) {
			m, err := calldata.Parse(c.signature)
			if err != nil {
				t.Fatal(err)
			}
			call, err := calldata.New(m, c.offered, c.given)
			if (err == nil) != (c.err == "") || err != nil && !strings.Contains(err.Error(), c.err) {
				t.Fatalf("got %v, want %q", err, c.err)
			}
			if err != nil {
				return
			}
			cast, err := call.Cast()
			if err != nil {
				t.Fatal(err)
			}
			cast = strings.TrimPrefix(cast, "'"+m.Sig+"' ")
			if got := "[" + strings.ReplaceAll(cast, "'", "") + "]"; got != c.want {
				t.Errorf("got %s, want %s", got, c.want)
			}
			back, err := m.Inputs.Unpack(call.Data[4:])
			if err != nil || hex.EncodeToString(call.Data[:4]) != hex.EncodeToString(m.ID) {
				t.Fatal(err)
			}
			again, err := m.Inputs.Pack(back...)
			if err != nil || hex.EncodeToString(again) != hex.EncodeToString(call.Data[4:]) {
				t.Errorf("packed again: %x, %v", again, err)
			}
			if _, err := json.Marshal(call.Arguments); err != nil {
				t.Error(err)
			}
		})
	}
}

// TestValues refuses what a type cannot hold.
func TestValues(t *testing.T) {
	for _, c := range []struct{ typ, text, want string }{
		{"uint8", "255", ""}, {"uint8", "256", "does not fit"}, {"uint8", "-1", "does not fit"},
		{"int8", "-128", ""}, {"int8", "128", "does not fit"}, {"int24", "-8388608", ""},
		{"int24", "8388608", "does not fit"},
		{"uint64", "18446744073709551615", ""}, {"uint256", "0xff", ""}, {"uint256", "ff", "decimal number"},
		{"uint256", "0x-1", "decimal number"}, {"uint256", "", "decimal number"}, {"uint256", "1.5", "decimal number"},
		{"bool", "true", ""}, {"bool", "1", "true or false"}, {"string", "so \x07", ""},
		{"address", "0x00000000000000000000000000000000000000aa", ""}, {"address", "0xaa", "40 hex digits"},
		{"bytes", "0x", ""}, {"bytes", "0x1", "even number"}, {"bytes", "11", "0x and"},
		{"bytes4", "0x01020304", ""}, {"bytes4", "0x010203", "4 bytes, not 3"},
		{"uint256[]", "[1, 2]", ""}, {"uint256[]", "1", "is a list"}, {"uint256[]", "[", "JSON"},
		{"uint256[]", "[1] [2]", "JSON"},
		{"uint256[2]", "[1]", "2 elements, not 1"}, {"uint256[2]", `["1", "-2"]`, "element 1"},
		{"uint256", "[1]", "decimal number"}, {"bool[]", "[true, false]", ""},
		{"(bytes a, bool b)", `{"a": "0x", "b": true}`, ""}, {"(bytes a, bool b)", `{"a": "0x"}`, "2 fields"},
		{"(bytes a, bool b)", `{"a": "0x", "c": true}`, "no field b"}, {"(bytes a, bool b)", `["0x", 1]`, "field b"},
		{"(bytes a, bool b)", `7`, "2 fields"},
	} {
		m, err := calldata.Parse("f(" + c.typ + " x, bytes proof)")
		if err != nil {
			t.Fatalf("%s: %v", c.typ, err)
		}
		_, err = calldata.New(m, offered, []calldata.Given{{"x", c.text}})
		if (err == nil) != (c.want == "") || err != nil && !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s %q: got %v, want %q", c.typ, c.text, err, c.want)
		}
	}
}

func TestParse(t *testing.T) {
	for signature, want := range map[string]string{
		"f()": "f()",
		"function enter(bytes calldata input, uint) external view returns (bool)": "enter(bytes,uint256)",
		" g ( ( int8 , tuple(bool,bytes[3][]) [ ] )x )":                           "g((int8,(bool,bytes[3][])[]))",
		"f": "", "": "", "f(": "", "f(bytes": "", "f(bytes,)": "", "f(bytes x y)": "", "f(noSuchType)": "",
		"f(tuple)": "", "f(bytes[)": "", "f((bytes)": "", "f(bytes) returns": "", "f(bytes) returns (bool": "",
		"f(bytes) view returns (noSuchType)": "", "f(bytes)returns(bool ok, bytes[] memory all)": "f(bytes)",
	} {
		m, err := calldata.Parse(signature)
		if (err == nil) != (want != "") || m.Sig != want {
			t.Errorf("%q: got %q, %v; want %q", signature, m.Sig, err, want)
		}
	}
}

func TestFind(t *testing.T) {
	const one = `[
		{"type":"function","name":"verify","stateMutability":"view","inputs":[{"name":"proof","type":"bytes"}]},
		{"type":"function","name":"enter","inputs":
			[{"name":"amount","type":"uint256"},{"name":"proof","type":"bytes"}]},
		{"type":"function","name":"leave","inputs":[]},
		{"type":"function","name":"leave","inputs":[{"name":"to","type":"address"}]}]`
	contract, err := abi.JSON(strings.NewReader(one))
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ method, want, err string }{
		{"", "enter(uint256,bytes)", ""}, {"verify", "verify(bytes)", ""},
		{"leave", "", "name one of leave(), leave(address)"}, {"leave(address)", "leave(address)", ""},
		{"leave( address )", "leave(address)", ""}, {"go", "", "no method go; it has enter(uint256,bytes), leave()"},
	} {
		m, err := calldata.Find(contract, c.method)
		if m.Sig != c.want || (err == nil) != (c.err == "") || err != nil && !strings.Contains(err.Error(), c.err) {
			t.Errorf("%q: got %q, %v", c.method, m.Sig, err)
		}
	}
	if _, err := calldata.Find(abi.ABI{}, ""); err == nil {
		t.Error("found in nothing")
	}
}

func TestSignedWord(t *testing.T) {
	m, err := calldata.Parse("f(int256 output, bytes proof)")
	if err != nil {
		t.Fatal(err)
	}
	call, err := calldata.New(m, offered, nil)
	if err != nil {
		t.Fatal(err)
	}
	minusThree := new(big.Int).Sub(new(big.Int).Lsh(big.NewInt(1), 256), big.NewInt(3))
	if got := new(big.Int).SetBytes(call.Data[4:36]); got.Cmp(minusThree) != 0 {
		t.Errorf("%x", got)
	}
}

func TestConstruct(t *testing.T) {
	contract, err := abi.JSON(strings.NewReader(`[{"type":"constructor","inputs":[{"name":"model_","type":"address"},
		{"name":"trusted_","type":"bytes32"},{"name":"signer_","type":"uint256[2]"}]}]`))
	if err != nil {
		t.Fatal(err)
	}
	known := []any{common.Address{19: 1}}
	signer := calldata.Given{Name: "signer", Text: "[1, 2]"}
	for _, c := range []struct {
		name  string
		known []any
		given []calldata.Given
		want  string
	}{
		{"all", known, []calldata.Given{signer, {"trusted_", word}}, ""},
		{"one missing", known, []calldata.Given{signer},
			"takes bytes32 trusted, uint256[2] signer: trusted is missing"},
		{"one wrong", known, []calldata.Given{signer, {"trusted", "0x07"}}, "argument trusted: bytes32 is 32 bytes"},
		{"one too many", known, []calldata.Given{signer, {"trusted", word}, {"x", "1"}},
			"takes no argument x, but bytes32 trusted"},
		{"one twice", known, []calldata.Given{signer, signer}, "signer is given twice"},
		{"more known than taken", []any{1, 2, 3, 4}, nil, "takes 3 arguments"},
	} {
		t.Run(c.name, func(t *testing.T) {
			values, err := calldata.Construct(contract, c.known, c.given)
			if (err == nil) != (c.want == "") || err != nil && !strings.Contains(err.Error(), c.want) {
				t.Fatalf("got %v, want %q", err, c.want)
			}
			if err != nil {
				return
			}
			if _, err := contract.Pack("", values...); err != nil {
				t.Error(err)
			}
		})
	}
	_, err = calldata.Construct(calldata.Interface{}, nil, []calldata.Given{{"x", "1"}})
	if err == nil || !strings.Contains(err.Error(), "takes no argument x") {
		t.Errorf("got %v", err)
	}
}
