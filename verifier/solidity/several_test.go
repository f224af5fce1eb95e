package solidity_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"math/big"
	"reflect"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/consensys/gnark-crypto/ecc/bn254/fr"
	"github.com/ethereum/go-ethereum/accounts/abi"

	"github.com/zkml-go/zkml/chain/evm"
	"github.com/zkml-go/zkml/testkit/toy"
	"github.com/zkml-go/zkml/verifier"
	"github.com/zkml-go/zkml/verifier/solidity"
	"github.com/zkml-go/zkml/visibility"
)

var theSeveral = sync.OnceValues(func() (*world, error) { return buildOf("several-", toy.Several()) })

// severalOnChain is onChain for models with several inputs or outputs.
func severalOnChain(t *testing.T) *world {
	t.Helper()
	w, err := theSeveral()
	if errors.Is(err, evm.ErrNoCompiler) {
		t.Skip(err)
	}
	if err != nil {
		t.Fatal(err)
	}
	return w
}

// described is the exported description.
func (d *deployed) described(t *testing.T) *solidity.Description {
	t.Helper()
	all, err := solidity.Descriptions(d.export.Directory)
	if err != nil || len(all) != 1 {
		t.Fatalf("%d descriptions, %v", len(all), err)
	}
	return all[0].Description
}

// claimed are the fixture's arguments by name, as go-ethereum wants them by the ABI that
// the compiler gives: an encoding that is independent of ours.
func (d *deployed) claimed(t *testing.T) map[string]any {
	t.Helper()
	given := d.described(t).Fixture.Arguments
	out := map[string]any{}
	for _, a := range d.fields() {
		out[a.Name] = plain(t, a.Type, given[a.Name])
	}
	return out
}

// plain turns an argument of the description into a value of Go.
func plain(t *testing.T, typ abi.Type, v any) any {
	t.Helper()
	number := func(v any) *big.Int {
		n, ok := new(big.Int).SetString(v.(string), 0)
		if !ok {
			t.Fatalf("%v is no number", v)
		}
		return n
	}
	switch typ.String() {
	case "bytes":
		return hexBytes(t, v)
	case "bytes32":
		return [32]byte(hexBytes(t, v))
	case "uint256":
		return number(v)
	case "uint256[2]":
		return [2]*big.Int{number(v.([]any)[0]), number(v.([]any)[1])}
	}
	list := []*big.Int{}
	for _, e := range v.([]any) {
		list = append(list, number(e))
	}
	return list
}

func hexBytes(t *testing.T, v any) []byte {
	t.Helper()
	var raw verifier.Hex
	if err := json.Unmarshal([]byte(fmt.Sprintf("%q", v)), &raw); err != nil {
		t.Fatal(err)
	}
	return raw
}

// fields are the claim's, by the compiler's ABI, and the proof.
func (d *deployed) fields() []abi.Argument {
	inputs := d.wrapper.ABI.Methods["verify"].Inputs
	if inputs[0].Type.T != abi.TupleTy {
		return inputs
	}
	var list []abi.Argument
	for i, e := range inputs[0].Type.TupleElems {
		list = append(list, abi.Argument{Name: inputs[0].Type.TupleRawNames[i], Type: *e})
	}
	return append(list, inputs[1])
}

// call makes the arguments of a call from those by name.
func (d *deployed) call(by map[string]any) []any {
	inputs := d.wrapper.ABI.Methods["verify"].Inputs
	var list []any
	if inputs[0].Type.T == abi.TupleTy {
		claim := reflect.New(inputs[0].Type.TupleType).Elem()
		for i, name := range inputs[0].Type.TupleRawNames {
			claim.Field(i).Set(reflect.ValueOf(by[name]))
		}
		return []any{claim.Interface(), by["proof"]}
	}
	for _, in := range inputs {
		list = append(list, by[in.Name])
	}
	return list
}

// judge compares verify and verifyOrRevert with the error that is wanted, empty for none.
func (w *world) judge(t *testing.T, d *deployed, by map[string]any, want string) {
	t.Helper()
	answer, err := w.chain.Call(d.wrapper, "verify", d.call(by)...)
	if err != nil {
		t.Fatalf("verify: %v", err)
	}
	if got := answer[0].(bool); got != (want == "") {
		t.Errorf("verify answers %t", got)
	}
	_, err = w.chain.Call(d.wrapper, "verifyOrRevert", d.call(by)...)
	var revert *evm.RevertError
	if want == "" && err == nil {
		return
	}
	if !errors.As(err, &revert) || !revert.Named(d.wrapper.ABI, want) {
		t.Errorf("verifyOrRevert: %v, want %q", err, want)
	}
}

// spoiling is a change of one value and the error that names it.
type spoiling struct {
	name  string
	value any
	want  string
}

// spoiled are changes of an argument: others, other lengths, and the same number in
// another form.
func spoiled(v any) []spoiling {
	r, one := fr.Modulus(), big.NewInt(1)
	plus := func(a, b *big.Int) *big.Int { return new(big.Int).Add(a, b) }
	switch v := v.(type) {
	case []byte:
		last := bytes.Clone(v)
		last[len(last)-1] ^= 1
		return []spoiling{{"last bit", last, "ProofRejected"},
			{"longer", append(bytes.Clone(v), 0), "WrongInputLength"},
			{"shorter", v[1:], "WrongInputLength"}, {"empty", []byte{}, "WrongInputLength"}}
	case [32]byte:
		n, other, above := new(big.Int).SetBytes(v[:]), v, [32]byte{}
		other[31] ^= 1
		plus(n, r).FillBytes(above[:])
		return []spoiling{{"last bit", other, "ProofRejected"}, {"plus r", above, "NotBelowField"}}
	case [2]*big.Int:
		return []spoiling{{"exchanged", [2]*big.Int{v[1], v[0]}, "ProofRejected"},
			{"y plus r", [2]*big.Int{v[0], plus(v[1], r)}, "NotBelowField"}}
	case []*big.Int:
		other, above := slices.Clone(v), slices.Clone(v)
		other[len(v)-1] = new(big.Int).Xor(v[len(v)-1], one)
		above[0] = plus(v[0], r)
		return []spoiling{{"last bit", other, "ProofRejected"}, {"plus r", above, "OutputOutOfFormat"},
			{"longer", append(slices.Clone(v), one), "WrongOutputLength"}, {"empty", []*big.Int{}, "WrongOutputLength"}}
	}
	n := v.(*big.Int)
	return []spoiling{{"last bit", new(big.Int).Xor(n, one), "ProofRejected"}, {"plus r", plus(n, r), ""}}
}

// TestSeveral sends valid claims, each argument spoiled, and arguments of one type
// exchanged.
func TestSeveral(t *testing.T) {
	w := severalOnChain(t)
	for _, d := range w.list {
		t.Run(d.Name, func(t *testing.T) {
			valid := d.claimed(t)
			w.judge(t, d, valid, "")
			fields, encodings := d.fields(), map[string]*solidity.Encoding{}
			for _, a := range d.described(t).Arguments {
				encodings[a.Name] = a.Encoding
			}
			for i, a := range fields[:len(fields)-1] {
				for _, s := range spoiled(valid[a.Name]) {
					t.Run(a.Name+" "+s.name, func(t *testing.T) {
						if s.want == "" { // a number that no argument holds: a class, or the context
							s.want = map[bool]string{true: "NotBelowField",
								false: "OutputOutOfFormat"}[a.Name == "context"]
						}
						w.judge(t, d, changed(valid, a.Name, s.value), s.want)
					})
				}
				if e := encodings[a.Name]; e != nil && e.Bits%8 != 0 {
					t.Run(a.Name+" above its format", func(t *testing.T) {
						text := bytes.Clone(valid[a.Name].([]byte))
						text[len(text)-e.ElementBytes] |= 0x80
						w.judge(t, d, changed(valid, a.Name, text), "InputOutOfFormat")
					})
				}
				for _, b := range fields[i+1:] {
					if a.Type.String() != b.Type.String() || reflect.DeepEqual(valid[a.Name], valid[b.Name]) {
						continue
					}
					t.Run(a.Name+" exchanged for "+b.Name, func(t *testing.T) {
						by := changed(changed(valid, a.Name, valid[b.Name]), b.Name, valid[a.Name])
						answer, err := w.chain.Call(d.wrapper, "verify", d.call(by)...)
						if err != nil || answer[0].(bool) {
							t.Errorf("%v, %v", answer, err)
						}
					})
				}
			}
		})
	}
}

func changed(by map[string]any, name string, v any) map[string]any {
	out := maps.Clone(by)
	out[name] = v
	return out
}

// TestSeveralCalldata holds our encoder against go-ethereum's, and the description's ABI
// against the compiler's.
func TestSeveralCalldata(t *testing.T) {
	w := severalOnChain(t)
	for _, d := range w.list {
		t.Run(d.Name, func(t *testing.T) {
			want, err := d.wrapper.ABI.Pack("verify", d.call(d.claimed(t))...)
			if err != nil {
				t.Fatal(err)
			}
			got, err := solidity.Calldata(d.Layout, d.proof, solidity.MethodVerify)
			if err != nil || !bytes.Equal(got, want) {
				t.Errorf("%v: got\n%x\nwant\n%x", err, got, want)
			}
			text, err := json.Marshal(d.described(t).ABI)
			if err != nil {
				t.Fatal(err)
			}
			ours, err := abi.JSON(bytes.NewReader(text))
			if err != nil {
				t.Fatal(err)
			}
			if have, want := signatures(ours), signatures(d.wrapper.ABI); !reflect.DeepEqual(have, want) {
				t.Errorf("the ABI is\n%q\nthe compiler's\n%q", have, want)
			}
		})
	}
}

// TestSeveralArguments: the description tells which ports each argument is about, and
// names are in the order of the ports.
func TestSeveralArguments(t *testing.T) {
	w := severalOnChain(t)
	for name, want := range map[string][]string{
		"public and private, three outputs": {"left bytes [left]", "rightCommitment bytes32 [right]",
			"scores int256[] [scores]",
			"labelClass uint256 [label]", "context uint256 [context]"},
		"one commitment to two of three, signed, hashed": {"proof_2 bytes [proof]",
			"inputCommitment bytes32 [input.1 input 1]",
			"mappingClasses int256[] [mapping]", "protoCommitment bytes32 [__proto__]", "output3 int256[] [数字*/]",
			"context uint256 [context]", "modelCommitment bytes32 [model]", "input1Signer uint256[2] [input.1]"},
		"a commitment each, two classes": {"aCommitment bytes32 [a]", "a_2Commitment bytes32 [A]",
			"firstClass uint256 [first]", "secondClass uint256 [second]"},
		"names of Solidity and of other ports": {"emit_ bytes [emit]", "constructor_ bytes [constructor]",
			"receive_ bytes [receive]", "fallback_ bytes [fallback]", "label_3 int256[] [Label]",
			"labelClass_2 uint256 [label]", "label2_2 int256[] [label_2]", "labelClass int256[] [labelClass]",
			"label2 int256[] [label2]"},
		"one commitment to both, one output": nil,
	} {
		i := slices.IndexFunc(w.list, func(d *deployed) bool { return d.Name == name })
		var got []string
		for _, a := range w.list[i].described(t).Arguments {
			got = append(got, fmt.Sprintf("%s %s %s", a.Name, a.Type, a.Ports))
		}
		if !reflect.DeepEqual(got, want) {
			t.Errorf("%s: %q, want %q", name, got, want)
		}
	}
}

// TestOneForm: two inputs behind one commitment and one output have the very calls of one
// input and one output, so that what consumes these takes them.
func TestOneForm(t *testing.T) {
	w := severalOnChain(t)
	d := w.list[5]
	if got := d.wrapper.ABI.Methods["verify"].Sig; got != "verify(bytes32,int256[],uint256,bytes)" {
		t.Errorf("%s: %s", d.Name, got)
	}
	for i, d := range w.list {
		sig := d.wrapper.ABI.Methods["verify"].Sig
		if i != 5 && !strings.HasPrefix(sig, "verify((") {
			t.Errorf("%s: %s, which another wrapper may have", d.Name, sig)
		}
	}
}

// TestSeveralConsumer: the example keeps what each output showed, under its name.
func TestSeveralConsumer(t *testing.T) {
	w := severalOnChain(t)
	for _, d := range w.list {
		t.Run(d.Name, func(t *testing.T) {
			by := d.claimed(t)
			args := []any{d.wrapper.Address}
			if d.Layout.Hashed() {
				args = append(args, by["modelCommitment"])
			}
			for _, f := range d.fields() {
				if f.Type.String() == "uint256[2]" {
					args = append(args, by[f.Name])
				}
			}
			c, err := w.chain.Deploy(d.artifacts[d.export.Name+"Consumer"], args...)
			if err != nil {
				t.Fatal(err)
			}
			again := "AlreadyUsed"
			if d.Layout.HasContext() {
				again = "WrongContext"
				w.reverts(t, c, d.call(by), c, again)
				a := new(arguments)
				w.renew(t, c, d, a)
				by["proof"], by["context"] = a.proof, a.context.Int()
			}
			if err := w.submit(t, c, d.call(by)); err != nil {
				t.Fatal(err)
			}
			for _, p := range d.described(t).Arguments {
				if !strings.HasPrefix(p.Kind, string(visibility.RoleOutput)) {
					continue
				}
				got, err := w.chain.Call(c, p.Name+"Of", w.chain.Sender())
				if err != nil || fmt.Sprint(got[0]) != fmt.Sprint(by[p.Name]) {
					t.Errorf("%sOf is %v, %v; want %v", p.Name, got, err, by[p.Name])
				}
			}
			w.reverts(t, c, d.call(by), c, again)
		})
	}
}
