package solidity

import (
	"encoding/hex"
	"slices"
	"strings"

	"github.com/zkml-go/zkml/visibility"
)

// named is an input or an output whose numbers stand for texts.
type named struct {
	Index int
	Of    string
	Texts []namedText
}

// namedText is what a number stands for, in hex: no text from a key's file reaches a contract
// as it is.
type namedText struct {
	Number int64
	Hex    string
}

// What a contract has of texts: others are in the JSON file alone.
const (
	mostTexts    = 256
	longestNamed = 32 // bytes
)

// InputTexts and OutputTexts list the ports whose numbers stand for texts.
func (v view) InputTexts() []named  { return v.named(v.layout.Inputs()) }
func (v view) OutputTexts() []named { return v.named(v.layout.Outputs()) }

func (v view) named(ports []*visibility.Port) []named {
	var list []named
	names := portNames(v.layout)
	for i, p := range ports {
		if len(p.Texts) == 0 {
			continue
		}
		n := named{Index: i, Of: string(p.Role)}
		if len(ports) > 1 {
			n.Of = names[p]
		}
		for _, x := range p.Texts {
			if x.Number < 0 {
				continue // a contract takes numbers from 0 on
			}
			n.Texts = append(n.Texts, namedText{x.Number, hex.EncodeToString([]byte(x.Text))})
		}
		if len(n.Texts) > 0 {
			list = append(list, n)
		}
	}
	return list
}

// HasTexts reports whether some port has texts, and WritesTexts whether a library of them is
// written: they are few and short enough for a contract.
func (v view) HasTexts() bool { return len(v.InputTexts())+len(v.OutputTexts()) > 0 }

// WritesTexts is explained at HasTexts.
func (v view) WritesTexts() bool {
	count := 0
	for _, p := range slices.Concat(v.layout.Inputs(), v.layout.Outputs()) {
		count += len(p.Texts)
		for _, x := range p.Texts {
			if len(x.Text) > longestNamed {
				return false
			}
		}
	}
	return v.HasTexts() && count <= mostTexts
}

// textsFile is the library of what numbers stand for.
const textsFile = ConsumerFolder + "/NAMETexts.sol"

// renderTexts returns the library, or nil if there is none.
func renderTexts(v view) ([]file, error) {
	if !v.WritesTexts() {
		return nil, nil
	}
	text, err := render("texts.sol.tmpl", v)
	return []file{{strings.ReplaceAll(textsFile, "NAME", v.Name), text}}, err
}

// TextsByRole lists both, for the template.
func (v view) TextsByRole() map[string][]named {
	return map[string][]named{
		string(visibility.RoleInput): v.InputTexts(), string(visibility.RoleOutput): v.OutputTexts(),
	}
}
