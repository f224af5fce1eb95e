package compiler

import (
	"encoding/json"
	"math"
	"math/rand"
	"slices"
	"strings"
	"testing"

	"github.com/zkml-go/zkml/compiler/ir"
	"github.com/zkml-go/zkml/sparse"
	"github.com/zkml-go/zkml/visibility"
)

// table is a network of a dense layer, a ReLU and two scores over features of large means
// and small spreads, whose weights undo both; and rows of it.
func table(features int) (*ir.Program, []Sample) {
	r := rand.New(rand.NewSource(7))
	means, spreads := make([]float64, features), make([]float64, features)
	for i := range means {
		means[i] = 1e3 + float64(r.Float64()*1e5)
		spreads[i] = means[i] / 1000
	}
	const hidden = 12
	first, second := make([][]ir.Term, hidden), make([][]ir.Term, 2)
	bias := make([]float64, hidden)
	for k := range hidden {
		for i := range features {
			w := r.NormFloat64() / spreads[i]
			first[k] = append(first[k], ir.Term{Index: int32(i), W: w})
			bias[k] -= float64(w * means[i])
		}
		for j := range second {
			second[j] = append(second[j], ir.Term{Index: int32(k), W: r.NormFloat64() / 4})
		}
	}
	channels := make([]int, hidden)
	for k := range channels {
		channels[k] = k
	}
	p := &ir.Program{}
	p.Inputs = []ir.ID{p.Value("x", []int{1, features})}
	h := p.Emit("fc1", "h", []int{1, hidden}, &ir.Affine{Rows: sparse.Rows(first), Bias: bias, Group: channels},
		p.Inputs[0])
	relu := p.Emit("relu", "r", []int{1, hidden}, &ir.Clamp{Hi: math.Inf(1)}, h)
	p.Outputs = []ir.ID{p.Emit("fc2", "y", []int{1, 2}, &ir.Affine{Rows: sparse.Rows(second),
		Bias: []float64{0.5, -0.5}, Group: []int{0, 1}}, relu)}
	var samples []Sample
	for range 200 {
		x := make([]float64, features)
		for i := range x {
			x[i] = means[i] + float64(spreads[i]*r.NormFloat64())
		}
		samples = append(samples, Sample{x})
	}
	return p, samples
}

// TestApart gives features of very different ranges a format each, and so computes what one
// format cannot.
func TestApart(t *testing.T) {
	p, samples := table(16)
	c := Calibrate(p, samples, func(int) {})
	a := newApart(p, 0, samples)
	if a == nil {
		t.Fatal("one format for all features")
	}
	for _, w := range []Weights{PublicWeights, KeyWeights, HashedWeights} {
		k := Knobs{Input: 8, Weight: 8, Activation: 8, Table: 8}
		one, err := Choose(p, c, k, w)
		if err != nil {
			t.Fatal(err)
		}
		k.Apart = map[int]*apart{0: a}
		own, err := Choose(p, c, k, w)
		if err != nil {
			t.Fatal(err)
		}
		if err := own.Program.Check(); err != nil {
			t.Fatal(err)
		}
		if alone, together := worstError(p, own, samples), worstError(p, one, samples); alone > 0.3 || together < 100 {
			t.Errorf("weights %v: the largest error is %g with formats of elements, %g with one", w, alone, together)
		}
		again, err := Quantise(p, own.Formats, w)
		if err != nil {
			t.Fatal(err)
		}
		if !slices.Equal(again.Program.Words(), own.Program.Words()) {
			t.Errorf("weights %v: the formats give another program", w)
		}
		memo := newMemo(&effort{})
		for range 2 {
			kept, err := choose(p, c, k, w, memo)
			if err != nil {
				t.Fatal(err)
			}
			if !slices.Equal(kept.Program.Words(), own.Program.Words()) {
				t.Errorf("weights %v: the memo gives another program", w)
			}
		}
	}
}

func worstError(p *ir.Program, q *Quantised, samples []Sample) float64 {
	worst := 0.0
	for _, x := range samples {
		want := p.Run(x...)[p.Outputs[0]]
		got := q.Program.Eval(q.Formats.encode(x)...)[0]
		for k, v := range got {
			worst = math.Max(worst, math.Abs(float64(float64(v)*q.Program.Values[q.Program.Outputs[0]].Scale)-want[k]))
		}
	}
	return worst
}

// TestApartSets gives one format to elements that a step reads together, and to others one
// each; and none to elements of about one range.
func TestApartSets(t *testing.T) {
	samples := Samples([][]float64{{-1, 4, 1e6, 5, 0, 7.5}, {1, 9, 1e6 + 300.5, 5, 1, 7.5}})
	readers := func(p *ir.Program, affine bool) {
		x := p.Inputs[0]
		roots := p.Emit("gather", "g", []int{2}, &ir.Move{In: []int32{0, 0}, Index: []int32{1, 0}}, x)
		p.Outputs = []ir.ID{p.Emit("exp", "e", []int{2}, &ir.Func{Name: "exp", F: math.Exp}, roots)}
		if affine {
			row := []ir.Term{{Index: 0, W: 1}, {Index: 1, W: 1}, {Index: 2, W: 1}, {Index: 3, W: 1}, {Index: 4, W: -2}}
			p.Outputs = append(p.Outputs, p.Emit("sum", "s", []int{1}, &ir.Affine{Rows: sparse.Rows([][]ir.Term{row}),
				Bias: []float64{0}, Group: []int{0}}, x))
		}
	}
	program := func(affine bool) *ir.Program {
		p := &ir.Program{}
		p.Inputs = []ir.ID{p.Value("x", []int{6})}
		readers(p, affine)
		return p
	}
	if newApart(program(false), 0, samples) != nil {
		t.Error("elements whose weights nobody knows got a format each")
	}
	a := newApart(program(true), 0, samples)
	if a == nil {
		t.Fatal("one format for all elements")
	}
	want := []visibility.Element{
		{Bits: 4, Zero: 2, Scale: 1}, {Bits: 4, Zero: 2, Scale: 1}, {Bits: 8, Zero: -678843, Scale: 300.5 * 1.25 / 255},
		{Bits: 0, Zero: -5, Scale: 1}, {Bits: 1, Scale: 1}, {Bits: 0, Zero: -1, Scale: 7.5},
	}
	f := a.choose(8, nil)
	if !slices.Equal(f.Elements, want) {
		t.Errorf("%+v\nwant %+v", f.Elements, want)
	}
	if got := f.Encode(samples[1][0]); !slices.Equal(got, []int64{1, 9, 679073, 5, 1, 1}) {
		t.Errorf("encoded %v", got)
	}
	if newApart(program(true), 0, Samples([][]float64{{0, 0, 0, 0, 0, 0}, {1, 2, 1, 2, 1, 2}})) != nil {
		t.Error("elements of about one range got a format each")
	}
	if newApart(program(true), 0, Samples([][]float64{{1, 1, 1e6, 3, 1, 1}})) != nil {
		t.Error("constants alone got a format each")
	}
}

// TestElementFormats reads formats of elements again as they were written, and refuses what
// no quantisation chooses.
func TestElementFormats(t *testing.T) {
	p, _ := table(2)
	at := int64(3)
	for _, c := range []struct{ formats, err string }{
		{`{"elements":[{"bits":4,"zero":-70000,"scale":0.5},{"bits":0,"zero":-1,"scale":3}]}`, ""},
		{`{"elements":[{"bits":4,"zero":0,"scale":0.5}]}`, "formats are of 1 elements, the input has 2"},
		{`{"bits":4,"scale":1,"elements":[{"bits":4,"scale":1},{"bits":4,"scale":1}]}`, "and one for each"},
		{`{"elements":[{"bits":33,"scale":1},{"bits":4,"scale":1}]}`, "element 0 of the input 33 bits"},
		{`{"elements":[{"bits":4,"scale":1},{"bits":4}]}`, "element 1 of the input 4 bits of scale 0"},
		{`{"elements":[{"bits":4,"scale":1},{"bits":4,"scale":1,"zero":-100000000000000}]}`, "with zero at -1000000"},
		{`{"elements":[{"bits":0,"scale":1},{"bits":0,"scale":1}]}`, "every element of the input 0 bits"},
	} {
		f := &Formats{Input: &InputFormat{}, Steps: make([]StepFormat, len(p.Steps))}
		if err := json.Unmarshal([]byte(c.formats), f.Input); err != nil {
			t.Fatal(err)
		}
		if err := f.checkInputs(p); !refusedAs(err, c.err) {
			t.Errorf("%s: error %v, want %q", c.formats, err, c.err)
		}
	}
	f := InputFormat{Elements: []visibility.Element{{Bits: 4, Scale: 1, Missing: &at}, {Bits: 4, Scale: 1}}}
	if err := f.checkFor("x", 2, &ir.AllIntegers); !refusedAs(err, "the integer 3 for a missing value") {
		t.Errorf("%v", err)
	}
	f = InputFormat{Elements: []visibility.Element{{Bits: 4, Scale: 0.5}, {Bits: 4, Scale: 1}}}
	if err := f.checkFor("x", 2, &ir.AllIntegers); !refusedAs(err, "of integers, the scale 0.5") {
		t.Errorf("%v", err)
	}
	if err := f.checkFor("x", 2, &boolean); !refusedAs(err, "booleans a format for each") {
		t.Errorf("%v", err)
	}
}

func refusedAs(err error, want string) bool {
	return want == "" && err == nil || want != "" && err != nil && strings.Contains(err.Error(), want)
}

// TestApartReadTogether refuses given formats in which a step would compute with elements of
// different scales as if they had one.
func TestApartReadTogether(t *testing.T) {
	for name, kind := range map[string]ir.Kind{
		"function": &ir.Func{Name: "exp", F: math.Exp}, "limits": &ir.Clamp{Hi: math.Inf(1)},
		"maximum": &ir.Max{Windows: [][]int32{{0, 1}}}, "class": &ir.ArgMax{Groups: [][]int32{{0, 1}}},
		"product":  &ir.Product{A: []int32{0, 1}, B: []int32{1, 1}},
		"quotient": &ir.Quotient{A: []int32{0, 1}, B: []int32{1, 1}}, "softmax": &ir.Softmax{Groups: [][]int32{{0, 1}}},
	} {
		p := &ir.Program{}
		p.Inputs = []ir.ID{p.Value("x", []int{2})}
		swapped := p.Emit("swap", "s", []int{2}, &ir.Move{In: []int32{0, 0}, Index: []int32{1, 0}}, p.Inputs[0])
		in := []ir.ID{swapped}
		if name == "product" || name == "quotient" {
			in = append(in, swapped)
		}
		p.Outputs = []ir.ID{p.Emit(name, "y", []int{2}, kind, in...)}
		f := &Formats{Steps: make([]StepFormat, 2), Input: &InputFormat{Elements: []visibility.Element{
			{Bits: 4, Scale: 1}, {Bits: 4, Scale: 0.1}}}}
		f.Steps[1] = StepFormat{Limits: &NarrowFormat{Bits: 4, Scale: 1}, Out: 0.5}
		if name == "function" || name == "limits" {
			f.Steps[1].Out = 0
		}
		if _, err := Quantise(p, f, PublicWeights); !refusedAs(err, "together") {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// TestApartShared gives the only input of one model the formats that another chose: both have
// commitments to it with one domain, and the formats file is read again.
func TestApartShared(t *testing.T) {
	p, samples := table(3)
	c := Calibrate(p, samples, func(int) {})
	q, err := Choose(p, c, Knobs{Input: 8, Weight: 8, Activation: 8, Table: 8,
		Apart: map[int]*apart{0: newApart(p, 0, samples)}}, PublicWeights)
	if err != nil {
		t.Fatal(err)
	}
	given := *q.Formats.Input
	other, _ := table(3)
	k := Knobs{Weight: 6, Activation: 6, Table: 8, Given: map[int]InputFormat{0: given}}
	q, err = Choose(other, c, k, PublicWeights)
	if err != nil {
		t.Fatal(err)
	}
	text, err := json.Marshal(q.Formats)
	if err != nil {
		t.Fatal(err)
	}
	var read Formats
	if err := json.Unmarshal(text, &read); err != nil {
		t.Fatal(err)
	}
	if len(given.Elements) != 3 || !slices.Equal(read.Input.Elements, given.Elements) {
		t.Errorf("formats %+v, given %+v", read.Input, given)
	}
}
