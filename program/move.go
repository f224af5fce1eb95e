package program

import (
	"fmt"

	"github.com/zkml-go/zkml/circuits"
)

// Move copies elements: out[i] = element Index[i] of input In[i]. It costs
// nothing.
type Move struct{ In, Index []int32 }

// Eval implements Kernel.
func (m *Move) Eval(in [][]int64) []int64 {
	out := make([]int64, len(m.Index))
	for i := range out {
		out[i] = in[m.In[i]][m.Index[i]]
	}
	return out
}

// Range implements Kernel.
func (m *Move) Range(in [][]Interval) ([]Interval, error) {
	out := make([]Interval, len(m.Index))
	for i := range out {
		out[i] = in[m.In[i]][m.Index[i]]
	}
	return out, nil
}

// InputWindows implements Closer: an element that is moved once gets its target's window.
func (m *Move) InputWindows(_ *circuits.Builder, in []Interval, out []circuits.Window) []circuits.Window {
	windows := covers(in)
	count := make([]int, len(in))
	for _, j := range m.Index {
		count[j]++
	}
	for i, j := range m.Index {
		if count[j] == 1 {
			windows[j] = out[i]
		}
	}
	return windows
}

// Define implements Kernel.
func (m *Move) Define(_ *circuits.Builder, in [][]*circuits.Value, _ []circuits.Window) ([]*circuits.Value, error) {
	out := make([]*circuits.Value, len(m.Index))
	for i := range out {
		out[i] = in[m.In[i]][m.Index[i]]
	}
	return out, nil
}

func (*Move) passesOpen() {}

// Words implements Kernel.
func (m *Move) Words() string { return fmt.Sprintf("move[%d]", len(m.Index)) }

func (m *Move) String() string { return m.Words() }
