package program

import (
	"errors"
	"fmt"

	"github.com/fxamacker/cbor/v2"
)

// EncodingVersion is the version of the form that Encode writes. It changes
// with every change of that form or of a kernel's meaning. A program whose inputs have an
// interval for each element is written in the form of EachVersion, which has these too.
const (
	EncodingVersion = 3
	EachVersion     = 4
)

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
	storedEach struct {
		_       struct{} `cbor:",toarray"`
		Version int
		Values  []storedValue
		Steps   []storedStep
		Inputs  []storedInterval
		Outputs []int
		Each    [][]storedInterval
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
	out.Inputs = storedIntervals(p.Inputs)
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
	if p.Each == nil {
		return encoding.Marshal(out)
	}
	with := storedEach{Version: EachVersion, Values: out.Values, Steps: out.Steps, Inputs: out.Inputs,
		Outputs: out.Outputs}
	for _, each := range p.Each {
		with.Each = append(with.Each, storedIntervals(each))
	}
	return encoding.Marshal(with)
}

func storedIntervals(ivs []Interval) []storedInterval {
	var out []storedInterval
	for _, iv := range ivs {
		out = append(out, storedInterval{Lo: iv.Lo, Hi: iv.Hi})
	}
	return out
}

func intervals(stored []storedInterval) []Interval {
	var out []Interval
	for _, iv := range stored {
		out = append(out, Interval{Lo: iv.Lo, Hi: iv.Hi})
	}
	return out
}

// Decode reads what Encode wrote. A program that it returns passes Check.
func Decode(data []byte) (*Program, error) {
	in, each, err := decode(data)
	if err != nil {
		return nil, err
	}
	p := &Program{Outputs: in.Outputs, Inputs: intervals(in.Inputs)}
	for _, ivs := range each {
		p.Each = append(p.Each, intervals(ivs))
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

// decode reads either form.
func decode(data []byte) (in storedProgram, each [][]storedInterval, err error) {
	version, err := versionOf(data)
	if err != nil {
		return in, nil, err
	}
	switch version {
	case EncodingVersion:
		err = decoding.Unmarshal(data, &in)
	case EachVersion:
		var with storedEach
		err = decoding.Unmarshal(data, &with)
		in = storedProgram{Values: with.Values, Steps: with.Steps, Inputs: with.Inputs, Outputs: with.Outputs}
		if each = with.Each; err == nil && len(each) == 0 {
			err = errors.New("it has no intervals of elements")
		}
	default:
		return in, nil, fmt.Errorf("the program has version %d, this zkml reads versions %d and %d: "+
			"compile the model again with this version of zkml", version, EncodingVersion, EachVersion)
	}
	if err != nil {
		err = fmt.Errorf("read the program: %w", err)
	}
	return in, each, err
}

// versionOf reads only the first element: the rest may differ between versions.
func versionOf(data []byte) (version int, err error) {
	const array, short = 4 << 5, 24 // a list whose length is in its first byte
	if len(data) == 0 || data[0] < array || data[0] >= array+short {
		return 0, errors.New("read the program: it is not a stored program")
	}
	if _, err := decoding.UnmarshalFirst(data[1:], &version); err != nil {
		return 0, fmt.Errorf("read the program's version: %w", err)
	}
	return version, nil
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
