package program

import (
	"cmp"
	"errors"
	"fmt"
	"math"
	"slices"

	"github.com/zkml-go/zkml/budget"
	"github.com/zkml-go/zkml/circuits"
)

var (
	// maxElements bounds the elements of each value, and of all values together.
	maxElements = int(budget.Elements.Most)
	// maxTerms bounds the terms of linear layers that are decoded, and maxStored the
	// numbers that their patterns, kernels and rows are stored in.
	maxTerms  = int(min(budget.Multiplications.Most, math.MaxInt))
	maxStored = int(budget.Terms.Most)
	// maxTable bounds a table's entries.
	maxTable = int(budget.Entries.Most)
)

const (
	// maxPorts bounds the inputs and the outputs.
	maxPorts = 64
	// maxFirst bounds a table's first index.
	maxFirst = 1 << 42
	// maxEntry bounds a table's values.
	entryBits = 60
	maxEntry  = 1 << entryBits
	// maxInteger bounds the integers of a program.
	maxInteger = 1 << circuits.MaxBits
)

// Check tells whether the program is consistent, so that it can be evaluated, ranged
// and defined without a panic: values are computed before they are read, and every index
// of every kernel is inside its input. It also tells whether the work of all steps is
// within the budget. The error names the step.
func (p *Program) Check() error {
	if err := p.checkValues(); err != nil {
		return err
	}
	made := make([]bool, len(p.Values))
	if err := p.checkInputs(); err != nil {
		return err
	}
	for k := range p.Inputs {
		made[k] = true
	}
	for i, s := range p.Steps {
		if err := checkName(s.Node); err != nil {
			return fmt.Errorf("step %d: %w", i, err)
		}
		if err := p.checkStep(s, made); err != nil {
			return fmt.Errorf("step %d, %s: %w", i, s.Node, err)
		}
		made[s.Out] = true
	}
	for _, v := range p.Outputs {
		if !p.has(v) || !made[v] {
			return fmt.Errorf("an output of the program is value %d, which no step computes", v)
		}
	}
	w, err := p.Work()
	if err != nil {
		return err
	}
	return w.Check("the program")
}

func (p *Program) has(v int) bool { return v >= 0 && v < len(p.Values) }

func (p *Program) checkValues() error {
	in, out := len(p.Inputs), len(p.Outputs)
	if in > len(p.Values) || in > maxPorts || out == 0 || out > maxPorts {
		return fmt.Errorf("a program of %d inputs, %d outputs and %d values: at most %d inputs, and 1 to %d outputs, "+
			"are supported", in, out, len(p.Values), maxPorts, maxPorts)
	}
	m := budget.NewMeter("the program")
	for i, v := range p.Values {
		size := 1
		for _, d := range v.Shape {
			if d < 1 || d > maxElements/size {
				return fmt.Errorf("value %d has shape %v: every dimension must be at least 1, "+
					"and at most %d elements in all",
					i, v.Shape, maxElements)
			}
			size *= d
		}
		if err := m.Take(budget.Elements, int64(size)); err != nil {
			return err
		}
		if math.IsNaN(v.Scale) || math.IsInf(v.Scale, 0) {
			return fmt.Errorf("value %d has a scale that is not a finite number", i)
		}
	}
	return nil
}

func (p *Program) checkStep(s Step, made []bool) error {
	d, err := kindOfKernel(s.Kernel)
	if err != nil {
		return err
	}
	if len(s.In) < d.least || len(s.In) > d.most {
		return fmt.Errorf("%d inputs for a %s", len(s.In), d.name)
	}
	sizes, total := make([]int, len(s.In)), 0
	for k, v := range s.In {
		if !p.has(v) || !made[v] {
			return fmt.Errorf("it reads value %d, which no earlier step computes", v)
		}
		sizes[k] = p.Size(v)
		if total += sizes[k]; total > maxElements {
			return fmt.Errorf("its inputs have more than %d elements", maxElements)
		}
	}
	if !p.has(s.Out) || made[s.Out] {
		return fmt.Errorf("it computes value %d, which does not exist or was computed before", s.Out)
	}
	return d.check(s.Kernel, sizes, p.Size(s.Out))
}

// inside tells whether every index is one of an input of the given size.
func inside(indices []int32, size int) error {
	for _, j := range indices {
		if j < 0 || int(j) >= size {
			return fmt.Errorf("index %d is outside an input of %d elements", j, size)
		}
	}
	return nil
}

// outputs tells whether a kernel that computes n elements fits its output.
func outputs(n, out int) error {
	if n != out {
		return fmt.Errorf("it computes %d elements, its output has %d", n, out)
	}
	return nil
}

func (l *Linear) check(in []int, out int) error {
	size := 0
	for _, n := range in {
		size += n
	}
	if least, largest := l.Rows.Extent(0); least < 0 || largest >= size {
		return fmt.Errorf("it reads elements %d to %d of an input of %d", least, largest, size)
	}
	if err := l.checkSlots(); err != nil {
		return err
	}
	if l.Limit < 0 || l.Limit > maxInteger {
		return fmt.Errorf("a declared range of ±%d is not one of %d bits", l.Limit, circuits.MaxBits)
	}
	if err := l.checkFormat(); err != nil {
		return err
	}
	return outputs(l.Rows.Len(), out)
}

// The bounds of the weights and the biases of a hashed model, in bits.
const (
	MaxWeightBits = 32
	MaxBiasBits   = 56
)

func (l *Linear) checkFormat() error {
	f := l.Format
	switch {
	case f == nil:
		return nil
	case !l.Secret || l.Unpacked:
		return errors.New("weights with a declared format must be those of a private model, in packed chains")
	case f.Weight < 1 || f.Weight > MaxWeightBits || f.Bias < 1 || f.Bias > MaxBiasBits:
		return fmt.Errorf("weights of %d bits and biases of %d are not supported: 1 to %d and 1 to %d are",
			f.Weight, f.Bias, MaxWeightBits, MaxBiasBits)
	}
	return l.fits()
}

func (s *Saturate) check(in []int, out int) error {
	for _, x := range s.By {
		if x.Shift < 0 || x.Bits < 0 || x.Shift >= circuits.MaxBits || x.Bits >= circuits.MaxBits-x.Shift ||
			x.Base < -maxInteger>>x.Shift || x.Base > maxInteger>>x.Shift {
			return fmt.Errorf("a shift by %d to %d bits from %d on is not supported", x.Shift, x.Bits, x.Base)
		}
	}
	if s.Group == nil && len(s.By) != 1 {
		return fmt.Errorf("%d saturations and no groups", len(s.By))
	}
	if s.Group != nil {
		if err := inside(s.Group, len(s.By)); err != nil {
			return err
		}
		if err := outputs(len(s.Group), out); err != nil {
			return err
		}
	}
	return outputs(in[0], out)
}

func (t *Table) check(in []int, out int) error {
	if err := checkName(t.Name); err != nil {
		return err
	}
	if len(t.Out) == 0 || len(t.Out) > maxTable {
		return fmt.Errorf("a table of %d entries: 1 to %d are supported", len(t.Out), maxTable)
	}
	if t.First < -maxFirst || t.First > maxFirst {
		return fmt.Errorf("a table that starts at %d is not supported", t.First)
	}
	if slices.Min(t.Out) < -maxEntry || slices.Max(t.Out) > maxEntry {
		return fmt.Errorf("a table with values beyond ±2^%d is not supported", entryBits)
	}
	return outputs(in[0], out)
}

// lists checks out lists of indices, none of them empty.
func lists(indices [][]int32, in, out int) error {
	for _, list := range indices {
		if len(list) == 0 {
			return errors.New("it has a list of no elements")
		}
		if err := inside(list, in); err != nil {
			return err
		}
	}
	return outputs(len(indices), out)
}

func (m *Max) check(in []int, out int) error { return lists(m.Windows, in[0], out) }

func (a *ArgMax) check(in []int, out int) error { return lists(a.Groups, in[0], out) }

func (m *Move) check(in []int, out int) error {
	if len(m.In) != len(m.Index) {
		return fmt.Errorf("%d inputs for %d elements", len(m.In), len(m.Index))
	}
	if err := inside(m.In, len(in)); err != nil {
		return err
	}
	for i, j := range m.Index {
		if j < 0 || int(j) >= in[m.In[i]] {
			return fmt.Errorf("index %d is outside an input of %d elements", j, in[m.In[i]])
		}
	}
	return outputs(len(m.Index), out)
}

func (p *Product) check(in []int, out int) error {
	if len(p.A) != len(p.B) {
		return fmt.Errorf("%d factors by %d", len(p.A), len(p.B))
	}
	if err := inside(p.A, in[0]); err != nil {
		return err
	}
	if err := inside(p.B, in[1]); err != nil {
		return err
	}
	return outputs(len(p.A), out)
}

func (d *Dot) check(in []int, out int) error {
	n, k, m, most := int64(d.N), int64(d.K), int64(d.M), int64(maxElements)
	if n < 1 || k < 1 || m < 1 || n > most || k > most || m > most {
		return fmt.Errorf("a product of %dx%d by %dx%d is not supported", n, k, k, m)
	}
	if n*k > most || k*m > most || n*m > most || n*k*m > most/max(int64(len(d.A)), 1) {
		return fmt.Errorf("%d products of %dx%d by %dx%d are not supported", len(d.A), n, k, k, m)
	}
	if len(d.A) != len(d.B) {
		return fmt.Errorf("%d factors by %d", len(d.A), len(d.B))
	}
	for i := range d.A {
		if d.A[i] < 0 || int64(d.A[i])+n*k > int64(in[0]) || d.B[i] < 0 || int64(d.B[i])+k*m > int64(in[1]) {
			return fmt.Errorf("product %d is outside its inputs", i)
		}
	}
	return outputs(len(d.A)*d.N*d.M, out)
}

func (s *Softmax) check(in []int, out int) error {
	if err := s.partition(in[0]); err != nil {
		return err
	}
	if err := s.checkTables(in[0]); err != nil {
		return err
	}
	return outputs(in[0], out)
}

// partition tells whether every element is in one group.
func (s *Softmax) partition(size int) error {
	seen := make([]bool, size)
	n := 0
	for _, g := range s.Groups {
		if len(g) == 0 {
			return errors.New("it has a group of no elements")
		}
		if err := inside(g, size); err != nil {
			return err
		}
		for _, j := range g {
			if seen[j] {
				return fmt.Errorf("element %d is in two groups", j)
			}
			seen[j] = true
			n++
		}
	}
	if n != size {
		return fmt.Errorf("its groups have %d of %d elements", n, size)
	}
	return nil
}

// checkTables checks what the ranges of Softmax rely on: Exp falls, Log rises, and no
// sum, nor twice a numerator, exceeds MaxBits.
func (s *Softmax) checkTables(size int) error {
	n := len(s.Exp)
	if n < 2 || n > maxTable || n&(n-1) != 0 || s.Exp[0] < 1 || s.Exp[n-1] < 0 || !slices.IsSortedFunc(s.Exp, falling) {
		return errors.New("its exponential's table is not a falling one of 2, 4, 8, ... entries")
	}
	if s.Bits < 0 || s.Bits > entryBits || s.Exp[0] > maxEntry>>s.Bits || s.Exp[0] > maxEntry/int64(size) {
		return fmt.Errorf("its sums can exceed %d bits", circuits.MaxBits)
	}
	if s.Log == nil {
		return nil
	}
	n = len(s.Log)
	if n < 1 || n > maxTable || !slices.IsSorted(s.Log) || s.Log[0] < -maxFirst || s.Log[n-1] > maxFirst {
		return errors.New("its logarithm's table is not a rising one")
	}
	if s.LogShift < 0 || s.LogShift > entryBits || s.LogFirst < 0 || s.LogFirst > maxFirst {
		return fmt.Errorf("a logarithm's table from %d on, shifted by %d, is not supported", s.LogFirst, s.LogShift)
	}
	return nil
}

func falling(a, b int64) int { return cmp.Compare(b, a) }
