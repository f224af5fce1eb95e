package solidity

import (
	"strings"

	"github.com/zkml-go/zkml/visibility"
)

// Parameter is an argument of the wrapper's calls. The list of them is what the
// contracts, the ABI and the calldata are written from.
type Parameter struct {
	Name string `json:"name"`
	Type string `json:"type"`
}

// dynamic tells whether the type has no fixed length, and so lives in calldata.
func (p Parameter) dynamic() bool { return p.Type == "bytes" || strings.HasSuffix(p.Type, "[]") }

// byKind is the table of arguments: that of the only port of a kind, and what is
// said of it in TypeScript.
var byKind = map[string]struct {
	Parameter
	doc string
}{
	"input":             {Parameter{"input", "bytes"}, "The input's bytes: see encodeInput."},
	"input_commitment":  {Parameter{"inputCommitment", "bytes32"}, "The salted commitment to the input."},
	"output":            {Parameter{"output", "int256[]"}, "The output's integers: scores, or classes counted from 0."},
	"output_commitment": {Parameter{"outputCommitment", "bytes32"}, "The salted commitment to the output."},
	"context":           {Parameter{"context", "uint256"}, "What the proof was made for."},
	"model_commitment":  {Parameter{"modelCommitment", "bytes32"}, "The salted commitment to the model's weights."},
	"signer":            {Parameter{"signer", pair}, "The key of who signed the input, as a point's coordinates."},
}

// shown are the ports that are arguments: those that have public inputs.
func shown(l visibility.Layout) []*visibility.Port {
	var out []*visibility.Port
	for i := range l.Ports {
		if l.Ports[i].Words > 0 {
			out = append(out, &l.Ports[i])
		}
	}
	return out
}

// claimParameters lists what a proof is about, in the order of the layout's ports.
func claimParameters(l visibility.Layout) []Parameter {
	var list []Parameter
	for _, p := range shown(l) {
		list = append(list, byKind[p.Kind().Name].Parameter)
	}
	return list
}

// parameters lists all arguments: the claim, then the proof.
func parameters(l visibility.Layout) []Parameter {
	return append(claimParameters(l), Parameter{"proof", "bytes"})
}

// head is how many bytes the argument takes in the head of calldata.
func (p Parameter) head() int {
	if p.Type == pair {
		return 64
	}
	return 32
}

// located tells whether Solidity wants to know where the argument lies.
func (p Parameter) located() bool { return p.dynamic() || p.Type == pair }

// pair is the type of a point of the signers' curve.
const pair = "uint256[2]"

// declaration writes parameters as Solidity declares them, one a line.
func declaration(indent string, list []Parameter) string {
	lines := make([]string, len(list))
	for i, p := range list {
		location := " "
		if p.located() {
			location = " calldata "
		}
		lines[i] = "\n" + indent + p.Type + location + p.Name
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
		words[i] = p.Type
	}
	return strings.Join(words, ", ")
}
