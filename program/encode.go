package program

import (
	"errors"
	"fmt"

	"github.com/fxamacker/cbor/v2"
)

// EncodingVersion is the version of the form that Encode writes. It changes
// with every change of that form or of a kernel's meaning.
const EncodingVersion = 3

// The stored form: arrays in the order of the fields.
type (
	storedProgram struct {
		_       struct{} `cbor:",toarray"`
		Version int
		Values  []storedValue
		Steps   []storedStep
		Inputs  []storedInterval
		Outputs []int
	}
	storedInterval struct {
		_      struct{} `cbor:",toarray"`
		Lo, Hi int64
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
// Decode would refuse.
func Encode(p *Program) ([]byte, error) {
	if err := p.Check(); err != nil {
		return nil, err
	}
	out := storedProgram{Version: EncodingVersion, Outputs: p.Outputs}
	for _, iv := range p.Inputs {
		out.Inputs = append(out.Inputs, storedInterval{Lo: iv.Lo, Hi: iv.Hi})
	}
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
	p := &Program{Outputs: in.Outputs}
	for _, iv := range in.Inputs {
		p.Inputs = append(p.Inputs, Interval{Lo: iv.Lo, Hi: iv.Hi})
	}
	for _, v := range in.Values {
		p.Values = append(p.Values, Value{Shape: v.Shape, Scale: v.Scale})
	}
	if err := p.checkValues(); err != nil {
		return nil, err
	}
	left := allowance{terms: maxTerms, stored: maxStored}
	for i, s := range in.Steps {
		k, err := s.kernel(&left)
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

// checkVersion reads only the first element: the rest may differ between versions.
func checkVersion(data []byte) error {
	const array, short = 4 << 5, 24 // a list whose length is in its first byte
	if len(data) == 0 || data[0] < array || data[0] >= array+short {
		return errors.New("read the program: it is not a stored program")
	}
	version := 0
	if _, err := decoding.UnmarshalFirst(data[1:], &version); err != nil {
		return fmt.Errorf("read the program's version: %w", err)
	}
	if version != EncodingVersion {
		return fmt.Errorf("the program has version %d, this zkml reads version %d: "+
			"compile the model again with this version of zkml", version, EncodingVersion)
	}
	return nil
}

// allowance is what the linear layers of a program that is read may still have: terms,
// of which a short file can ask for many, and numbers that stand in the file.
type allowance struct{ terms, stored int }

func (s *storedStep) kernel(left *allowance) (Kernel, error) {
	d, err := kindNamed(s.Kind)
	if err != nil {
		return nil, err
	}
	k := d.blank()
	if b, ok := k.(bounded); ok {
		return k, b.read(s.Kernel, left)
	}
	if err := decoding.Unmarshal(s.Kernel, k); err != nil {
		return nil, fmt.Errorf("read the %s: %w", d.name, err)
	}
	return k, nil
}
