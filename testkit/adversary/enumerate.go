package adversary

import (
	"fmt"
	"slices"

	"github.com/consensys/gnark-crypto/ecc/bn254/fr"
)

// enumeration is a search under way.
type enumeration struct {
	*Search
	run   *Replay // whose base holds the values assigned so far
	found Found
	most  int
	alone map[int][]fr.Element // what rules leave the one wire that they depend on
}

// assign tries all values of the wire of step n, and continues with those that no
// rule forbids.
func (e *enumeration) assign(n int) error {
	if n == len(e.order) {
		return e.witness()
	}
	st := e.order[n]
	values, err := e.domain(st)
	if err != nil {
		return err
	}
	for _, v := range values {
		if e.found.Assignments++; e.found.Assignments > e.most {
			return ErrTooMany
		}
		e.run.base[st.wire] = v
		if e.allowed(st) {
			if err := e.assign(n + 1); err != nil {
				return err
			}
		}
	}
	return nil
}

func (e *enumeration) allowed(st step) bool {
	for _, i := range st.rules {
		r := &e.rules[i]
		e.evaluate(r.gates)
		if r.check != int(none) {
			if v := e.residual(r.check); !v.IsZero() {
				return false
			}
		} else if !e.member(r.query) {
			return false
		}
	}
	return true
}

// evaluate computes gates, which are in order.
func (e *enumeration) evaluate(gates []int32) {
	for _, i := range gates {
		o := &e.Open.ops[i]
		e.run.base[o.solves], _ = e.run.solve(o)
	}
}

func (e *enumeration) residual(check int) fr.Element { return e.run.residual(&e.Open.ops[check]) }

func (e *enumeration) member(q query) bool {
	in := e.run.base[q.in]
	in.Add(&in, &q.shift)
	return slices.ContainsFunc(q.entries, func(x entry) bool {
		return x.in == in && (q.out == none || x.out == e.run.base[q.out])
	})
}

// domain lists the values that a rule allows for a wire, by the rule that allows the
// fewest. Rules that allow one value come first; polynomials of higher degree in the
// wire that also depend on other wires come last.
func (e *enumeration) domain(st step) ([]fr.Element, error) {
	var best []fr.Element
	found := false
	for _, pass := range []func(r *rule) bool{
		func(r *rule) bool { return e.degree(r, st.wire) <= 1 && r.check != int(none) },
		func(r *rule) bool { return len(r.support) == 1 || r.check == int(none) },
		func(*rule) bool { return !found },
	} {
		for _, i := range st.rules {
			if r := &e.rules[i]; pass(r) && (!found || len(best) > 1) {
				if values, ok := e.left(i, st.wire); ok && (!found || len(values) < len(best)) {
					best, found = values, true
				}
			}
		}
	}
	if !found {
		return nil, fmt.Errorf("no constraint bounds wire %d", st.wire)
	}
	return best, nil
}

// left lists the values that a rule leaves a wire; false where these are not
// known to be all. What depends on no other wire is found once.
func (e *enumeration) left(i int, w int32) (values []fr.Element, ok bool) {
	r := &e.rules[i]
	if known, ok := e.alone[i]; ok {
		return known, true
	}
	if r.check != int(none) {
		values, ok = e.roots(r, w)
	} else {
		values, ok = e.entries(r, w)
	}
	if ok && len(r.support) == 1 {
		e.alone[i] = values
	}
	return values, ok
}

// at evaluates a wire or, for none, a rule's check, with another wire at x.
func (e *enumeration) at(r *rule, w int32, x fr.Element, of int32) fr.Element {
	e.run.base[w] = x
	e.evaluate(r.gates)
	if of != none {
		return e.run.base[of]
	}
	return e.residual(r.check)
}

// farthestRoot bounds the integers among which roots are sought.
const farthestRoot = 130

// roots lists the values of a wire with which a check holds; false where these
// are not known to be all.
func (e *enumeration) roots(r *rule, w int32) ([]fr.Element, bool) {
	zero, one := e.at(r, w, fr.Element{}, none), e.at(r, w, fr.One(), none)
	degree := e.degree(r, w)
	if degree <= 1 {
		slope := *new(fr.Element).Sub(&one, &zero)
		if slope.IsZero() {
			return nil, !zero.IsZero() // of a constant: none, or all
		}
		slope.Inverse(&slope)
		x := *new(fr.Element).Mul(&zero, &slope)
		return []fr.Element{*x.Neg(&x)}, true
	}
	var out []fr.Element
	for k := int64(-farthestRoot); k <= farthestRoot; k++ {
		var x fr.Element
		x.SetInt64(k)
		if v := e.at(r, w, x, none); v.IsZero() {
			out = append(out, x)
		}
	}
	return out, len(out) == degree // more are those of a polynomial that is zero
}

// entries lists the values of a wire with which a query meets an entry.
func (e *enumeration) entries(r *rule, w int32) ([]fr.Element, bool) {
	part := func(of int32) (at, slope fr.Element) {
		if of == none {
			return at, slope
		}
		at, slope = e.at(r, w, fr.Element{}, of), e.at(r, w, fr.One(), of)
		return at, *slope.Sub(&slope, &at)
	}
	in, inSlope := part(r.query.in)
	out, outSlope := part(r.query.out)
	in.Add(&in, &r.query.shift)
	var values []fr.Element
	for _, x := range r.query.entries {
		var v, slope fr.Element
		switch {
		case !inSlope.IsZero():
			v, slope = *v.Sub(&x.in, &in), inSlope
		case x.in == in && !outSlope.IsZero():
			v, slope = *v.Sub(&x.out, &out), outSlope
		default:
			continue
		}
		slope.Inverse(&slope)
		v.Mul(&v, &slope)
		values = append(values, v)
	}
	return values, e.degree(r, w) <= 1 && (!inSlope.IsZero() || !outSlope.IsZero())
}

// witness records that every rule holds.
func (e *enumeration) witness() error {
	e.found.Witnesses++
	for i := range e.Open.ops {
		if e.Open.ops[i].kind == gateOp {
			e.evaluate([]int32{int32(i)})
		}
	}
	var out []fr.Element
	for w := range int32(e.Open.Public) {
		if e.Open.follow[w] {
			out = append(out, e.run.base[w])
		}
	}
	if !slices.ContainsFunc(e.found.Outputs, func(o []fr.Element) bool { return slices.Equal(o, out) }) {
		e.found.Outputs = append(e.found.Outputs, out)
	}
	return nil
}
