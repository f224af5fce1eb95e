package calldata

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/ethereum/go-ethereum/accounts/abi"

	"github.com/zkml-go/zkml/printable"
	"github.com/zkml-go/zkml/verifier"
)

// filler finds the values of a method's arguments.
type filler struct {
	method  abi.Method
	offered []verifier.Argument
	given   map[string]string
	// next is the first of the offered arguments that no argument without a name took.
	next int
}

// fill gives the values in the order of the method's arguments.
func (f *filler) fill() ([]any, error) {
	var values []any
	unnamed, taken := false, 0
	for i, in := range f.method.Inputs {
		label := in.Name
		if label == "" || strings.HasPrefix(label, nameless) {
			label, unnamed = strconv.Itoa(i), true
		}
		text, stated := f.given[label]
		delete(f.given, label)
		v, err := f.value(in, label, text, stated)
		if err != nil {
			return nil, err
		}
		if !stated || strings.HasPrefix(text, "@") {
			taken++
		}
		values = append(values, v)
	}
	for _, name := range slices.Sorted(maps.Keys(f.given)) {
		return nil, fmt.Errorf("it has no argument %s; it takes %s", printable.Name(name), f.method.Sig)
	}
	if unnamed && f.next < len(f.offered) {
		return nil, fmt.Errorf("its arguments have no names, and %s of the proof would not be among them: "+
			"write the signature with the names of the arguments", f.offered[f.next].Name)
	}
	if taken == 0 {
		return nil, fmt.Errorf("it takes nothing of the proof, which has %s", f.offers())
	}
	return values, nil
}

// value finds one argument's.
func (f *filler) value(in abi.Argument, label, text string, stated bool) (any, error) {
	of := func(v any, err error) (any, error) {
		if err != nil {
			return nil, fmt.Errorf("argument %s: %w", label, err)
		}
		return v, nil
	}
	switch name, ours := strings.CutPrefix(text, "@"); {
	case stated && ours:
		a := f.find(name)
		if a == nil {
			return of(nil, fmt.Errorf("the proof has no %s; it has %s", printable.Name(name), f.offers()))
		}
		return of(parse(in.Type, plain(*a)))
	case stated:
		return of(parse(in.Type, text))
	case label != in.Name:
		if f.next == len(f.offered) || f.offered[f.next].Signature() != in.Type.String() {
			return of(nil, fmt.Errorf("it is %s, and the proof's arguments are, in order, %s: give a value for it, "+
				"or write the signature with the names of the arguments", in.Type.String(), f.offers()))
		}
		f.next++
		return of(parse(in.Type, plain(f.offered[f.next-1])))
	}
	a, ok := f.named(in.Name, in.Type)
	if !ok {
		return of(nil, fmt.Errorf("the proof has no argument of this name (it has %s): give a value for it, or "+
			"%s=@NAME for the proof's NAME", f.offers(), in.Name))
	}
	return of(parse(in.Type, plain(a)))
}

// named is the proof's argument of a name. A struct of another name is filled by the
// names of its fields.
func (f *filler) named(name string, t abi.Type) (verifier.Argument, bool) {
	if a := f.find(name); a != nil {
		return *a, true
	}
	if t.T != abi.TupleTy {
		return verifier.Argument{}, false
	}
	s := verifier.Argument{Name: name, Type: "tuple", Components: []verifier.Argument{}}
	for i, raw := range t.TupleRawNames {
		field, ok := f.named(raw, *t.TupleElems[i])
		if !ok {
			return verifier.Argument{}, false
		}
		field.Name = raw
		s.Components = append(s.Components, field)
	}
	return s, true
}

// find is the proof's argument of a name, or the field of its struct.
func (f *filler) find(name string) *verifier.Argument {
	for _, a := range f.offered {
		if bare(a.Name) == bare(name) {
			return &a
		}
	}
	for _, a := range f.offered {
		for _, c := range a.Components {
			if bare(c.Name) == bare(name) {
				return &c
			}
		}
	}
	return nil
}

// offers lists what the proof has.
func (f *filler) offers() string {
	var words []string
	for _, a := range f.offered {
		words = append(words, a.Signature()+" "+a.Name)
		for _, c := range a.Components {
			words = append(words, c.Signature()+" "+c.Name)
		}
	}
	return strings.Join(words, ", ")
}

// bare is a name without the underscores that styles put around it.
func bare(name string) string { return strings.Trim(name, "_") }

func sortedKeys[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }
