package verifier_test

import (
	"slices"
	"testing"

	"github.com/zkml-go/zkml/verifier"
	"github.com/zkml-go/zkml/visibility"
)

// hiddenLayout is a layout whose inputs of the given names are private.
func hiddenLayout(t *testing.T, commit visibility.Commit, names ...string) visibility.Layout {
	t.Helper()
	p := visibility.Plan{
		Private: visibility.Private{Input: true}, Commit: commit, Reveal: visibility.Commitment,
		Outputs: []visibility.Tensor{{Name: "y", Shape: []int{1}, Bits: 8, Scale: 1}},
	}
	for _, name := range names {
		p.Inputs = append(p.Inputs, visibility.Tensor{Name: name, Shape: []int{1}, Bits: 8, Scale: 1})
	}
	l, err := p.Layout()
	if err != nil {
		t.Fatal(err)
	}
	return l
}

// TestOfInputs finds openings by the names of their inputs: of a model with one input,
// the only opening to one input, whatever that was called.
func TestOfInputs(t *testing.T) {
	of := func(role visibility.Role, names ...string) verifier.Opening {
		return verifier.Opening{Role: role, Names: names}
	}
	const in, out = visibility.RoleInput, visibility.RoleOutput
	for name, c := range map[string]struct {
		layout   visibility.Layout
		openings []verifier.Opening
		want     []string // the names of the opening of the first commitment
	}{
		"the name": {hiddenLayout(t, visibility.CommitEach, "a", "b"),
			[]verifier.Opening{of(in, "b"), of(in, "a")}, []string{"a"}},
		"another name, one input": {hiddenLayout(t, visibility.CommitEach, "a"),
			[]verifier.Opening{of(out, "a"), of(in, "x")}, []string{"x"}},
		"another name, several inputs": {hiddenLayout(t, visibility.CommitEach, "a", "b"),
			[]verifier.Opening{of(in, "x")}, nil},
		"another order": {hiddenLayout(t, visibility.CommitTogether, "a", "b"),
			[]verifier.Opening{of(in, "b", "a")}, nil},
		"two others": {hiddenLayout(t, visibility.CommitEach, "a"),
			[]verifier.Opening{of(in, "x"), of(in, "y")}, nil},
		"several together": {hiddenLayout(t, visibility.CommitEach, "a"),
			[]verifier.Opening{of(in, "x", "y")}, nil},
		"an output": {hiddenLayout(t, visibility.CommitEach, "a"), []verifier.Opening{of(out, "a")}, nil},
	} {
		got, ok := verifier.Secrets{Openings: c.openings}.OfInputs(c.layout, c.layout.Commitments()[0])
		if ok != (c.want != nil) || !slices.Equal(got.Names, c.want) {
			t.Errorf("%s: found %v, want %v", name, got.Names, c.want)
		}
	}
}

// TestRenamed gives the only opening to one input another name, and no other.
func TestRenamed(t *testing.T) {
	one := verifier.Opening{Role: visibility.RoleInput, Names: []string{"x"}, Formats: "f"}
	output := verifier.Opening{Role: visibility.RoleOutput, Names: []string{"y"}}
	s, err := verifier.Secrets{Openings: []verifier.Opening{output, one}}.Renamed("a")
	if err != nil || len(s.Openings) != 1 || !slices.Equal(s.Openings[0].Names, []string{"a"}) ||
		s.Openings[0].Formats != "f" || one.Names[0] != "x" {
		t.Errorf("%v, %v", s.Inputs(), err)
	}
	two := verifier.Opening{Role: visibility.RoleInput, Names: []string{"x", "z"}}
	for _, list := range [][]verifier.Opening{nil, {output}, {one, one}, {two}} {
		if _, err := (verifier.Secrets{Openings: list}).Renamed("a"); err == nil {
			t.Errorf("%d openings have one name", len(list))
		}
	}
}
