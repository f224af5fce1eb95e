// Package visibility owns who sees what: public or private for input and
// model, what a proof reveals, and the layout of the public inputs. It is the
// one table that the circuit, the witness, the verifier, the calldata and the
// Solidity all read. It must not know anything else of the project; everybody
// may import it.
package visibility

import (
	"fmt"
	"strings"
)

// Private says which parties' data stay hidden.
type Private struct {
	Input bool `json:"input"`
	Model bool `json:"model"`
}

// ParsePrivate reads the value of --private: a comma-separated list of the
// words input and model; an empty text hides nothing. Any other word is an
// error: a typing mistake must never decide what is published.
func ParsePrivate(text string) (Private, error) {
	var p Private
	if text == "" {
		return p, nil
	}
	for _, word := range strings.Split(text, ",") {
		found := false
		for _, party := range parties {
			if strings.TrimSpace(word) == party.word {
				*party.of(&p), found = true, true
			}
		}
		if !found {
			return Private{}, fmt.Errorf("--private %q: %s, separated by a comma", word, allowed(Private{Input: true, Model: true}.words()))
		}
	}
	return p, nil
}

// String gives the words that ParsePrivate reads.
func (p Private) String() string { return strings.Join(p.words(), ",") }

func (p Private) words() []string {
	var words []string
	for _, party := range parties {
		if *party.of(&p) {
			words = append(words, party.word)
		}
	}
	return words
}

// Scenarios are the four combinations, from all public to all private.
var Scenarios = []Private{{}, {Input: true}, {Model: true}, {Input: true, Model: true}}

// Reveal is what a proof shows of the model's output.
type Reveal string

// The values of --reveal.
const (
	Scores     Reveal = "scores"     // the outputs themselves
	Class      Reveal = "class"      // the position of the largest, ties to the first
	Commitment Reveal = "commitment" // a salted commitment to the outputs
)

// ParseReveal reads the value of --reveal.
func ParseReveal(text string) (Reveal, error) { return parse("reveal", text, reveals) }

// Scheme is how an input is signed by who made it.
type Scheme string

// EdDSA is a signature over Baby Jubjub, the curve over BN254's scalar field.
const EdDSA Scheme = "eddsa"

// ParseScheme reads the value of --input-signed-by; an empty text asks for no
// signature.
func ParseScheme(text string) (Scheme, error) {
	if text == "" {
		return "", nil
	}
	return parse("input-signed-by", text, schemes)
}
