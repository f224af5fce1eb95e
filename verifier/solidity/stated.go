package solidity

import (
	"fmt"
	"math"
	"math/bits"

	"github.com/zkml-go/zkml/visibility"
)

// formatFile is the file that says what a format is, the same for every model. The package of
// contracts in contracts/ has it too.
const formatFile = "InferenceFormat.sol"

// unknownPort is the wrapper's error for a port that the model does not have.
var unknownPort = customError{"NoSuchPort", "The model has no input or output of this number.", nil}

// stated is what a wrapper says of the format of an input or an output: the fields of
// Format in formatFile.
type stated struct {
	// Of names the port, without text from a key's file.
	Of          string
	Count, Bits int
	Zero        int64
	Mantissa    uint64
	Exponent    int
	Classes     int64
}

// formatComponents are the fields of Format as an ABI has them.
var formatComponents = []Parameter{
	{Name: "count", Type: "uint32"}, {Name: "bits", Type: "uint8"}, {Name: "zero", Type: "int64"},
	{Name: "mantissa", Type: "uint64"}, {Name: "exponent", Type: "int16"}, {Name: "classes", Type: "uint32"},
}

// InputFormats and OutputFormats are what the wrapper says of all inputs and of all outputs
// that a proof is about, hidden ones too.
func (v view) InputFormats() []stated  { return v.formats(v.layout.Inputs()) }
func (v view) OutputFormats() []stated { return v.formats(v.layout.Outputs()) }

func (v view) formats(ports []*visibility.Port) []stated {
	list, names := make([]stated, len(ports)), portNames(v.layout)
	for i, p := range ports {
		s := stated{Of: string(p.Role), Count: p.Count(), Bits: p.Bits, Zero: p.Zero, Classes: p.ClassCount}
		if len(ports) > 1 {
			s.Of = names[p]
		}
		if len(p.Elements) == 0 { // else nothing is stated: there is no format of all elements
			s.Mantissa, s.Exponent = exactly(p.Scale)
		}
		list[i] = s
	}
	return list
}

// exactly returns the odd mantissa and the exponent of which a positive number is made:
// mantissa·2^exponent.
func exactly(scale float64) (mantissa uint64, exponent int) {
	fraction, exponent := math.Frexp(scale)
	mantissa = uint64(math.Ldexp(fraction, 53))
	zeros := bits.TrailingZeros64(mantissa)
	return mantissa >> zeros, exponent - 53 + zeros
}

// Shape is the shape that the wrapper states, as formatFile calls it: what a consumer that
// takes one input and one output can call it with.
func (v view) Shape() string {
	if v.Struct || v.Batch > 0 || v.Signed || v.Hashed || v.Outputs()[0].Output == nil {
		return "Unlisted"
	}
	shape := "PrivateInput"
	if v.Inputs()[0].Input != nil {
		shape = "PublicInput"
	}
	if v.Context {
		shape += "Context"
	}
	return shape
}

// statements are the functions by which every wrapper says what it is, that of ERC-165 last.
func statements() []Entry {
	pure := func(name string, in, out Parameter) Entry {
		e := getter(name, []Parameter{in}, out)
		e.StateMutability = "pure"
		return e
	}
	format := Parameter{Type: structType, Internal: "struct Format", Components: formatComponents}
	number, index := Parameter{Type: numberType}, Parameter{Name: "index", Type: numberType}
	return []Entry{
		getter("UNSAFE_SRS", nil, Parameter{Type: "bool"}),
		getter("VK_SHA256", nil, Parameter{Type: wordType}),
		getter("ZKML_VERSION", nil, Parameter{Type: "string"}),
		getter("SHAPE", nil, Parameter{Type: "uint8", Internal: "enum Shape"}),
		getter("BATCH", nil, number),
		getter("INPUTS", nil, number),
		getter("OUTPUTS", nil, number),
		pure("inputFormat", index, format),
		pure("outputFormat", index, format),
		pure("supportsInterface", Parameter{Name: "interfaceId", Type: "bytes4"}, Parameter{Type: "bool"}),
	}
}

// WrapperID is what ERC-165 calls these functions, without its own.
func (v view) WrapperID() string {
	list := statements()
	return interfaceID(list[:len(list)-1])
}

// InterfaceID is what ERC-165 calls the wrapper's interface.
func (v view) InterfaceID() string { return interfaceID(contractABI(v)) }

// interfaceID joins the selectors of an ABI's functions.
func interfaceID(list []Entry) string {
	var id uint32
	for _, e := range list {
		if e.Type == "function" {
			id ^= selector(e.Name, e.Inputs)
		}
	}
	return fmt.Sprintf("0x%08x", id)
}
