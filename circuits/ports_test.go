package circuits_test

import (
	"fmt"
	"math/big"
	"reflect"
	"slices"
	"testing"

	"github.com/consensys/gnark-crypto/ecc"
	"github.com/consensys/gnark/backend/witness"
	"github.com/consensys/gnark/frontend"

	"github.com/zkml-go/zkml/circuits"
	"github.com/zkml-go/zkml/program"
	"github.com/zkml-go/zkml/testkit/circuittest"
	"github.com/zkml-go/zkml/visibility"
)

// crossing is a program of three inputs, x and y of one format and z of another, and
// of outputs that are easily taken for one another: two of scores and two of classes
// in one format each, one value twice, and an input as it is.
func crossing() *program.Program {
	sums := func(ws ...int64) *program.Linear {
		var rows []program.LinearRow
		for i := range 3 {
			row := program.LinearRow{}
			for k, w := range ws {
				row.Terms = append(row.Terms, circuits.RowTerm{Index: int32(3*k + i), W: w})
			}
			rows = append(rows, row)
		}
		return program.NewLinear(rows...)
	}
	three := program.Value{Shape: []int{3}, Scale: 1}
	largest := &program.ArgMax{Groups: [][]int32{{0, 1, 2}}}
	return &program.Program{
		Values: []program.Value{three, three, {Shape: []int{4}, Scale: 1}, three, three, {Shape: []int{1}, Scale: 1},
			{Shape: []int{1}, Scale: 1}},
		Inputs: []program.Interval{{Lo: -4, Hi: 3}, {Lo: -4, Hi: 3}, {Lo: 0, Hi: 31}},
		Steps: []program.Step{
			{Node: "sum", Kernel: sums(1, 1), In: []int{0, 1}, Out: 3},
			{Node: "difference", Kernel: sums(1, -2), In: []int{0, 1}, Out: 4},
			{Node: "of x", Kernel: largest, In: []int{0}, Out: 5},
			{Node: "of z", Kernel: &program.ArgMax{Groups: [][]int32{{0, 1, 2, 3}}}, In: []int{2}, Out: 6},
		},
		Outputs: []int{3, 4, 5, 6, 3, 0},
	}
}

// crossed are inputs for which no two ports of crossing have equal values.
func crossed() [][]int64 { return [][]int64{{1, 3, -2}, {2, -4, 0}, {7, 0, 31, 5}} }

// crossingPlan shows the sum, the difference and the classes, and commits to the others.
func crossingPlan() visibility.Plan {
	small := visibility.Tensor{Shape: []int{3}, Bits: 3, Zero: 4, Scale: 1}
	scores := visibility.Tensor{Shape: []int{3}, Bits: 6, Zero: 32, Scale: 1}
	class := visibility.Tensor{Shape: []int{1}, Bits: 2, Scale: 1, Classes: true}
	named := func(t visibility.Tensor, name string) visibility.Tensor {
		t.Name = name
		return t
	}
	return visibility.Plan{
		Reveal: visibility.Scores,
		Reveals: map[string]visibility.Reveal{
			"of x": visibility.Class, "of z": visibility.Class, "again": visibility.Commitment,
			"copy": visibility.Commitment,
		},
		Context:  true,
		SignedBy: visibility.EdDSA, Signed: "y", Purpose: "a loan",
		Inputs: []visibility.Tensor{named(small, "x"), named(small, "y"),
			{Name: "z", Shape: []int{4}, Bits: 5, Scale: 1}},
		Outputs: []visibility.Tensor{named(scores, "sum"), named(scores, "difference"), named(class, "of x"),
			named(class, "of z"), named(scores, "again"), named(small, "copy")},
	}
}

// ported is a compiled statement of several ports.
type ported struct {
	*circuittest.Subject
	inputs [][]int64
}

// portedBy compiles crossing under a plan, with the signature of the input that is to
// be signed.
func portedBy(t *testing.T, plan visibility.Plan, inputs [][]int64) ported {
	t.Helper()
	st := &circuits.Statement{Layout: circuittest.Layout(plan), Model: crossing(), Digit: 3}
	s := circuittest.Compile(t, st)
	for _, signer := range st.Layout.Signers() {
		at := slices.IndexFunc(plan.Inputs, func(in visibility.Tensor) bool { return in.Name == signer.Of })
		s.Salts = circuittest.Salts(st.Layout, signedBy(t, messageOf(t, st.Layout.Inputs()[at].Tensor, signer.Purpose,
			inputs[at])))
	}
	return ported{s, inputs}
}

func messageOf(t *testing.T, in visibility.Tensor, purpose string, values []int64) *big.Int {
	t.Helper()
	m, err := circuits.Message(in, purpose, values)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// claim is the honest prover's of inputs.
func (p ported) claim(inputs [][]int64) visibility.Claim {
	p.T.Helper()
	claim, err := p.Statement.Claim(inputs, crossing().Eval(inputs...), p.Salts, circuittest.Context)
	if err != nil {
		p.T.Fatal(err)
	}
	return claim
}

// assign is the assignment of a claim by a prover who has these inputs and secrets.
func (p ported) assign(claim visibility.Claim, inputs [][]int64, secrets circuits.Secrets) *circuits.Circuit {
	p.T.Helper()
	c, err := p.Statement.Assign(claim, inputs, secrets)
	if err != nil {
		p.T.Fatal(err)
	}
	return c
}

func (p ported) witness(c *circuits.Circuit) witness.Witness {
	p.T.Helper()
	w, err := frontend.NewWitness(c, ecc.BN254.ScalarField())
	if err != nil {
		p.T.Fatal(err)
	}
	return w
}

func (p ported) vector(c *circuits.Circuit) any { return p.witness(c).Vector() }

func (p ported) solves(c *circuits.Circuit) bool { return p.CS.IsSolved(p.witness(c)) == nil }

// portPlans are crossingPlan with every input or some private, by one commitment or
// several, under a public and a private model.
func portPlans() map[string]visibility.Plan {
	out := map[string]visibility.Plan{}
	for i, private := range []visibility.Private{{}, {Input: true}, {Named: []string{"x", "z"}},
		{Named: []string{"y"}, Model: true}} {
		for k, commit := range []visibility.Commit{visibility.CommitTogether, visibility.CommitEach} {
			p := crossingPlan()
			p.Private, p.Commit = private, commit
			if i%2 != k { // a signature takes most of the time
				p.SignedBy, p.Signed, p.Purpose = "", "", ""
			}
			out[fmt.Sprintf("private %q, commit %s", private, commit)] = p
		}
	}
	batch := crossingPlan()
	batch.Private, batch.Batch = visibility.Private{Named: []string{"x", "y"}}, 2
	batch.SignedBy, batch.Signed, batch.Purpose = "", "", ""
	out["batch"] = batch
	return out
}

// portInputs are crossed, and for a batch twice, one after the other.
func portInputs(p visibility.Plan) [][]int64 {
	inputs := crossed()
	if p.Batch == 2 {
		for k, second := range [][]int64{{0, -1, 2}, {3, 1, 1}, {9, 30, 2, 1}} {
			inputs[k] = append(inputs[k], second...)
		}
	}
	return inputs
}

// TestPortsAreApart: in a statement of several ports every public and secret input is
// in its place: none can be altered, and no two of them exchanged, singly or as those
// of whole ports. Only the context is bound by the proof itself.
func TestPortsAreApart(t *testing.T) {
	for name, plan := range portPlans() {
		t.Run(name, func(t *testing.T) {
			p := portedBy(t, plan, portInputs(plan))
			if !p.admits(nil) {
				t.Fatal("the honest prover is rejected")
			}
			runs, context := p.runs()
			if !p.admits(func(w []*frontend.Variable) { *w[context] = plusOne(*w[context]) }) {
				t.Error("the circuit binds the context, which the proof does")
			}
			for at, r := range runs {
				for i := r.start; i < r.start+r.count; i++ {
					if p.admits(func(w []*frontend.Variable) { *w[i] = plusOne(*w[i]) }) {
						t.Errorf("%s: wire %d altered is admitted", r.name, i-r.start)
					}
				}
				for _, o := range runs[at+1:] {
					p.exchange(r, o, 1)
					p.exchange(r, o, min(r.count, o.count))
				}
			}
		})
	}
}

// run is a run of a circuit's inputs that belong together.
type run struct {
	name         string
	start, count int
}

// runs lists those of the public inputs of each port, then those of the secret ones,
// which are numbered on; and where the context is.
func (p ported) runs() (all []run, context int) {
	l := p.Statement.Layout
	for i := range l.Ports {
		switch q := &l.Ports[i]; {
		case q.Is(visibility.FormNumber):
			context = q.Start
		case q.Words > 0:
			all = append(all, run{fmt.Sprintf("%s %q", q.Role, q.Name), q.Start, q.Words})
		}
	}
	for _, x := range l.Secrets() {
		q := &l.Ports[x.Port]
		all = append(all, run{fmt.Sprintf("%s of %s %q", x.Kind, q.Role, q.Name), l.Count() + x.Start, x.Count})
	}
	return all, context
}

// admits tells whether the circuit admits the honest assignment after a change of its
// inputs, public ones first. A change that changes nothing is not admitted.
func (p ported) admits(change func(w []*frontend.Variable)) bool {
	p.T.Helper()
	c := p.assign(p.claim(p.inputs), p.inputs, p.Salts)
	if change == nil {
		return p.solves(c)
	}
	var all []*frontend.Variable
	for _, list := range [][]frontend.Variable{c.Public, c.Secret} {
		for i := range list {
			all = append(all, &list[i])
		}
	}
	before := p.vector(c)
	change(all)
	return !reflect.DeepEqual(p.vector(c), before) && p.solves(c)
}

// exchange fails the test if the first n inputs of two runs can be exchanged.
func (p ported) exchange(r, o run, n int) {
	p.T.Helper()
	if p.admits(func(w []*frontend.Variable) {
		for i := range n {
			a, b := w[r.start+i], w[o.start+i]
			*a, *b = *b, *a
		}
	}) {
		p.T.Errorf("%s and %s with %d wires exchanged are admitted", r.name, o.name, n)
	}
}
