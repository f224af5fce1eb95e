package calldata

import (
	"errors"
	"fmt"
	"strings"

	"github.com/ethereum/go-ethereum/accounts/abi"

	"github.com/zkml-go/zkml/printable"
	"github.com/zkml-go/zkml/verifier"
)

// nameless begins the names that the ABI's decoder wants for what has none.
const nameless = "unnamed_"

// Parse reads a method's signature as Solidity and cast write it: a name and the types
// of the arguments in brackets, each with its name or without, and what it returns, if
// anything is said of that. Structs are brackets too. Other words after the arguments, such
// as view, are left out.
func Parse(signature string) (abi.Method, error) {
	p := parser{rest: strings.TrimPrefix(strings.TrimSpace(signature), "function ")}
	name := p.word()
	if name == "" || !p.take("(") {
		return abi.Method{}, fmt.Errorf("a signature is a name and types in brackets, as in verify(bytes,bytes)")
	}
	list, err := p.list()
	if err != nil {
		return abi.Method{}, fmt.Errorf("signature %s: %w", name, err)
	}
	answer, err := p.returns()
	if err != nil {
		return abi.Method{}, fmt.Errorf("signature %s: %w", name, err)
	}
	return method(name, list, answer)
}

// Like is the method of a name that takes a proof's arguments, as the wrapper's calls do.
func Like(name string, offered []verifier.Argument) (abi.Method, error) {
	return method(name, marshaling(offered), nil)
}

func marshaling(list []verifier.Argument) []abi.ArgumentMarshaling {
	var out []abi.ArgumentMarshaling
	for _, a := range list {
		out = append(out, abi.ArgumentMarshaling{Name: a.Name, Type: a.Type, Components: marshaling(a.Components)})
	}
	return out
}

func method(name string, takes, returns []abi.ArgumentMarshaling) (abi.Method, error) {
	if !identifier.MatchString(name) {
		return abi.Method{}, fmt.Errorf("%s is no name of a method", printable.Quote(name))
	}
	inputs, err := arguments(takes)
	if err != nil {
		return abi.Method{}, fmt.Errorf("signature %s: %w", name, err)
	}
	outputs, err := arguments(returns)
	if err != nil {
		return abi.Method{}, fmt.Errorf("signature %s: what it returns: %w", name, err)
	}
	return abi.NewMethod(name, name, abi.Function, "", false, false, inputs, outputs), nil
}

func arguments(list []abi.ArgumentMarshaling) (abi.Arguments, error) {
	if err := check(list); err != nil {
		return nil, err
	}
	var out abi.Arguments
	for _, a := range list {
		t, err := abi.NewType(a.Type, "", a.Components)
		if err != nil {
			return nil, fmt.Errorf("argument %s: %w", a.Name, err)
		}
		out = append(out, abi.Argument{Name: a.Name, Type: t})
	}
	return out, nil
}

// parser reads a signature from its beginning.
type parser struct{ rest string }

// take drops a text if it comes next.
func (p *parser) take(text string) bool {
	rest, ok := strings.CutPrefix(strings.TrimLeft(p.rest, " \t\n"), text)
	if ok {
		p.rest = rest
	}
	return ok
}

// word drops the identifier that comes next; empty without one.
func (p *parser) word() string {
	p.rest = strings.TrimLeft(p.rest, " \t\n")
	end := strings.IndexFunc(p.rest, func(r rune) bool {
		return r != '_' && r != '$' && (r < '0' || r > '9') && (r < 'a' || r > 'z') && (r < 'A' || r > 'Z')
	})
	if end < 0 {
		end = len(p.rest)
	}
	word := p.rest[:end]
	p.rest = p.rest[end:]
	return word
}

var errCut = errors.New("its brackets are not closed")

// list reads arguments up to the closing bracket.
func (p *parser) list() ([]abi.ArgumentMarshaling, error) {
	var out []abi.ArgumentMarshaling
	if p.take(")") {
		return out, nil
	}
	for {
		one, err := p.argument(len(out))
		if err != nil {
			return nil, err
		}
		out = append(out, one)
		switch {
		case p.take(","):
		case p.take(")"):
			return out, nil
		case strings.TrimSpace(p.rest) == "":
			return nil, errCut
		default:
			return nil, fmt.Errorf("argument %d ends at %.12q, where a comma or a bracket was expected",
				len(out)-1, p.rest)
		}
	}
}

// returns reads what a method answers, after its arguments.
func (p *parser) returns() ([]abi.ArgumentMarshaling, error) {
	_, after, said := strings.Cut(p.rest, "returns")
	if !said {
		return nil, nil
	}
	if p.rest = after; !p.take("(") {
		return nil, errors.New("returns is followed by types in brackets")
	}
	return p.list()
}

// argument reads a type, where it lies, and a name.
func (p *parser) argument(number int) (abi.ArgumentMarshaling, error) {
	var a abi.ArgumentMarshaling
	if p.take("tuple") || strings.HasPrefix(strings.TrimLeft(p.rest, " "), "(") {
		if !p.take("(") {
			return a, errors.New("a tuple is followed by its fields in brackets")
		}
		fields, err := p.list()
		if err != nil {
			return a, err
		}
		a.Type, a.Components = "tuple", fields
	} else if a.Type = p.word(); a.Type == "" {
		return a, fmt.Errorf("argument %d has no type", number)
	}
	switch a.Type { // as Solidity reads them
	case "uint", "int":
		a.Type += "256"
	}
	for p.take("[") {
		a.Type += "[" + p.word() + "]"
		if !p.take("]") {
			return a, errCut
		}
	}
	a.Name = p.word()
	for _, place := range []string{"calldata", "memory", "storage", "indexed", "payable"} {
		if a.Name == place {
			a.Name = p.word()
		}
	}
	if a.Name == "" {
		a.Name = fmt.Sprintf("%s%d", nameless, number)
	}
	return a, nil
}
