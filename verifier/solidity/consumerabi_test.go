package solidity_test

import (
	"reflect"
	"sort"
	"strings"
	"testing"

	"github.com/ethereum/go-ethereum/accounts/abi"

	"github.com/zkml-go/zkml/verifier/solidity"
)

// TestConsumerABI holds the client's ABI of the example contract against the compiler's of
// the example and of the model, whose errors it has too.
func TestConsumerABI(t *testing.T) {
	for name, w := range map[string]*world{"one port": onChain(t), "several": severalOnChain(t)} {
		for _, d := range w.list {
			t.Run(name+"/"+d.Name, func(t *testing.T) {
				dir := t.TempDir() + "/out"
				r, err := solidity.Export(d.prover.Key, nil, d.export.Name, dir, solidity.WithClient)
				if err != nil {
					t.Fatal(err)
				}
				have := declared(clientABI(t, read(t, dir, r.Name+".ts"), "consumerAbi"))
				consumer := d.artifacts[d.export.Name+"Consumer"].ABI
				for name, e := range d.wrapper.ABI.Errors {
					consumer.Errors[name] = e
				}
				if want := declared(consumer); !reflect.DeepEqual(have, want) {
					t.Errorf("the ABI is\n%q\nthe compiler's\n%q", have, want)
				}
			})
		}
	}
}

// clientABI is an ABI of an exported client.
func clientABI(t *testing.T, client, name string) abi.ABI {
	t.Helper()
	_, rest, _ := strings.Cut(client, "export const "+name+" = ")
	text, _, found := strings.Cut(rest, " as const;")
	if !found {
		t.Fatalf("the client has no %s", name)
	}
	parsed, err := abi.JSON(strings.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	return parsed
}

// declared is signatures with the events, and with what structs are made of.
func declared(a abi.ABI) []string {
	list := signatures(a)
	for _, e := range a.Events {
		list = append(list, e.String())
	}
	for _, m := range a.Methods {
		for _, in := range m.Inputs {
			list = append(list, append([]string{m.Name, in.Type.TupleRawName}, in.Type.TupleRawNames...)...)
		}
	}
	sort.Strings(list)
	return list
}
