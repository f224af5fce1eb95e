package compiler

import (
	"fmt"
	"slices"
	"time"

	"github.com/zkml-go/zkml/circuits"
	"github.com/zkml-go/zkml/compiler/graph"
	"github.com/zkml-go/zkml/compiler/ir"
	"github.com/zkml-go/zkml/visibility"
)

// Options are what a user asks of a compilation.
type Options struct {
	Model   ModelOptions
	Private visibility.Private
	Bind    visibility.Bind // of a private model
	// Reveal is of the outputs that Reveals does not name. One that is revealed by
	// visibility.None is not proved.
	Reveal  visibility.Reveal
	Reveals map[string]visibility.Reveal
	// Thresholds are the numbers above which the single scores of the outputs that they
	// name mean class 1, where a class is revealed; "" names all that have no other.
	Thresholds map[string]float64
	// Commit says what the commitments to private inputs are about.
	Commit  visibility.Commit
	Context bool
	// SignedBy asks for a signature of the input that Signed names; of the only one,
	// where it is empty. Purpose is what the signature is for.
	SignedBy visibility.Scheme
	Signed   string
	Purpose  string
	// Batch is how many inputs a proof is about: 0 for one. Formats are searched
	// for one, whatever the batch.
	Batch  int
	Target Target
	// Samples are real inputs to calibrate with; where there are none, some are
	// made up, in Range if it is not empty, else in [0, 1).
	Samples []Sample
	Range   [2]float64
	// Hide, if not nil, hides the structure of a private model's trees.
	Hide *Hiding
	// Formats, if given, are followed in place of a search.
	Formats *Formats
	// Inputs are the formats of the inputs that it names, for the search to leave as
	// they are: two models share a commitment to an input that they take in one format.
	Inputs map[string]InputFormat
	// SearchTime, if not 0, bounds the search for formats: what is found by then is
	// taken, and the report says so. It depends on the machine what that is.
	SearchTime time.Duration
	// Progress, if not nil, is told what is going on: done of total parts of a
	// stage.
	Progress func(stage string, done, total int)
}

// Result is a compiled model: all that proving and reporting need.
type Result struct {
	Model *Model
	IR    *ir.Program
	*Quantised
	Statement *circuits.Statement
	Cost      circuits.Cost
	Report    Report

	thresholds map[string]float64 // by output
	labelled   []bool             // by output
	integers   *integerPart       // of the float IR before the passes
	hiding     *Hiding            // nil where nothing is hidden
	effort     *effort
}

// Compile turns a graph into a statement: import, lower, rewrite, calibrate,
// search for formats that meet the target at the least rows, quantise.
func Compile(g *graph.Graph, o Options) (*Result, error) {
	if o.Progress == nil {
		o.Progress = func(string, int, int) {}
	}
	r, err := lowered(g, o)
	if err == nil {
		err = r.checkIntegers(o)
	}
	if err != nil {
		return nil, err
	}
	var known *price
	if o.Formats != nil {
		if err := o.Formats.checkNodes(r.IR); err != nil {
			return nil, err
		}
		if r.Quantised, err = Quantise(r.IR, o.Formats, o.weights()); err != nil {
			return nil, err
		}
		err = r.report(o)
	} else {
		one := o
		one.Batch = 0
		known, err = r.search(one)
	}
	if err != nil {
		return nil, err
	}
	r.Formats.HideStructure = r.hiding
	return r, r.state(o, known)
}

// lowered is the model and its float IR, with the classes that are revealed.
func lowered(g *graph.Graph, o Options) (*Result, error) {
	options, err := o.Proved(g)
	if err != nil {
		return nil, err
	}
	m, err := NewModel(g, options)
	if err != nil {
		return nil, err
	}
	p, err := m.lower(o.Private.Model)
	if err != nil {
		return nil, err
	}
	finishClasses(m, p)
	labelled := m.labelled(p)
	thresholds, err := o.decided(m, p)
	if err == nil {
		err = o.checkOutputs(m, p, thresholds, labelled)
	}
	if err != nil {
		return nil, err
	}
	o.appendClasses(m, p, thresholds)
	whole := integers(p)
	if err := Optimise(p); err != nil {
		return nil, err
	}
	hiding, err := o.hide(p)
	if err != nil {
		return nil, err
	}
	if err := o.checkConstants(m); err != nil {
		return nil, err
	}
	r := &Result{Model: m, IR: p, thresholds: thresholds, labelled: labelled, integers: whole, hiding: hiding,
		effort: &effort{}}
	return r, m.checkFormats(o.Inputs)
}

// weights is what the circuit makes of the model's weights.
func (o Options) weights() Weights {
	switch {
	case !o.Private.Model:
		return PublicWeights
	case o.Bind == visibility.BindHash:
		return HashedWeights
	}
	return KeyWeights
}

// BoundBy is the model in the same formats where it is private and bound by b.
// What those lack for it, the weights declare: publish that of models alone whose
// weights may be known.
func (r *Result) BoundBy(b visibility.Bind, o Options) (*Result, error) {
	o.Private.Model, o.Bind = true, b
	formats := *r.Formats
	formats.Steps = slices.Clone(formats.Steps) // quantising declares what is missing
	other := &Result{Model: r.Model, IR: r.IR, thresholds: r.thresholds, labelled: r.labelled}
	var err error
	if other.Quantised, err = follow(r.IR, &formats, o.weights(), true); err != nil {
		return nil, err
	}
	return other, other.state(o, nil)
}

func (r *Result) layout(o Options) (visibility.Layout, error) {
	plan := o.plan()
	for k, f := range r.Formats.inputs() {
		in := r.Model.Inputs[k]
		if f.Elements == nil && (f.Bits < 1 || f.Bits > maxInputBits) {
			return visibility.Layout{}, fmt.Errorf("an input of %d bits is not supported: 1 to %d are", f.Bits,
				maxInputBits)
		}
		t := visibility.Tensor{
			Name: in.Name, Shape: in.Shape, Bits: f.Bits, Zero: f.Zero, Scale: f.Scale, Type: typeOf(in.DType),
			Elements: f.Elements,
		}
		t.Texts, t.Others = in.InputTexts()
		plan.Inputs = append(plan.Inputs, t)
	}
	plan.Reveals, plan.Thresholds = map[string]visibility.Reveal{}, r.thresholds
	for k, v := range r.Program.Outputs {
		name, id := r.Model.Outputs[k].Name, r.IR.Outputs[k]
		if reveal, ok := o.Reveals[name]; ok {
			plan.Reveals[name] = reveal
		}
		out := outputTensor(name, r.IR.Shapes[id], r.Program.Values[v].Scale, r.bounded.RangeOf(v), classes(r.IR, id),
			typeOf(r.Model.Outputs[k].DType))
		_, decided := r.thresholds[name]
		if decided || sides(r.IR, id) {
			out.ClassCount = 2 // also where one of them is never reached
		}
		if !decided {
			out.Texts = r.Model.Outputs[k].textsOf(out)
		}
		plan.Outputs = append(plan.Outputs, out)
	}
	return plan.Layout()
}

// given are the formats of inputs that are not for a search to choose, by the input's
// number.
func (r *Result) given(o Options) map[int]InputFormat {
	out := map[int]InputFormat{}
	for k, in := range r.Model.Inputs {
		if f, ok := o.Inputs[in.Name]; ok {
			out[k] = f
		}
		if in.DType == graph.Text {
			out[k] = in.textFormat()
		}
		if f, ok := quantisedInput(r.IR, k); ok && out[k].Bits == 0 {
			out[k] = f
		}
	}
	return out
}

// maxInputBits bounds an input's format.
const maxInputBits = 32

// plan is what the options say of the ports.
func (o Options) plan() visibility.Plan {
	return visibility.Plan{
		Private: o.Private, Bind: o.Bind, Reveal: o.Reveal, Reveals: o.Reveals, Commit: o.Commit, Context: o.Context,
		SignedBy: o.SignedBy, Signed: o.Signed, Purpose: o.Purpose, Batch: o.Batch,
	}
}

// Follow takes from a layout what it says of the ports, so that compiling gives the
// layout again.
func (o *Options) Follow(l visibility.Layout) {
	p := l.Plan()
	o.Private, o.Bind, o.Reveal, o.Reveals, o.Commit = p.Private, p.Bind, p.Reveal, p.Reveals, p.Commit
	o.Thresholds = p.Thresholds
	o.SignedBy, o.Signed, o.Purpose = p.SignedBy, p.Signed, p.Purpose
	o.Context, o.Batch = p.Context, p.Batch
	o.Model = OptionsOf(l)
}

// OptionsOf are the options that give a layout's model again.
func OptionsOf(l visibility.Layout) ModelOptions {
	o := ModelOptions{Shapes: map[string][]int{}}
	for _, in := range l.Item().Inputs() {
		o.Shapes[in.Name] = in.Shape
	}
	for _, out := range l.Outputs() {
		o.Outputs = append(o.Outputs, out.Name)
		if out.Visibility == visibility.ByClass {
			o.Classes = append(o.Classes, out.Name)
		}
	}
	return o
}
