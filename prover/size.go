package prover

import (
	"errors"
	"fmt"

	"github.com/zkml-go/zkml/budget"
	"github.com/zkml-go/zkml/circuits"
	"github.com/zkml-go/zkml/gate"
	"github.com/zkml-go/zkml/program"
	"github.com/zkml-go/zkml/visibility"
)

// elementsPerRow bounds the elements that a circuit's inputs and outputs have for each
// of its rows, with room: each is range-checked and packed.
const elementsPerRow = 8

// CheckRoom requires that so many rows have room for the inputs and outputs that a
// layout describes. It is asked before a model is compiled for that layout.
func CheckRoom(l visibility.Layout, rows uint64) error {
	elements := uint64(0)
	for _, p := range l.Ports {
		elements += uint64(p.Count())
	}
	if elements/elementsPerRow > rows {
		return fmt.Errorf("the key's layout has %d elements: no circuit of its %d rows has so many", elements, rows)
	}
	return nil
}

// CheckSize requires that the circuit of a statement has a key's number of rows.
// Whoever wrote the statement cannot make it work for long: its work is held against
// the rows before any of it is done, and gates are counted no further than the key
// goes. What it accepts can be compiled in time and memory for so many rows.
func CheckSize(s *circuits.Statement, rows uint64) error {
	if rows == 0 || rows > uint64(budget.Rows.Most) {
		return fmt.Errorf("the key has %d rows: 1 to %d are supported", rows, budget.Rows.Most)
	}
	more := fmt.Errorf("the key has %d rows, the circuit more", rows)
	if !fits(s, rows) {
		return more
	}
	err := CheckStatement(s)
	var cost circuits.Cost
	if err == nil {
		cost, err = s.CountWithin(int(rows))
	}
	switch {
	case errors.Is(err, gate.ErrBudget):
		return more
	case err != nil:
		return fmt.Errorf("the circuit cannot be made: %w", err)
	case uint64(cost.PaddedRows()) != rows:
		return fmt.Errorf("the key has %d rows, the circuit %d", rows, cost.PaddedRows())
	}
	return nil
}

// fits tells whether so many rows can do the work of the statement's program.
func fits(s *circuits.Statement, rows uint64) bool {
	p, ok := s.Model.(*program.Program)
	if !ok {
		return true
	}
	w, err := p.Work()
	if err != nil || !w.Fits(rows, s.Layout.Items()) {
		return false
	}
	for _, entries := range p.Tables() {
		if uint64(entries) > rows {
			return false // an entry of a table takes rows of its own
		}
	}
	return true
}
