package program

import "slices"

// Filled is the program with w in place of every secret weight and bias: a private
// model without its weights. Its circuit is that of the program except for the
// constants that depend on weights; its results mean nothing, and its sums are not
// checked against their limits.
func (p *Program) Filled(w int64) *Program {
	out := *p
	out.Steps = make([]Step, len(p.Steps))
	for i, s := range p.Steps {
		if k, ok := s.Kernel.(Secretive); ok {
			if secret, _ := k.Holds(); secret {
				s.Kernel = k.fill(w)
			}
		}
		out.Steps[i] = s
	}
	return &out
}

// Risen is Filled(0) but for secret staircases, which rise by 1 at each step: its circuit
// differs from that of Filled(0) where rises stand.
func (p *Program) Risen() *Program {
	out := p.Filled(0)
	for i, s := range out.Steps {
		if k, ok := s.Kernel.(*Splits); ok && k.Rank != nil {
			out.Steps[i].Kernel = k.fill(1)
		}
	}
	return out
}

// Holds implements Secretive.
func (l *Linear) Holds() (secret, hashed bool) { return l.Secret, l.Format != nil }

func (l *Linear) fill(w int64) Kernel {
	out := *l
	out.filled = true
	out.Rows = l.Rows.Filled(w)
	out.Bias = slices.Repeat([]int64{w}, len(l.Bias))
	return &out
}
