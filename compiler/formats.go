package compiler

import (
	"fmt"
	"maps"
	"math"
	"math/bits"
	"slices"

	"github.com/zkml-go/zkml/compiler/ir"
	"github.com/zkml-go/zkml/visibility"
)

// Formats are the decisions of a quantisation: the integer formats of every
// step of the float IR. With the same formats, quantising is exact arithmetic
// that has one result; they are public in every scenario.
type Formats struct {
	// Input is the format of the only input. Inputs are those of several, by name and in
	// the model's order.
	Input  *InputFormat  `json:"input,omitempty"`
	Inputs []InputFormat `json:"inputs,omitempty"`
	Steps  []StepFormat  `json:"steps"` // by step of the IR
	// HideStructure is what full trees stand in the steps, in place of a private model's own.
	HideStructure *Hiding `json:"hide_structure,omitempty"`
}

// InputFormat is how an input becomes integers: round(x/Scale), limited to Bits bits
// from −Zero on. Of an input of integers the scale is 1, and none is limited.
type InputFormat struct {
	// Name is the input's, where there are several.
	Name  string  `json:"name,omitempty"`
	Bits  int     `json:"bits"`
	Zero  int64   `json:"zero"`
	Scale float64 `json:"scale"`
	// Elements is a format for each element, in place of Bits, Zero and Scale, which are
	// 0 then.
	Elements []visibility.Element `json:"elements,omitempty"`
}

// encode rounds a sample to the formats of its inputs.
func (f *Formats) encode(x Sample) [][]int64 {
	out := make([][]int64, len(x))
	for k, in := range f.inputs() {
		out[k] = in.Encode(x[k])
	}
	return out
}

// inputs lists the formats of all inputs.
func (f *Formats) inputs() []InputFormat {
	if f.Input != nil {
		return []InputFormat{*f.Input}
	}
	return f.Inputs
}

// setInputs is the inverse of inputs, for inputs of the given names.
func (f *Formats) setInputs(names []string, list []InputFormat) {
	if len(list) == 1 {
		f.Input, f.Inputs = &list[0], nil
		return
	}
	for k := range list {
		list[k].Name = names[k]
	}
	f.Input, f.Inputs = nil, list
}

// inputNames are the names of a program's inputs.
func inputNames(p *ir.Program) []string {
	out := make([]string, len(p.Inputs))
	for k, id := range p.Inputs {
		out[k] = p.Names[id]
	}
	return out
}

// StepFormat are the formats of one step.
type StepFormat struct {
	Node string `json:"node"`
	// Sum is the scale of an affine step's sums, by output channel; one entry
	// serves all.
	Sum []float64 `json:"sum,omitempty"`
	// Limit bounds the sums of a private model's step: |sum| ≤ Limit.
	Limit int64 `json:"limit,omitempty"`
	// WeightBits and BiasBits hold the integers of a hashed model's step, in two's
	// complement.
	WeightBits int `json:"weight_bits,omitempty"`
	BiasBits   int `json:"bias_bits,omitempty"`
	// Shared tells that rows of one channel over translated inputs have one list of
	// weights in a hashed model, as those of a convolution.
	Shared bool `json:"shared,omitempty"`
	// Limits is the format of a limited value, which saturates at its ends: a
	// ReLU's, a clip's, a function's.
	Limits *NarrowFormat `json:"limits,omitempty"`
	// Rescale, where the step's value is rescaled to fewer bits for its readers.
	Rescale *NarrowFormat `json:"rescale,omitempty"`
	// Out is the scale of a softmax's values, and of a function's in formats that
	// earlier versions wrote: those do not saturate.
	Out float64 `json:"out,omitempty"`
}

// NarrowFormat is a rescale: value = integer × Scale, with integers of Bits bits
// from Base on.
type NarrowFormat struct {
	Bits  int     `json:"bits"`
	Base  int64   `json:"base"`
	Scale float64 `json:"scale"`
}

// signedFormat is a format of so many bits around zero, or from zero on, whose
// scale is still to be chosen.
func signedFormat(bits int, signed bool) *NarrowFormat {
	f := &NarrowFormat{Bits: bits}
	if signed {
		f.Base = -(1 << (bits - 1))
	}
	return f
}

// top is the largest integer of the format.
func (f *NarrowFormat) top() int64 { return f.Base + 1<<f.Bits - 1 }

// limits tells whether the format is that of a clamp: a limit is the integer nearest to it that
// the format ends with. Of two limits the upper one may lie above what the format holds, as the
// lower one below, if it is negative.
func (f *NarrowFormat) limits(c *ir.Clamp) error {
	two := !math.IsInf(c.Lo, -1) && !math.IsInf(c.Hi, 1)
	for _, end := range []struct {
		want  float64
		at    int64
		spare float64 // how far the limit lies outside of the format
		may   bool
	}{
		{c.Lo, f.Base, float64(float64(f.Base)*f.Scale) - c.Lo, two && c.Lo < 0},
		{c.Hi, f.top(), c.Hi - float64(float64(f.top())*f.Scale), two},
	} {
		half := float64(0.5001 * f.Scale)
		if !math.IsInf(end.want, 0) && (end.spare < -half || end.spare > half && !end.may) {
			return fmt.Errorf("the formats limit the value at %g, the model at %g: they belong to another model",
				float64(float64(end.at)*f.Scale), end.want)
		}
	}
	return nil
}

// Knobs are what a search over formats turns: numbers of bits.
type Knobs struct {
	Input      int  `json:"input"`
	Weight     int  `json:"weight"`
	Activation int  `json:"activation"`
	Table      int  `json:"table"` // of a function's argument
	PerChannel bool `json:"per_channel"`
	// Inputs overrides Input by the input's number.
	Inputs map[int]int `json:"inputs,omitempty"`
	// Given are the formats of inputs, by number, where they are not for the search to
	// choose; Input counts for nothing then. Nor does it for inputs of integers.
	Given map[int]InputFormat `json:"-"`
	// Apart are the inputs, by number, whose elements get a format each.
	Apart map[int]*apart `json:"-"`
	// Lacks says of inputs, by number, what is known of their missing elements.
	Lacks map[int][]missing `json:"-"`
	// Steps overrides weight and activation bits by step of the IR.
	Steps map[int]StepKnobs `json:"steps,omitempty"`
}

// StepKnobs are the bits of one step; zero leaves the general value.
type StepKnobs struct{ Weight, Activation int }

func (k Knobs) input(n int) int {
	if b := k.Inputs[n]; b > 0 {
		return b
	}
	return k.Input
}

func (k Knobs) weight(step int) int {
	if w := k.Steps[step].Weight; w > 0 {
		return w
	}
	return k.Weight
}

func (k Knobs) activation(step int) int {
	if a := k.Steps[step].Activation; a > 0 {
		return a
	}
	return k.Activation
}

func (k Knobs) String() string {
	s := fmt.Sprintf("input %d, weights %d, activations %d bits", k.Input, k.Weight, k.Activation)
	if k.PerChannel {
		s += ", weights per channel"
	}
	for _, n := range slices.Sorted(maps.Keys(k.Inputs)) {
		s += fmt.Sprintf(", input %d of %d bits", n, k.Inputs[n])
	}
	return s
}

// Calibration is what samples show of a model: the range of every value.
type Calibration struct {
	Lo, Hi []float64 // by IR value
}

// Calibrate runs the IR on samples and records every value's range. progress is
// called after each sample.
func Calibrate(p *ir.Program, samples []Sample, progress func(done int)) *Calibration {
	return calibrate(p, samples, func(n int, _ [][]float64) { progress(n) })
}

// calibrate is Calibrate for a caller who wants to see the values of each sample.
func calibrate(p *ir.Program, samples []Sample, each func(done int, values [][]float64)) *Calibration {
	c := unseen(p)
	for n, x := range samples {
		values := p.Run(x...)
		for id, v := range values {
			for _, e := range v {
				if !math.IsNaN(e) { // which says that an element of an input is missing
					c.Lo[id], c.Hi[id] = math.Min(c.Lo[id], e), math.Max(c.Hi[id], e)
				}
			}
		}
		each(n+1, values)
	}
	return c
}

// unseen is the calibration by no sample.
func unseen(p *ir.Program) *Calibration {
	c := &Calibration{Lo: make([]float64, len(p.Shapes)), Hi: make([]float64, len(p.Shapes))}
	for i := range c.Lo {
		c.Lo[i], c.Hi[i] = math.Inf(1), math.Inf(-1)
	}
	return c
}

// size is the largest magnitude that a value had.
func (c *Calibration) size(id ir.ID) float64 {
	return math.Max(math.Abs(c.Lo[id]), math.Abs(c.Hi[id]))
}

// integers takes the ranges of integer inputs from all samples: none is limited.
func (c *Calibration) integers(p *ir.Program, samples []Sample) {
	for n, id := range p.Inputs {
		if _, ok := p.Integers[id]; !ok {
			continue
		}
		for _, x := range samples {
			for _, e := range x[n] {
				c.Lo[id], c.Hi[id] = math.Min(c.Lo[id], e), math.Max(c.Hi[id], e)
			}
		}
	}
}

// chooseInputs picks the formats of all inputs.
func (k Knobs) chooseInputs(c *Calibration, p *ir.Program) ([]InputFormat, error) {
	out := make([]InputFormat, len(p.Inputs))
	for n, id := range p.Inputs {
		if f, ok := k.Given[n]; ok {
			f.Name = ""
			out[n] = f
			continue
		}
		r, whole := p.Integers[id]
		if a := k.Apart[n]; a != nil {
			out[n] = a.choose(k.input(n), k.Lacks[n])
			continue
		}
		if !whole {
			out[n] = reserved(chooseInput(c, id, k.input(n)), k.Lacks[n])
			continue
		}
		var err error
		if out[n], err = wholeFormat(r, c, id); err != nil {
			return nil, fmt.Errorf("input %q: %w", p.Names[id], err)
		}
	}
	return out, nil
}

// wholeFormat holds all integers of the range that the input's type declares, or else of
// the one that samples show, and zero; none that the type does not hold.
func wholeFormat(r ir.Integers, c *Calibration, id ir.ID) (InputFormat, error) {
	typed := r
	if !r.Declared() {
		lo, hi := math.Min(c.Lo[id], 0), math.Max(c.Hi[id], 0)
		if hi-lo > maxSampleInteger {
			return InputFormat{}, fmt.Errorf("its integers reach from %g to %g; %d bits are supported", lo, hi,
				maxInputBits)
		}
		r = ir.Integers{Lo: int64(lo), Hi: int64(hi)}
	}
	f := InputFormat{Bits: max(bits.Len64(uint64(r.Hi-r.Lo)), 1), Zero: -r.Lo, Scale: 1}
	if over := f.Element(0).Highest() - typed.Hi; over > 0 {
		f.Zero += over
	}
	return f, nil
}

// chooseInput fits an input's range into a number of bits, with zero exact.
func chooseInput(c *Calibration, id ir.ID, bits int) InputFormat {
	lo, hi := math.Min(c.Lo[id], 0), math.Max(c.Hi[id], 0)
	f := InputFormat{Bits: bits, Scale: (hi - lo) / float64(int64(1)<<bits-1)}
	if f.Scale == 0 {
		f.Scale = 1
	}
	f.Scale = evenScale(f.Scale)
	f.Zero = int64(math.Floor(-lo/f.Scale + 0.5))
	return f
}

// evenScale keeps 1/255 what it says.
func evenScale(scale float64) float64 {
	if integral := math.Round(1 / scale); scale < 1 && math.Abs(1/scale-integral) < 1e-9*integral {
		return 1 / integral
	}
	return scale
}
