package adversary

import (
	"fmt"

	"github.com/consensys/gnark-crypto/ecc/bn254/fr"
	"github.com/consensys/gnark/constraint"
	bn254 "github.com/consensys/gnark/constraint/bn254"
	"github.com/consensys/gnark/constraint/solver"
	"github.com/consensys/gnark/frontend"
)

type kind int

const (
	gateOp      kind = iota // its wire c follows from a and b, or one of these from the others
	checkOp                 // all its wires are known when it is reached
	hintOp                  // wires that a hint makes
	inverseOp               // wires that are inverses
	challengeOp             // the wire drawn from what is committed
)

// op is one instruction of a compiled circuit.
type op struct {
	kind          kind
	label         int
	a, b, c       int32 // of a gate or check
	l, r, m, o, k fr.Element
	solves        int32 // which of its wires a gate makes

	id     solver.HintID
	hint   solver.Hint
	in     []term // of a hint, an inverse, a challenge
	first  int32  // the first wire it makes
	made   int32  // how many
	called int    // the number of this call among those of its hint
}

// term is a wire times a coefficient; no wire is a constant.
type term struct {
	wire int32
	coef fr.Element
}

// none stands for no wire.
const none = int32(-1)

// System is a compiled circuit laid open: its instructions in an order in which
// each reads only wires that are known.
type System struct {
	Public, Secret int // numbers of public and secret inputs
	Gates          int
	Calls          map[string]bool // the project's functions that helped to define it
	wires          int
	follow         map[int32]bool // public inputs that are whatever the gates say
	granted        map[int32]bool // secret inputs that no attack changes
	ops            []op
	maker          []int32   // the op that makes a wire, none for inputs
	readers        [][]int32 // the ops that read a wire
	labels         []string
	committed      map[int32]bool
	gated          []bool // wires that stand in a gate
}

// Compiled is a circuit compiled with markers that name its constraints.
type Compiled struct {
	cs *bn254.SparseR1CS
	l  *labelling
}

// Compile compiles a circuit for Open.
func Compile(c frontend.Circuit, opts ...frontend.CompileOption) (*Compiled, error) {
	compiled, l, err := compile(c, opts...)
	if err != nil {
		return nil, err
	}
	cs, ok := compiled.(*bn254.SparseR1CS)
	if !ok {
		return nil, fmt.Errorf("a constraint system of type %T", compiled)
	}
	return &Compiled{cs, l}, nil
}

// Open lays a circuit open. follow lists the public inputs that are not given but
// follow from the rest: the outputs, where they may be whatever the prover's lies lead
// to. granted lists the secret inputs that an honest prover may choose freely too.
func (c *Compiled) Open(follow, granted []int) (*System, error) {
	cs, l := c.cs, c.l
	s := &System{
		Public: cs.GetNbPublicVariables(), Secret: cs.GetNbSecretVariables(), Gates: cs.GetNbConstraints(),
		Calls: l.calls, labels: l.names,
		follow: map[int32]bool{}, granted: map[int32]bool{}, committed: map[int32]bool{},
	}
	s.wires = s.Public + s.Secret + cs.GetNbInternalVariables()
	for _, f := range follow {
		s.follow[int32(f)] = true
	}
	for _, g := range granted {
		s.granted[int32(s.Public+g)] = true
	}
	d := &decoder{System: s, cs: cs, known: make([]bool, s.wires), called: map[solver.HintID]int{},
		hints: map[solver.HintID]solver.Hint{}}
	for _, h := range solver.GetRegisteredHints() {
		d.hints[solver.GetHintID(h)] = h
	}
	if err := d.decode(); err != nil {
		return nil, err
	}
	s.index()
	return s, nil
}

// index notes who makes and who reads each wire.
func (s *System) index() {
	s.maker, s.readers, s.gated = make([]int32, s.wires), make([][]int32, s.wires), make([]bool, s.wires)
	for w := range s.maker {
		s.maker[w] = none
	}
	read := func(w int32, i int) {
		if r := s.readers[w]; w != none && (len(r) == 0 || r[len(r)-1] != int32(i)) {
			s.readers[w] = append(r, int32(i))
		}
	}
	for i := range s.ops {
		o := &s.ops[i]
		for _, w := range o.reads() {
			read(w, i)
		}
		for w := range o.made {
			s.maker[o.first+w] = int32(i)
		}
		if o.kind == gateOp || o.kind == checkOp {
			for _, w := range o.wires() {
				s.gated[w] = true
			}
		}
	}
}

// reads lists the wires that an op reads.
func (o *op) reads() []int32 {
	var out []int32
	if o.kind == gateOp || o.kind == checkOp {
		for _, w := range o.wires() {
			if w != o.solves {
				out = append(out, w)
			}
		}
		return out
	}
	for _, t := range o.in {
		if t.wire != none {
			out = append(out, t.wire)
		}
	}
	return out
}

// wires lists the wires that a gate reads with a nonzero selector.
func (o *op) wires() []int32 {
	var out []int32
	if !o.l.IsZero() || !o.m.IsZero() {
		out = append(out, o.a)
	}
	if !o.r.IsZero() || !o.m.IsZero() {
		out = append(out, o.b)
	}
	if !o.o.IsZero() {
		out = append(out, o.c)
	}
	return out
}

// decoder turns gnark's instructions into ops.
type decoder struct {
	*System
	cs     *bn254.SparseR1CS
	known  []bool
	called map[solver.HintID]int
	hints  map[solver.HintID]solver.Hint
	label  int
}

func (d *decoder) decode() error {
	for w := range d.Public + d.Secret {
		d.known[w] = !d.follow[int32(w)]
	}
	for _, packed := range d.cs.Instructions {
		inst := packed.Unpack(&d.cs.System)
		var err error
		switch b := d.cs.Blueprints[packed.BlueprintID].(type) {
		case marker:
			d.label = int(inst.Calldata[0])
		case *constraint.BlueprintGenericHint:
			err = d.hint(b, inst)
		case *constraint.BlueprintBatchInverse[constraint.U64]:
			d.inverse(inst)
		case constraint.BlueprintSparseR1C:
			err = d.gate(b, inst)
		default:
			err = fmt.Errorf("an instruction of type %T", b)
		}
		if err != nil {
			return err
		}
	}
	for w, ok := range d.known {
		if !ok {
			return fmt.Errorf("nothing determines wire %d", w)
		}
	}
	return nil
}

func (d *decoder) coefficient(id uint32) fr.Element { return d.cs.Coefficients[id] }

func (d *decoder) gate(b constraint.BlueprintSparseR1C, inst constraint.Instruction) error {
	var g constraint.SparseR1C
	b.DecompressSparseR1C(&g, inst)
	if g.Commitment == constraint.COMMITTED {
		d.committed[int32(g.XA)] = true
	}
	if g.Commitment != constraint.NOT {
		return nil
	}
	o := op{
		kind: checkOp, label: d.label, a: int32(g.XA), b: int32(g.XB), c: int32(g.XC), solves: none,
		l: d.coefficient(g.QL), r: d.coefficient(g.QR), m: d.coefficient(g.QM), o: d.coefficient(g.QO),
		k: d.coefficient(g.QC),
	}
	for _, w := range o.wires() {
		if d.known[w] {
			continue
		}
		if o.solves != none {
			return fmt.Errorf("gate %d does not determine its unknown wire", len(d.ops))
		}
		o.kind, o.solves, o.first, o.made = gateOp, w, w, 1
	}
	if o.solves != none {
		d.known[o.solves] = true
	}
	d.ops = append(d.ops, o)
	return nil
}

// terms reads one linear expression, of at most one term, of a hint's inputs.
func (d *decoder) term(e constraint.LinearExpression) (term, error) {
	switch {
	case len(e) == 0:
		return term{wire: none}, nil
	case len(e) > 1:
		return term{}, fmt.Errorf("a hint's input of %d terms", len(e))
	case e[0].IsConstant():
		return term{none, d.coefficient(e[0].CID)}, nil
	}
	return term{int32(e[0].VID), d.coefficient(e[0].CID)}, nil
}

func (d *decoder) hint(b *constraint.BlueprintGenericHint, inst constraint.Instruction) error {
	var h constraint.HintMapping
	b.DecompressHint(&h, inst)
	o := op{
		kind: hintOp, label: d.label, id: h.HintID, hint: d.hints[h.HintID], solves: none,
		first: int32(h.OutputRange.Start), made: int32(h.OutputRange.End - h.OutputRange.Start),
		called: d.called[h.HintID],
	}
	d.called[h.HintID]++
	for _, e := range h.Inputs {
		t, err := d.term(e)
		if err != nil {
			return err
		}
		o.in = append(o.in, t)
	}
	if o.id == challengeID {
		o.kind, o.in = challengeOp, o.in[1:] // the first numbers the commitment
	} else if o.hint == nil {
		return fmt.Errorf("hint %d is not registered", h.HintID)
	}
	d.make(o)
	return nil
}

func (d *decoder) inverse(inst constraint.Instruction) {
	n := inst.Calldata[1]
	o := op{kind: inverseOp, label: d.label, first: int32(inst.WireOffset), made: int32(n), solves: none}
	for i := range n {
		at := 2 + 3*i // each a linear expression of one term
		o.in = append(o.in, term{int32(inst.Calldata[at+2]), d.coefficient(inst.Calldata[at+1])})
	}
	d.make(o)
}

func (d *decoder) make(o op) {
	for w := range o.made {
		d.known[o.first+w] = true
	}
	d.ops = append(d.ops, o)
}
