package op

import (
	"errors"
	"fmt"
	"slices"

	"github.com/zkml-go/zkml/compiler/graph"
	"github.com/zkml-go/zkml/compiler/ir"
	"github.com/zkml-go/zkml/tensor"
)

// scattered is the work of operators that put updates, input 2, into the data, input 0. An update
// lands on the elements that the indices say: constant ones on one, variable ones on one of those that
// have its bits.
type scattered struct {
	reduction landingRule
	size      int // of the data
	landings  [][]landing
	dtype     graph.DType
}

// landing is an update on an element, which counts where its bit is set; always, where bit is −1.
type landing struct{ update, bit int32 }

// landingRule says what becomes of an element on which an update lands.
type landingRule struct {
	name string
	of   func(x, update float64) float64
}

var landingRules = []landingRule{
	{"none", func(_, update float64) float64 { return update }},
	{"add", func(x, update float64) float64 { return x + update }},
	{"mul", func(x, update float64) float64 { return float64(x * update) }},
	{"max", func(x, update float64) float64 { return max(x, update) }},
	{"min", func(x, update float64) float64 { return min(x, update) }},
}

func landingRuleOf(n *graph.Node) (landingRule, error) {
	name := n.String("reduction", "none")
	for _, r := range landingRules {
		if r.name == name {
			return r, nil
		}
	}
	return landingRule{}, fmt.Errorf("reduction %q is not known; supported are none, add, mul, max and min", name)
}

// check refuses types that the reduction has no meaning for, and notes the data's.
func (s *scattered) check(in []Arg, update int) error {
	if err := oneType([]Arg{in[0], in[update]}, 0); err != nil {
		return err
	}
	s.dtype, s.size = in[0].DType, tensor.Size(in[0].Shape)
	s.landings = make([][]landing, s.size)
	if s.reduction.name != "none" && (s.dtype == graph.Bool || s.dtype == graph.Text) {
		return fmt.Errorf("reduction %q of type %s is not supported; put a Cast to float before", s.reduction.name,
			s.dtype)
	}
	return nil
}

// land notes that an update may land on an element.
func (s *scattered) land(element, update, bit int) {
	s.landings[element] = append(s.landings[element], landing{int32(update), int32(bit)})
}

// float applies the updates, of which each lands on the element that at says.
func (s *scattered) float(data, updates *tensor.Float, at []int) ([]*tensor.Float, error) {
	out, seen := data.Clone(), make([]bool, s.size)
	for u, element := range at {
		if seen[element] && s.reduction.name == "none" && s.chosen() {
			return nil, errors.New("two updates land on one element, which ONNX does not define")
		}
		seen[element] = true
		out.Data[element] = s.reduction.of(out.Data[element], updates.Data[u])
	}
	return []*tensor.Float{out}, fits(integerType(s.dtype), out)
}

// chosen tells whether bits choose where updates land.
func (s *scattered) chosen() bool {
	return slices.ContainsFunc(s.landings, func(of []landing) bool { return len(of) > 0 && of[0].bit >= 0 })
}

// count is how many landings there are.
func (s *scattered) count() int {
	n := 0
	for _, of := range s.landings {
		n += len(of)
	}
	return n
}

// valued is a value of the program, or what is known at compile time.
type valued struct {
	id    ir.ID
	known []float64 // nil for a variable
}

func (l *Lowering) valued(i int) valued {
	if l.In[i].Const == nil {
		return valued{id: l.ID[i]}
	}
	return valued{known: l.In[i].Const.Data}
}

// sums are an affine step over operands, at least one of them a variable.
type sums struct {
	*affine
	of   []valued
	slot []int
}

func newSums(rows int, of ...valued) *sums {
	s := &sums{of: of}
	var ids []ir.ID
	for _, o := range of {
		s.slot = append(s.slot, len(ids))
		if o.known == nil {
			ids = append(ids, o.id)
		}
	}
	s.affine = newAffine(rows, ids...)
	s.Fixed = len(ids) == len(of)
	return s
}

// add adds w times an element of one of the values to a row.
func (s *sums) add(row, value, element int, w float64) {
	if known := s.of[value].known; known != nil {
		s.Bias[row] += float64(w * known[element])
		return
	}
	s.term(row, s.slot[value], element, w)
}

// lower emits the scattering of updates, the given input, by bits.
func (s *scattered) lower(l *Lowering, update int, bits ir.ID) ([]ir.ID, error) {
	data, updates := l.valued(0), l.valued(update)
	switch name := s.reduction.name; {
	case name == "none" && !s.chosen():
		return s.replaced(l, update)
	case name == "none":
		away, err := s.away(l, data, updates, bits)
		if err != nil {
			return nil, err
		}
		return s.added(l, data, away, func(_ landing, k int) int { return k })
	case name == "add" && !s.chosen():
		return s.added(l, data, updates, func(a landing, _ int) int { return int(a.update) })
	case name == "add":
		landed, err := s.landed(l, updates, bits, func(a landing, _ int) int { return int(a.update) })
		if err != nil {
			return nil, err
		}
		return s.added(l, data, landed, func(_ landing, k int) int { return k })
	case name == "mul":
		return s.multiplied(l, data, updates, bits)
	}
	return s.extreme(l, data, updates, bits)
}

// each calls f with every landing, numbered.
func (s *scattered) each(f func(element int, a landing, k int)) {
	k := 0
	for element, of := range s.landings {
		for _, a := range of {
			f(element, a, k)
			k++
		}
	}
}

// replaced moves the last update to each element, where there is one.
func (s *scattered) replaced(l *Lowering, update int) ([]ir.ID, error) {
	p := moved{dtype: s.dtype, shape: l.Out[0].Shape, from: make([]source, s.size)}
	for i, of := range s.landings {
		p.from[i] = source{0, int32(i)}
		if n := len(of); n > 0 {
			p.from[i] = source{int32(update), of[n-1].update}
		}
	}
	return (&movement{parts: []moved{p}}).Lower(l)
}

// landed is the product of each landing's bit and its element of a value.
func (s *scattered) landed(
	l *Lowering, value valued, bits ir.ID, index func(a landing, k int) int,
) (valued, error) {
	at := l.named(l.Name, s.count())
	if value.known == nil {
		p := &ir.Product{}
		s.each(func(_ int, a landing, k int) {
			p.A, p.B = append(p.A, a.bit), append(p.B, int32(index(a, k)))
		})
		return valued{id: at.Step(p, bits, value.id)}, nil
	}
	sum := newAffine(s.count(), bits)
	s.each(func(_ int, a landing, k int) { sum.term(k, 0, int(a.bit), value.known[index(a, k)]) })
	id, err := only(sum.emit(at))
	return valued{id: id}, err
}

// away is how far each landing moves its element: the bit times the difference.
func (s *scattered) away(l *Lowering, data, updates valued, bits ir.ID) (valued, error) {
	difference := valued{known: make([]float64, s.count())}
	if data.known != nil && updates.known != nil {
		s.each(func(element int, a landing, k int) {
			difference.known[k] = updates.known[a.update] - data.known[element]
		})
	} else {
		d := newSums(s.count(), data, updates)
		s.each(func(element int, a landing, k int) {
			d.add(k, 0, element, -1)
			d.add(k, 1, int(a.update), 1)
		})
		id, err := only(d.emit(l.named(l.Name, s.count())))
		if err != nil {
			return valued{}, err
		}
		difference = valued{id: id}
	}
	return s.landed(l, difference, bits, func(_ landing, k int) int { return k })
}

// added adds to each element what its landings have in a value.
func (s *scattered) added(l *Lowering, data, value valued, index func(a landing, k int) int) ([]ir.ID, error) {
	sum := newSums(s.size, data, value)
	for i := range s.size {
		sum.add(i, 0, i, 1)
	}
	s.each(func(element int, a landing, k int) { sum.add(element, 1, index(a, k), 1) })
	return sum.emit(l)
}

// rounds calls f with the landings of each element that are its first, numbered, then with those that
// are its second, and so on; -1 stands where it has no more.
func (s *scattered) rounds(f func(number []int) error) error {
	for round := 0; ; round++ {
		number, some, k := slices.Repeat([]int{-1}, s.size), false, 0
		for i, of := range s.landings {
			if round < len(of) {
				number[i], some = k+round, true
			}
			k += len(of)
		}
		if !some {
			return nil
		}
		if err := f(number); err != nil {
			return err
		}
	}
}

// multiplied multiplies each element with its updates, or by 1 where the bit is not set: a factor is
// 1 + bit·(update − 1).
func (s *scattered) multiplied(l *Lowering, data, updates valued, bits ir.ID) ([]ir.ID, error) {
	more, err := s.more(l, updates, bits)
	if err != nil {
		return nil, err
	}
	err = s.rounds(func(number []int) error {
		id, err := s.times(l, data, more, number)
		data = valued{id: id}
		return err
	})
	return []ir.ID{data.id}, err
}

// more is each landing's factor less one.
func (s *scattered) more(l *Lowering, updates valued, bits ir.ID) (valued, error) {
	out := valued{known: make([]float64, s.count())}
	if updates.known != nil {
		s.each(func(_ int, a landing, k int) { out.known[k] = updates.known[a.update] - 1 })
	} else {
		less := newAffine(s.count(), updates.id)
		less.Fixed = true
		s.each(func(_ int, a landing, k int) {
			less.Bias[k] = -1
			less.term(k, 0, int(a.update), 1)
		})
		id, err := only(less.emit(l.named(l.Name, s.count())))
		if err != nil {
			return valued{}, err
		}
		out = valued{id: id}
	}
	if !s.chosen() {
		return out, nil
	}
	return s.landed(l, out, bits, func(_ landing, k int) int { return k })
}

// times multiplies each element with 1 plus the numbered factor less one, if it has any.
func (s *scattered) times(l *Lowering, data, more valued, number []int) (ir.ID, error) {
	if more.known != nil {
		out := newAffine(s.size, data.id)
		for i, k := range number {
			w := 1.0
			if k >= 0 {
				w += more.known[k]
			}
			out.term(i, 0, i, w)
		}
		return only(out.emit(l))
	}
	factor := newAffine(s.size, more.id)
	factor.Fixed = data.known == nil
	for i, k := range number {
		x := 1.0
		if data.known != nil {
			x = data.known[i]
		}
		if factor.Bias[i] = x; k >= 0 {
			factor.term(i, 0, k, x)
		}
	}
	by, err := only(factor.emit(l))
	if err != nil || data.known != nil {
		return by, err
	}
	return l.product(data.id, by), nil
}

// extreme is the largest of each element and of what its landings make of it, or the smallest: of the
// signs turned around it is the largest.
func (s *scattered) extreme(l *Lowering, data, updates valued, bits ir.ID) ([]ir.ID, error) {
	landed := updates
	if s.chosen() {
		var err error
		if landed, err = s.away(l, data, updates, bits); err != nil {
			return nil, err
		}
	}
	sign := 1.0
	if s.reduction.name == "min" {
		sign = -1
	}
	all := newSums(s.size+s.count(), data, landed)
	windows := make([][]int32, s.size)
	for i := range s.size {
		all.add(i, 0, i, sign)
		windows[i] = []int32{int32(i)}
	}
	s.each(func(element int, a landing, k int) {
		if a.bit < 0 {
			all.add(s.size+k, 1, int(a.update), sign)
		} else {
			all.add(s.size+k, 0, element, sign)
			all.add(s.size+k, 1, k, sign)
		}
		windows[element] = append(windows[element], int32(s.size+k))
	})
	whole, err := only(all.emit(l.named(l.Name, s.size+s.count())))
	if err != nil {
		return nil, err
	}
	out := l.Step(&ir.Max{Windows: windows}, whole)
	if sign < 0 {
		out = l.Step(scaled(s.size, -1), out)
	}
	return []ir.ID{out}, nil
}
