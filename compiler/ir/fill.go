package ir

import (
	"fmt"
	"math"
)

// Fill puts numbers in the place of missing elements, which NaN says: out[i] is in[Index[i]], or
// With[i] where that is missing. A With that is NaN leaves it missing.
type Fill struct {
	Index []int32
	With  []float64
}

// Eval implements Kind.
func (f *Fill) Eval(in [][]float64, size int) []float64 {
	out := make([]float64, size)
	for i, j := range f.Index {
		if out[i] = in[0][j]; math.IsNaN(out[i]) {
			out[i] = f.With[i]
		}
	}
	return out
}

func (f *Fill) String() string { return fmt.Sprintf("fill[%d]", len(f.Index)) }

// Through implements Addresser, for a move of one input.
func (f *Fill) Through(_ []ID, _ int, from []ID, move *Move) (Kind, []ID) {
	if len(from) > 1 {
		return nil, nil
	}
	return f.reindexed(by(move.Index)), []ID{from[0]}
}

// Reads implements Reader.
func (f *Fill) Reads() []int32 { return f.Index }

// Reread implements Reader.
func (f *Fill) Reread(place map[int32]int32) Kind { return f.reindexed(in(place)) }

func (f *Fill) reindexed(place func(int32) int32) *Fill {
	return &Fill{Index: reindexed([][]int32{f.Index}, place)[0], With: f.With}
}

// Keep implements Shrinker.
func (f *Fill) Keep(outputs []int32) Kind {
	out := &Fill{}
	for _, i := range outputs {
		out.Index, out.With = append(out.Index, f.Index[i]), append(out.With, f.With[i])
	}
	return out
}

// Behind is splits that read what the fill reads in place of what it makes: where an element is
// missing, they are on the side of the number in its place.
func (f *Fill) Behind(s *Splits) *Splits {
	out := s.reindexed(by(f.Index))
	out.Missing = make([]Missing, len(s.Index))
	for i, j := range s.Index {
		switch x := f.With[j]; {
		case math.IsNaN(x):
			out.Missing[i] = s.WhenMissing(i)
		case s.Beyond(i, x):
			out.Missing[i] = MissingBeyond
		default:
			out.Missing[i] = MissingBelow
		}
	}
	return out
}
