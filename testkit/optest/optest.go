// Package optest owns the examination that every operator takes: shapes, the
// float reference against known values and against ONNX's official vectors, the
// lowered program against the float reference. It must not know circuits: the
// compiler's tests hand their own stages to Run. Tests alone import it.
package optest

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/zkml-go/zkml/compiler/graph"
	"github.com/zkml-go/zkml/compiler/ir"
	"github.com/zkml-go/zkml/compiler/op"
	"github.com/zkml-go/zkml/tensor"
)

// Stage is a further examination of a case, which Run performs after its own:
// the integer kernel, the circuit.
type Stage struct {
	Name  string
	Check func(t *testing.T, s Subject)
}

// Subject is a case ready for a stage.
type Subject struct {
	Spec op.Spec
	// Name is what is special about the case, "" where nothing is.
	Name string
	// Graph has one input and one output. A case with several variables begins
	// with a Split and a Reshape for each.
	Graph *graph.Graph
	// Samples are values of the graph's input, boundaries of its range first;
	// Want are the outputs that the float reference gives for them.
	Samples, Want []*tensor.Float
}

// Run examines one case. Stages see only cases whose output depends on a
// variable.
func Run(t *testing.T, c Case, stages ...Stage) {
	t.Helper()
	g := c.Graph()
	samples := c.samples()
	subject := Subject{Spec: c.spec(t), Name: c.Name, Graph: g}
	for k, x := range samples {
		w, err := trace(g, x)
		if err != nil {
			t.Fatal(err)
		}
		out := w.values[g.Outputs[0].Name]
		if !slices.Equal(out.arg.Shape, c.Shape) {
			t.Fatalf("shape %v, want %v", out.arg.Shape, c.Shape)
		}
		if k == 0 && c.Want != nil {
			if err := near(out.float.Data, c.Want, tolerance{1e-6, 1e-6}); err != nil {
				t.Fatalf("float reference: %v", err)
			}
		}
		if err := w.check(tolerance{1e-9, 1e-9}); err != nil {
			t.Fatal(err)
		}
		if out.arg.Const != nil {
			return
		}
		subject.Samples = append(subject.Samples, x...)
		subject.Want = append(subject.Want, out.float)
	}
	for _, s := range stages {
		t.Run(s.Name, func(t *testing.T) { s.Check(t, subject) })
	}
}

// RunAll runs every case of the package's table as a subtest.
func RunAll(t *testing.T, stages ...Stage) {
	for _, c := range Cases() {
		t.Run(c.Title(), func(t *testing.T) { Run(t, c, stages...) })
	}
}

// Program is the lowered graph of a case, with its output set.
func (c Case) Program() (*ir.Program, error) {
	g := c.Graph()
	w, err := trace(g, c.samples()[0])
	if err != nil {
		return nil, err
	}
	w.program.Outputs = []ir.ID{w.values[g.Outputs[0].Name].id}
	return w.program, nil
}

// Consistent tells whether the operator, if it accepts the case at all, has a
// lowered program that agrees with its float reference. Integers that their type does not hold
// are left out: the compiler refuses them.
func (c Case) Consistent() error {
	w, err := trace(c.Graph(), c.samples()[0])
	if err != nil || w.overflows() {
		return nil
	}
	tol := tolerance{1e-9, 1e-9}
	if c.Op == "MeanVarianceNormalization" { // of equal numbers it divides the error of their mean by 1e-9
		tol.absolute = 1e-5
	}
	return w.check(tol)
}

// spec finds the operator's entry in the registry.
func (c Case) spec(t *testing.T) op.Spec {
	t.Helper()
	for _, s := range op.Specs() {
		if s.Name == c.Op && s.Domain == c.Domain {
			return s
		}
	}
	t.Fatalf("%s is not registered", c.Op)
	return op.Spec{}
}

// draws is how many random samples a case gets beside its boundaries.
const draws = 4

// samples gives values of the graph's input: the case's own, all variables at
// their lower ends, at their upper ends, alternating, then random ones. Without
// variables there is one empty sample.
func (c Case) samples() [][]*tensor.Float {
	rng := rand.New(rand.NewPCG(7, uint64(len(c.Title()))))
	patterns := []func(v Input, i int) float64{
		func(v Input, _ int) float64 { return v.lo() },
		func(v Input, _ int) float64 { return v.hi() },
		func(v Input, i int) float64 { return []float64{v.lo(), v.hi()}[i%2] },
	}
	for range draws {
		patterns = append(patterns, func(v Input, _ int) float64 {
			return v.lo() + (v.hi()-v.lo())*rng.Float64()
		})
	}
	if own := c.own(); own != nil {
		patterns = slices.Insert(patterns, 0, own)
	}
	vars := c.variables()
	if len(vars) == 0 {
		return [][]*tensor.Float{nil}
	}
	out := make([][]*tensor.Float, len(patterns))
	for k, value := range patterns {
		flat := []float64{}
		for _, v := range vars {
			for i := range tensor.Size(v.Shape) {
				x := v.round(value(v, i))
				if !c.flatType().IsFloat() {
					x = math.Round(x)
				}
				flat = append(flat, x)
			}
		}
		out[k] = []*tensor.Float{tensor.Of(flat, c.inputShape()...)}
	}
	return out
}

// own is the pattern of the case's stated values, nil where it states none.
func (c Case) own() func(v Input, i int) float64 {
	for _, v := range c.variables() {
		if v.Values == nil {
			return nil
		}
	}
	return func(v Input, i int) float64 { return v.Values[i] }
}
