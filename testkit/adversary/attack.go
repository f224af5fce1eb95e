package adversary

import (
	"fmt"
	"hash/fnv"
	"math/big"
	"math/rand"
	"slices"
	"strings"

	"github.com/consensys/gnark-crypto/ecc/bn254/fr"
	"github.com/consensys/gnark/constraint/solver"

	"github.com/zkml-go/zkml/lookup"
	"github.com/zkml-go/zkml/testkit/circuittest"
)

// Attacker is a dishonest prover at work on one run of a circuit.
type Attacker struct {
	*Replay
	Tally
	rng     *rand.Rand
	seen    map[uint64]bool
	targets []target
	cones   map[int][]int32
}

// Tally is the result of attacks. An attack is one assignment of the whole witness;
// none is counted twice.
type Tally struct {
	Tried int
	By    map[string]int // rejections by the constraint that was violated first
	// Accepted describes the attacks that went through.
	Accepted []string
}

// Rejected is the number of attacks that a constraint stopped.
func (t Tally) Rejected() int { return t.Tried - len(t.Accepted) }

// Add adds another tally.
func (t *Tally) Add(o Tally) {
	t.Tried += o.Tried
	t.Accepted = append(t.Accepted, o.Accepted...)
	if t.By == nil {
		t.By = map[string]int{}
	}
	for name, n := range o.By {
		t.By[name] += n
	}
}

// target is a list of wires that the prover chooses together: a hint's outputs,
// the inverses of a batch, or the secret inputs.
type target struct {
	name     string
	id       solver.HintID // 0 if it is none
	in       []*big.Int
	first    int32
	was, out []*big.Int // honest values, and a copy that lies are written to
}

// NewAttacker prepares attacks on a run, drawn from a seed.
func NewAttacker(r *Replay, seed int64) *Attacker {
	a := &Attacker{
		Replay: r, rng: rand.New(rand.NewSource(seed)), seen: map[uint64]bool{},
		cones: map[int][]int32{}, Tally: Tally{By: map[string]int{}},
	}
	a.aim(target{name: "secret input", first: int32(r.Public)}, r.Secret)
	for i := range r.ops {
		switch o := &r.ops[i]; o.kind {
		case hintOp:
			a.aim(target{name: o.name(), id: o.id, in: r.inputs[i], first: o.first}, int(o.made))
		case inverseOp:
			a.aim(target{name: "inverse", first: o.first}, int(o.made))
		}
	}
	return a
}

func (a *Attacker) aim(t target, n int) {
	if n == 0 {
		return
	}
	for k := range n {
		v := a.base[t.first+int32(k)]
		t.was = append(t.was, v.BigInt(new(big.Int)))
		t.out = append(t.out, v.BigInt(new(big.Int)))
	}
	a.targets = append(a.targets, t)
}

// repairs is how many further wires an attack changes to repair failed checks.
const repairs = 3

// Attack starts from the given number of lies, each with its repairs, or without a lie
// where the statement itself is false; targets take turns.
func (a *Attacker) Attack(lies int) {
	for n := range lies {
		t := &a.targets[n%len(a.targets)]
		changes, name := a.lie(t)
		if len(a.broken) > 0 && n%2 == 0 {
			changes, name = nil, "a false statement"
		} else if len(changes) == 0 {
			continue
		}
		a.campaign(changes, name)
	}
}

// Permute tries every order of the outputs of hint h, of each call that has no
// more than most.
func (a *Attacker) Permute(h solver.Hint, most int) {
	for _, t := range a.targets {
		if t.id != solver.GetHintID(h) || len(t.was) > most {
			continue
		}
		permutations(len(t.was), func(order []int) {
			for k, from := range order {
				t.out[k].Set(t.was[from])
			}
			if changes := t.take(); len(changes) > 0 {
				a.campaign(changes, "permuted "+t.name)
			}
		})
	}
}

// permutations calls f with every order of n things.
func permutations(n int, f func([]int)) {
	order := make([]int, n)
	for i := range order {
		order[i] = i
	}
	var place func(k int)
	place = func(k int) {
		if k == n {
			f(order)
			return
		}
		for i := k; i < n; i++ {
			order[k], order[i] = order[i], order[k]
			place(k + 1)
			order[k], order[i] = order[i], order[k]
		}
	}
	place(0)
}

// lie tells one of the lies that fit a target.
func (a *Attacker) lie(t *target) ([]Change, string) {
	fit := circuittest.LiesOf(t.id)
	l := fit[a.rng.Intn(len(fit))]
	i := a.rng.Intn(len(t.out))
	l.Tell(a.rng, circuittest.Call{In: t.in, Out: t.out, I: i})
	changes := slices.DeleteFunc(t.take(), func(c Change) bool { return a.granted[c.Wire] })
	return changes, fmt.Sprintf("%q of %s, output %d", l.Name, t.name, i)
}

// take collects the changes to a target's outputs, and makes them honest again.
func (t *target) take() []Change {
	var out []Change
	for k, o := range t.out {
		if o.Cmp(t.was[k]) == 0 {
			continue
		}
		c := Change{Wire: t.first + int32(k)}
		c.Value.SetBigInt(o)
		o.Set(t.was[k])
		var honest fr.Element
		if honest.SetBigInt(o); !honest.Equal(&c.Value) {
			out = append(out, c)
		}
	}
	return out
}

// campaign tries changes; where a check fails, it changes another wire so that
// this check holds, and tries again.
func (a *Attacker) campaign(changes []Change, name string) {
	v := a.try(changes, name)
	for n := 0; v != nil && n < repairs; n++ {
		c, ok := a.repair(v, changes)
		if !ok {
			return
		}
		changes = append(slices.Clone(changes), c)
		v = a.try(changes, fmt.Sprintf("%s, %d repairs", name, n+1))
	}
}

// try runs an attack and records its result.
func (a *Attacker) try(changes []Change, name string) *Violation {
	v := a.Run(changes)
	if key := digest(changes); a.seen[key] || v == nil && !a.dishonest() {
		return v
	} else {
		a.seen[key] = true
	}
	a.Tried++
	if v == nil {
		a.Accepted = append(a.Accepted, name+" is admitted: "+a.consequence())
		return nil
	}
	a.By[a.Constraint(v.At)]++
	return v
}

// dishonest tells whether the run is another witness than the honest one, or
// one of a false statement: a wire of some gate has another value.
func (a *Attacker) dishonest() bool {
	if len(a.broken) > 0 {
		return true
	}
	for w, e := range a.epoch {
		if e == a.current && a.gated[w] && !a.now[w].Equal(&a.base[w]) {
			return true
		}
	}
	return false
}

// consequence says what an admitted attack achieved.
func (a *Attacker) consequence() string {
	if len(a.broken) > 0 {
		return "a false statement holds"
	}
	for w := range int32(a.Public) {
		if a.follow[w] && a.epoch[w] == a.current && !a.now[w].Equal(&a.base[w]) {
			return fmt.Sprintf("an output is %s, not %s", shown(a.now[w]), shown(a.base[w]))
		}
	}
	return "there is a second witness"
}

// shown writes an element, the start of a long one.
func shown(v fr.Element) string {
	text := v.String()
	if len(text) > 12 {
		return text[:12] + "…"
	}
	return text
}

// Forgery is the first admitted attack that led to another output, or the first
// one where none did; "" if none was admitted.
func (t Tally) Forgery() string {
	for _, a := range t.Accepted {
		if strings.Contains(a, "an output is") {
			return a
		}
	}
	if len(t.Accepted) > 0 {
		return t.Accepted[0]
	}
	return ""
}

// digest tells assignments apart by their changes.
func digest(changes []Change) uint64 {
	sorted := slices.Clone(changes)
	slices.SortFunc(sorted, func(x, y Change) int { return int(x.Wire - y.Wire) })
	h := fnv.New64a()
	for _, c := range sorted {
		b := c.Value.Bytes()
		h.Write([]byte{byte(c.Wire), byte(c.Wire >> 8), byte(c.Wire >> 16), byte(c.Wire >> 24)})
		h.Write(b[:])
	}
	return h.Sum64()
}

// countsHint is the hint whose outputs are permuted in every order, where there
// are at most mostPermuted.
var countsHint solver.Hint = lookup.Counts

const mostPermuted = 5
