package solidity

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/zkml-go/zkml/visibility"
)

// argument is a port as the wrapper's calls take it: one of their arguments or, if there
// are several inputs or outputs, a field of their argument claim.
type argument struct {
	Parameter
	Port *visibility.Port
	// Of names, within a sentence, the ports that it is about. It contains no text from
	// a key's file.
	Of string
	// Doc describes it in TypeScript.
	Doc string
	// Expr is the expression that reads it in the contracts.
	Expr string
	// Place is a suffix that makes the names of constants and functions unique; empty
	// if there is only one input and one output.
	Place string
	// Input is set for packed elements, Output for one element per word.
	Input  *packing
	Output *output
}

// At is the first public input that shows the port.
func (a argument) At() int { return a.Port.Start }

// Scale returns the scale of the port's tensor, in the fewest digits that identify it.
func (a argument) Scale() string { return strconv.FormatFloat(a.Port.Scale, 'g', -1, 64) }

// Kind returns the kind of the argument's port.
func (a argument) Kind() string { return a.Port.Kind().Name }

// Getter returns the name under which the example contract stores an output.
func (a argument) Getter() string {
	if a.Place == "" && a.OneClass() {
		return "classOf"
	}
	return a.Name + "Of"
}

// InputSlot returns the offset in bytes of the argument's words in the array of words,
// counted from the array's length word.
func (a argument) InputSlot() string { return fmt.Sprintf("%#x", 32*(1+a.Port.Start)) }

// OneNumber reports whether the argument is a single class, and not a list of one.
func (a argument) OneNumber() bool { return a.Output != nil && a.Type == numberType }

// OneClass reports whether the port shows a single class.
func (a argument) OneClass() bool { return oneClass(a.Port) }

// output is the format of revealed outputs.
type output struct {
	Count, Bits int
	Zero        int64
}

// claimName is the argument that holds all others except the proof.
const claimName = "claim"

// byKind lists the arguments by kind of port: the name and type if there is only one, the
// suffix of a name if there are several, and the description in TypeScript.
var byKind = map[string]struct {
	Parameter
	suffix, doc string
}{
	"input": {Parameter{Name: "input", Type: bytesType},
		"", "The bytes of %s: see encodeInput."},
	"input_commitment": {Parameter{Name: "inputCommitment", Type: wordType},
		"Commitment", "The salted commitment to %s."},
	"output": {Parameter{Name: "output", Type: integersType},
		"", "The integers of %s: scores, or classes counted from 0."},
	"output_commitment": {Parameter{Name: "outputCommitment", Type: wordType},
		"Commitment", "The salted commitment to %s."},
	"context": {Parameter{Name: "context", Type: numberType},
		"", "What the proof was made for."},
	"model_commitment": {Parameter{Name: "modelCommitment", Type: wordType},
		"", "The salted commitment to the model's weights."},
	"signer": {Parameter{Name: "signer", Type: pair},
		"Signer", "The key of who signed %s, as a point's coordinates."},
}

// shown returns the ports that are arguments: those that have public inputs.
func shown(l visibility.Layout) []*visibility.Port {
	var out []*visibility.Port
	for i := range l.Ports {
		if l.Ports[i].Words > 0 {
			out = append(out, &l.Ports[i])
		}
	}
	return out
}

// inStruct reports whether the calls take a struct: they do if the inputs or the outputs
// are more than one argument. Then no other wrapper's calls have the same type, and any
// number of ports fits Solidity's stack.
func inStruct(l visibility.Layout) bool {
	count := map[visibility.Role]int{}
	for _, p := range shown(l) {
		count[p.Role]++
	}
	return count[visibility.RoleInput] != 1 || count[visibility.RoleOutput] != 1
}

// claimArguments lists what a proof is about, in the order of the layout's ports.
func claimArguments(l visibility.Layout) []argument {
	var list []argument
	fields, ports, used := inStruct(l), portNames(l), reservedNames()
	for _, name := range ports {
		used.take(noKeyword(name)) // so that no field has the name of another port
	}
	for i, p := range shown(l) {
		row := byKind[p.Kind().Name]
		a := argument{Parameter: row.Parameter, Port: p, Of: subject(l, p, ports)}
		if named := namedAfter(l, p); named != nil {
			if suffix := row.suffix + classSuffix(p); suffix == "" {
				a.Name = noKeyword(ports[named])
			} else {
				a.Name = used.unused(noKeyword(ports[named] + suffix))
			}
			if oneClass(p) {
				a.Type = numberType
			}
		}
		if a.Doc = row.doc; strings.Contains(row.doc, "%s") {
			a.Doc = fmt.Sprintf(row.doc, a.Of)
		}
		if a.Expr = a.Name; fields {
			a.Expr, a.Place = claimName+"."+a.Name, fmt.Sprintf("_%d", i+1)
		}
		if p.Is(visibility.FormPacked) {
			a.Input = newPacking(p.Tensor)
		}
		if p.Is(visibility.FormElements) {
			a.Output = &output{Count: p.Count(), Bits: p.Bits, Zero: p.Zero}
		}
		list = append(list, a)
	}
	return list
}

// claimParameter returns the struct argument whose fields are what a proof is about. The
// contract's interface declares its type.
func claimParameter(contract string, list []argument) Parameter {
	p := Parameter{Name: claimName, Type: structType, Internal: "struct I" + contract + ".Claim"}
	for _, a := range list {
		p.Components = append(p.Components, a.Parameter)
	}
	return p
}

// parameters lists everything that a call takes: the claim, then the proof.
func parameters(contract string, l visibility.Layout) []Parameter {
	claim := claimArguments(l)
	if inStruct(l) {
		return []Parameter{claimParameter(contract, claim), proofParameter}
	}
	var list []Parameter
	for _, a := range claim {
		list = append(list, a.Parameter)
	}
	return append(list, proofParameter)
}

// reservedNames returns the names that a port's argument cannot have: those of the proof,
// the claim, and the kinds.
func reservedNames() nameSet {
	used := nameSet{}
	used.take(proofParameter.Name)
	used.take(claimName)
	for _, row := range byKind {
		used.take(row.Name)
	}
	return used
}

// portNames gives each input and output a unique name that is valid in Solidity and
// TypeScript: its own if that is valid.
func portNames(l visibility.Layout) map[*visibility.Port]string {
	given, used := map[*visibility.Port]string{}, reservedNames()
	for _, own := range []bool{true, false} {
		for _, ports := range [][]*visibility.Port{l.Inputs(), l.Outputs()} {
			for i, p := range ports {
				if name := fieldName(p.Name, fmt.Sprintf("%s%d", p.Role, i+1)); (name == p.Name) == own {
					given[p] = used.unused(name)
				}
			}
		}
	}
	return given
}

// namedAfter returns the port after which an argument is named, or nil if it is named after
// its kind.
func namedAfter(l visibility.Layout, p *visibility.Port) *visibility.Port {
	switch inputs := len(l.Inputs()); {
	case p.Role == visibility.RoleInput && inputs > 1 && !onlyCommitment(l, p):
		return p
	case p.Role == visibility.RoleOutput && len(l.Outputs()) > 1:
		return p
	case p.Role == visibility.RoleSigner && inputs > 1:
		return l.Input(p.Of)
	}
	return nil
}

// onlyCommitment reports whether a port's commitment is the only one to inputs, and covers
// several.
func onlyCommitment(l visibility.Layout, p *visibility.Port) bool {
	n := 0
	for _, q := range l.Commitments() {
		if q.Role == p.Role {
			n++
		}
	}
	covered, _ := l.Covered(p)
	return n == 1 && len(covered) > 1 && p.Salted()
}

// subject names, within a sentence, the ports that an argument is about.
func subject(l visibility.Layout, p *visibility.Port, names map[*visibility.Port]string) string {
	var about []*visibility.Port
	of, role := len(l.Outputs()), p.Role
	switch role {
	case visibility.RoleInput:
		about, _ = l.Covered(p)
		of = len(l.Inputs())
	case visibility.RoleOutput:
		about = []*visibility.Port{p}
	case visibility.RoleSigner:
		role, about, of = visibility.RoleInput, []*visibility.Port{l.Input(p.Of)}, len(l.Inputs())
	default:
		return "the " + string(role)
	}
	if of == 1 {
		return "the " + string(role)
	}
	words := make([]string, len(about))
	for i, q := range about {
		words[i] = names[q]
	}
	if len(words) == 1 {
		return "the " + string(role) + " " + words[0]
	}
	return "the " + string(role) + "s " + strings.Join(words, ", ") + " together"
}

// oneClass reports whether a port shows a single class.
func oneClass(p *visibility.Port) bool {
	return p.Is(visibility.FormElements) && p.Classes && p.Count() == 1
}

// classSuffix returns the suffix of the name of an output's argument that holds classes,
// so that nobody takes them for scores.
func classSuffix(p *visibility.Port) string {
	switch {
	case oneClass(p):
		return "Class"
	case p.Is(visibility.FormElements) && p.Classes:
		return "Classes"
	}
	return ""
}
