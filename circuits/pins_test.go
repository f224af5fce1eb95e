package circuits_test

import (
	"slices"
	"testing"

	"github.com/zkml-go/zkml/testkit/adversary"
)

// structural are the planted faults that can be seen in the structure alone; the
// others take an attack. The last has no fault, but the rule gives no credit to
// identities at the challenge that are not a lookup's.
var structural = []string{
	"an output that nothing ties to the input",
	"elements of a word without range checks",
	"division, quotient free",
	"argmax, halves of winners",
	"argmax, any winner",
	"a permutation, its result uncommitted",
	"range lookup, a constant challenge",
	"range lookup, a count uncommitted",
	"range lookup, queries uncommitted",
	"function lookup, a constant challenge",
	"function lookup, an output uncommitted",
	"function lookup, a count uncommitted",
	"a slot of a pack left open",
	"splits, a step that is no bit",
	"splits, a step without its lower end",
	"splits, a step without its upper end",
	"top, a place of shares",
	"a permutation",
}

// TestPlantedFaultsAreLoose: the rule finds these faults, and none where none is
// planted.
func TestPlantedFaultsAreLoose(t *testing.T) {
	planted := slices.Concat(plantedArithmetic(), plantedSelections(), plantedLookups(), plantedStairs(),
		plantedPlaces(), sound())
	planted = append(planted, nibbles(without(0, 1)).named("range lookup, queries uncommitted"))
	for _, f := range planted {
		t.Run(f.name, func(t *testing.T) {
			s, err := adversary.Gates(f.n, f.m, f.define)
			if err != nil {
				t.Fatal(err)
			}
			p := s.Open.Pins()
			if found := len(p.Loose) > 0; found != slices.Contains(structural, f.name) {
				t.Errorf("%d loose wires: %v", len(p.Loose), p.Loose)
			}
		})
	}
}
