package ir

import (
	"fmt"
	"math"
)

// Splits tells of elements whether they lie beyond thresholds: out[i] is 1 where
// in[Index[i]] > At[i], with OrAt[i] where in[Index[i]] >= At[i], else 0. Of, if it is not
// nil, lists functions that never decrease: where there is one, its value of the element is
// compared. Single rounds what is compared to float32 first, as a model of such numbers
// has it. Decides says that the bits are classes, 0 and 1, that scores mean, and Hidden that a
// private model hides which elements are compared. Missing, if it is not nil, says of each bit
// what it is where the element is missing, which NaN says.
type Splits struct {
	Index   []int32
	At      []float64
	OrAt    []bool
	Of      []func(float64) float64
	Single  bool
	Missing []Missing

	Decides, Hidden bool
}

// Missing says on which side of a threshold a missing value is.
type Missing uint8

// The sides of missing values. Where there is none, none is missing.
const (
	NeverMissing Missing = iota
	MissingBelow
	MissingBeyond
)

// WhenMissing says on which side of threshold i a missing element is.
func (s *Splits) WhenMissing(i int) Missing {
	if s.Missing == nil {
		return NeverMissing
	}
	return s.Missing[i]
}

// Eval implements Kind.
func (s *Splits) Eval(in [][]float64, size int) []float64 {
	out := make([]float64, size)
	for i := range out {
		if s.Beyond(i, in[0][s.Index[i]]) {
			out[i] = 1
		}
	}
	return out
}

// Beyond tells whether x lies beyond threshold i. It never goes from true to false as x
// grows.
func (s *Splits) Beyond(i int, x float64) bool {
	if math.IsNaN(x) {
		return s.WhenMissing(i) == MissingBeyond
	}
	if s.Of != nil && s.Of[i] != nil {
		x = s.Of[i](x)
	}
	if s.Single {
		x = float64(float32(x))
	}
	return x > s.At[i] || s.OrAt[i] && x == s.At[i]
}

func (s *Splits) String() string { return fmt.Sprintf("splits[%d]", len(s.At)) }

// Through implements Addresser, for a move of one input.
func (s *Splits) Through(_ []ID, _ int, from []ID, move *Move) (Kind, []ID) {
	if len(from) > 1 {
		return nil, nil
	}
	return s.reindexed(by(move.Index)), []ID{from[0]}
}

// Reads implements Reader.
func (s *Splits) Reads() []int32 { return s.Index }

// Reread implements Reader.
func (s *Splits) Reread(place map[int32]int32) Kind { return s.reindexed(in(place)) }

func (s *Splits) reindexed(place func(int32) int32) *Splits {
	out := *s
	out.Index = reindexed([][]int32{s.Index}, place)[0]
	return &out
}

// Keep implements Shrinker.
func (s *Splits) Keep(outputs []int32) Kind {
	out := &Splits{Single: s.Single, Decides: s.Decides, Hidden: s.Hidden}
	for _, i := range outputs {
		out.Index, out.At = append(out.Index, s.Index[i]), append(out.At, s.At[i])
		out.OrAt = append(out.OrAt, s.OrAt[i])
		if s.Of != nil {
			out.Of = append(out.Of, s.Of[i])
		}
		if s.Missing != nil {
			out.Missing = append(out.Missing, s.Missing[i])
		}
	}
	return out
}

// GivesIntegers implements Counter.
func (*Splits) GivesIntegers(bool) bool { return true }

// Trees sums leaves of decision trees. A node goes to High where its bit, an element of
// the input, is 1, and to Low where it is 0. Every tree adds to output k the k-th value of
// the leaf that it reaches, and output k begins with Bias[k]. Single rounds each sum to
// float32, and adds the bias last, as a model of such numbers has it.
type Trees struct {
	Nodes  []TreeNode  // children come before their parents
	Roots  []int32     // of the trees
	Leaves [][]float64 // by leaf and output
	Bias   []float64   // by output
	Single bool
}

// TreeNode is a node. A child that is not negative is a node, another one is the leaf
// ^child.
type TreeNode struct{ Bit, High, Low int32 }

// Eval implements Kind.
func (t *Trees) Eval(in [][]float64, size int) []float64 {
	out := make([]float64, size)
	add := func(values []float64) {
		for k, v := range values {
			if out[k] += v; t.Single {
				out[k] = float64(float32(out[k]))
			}
		}
	}
	for _, at := range t.Roots {
		for at >= 0 {
			n := t.Nodes[at]
			if at = n.Low; in[0][n.Bit] != 0 {
				at = n.High
			}
		}
		add(t.Leaves[^at])
	}
	add(t.Bias)
	return out
}

func (t *Trees) String() string {
	return fmt.Sprintf("trees[%d trees, %d nodes, %d leaves, %d outputs]", len(t.Roots), len(t.Nodes), len(t.Leaves),
		len(t.Bias))
}

// Through implements Addresser, for a move of one input.
func (t *Trees) Through(_ []ID, _ int, from []ID, move *Move) (Kind, []ID) {
	if len(from) > 1 {
		return nil, nil
	}
	return t.rewired(by(move.Index)), []ID{from[0]}
}

// Reads implements Reader.
func (t *Trees) Reads() []int32 {
	out := make([]int32, len(t.Nodes))
	for i, n := range t.Nodes {
		out[i] = n.Bit
	}
	return out
}

// Reread implements Reader.
func (t *Trees) Reread(place map[int32]int32) Kind { return t.rewired(in(place)) }

func (t *Trees) rewired(place func(int32) int32) *Trees {
	out := *t
	out.Nodes = make([]TreeNode, len(t.Nodes))
	for i, n := range t.Nodes {
		out.Nodes[i] = TreeNode{Bit: place(n.Bit), High: n.High, Low: n.Low}
	}
	return &out
}

// Keep implements Shrinker.
func (t *Trees) Keep(outputs []int32) Kind {
	out := &Trees{Nodes: t.Nodes, Roots: t.Roots, Leaves: make([][]float64, len(t.Leaves)), Single: t.Single}
	for _, k := range outputs {
		out.Bias = append(out.Bias, t.Bias[k])
	}
	for i, leaf := range t.Leaves {
		out.Leaves[i] = make([]float64, len(outputs))
		for j, k := range outputs {
			out.Leaves[i][j] = leaf[k]
		}
	}
	return out
}

// After gives splits of other elements in place of those that a step makes of them: split
// i compares what of(i, x) makes of element index[i], a function that never decreases.
func (s *Splits) After(index []int32, of func(i int, x float64) float64) *Splits {
	out := *s
	out.Index, out.Of = index, make([]func(float64) float64, len(index))
	out.Missing = nil // what a step makes of a missing value is for nobody to say
	for i := range out.Of {
		out.Of[i] = func(x float64) float64 { return of(i, x) }
		if s.Of != nil && s.Of[i] != nil {
			out.Of[i] = func(x float64) float64 { return s.Of[i](of(i, x)) }
		}
	}
	return &out
}
