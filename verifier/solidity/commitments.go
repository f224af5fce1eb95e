package solidity

import (
	"bytes"
	"fmt"
	"text/template"

	"github.com/consensys/gnark-crypto/ecc/bn254/fr"
	"github.com/consensys/gnark-crypto/ecc/bn254/fr/poseidon2"

	"github.com/zkml-go/zkml/visibility"
)

// commitment is one that the client can compute: its argument, the domain of its hash, and
// the ports that it covers, with their table in the client.
type commitment struct {
	Argument, Domain, Table string
	Covers                  []string
}

// permutation is Poseidon2 of one width: its constants in hex, in the order in which the
// permutation uses them.
type permutation struct {
	Width, Full, Partial int
	Diagonal, Keys       []string
}

// commitmentsOf lists a layout's commitments to inputs and outputs, and the permutations
// that they need.
func commitmentsOf(v view) (list []commitment, widths []permutation) {
	seen := map[int]bool{}
	for _, a := range v.Claim {
		if !a.Port.Salted() {
			continue
		}
		c := commitment{Argument: a.Name, Domain: quoted(visibility.ValueDomain + ": " + v.layout.Domain(a.Port))}
		c.Table = string(a.Port.Role) + "s"
		elements := 1 // the salt
		covered, _ := v.layout.Covered(a.Port)
		for _, p := range covered {
			c.Covers = append(c.Covers, quoted(p.Name))
			elements += p.Tensor.Words()
		}
		list = append(list, c)
		if w := widthOf(elements); !seen[w] {
			seen[w] = true
			widths = append(widths, poseidonOf(w))
		}
	}
	return list, widths
}

// widthOf returns the width of the permutation that hashes the given number of elements.
// The client computes it too, and fails if it does not have that permutation.
func widthOf(elements int) int {
	for _, w := range []int{4, 8, 12} {
		if elements < w {
			return w
		}
	}
	return 16
}

// poseidonOf returns the constants of a permutation. gnark-crypto refuses other numbers of
// rounds.
func poseidonOf(width int) permutation {
	p := permutation{Width: width, Full: 8, Partial: 57}
	if width == 4 {
		p.Partial = 56
	}
	numbers := poseidon2.NewParameters(p.Width, p.Full, p.Partial)
	hex := func(e fr.Element) string { return fmt.Sprintf("0x%xn", e.Bytes()) }
	for _, e := range numbers.DiagM1 {
		p.Diagonal = append(p.Diagonal, hex(e))
	}
	for _, round := range numbers.RoundKeys {
		// An inner round has one key; the table may pad it with zeros.
		if n := len(p.Keys); n >= width*p.Full/2 && n < width*p.Full/2+p.Partial {
			round = round[:1]
		}
		for _, e := range round {
			p.Keys = append(p.Keys, hex(e))
		}
	}
	return p
}

// renderCommitments returns the part of a client that computes commitments. It is empty for
// a layout without any.
func renderCommitments(v view) ([]byte, error) {
	list, widths := commitmentsOf(v)
	if len(list) == 0 {
		return nil, nil
	}
	const source = "commitments.ts.tmpl"
	t, err := template.New(source).Parse(text(source))
	if err != nil {
		return nil, err
	}
	var out bytes.Buffer
	err = t.Execute(&out, map[string]any{"Commitments": list, "Permutations": widths})
	return out.Bytes(), err
}
