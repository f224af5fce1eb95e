package circuits_test

import (
	"fmt"
	"maps"
	"math/rand"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/consensys/gnark/constraint/solver"

	"github.com/zkml-go/zkml/circuits"
	"github.com/zkml-go/zkml/signature"
	"github.com/zkml-go/zkml/testkit/adversary"
	"github.com/zkml-go/zkml/testkit/circuittest"
	"github.com/zkml-go/zkml/testkit/long"
	"github.com/zkml-go/zkml/visibility"
)

// attackedInputs is on how many inputs a gadget is attacked.
const attackedInputs = 3

// attackLies is how many lies are told of a gadget on each input.
func attackLies() int { return long.Count(60, 800) }

// TestSoundness attacks every gadget, every scenario of a statement, and every
// planted fault, and enumerates all witnesses of small gadgets. What is true of
// them is kept in testdata/soundness.
func TestSoundness(t *testing.T) {
	r := adversary.NewRecords(t, filepath.Join("testdata", "soundness"), *update)
	t.Run("gadgets", func(t *testing.T) { attackGadgets(t, r) })
	t.Run("scenarios", func(t *testing.T) { attackScenarios(t, r) })
	t.Run("ports", func(t *testing.T) { attackPorts(t, r) })
	t.Run("elements", func(t *testing.T) { attackElements(t, r) })
	t.Run("exhaustive", func(t *testing.T) { searchGadgets(t, r) })
	t.Run("planted", func(t *testing.T) { attackFaults(t, r) })
	r.Check(t)
}

// attackGadgets also sees to it that no gadget and no hint is left out.
func attackGadgets(t *testing.T, r *adversary.Records) {
	called, asked := map[string]bool{}, map[string]bool{}
	for _, e := range examples() {
		t.Run(e.name, func(t *testing.T) {
			inputs := e.Inputs(nil, 5)
			inputs = inputs[:min(attackedInputs, len(inputs))]
			s := attackGadget(t, r, e.name, e.Statement(), inputs, e.Eval)
			maps.Copy(called, s.Open.Calls)
			maps.Copy(asked, s.Open.Hints())
		})
	}
	rng := rand.New(rand.NewSource(1))
	for _, f := range secretFormats {
		name := fmt.Sprintf("linear, secret weights of %d bits and biases of %d", f.Weight, f.Bias)
		t.Run(name, func(t *testing.T) {
			l := randomLayer(rng, 5, 3, f)
			s := attackGadget(t, r, name, l.statement(5), [][]int64{randomInput(rng, 3), {0, topInput, 1}}, l.eval)
			maps.Copy(called, s.Open.Calls)
			maps.Copy(asked, s.Open.Hints())
		})
	}
	maps.Copy(asked, attackSigned(t, r).Hints())
	everyGadget(t, called)
	everyHint(t, asked)
}

// attackSigned attacks a statement about a signed input. Its record is of one
// signature, which testdata keeps.
func attackSigned(t *testing.T, r *adversary.Records) *adversary.System {
	path := filepath.Join("testdata", "signed.json")
	g := network(86)
	in := g.Inputs(nil, 5)[3]
	st := g.Statement()
	circuittest.Replan(st, func(p *visibility.Plan) { p.SignedBy = visibility.EdDSA })
	message, err := circuits.Message(st.Layout.Inputs()[0].Tensor, "", in)
	if err != nil {
		t.Fatal(err)
	}
	signed, err := signature.Read(path)
	if *update && err != nil {
		signed = signedBy(t, message)
		err = signature.Write(path, signed)
	}
	if err != nil {
		t.Fatal(err)
	}
	s, err := adversary.Statement(st, signed)
	if err != nil {
		t.Fatal(err)
	}
	tally, err := s.Attack(in, g.Eval(in), attackLies(), 1)
	if err != nil {
		t.Fatal(err)
	}
	r.Attacked(t, gadgetFile("signed input"), "signed input", s.Open, tally)
	return s.Open
}

// attackGadget attacks one gadget on some inputs.
func attackGadget(t *testing.T, r *adversary.Records, name string, st *circuits.Statement, inputs [][]int64,
	eval func([]int64) []int64) *adversary.Subject {
	s, err := adversary.Statement(st, nil)
	if err != nil {
		t.Fatal(err)
	}
	tally := adversary.Tally{}
	for k, in := range inputs {
		one, err := s.Attack(in, eval(in), attackLies(), int64(k))
		if err != nil {
			t.Fatal(err)
		}
		tally.Add(one)
	}
	r.Attacked(t, gadgetFile(name), name, s.Open, tally)
	r.Pinned(t, gadgetFile(name), name, s.Open.Pins())
	return s
}

// gadgetFile is where a gadget's cases are recorded, whose names begin with that of
// the gadget.
func gadgetFile(name string) string {
	first, _, _ := strings.Cut(name, " ")
	return "gadget/" + strings.TrimSuffix(first, ",")
}

// passive are the methods of a builder that make no gadget, and those that only
// tests have.
var passive = []string{
	"Argue", "Finish", "FinishUnclosed", "SaturationWindow", "CompareWindow", "Check", "Commitment", "Equal",
	"Hash", "Signed", "LowBits", "Scalar", "AddAndDouble", "Multiple", "BaseMultiple",
}

func everyGadget(t *testing.T, called map[string]bool, except ...string) {
	b := reflect.TypeOf(&circuits.Builder{})
	for i := range b.NumMethod() {
		name := b.Method(i).Name
		if !called["circuits.(*Builder)."+name] && !slices.Contains(passive, name) && !slices.Contains(except, name) {
			t.Errorf("no gadget under attack uses Builder.%s: give examples() one", name)
		}
	}
}

func everyHint(t *testing.T, asked map[string]bool) {
	for _, h := range solver.GetRegisteredHints() {
		full := solver.GetHintName(h)
		name := full[strings.LastIndex(full, "/")+1:]
		if strings.HasPrefix(name, "circuits.") && !asked[name] { // lookup attacks its own
			t.Errorf("no gadget under attack asks hint %s: give examples() one", name)
		}
	}
}

// attackScenarios attacks a small network in all scenarios.
func attackScenarios(t *testing.T, r *adversary.Records) {
	g := network(86)
	in := g.Inputs(nil, 5)[3]
	for _, private := range visibility.Scenarios {
		for _, reveal := range []visibility.Reveal{visibility.Scores, visibility.Class, visibility.Commitment} {
			name := fmt.Sprintf("private %q, reveals %s", private, reveal)
			t.Run(name, func(t *testing.T) {
				st := g.Statement()
				circuittest.Replan(st, func(p *visibility.Plan) {
					p.Private, p.Reveal, p.Context = private, reveal, true
				})
				s, err := adversary.Statement(st, nil)
				if err != nil {
					t.Fatal(err)
				}
				tally, err := s.Attack(in, g.Eval(in), attackLies(), 1)
				if err != nil {
					t.Fatal(err)
				}
				r.Attacked(t, "statement", name, s.Open, tally)
				r.Pinned(t, "statement", name, s.Open.Pins())
			})
		}
	}
}

// faultLies is how many lies are told of a planted fault, all in every run: each
// must be found.
const faultLies = 3000

// attackFaults: the adversary finds every fault that is planted, and none in the
// gadgets without it.
func attackFaults(t *testing.T, r *adversary.Records) {
	for _, group := range []struct {
		file   string
		faults []fault
	}{
		{"arithmetic", plantedArithmetic()}, {"selections", plantedSelections()}, {"lookups", plantedLookups()},
		{"splits", plantedStairs()}, {"places", plantedPlaces()},
	} {
		for _, f := range group.faults {
			t.Run(f.name, func(t *testing.T) { attackFault(t, r, "planted/"+group.file, f) })
		}
	}
	for _, f := range sound() {
		t.Run(f.name, func(t *testing.T) {
			tally, s := f.find(t, faultLies)
			r.Attacked(t, "planted/none", f.name, s.Open, tally)
		})
	}
}

func attackFault(t *testing.T, r *adversary.Records, file string, f fault) {
	tally, s := f.find(t, faultLies)
	if !strings.Contains(tally.Forgery(), "an output is") {
		t.Fatalf("none of %d attacks forges an output; %d are admitted", tally.Tried, len(tally.Accepted))
	}
	seen := "its structure does not show it"
	if len(s.Open.Pins().Loose) > 0 {
		seen = "its structure shows it"
	}
	r.Says(file, f.name, "an output is forged", seen)
	r.Count(file, f.name, s.Open.Gates, s.Open.Chosen(), tally.Tried, len(tally.Accepted), tally.Forgery())
}
