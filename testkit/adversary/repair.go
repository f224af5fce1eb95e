package adversary

import (
	"slices"

	"github.com/consensys/gnark-crypto/ecc/bn254/fr"
)

// considered is how many wires a repair considers.
const considered = 4

// repair finds a wire that a failed check depends on linearly or quadratically,
// and a value of it with which the check holds.
func (a *Attacker) repair(v *Violation, changes []Change) (Change, bool) {
	for _, c := range a.candidates(v.At, changes) {
		w, now := c.Wire, c.Value
		off := func(by fr.Element) fr.Element {
			by.Add(&by, &now)
			return a.At(v.At, append(slices.Clone(changes), Change{w, by}))
		}
		up, down := off(fr.One()), off(minusOne)
		by, ok := root(v.Off, up, down)
		if !ok {
			continue
		}
		if check := off(by); !check.IsZero() {
			continue
		}
		return Change{w, *by.Add(&by, &now)}, true
	}
	return Change{}, false
}

// candidates draws wires that a check depends on, other than those that were
// changed, with their values in the last run.
func (a *Attacker) candidates(at int, changes []Change) []Change {
	var out []Change
	cone := a.cone(at)
	for range min(considered, len(cone)) {
		w := cone[a.rng.Intn(len(cone))]
		if !slices.ContainsFunc(changes, func(c Change) bool { return c.Wire == w }) {
			out = append(out, Change{w, a.value(w)})
		}
	}
	return out
}

// root finds a t with p(t) = 0, for p of degree one or two of which p(0), p(1)
// and p(−1) are known; false where there is none.
func root(at, up, down fr.Element) (fr.Element, bool) {
	var square, slope, t, u fr.Element
	slope.Sub(&up, &down).Halve()
	square.Add(&up, &down).Halve()
	square.Sub(&square, &at)
	if square.IsZero() {
		if slope.IsZero() {
			return t, false
		}
		t.Inverse(&slope)
		return *t.Mul(&t, &at).Neg(&t), true
	}
	u.Mul(&square, &at).Double(&u).Double(&u)
	t.Square(&slope).Sub(&t, &u) // the discriminant
	if t.Sqrt(&t) == nil {
		return t, false
	}
	t.Sub(&t, &slope)
	square.Double(&square).Inverse(&square)
	return *t.Mul(&t, &square), true
}

// farthest bounds how many wires a cone is searched for.
const farthest = 3000

// cone lists the wires of the prover's choice that a check depends on through
// gates.
func (a *Attacker) cone(at int) []int32 {
	if c, ok := a.cones[at]; ok {
		return c
	}
	seen := map[int32]bool{}
	queue := a.ops[at].reads()
	var out []int32
	for len(queue) > 0 && len(seen) < farthest {
		w := queue[0]
		queue = queue[1:]
		if seen[w] {
			continue
		}
		seen[w] = true
		switch m := a.maker[w]; {
		case m == none && (int(w) < a.Public || a.granted[w]), m != none && a.ops[m].kind == challengeOp:
		case m != none && a.ops[m].kind == gateOp:
			queue = append(queue, a.ops[m].reads()...)
		default:
			out = append(out, w)
		}
	}
	a.cones[at] = out
	return out
}
