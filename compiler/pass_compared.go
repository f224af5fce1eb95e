package compiler

import (
	"slices"

	"github.com/zkml-go/zkml/compiler/ir"
)

// copyCompared gives functions and softmaxes of an input that thresholds read, too, a copy of it. The
// format of the input has as many bits as the thresholds want, and a table has an entry for each of its
// integers: the copy is what gets few bits. It runs once, after all passes, as they would remove it.
func copyCompared(p *ir.Program) {
	for _, id := range p.Inputs {
		if p.Whole(id) {
			continue
		}
		var compared bool
		var looked []int // the steps that look it up in a table
		for i, s := range p.Steps {
			if !slices.Contains(s.In, id) {
				continue
			}
			switch s.Kind.(type) {
			case *ir.Splits:
				compared = true
			case *ir.Func, *ir.Softmax:
				looked = append(looked, i)
			}
		}
		if compared && len(looked) > 0 {
			copyFor(p, id, looked)
		}
	}
}

// copyFor has steps read a copy of an input. It leaves what they were to who knows them.
func copyFor(p *ir.Program, id ir.ID, readers []int) {
	n := p.Size(id)
	m := &ir.Move{In: make([]int32, n), Index: indicesOf(n)}
	to := p.Value(p.Names[id], p.Shapes[id])
	for _, i := range readers {
		s := *p.Steps[i]
		s.In = slices.Clone(s.In)
		for k := range s.In {
			if s.In[k] == id {
				s.In[k] = to
			}
		}
		p.Steps[i] = &s
	}
	first := p.Steps[readers[0]]
	p.Steps = slices.Insert(p.Steps, readers[0], &ir.Step{Node: first.Node, Kind: m, In: []ir.ID{id}, Out: to})
}
