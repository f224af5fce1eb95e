package compiler

import "github.com/zkml-go/zkml/compiler/kernel"

// technique is one way to put a kernel into gates; all give the same integers.
type technique struct {
	name string
	// use returns the kernel with the technique, or nil where it does not apply.
	use func(kernel.Kernel) kernel.Kernel
}

// techniques are what the cost model picks from, node by node. The first that
// applies is what a kernel comes with.
var techniques = []technique{
	{"packed chains", func(k kernel.Kernel) kernel.Kernel { return linearIn(k, false) }},
	{"a chain for each row", func(k kernel.Kernel) kernel.Kernel {
		if l, ok := k.(*kernel.Linear); ok && l.Secret {
			return nil // what it saves depends on the weights, and would tell of them
		}
		return linearIn(k, true)
	}},
}

func linearIn(k kernel.Kernel, apart bool) kernel.Kernel {
	l, ok := k.(*kernel.Linear)
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
