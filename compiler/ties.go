package compiler

import (
	"math"
	"runtime"
	"slices"

	"golang.org/x/sync/errgroup"

	"github.com/zkml-go/zkml/compiler/ir"
	"github.com/zkml-go/zkml/problem"
)

// Ties tells of a decision by sums of leaves how many samples are so close to another one that
// the rounding of the sums could decide.
type Ties struct {
	// Node is the node that decides.
	Node    string `json:"node"`
	Samples int    `json:"samples"`
	// Bound is the largest error of a sum: the leaves' rounding to integers, and of a model of
	// float32 numbers that of its own additions.
	Bound float64 `json:"bound"`
}

// halfUlp is the largest error of a float32 addition, as a part of its result.
const halfUlp = 1.0 / (1 << 24)

// ties counts the samples of all decisions that sums of leaves make.
func (r *Result) ties(samples []Sample) []Ties {
	bounds := r.sumBounds()
	var deciding []*ir.Step
	var out []Ties
	for _, s := range r.IR.Steps {
		if len(s.In) == 0 { // constants
			continue
		}
		if of := bounds[s.In[0]]; decides(s.Kind) && slices.ContainsFunc(of, func(b float64) bool { return b > 0 }) {
			deciding, out = append(deciding, s), append(out, Ties{Node: s.Node, Bound: slices.Max(of)})
		}
	}
	if len(deciding) == 0 {
		return nil
	}
	tied := make([][]bool, len(samples))
	var g errgroup.Group
	g.SetLimit(runtime.GOMAXPROCS(0))
	for i, x := range samples {
		g.Go(func() error {
			return problem.Guard(func() error {
				values := r.IR.Run(x...)
				tied[i] = make([]bool, len(deciding))
				for k, s := range deciding {
					tied[i][k] = isTied(s.Kind, values[s.In[0]], bounds[s.In[0]])
				}
				return nil
			})
		})
	}
	problem.Must(g.Wait())
	for _, of := range tied {
		for k, is := range of {
			if is {
				out[k].Samples++
			}
		}
	}
	return out
}

func decides(k ir.Kind) bool {
	switch k.(type) {
	case *ir.ArgMax, *ir.Compare, *ir.Splits:
		return true
	}
	return false
}

// isTied tells whether some decision could be another one if every element were off by its bound.
func isTied(k ir.Kind, x, bounds []float64) bool {
	switch k := k.(type) {
	case *ir.ArgMax:
		return slices.ContainsFunc(k.Groups, func(g []int32) bool { return tiedGroup(g, x, bounds) })
	case *ir.Compare:
		for i, v := range x {
			if bounds[i] > 0 && math.Abs(v) <= bounds[i] {
				return true
			}
		}
	case *ir.Splits:
		for i, j := range k.Index {
			if k.Beyond(i, x[j]-bounds[j]) != k.Beyond(i, x[j]+bounds[j]) {
				return true
			}
		}
	}
	return false
}

// tiedGroup tells whether the largest element could be another one.
func tiedGroup(group []int32, x, bounds []float64) bool {
	best := group[0]
	for _, j := range group {
		if x[j] > x[best] {
			best = j
		}
	}
	return slices.ContainsFunc(group, func(j int32) bool {
		off := bounds[best] + bounds[j]
		return j != best && off > 0 && x[best]-x[j] <= off
	})
}

// sumBounds bounds the error of each element of the values that are sums of leaves, or are
// made of such sums without another rounding.
func (r *Result) sumBounds() map[ir.ID][]float64 {
	bounds := map[ir.ID][]float64{}
	for _, s := range r.IR.Steps {
		v, ok := r.ValueOf[s.Out]
		if !ok {
			continue
		}
		scale := r.Program.Values[v].Scale
		if t, ok := s.Kind.(*ir.Trees); ok {
			bounds[s.Out] = treesRule{t}.bounds(scale)
			continue
		}
		same := !slices.ContainsFunc(s.In, func(id ir.ID) bool {
			v, ok := r.ValueOf[id]
			return bounds[id] == nil || !ok || r.Program.Values[v].Scale != scale
		})
		if same {
			bounds[s.Out] = carried(s.Kind, s.In, bounds)
		}
	}
	return bounds
}

// carried are the bounds of what a step makes of sums; nil where it rounds, or is something else.
func carried(k ir.Kind, in []ir.ID, bounds map[ir.ID][]float64) []float64 {
	var out []float64
	switch k := k.(type) {
	case *ir.Move:
		for i, j := range k.Index {
			out = append(out, bounds[in[k.In[i]]][j])
		}
	case *ir.Max:
		for _, window := range k.Windows {
			most := 0.0
			for _, j := range window {
				most = math.Max(most, bounds[in[0]][j])
			}
			out = append(out, most)
		}
	case *ir.Affine:
		for i := range k.Rows.Len() {
			sum := 0.0
			for _, t := range k.Rows.Row(i, nil) {
				if math.Abs(t.W) != 1 {
					return nil
				}
				sum += bounds[in[t.In]][t.Index]
			}
			out = append(out, sum)
		}
	}
	return out
}

// bounds is, by output, the largest error of a sum whose leaves and bias become integers of a
// scale: each adds that of its own rounding, and in float32 each addition does, but of whole
// numbers, which float32 adds exactly up to 2^24.
func (r treesRule) bounds(scale float64) []float64 {
	out := make([]float64, len(r.Bias))
	off := func(v float64) float64 { return math.Abs(float64(float64(roundStable(v/scale))*scale) - v) }
	additions := float64(len(r.Roots) + 1)
	for k, bias := range r.Bias {
		most, rounding, whole := 0.0, 0.0, bias == math.Trunc(bias)
		for _, leaf := range r.Leaves {
			most, rounding = math.Max(most, math.Abs(leaf[k])), math.Max(rounding, off(leaf[k]))
			whole = whole && leaf[k] == math.Trunc(leaf[k])
		}
		out[k] = float64(rounding*float64(len(r.Roots))) + off(bias)
		largest := math.Abs(bias) + float64(most*float64(len(r.Roots)))
		if r.Single && !(whole && largest*halfUlp <= 1) {
			out[k] += float64(float64(additions*largest) * halfUlp)
		}
	}
	return out
}
