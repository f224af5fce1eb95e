// Command vectors writes docs/vectors.json: known answers for whoever computes hashes,
// commitments, messages and challenges without this project's code. docs/vectors.md
// says what each is. Run it at the top of the project:
//
//	go run ./dev/gen/vectors
//
// Nobody imports it.
package main

//go:generate go run . ../../..

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math/big"
	"os"
	"path/filepath"
	"strconv"

	"github.com/zkml-go/zkml/circuits"
	"github.com/zkml-go/zkml/verifier"
	"github.com/zkml-go/zkml/visibility"
)

// file is where the vectors stand.
const file = "docs/vectors.json"

// vectors is the file's form.
type vectors struct {
	Version      int           `json:"version"`
	Permutations []permutation `json:"permutations"`
	Tags         []tag         `json:"tags"`
	Hashes       []hashed      `json:"hashes"`
	Packings     []packing     `json:"packings"`
	Commitments  []commitment  `json:"commitments"`
	Messages     []message     `json:"messages"`
	Challenge    challenge     `json:"challenge"`
	Transcripts  []transcript  `json:"transcripts"`
}

type hashed struct {
	Domain   string          `json:"domain"`
	Elements []verifier.Word `json:"elements"`
	Hash     verifier.Word   `json:"hash"`
}

// format is a tensor's, with its Domain as text.
type format struct {
	Name     string    `json:"name"`
	Count    int       `json:"count"`
	Bits     int       `json:"bits"`
	Zero     int64     `json:"zero,string"`
	Scale    float64   `json:"scale"`
	Elements []element `json:"elements,omitempty"`
	Domain   string    `json:"domain"`
}

// element is the format of one element.
type element struct {
	Bits    int     `json:"bits"`
	Zero    int64   `json:"zero,string"`
	Scale   float64 `json:"scale"`
	Missing *int64  `json:"missing,string,omitempty"`
}

type packing struct {
	Format format          `json:"format"`
	Values []string        `json:"values"` // decimal, since not all readers have 64 bits
	Words  []verifier.Word `json:"words"`
}

type commitment struct {
	What       string        `json:"what"`
	Tensors    []packing     `json:"tensors,omitempty"`
	Words      words         `json:"words,omitempty"`
	Domain     string        `json:"domain"`
	Salt       verifier.Word `json:"salt"`
	Commitment verifier.Word `json:"commitment"`
}

type words []verifier.Word

type message struct {
	Packed  packing       `json:"tensor"`
	Purpose string        `json:"purpose"`
	Domain  string        `json:"domain"`
	Message verifier.Word `json:"message"`
}

func main() {
	root := "."
	if len(os.Args) > 1 {
		root = os.Args[1]
	}
	text, err := render()
	if err == nil {
		err = os.WriteFile(filepath.Join(root, file), text, 0o644)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "vectors:", err)
		os.Exit(1)
	}
}

func render() ([]byte, error) {
	v := vectors{Version: 1, Permutations: permutations(), Tags: tags(), Hashes: hashes(), Transcripts: transcripts()}
	tensors := []visibility.Tensor{
		{Name: "bytes", Shape: []int{3, 11}, Bits: 8, Scale: 1. / 255},
		{Name: "signed", Shape: []int{5}, Bits: 12, Zero: 2048, Scale: 0.25},
		{Name: "bits", Shape: []int{300}, Bits: 1, Scale: 1},
		{Name: "wide", Shape: []int{9}, Bits: 62, Zero: 1 << 61, Scale: 0.001},
		{Name: "long", Shape: []int{24, 24}, Bits: 8, Zero: 128, Scale: 1},
		{Name: "middle", Shape: []int{40}, Bits: 50, Scale: 1},
		row(),
	}
	for _, t := range tensors {
		v.Packings = append(v.Packings, packed(t))
	}
	var err error
	if v.Commitments, err = commitments(tensors); err != nil {
		return nil, err
	}
	for _, purpose := range []string{"", "loans, 2026", "価格 \u202e\"x\""} {
		m, err := circuits.Message(tensors[1], purpose, values(tensors[1]))
		if err != nil {
			return nil, err
		}
		v.Messages = append(v.Messages, message{packed(tensors[1]), purpose, messageDomain(tensors[1], purpose),
			word(m)})
	}
	v.Challenge = challengeOf(v.Messages[0].Message.Int())
	var text bytes.Buffer
	e := json.NewEncoder(&text)
	e.SetEscapeHTML(false)
	e.SetIndent("", " ")
	err = e.Encode(v)
	return text.Bytes(), err
}

// row has a format for each element, twelve of them; one is constant, and some have an
// integer for a missing value, the lowest or the highest.
func row() visibility.Tensor {
	t := visibility.Tensor{Name: "row", Shape: []int{12}}
	for i := range 12 {
		e := visibility.Element{Bits: (30 + 5*i) % 60, Zero: int64(i*i - 20), Scale: 1 / float64(1+i)}
		if i%3 == 1 {
			v := []int64{e.Lowest(), e.Highest()}[i/3%2]
			e.Missing = &v
		}
		t.Elements = append(t.Elements, e)
	}
	return t
}

// values walk over a format, from its lowest to its highest.
func values(t visibility.Tensor) []int64 {
	out := make([]int64, t.Count())
	for i := range out {
		e := t.Element(i)
		out[i] = int64(i)*0x5bd1e9951&(1<<e.Bits-1) - e.Zero
	}
	out[len(out)-1] = t.HighestOf(len(out) - 1)
	return out
}

func packed(t visibility.Tensor) packing {
	list, err := t.Pack(values(t))
	if err != nil {
		panic(err) // the formats above hold their values
	}
	f := format{Name: t.Name, Count: t.Count(), Bits: t.Bits, Zero: t.Zero, Scale: t.Scale, Domain: t.Domain()}
	for _, e := range t.Elements {
		f.Elements = append(f.Elements, element(e))
	}
	p := packing{Format: f, Words: wordsOf(list)}
	for _, v := range values(t) {
		p.Values = append(p.Values, strconv.FormatInt(v, 10))
	}
	return p
}

func wordsOf(list []*big.Int) []verifier.Word {
	out := make([]verifier.Word, len(list))
	for i, v := range list {
		out[i] = word(v)
	}
	return out
}

func word(v *big.Int) verifier.Word {
	w, err := verifier.NewWord(v)
	if err != nil {
		panic(err) // all numbers here are below r
	}
	return w
}
