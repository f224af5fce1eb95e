// Package calldata owns calls of any contract's methods with a proof: which of the
// proof's arguments is which of the method's, what its caller adds, and the bytes. It
// must not know chains, keys or models. Package chain and the command line import it.
package calldata

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/ethereum/go-ethereum/accounts/abi"

	"github.com/zkml-go/zkml/printable"
	"github.com/zkml-go/zkml/verifier"
)

// Call is a call of a contract's method, all of whose arguments are known.
type Call struct {
	Method abi.Method
	// Arguments are the method's, as proof.json writes them.
	Arguments []verifier.Argument
	Data      []byte
}

// Given is the value of a method's argument that the caller states, as text: as JSON for
// lists and structs; @NAME stands for the proof's argument NAME. Name is that of the
// method's argument, or its number, counted from 0.
type Given struct{ Name, Text string }

// stated returns the given texts by name, in the spelling that counts.
func stated(given []Given, spelling func(string) string) (map[string]string, error) {
	texts := map[string]string{}
	for _, g := range given {
		name := spelling(g.Name)
		if _, twice := texts[name]; twice {
			return nil, fmt.Errorf("the argument %s is given twice", printable.Name(g.Name))
		}
		texts[name] = g.Text
	}
	return texts, nil
}

// New fills a method's arguments: each with the one that its caller states, or with the
// proof's argument of that name, leading and trailing underscores aside. What no name
// decides is filled by place: in a method that takes just the types of the wrapper's
// calls, unless its names leave open which of several of one type is which, or, where
// arguments have no names, with all that is left of the proof, in order.
// A struct is filled field by field. The errors name the argument.
func New(m abi.Method, offered []verifier.Argument, given []Given) (*Call, error) {
	texts, err := stated(given, func(name string) string { return name })
	if err != nil {
		return nil, err
	}
	f := filler{method: m, offered: offered, given: texts, taken: map[int]bool{}}
	values, err := f.fill()
	if err != nil {
		return nil, fmt.Errorf("%s: %w", m.RawName, err)
	}
	data, err := m.Inputs.Pack(values...)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", m.RawName, err)
	}
	c := &Call{Method: m, Data: append(slices.Clone(m.ID), data...)}
	for i, in := range m.Inputs {
		c.Arguments = append(c.Arguments, written(strings.TrimPrefix(in.Name, nameless), in.Type, values[i]))
	}
	return c, nil
}

// Find gives the method of a contract by name, or by signature where the name has
// several. Without either it is the only one that takes a proof, of those that change
// something if there are any.
func Find(contract abi.ABI, method string) (abi.Method, error) {
	var found, changing []abi.Method
	for _, key := range sortedKeys(contract.Methods) {
		m := contract.Methods[key]
		if Named(m, method) || method == "" && takesProof(m) {
			found = append(found, m)
			if !m.IsConstant() {
				changing = append(changing, m)
			}
		}
	}
	if method == "" && len(changing) > 0 {
		found = changing
	}
	switch {
	case len(found) == 1:
		return found[0], nil
	case len(found) > 1:
		return abi.Method{}, fmt.Errorf("several methods fit: name one of %s", signatures(found))
	case len(contract.Methods) == 0:
		return abi.Method{}, errors.New("the ABI has no methods")
	}
	all := signatures(slices.SortedFunc(maps.Values(contract.Methods), func(a, b abi.Method) int {
		return strings.Compare(a.Sig, b.Sig)
	}))
	if method == "" {
		return abi.Method{}, fmt.Errorf("no method of the contract takes a proof; it has %s", all)
	}
	return abi.Method{}, fmt.Errorf("the contract has no method %s; it has %s", printable.Name(method), all)
}

// Named reports whether a method has a name, or a signature.
func Named(m Method, name string) bool {
	return m.RawName == name || m.Sig == strings.ReplaceAll(name, " ", "")
}

// takesProof reports whether a method has an argument that a proof fits.
func takesProof(m abi.Method) bool {
	return slices.ContainsFunc(m.Inputs, func(in abi.Argument) bool {
		return in.Type.T == abi.BytesTy && bare(in.Name) == "proof"
	})
}

func signatures(list []abi.Method) string {
	words := make([]string, len(list))
	for i, m := range list {
		words[i] = m.Sig
	}
	return strings.Join(words, ", ")
}
