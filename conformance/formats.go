package conformance

import (
	"encoding/json"
	"slices"

	"github.com/zkml-go/zkml/jsonfile"
	"github.com/zkml-go/zkml/program"
	"github.com/zkml-go/zkml/verifier"
	"github.com/zkml-go/zkml/visibility"
)

// publishedFormats is what an audit reads of the integer formats: those of the inputs,
// with which people turn real numbers into a statement's integers. Those of the steps
// are in the program. A single input has no name there; several inputs have names.
type publishedFormats struct {
	Input  *inputFormat    `json:"input"`
	Inputs []inputFormat   `json:"inputs"`
	Steps  json.RawMessage `json:"steps"`
	// Hidden are the sizes of the full trees that stand in the place of a model's own.
	Hidden *struct {
		Depth int `json:"depth"`
		Trees int `json:"trees"`
	} `json:"hide_structure"`
}

type inputFormat struct {
	Name  string  `json:"name"`
	Bits  int     `json:"bits"`
	Zero  int64   `json:"zero"`
	Scale float64 `json:"scale"`
	// Elements are the formats of single elements, in place of those above.
	Elements []visibility.Element `json:"elements"`
}

// equal compares formats to their parts.
func (f inputFormat) equal(o inputFormat) bool {
	same := f.Name == o.Name && f.Bits == o.Bits && f.Zero == o.Zero && f.Scale == o.Scale
	return same && slices.EqualFunc(f.Elements, o.Elements, visibility.Element.Equal)
}

// of reports whether they are the formats of a layout's inputs.
func (f *publishedFormats) of(l visibility.Layout) bool {
	var want []inputFormat
	for _, in := range l.Item().Inputs() {
		want = append(want, inputFormat{Name: in.Name, Bits: in.Bits, Zero: in.Zero, Scale: in.Scale,
			Elements: in.Elements})
	}
	if len(want) > 1 {
		return f.Input == nil && slices.EqualFunc(f.Inputs, want, inputFormat.equal)
	}
	want[0].Name = ""
	return f.Inputs == nil && f.Input != nil && f.Input.equal(want[0])
}

// sizes tells whether all trees of a program are as large as what hides them is declared to be,
// if it is: full trees of that depth, as many in each step, and without shared thresholds.
func (f *publishedFormats) sizes(p *program.Program) bool {
	if f.Hidden == nil {
		return true
	}
	found := false
	for _, step := range p.Steps {
		switch k := step.Kernel.(type) {
		case *program.Trees:
			found = true
			if len(k.Roots) != f.Hidden.Trees || k.Full() != f.Hidden.Depth {
				return false
			}
		case *program.Splits:
			if k.Rank != nil {
				return false
			}
		}
	}
	return found
}

// formats checks that the key's file and the architecture publish the same formats,
// that they are the layout's, and that hidden trees are as large as they declare.
func (a *audit) formats(key *verifier.Key, arch *Architecture) {
	var f publishedFormats
	err := jsonfile.Decode([]byte(arch.Formats), &f)
	same := err == nil && arch.Formats == key.Formats && f.of(arch.Layout)
	a.add("formats", same, "the architecture's formats are not the key's, or not those of its inputs")
	if err == nil && f.Hidden != nil {
		a.add("hidden structure", f.sizes(arch.program), "the trees are not those that the formats declare")
	}
}
