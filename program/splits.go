package program

import (
	"errors"
	"fmt"
	"slices"

	"github.com/zkml-go/zkml/circuits"
)

// Splits tells of elements whether they reach thresholds: out[i] is 1 where
// in[Index[i]] ≥ From[i], else 0. The outputs that Turned lists are the other bit where their
// element is the integer of Missing, the lowest or the highest of its interval, which stands
// for a missing value.
type Splits struct {
	Index   []int32
	From    []int64
	Turned  []int32 `cbor:",omitempty"`
	Missing []int64 `cbor:",omitempty"` // by output that is turned
	// Rank, where it is not nil, says that thresholds are secrets of a private model: From[i] is
	// number Rank[i] among those of its element, which do not fall with their numbers. One number
	// is one threshold. All of that is public but From.
	Rank []int32 `cbor:",omitempty"`
	// filled marks splits that Filled made: From is what a staircase rises by at each step.
	filled bool
}

// Classifies implements Classifier: class 1 is what lies beyond a threshold.
func (*Splits) Classifies() {}

// Eval implements Kernel.
func (s *Splits) Eval(in [][]int64) []int64 {
	out := make([]int64, len(s.From))
	for i, from := range s.From {
		out[i] = (&Compare{From: from}).at(in[0][s.Index[i]])
	}
	for k, i := range s.Turned {
		if in[0][s.Index[i]] == s.Missing[k] {
			out[i] = 1 - out[i]
		}
	}
	return out
}

// Range implements Kernel: a secret threshold may be anywhere.
func (s *Splits) Range(in [][]Interval) ([]Interval, error) {
	out := make([]Interval, len(s.From))
	if s.Rank != nil {
		return slices.Repeat([]Interval{{0, 1}}, len(out)), nil
	}
	for i, from := range s.From {
		c, iv := &Compare{From: from}, in[0][s.Index[i]]
		out[i] = Interval{c.at(iv.Lo), c.at(iv.Hi)}
	}
	missing, err := s.missing(in[0])
	for i, j := range s.Index {
		at, reserved := missing[j]
		if top := in[0][j].Hi; reserved && (at == top && s.From[i] > at || at != top && s.From[i] <= at) {
			return nil, fmt.Errorf("the threshold %d is beyond %d, which stands for a missing value of element %d",
				s.From[i], at, j)
		}
	}
	for _, i := range s.Turned {
		out[i] = Interval{0, 1}
	}
	return out, err
}

// missing are the integers for missing values, by element.
func (s *Splits) missing(in []Interval) (map[int32]int64, error) {
	out := map[int32]int64{}
	for k, i := range s.Turned {
		j, at := s.Index[i], s.Missing[k]
		if iv := in[j]; at != iv.Lo && at != iv.Hi {
			return nil, fmt.Errorf("%d stands for a missing value of element %d, which is in [%d, %d]", at, j,
				iv.Lo, iv.Hi)
		}
		if other, known := out[j]; known && other != at {
			return nil, fmt.Errorf("%d and %d stand for a missing value of element %d", other, at, j)
		}
		out[j] = at
	}
	return out, nil
}

// Define implements Kernel: all thresholds of an element stand on one staircase, and equal
// ones are one.
func (s *Splits) Define(b *circuits.Builder, in [][]*circuits.Value, _ []circuits.Window) ([]*circuits.Value, error) {
	if s.Rank != nil {
		return s.defineSecret(b, in[0]), nil
	}
	missing := map[int32]int64{} // by element
	turned := make([]bool, len(s.From))
	for k, i := range s.Turned {
		missing[s.Index[i]], turned[i] = s.Missing[k], true
	}
	thresholds := make([][]int64, len(in[0]))
	for i, j := range s.Index {
		thresholds[j] = append(thresholds[j], s.From[i])
	}
	bits, others := make([][]*circuits.Value, len(in[0])), make([][]*circuits.Value, len(in[0]))
	for j, from := range thresholds {
		slices.Sort(from)
		thresholds[j] = slices.Compact(from)
		if at, reserved := missing[int32(j)]; reserved {
			bits[j], others[j] = b.SplitsMissing(in[0][j], thresholds[j], at)
		} else {
			bits[j] = b.Splits(in[0][j], thresholds[j])
		}
	}
	out := make([]*circuits.Value, len(s.From))
	for i, j := range s.Index {
		at, _ := slices.BinarySearch(thresholds[j], s.From[i])
		if out[i] = bits[j][at]; turned[i] {
			out[i] = others[j][at]
		}
	}
	return out, nil
}

func (s *Splits) check(in []int, out int) error {
	if len(s.Index) != len(s.From) {
		return fmt.Errorf("%d elements for %d thresholds", len(s.Index), len(s.From))
	}
	if err := inside(s.Index, in[0]); err != nil {
		return err
	}
	for _, from := range s.From {
		if err := (&Compare{From: from}).check([]int{1}, 1); err != nil {
			return err
		}
	}
	if err := s.checkRanks(); err != nil {
		return err
	}
	if err := s.checkTurned(); err != nil {
		return err
	}
	return outputs(len(s.From), out)
}

func (s *Splits) checkTurned() error {
	switch {
	case len(s.Turned) != len(s.Missing):
		return fmt.Errorf("%d integers for missing values of %d outputs", len(s.Missing), len(s.Turned))
	case len(s.Turned) > 0 && s.Rank != nil:
		return errors.New("integers for missing values, and secret thresholds")
	}
	for k := 1; k < len(s.Turned); k++ {
		if s.Turned[k] <= s.Turned[k-1] {
			return fmt.Errorf("the outputs for missing values are not in order: %d after %d", s.Turned[k],
				s.Turned[k-1])
		}
	}
	return inside(s.Turned, len(s.Index))
}

func (s *Splits) work() Work { return Work{Indices: int64(len(s.Index))} }

// Words implements Kernel.
func (s *Splits) Words() string {
	if s.Rank != nil {
		return fmt.Sprintf("splits[%d, secret thresholds, contents %.32s]", len(s.From),
			contents(func(yield func(int64) bool) {
				for i, j := range s.Index {
					if !yield(int64(j)) || !yield(int64(s.Rank[i])) {
						return
					}
				}
			}))
	}
	missing := ""
	if len(s.Turned) > 0 {
		missing = fmt.Sprintf("%d turned where missing, ", len(s.Turned))
	}
	return fmt.Sprintf("splits[%d, %scontents %.32s]", len(s.From), missing, contents(func(yield func(int64) bool) {
		for i, from := range s.From {
			if !yield(int64(s.Index[i])) || !yield(from) {
				return
			}
		}
		for k, i := range s.Turned {
			if !yield(int64(i)) || !yield(s.Missing[k]) {
				return
			}
		}
	}))
}

func (s *Splits) String() string { return fmt.Sprintf("splits[%d]", len(s.From)) }
