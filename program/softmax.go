package program

import (
	"fmt"
	"slices"

	"github.com/zkml-go/zkml/circuits"
)

// Softmax normalises groups of integers. For each element, with d its distance
// below its group's largest:
//
//	e = Exp[min(d, len(Exp)−1)],  S = Σ e over the group
//	softmax:     out = floor(e·2^Bits/S + 1/2)
//	log-softmax: out = −d − Log[S >> LogShift]
//
// Exp falls from Exp[0] > 0; its length is a power of two. Log has an entry for
// every possible S.
type Softmax struct {
	Groups   [][]int32
	Exp      []int64
	Bits     int
	Log      []int64 // nil for softmax
	LogFirst int64
	LogShift int
}

// Eval implements Kernel.
func (s *Softmax) Eval(in [][]int64) []int64 {
	out := make([]int64, len(in[0]))
	for _, g := range s.Groups {
		top := in[0][g[0]]
		for _, i := range g {
			top = max(top, in[0][i])
		}
		sum := int64(0)
		for _, i := range g {
			sum += s.exp(top - in[0][i])
		}
		for _, i := range g {
			if s.Log != nil {
				out[i] = in[0][i] - top - s.Log[sum>>s.LogShift-s.LogFirst]
				continue
			}
			n := s.exp(top-in[0][i]) << s.Bits
			out[i] = (2*n + sum) / (2 * sum)
		}
	}
	return out
}

func (s *Softmax) exp(d int64) int64 { return s.Exp[min(d, int64(len(s.Exp)-1))] }

// clamp limits distances to the table.
func (s *Softmax) clamp() circuits.Saturation {
	return circuits.Saturation{Bits: circuits.Cover(0, int64(len(s.Exp)-1)).Bits}
}

// sums is the interval of S for a group of n: the largest element adds Exp[0].
func (s *Softmax) sums(n int) (lo, hi int64) {
	return s.Exp[0] + int64(n-1)*s.Exp[len(s.Exp)-1], int64(n) * s.Exp[0]
}

// Range implements Kernel.
func (s *Softmax) Range(in [][]Interval) ([]Interval, error) {
	out := make([]Interval, len(in[0]))
	for _, g := range s.Groups {
		top, bottom := in[0][g[0]].Hi, in[0][g[0]].Lo
		for _, i := range g {
			top, bottom = max(top, in[0][i].Hi), min(bottom, in[0][i].Lo)
		}
		if err := s.clamp().Check(0, top-bottom); err != nil {
			return nil, fmt.Errorf("the argument's range is too wide: %w", err)
		}
		lo, hi := s.sums(len(g))
		if s.Log != nil && (lo>>s.LogShift < s.LogFirst || hi>>s.LogShift >= s.LogFirst+int64(len(s.Log))) {
			return nil, fmt.Errorf("the logarithm's table does not cover %d to %d", lo, hi)
		}
		for _, i := range g {
			out[i] = Interval{0, 1 << s.Bits}
			if s.Log != nil {
				first, last := s.Log[lo>>s.LogShift-s.LogFirst], s.Log[hi>>s.LogShift-s.LogFirst]
				out[i] = Interval{in[0][i].Lo - top - last, -first}
			}
		}
	}
	return out, nil
}

// Define implements Kernel.
func (s *Softmax) Define(b *circuits.Builder, in [][]*circuits.Value, _ []circuits.Window) ([]*circuits.Value, error) {
	ranges, err := s.Range([][]Interval{intervalsOf(in[0])})
	if err != nil {
		return nil, err
	}
	out := make([]*circuits.Value, len(in[0]))
	key, logKey := (&Table{Out: s.Exp}).key(), (&Table{First: s.LogFirst, Out: s.Log}).key()
	for _, g := range s.Groups {
		members := make([]*circuits.Value, len(g))
		for k, i := range g {
			members[k] = in[0][i]
		}
		distances := b.Distances(members)
		limits := make([]circuits.Saturation, len(g))
		for k := range limits {
			limits[k] = s.clamp()
		}
		near := b.CloseAll(b.Saturate(distances, limits))
		exps := make([]*circuits.Value, len(g))
		for k, w := range b.Apply(key, 0, s.Exp, near) {
			exps[k] = circuits.Known(w, s.Exp[len(s.Exp)-1], s.Exp[0])
		}
		lo, hi := s.sums(len(g))
		for k, v := range s.finish(b, logKey, distances, exps, b.Total(exps, lo, hi)) {
			out[g[k]] = v
		}
	}
	return known(b.CloseAll(out), ranges), nil // ranges knows that no part exceeds the sum
}

// finish divides by the sum, or subtracts its logarithm; logKey names the table.
func (s *Softmax) finish(
	b *circuits.Builder, logKey string, distances, exps []*circuits.Value, sum *circuits.Value,
) []*circuits.Value {
	out := make([]*circuits.Value, len(exps))
	if s.Log == nil {
		for k, e := range exps {
			out[k] = b.Divide(b.Scaled(e, 1<<s.Bits), sum, s.Bits+1)
		}
		return out
	}
	high := b.CloseAll([]*circuits.Value{b.Floor(sum, s.LogShift)})
	l := b.Apply(logKey, s.LogFirst, s.Log, high)[0]
	first, last := s.Log[0], s.Log[len(s.Log)-1]
	for k, d := range distances {
		out[k] = b.Below(d, circuits.Known(l, first, last))
	}
	return out
}

// Words implements Kernel.
func (s *Softmax) Words() string {
	kind := "softmax"
	if s.Log != nil {
		kind = "log-softmax"
	}
	tables := slices.Concat([]int64{int64(s.Bits), int64(len(s.Exp)), s.LogFirst, int64(s.LogShift)}, s.Exp, s.Log)
	digest := contents(slices.Values(tables))[:shownDigits]
	return fmt.Sprintf("%s[%d groups, table of %d, contents %s]", kind, len(s.Groups), len(s.Exp), digest)
}

func (s *Softmax) tables() []*Table {
	out := []*Table{{Out: s.Exp}}
	if s.Log != nil {
		out = append(out, &Table{First: s.LogFirst, Out: s.Log})
	}
	return out
}

func (s *Softmax) queries(int) []int {
	members := 0
	for _, g := range s.Groups {
		members += len(g)
	}
	return []int{members, len(s.Groups)}[:len(s.tables())]
}

func (s *Softmax) String() string { return s.Words() }
