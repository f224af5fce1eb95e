package solidity

import "strings"

// Parameter is an argument of the wrapper's calls, or a field of one, as in an ABI.
type Parameter struct {
	Name string `json:"name"`
	Type string `json:"type"`
	// Internal is Solidity's name of a struct, and Components are its fields.
	Internal   string      `json:"internalType,omitempty"`
	Components []Parameter `json:"components,omitempty"`
	// Indexed is an event's: the value is a topic of its log.
	Indexed bool `json:"indexed,omitempty"`
}

// The types of arguments.
const (
	bytesType    = "bytes"
	integersType = "int256[]"
	wordType     = "bytes32"
	numberType   = "uint256"
	// pair is a point of the signers' curve.
	pair = "uint256[2]"
	// structType is an ABI's name for a struct.
	structType = "tuple"
)

// proofParameter is the last argument of each call.
var proofParameter = Parameter{Name: "proof", Type: bytesType}

// dynamic reports whether the type has no fixed length, so that the head of calldata holds
// only its offset.
func (p Parameter) dynamic() bool {
	for _, c := range p.Components {
		if c.dynamic() {
			return true
		}
	}
	return p.Type == bytesType || strings.HasSuffix(p.Type, "[]")
}

// head is the number of bytes that the argument takes in the head of calldata.
func (p Parameter) head() int {
	switch {
	case p.dynamic() || p.Type != pair && p.Type != structType:
		return 32
	case p.Type == pair:
		return 64
	}
	n := 0
	for _, c := range p.Components {
		n += c.head()
	}
	return n
}

// located reports whether Solidity requires a data location for the argument.
func (p Parameter) located() bool { return p.dynamic() || p.Type == pair || p.Type == structType }

// signature returns the type as it is written in the signature of a call.
func (p Parameter) signature() string {
	if p.Type != structType {
		return p.Type
	}
	types := make([]string, len(p.Components))
	for i, c := range p.Components {
		types[i] = c.signature()
	}
	return "(" + strings.Join(types, ",") + ")"
}

// Solidity returns the type as a contract declares it.
func (p Parameter) Solidity() string {
	if p.Type == structType {
		return strings.TrimPrefix(p.Internal, "struct ")
	}
	return p.Type
}

// declaration writes parameters as Solidity declares them, one per line.
func declaration(indent string, list []Parameter) string {
	lines := make([]string, len(list))
	for i, p := range list {
		location := " "
		if p.located() {
			location = " calldata "
		}
		lines[i] = "\n" + indent + p.Solidity() + location + p.Name
	}
	return strings.Join(lines, ",") + "\n" + strings.TrimSuffix(indent, "    ")
}

// names writes parameters as a call passes them.
func names(list []Parameter) string {
	words := make([]string, len(list))
	for i, p := range list {
		words[i] = p.Name
	}
	return strings.Join(words, ", ")
}

// types writes parameters' types as abi.decode takes them.
func types(list []Parameter) string {
	words := make([]string, len(list))
	for i, p := range list {
		words[i] = p.Solidity()
	}
	return strings.Join(words, ", ")
}
