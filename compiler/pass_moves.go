package compiler

import "github.com/zkml-go/zkml/compiler/ir"

// absorbMoves makes steps that address elements one by one read through a Move.
func absorbMoves(x *rewriter, s *ir.Step) (bool, error) {
	for k := range s.In {
		m := x.Producer(s.In[k])
		if m == nil {
			continue
		}
		move, ok := m.Kind.(*ir.Move)
		if !ok {
			continue
		}
		if changed, err := absorb(x, s, k, m, move); changed || err != nil {
			return changed, err
		}
	}
	return false, nil
}

// absorb rewrites step s to read the inputs of the move m in place of its k-th input.
func absorb(x *rewriter, s *ir.Step, k int, m *ir.Step, move *ir.Move) (bool, error) {
	if _, ok := s.Kind.(ir.Elementwise); ok {
		return hoist(x, s, m, move)
	}
	addresser, ok := s.Kind.(ir.Addresser)
	if !ok {
		return false, nil
	}
	kind, in := addresser.Through(s.In, k, m.In, move)
	if kind == nil {
		return false, nil
	}
	return true, x.replace(s, kind, in)
}

// hoist exchanges an elementwise step with the move before it, if the move keeps
// every element exactly once and has no other reader.
func hoist(x *rewriter, s, m *ir.Step, move *ir.Move) (bool, error) {
	if len(m.In) > 1 || x.Uses(m.Out) != 1 || len(move.Index) != x.program.Size(m.In[0]) || !permutation(move.Index) {
		return false, nil
	}
	return true, x.exchange(m, s, x.program.Shapes[m.In[0]])
}

func permutation(index []int32) bool {
	seen := make([]bool, len(index))
	for _, i := range index {
		if int(i) >= len(seen) || seen[i] {
			return false
		}
		seen[i] = true
	}
	return true
}
