package compiler

import (
	"fmt"
	"slices"
	"time"

	"github.com/zkml-go/zkml/circuits"
	"github.com/zkml-go/zkml/compiler/graph"
	"github.com/zkml-go/zkml/compiler/ir"
	"github.com/zkml-go/zkml/program"
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
}

// Compile turns a graph into a statement: import, lower, rewrite, calibrate,
// search for formats that meet the target at the least rows, quantise.
func Compile(g *graph.Graph, o Options) (*Result, error) {
	if o.Progress == nil {
		o.Progress = func(string, int, int) {}
	}
	m, err := NewModel(g, o.Model)
	if err != nil {
		return nil, err
	}
	p, err := m.Lower()
	if err != nil {
		return nil, err
	}
	if err := o.checkClass(p); err != nil {
		return nil, err
	}
	if o.Reveal == visibility.Class {
		appendArgMax(p)
	}
	if err := Optimise(p); err != nil {
		return nil, err
	}
	if err := m.checkFormats(o.Inputs); err != nil {
		return nil, err
	}
	r := &Result{Model: m, IR: p}
	var known *price
	if o.Formats != nil {
		if r.Quantised, err = Quantise(p, o.Formats, o.weights()); err != nil {
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
	return r, r.state(o, known)
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
	other := &Result{Model: r.Model, IR: r.IR}
	var err error
	if other.Quantised, err = follow(r.IR, &formats, o.weights(), true); err != nil {
		return nil, err
	}
	return other, other.state(o, nil)
}

// checkClass refuses to ask for a class where there is one alone.
func (o Options) checkClass(p *ir.Program) error {
	shape := p.Shapes[p.Output]
	switch {
	case classes(p):
	case o.Reveal == visibility.Class && lastAxis(shape) == 1:
		return fmt.Errorf("the output, of shape %v, has one element along its last axis: its class is 0 for every input; reveal scores", shape)
	case o.Target.Top1 > 0 && p.Size(p.Output) == 1:
		return fmt.Errorf("the target %s asks for the class of an output that has one element: give error=0.01 or bits=8", o.Target)
	}
	return nil
}

// lastAxis is the size of the axis along which the class is the largest element.
func lastAxis(shape []int) int {
	if len(shape) == 0 {
		return 1
	}
	return shape[len(shape)-1]
}

// appendArgMax makes the class of the output: the position of the largest
// element along the last axis. A model that ends in an argmax has one already.
func appendArgMax(p *ir.Program) {
	if classes(p) {
		return
	}
	last := lastAxis(p.Shapes[p.Output])
	a := &ir.ArgMax{}
	for start := 0; start < p.Size(p.Output); start += last {
		group := make([]int32, last)
		for k := range group {
			group[k] = int32(start + k)
		}
		a.Groups = append(a.Groups, group)
	}
	p.Output = p.Emit("class (argmax)", "class", []int{len(a.Groups)}, a, p.Output)
}

// classes tells whether the program's output are positions found by an argmax.
func classes(p *ir.Program) bool {
	return gives[classifier](p.Producer(p.Output))
}

func (r *Result) layout(o Options) (visibility.Layout, error) {
	f := r.Formats.Input
	if f.Bits < 1 || f.Bits > maxInputBits {
		return visibility.Layout{}, fmt.Errorf("an input of %d bits is not supported: 1 to %d are", f.Bits, maxInputBits)
	}
	plan := o.plan()
	plan.Inputs = []visibility.Tensor{{Name: r.Model.Input.Name, Shape: r.Model.Shape, Bits: f.Bits, Zero: f.Zero, Scale: f.Scale}}
	for _, v := range r.Program.Outputs {
		plan.Outputs = append(plan.Outputs, outputTensor(r.Model.Output, r.Program.Values[v], r.bounded.RangeOf(v), classes(r.IR)))
	}
	return plan.Layout()
}

// given is the format of the model's input, where the options have one.
func (r *Result) given(o Options) *InputFormat {
	if f, ok := o.Inputs[r.Model.Input.Name]; ok {
		return &f
	}
	return nil
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

// outputTensor is the format of an output: enough bits for its range, in two's
// complement, or without a sign for positions.
func outputTensor(name string, v program.Value, ranges []program.Interval, positions bool) visibility.Tensor {
	lo, hi := ranges[0].Lo, ranges[0].Hi
	for _, iv := range ranges {
		lo, hi = min(lo, iv.Lo), max(hi, iv.Hi)
	}
	bits := circuits.Cover(0, max(hi, -lo-1)).Bits + 1
	t := visibility.Tensor{Name: name, Shape: v.Shape, Bits: bits, Zero: 1 << (bits - 1), Scale: v.Scale}
	if positions {
		t.Bits, t.Zero, t.Classes = max(circuits.Cover(0, hi).Bits, 1), 0, true
	}
	return t
}

// Follow takes from a layout what it says of the ports, so that compiling gives the
// layout again.
func (o *Options) Follow(l visibility.Layout) {
	p := l.Plan()
	o.Private, o.Bind, o.Reveal, o.Reveals, o.Commit = p.Private, p.Bind, p.Reveal, p.Reveals, p.Commit
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
	}
	return o
}
