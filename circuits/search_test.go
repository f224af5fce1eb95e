package circuits_test

import (
	"fmt"
	"maps"
	"slices"
	"testing"

	"github.com/zkml-go/zkml/testkit/adversary"
)

// The limits of searches: inputs of a gadget, and values tried for one.
const (
	searchedInputs = 16
	mostTried      = 20_000
)

// searchGadgets enumerates all witnesses of small gadgets, every gadget among
// them: each input has one, with the reference's output.
func searchGadgets(t *testing.T, r *adversary.Records) {
	var gadgets []example
	for _, e := range examples() {
		if slices.Contains(searched, e.name) {
			gadgets = append(gadgets, e)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(tiny)) {
		gadgets = append(gadgets, example{name, tiny[name]})
	}
	called := map[string]bool{}
	for _, e := range gadgets {
		t.Run(e.name, func(t *testing.T) {
			s, err := adversary.Statement(e.Statement(), nil)
			if err != nil {
				t.Fatal(err)
			}
			search, err := s.NewSearch()
			if err != nil {
				t.Fatal(err)
			}
			inputs := e.Inputs(nil, 5)
			if e.In*e.Bits <= 4 {
				inputs = e.Inputs(nil, searchedInputs)
			} else {
				inputs = inputs[:3]
			}
			tried := enumerate(t, search, e, inputs)
			r.Says(gadgetFile(e.name), e.name, "one witness of each input")
			r.Count("search/"+gadgetFile(e.name), e.name, s.Open.Gates, search.Wires(), tried, 0,
				fmt.Sprintf("%d inputs", len(inputs)))
			maps.Copy(called, s.Open.Calls)
		})
	}
	everyGadget(t, called, "SecretLinear") // its weights are bound by a hash, which no search inverts
}

// enumerate searches for each input, and returns how many values were tried.
func enumerate(t *testing.T, s *adversary.Search, e example, inputs [][]int64) (tried int) {
	t.Helper()
	for _, in := range inputs {
		found, err := s.Run(in, e.Eval(in), mostTried)
		if err != nil {
			t.Fatal(err)
		}
		tried += found.Assignments
		if found.Witnesses != 1 || len(found.Outputs) != 1 {
			t.Errorf("%v: %d witnesses with %d outputs: %v", in, found.Witnesses, len(found.Outputs), found.Outputs)
		}
	}
	return tried
}

// searched are the gadgets that are small enough, beside those made for it.
var searched = []string{
	"linear, one row of one term", "max, of two, known", "table", "multiply", "multiply, open", "dot of one",
	"divide, small", "distances of one", "distances of two", "total", "scaled, below", "floor to one bit",
}
