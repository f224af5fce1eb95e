package adversary

import (
	"fmt"

	"github.com/consensys/gnark-crypto/ecc/bn254/fr"
	"github.com/consensys/gnark/constraint/solver"

	"github.com/zkml-go/zkml/lookup"
)

// query is a circuit's requirement that in, and out where there is one, are an entry of
// a table.
type query struct {
	in, out int32
	shift   fr.Element // of in
	entries []entry
}

type entry struct{ in, out fr.Element }

// queries finds the lookups in the gates after the challenge.
func (p *pinner) queries() ([]query, error) {
	var out []query
	var pending []query
	for i := range p.ops {
		o := &p.ops[i]
		switch {
		case o.kind == inverseOp:
			pending = nil
			for _, d := range o.in {
				q, err := p.denominator(d.wire)
				if err != nil {
					return nil, err
				}
				pending = append(pending, q)
			}
		case o.kind == hintOp && o.id == solver.GetHintID(lookup.Fractions):
			var entries []entry
			for k := 2; k+2 < len(o.in); k += 3 { // α, β, then for each entry its count, in and out
				entries = append(entries, entry{o.in[k+1].coef, o.in[k+2].coef})
			}
			for _, q := range pending {
				q.entries = entries
				out = append(out, q)
			}
		}
	}
	return out, nil
}

// denominator reads α − in − shift, or that less β·out.
func (p *pinner) denominator(w int32) (query, error) {
	q := query{in: none, out: none}
	for queue := []int32{w}; len(queue) > 0; queue = queue[1:] {
		m := p.maker[queue[0]]
		if m == none || p.ops[m].kind != gateOp {
			continue
		}
		o := &p.ops[m]
		for _, x := range o.wires() {
			switch {
			case x == o.solves:
			case p.nature[x].late:
				queue = append(queue, x)
			case !o.m.IsZero():
				q.out = x
			default:
				q.in, q.shift = x, *new(fr.Element).Neg(&o.k)
			}
		}
	}
	if q.in == none {
		return q, fmt.Errorf("wire %d is inverted, and asks for nothing", w)
	}
	return q, nil
}
