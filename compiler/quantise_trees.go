package compiler

import (
	"errors"
	"math"
	"slices"
	"sort"

	"github.com/zkml-go/zkml/circuits"
	"github.com/zkml-go/zkml/compiler/ir"
	"github.com/zkml-go/zkml/libm"
	"github.com/zkml-go/zkml/problem"
	"github.com/zkml-go/zkml/program"
)

func init() {
	addRule(&ir.Splits{}, func(k *ir.Splits) rule {
		if k.Decides {
			return decisionRule{splitsRule{k}}
		}
		return splitsRule{k}
	})
	addRule(&ir.Trees{}, func(k *ir.Trees) rule { return treesRule{k} })
}

// errHashedTrees says why trees are no part of a hashed model.
var errHashedTrees = &problem.Error{
	Code: problem.Conflict, Option: "${BindModel}",
	Got:    "the thresholds and the leaves of trees are bound by the key alone, and no circuit hashes them",
	Remedy: "leave it out: the key binds a private model too",
}

// splitsRule is the rule of thresholds. They need no formats: a threshold becomes the
// least integer whose real value lies beyond it, which is found by comparing and never by
// dividing, so that every integer is on the side of the real number that it stands for.
type splitsRule struct{ *ir.Splits }

func (r splitsRule) quantise(q *quantiser, s *ir.Step) error {
	if q.weights == HashedWeights {
		return errHashedTrees
	}
	if r.Hidden {
		return r.quantiseHidden(q, s)
	}
	v := q.values[s.In[0]]
	k := &program.Splits{Index: r.Index, From: make([]int64, len(r.At))}
	if q.weights == KeyWeights {
		k.Rank = r.ranks()
	}
	for i := range r.Index {
		k.From[i] = r.threshold(q, v, i)
		if err := r.turn(q, s, k, i); err != nil {
			return err
		}
	}
	id, err := q.emit(s.Node, q.p.Shapes[s.Out], 1, k, v.id)
	if err == nil && !r.Decides && slices.Contains(q.p.Outputs, s.Out) {
		// Moved, the bits are the model's own numbers, and no classes that scores mean.
		same := &program.Move{In: make([]int32, len(r.Index)), Index: indicesOf(len(r.Index))}
		id, err = q.emit(s.Node, q.p.Shapes[s.Out], 1, same, id)
	}
	q.values[s.Out] = quantised{id: id, scale: []float64{1}}
	return err
}

// threshold is the integer from which on a value lies beyond threshold i.
func (r splitsRule) threshold(q *quantiser, v quantised, i int) int64 {
	j, scale := r.Index[i], v.scale[0]
	if v.group != nil {
		scale = v.scale[v.group[j]]
	}
	iv := q.ranges[v.id][j]
	switch at := v.missingAt(j); {
	case at == nil:
	case *at == iv.Hi:
		iv.Hi--
	default:
		iv.Lo++
	}
	return r.from(i, scale, iv)
}

// turn lists bit i among those that are the other one where their element is missing, if the
// integer for that is on the other side of the threshold.
func (r splitsRule) turn(q *quantiser, s *ir.Step, k *program.Splits, i int) error {
	at := q.values[s.In[0]].missingAt(r.Index[i])
	switch when := r.WhenMissing(i); {
	case at == nil:
	case when == ir.NeverMissing || q.weights != PublicWeights:
		return errMissing(q.p.Names[s.In[0]], int(r.Index[i]))
	case (when == ir.MissingBeyond) != (*at >= k.From[i]):
		k.Turned, k.Missing = append(k.Turned, int32(i)), append(k.Missing, *at)
	}
	return nil
}

// quantiseHidden compares, for each threshold, a sum of all elements with zero: the secret weights
// are 1 for the element that is compared, and 0 for the others, and the secret bias is minus the
// threshold. Sums are limited by the widest interval of the elements. No element may be missing,
// whether a test reads it or not: which ones are read is hidden.
func (r splitsRule) quantiseHidden(q *quantiser, s *ir.Step) error {
	v := q.values[s.In[0]]
	if at := slices.IndexFunc(v.missing, func(at *int64) bool { return at != nil }); at >= 0 {
		return errMissing(q.p.Names[s.In[0]], at)
	}
	rows, limit := make([]program.LinearRow, len(r.Index)), int64(0)
	for _, iv := range q.ranges[v.id] {
		limit = max(limit, iv.Hi-iv.Lo+1)
	}
	for i, j := range r.Index {
		rows[i].Bias, rows[i].Terms = -r.threshold(q, v, i), make([]circuits.RowTerm, len(q.ranges[v.id]))
		for k := range rows[i].Terms {
			rows[i].Terms[k].Index = int32(k)
		}
		rows[i].Terms[j].W = 1
	}
	chosen := program.NewLinear(rows...)
	chosen.Secret, chosen.Limit = true, limit
	shape := q.p.Shapes[s.Out]
	id, err := q.emit(s.Node, shape, 1, chosen, v.id)
	if err != nil {
		return err
	}
	id, err = q.emit(s.Node, shape, 1, &program.Compare{}, id)
	q.values[s.Out] = quantised{id: id, scale: []float64{1}}
	return err
}

// from is the least integer of an interval that lies beyond threshold i, or the one after
// it where none does.
func (r splitsRule) from(i int, scale float64, iv program.Interval) int64 {
	n := sort.Search(int(iv.Hi-iv.Lo)+1, func(n int) bool {
		return r.Beyond(i, float64(float64(iv.Lo+int64(n))*scale))
	})
	return iv.Lo + int64(n)
}

// separates: every element is compared by itself.
func (splitsRule) separates(*ir.Step) bool { return true }

// levels: every element is compared by itself.
func (splitsRule) levels(*quantiser, *ir.Step, ir.ID) bool { return true }

// decisionRule is the rule of thresholds beyond which scores mean class 1.
type decisionRule struct{ splitsRule }

// classifies: the bits are classes.
func (decisionRule) classifies() {}

func (r decisionRule) quantise(q *quantiser, s *ir.Step) error {
	v := q.values[s.In[0]]
	iv := q.ranges[v.id][r.Index[0]]
	at, e := r.threshold(q, v, 0), &problem.Error{
		Code: problem.Choice, Option: "${Thresholds}", Remedy: "give a number between the scores of samples",
	}
	switch {
	case iv.Lo == iv.Hi: // whatever the threshold
	case at > iv.Hi:
		e.Got = "no score of the circuit is above the threshold: class 0 would be proved of every input"
		return e
	case at <= iv.Lo:
		e.Got = "every score of the circuit is above the threshold: class 1 would be proved of every input"
		return e
	}
	return r.splitsRule.quantise(q, s)
}

// treesRule is the rule of decision trees: their leaves become integers of one scale.
type treesRule struct{ *ir.Trees }

func (r treesRule) quantise(q *quantiser, s *ir.Step) error {
	if q.weights == HashedWeights {
		return errHashedTrees
	}
	in := q.values[s.In[0]]
	if !in.uniform() || in.scale[0] != 1 {
		return errors.New("it reads other numbers than the bits of thresholds")
	}
	f := q.format()
	if q.choosing() {
		f.Sum = []float64{r.scale()}
	}
	scale := f.Sum[0]
	k := &program.Trees{Roots: r.Roots}
	for _, n := range r.Nodes {
		k.Bit, k.High, k.Low = append(k.Bit, n.Bit), append(k.High, n.High), append(k.Low, n.Low)
	}
	for _, leaf := range r.constants() {
		for _, v := range leaf {
			if v /= scale; math.Abs(v) > 1<<50 {
				return errors.New("a leaf is more than 2^50 times the scale of the formats")
			}
			k.Leaves = append(k.Leaves, roundStable(v))
		}
	}
	k.Leaves, k.Bias = k.Leaves[:len(r.Leaves)*len(r.Bias)], k.Leaves[len(r.Leaves)*len(r.Bias):]
	if q.weights == KeyWeights {
		if err := q.limitTrees(k, in.id, f); err != nil {
			return err
		}
	}
	id, err := q.emit(s.Node, q.p.Shapes[s.Out], scale, k, in.id)
	q.values[s.Out] = quantised{id: id, scale: []float64{scale}}
	return err
}

// limitTrees makes the leaves secrets, and declares the range of their sums.
func (q *quantiser) limitTrees(k *program.Trees, in int, f *StepFormat) error {
	exact, err := k.Range([][]program.Interval{q.ranges[in]})
	if err != nil {
		return err
	}
	if f.Limit == 0 {
		if !q.declares {
			return undeclared(false)
		}
		f.Limit = declaredBy(exact)
	}
	k.Secret, k.Limit = true, f.Limit
	return nil
}

// ranks numbers the thresholds of each element as they rise: equal ones have one number.
func (r splitsRule) ranks() []int32 {
	of := make([][]threshold, slices.Max(r.Index)+1)
	for i, j := range r.Index {
		place, ok := placeOf(r.Splits, i)
		if !ok { // on one side of all numbers
			place = math.Inf(1)
			if r.Beyond(i, searched) {
				place = math.Inf(-1)
			}
		}
		of[j] = append(of[j], threshold{r.Splits, i, place})
	}
	out := make([]int32, len(r.Index))
	for _, list := range of {
		slices.SortFunc(list, threshold.compare)
		rank := int32(0)
		for k, t := range list {
			if k > 0 && t.compare(list[k-1]) != 0 {
				rank++
			}
			out[t.i] = rank
		}
	}
	return out
}

// constants lists the leaves, and then the bias. The list is a new one: candidates of a
// search quantise the same trees at once.
func (r treesRule) constants() [][]float64 { return append(slices.Clip(r.Leaves), r.Bias) }

func (treesRule) checkFormat(f *StepFormat) error {
	if len(f.Sum) != 1 || !(f.Sum[0] > 0) || math.IsInf(f.Sum[0], 0) {
		return errors.New("the formats do not say at what scale the trees' leaves are added")
	}
	return nil
}

// What the scale of leaves is chosen by: the largest denominator that is looked for, and
// the bits of a sum where there is none. They cost next to nothing, since leaves are
// constants.
const (
	mostDenominator = 1 << 12
	leafBits        = 28
)

// scale is one at which all leaves are integers, where there is one; else a power of two
// that is small beside the largest sum.
func (r treesRule) scale() float64 {
	largest := 0.0
	for k, bias := range r.Bias {
		most := 0.0
		for _, leaf := range r.Leaves {
			most = math.Max(most, math.Abs(leaf[k]))
		}
		largest = math.Max(largest, math.Abs(bias)+float64(most*float64(len(r.Roots))))
	}
	if d := r.denominator(); d > 0 {
		return 1 / d
	}
	return math.Ldexp(1, int(math.Ceil(libm.Log2(largest)))-leafBits)
}

// denominator is the least one that all leaves and biases share but for the rounding of their
// own type, or 0.
func (r treesRule) denominator() float64 {
	for d := 1.0; d <= mostDenominator; d++ {
		if r.shares(d) {
			return d
		}
	}
	return 0
}

func (r treesRule) shares(d float64) bool {
	rounding := 1.0 / (1 << 52)
	if r.Single {
		rounding = 1.0 / (1 << 23)
	}
	for _, leaf := range r.constants() {
		for _, v := range leaf {
			n := float64(v * d)
			if math.Abs(n-math.Round(n)) > math.Abs(n)*rounding {
				return false
			}
		}
	}
	return true
}
