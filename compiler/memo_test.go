package compiler

import (
	"bytes"
	"fmt"
	"math/rand"
	"reflect"
	"testing"

	"github.com/zkml-go/zkml/compiler/ir"
	"github.com/zkml-go/zkml/program"
)

// everyKind is a program with steps of every kind, on values of four elements.
func everyKind(r *rand.Rand) *ir.Program {
	p := &ir.Program{}
	shape := []int{4}
	x, n := p.Value("x", shape), p.Value("n", shape)
	p.Inputs = []ir.ID{x, n}
	p.SetIntegers(n, ir.Integers{Lo: -3, Hi: 3})
	layer := func(in ...ir.ID) ir.ID {
		a := randomAffine(r, slices4(len(in)), 4)
		a.Fixed, a.Group = r.Intn(3) == 0, []int{0, 0, 1, 1}
		return p.Emit("layer", "a", shape, a, in...)
	}
	groups := [][]int32{{0, 1, 2, 3}}
	order := []int32{3, 2, 1, 0}
	a := layer(x)
	c := p.Emit("clamp", "c", shape, &ir.Clamp{Lo: 0, Hi: 6}, a)
	b := layer(c, x)
	f := p.Emit("square", "f", shape, &ir.Func{Name: "square", F: func(x float64) float64 { return x * x }}, b)
	m := p.Emit("move", "m", shape, &ir.Move{In: []int32{0, 1, 0, 1}, Index: order}, f, b)
	d := p.Emit("product", "d", shape, &ir.Product{A: order, B: order}, m, a)
	t := p.Emit("dot", "t", shape, &ir.Dot{N: 2, K: 2, M: 2, A: []int32{0}, B: []int32{0}}, d, b)
	k := p.Emit("compare", "k", shape, &ir.Compare{}, n)
	l := layer(t, k, n)
	w := p.Emit("max", "w", shape, &ir.Max{Windows: [][]int32{{0, 1}, {1}, {2, 3}, {3}}}, l)
	s := p.Emit("softmax", "s", shape, &ir.Softmax{Groups: groups, Log: r.Intn(2) == 0}, w)
	g := p.Emit("argmax", "g", []int{1}, &ir.ArgMax{Groups: groups}, w)
	p.Outputs = []ir.ID{s, g, c}
	return p
}

func slices4(n int) []int {
	out := make([]int, n)
	for i := range out {
		out[i] = 4
	}
	return out
}

// randomKnobs turns one to three things.
func randomKnobs(r *rand.Rand, k Knobs, steps int) Knobs {
	k = k.turned(nil, nil)
	for range 1 + r.Intn(3) {
		switch r.Intn(7) {
		case 0:
			k.Input = 3 + r.Intn(6)
		case 1:
			k.Weight = 3 + r.Intn(5)
		case 2:
			k.Activation = 3 + r.Intn(6)
		case 3:
			k.Table = 5 + r.Intn(4)
		case 4:
			k.PerChannel = !k.PerChannel
		default:
			bits := []int{0, 2, 3, 5, 7}
			k.setStep(r.Intn(steps), StepKnobs{bits[r.Intn(5)], bits[r.Intn(5)]})
		}
	}
	return k
}

// sameQuantised compares all that quantising gives.
func sameQuantised(t *testing.T, got, want *Quantised) {
	t.Helper()
	bytesOf := func(q *Quantised) []byte {
		data, err := program.Encode(q.Program)
		if err != nil {
			t.Fatal(err)
		}
		return data
	}
	if !bytes.Equal(bytesOf(got), bytesOf(want)) || got.Program.Text() != want.Program.Text() {
		t.Fatalf("%s\nand from scratch\n%s", got.Program.Text(), want.Program.Text())
	}
	if !reflect.DeepEqual(got.Formats, want.Formats) || !reflect.DeepEqual(got.ValueOf, want.ValueOf) {
		t.Fatalf("formats %+v, from scratch %+v", got.Formats, want.Formats)
	}
	for v := range want.Program.Values {
		if !reflect.DeepEqual(got.bounded.RangeOf(v), want.bounded.RangeOf(v)) {
			t.Fatalf("value %d has the range %v, from scratch %v", v, got.bounded.RangeOf(v), want.bounded.RangeOf(v))
		}
	}
}

// sameIdentity compares a program with an earlier one of the same identity.
func sameIdentity(t *testing.T, q *Quantised, known map[digest]*Quantised) int {
	t.Helper()
	is, err := q.identity()
	if err != nil {
		t.Fatal(err)
	}
	if known[is] != nil {
		sameQuantised(t, q, known[is])
		return 1
	}
	known[is] = q
	return 0
}

// TestMemoChangesNothing compares what is quantised with a memo of other knobs with what
// is quantised from scratch, and counts that the memo saves something.
func TestMemoChangesNothing(t *testing.T) {
	quantised, saved, same := 0, 0, 0
	for seed := range int64(120) {
		r := rand.New(rand.NewSource(seed))
		p := everyKind(r)
		if seed%2 == 0 {
			p = randomProgramOf(r, 12)
		}
		samples := make([]Sample, 8)
		for i := range samples {
			for _, in := range p.Inputs {
				x := make([]float64, p.Size(in))
				for j := range x {
					if x[j] = r.Float64(); len(samples[i]) == 1 {
						x[j] = float64(r.Intn(7) - 3)
					}
				}
				samples[i] = append(samples[i], x)
			}
		}
		e := &effort{}
		cal, w, m := Calibrate(p, samples, func(int) {}), Weights(r.Intn(3)), newMemo(e)
		k := Knobs{Input: 5, Weight: 5, Activation: 6, Table: 7}
		known := map[digest]*Quantised{}
		for range 25 {
			got, err := choose(p, cal, k, w, m)
			want, scratch := Choose(p, cal, k, w)
			if fmt.Sprint(err) != fmt.Sprint(scratch) {
				t.Fatalf("%v, from scratch %v", err, scratch)
			}
			if err == nil {
				sameQuantised(t, got, want)
				same += sameIdentity(t, got, known)
				quantised++
				saved += len(p.Steps)
			}
			k = randomKnobs(r, k, len(p.Steps))
		}
		saved -= int(e.quantised.Load())
	}
	t.Logf("%d programs, %d steps saved, %d programs made again", quantised, saved, same)
	if same < 100 || quantised < 1000 || saved < quantised {
		t.Errorf("%d programs were quantised, %d of their steps not again", quantised, saved)
	}
}

// TestMemoStaysNear: a step of a long program that is turned costs what is near it.
func TestMemoStaysNear(t *testing.T) {
	p := recurrent(400)
	r := rand.New(rand.NewSource(1))
	x := make([]float64, p.Size(p.Inputs[0]))
	for i := range x {
		x[i] = r.Float64()
	}
	e := &effort{}
	cal, m := Calibrate(p, []Sample{{x}}, func(int) {}), newMemo(e)
	k := Knobs{Input: 6, Weight: 6, Activation: 6, Table: 8}
	if _, err := choose(p, cal, k, PublicWeights, m); err != nil {
		t.Fatal(err)
	}
	if n := int(e.quantised.Load()); n != len(p.Steps) {
		t.Fatalf("%d steps were quantised of %d", n, len(p.Steps))
	}
	for i := range p.Steps {
		before := e.quantised.Load()
		if _, err := choose(p, cal, k.turned([]int{i}, func(n *Knobs, i int) { n.setStep(i, StepKnobs{5, 5}) }),
			PublicWeights, m); err != nil {
			t.Fatal(err)
		}
		if n := e.quantised.Load() - before; n > 12 {
			t.Fatalf("with other bits of step %d, %d steps were quantised again", i, n)
		}
	}
}

// TestMemoForgetsTables: tables of many entries count for what a memo keeps, as well as
// the ranges of many elements.
func TestMemoForgetsTables(t *testing.T) {
	p := &ir.Program{}
	x := p.Value("x", []int{1})
	p.Inputs = []ir.ID{x}
	square := &ir.Func{Name: "square", F: func(x float64) float64 { return x * x }}
	y := p.Emit("square", "y", []int{1}, square, x)
	p.Outputs = []ir.ID{p.Emit("softmax", "z", []int{1}, &ir.Softmax{Groups: [][]int32{{0}}, Log: true}, y)}
	m := newMemo(&effort{})
	k := Knobs{Input: 12, Weight: 6, Activation: 6, Table: 12}
	q, err := choose(p, Calibrate(p, []Sample{{{1}}}, func(int) {}), k, PublicWeights, m)
	if err != nil {
		t.Fatal(err)
	}
	entries := 0
	for _, s := range q.Program.Steps {
		switch k := s.Kernel.(type) {
		case *program.Table:
			entries += len(k.Out)
		case *program.Softmax:
			entries += len(k.Exp) + len(k.Log)
		}
	}
	if entries <= 1<<12 || m.size < entries {
		t.Errorf("tables of %d entries count for %d", entries, m.size)
	}
}
