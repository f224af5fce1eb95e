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
	// taken are the offered arguments that have a place, by number.
	taken map[int]bool
}

// fill returns the values in the order of the method's arguments. Names come first, so
// that what has no name gets what is left.
func (f *filler) fill() ([]any, error) {
	values := make([]any, len(f.method.Inputs))
	var left []int
	for i, in := range f.method.Inputs {
		text, stated := f.given[label(i, in)]
		delete(f.given, label(i, in))
		v, ok, err := f.byName(in, text, stated)
		if !ok {
			left = append(left, i)
			continue
		}
		if err == nil {
			values[i], err = parse(in.Type, v)
		}
		if err != nil {
			return nil, fmt.Errorf("argument %s: %w", label(i, in), err)
		}
	}
	for _, name := range sortedKeys(f.given) {
		return nil, fmt.Errorf("it has no argument %s; it takes %s", printable.Name(name), f.method.Sig)
	}
	if err := f.byPlace(values, left); err != nil {
		return nil, err
	}
	if len(f.taken) == 0 {
		return nil, fmt.Errorf("it takes nothing of the proof, which has %s", f.offers())
	}
	return values, nil
}

// label is an argument's name, or its number where it has none.
func label(i int, in abi.Argument) string {
	if unnamed(in) {
		return strconv.Itoa(i)
	}
	return in.Name
}

func unnamed(in abi.Argument) bool { return in.Name == "" || strings.HasPrefix(in.Name, nameless) }

// byName is the value that the caller states for an argument, or the proof's of its name.
func (f *filler) byName(in abi.Argument, text string, stated bool) (v any, ok bool, err error) {
	switch name, ours := strings.CutPrefix(text, "@"); {
	case stated && ours:
		a := f.find(name)
		if a == nil {
			return nil, true, fmt.Errorf("the proof has no %s; it has %s", printable.Name(name), f.offers())
		}
		return plain(*a), true, nil
	case stated:
		return text, true, nil
	case unnamed(in):
		return nil, false, nil
	}
	a, ok := f.named(in.Name, in.Type)
	return plain(a), ok, nil
}

// byPlace fills what no name decides. A method of the same types as the proof's arguments
// takes them in their order, unless names of its own leave open which of several of one type
// is which; of another one, arguments without names take those that are left, in order and
// all of them.
func (f *filler) byPlace(values []any, left []int) error {
	same, open := f.sameTypes(), false
	for _, i := range left {
		in, from := f.method.Inputs[i], i
		if !same {
			for from = 0; f.taken[from]; from++ {
			}
			open = true
		}
		switch {
		case !same && !unnamed(in), same && f.taken[from], same && !unnamed(in) && f.several(left, in.Type):
			return fmt.Errorf("argument %s: the proof has no argument of this name (it has %s): give a value for it, "+
				"or %s=@NAME for the proof's NAME", label(i, in), f.offers(), label(i, in))
		case from >= len(f.offered) || f.offered[from].Signature() != in.Type.String():
			return fmt.Errorf("argument %d: it is %s, and the proof's arguments are, in order, %s: give a value for "+
				"it, or write the signature with the names of the arguments", i, in.Type.String(), f.offers())
		}
		f.taken[from] = true
		v, err := parse(in.Type, plain(f.offered[from]))
		if err != nil {
			return fmt.Errorf("argument %s: %w", label(i, in), err)
		}
		values[i] = v
	}
	for i, a := range f.offered {
		if open && !f.taken[i] {
			return fmt.Errorf("its arguments have no names, and %s of the proof would not be among them: "+
				"write the signature with the names of the arguments", a.Name)
		}
	}
	return nil
}

// several reports whether more than one of the arguments that are left has a type.
func (f *filler) several(left []int, t abi.Type) bool {
	n := 0
	for _, i := range left {
		if f.method.Inputs[i].Type.String() == t.String() {
			n++
		}
	}
	return n > 1
}

// sameTypes reports whether the method takes just what the wrapper's calls take.
func (f *filler) sameTypes() bool {
	return slices.EqualFunc(f.method.Inputs, f.offered, func(in abi.Argument, a verifier.Argument) bool {
		return in.Type.String() == a.Signature()
	})
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

// find is the proof's argument of a name, or the field of its struct, which has a place
// then.
func (f *filler) find(name string) *verifier.Argument {
	for i, a := range f.offered {
		if bare(a.Name) == bare(name) {
			f.taken[i] = true
			return &a
		}
	}
	for i, a := range f.offered {
		for _, c := range a.Components {
			if bare(c.Name) == bare(name) {
				f.taken[i] = true
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
