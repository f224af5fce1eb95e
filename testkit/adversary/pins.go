package adversary

import (
	"fmt"
	"slices"
)

// Pins is what a circuit's structure says about the wires that its prover chooses.
// docs/soundness.md states the rule.
type Pins struct {
	// Advice wires occur in no gate: they only help other hints.
	Advice int
	// Polynomials, Equations and Lookups count the wires by what pins them.
	Polynomials, Equations, Lookups int
	// Loose lists the wires that the rule says nothing pins, ties or commits.
	Loose []string
}

// nature is what is known about a wire while wires are being pinned.
type nature struct {
	constant bool    // the same in every run, or drawn with the challenge
	late     bool    // it depends on the challenge
	on       []int32 // the wires not pinned yet that it depends on
	many     bool    // these are too many to tell
	sure     bool    // it depends on the one in on whatever other wires are
}

// mostOn is how many unpinned wires are told apart.
const mostOn = 2

// pinner pins wires.
type pinner struct {
	*System
	Pins
	free   []bool
	pinned []bool
	nature []nature
}

// Pins follows every wire of the prover's choice to what pins it.
func (s *System) Pins() Pins {
	p := s.pinner()
	p.uncommitted()
	p.untied()
	for w, free := range p.free {
		switch {
		case free && !s.gated[w]:
			p.Advice++
		case free && !p.pinned[w]:
			p.loose(int32(w), "nothing pins")
		}
	}
	return p.Pins
}

// pinner pins all wires that the rule pins.
func (s *System) pinner() *pinner {
	p := &pinner{System: s, free: make([]bool, s.wires), pinned: make([]bool, s.wires), nature: make([]nature, s.wires)}
	for w := s.Public; w < s.Public+s.Secret; w++ {
		p.free[w] = !s.granted[int32(w)]
	}
	for i := range s.ops {
		if o := &s.ops[i]; o.kind == hintOp || o.kind == inverseOp {
			for w := o.first; w < o.first+o.made; w++ {
				p.free[w] = true
			}
		}
	}
	for p.pass() {
	}
	return p
}

// loose records a fault.
func (p *pinner) loose(w int32, fault string) {
	name := fmt.Sprintf("secret input %d", int(w)-p.Public)
	if m := p.maker[w]; m != none {
		o := &p.ops[m]
		name = fmt.Sprintf("wire %d", w)
		if o.kind == hintOp {
			name = fmt.Sprintf("output %d of call %d of %s", w-o.first, o.called, o.name())
		}
	}
	p.Loose = append(p.Loose, fault+" "+name)
}

// pass finds what each wire depends on, and pins what it can; it tells whether
// it pinned any.
func (p *pinner) pass() bool {
	for w := range p.wires {
		p.nature[w] = nature{}
		if p.free[w] && !p.pinned[w] {
			p.nature[w] = nature{on: []int32{int32(w)}, sure: true}
		}
	}
	any := false
	for i := range p.ops {
		o := &p.ops[i]
		switch o.kind {
		case challengeOp:
			p.nature[o.first] = nature{constant: true, late: true}
		case gateOp:
			p.nature[o.solves] = p.expression(o)
		case checkOp:
			if n := p.expression(o); n.sure && !n.many && len(n.on) == 1 {
				any = p.pin(n.on[0], p.checkKind(i)) || any
			}
		default:
			late := slices.ContainsFunc(o.in, func(t term) bool { return t.wire != none && p.nature[t.wire].late })
			for w := o.first; w < o.first+o.made; w++ {
				p.nature[w].late = late
			}
		}
	}
	for i := range p.ops {
		for _, w := range p.queried(&p.ops[i]) {
			if n := p.nature[w]; p.committed[w] && n.sure && !n.many && len(n.on) == 1 {
				any = p.pin(n.on[0], &p.Lookups) || any
			}
		}
	}
	return any
}

func (p *pinner) checkKind(i int) *int {
	if p.labels[p.ops[i].label] == "circuits.(*Builder).check" {
		return &p.Polynomials
	}
	return &p.Equations
}

func (p *pinner) pin(w int32, kind *int) bool {
	if p.pinned[w] {
		return false
	}
	p.pinned[w] = true
	*kind++
	return true
}

// expression is the nature of a gate's sum: of its own wire, or of what is
// asserted to be zero.
func (p *pinner) expression(o *op) nature {
	out := nature{constant: true}
	product := !o.m.IsZero()
	var ns []nature
	for _, w := range o.wires() {
		if w == o.solves {
			continue
		}
		n := p.nature[w]
		ns = append(ns, n)
		out.constant = out.constant && n.constant
		out.late = out.late || n.late
		out.many = out.many || n.many
		for _, x := range n.on {
			if !slices.Contains(out.on, x) {
				out.on = append(out.on, x)
			}
		}
	}
	if len(out.on) > mostOn {
		out.on, out.many = nil, true
	}
	out.sure = !out.many && len(out.on) == 1
	for _, n := range ns {
		out.sure = out.sure && (n.sure || len(n.on) == 0)
	}
	if product && out.sure {
		out.sure = p.certain(o)
	}
	return out
}

// certain tells whether a product keeps its dependence on a wire whatever the
// other factor is: that factor is a constant, depends on the same wire, or may
// not be zero because the product is asserted to be a constant that is not.
func (p *pinner) certain(o *op) bool {
	a, b := p.nature[o.a], p.nature[o.b]
	bare := o.l.IsZero() && o.r.IsZero() && o.o.IsZero() && !o.k.IsZero() && o.solves == none
	if len(a.on) > 0 && len(b.on) > 0 || bare {
		return true
	}
	other := a
	if len(a.on) > 0 {
		other = b
	}
	return other.constant || len(a.on)+len(b.on) == 0
}

// queried lists the wires from before the challenge that an op after it reads,
// other than constants.
func (p *pinner) queried(o *op) []int32 {
	if o.kind != gateOp && o.kind != checkOp {
		return nil
	}
	var early []int32
	late := false
	for _, w := range o.wires() {
		switch n := p.nature[w]; {
		case n.late:
			late = true
		case !n.constant && w != o.solves:
			early = append(early, w)
		}
	}
	if !late {
		return nil
	}
	return early
}

// uncommitted finds wires that the argument at the challenge reads although the
// challenge does not depend on them. Public inputs are known before.
func (p *pinner) uncommitted() {
	seen := map[int32]bool{}
	for i := range p.ops {
		for _, w := range p.queried(&p.ops[i]) {
			if !p.committed[w] && !seen[w] && int(w) >= p.Public {
				seen[w] = true
				p.loose(w, "the challenge does not depend on")
			}
		}
	}
}
