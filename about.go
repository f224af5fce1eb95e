package zkml

import (
	"github.com/zkml-go/zkml/srs"
	"github.com/zkml-go/zkml/visibility"
)

// About describes what proofs under a layout are about, in the layout's order.
type About struct {
	// Private and Reveal say what is private and what is revealed of the outputs, in
	// the words that visibility.ParsePrivate and visibility.ParseReveals read.
	Private string        `json:"private"`
	Reveal  string        `json:"reveal"`
	Inputs  []InputAbout  `json:"inputs"`
	Outputs []OutputAbout `json:"outputs"`
	// ContextBound says whether each proof is bound to one use.
	ContextBound bool `json:"context_bound"`
	// Batch is the number of samples in one proof; 0 means one.
	Batch int `json:"batch,omitempty"`
}

// InputAbout is what proofs say about an input.
type InputAbout struct {
	Name       string                `json:"name"`
	Shape      []int                 `json:"shape"`
	Visibility visibility.Visibility `json:"visibility"`
	// With names the input whose commitment covers this one too, if it has no
	// commitment of its own.
	With string `json:"with,omitempty"`
	// SignedBy says how the input is signed, if it is, and Purpose what for.
	SignedBy visibility.Scheme `json:"signed_by,omitempty"`
	Purpose  string            `json:"purpose,omitempty"`
	// Texts are what its numbers stand for, if they stand for texts. Others says that the
	// number after them stands for any other text.
	Texts  []visibility.Text `json:"texts,omitempty"`
	Others bool              `json:"others,omitempty"`
}

// OutputAbout is what proofs show of an output.
type OutputAbout struct {
	Name   string                `json:"name"`
	Shape  []int                 `json:"shape"`
	Reveal visibility.Visibility `json:"reveal"`
	// Threshold is the number above which a score means class 1, nil if none decides.
	Threshold *float64 `json:"threshold,omitempty"`
	// Texts are the labels of classes, or what other numbers stand for.
	Texts []visibility.Text `json:"texts,omitempty"`
}

// AboutOf describes a layout.
func AboutOf(l visibility.Layout) About {
	a := About{Private: l.Private().String(), Reveal: l.Revealed(), ContextBound: l.HasContext(), Batch: l.Batch}
	for _, in := range l.Inputs() {
		x := InputAbout{
			Name: in.Name, Shape: in.Shape, Visibility: in.Visibility, With: in.With, Texts: in.Texts,
			Others: in.Others,
		}
		if s := l.Signer(in.Name); s != nil {
			x.SignedBy, x.Purpose = s.Scheme, s.Purpose
		}
		a.Inputs = append(a.Inputs, x)
	}
	for _, out := range l.Outputs() {
		a.Outputs = append(a.Outputs, OutputAbout{
			Name: out.Name, Shape: out.Shape, Reveal: out.Visibility, Threshold: out.Threshold, Texts: out.Texts,
		})
	}
	return a
}

// Ceremony identifies the ceremony of a key's SRS. It is found in the auditor's own
// store by the SRS's points, whatever the key's file says.
type Ceremony struct {
	Source string `json:"source"`
	// Known is false if only whoever imported the SRS into the store vouches for it.
	Known  bool `json:"known"`
	Unsafe bool `json:"unsafe"`
}

func newCeremony(e srs.Entry) *Ceremony {
	return &Ceremony{Source: e.Source, Known: e.Known, Unsafe: e.Unsafe}
}
