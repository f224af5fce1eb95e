package compiler

import (
	"github.com/zkml-go/zkml/compiler/ir"
	"github.com/zkml-go/zkml/program"
)

func init() { addRule(&ir.Top{}, func(k *ir.Top) rule { return topRule{k} }) }

// topRule is the rule of the largest elements in order. It needs no formats.
type topRule struct{ *ir.Top }

func (r topRule) quantise(q *quantiser, s *ir.Step) error {
	return q.ranked(s, &program.Top{Groups: r.Groups, K: r.K})
}
