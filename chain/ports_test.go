package chain_test

import (
	"bytes"
	"context"
	"errors"
	"math/big"
	"reflect"
	"testing"

	"github.com/ethereum/go-ethereum/accounts/abi"

	"github.com/zkml-go/zkml/artifact"
	"github.com/zkml-go/zkml/chain"
	"github.com/zkml-go/zkml/chain/calldata"
	"github.com/zkml-go/zkml/chain/evm"
	"github.com/zkml-go/zkml/circuits"
	"github.com/zkml-go/zkml/prover"
	"github.com/zkml-go/zkml/testkit/artifacttest"
	"github.com/zkml-go/zkml/verifier"
	"github.com/zkml-go/zkml/verifier/solidity"
	"github.com/zkml-go/zkml/visibility"
)

var (
	portsLeft    = []int64{200, 17, 255, 0}
	portsRight   = []int64{-16, 3, 15}
	portsContext = big.NewInt(0xc0ffee)
)

// proved proves PortsPlan's model, and checks that the commitment is the private input's.
func proved(t *testing.T) (*verifier.Key, *prover.Result) {
	t.Helper()
	b := artifacttest.Ports(t)
	r, err := prover.Prove(context.Background(), b, [][]int64{portsLeft, portsRight},
		prover.ProveOptions{Options: prover.Options{UnsafeSRS: true}, Context: portsContext})
	if err != nil {
		t.Fatal(err)
	}
	key := b.Key()
	checkOpening(t, b, r)
	return key, r
}

func checkOpening(t *testing.T, b *artifact.Bundle, r *prover.Result) {
	t.Helper()
	l := b.Manifest.Layout
	p := l.Input("right")
	o, ok := r.Secrets.Of(l, p)
	if !ok || len(r.Secrets.Openings) != 1 {
		t.Fatalf("%d openings, right's among them: %t", len(r.Secrets.Openings), ok)
	}
	words, err := p.Pack(portsRight)
	if err != nil {
		t.Fatal(err)
	}
	want := circuits.Commit(circuits.ValueDomain.Of(l.Domain(p)), new(big.Int).SetBytes(o.Salt), words)
	if got := r.Proof.PublicInputs[p.Start].Int(); got.Cmp(want) != 0 || o.Commitment.Int().Cmp(want) != 0 {
		t.Error("the commitment is to something else than the private input")
	}
}

// TestPorts takes a real proof about two inputs and two of three outputs through the
// exported contracts in an EVM: the claim says by name what the program computes, and
// each part that is changed or exchanged is refused.
func TestPorts(t *testing.T) {
	key, r := proved(t)
	c, wrapper, consumer := deployed(t, key, r.Proof)
	data, err := chain.Calldata(key.Layout, r.Proof, wrapper.ABI, "verify")
	if err != nil {
		t.Fatal(err)
	}
	if own := ownCalldata(t, key, r.Proof); !bytes.Equal(own, data) {
		t.Errorf("the proof's arguments give %x, want %x", own, data)
	}
	verify := wrapper.ABI.Methods["verify"]
	values, err := verify.Inputs.Unpack(data[4:])
	if err != nil {
		t.Fatal(err)
	}
	claim := claimOf(t, verify.Inputs[0].Type, values[0])
	outputs := artifacttest.PortsProgram().Eval(portsLeft, portsRight)
	want := map[string]any{
		"left": []byte{200, 17, 255, 0}, "scores": integers(outputs[0]), "labelClass": big.NewInt(outputs[1][0]),
		"rightCommitment": [32]byte(r.Proof.PublicInputs[key.Layout.Input("right").Start]), "context": portsContext,
	}
	if !reflect.DeepEqual(claim, want) {
		t.Fatalf("the claim is %v, want %v", claim, want)
	}

	ask := func(name string, holds bool, change func(map[string]any)) {
		t.Run(name, func(t *testing.T) {
			by := claimOf(t, verify.Inputs[0].Type, values[0])
			change(by)
			answer, err := c.Call(wrapper, "verify", structOf(verify.Inputs[0].Type, by), values[1])
			if err != nil || answer[0].(bool) != holds {
				t.Errorf("answered %v, %v", answer, err)
			}
		})
	}
	ask("as proved", true, func(map[string]any) {})
	ask("another left", false, func(by map[string]any) { by["left"].([]byte)[3]++ })
	ask("left turned round", false, func(by map[string]any) { by["left"] = []byte{0, 255, 17, 200} })
	ask("another commitment", false, func(by map[string]any) { by["rightCommitment"] = [32]byte{31: 1} })
	ask("another class", false, func(by map[string]any) { by["labelClass"] = big.NewInt((outputs[1][0] + 1) % 3) })
	ask("another score", false, func(by map[string]any) {
		by["scores"].([]*big.Int)[2].Add(big.NewInt(1), big.NewInt(outputs[0][2]))
	})
	ask("another context", false, func(by map[string]any) { by["context"] = big.NewInt(1) })
	ask("class and context exchanged", false, func(by map[string]any) {
		by["labelClass"], by["context"] = by["context"], by["labelClass"]
	})
	submits(t, c, key, r.Proof, consumer, wrapper)
}

// deployed exports the contracts and puts the wrapper on a chain; the example that
// consumes predictions comes beside it.
func deployed(t *testing.T, key *verifier.Key, p *verifier.Proof) (*evm.Chain, evm.Contract, evm.Artifact) {
	t.Helper()
	dir := t.TempDir()
	export, err := solidity.Export(key, p, "ports", dir)
	if err != nil {
		t.Fatal(err)
	}
	compiled, err := evm.CompileDir(dir)
	if errors.Is(err, evm.ErrNoCompiler) {
		t.Skip(err)
	}
	if err != nil {
		t.Fatal(err)
	}
	c, err := evm.NewChain()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = c.Close() })
	wrapper, err := c.Deploy(find(t, compiled, export.Name))
	if err != nil {
		t.Fatal(err)
	}
	return c, wrapper, find(t, compiled, export.Name+"Consumer")
}

// submits: calldata for any method that takes what verify takes goes to the right one.
func submits(
	t *testing.T, c *evm.Chain, key *verifier.Key, p *verifier.Proof, consumer evm.Artifact, wrapper evm.Contract,
) {
	t.Helper()
	at, err := c.Deploy(consumer, wrapper.Address)
	if err != nil {
		t.Fatal(err)
	}
	data, err := chain.Calldata(key.Layout, p, wrapper.ABI, "submit")
	if err != nil {
		t.Fatal(err)
	}
	_, err = c.CallRaw(at, data, 1_000_000)
	var revert *evm.RevertError
	if !errors.As(err, &revert) || !revert.Named(at.ABI, "WrongContext") {
		t.Errorf("got %v, want WrongContext: the proof is for another context", err)
	}
}

func find(t *testing.T, all map[string]evm.Artifact, name string) evm.Artifact {
	t.Helper()
	a, ok := all[name]
	if !ok {
		t.Fatalf("no contract %s", name)
	}
	return a
}

// claimOf are the fields of a struct by name.
func claimOf(t *testing.T, typ abi.Type, v any) map[string]any {
	t.Helper()
	if typ.T != abi.TupleTy {
		t.Fatalf("the claim is no struct but %s", typ)
	}
	out := map[string]any{}
	for i, name := range typ.TupleRawNames {
		f := reflect.ValueOf(v).Field(i).Interface()
		switch f := f.(type) {
		case []byte:
			out[name] = append([]byte{}, f...)
		case []*big.Int:
			var list []*big.Int
			for _, n := range f {
				list = append(list, new(big.Int).Set(n))
			}
			out[name] = list
		default:
			out[name] = f
		}
	}
	return out
}

// structOf is the inverse of claimOf.
func structOf(typ abi.Type, by map[string]any) any {
	out := reflect.New(typ.TupleType).Elem()
	for i, name := range typ.TupleRawNames {
		out.Field(i).Set(reflect.ValueOf(by[name]))
	}
	return out.Interface()
}

func integers(list []int64) []*big.Int {
	out := make([]*big.Int, len(list))
	for i, v := range list {
		out[i] = big.NewInt(v)
	}
	return out
}

// ownCalldata is a call of verify from nothing but the arguments that a proof has.
func ownCalldata(t *testing.T, key *verifier.Key, p *verifier.Proof) []byte {
	t.Helper()
	offered, err := solidity.Arguments(key.Layout, p)
	if err != nil {
		t.Fatal(err)
	}
	m, err := calldata.Like("verify", offered)
	if err != nil {
		t.Fatal(err)
	}
	call, err := calldata.New(m, offered, nil)
	if err != nil {
		t.Fatal(err)
	}
	return call.Data
}

// TestPortsInWords: the statement says of each output by name what is shown.
func TestPortsInWords(t *testing.T) {
	key, r := proved(t)
	claim, err := verifier.Verify(key, r.Proof)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, o := range verifier.InWords(key.Layout, claim).Outputs {
		got = append(got, o.Name+" "+string(o.Reveal))
	}
	want := []string{"scores " + string(visibility.ByScores), "label " + string(visibility.ByClass)}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("%q, want %q", got, want)
	}
}
