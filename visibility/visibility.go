// Package visibility owns who sees what: public or private for inputs and
// model, what a proof reveals, and the layout of the public inputs. The circuit, the
// witness, the verifier, the calldata and the Solidity code all read its one table of
// ports. It must not know anything else of the project; everybody may import it.
package visibility

import (
	"fmt"
	"slices"
	"strings"
)

// Private says what is private: all inputs, or those that Named lists, and the model.
type Private struct {
	Input bool
	Model bool
	Named []string
}

// Hides reports whether an input is private.
func (p Private) Hides(input string) bool { return p.Input || slices.Contains(p.Named, input) }

// Hidden reports whether any input is private.
func (p Private) Hidden() bool { return p.Input || len(p.Named) > 0 }

// namedInput is the prefix of a private input's name.
const namedInput = inputWord + ":"

// ParsePrivate reads what is private: a comma-separated list of the words
// input (all inputs), input:NAME (one of them) and model; an empty text hides
// nothing. Any other word is an error: a typing mistake must never publish a secret.
func ParsePrivate(text string) (Private, error) {
	var p Private
	if text == "" {
		return p, nil
	}
	for _, word := range strings.Split(text, ",") {
		word = strings.TrimSpace(word)
		name, named := strings.CutPrefix(word, namedInput)
		switch {
		case word == inputWord:
			p.Input = true
		case word == modelWord:
			p.Model = true
		case named && name != "":
			p.Named = append(p.Named, name)
		default:
			return Private{}, unknownWord("${Private}", word, fmt.Sprintf("%s, separated by a comma; "+
				"%sNAME is one of several inputs",
				allowed([]string{inputWord, modelWord}), namedInput))
		}
	}
	if p.Input {
		p.Named = nil
	}
	return p, nil
}

// String returns the words that ParsePrivate reads.
func (p Private) String() string {
	var words []string
	if p.Input {
		words = append(words, inputWord)
	}
	for _, name := range p.Named {
		words = append(words, namedInput+name)
	}
	if p.Model {
		words = append(words, modelWord)
	}
	return strings.Join(words, ",")
}

// Scenarios are the four combinations, from all public to all private.
var Scenarios = []Private{{}, {Input: true}, {Model: true}, {Input: true, Model: true}}

// Reveal is what a proof shows of an output.
type Reveal string

// What may be revealed.
const (
	Scores     Reveal = "scores"     // the outputs themselves
	Class      Reveal = "class"      // the position of the largest, ties to the first
	Commitment Reveal = "commitment" // a salted commitment to the outputs
	None       Reveal = "none"       // nothing: the output is not proved
)

// ParseReveal reads what is revealed of an output.
func ParseReveal(text string) (Reveal, error) { return parse("${Reveal}", text, reveals) }

// ParseReveals reads what is revealed: one word for all outputs, or a
// comma-separated list of NAME=WORD, in which a word without a name is for all outputs
// that are not named. Without such a word, they reveal their scores.
func ParseReveals(text string) (all Reveal, by map[string]Reveal, err error) {
	all = Scores
	given := false
	for _, part := range strings.Split(text, ",") {
		i := strings.LastIndex(part, "=")
		r, err := ParseReveal(strings.TrimSpace(part[i+1:]))
		if err != nil {
			return "", nil, err
		}
		name := strings.TrimSpace(part[:max(i, 0)])
		switch {
		case i < 0 && given:
			return "", nil, unknownWord("${Reveal}", text, "two words have no name")
		case i < 0:
			all, given = r, true
		case name == "":
			return "", nil, unknownWord("${Reveal}", text, "the name of an output is missing before \"=\"")
		default:
			if by == nil {
				by = map[string]Reveal{}
			}
			if _, twice := by[name]; twice {
				return "", nil, unknownWord("${Reveal}", text, fmt.Sprintf("the output %s appears twice", name))
			}
			by[name] = r
		}
	}
	return all, by, nil
}

// Scheme is how an input is signed by its producer.
type Scheme string

// EdDSA is a signature over Baby Jubjub, the curve over BN254's scalar field.
const EdDSA Scheme = "eddsa"

// ParseScheme reads how an input is signed; an empty text means no signature.
func ParseScheme(text string) (Scheme, error) {
	if text == "" {
		return "", nil
	}
	return parse("${InputSignedBy}", text, schemes)
}

// ParseSigned reads which input is signed, and how: SCHEME, or NAME=SCHEME for one of
// several inputs.
func ParseSigned(text string) (input string, s Scheme, err error) {
	i := strings.LastIndex(text, "=")
	s, err = ParseScheme(text[i+1:])
	return text[:max(i, 0)], s, err
}
