package zkml

import (
	"github.com/zkml-go/zkml/srs"
	"github.com/zkml-go/zkml/visibility"
)

// About says what proofs under a layout are about, in the layout's order.
type About struct {
	// Private and Reveal say what is private, and what is shown of the outputs, in the
	// words that CompileOptions are read from.
	Private string        `json:"private"`
	Reveal  string        `json:"reveal"`
	Inputs  []InputAbout  `json:"inputs"`
	Outputs []OutputAbout `json:"outputs"`
	// ContextBound tells whether each proof is bound to one use.
	ContextBound bool `json:"context_bound"`
	// Batch is how many samples one proof is about, where these are several.
	Batch int `json:"batch,omitempty"`
}

// InputAbout is what proofs say of an input.
type InputAbout struct {
	Name       string                `json:"name"`
	Shape      []int                 `json:"shape"`
	Visibility visibility.Visibility `json:"visibility"`
	// With names the input whose commitment is about this one too, if it has none of
	// its own.
	With string `json:"with,omitempty"`
	// SignedBy says how the input is signed, and Purpose what for, where it is.
	SignedBy visibility.Scheme `json:"signed_by,omitempty"`
	Purpose  string            `json:"purpose,omitempty"`
}

// OutputAbout is what proofs show of an output.
type OutputAbout struct {
	Name   string                `json:"name"`
	Shape  []int                 `json:"shape"`
	Reveal visibility.Visibility `json:"reveal"`
}

// AboutOf reads a layout.
func AboutOf(l visibility.Layout) About {
	a := About{Private: l.Private().String(), Reveal: l.Revealed(), ContextBound: l.HasContext(), Batch: l.Batch}
	for _, in := range l.Inputs() {
		x := InputAbout{Name: in.Name, Shape: in.Shape, Visibility: in.Visibility, With: in.With}
		if s := l.Signer(in.Name); s != nil {
			x.SignedBy, x.Purpose = s.Scheme, s.Purpose
		}
		a.Inputs = append(a.Inputs, x)
	}
	for _, out := range l.Outputs() {
		a.Outputs = append(a.Outputs, OutputAbout{Name: out.Name, Shape: out.Shape, Reveal: out.Visibility})
	}
	return a
}

// Ceremony says whose secret a key's SRS was made with, as the auditor's own store knows
// it by the points, whatever the key's file says.
type Ceremony struct {
	Source string `json:"source"`
	// Known is false where only whoever put the SRS into the store vouches for it.
	Known  bool `json:"known"`
	Unsafe bool `json:"unsafe"`
}

func newCeremony(e srs.Entry) *Ceremony {
	return &Ceremony{Source: e.Source, Known: e.Known, Unsafe: e.Unsafe}
}
