package adversary

import (
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"math/big"
	"math/bits"

	"github.com/consensys/gnark-crypto/ecc/bn254/fr"
	"github.com/consensys/gnark/constraint/solver"
	"github.com/consensys/gnark/frontend/cs"
)

var challengeID = solver.GetHintID(cs.Bsb22CommitmentComputePlaceholder)

// Change gives a wire a value other than the one that follows from the circuit.
type Change struct {
	Wire  int32
	Value fr.Element
}

// Replay evaluates a circuit repeatedly on the same inputs, each time with other
// changes, and computes only the wires that the changes reach.
type Replay struct {
	*System
	// Frozen keeps the challenge at its first value.
	Frozen bool

	base    []fr.Element // the run without changes
	broken  []int        // the checks that fail in it
	now     []fr.Element // values of this run, where they are of its epoch
	epoch   []uint32
	forced  []uint32 // the epoch in which a wire was last changed
	current uint32
	due     []uint64           // the ops to do, a bit each
	inputs  map[int][]*big.Int // of a hint, in the run without changes
	outputs map[int][]*big.Int // room for them
}

// NewReplay evaluates the circuit honestly on its inputs, public ones first;
// those that follow may be left zero. Checks that fail are kept: see Honest.
func NewReplay(s *System, inputs []fr.Element) *Replay {
	r := &Replay{
		System: s, base: make([]fr.Element, s.wires), now: make([]fr.Element, s.wires),
		epoch: make([]uint32, s.wires), forced: make([]uint32, s.wires),
		due:    make([]uint64, (len(s.ops)+63)/64),
		inputs: map[int][]*big.Int{}, outputs: map[int][]*big.Int{},
	}
	copy(r.base, inputs)
	for i := range s.ops {
		r.prepare(i)
		if r.do(i, nil) != nil {
			r.broken = append(r.broken, i)
		}
		for w := s.ops[i].first; w < s.ops[i].first+s.ops[i].made; w++ {
			r.base[w] = r.now[w]
		}
	}
	for i := range s.ops {
		if o := &s.ops[i]; o.kind == checkOp {
			if v := r.residual(o); !v.IsZero() {
				r.broken = append(r.broken, i)
			}
		}
	}
	return r
}

// Honest tells whether the run without changes is admitted.
func (r *Replay) Honest() error {
	if len(r.broken) > 0 {
		return errors.New("the honest run fails at: " + r.Constraint(r.broken[0]))
	}
	return nil
}

// prepare keeps a hint's inputs.
func (r *Replay) prepare(i int) {
	o := &r.ops[i]
	if o.kind != hintOp {
		return
	}
	in, out := make([]*big.Int, len(o.in)), make([]*big.Int, o.made)
	for k := range in {
		in[k] = new(big.Int)
		v := r.term(o.in[k])
		v.BigInt(in[k])
	}
	for k := range out {
		out[k] = new(big.Int)
	}
	r.inputs[i], r.outputs[i] = in, out
}

// value is a wire's value in this run.
func (r *Replay) value(w int32) fr.Element {
	if r.current != 0 && r.epoch[w] == r.current {
		return r.now[w]
	}
	return r.base[w]
}

func (r *Replay) term(t term) fr.Element {
	if t.wire == none {
		return t.coef
	}
	v := r.value(t.wire)
	v.Mul(&v, &t.coef)
	return v
}

// Violation is a check that a run fails, and by how much.
type Violation struct {
	At  int
	Off fr.Element
}

// Run replays with changes and returns the first check that fails, nil where
// none does.
func (r *Replay) Run(changes []Change) *Violation { return r.run(changes, none) }

// At is how far the check at would be off, whatever fails before it.
func (r *Replay) At(at int, changes []Change) fr.Element {
	if v := r.run(changes, int32(at)); v != nil {
		return v.Off
	}
	return fr.Element{}
}

func (r *Replay) run(changes []Change, until int32) *Violation {
	r.current++
	clear(r.due)
	for _, i := range r.broken {
		r.due[i/64] |= 1 << (i % 64)
	}
	for _, c := range changes {
		r.forced[c.Wire] = r.current
		r.set(c.Wire, c.Value)
	}
	for word := range r.due {
		for r.due[word] != 0 {
			i := word*64 + bits.TrailingZeros64(r.due[word])
			r.due[word] &= r.due[word] - 1
			if until != none && int32(i) > until {
				return nil
			}
			v := r.do(i, r.set)
			if v != nil && (until == none || int32(i) == until) {
				return v
			}
		}
	}
	return nil
}

// set gives a wire its value in this run, and schedules the ops that read it.
func (r *Replay) set(w int32, v fr.Element) {
	if was := r.value(w); was.Equal(&v) {
		return
	}
	r.now[w], r.epoch[w] = v, r.current
	for _, i := range r.readers[w] {
		r.due[i/64] |= 1 << (i % 64)
	}
}

// do performs an op. Wires that it makes go to set, but for those that were
// changed; nil stands for the first run.
func (r *Replay) do(i int, set func(int32, fr.Element)) *Violation {
	o := &r.ops[i]
	put := func(k int32, v fr.Element) {
		w := o.first + k
		switch {
		case set == nil:
			r.now[w] = v
		case r.forced[w] != r.current:
			set(w, v)
		}
	}
	switch o.kind {
	case checkOp:
		if set == nil {
			return nil
		}
		if off := r.residual(o); !off.IsZero() {
			return &Violation{i, off}
		}
	case gateOp:
		v, ok := r.solve(o)
		if !ok {
			return &Violation{i, fr.One()}
		}
		put(0, v)
	case hintOp:
		r.ask(i, o, put)
	case inverseOp:
		r.invert(o, put)
	case challengeOp:
		if !r.Frozen || set == nil {
			put(0, r.challenge(o))
		}
	}
	return nil
}

// residual is qL·a + qR·b + qM·a·b + qO·c + qK.
func (r *Replay) residual(o *op) fr.Element {
	sum, v := o.k, fr.Element{}
	a, b := r.value(o.a), r.value(o.b)
	if !o.l.IsZero() {
		sum.Add(&sum, v.Mul(&o.l, &a))
	}
	if !o.r.IsZero() {
		sum.Add(&sum, v.Mul(&o.r, &b))
	}
	if !o.m.IsZero() {
		v.Mul(&o.m, &a)
		sum.Add(&sum, v.Mul(&v, &b))
	}
	if !o.o.IsZero() {
		c := r.value(o.c)
		sum.Add(&sum, v.Mul(&o.o, &c))
	}
	return sum
}

// solve gives the wire that a gate makes; false where any value, or none, would
// do.
func (r *Replay) solve(o *op) (fr.Element, bool) {
	var slope, v fr.Element
	a, b := r.value(o.a), r.value(o.b)
	if o.solves == o.a {
		slope.Add(&o.l, v.Mul(&o.m, &b))
	}
	if o.solves == o.b {
		slope.Add(&slope, &o.r).Add(&slope, v.Mul(&o.m, &a))
	}
	if o.solves == o.c {
		slope.Add(&slope, &o.o)
	}
	rest := r.without(o)
	switch {
	case slope.IsZero():
		return rest, false
	case slope == minusOne:
		return rest, true
	case slope.IsOne():
		return *rest.Neg(&rest), true
	}
	slope.Inverse(&slope)
	rest.Neg(&rest)
	return *rest.Mul(&rest, &slope), true
}

var minusOne = func() fr.Element {
	one := fr.One()
	return *one.Neg(&one)
}()

// without is a gate's residual with its own wire at zero.
func (r *Replay) without(o *op) fr.Element {
	w := o.solves
	now, epoch, base := r.now[w], r.epoch[w], r.base[w]
	r.now[w], r.base[w] = fr.Element{}, fr.Element{}
	v := r.residual(o)
	r.now[w], r.epoch[w], r.base[w] = now, epoch, base
	return v
}

// ask runs a hint, with the inputs of this run.
func (r *Replay) ask(i int, o *op, put func(int32, fr.Element)) {
	in, out := r.inputs[i], r.outputs[i]
	var kept []int
	for k, t := range o.in {
		if t.wire != none && r.current != 0 && r.epoch[t.wire] == r.current {
			kept = append(kept, k)
			v := r.term(t)
			v.BigInt(in[k])
		}
	}
	failed := o.hint(field, in, out) != nil
	for k := range out {
		var v fr.Element
		if !failed {
			v.SetBigInt(out[k])
		}
		put(int32(k), v)
	}
	for _, k := range kept {
		t := o.in[k]
		v := r.base[t.wire]
		v.Mul(&v, &t.coef)
		v.BigInt(in[k])
	}
}

func (r *Replay) invert(o *op, put func(int32, fr.Element)) {
	in := make([]fr.Element, len(o.in))
	for k, t := range o.in {
		in[k] = r.term(t)
	}
	for k, v := range fr.BatchInvert(in) {
		put(int32(k), v)
	}
}

// challenge is the sum of hashes of each committed value with its position. For a
// prover that does not search for collisions it is like a hash of all values, and it is
// quick to draw again.
func (r *Replay) challenge(o *op) fr.Element {
	sum := fr.Element{}
	if r.current != 0 {
		sum = r.base[o.first]
	}
	for k, t := range o.in {
		if r.current == 0 {
			was := r.term(t)
			h := hashed(k, was)
			sum.Add(&sum, &h)
			continue
		}
		if t.wire == none || r.epoch[t.wire] != r.current {
			continue
		}
		before := r.base[t.wire]
		before.Mul(&before, &t.coef)
		old, h := hashed(k, before), hashed(k, r.term(t))
		sum.Add(&sum, &h).Sub(&sum, &old)
	}
	return sum
}

func hashed(at int, v fr.Element) fr.Element {
	var word [36]byte
	b := v.Bytes()
	copy(word[:], b[:])
	binary.BigEndian.PutUint32(word[32:], uint32(at))
	h := sha256.Sum256(word[:])
	var out fr.Element
	out.SetBytes(h[:])
	return out
}
