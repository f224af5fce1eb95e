package program

import (
	"fmt"
	"slices"

	"github.com/zkml-go/zkml/circuits"
)

// Splits tells of elements whether they reach thresholds: out[i] is 1 where
// in[Index[i]] ≥ From[i], else 0.
type Splits struct {
	Index []int32
	From  []int64
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
	return out, nil
}

// Define implements Kernel: all thresholds of an element stand on one staircase, and equal
// ones are one.
func (s *Splits) Define(b *circuits.Builder, in [][]*circuits.Value, _ []circuits.Window) ([]*circuits.Value, error) {
	if s.Rank != nil {
		return s.defineSecret(b, in[0]), nil
	}
	thresholds := make([][]int64, len(in[0]))
	for i, j := range s.Index {
		thresholds[j] = append(thresholds[j], s.From[i])
	}
	bits := make([][]*circuits.Value, len(in[0]))
	for j, from := range thresholds {
		slices.Sort(from)
		thresholds[j] = slices.Compact(from)
		bits[j] = b.Splits(in[0][j], thresholds[j])
	}
	out := make([]*circuits.Value, len(s.From))
	for i, j := range s.Index {
		at, _ := slices.BinarySearch(thresholds[j], s.From[i])
		out[i] = bits[j][at]
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
	return outputs(len(s.From), out)
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
	return fmt.Sprintf("splits[%d, contents %.32s]", len(s.From), contents(func(yield func(int64) bool) {
		for i, from := range s.From {
			if !yield(int64(s.Index[i])) || !yield(from) {
				return
			}
		}
	}))
}

func (s *Splits) String() string { return fmt.Sprintf("splits[%d]", len(s.From)) }
