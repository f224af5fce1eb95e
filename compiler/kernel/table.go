package kernel

import (
	"fmt"
	"slices"

	"github.com/zkml-go/zkml/circuits"
	"github.com/zkml-go/zkml/circuits/gate"
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
	for i, iv := range in[0] {
		if iv.Lo < t.First || iv.Hi >= t.First+int64(len(t.Out)) {
			return nil, fmt.Errorf("element %d may leave the table of %s", i, t.Name)
		}
		values := t.Out[iv.Lo-t.First : iv.Hi-t.First+1]
		out[i] = Interval{slices.Min(values), slices.Max(values)}
	}
	return out, nil
}

// Define implements Kernel.
func (t *Table) Define(b *circuits.Builder, in [][]*circuits.Value, _ []circuits.Window) ([]*circuits.Value, error) {
	ranges, err := t.Range([][]Interval{intervalsOf(in[0])})
	if err != nil {
		return nil, err
	}
	wires := b.Apply(t.key(), t.First, t.Out, b.Wires(in[0]))
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

// key names the table by its content, so that equal tables are one.
func (t *Table) key() string { return contents(append([]int64{t.First}, t.Out...)) }

func (t *Table) String() string {
	return fmt.Sprintf("%s[table of %d, contents %s]", t.Name, len(t.Out), t.key()[:shownDigits])
}
