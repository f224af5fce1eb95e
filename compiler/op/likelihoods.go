package op

import (
	"slices"

	"github.com/zkml-go/zkml/compiler/ir"
)

// lessLogSum finds x and its groups where a value is x less the logarithm of the sum of the
// exponentials of each group, as ReduceLogSumExp and a Sub make it: the exponential of that is a
// softmax, which is computed exactly, and not as a quotient of likelihoods that may be tiny.
func (l *Lowering) lessLogSum(id ir.ID) (x ir.ID, groups [][]int32, ok bool) {
	s := l.Producer(id)
	a := affineOf(s)
	if a == nil || len(s.In) != 2 {
		return 0, nil, false
	}
	for k := range s.In { // either order of the inputs
		sum, at := l.unmoved(s.In[1-k])
		if x, groups = l.logSumOf(sum); groups != nil && x == s.In[k] && len(a.Bias) == l.Size(x) &&
			subtracts(a, int32(k), groups, at) {
			return x, groups, true
		}
	}
	return 0, nil, false
}

// subtracts tells whether each row is an element of input k less what is at the number of its
// group in the other input.
func subtracts(a *ir.Affine, k int32, groups [][]int32, at []int32) bool {
	group := make([]int32, len(a.Bias))
	for g, members := range groups {
		for _, j := range members {
			group[j] = int32(g)
		}
	}
	for i, bias := range a.Bias {
		row := a.Rows.Row(i, nil)
		if bias != 0 || len(row) != 2 {
			return false
		}
		for _, t := range row {
			if t.In == k && (t.W != 1 || int(t.Index) != i) || t.In != k && (t.W != -1 || at[t.Index] != group[i]) {
				return false
			}
		}
	}
	return true
}

// unmoved looks through moves of one value: which it is, and the element of it at each place.
func (l *Lowering) unmoved(id ir.ID) (ir.ID, []int32) {
	at := make([]int32, l.Size(id))
	for i := range at {
		at[i] = int32(i)
	}
	for {
		s := l.Producer(id)
		if s == nil || len(s.In) != 1 {
			return id, at
		}
		m, ok := s.Kind.(*ir.Move)
		if !ok {
			return id, at
		}
		for i, j := range at {
			at[i] = m.Index[j]
		}
		id = s.In[0]
	}
}

// logSumOf finds x where a value is what lowerLogSumExp makes of it: the maximum of each group,
// and the logarithm of the sum of exponentials of the distances from it.
func (l *Lowering) logSumOf(id ir.ID) (x ir.ID, groups [][]int32) {
	both := l.Producer(id)
	if a := affineOf(both); a == nil || len(both.In) != 2 {
		return 0, nil
	}
	top, log := l.Producer(both.In[0]), l.Producer(both.In[1])
	if top == nil || log == nil {
		return 0, nil
	}
	m, isMax := top.Kind.(*ir.Max)
	f, isLog := log.Kind.(*ir.Func)
	if !isMax || !isLog || f.Name != "log" || len(m.Windows) == 0 {
		return 0, nil
	}
	chain := log
	for range 4 { // the sum, the exponentials, their limits, the distances
		if chain = l.Producer(chain.In[0]); chain == nil {
			return 0, nil
		}
	}
	if affineOf(chain) == nil || !slices.Equal(chain.In, []ir.ID{top.In[0], top.Out}) {
		return 0, nil
	}
	return top.In[0], m.Windows
}

// affineOf is the linear part of a step, if it is one.
func affineOf(s *ir.Step) *ir.Affine {
	if s == nil {
		return nil
	}
	a, _ := s.Kind.(*ir.Affine)
	return a
}
