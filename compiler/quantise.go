package compiler

import (
	"fmt"
	"math"
	"slices"

	"github.com/zkml-go/zkml/circuits"
	"github.com/zkml-go/zkml/compiler/ir"
	"github.com/zkml-go/zkml/libm"
	"github.com/zkml-go/zkml/program"
)

// quantiser walks the IR and makes kernels. It either chooses formats, from a
// calibration and knobs, or follows given ones.
type quantiser struct {
	p       *ir.Program
	index   *ir.Index
	cal     *Calibration // nil where formats are given
	knobs   Knobs
	weights Weights
	// declares lets secret weights say what the formats do not: the range of their
	// sums, their bits. It would be published, where the formats are given.
	declares bool
	formats  *Formats
	out      *program.Program
	ranges   [][]program.Interval // by kernel value
	values   []quantised          // by IR value
	step     int
	memo     *memo    // nil for none
	seen     []digest // by IR value, for the memo
}

// quantised is an IR value in the integer program: its kernel value, and its
// scale by group of elements (group nil: one scale).
type quantised struct {
	id     int
	scale  []float64
	group  []int32
	narrow int // kernel value after rescaling, 0 if none yet
	ns     float64
	wide   bool // a reader that rescales what has too many bits took it as it is
	maker  int  // the step that made it
	sums   bool // of trees, and of one scale
	given  bool // an input, or copies of its elements: nothing brings these to one scale
	each   bool // such elements have formats of their own
	// missing are the integers for missing values, by element; nil for none.
	missing []*int64
}

func (v quantised) uniform() bool { return len(v.scale) == 1 }

// apart tells whether a value has elements of an input that have different scales.
func (v quantised) apart() bool { return v.given && !v.uniform() }

// Weights says what a circuit makes of a model's weights.
type Weights int

// Public weights are constants of the circuit. A private model's may be that too,
// in a circuit whose structure is free of them and whose key hides them; or they
// are witnesses under a commitment.
const (
	PublicWeights Weights = iota
	KeyWeights
	HashedWeights
)

// Quantise makes the integer program of the IR in the given formats. Nothing in it
// but the weights depends on secret weights: formats that leave something to them
// are an error.
func Quantise(p *ir.Program, f *Formats, w Weights) (*Quantised, error) {
	return follow(p, f, w, false)
}

// follow is Quantise; declares is the quantiser's.
func follow(p *ir.Program, f *Formats, w Weights, declares bool) (*Quantised, error) {
	if len(f.Steps) != len(p.Steps) {
		return nil, fmt.Errorf("the formats are for %d steps, the model has %d: they belong to another architecture",
			len(f.Steps), len(p.Steps))
	}
	if err := f.checkInputs(p); err != nil {
		return nil, err
	}
	q := &quantiser{p: p, weights: w, declares: declares, formats: f}
	return q.run()
}

// Quantised is an integer program with the formats it was made in.
type Quantised struct {
	Program *program.Program
	Formats *Formats
	// ValueOf gives the program's value for a value of the IR, where it has one
	// of a single scale.
	ValueOf map[ir.ID]int

	bounded *program.Bounded // Program, with its ranges
}

// Choose picks formats by calibration and knobs, and returns the program with
// them.
func Choose(p *ir.Program, c *Calibration, k Knobs, w Weights) (*Quantised, error) {
	return choose(p, c, k, w, nil)
}

// choose is Choose with a memo of what it was asked before, or nil: with other knobs, and
// all else the same.
func choose(p *ir.Program, c *Calibration, k Knobs, w Weights, m *memo) (*Quantised, error) {
	inputs, err := k.chooseInputs(c, p)
	if err != nil {
		return nil, err
	}
	f := &Formats{}
	f.setInputs(inputNames(p), inputs)
	for _, s := range p.Steps {
		f.Steps = append(f.Steps, StepFormat{Node: s.Node})
	}
	q := &quantiser{p: p, cal: c, knobs: k, weights: w, declares: true, formats: f, memo: m}
	out, err := q.run()
	if err == nil && slices.ContainsFunc(q.values, func(v quantised) bool { return v.wide && v.narrow != 0 }) {
		// Formats rescale a value for all readers or for none: the program is what they give.
		return follow(p, f, w, true)
	}
	return out, err
}

func (q *quantiser) choosing() bool { return q.cal != nil }

func (q *quantiser) format() *StepFormat { return &q.formats.Steps[q.step] }

func (q *quantiser) run() (*Quantised, error) {
	var err error
	if q.index, err = ir.NewIndex(q.p); err != nil {
		return nil, err
	}
	q.takeInputs()
	for i, s := range q.p.Steps {
		q.step = i
		if err := q.remembered(s); err != nil {
			return nil, fmt.Errorf("%s: %w", s.Node, err)
		}
		v := &q.values[s.Out]
		v.maker, v.sums = i, q.sums(s)
	}
	for _, id := range q.p.Outputs {
		out := q.values[id]
		if !out.uniform() {
			return nil, fmt.Errorf("an output has %d scales", len(out.scale))
		}
		if err := q.fits(id); err != nil {
			return nil, fmt.Errorf("output %s: %w", q.p.Names[id], err)
		}
		q.out.Outputs = append(q.out.Outputs, out.id)
		if out.maker >= 0 {
			q.out.Values[out.id].Shape = q.p.Shapes[id]
		}
	}
	bounded, err := q.out.Within(q.ranges)
	return &Quantised{Program: q.out, Formats: q.formats, ValueOf: q.valueOf(), bounded: bounded}, err
}

// takeInputs begins the program with its inputs.
func (q *quantiser) takeInputs() {
	q.out = &program.Program{}
	q.values = make([]quantised, len(q.p.Shapes))
	for k, f := range q.formats.inputs() {
		q.takeInput(q.p.Inputs[k], f)
	}
}

func (q *quantiser) takeInput(in ir.ID, f InputFormat) {
	scales, group := f.scales(q.p.Size(in))
	q.take(in, f.intervals(q.p.Size(in)), scales, group)
	q.values[in].each, q.values[in].missing = f.Elements != nil, f.missing()
}

// take gives the program an input. Its value has the scale of its elements, or 0 where they
// have several.
func (q *quantiser) take(in ir.ID, each []program.Interval, scales []float64, group []int32) {
	k, scale := len(q.out.Inputs), 0.0
	if group == nil {
		scale = scales[0]
	}
	q.values[in] = quantised{id: k, scale: scales, group: group, maker: -1, given: true}
	q.out.Values = append(q.out.Values, program.Value{Shape: q.p.Shapes[in], Scale: scale})
	q.out.Inputs = append(q.out.Inputs, program.Interval{})
	q.out.SetInputRange(k, each)
	q.ranges = append(q.ranges, q.out.InputRange(k))
}

func (q *quantiser) valueOf() map[ir.ID]int {
	of := map[ir.ID]int{}
	for id, v := range q.values {
		switch {
		case v.narrow != 0:
			of[ir.ID(id)] = v.narrow
		case v.uniform():
			of[ir.ID(id)] = v.id
		}
	}
	return of
}

// emit appends a kernel and returns its value.
func (q *quantiser) emit(node string, shape []int, scale float64, k program.Kernel, in ...int) (int, error) {
	args := make([][]program.Interval, len(in))
	for i, v := range in {
		args[i] = q.ranges[v]
	}
	r, err := k.Range(args)
	if err != nil {
		return 0, q.beyond(err, args)
	}
	q.out.Values = append(q.out.Values, program.Value{Shape: shape, Scale: scale})
	q.ranges = append(q.ranges, r)
	id := len(q.out.Values) - 1
	q.out.Steps = append(q.out.Steps, program.Step{Node: program.PlainName(node), Kernel: k, In: in, Out: id})
	return id, nil
}

// quantise handles one step by the rule of its kind.
func (q *quantiser) quantise(s *ir.Step) error {
	r, err := ruleFor(s.Kind)
	if err != nil {
		return err
	}
	if !q.choosing() {
		if err := q.format().check(); err != nil {
			return err
		}
		if f, ok := r.(formatted); ok && !q.p.Whole(s.Out) {
			if err := f.checkFormat(q.format()); err != nil {
				return err
			}
		}
	}
	if err := q.checkApart(r, s); err != nil {
		return err
	}
	return r.quantise(q, s)
}

// bits is the width of the widest interval of a kernel value.
func (q *quantiser) bits(id int) int {
	lo, hi := q.span(id)
	return circuits.Cover(lo, hi).Bits
}

func (q *quantiser) span(id int) (lo, hi int64) {
	lo, hi = q.ranges[id][0].Lo, q.ranges[id][0].Hi
	for _, iv := range q.ranges[id] {
		lo, hi = min(lo, iv.Lo), max(hi, iv.Hi)
	}
	return lo, hi
}

// narrowed gives an IR value as integers of at most bits bits and one scale: as
// it is where it fits, rescaled else. The rescaling belongs to the step that
// made the value, and is made once.
func (q *quantiser) narrowed(id ir.ID, bits int) (kernelID int, scale float64, err error) {
	v := &q.values[id]
	if v.narrow != 0 {
		return v.narrow, v.ns, nil
	}
	if v.uniform() && (v.maker < 0 || q.keeps(v, bits)) {
		v.wide = v.maker >= 0
		return v.id, v.scale[0], nil
	}
	f := q.formats.Steps[v.maker].Rescale
	if q.choosing() {
		f = q.chooseNarrow(v, id, bits)
		q.formats.Steps[v.maker].Rescale = f
	} else if f == nil {
		return 0, 0, fmt.Errorf("the formats do not bring the channels of %s to one scale", q.p.Steps[v.maker].Node)
	}
	node := q.p.Steps[v.maker].Node
	if v.narrow, err = q.saturate(node+" rescaled", v, q.p.Shapes[id], f); err != nil {
		return 0, 0, err
	}
	v.ns = f.Scale
	return v.narrow, v.ns, nil
}

// keeps tells whether a value needs no rescaling.
func (q *quantiser) keeps(v *quantised, bits int) bool {
	if q.choosing() {
		return q.bits(v.id) <= bits
	}
	return q.formats.Steps[v.maker].Rescale == nil
}

// chooseNarrow picks the format of a signed rescale, or of an unsigned one for
// what cannot be negative.
func (q *quantiser) chooseNarrow(v *quantised, id ir.ID, bits int) *NarrowFormat {
	lo, hi := q.span(v.id)
	f := signedFormat(bits, lo < 0)
	size := math.Min(q.cal.size(id), float64(float64(max(-lo, hi))*slices.Max(v.scale)))
	f.Scale = fitScale(v.scale, math.Max(size/float64(f.top()), q.inReach(v, bits)))
	return f
}

// fitScale is the least scale of at least want that is every given scale times
// a power of two, for scales that are such multiples of each other.
func fitScale(scales []float64, want float64) float64 {
	s := slices.Max(scales)
	for s < want {
		s = float64(s * 2)
	}
	return s
}

// saturate emits the rescale of a value to a format.
func (q *quantiser) saturate(node string, v *quantised, shape []int, f *NarrowFormat) (int, error) {
	k := &program.Saturate{Group: v.group}
	for _, s := range v.scale {
		shift := math.Round(libm.Log2(f.Scale / s))
		if shift < 0 || math.Ldexp(s, int(shift)) != f.Scale {
			return 0, fmt.Errorf("scale %g is not a power of two times %g", f.Scale, s)
		}
		k.By = append(k.By, circuits.Saturation{Shift: int(shift), Base: f.Base, Bits: f.Bits})
	}
	return q.emit(node, shape, f.Scale, k, v.id)
}
