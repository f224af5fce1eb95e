package program

import (
	"errors"
	"fmt"

	"github.com/fxamacker/cbor/v2"
)

// EncodingVersion is the version of the form that Encode writes. It changes
// with every change of that form or of a kernel's meaning.
const EncodingVersion = 2

// kind is a row of the table of kernels that can be stored.
type kind struct {
	name        string
	least, most int // inputs
	// is tells whether a kernel is of this kind, and blank makes an empty one.
	is    func(Kernel) bool
	blank func() Kernel
	// check says why a kernel cannot take inputs of the given sizes to an output
	// of the given size, or nil.
	check func(k Kernel, in []int, out int) error
}

// pointer is a kernel's type: a pointer to its struct.
type pointer[K any] interface {
	*K
	Kernel
}

func kindOf[K any, P pointer[K]](name string, least, most int, check func(k P, in []int, out int) error) kind {
	return kind{
		name: name, least: least, most: most,
		is:    func(k Kernel) bool { _, ok := k.(P); return ok },
		blank: func() Kernel { return P(new(K)) },
		check: func(k Kernel, in []int, out int) error { return check(k.(P), in, out) },
	}
}

// anyInputs is the most inputs of a kernel that takes any number.
const anyInputs = 1 << 16

// kinds is the table of all kernels. A kernel that is not here cannot be
// stored, so a new kernel adds its row, and its check in check.go.
var kinds = []kind{
	kindOf("linear", 1, anyInputs, (*Linear).check),
	kindOf("saturate", 1, 1, (*Saturate).check),
	kindOf("table", 1, 1, (*Table).check),
	kindOf("max", 1, 1, (*Max).check),
	kindOf("argmax", 1, 1, (*ArgMax).check),
	kindOf("move", 1, anyInputs, (*Move).check),
	kindOf("product", 2, 2, (*Product).check),
	kindOf("dot", 2, 2, (*Dot).check),
	kindOf("softmax", 1, 1, (*Softmax).check),
}

func kindOfKernel(k Kernel) (kind, error) {
	for _, d := range kinds {
		if d.is(k) {
			return d, nil
		}
	}
	return kind{}, fmt.Errorf("a kernel of type %T has no row in the table of kinds", k)
}

func kindNamed(name string) (kind, error) {
	for _, d := range kinds {
		if d.name == name {
			return d, nil
		}
	}
	return kind{}, fmt.Errorf("kind %q is unknown: compile the model again with this version of zkml", name)
}

// The stored form: arrays in the order of the fields.
type (
	storedProgram struct {
		_       struct{} `cbor:",toarray"`
		Version int
		Values  []storedValue
		Steps   []storedStep
		Lo, Hi  int64
		Output  int
	}
	storedValue struct {
		_     struct{} `cbor:",toarray"`
		Shape []int
		Scale float64
	}
	storedStep struct {
		_      struct{} `cbor:",toarray"`
		Node   string
		Kind   string
		In     []int
		Out    int
		Kernel cbor.RawMessage
	}
)

var (
	encoding = must(cbor.CoreDetEncOptions().EncMode())
	decoding = must(cbor.DecOptions{
		DupMapKey:         cbor.DupMapKeyEnforcedAPF,
		MaxArrayElements:  maxElements,
		IndefLength:       cbor.IndefLengthForbidden,
		TagsMd:            cbor.TagsForbidden,
		ExtraReturnErrors: cbor.ExtraDecErrorUnknownField,
		NaN:               cbor.NaNDecodeForbidden,
		Inf:               cbor.InfDecodeForbidden,
	}.DecMode())
)

// must is for modes whose options are constants.
func must[T any](mode T, err error) T {
	if err != nil {
		panic(err)
	}
	return mode
}

// Encode gives the program's stored form: CBOR in its core deterministic
// encoding, the same bytes for the same program. It refuses a program that
// Decode would.
func Encode(p *Program) ([]byte, error) {
	if err := p.Check(); err != nil {
		return nil, err
	}
	out := storedProgram{Version: EncodingVersion, Lo: p.Input.Lo, Hi: p.Input.Hi, Output: p.Output}
	for _, v := range p.Values {
		out.Values = append(out.Values, storedValue{Shape: v.Shape, Scale: v.Scale})
	}
	for _, s := range p.Steps {
		d, err := kindOfKernel(s.Kernel)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", s.Node, err)
		}
		raw, err := encoding.Marshal(s.Kernel)
		if err != nil {
			return nil, fmt.Errorf("%s: encode the %s: %w", s.Node, d.name, err)
		}
		out.Steps = append(out.Steps, storedStep{Node: s.Node, Kind: d.name, In: s.In, Out: s.Out, Kernel: raw})
	}
	return encoding.Marshal(out)
}

// Decode reads what Encode wrote. A program that it returns passes Check.
func Decode(data []byte) (*Program, error) {
	if err := checkVersion(data); err != nil {
		return nil, err
	}
	var in storedProgram
	if err := decoding.Unmarshal(data, &in); err != nil {
		return nil, fmt.Errorf("read the program: %w", err)
	}
	p := &Program{Input: Interval{in.Lo, in.Hi}, Output: in.Output}
	for _, v := range in.Values {
		p.Values = append(p.Values, Value{Shape: v.Shape, Scale: v.Scale})
	}
	if err := p.checkValues(); err != nil {
		return nil, err
	}
	budget := maxElements
	for i, s := range in.Steps {
		k, err := s.kernel(&budget)
		if err != nil {
			return nil, fmt.Errorf("step %d, %s: %w", i, s.Node, err)
		}
		p.Steps = append(p.Steps, Step{Node: s.Node, Kernel: k, In: s.In, Out: s.Out})
	}
	if err := p.Check(); err != nil {
		return nil, err
	}
	return p, nil
}

// checkVersion looks at the first element alone: what follows may differ between
// versions.
func checkVersion(data []byte) error {
	const array, short = 4 << 5, 24 // a list whose length is in its first byte
	if len(data) == 0 || data[0] < array || data[0] >= array+short {
		return errors.New("read the program: it is no stored program")
	}
	version := 0
	if _, err := decoding.UnmarshalFirst(data[1:], &version); err != nil {
		return fmt.Errorf("read the program's version: %w", err)
	}
	if version != EncodingVersion {
		return fmt.Errorf("the program has version %d, this zkml reads version %d: compile the model again with this version of zkml", version, EncodingVersion)
	}
	return nil
}

func (s *storedStep) kernel(budget *int) (Kernel, error) {
	d, err := kindNamed(s.Kind)
	if err != nil {
		return nil, err
	}
	k := d.blank()
	if l, ok := k.(*Linear); ok {
		return l, l.read(s.Kernel, budget)
	}
	if err := decoding.Unmarshal(s.Kernel, k); err != nil {
		return nil, fmt.Errorf("read the %s: %w", d.name, err)
	}
	return k, nil
}
