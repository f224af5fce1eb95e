package program_test

import (
	"slices"
	"testing"

	"github.com/zkml-go/zkml/circuits"
	"github.com/zkml-go/zkml/program"
)

// lookupRows counts the circuit's lookup argument.
func lookupRows(t *testing.T, p *program.Program, items int) int {
	t.Helper()
	s := statement(p, privacyNone, scores, 4)
	if items > 1 {
		s.Layout = s.Layout.Batched(items)
	}
	cost, err := s.Count()
	if err != nil {
		t.Fatal(err)
	}
	i := slices.IndexFunc(cost.Parts, func(p circuits.Part) bool { return p.Name == "lookups" })
	return cost.Parts[i].Gates
}

// TestTableRows holds a step's own rows against what the circuit's lookup argument takes
// more with the step than without it. Nobody reads the step's output.
func TestTableRows(t *testing.T) {
	square := &program.Table{Name: "square", First: -1, Out: []int64{1, 0, 1, 4, 9, 16, 25, 36, 49}}
	other := &program.Table{Name: "other", First: -2, Out: []int64{7, 5, 3, 1, 0, 0, 2, 4, 6, 8}}
	for _, size := range []int{1, 2, 3, 4, 5, 9} {
		for _, items := range []int{1, 3} {
			for name, last := range map[string]*program.Table{"own": other, "shared": square} {
				one := chain(size, 0, link{square, size, nil})
				two := chain(size, 0, link{square, size, nil}, link{last, size, []int{0}})
				two.Outputs = one.Outputs
				rows := two.TableRows(items)
				want := lookupRows(t, two, items) - lookupRows(t, one, items)
				if rows[1] != want || rows[0] != one.TableRows(items)[0] {
					t.Errorf("%s table for %d elements, %d times: %d rows, want %d", name, size, items, rows, want)
				}
			}
		}
	}
}

// TestTableRowsOfSoftmax: an exponential for each member, a logarithm for each group.
func TestTableRowsOfSoftmax(t *testing.T) {
	exp := &program.Table{Out: falling(8)}
	log := &program.Table{Out: logs(64)}
	apart := chain(5, 0, link{exp, 5, nil}, link{&program.Move{In: []int32{0, 0}, Index: []int32{0, 1}}, 2, nil},
		link{log, 2, nil}).TableRows(1)
	groups := [][]int32{{0, 2, 4}, {1, 3}}
	both := &program.Softmax{Groups: groups, Exp: falling(8), Log: logs(64), LogShift: 2}
	if got := chain(5, 0, link{both, 5, nil}).TableRows(1)[0]; got != apart[0]+apart[2] {
		t.Errorf("log-softmax has %d rows, its tables %d", got, apart)
	}
	plain := &program.Softmax{Groups: groups, Exp: falling(8), Bits: 4}
	if got := chain(5, 0, link{plain, 5, nil}).TableRows(1)[0]; got != apart[0] {
		t.Errorf("softmax has %d rows, its table %d", got, apart)
	}
}

// TestTableRowsAreOfTheLookups: those of all steps are a part of the lookup argument, and
// steps without a table have none.
func TestTableRowsAreOfTheLookups(t *testing.T) {
	for _, e := range examples() {
		sum := 0
		for i, n := range e.TableRows(1) {
			if _, ok := e.Steps[i].Kernel.(program.Tabular); ok != (n > 0) {
				t.Errorf("%s: step %d has %d rows", e.name, i, n)
			}
			sum += n
		}
		if all := lookupRows(t, e.Program, 1); sum > all {
			t.Errorf("%s: tables take %d of %d rows", e.name, sum, all)
		}
	}
}
