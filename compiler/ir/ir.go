// Package ir owns the small float language that every ONNX operator is lowered
// to: fifteen kinds of step, which become the kernels of integers. It must
// not know ONNX, quantisation or circuits. compiler/op makes it, compiler
// rewrites and quantises it.
package ir

import (
	"fmt"
	"math"
	"slices"
	"strings"
)

// ID names a value of a program: a tensor with a shape known at compile time.
type ID int

// Program is a list of steps in the order in which they run. The inputs' IDs
// come first. A step makes exactly one value.
type Program struct {
	Inputs []ID
	// Integers tells of values whose elements are integers. Those of the others are
	// real.
	Integers map[ID]Integers
	// Outputs are values; one can stand twice, and can be read by steps too.
	Outputs []ID
	Shapes  [][]int  // by ID
	Names   []string // by ID: the ONNX value it stands for, for messages
	Steps   []*Step
	// Secret says that the weights are a private model's: which steps there are must not depend
	// on them, and no pass makes of them what the circuit shows.
	Secret bool
}

// Integers is the range of an integer type, of unsigned ones as far as int64 reaches.
type Integers struct{ Lo, Hi int64 }

// AllIntegers is the range of the widest type.
var AllIntegers = Integers{Lo: math.MinInt64, Hi: math.MaxInt64}

// Declared tells whether the type says something of an input's range: a type of more
// than 8 bits does not, as what samples show takes fewer bits.
func (r Integers) Declared() bool { return r.Lo >= -1<<7 && r.Hi < 1<<8 }

// Step applies one kind of computation. Node is the ONNX node it came from,
// as "conv1 (Conv)".
type Step struct {
	Node string
	Kind Kind
	In   []ID
	Out  ID
}

// Kind is one of Affine, Clamp, Func, Max, Product, Quotient, Dot, Softmax, ArgMax, Compare, Move,
// Splits, Trees, Top, Fill.
type Kind interface {
	// Eval computes the step in float64 from flat row-major inputs.
	Eval(in [][]float64, size int) []float64
	// String describes the step in a few words, the same for equal steps.
	String() string
}

// SetIntegers says that a value's elements are integers.
func (p *Program) SetIntegers(id ID, r Integers) {
	if p.Integers == nil {
		p.Integers = map[ID]Integers{}
	}
	p.Integers[id] = r
}

// Whole tells whether a value's elements are integers.
func (p *Program) Whole(id ID) bool {
	_, ok := p.Integers[id]
	return ok
}

// SameIntegers gives a value the type of another one.
func (p *Program) SameIntegers(id, as ID) {
	if r, ok := p.Integers[as]; ok {
		p.SetIntegers(id, r)
		return
	}
	delete(p.Integers, id)
}

// Value makes a new value of the program.
func (p *Program) Value(name string, shape []int) ID {
	p.Shapes = append(p.Shapes, append([]int{}, shape...))
	p.Names = append(p.Names, name)
	return ID(len(p.Shapes) - 1)
}

// Emit appends a step and returns the value it makes.
func (p *Program) Emit(node, name string, shape []int, kind Kind, in ...ID) ID {
	out := p.Value(name, shape)
	p.Steps = append(p.Steps, &Step{Node: node, Kind: kind, In: in, Out: out})
	return out
}

// Producer is the step that makes a value; nil for an input. It goes through all
// steps: an Index knows it at once.
func (p *Program) Producer(id ID) *Step {
	i := slices.IndexFunc(p.Steps, func(s *Step) bool { return s.Out == id })
	if i < 0 {
		return nil
	}
	return p.Steps[i]
}

// Size is the number of elements of a value.
func (p *Program) Size(id ID) int {
	n := 1
	for _, d := range p.Shapes[id] {
		n *= d
	}
	return n
}

// Run computes every value in float64. inputs are flat, in the order of
// p.Inputs; the result is indexed by ID.
func (p *Program) Run(inputs ...[]float64) [][]float64 {
	values := make([][]float64, len(p.Shapes))
	for i, id := range p.Inputs {
		values[id] = inputs[i]
	}
	for _, s := range p.Steps {
		in := make([][]float64, len(s.In))
		for i, id := range s.In {
			in[i] = values[id]
		}
		values[s.Out] = s.Kind.Eval(in, p.Size(s.Out))
	}
	return values
}

// Text prints the program, one step a line.
func (p *Program) Text() string {
	var b strings.Builder
	for _, id := range p.Inputs {
		fmt.Fprintf(&b, "v%d = input %s%v\n", id, p.Names[id], p.Shapes[id])
	}
	for _, s := range p.Steps {
		in := make([]string, len(s.In))
		for i, id := range s.In {
			in[i] = fmt.Sprintf("v%d", id)
		}
		fmt.Fprintf(&b, "v%d%v = %s(%s) # %s\n", s.Out, p.Shapes[s.Out], s.Kind, strings.Join(in, ", "), s.Node)
	}
	for _, id := range p.Outputs {
		fmt.Fprintf(&b, "output v%d\n", id)
	}
	return b.String()
}
