package compiler

import "github.com/zkml-go/zkml/program"

// technique is one way to put a kernel into gates; all give the same integers.
type technique struct {
	name string
	// use returns the kernel with the technique, or nil where it does not apply.
	use func(program.Kernel) program.Kernel
}

// techniques are what the cost model picks from, node by node. The first that
// applies is what a kernel comes with.
var techniques = []technique{
	{"packed chains", func(k program.Kernel) program.Kernel { return linearIn(k, false) }},
	{"a chain for each row", func(k program.Kernel) program.Kernel {
		if l, ok := k.(*program.Linear); ok && l.Secret {
			return nil // what it saves depends on the weights, and would tell of them
		}
		return linearIn(k, true)
	}},
}

func linearIn(k program.Kernel, apart bool) program.Kernel {
	l, ok := k.(*program.Linear)
	if !ok {
		return nil
	}
	n := *l
	n.Apart = apart
	return &n
}

// pickTechniques tries every technique on every step, and keeps what makes the
// whole circuit cheapest.
func (r *Result) pickTechniques() error {
	for i := range r.Program.Steps {
		s := &r.Program.Steps[i]
		for _, t := range techniques {
			before := s.Kernel
			k := t.use(before)
			if k == nil {
				continue
			}
			s.Kernel = k
			c, err := r.Statement.Count()
			if err != nil {
				return err
			}
			if c.Rows() >= r.Cost.Rows() {
				s.Kernel = before
				continue
			}
			r.Cost = c
		}
	}
	return nil
}
