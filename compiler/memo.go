package compiler

import (
	"crypto/sha256"
	"encoding/binary"
	"hash"
	"math"
	"slices"
	"sync"

	"github.com/zkml-go/zkml/compiler/ir"
	"github.com/zkml-go/zkml/program"
)

// memo keeps what steps became, so that candidates of one search that agree in all that a
// step depends on quantise it once. Its results are those of quantising.
type memo struct {
	effort *effort
	mu     sync.Mutex
	known  map[memoKey]*outcome
	size   int // of what is known, about, in numbers
}

// memoSize bounds what a memo keeps: it forgets everything when that is more.
const memoSize = 1 << 25

// memoKey is all that a step's kernels depend on, beside what a search leaves as it is:
// the model, the calibration, and what a circuit makes of weights.
type memoKey struct {
	step                      int
	weight, activation, table int
	perChannel                bool
	inputs                    digest
}

type digest [sha256.Size]byte

// outcome is what a step became, apart from the numbers of the program's values.
type outcome struct {
	once    sync.Once
	err     error
	apart   bool // it can be told apart from those numbers
	values  []program.Value
	ranges  [][]program.Interval
	steps   []program.Step
	reads   [][]place // by step, in place of its inputs
	inputs  []narrowing
	format  StepFormat
	out     quantised
	outAt   place
	outSeen digest
}

// place says which value of a program is meant: one that the step makes, by its number
// among these, or an input of the step, or the rescaled value of the input.
type place struct {
	made   bool
	narrow bool
	at     int
}

// narrowing is what a step did to an input: it may be the first that needs it rescaled.
type narrowing struct {
	made    bool
	at      int // among the values that the step makes
	ns      float64
	wide    bool
	rescale *NarrowFormat
	seen    digest
}

func newMemo(e *effort) *memo { return &memo{effort: e, known: map[memoKey]*outcome{}} }

// at finds or makes the place for what a step becomes.
func (m *memo) at(k memoKey) *outcome {
	m.mu.Lock()
	defer m.mu.Unlock()
	o := m.known[k]
	if o == nil {
		o = &outcome{}
		m.known[k] = o
	}
	return o
}

// grew notes that more is kept.
func (m *memo) grew(o *outcome) {
	m.mu.Lock()
	defer m.mu.Unlock()
	for i, r := range o.ranges {
		m.size += 2 * len(r)
		switch k := o.steps[i].Kernel.(type) {
		case *program.Linear:
			m.size += k.Rows.Terms()
		case *program.Table:
			m.size += len(k.Out)
		case *program.Softmax:
			m.size += len(k.Exp) + len(k.Log)
		}
	}
	if m.size > memoSize {
		m.known, m.size = map[memoKey]*outcome{}, 0
	}
}

// remembered quantises a step, or takes what it became before.
func (q *quantiser) remembered(s *ir.Step) error {
	if q.memo == nil {
		return q.quantise(s)
	}
	if q.seen == nil {
		q.seen = make([]digest, len(q.values))
		for _, id := range q.p.Inputs {
			q.seen[id] = q.digest(id)
		}
	}
	o := q.memo.at(q.memoKey(s))
	first := false
	o.once.Do(func() {
		first = true
		q.record(s, o)
	})
	switch {
	case first || o.err != nil:
		return o.err
	case !o.apart:
		_, err := q.watched(s)
		return err
	}
	q.repeat(s, o)
	return nil
}

// memoKey leaves out the bits that a kind says it does not have.
func (q *quantiser) memoKey(s *ir.Step) memoKey {
	k := memoKey{step: q.step, table: q.knobs.Table, perChannel: q.knobs.PerChannel}
	t, tunes := asRule[tuned](s.Kind)
	if !tunes || t.tunes().weights {
		k.weight = q.knobs.weight(q.step)
	}
	if !tunes || t.tunes().activation {
		k.activation = q.knobs.activation(q.step)
	}
	h := sha256.New()
	if at, c := q.limiting(s.Out); c != nil { // its format sets the scale of sums
		put(h, int64(q.knobs.activation(at)))
	}
	for i, id := range s.In {
		v := q.values[id]
		same := slices.IndexFunc(s.In[:i+1], func(o ir.ID) bool { return q.values[o].id == v.id })
		put(h, int64(same), int64(v.maker))
		if v.maker >= 0 {
			put(h, int64(q.knobs.activation(v.maker)))
		}
		h.Write(q.seen[id][:])
	}
	h.Sum(k.inputs[:0])
	return k
}

// put adds numbers to a digest.
func put(h hash.Hash, numbers ...int64) {
	var b [8]byte
	for _, n := range numbers {
		binary.LittleEndian.PutUint64(b[:], uint64(n))
		h.Write(b[:])
	}
}

// digest is of all that readers see of a value.
func (q *quantiser) digest(id ir.ID) (out digest) {
	v := q.values[id]
	h := sha256.New()
	wide := int64(0)
	if v.wide {
		wide = 1
	}
	for k, is := range []bool{v.given, v.each} {
		if is {
			wide |= 2 << k
		}
	}
	put(h, int64(len(v.scale)), int64(len(v.group)), int64(math.Float64bits(v.ns)), wide)
	for _, s := range v.scale {
		put(h, int64(math.Float64bits(s)))
	}
	for _, g := range v.group {
		put(h, int64(g))
	}
	for i, at := range v.missing {
		if at != nil {
			put(h, int64(i), *at)
		}
	}
	ids := []int{v.id}
	if v.narrow != 0 {
		ids = append(ids, v.narrow)
	}
	var buf []byte
	for _, id := range ids {
		buf = buf[:0]
		for _, iv := range q.ranges[id] {
			buf = binary.LittleEndian.AppendUint64(buf, uint64(iv.Lo))
			buf = binary.LittleEndian.AppendUint64(buf, uint64(iv.Hi))
		}
		put(h, int64(len(buf)))
		h.Write(buf)
	}
	h.Sum(out[:0])
	return out
}

// watched quantises a step, notes what readers see of the values that it makes or
// rescales, and gives its inputs as they were.
func (q *quantiser) watched(s *ir.Step) (before []quantised, err error) {
	q.memo.effort.quantise(1)
	for _, id := range s.In {
		before = append(before, q.values[id])
	}
	if err := q.quantise(s); err != nil {
		return nil, err
	}
	for k, id := range s.In {
		if v := q.values[id]; v.narrow != before[k].narrow || v.wide != before[k].wide {
			q.seen[id] = q.digest(id)
		}
	}
	q.seen[s.Out] = q.digest(s.Out)
	return before, nil
}

// record quantises a step and keeps what it became.
func (q *quantiser) record(s *ir.Step, o *outcome) {
	made, steps := len(q.out.Values), len(q.out.Steps)
	var before []quantised
	if before, o.err = q.watched(s); o.err != nil {
		return
	}
	find := func(id int) (place, bool) {
		if id >= made {
			return place{made: true, at: id - made}, true
		}
		for k, v := range before {
			if v.id == id || v.narrow != 0 && v.narrow == id {
				return place{narrow: v.id != id, at: k}, true
			}
		}
		return place{}, false
	}
	o.apart = true
	o.values, o.ranges = slices.Clone(q.out.Values[made:]), slices.Clone(q.ranges[made:])
	o.steps = slices.Clone(q.out.Steps[steps:])
	for _, step := range o.steps {
		reads := make([]place, len(step.In))
		for k, id := range step.In {
			p, ok := find(id)
			reads[k], o.apart = p, o.apart && ok
		}
		o.reads = append(o.reads, reads)
	}
	for k, id := range s.In {
		v := q.values[id]
		n := narrowing{made: v.narrow != before[k].narrow, at: v.narrow - made, ns: v.ns, wide: v.wide}
		n.seen = q.seen[id]
		if n.made {
			n.rescale = q.formats.Steps[v.maker].Rescale
		}
		o.inputs = append(o.inputs, n)
	}
	o.format, o.out, o.outSeen = *q.format(), q.values[s.Out], q.seen[s.Out]
	var ok bool
	o.outAt, ok = find(o.out.id)
	o.apart = o.apart && ok && len(o.steps) == len(o.values)
	q.memo.grew(o)
}

// repeat does what quantising the step would.
func (q *quantiser) repeat(s *ir.Step, o *outcome) {
	made := len(q.out.Values)
	find := func(p place) int {
		switch {
		case p.made:
			return made + p.at
		case p.narrow:
			return q.values[s.In[p.at]].narrow
		}
		return q.values[s.In[p.at]].id
	}
	q.out.Values, q.ranges = append(q.out.Values, o.values...), append(q.ranges, o.ranges...)
	for i, step := range o.steps {
		step.In, step.Out = make([]int, len(o.reads[i])), made+i
		for k, p := range o.reads[i] {
			step.In[k] = find(p)
		}
		q.out.Steps = append(q.out.Steps, step)
	}
	out := o.out
	out.id = find(o.outAt)
	*q.format() = o.format
	for k, id := range s.In {
		n, v := o.inputs[k], &q.values[id]
		if v.wide = n.wide; n.made {
			v.narrow, v.ns = made+n.at, n.ns
			q.formats.Steps[v.maker].Rescale = n.rescale
		}
		q.seen[id] = n.seen
	}
	q.values[s.Out], q.seen[s.Out] = out, o.outSeen
}
