package program

import (
	"fmt"
	"slices"

	"github.com/zkml-go/zkml/circuits"
	"github.com/zkml-go/zkml/gate"
)

// Table applies a function that is given by its values: out = Out[in − First].
type Table struct {
	Name  string
	First int64
	Out   []int64
}

// Eval implements Kernel.
func (t *Table) Eval(in [][]int64) []int64 {
	out := make([]int64, len(in[0]))
	for i, v := range in[0] {
		out[i] = t.Out[v-t.First]
	}
	return out
}

// Range implements Kernel.
func (t *Table) Range(in [][]Interval) ([]Interval, error) {
	out := make([]Interval, len(in[0]))
	of := newExtremes(t.Out)
	known := map[Interval]Interval{}
	for i, iv := range in[0] {
		if iv.Lo < t.First || iv.Hi >= t.First+int64(len(t.Out)) {
			return nil, fmt.Errorf("element %d can lie outside the table of %s", i, t.Name)
		}
		r, ok := known[iv]
		if !ok {
			r = of.within(int(iv.Lo-t.First), int(iv.Hi-t.First))
			known[iv] = r
		}
		out[i] = r
	}
	return out, nil
}

// extremes finds the least and the largest element of any run of a list, by whole blocks
// where possible: a file from outside may ask for many wide runs. A block of level l
// has fan^l entries, and level 0 is the list itself.
type extremes struct{ levels [][]Interval }

const fan = 8

func newExtremes(list []int64) extremes {
	level := make([]Interval, len(list))
	for i, v := range list {
		level[i] = Interval{v, v}
	}
	e := extremes{levels: [][]Interval{level}}
	for len(level) > fan {
		var blocks []Interval
		for b := range slices.Chunk(level, fan) {
			blocks = append(blocks, hull(b))
		}
		e.levels, level = append(e.levels, blocks), blocks
	}
	return e
}

// hull is the interval around some intervals.
func hull(list []Interval) Interval {
	out := list[0]
	for _, iv := range list[1:] {
		out.Lo, out.Hi = min(out.Lo, iv.Lo), max(out.Hi, iv.Hi)
	}
	return out
}

// within is the hull of the entries from first to last.
func (e extremes) within(first, last int) Interval {
	out := e.levels[0][first]
	for i := first; i <= last; {
		level, size := 0, 1
		for level+1 < len(e.levels) && i%(size*fan) == 0 && i+size*fan-1 <= last {
			level, size = level+1, size*fan
		}
		out = hull([]Interval{out, e.levels[level][i/size]})
		i += size
	}
	return out
}

// Define implements Kernel.
func (t *Table) Define(b *circuits.Builder, in [][]*circuits.Value, _ []circuits.Window) ([]*circuits.Value, error) {
	ranges, err := t.Range([][]Interval{intervalsOf(in[0])})
	if err != nil {
		return nil, err
	}
	wires := b.Apply(t.key(), t.First, t.Out, b.CloseAll(in[0]))
	return known(wires, ranges), nil
}

func intervalsOf(vs []*circuits.Value) []Interval {
	out := make([]Interval, len(vs))
	for i, v := range vs {
		out[i] = Interval{v.Lo, v.Hi}
	}
	return out
}

func known(wires []gate.Wire, ranges []Interval) []*circuits.Value {
	out := make([]*circuits.Value, len(wires))
	for i, w := range wires {
		out[i] = circuits.Known(w, ranges[i].Lo, ranges[i].Hi)
	}
	return out
}

// key names the table by its content, so that equal tables are shared.
func (t *Table) key() string { return contents(slices.Values(append([]int64{t.First}, t.Out...))) }

// Words implements Kernel.
func (t *Table) Words() string {
	return fmt.Sprintf("%s[table of %d, contents %s]", t.Name, len(t.Out), t.key()[:shownDigits])
}

// Tables lists the numbers of entries of the tables in which the steps look values up,
// once for each use.
func (p *Program) Tables() []int {
	var out []int
	for _, s := range p.Steps {
		if k, ok := s.Kernel.(Tabular); ok {
			for _, t := range k.tables() {
				out = append(out, len(t.Out))
			}
		}
	}
	return out
}

// DifferentTables counts the tables of the circuit: steps that look up the same entries
// share one.
func (p *Program) DifferentTables() int {
	seen := map[string]bool{}
	for _, s := range p.Steps {
		if k, ok := s.Kernel.(Tabular); ok {
			for _, t := range k.tables() {
				seen[t.key()] = true
			}
		}
	}
	return len(seen)
}

func (t *Table) tables() []*Table { return []*Table{t} }

func (t *Table) queries(size int) []int { return []int{size} }

func (t *Table) String() string { return t.Words() }
