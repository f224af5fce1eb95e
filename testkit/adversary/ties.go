package adversary

import "slices"

// ties joins wires that occur in one equation.
type ties struct{ parent []int32 }

func newTies(n int) *ties {
	t := &ties{make([]int32, n)}
	for w := range t.parent {
		t.parent[w] = int32(w)
	}
	return t
}

func (t *ties) root(w int32) int32 {
	for t.parent[w] != w {
		t.parent[w] = t.parent[t.parent[w]]
		w = t.parent[w]
	}
	return w
}

func (t *ties) join(ws []int32) {
	for _, w := range ws[1:] {
		t.parent[t.root(w)] = t.root(ws[0])
	}
}

// untied finds wires that no chain of equations joins with a given public input: a
// range check by itself does not determine what a wire means. The identities at the
// challenge join nothing except the two parts of one tuple.
func (p *pinner) untied() {
	t := newTies(p.wires)
	queries := map[int32][]int32{} // of a wire after the challenge, what it asks for
	counts := map[int32]bool{}
	for i := range p.ops {
		o := &p.ops[i]
		if o.kind != gateOp && o.kind != checkOp {
			continue
		}
		if early := p.queried(o); early != nil || p.expression(o).late {
			p.asks(o, early, queries, counts)
			continue
		}
		if ws := p.varying(o); len(ws) > 0 {
			t.join(ws)
		}
	}
	asked := map[int32]bool{}
	for i := range p.ops {
		if p.ops[i].kind != inverseOp {
			continue
		}
		for _, d := range p.ops[i].in {
			if ws := queries[d.wire]; len(ws) > 0 {
				t.join(ws)
				for _, w := range ws {
					asked[w] = true
				}
			}
		}
	}
	reached := map[int32]bool{}
	for w := range int32(p.Public) {
		if !p.follow[w] {
			reached[t.root(w)] = true
		}
	}
	for w, free := range p.free {
		exempt := !p.gated[w] || p.nature[w].late || counts[int32(w)] && !asked[int32(w)]
		if free && !exempt && !reached[t.root(int32(w))] {
			p.loose(int32(w), "no equation ties to a given input")
		}
	}
}

// asks follows the wires from before the challenge through a gate after it; one
// that a check reads is a count.
func (p *pinner) asks(o *op, early []int32, queries map[int32][]int32, counts map[int32]bool) {
	for _, w := range early {
		if o.kind == checkOp {
			counts[w] = true
		}
	}
	if o.kind != gateOp {
		return
	}
	all := slices.Clone(early)
	for _, w := range o.reads() {
		all = append(all, queries[w]...)
	}
	queries[o.solves] = all
}

// varying lists a gate's wires that are not constants.
func (p *pinner) varying(o *op) []int32 {
	var out []int32
	for _, w := range o.wires() {
		if !p.nature[w].constant {
			out = append(out, w)
		}
	}
	return out
}
