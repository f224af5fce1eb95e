package program

import (
	"cmp"
	"errors"
	"fmt"
	"math/bits"
	"slices"

	"github.com/zkml-go/zkml/circuits"
)

// Holds implements Secretive.
func (s *Splits) Holds() (secret, hashed bool) { return s.Rank != nil, false }

func (s *Splits) fill(w int64) Kernel {
	out := *s
	out.filled = true
	out.From = slices.Repeat([]int64{w}, len(s.From))
	return &out
}

// defineSecret is Define for secret thresholds: one staircase for each element.
func (s *Splits) defineSecret(b *circuits.Builder, in []*circuits.Value) []*circuits.Value {
	bits := make([][]*circuits.Value, len(in))
	for j, from := range s.stairs() {
		if len(from) > 0 {
			bits[j] = b.SecretSplits(in[j], s.rises(from, Interval{in[j].Lo, in[j].Hi}))
		}
	}
	out := make([]*circuits.Value, len(s.From))
	for i, j := range s.Index {
		out[i] = bits[j][s.Rank[i]]
	}
	return out
}

// stairs lists the secret thresholds of each element by their numbers, up to the last element
// that has any.
func (s *Splits) stairs() [][]int64 {
	out := make([][]int64, int(slices.Max(append([]int32{-1}, s.Index...)))+1)
	for i, j := range s.Index {
		if missing := int(s.Rank[i]) + 1 - len(out[j]); missing > 0 {
			out[j] = append(out[j], make([]int64, missing)...)
		}
		out[j][s.Rank[i]] = s.From[i]
	}
	return out
}

// rises are by how much the thresholds of an element in an interval rise. One beyond its ends
// stands at the end.
func (s *Splits) rises(from []int64, iv Interval) []int64 {
	out := make([]int64, 0, len(from)+1)
	if s.filled {
		return slices.Repeat(from[:1], len(from)+1)
	}
	before := iv.Lo
	for _, t := range append(slices.Clone(from), iv.Hi+1) {
		t = min(max(t, iv.Lo), iv.Hi+1)
		out = append(out, t-before)
		before = t
	}
	return out
}

// checkRanks tells whether the numbers of secret thresholds are in order.
func (s *Splits) checkRanks() error {
	if s.Rank == nil {
		return nil
	}
	if len(s.Rank) != len(s.From) {
		return fmt.Errorf("%d numbers for %d thresholds", len(s.Rank), len(s.From))
	}
	for _, r := range s.Rank {
		if r < 0 || int(r) >= len(s.From) {
			return fmt.Errorf("%d is no number of one of %d thresholds", r, len(s.From))
		}
	}
	if len(s.From) == 0 {
		return errors.New("there are no secret thresholds")
	}
	order := make([]int, len(s.From))
	for i := range order {
		order[i] = i
	}
	slices.SortFunc(order, func(a, b int) int {
		return cmp.Or(cmp.Compare(s.Index[a], s.Index[b]), cmp.Compare(s.Rank[a], s.Rank[b]))
	})
	for k, i := range order {
		first := k == 0 || s.Index[order[k-1]] != s.Index[i]
		step, rise := s.Rank[i], int64(0)
		if !first {
			step, rise = step-s.Rank[order[k-1]], s.From[i]-s.From[order[k-1]]
		}
		switch {
		case step > 1 || first && step > 0:
			return fmt.Errorf("element %d has no threshold of a number before %d", s.Index[i], s.Rank[i])
		case rise < 0 || rise > 0 && step == 0:
			return fmt.Errorf("thresholds of element %d are not in the order of their numbers", s.Index[i])
		}
	}
	return nil
}

// RiseBits is how many bits the rises of all secret staircases have: any thresholds, and
// nothing of them, decides.
func (p *Bounded) RiseBits() int {
	most := 0
	for _, step := range p.Steps {
		s, ok := step.Kernel.(*Splits)
		if !ok || s.Rank == nil {
			continue
		}
		for _, j := range s.Index {
			iv := p.ranges[step.In[0]][j]
			most = max(most, bits.Len64(uint64(iv.Hi-iv.Lo+1)))
		}
	}
	return most
}
