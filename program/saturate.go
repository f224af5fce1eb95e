package program

import (
	"fmt"

	"github.com/zkml-go/zkml/circuits"
)

// Saturate rescales every element and limits it to the output's format. By has
// one saturation, or one for each group of elements: element i takes
// By[Group[i]].
type Saturate struct {
	By    []circuits.Saturation
	Group []int32 // nil where By has one entry
}

func (s *Saturate) at(i int) circuits.Saturation {
	if s.Group == nil {
		return s.By[0]
	}
	return s.By[s.Group[i]]
}

// Eval implements Kernel.
func (s *Saturate) Eval(in [][]int64) []int64 {
	out := make([]int64, len(in[0]))
	for i, v := range in[0] {
		out[i] = s.at(i).Eval(v)
	}
	return out
}

// Range implements Kernel.
func (s *Saturate) Range(in [][]Interval) ([]Interval, error) {
	out := make([]Interval, len(in[0]))
	for i, iv := range in[0] {
		if err := s.at(i).Check(iv.Lo, iv.Hi); err != nil {
			return nil, err
		}
		out[i] = Interval{s.at(i).Eval(iv.Lo), s.at(i).Eval(iv.Hi)}
	}
	return out, nil
}

// InputWindows implements Closer.
func (s *Saturate) InputWindows(b *circuits.Builder, in []Interval, _ []circuits.Window) []circuits.Window {
	out := make([]circuits.Window, len(in))
	for i, iv := range in {
		out[i] = b.SaturationWindow(s.at(i), iv.Lo, iv.Hi)
	}
	return out
}

// Define implements Kernel.
func (s *Saturate) Define(b *circuits.Builder, in [][]*circuits.Value, _ []circuits.Window) ([]*circuits.Value, error) {
	each := make([]circuits.Saturation, len(in[0]))
	for i := range each {
		each[i] = s.at(i)
	}
	return b.Saturate(in[0], each), nil
}

// Words implements Kernel.
func (s *Saturate) Words() string {
	least, most := s.By[0].Shift, s.By[0].Shift
	base, last := s.By[0].Base, s.By[0].Base+1<<s.By[0].Bits-1
	for _, x := range s.By {
		least, most = min(least, x.Shift), max(most, x.Shift)
		base, last = min(base, x.Base), max(last, x.Base+1<<x.Bits-1)
	}
	shift := fmt.Sprint(least)
	if least != most {
		shift = fmt.Sprintf("%d..%d", least, most)
	}
	return fmt.Sprintf("saturate[>> %s to %d..%d]", shift, base, last)
}

func (s *Saturate) String() string { return s.Words() }
