// Package program owns the integer model: the kinds of step a quantised network
// is made of. Eval is the specification; Define is its circuit, composed of
// gadgets. It must not know ONNX, floats (scales are labels to it) or proving.
// compiler makes programs; artifact stores them; prover proves them.
package program

import (
	"fmt"
	"slices"
	"strings"

	"github.com/zkml-go/zkml/circuits"
)

// Interval is the range of an integer.
type Interval struct{ Lo, Hi int64 }

// Kernel is one kind of integer step.
type Kernel interface {
	// Eval computes the step exactly. It is the specification.
	Eval(in [][]int64) []int64
	// Range gives the outputs' intervals from the inputs', or an error where an
	// integer can exceed MaxBits or lie outside a table.
	Range(in [][]Interval) ([]Interval, error)
	// Define emits the circuit of Eval. open[i] is the window in which output i is
	// left open, if the kernel leaves it open.
	Define(b *circuits.Builder, in [][]*circuits.Value, open []circuits.Window) ([]*circuits.Value, error)
	// Words describes the kernel in an architecture's file, and so decides the file's
	// digest: equal kernels have equal words, and public contents are in them as a
	// digest. A change of the words needs a new WordsVersion.
	Words() string
	// String describes the kernel to people.
	String() string
}

// Closer is a kernel that can close open inputs at less cost than a separate range
// check. InputWindows gives the windows in which it can close its only input, whose
// elements lie in the intervals in, if its own outputs will be open in the windows out.
type Closer interface {
	InputWindows(b *circuits.Builder, in []Interval, out []circuits.Window) []circuits.Window
}

// Sharer is a kernel that emits some of its gates only once for a whole batch: in[i]
// are the arguments for input i, and ranges is what Range gives for each of them.
type Sharer interface {
	DefineAll(
		b *circuits.Builder, in [][][]*circuits.Value, ranges []Interval, open []circuits.Window,
	) ([][]*circuits.Value, error)
}

// Step applies a kernel to values, which are numbered as in Program.Values.
type Step struct {
	Node   string // the ONNX node it came from, as "conv1 (Conv)"
	Kernel Kernel
	In     []int
	Out    int
}

// Value describes a tensor of integers; its real value is integer × Scale.
type Value struct {
	Shape []int   `json:"shape"`
	Scale float64 `json:"scale"`
}

// Program is a quantised model. Its inputs are the first values.
type Program struct {
	Values []Value
	Steps  []Step
	// Inputs are the intervals of every element of each input. InputRange has them element
	// by element.
	Inputs []Interval
	// Each is nil, or lists for every input the intervals of its elements, each inside that
	// of Inputs, which reaches no farther; nil for an input whose elements have one interval.
	Each [][]Interval
	// Outputs are values; a value can occur twice, and can be an input.
	Outputs []int
}

// Size is the number of elements of a value.
func (p *Program) Size(v int) int {
	n := 1
	for _, d := range p.Values[v].Shape {
		n *= d
	}
	return n
}

// Run evaluates the program on the integers of its inputs and returns all values.
func (p *Program) Run(inputs ...[]int64) [][]int64 {
	values := make([][]int64, len(p.Values))
	copy(values, inputs)
	for _, s := range p.Steps {
		in := make([][]int64, len(s.In))
		for k, v := range s.In {
			in[k] = values[v]
		}
		values[s.Out] = s.Kernel.Eval(in)
	}
	return values
}

// Eval evaluates the program's outputs, of one item or of a batch. In a batch each input
// is that of the first item, followed by that of the second, and so is each output.
func (p *Program) Eval(inputs ...[]int64) [][]int64 {
	n, err := p.copies(inputs)
	if err != nil {
		panic("program: " + err.Error())
	}
	out := make([][]int64, len(p.Outputs))
	for i := range n {
		one := make([][]int64, len(inputs))
		for k, in := range inputs {
			one[k] = in[i*len(in)/n : (i+1)*len(in)/n]
		}
		values := p.Run(one...)
		for k, v := range p.Outputs {
			out[k] = append(out[k], values[v]...)
		}
	}
	return out
}

// copies is the number of items in a batch whose inputs have the given sizes.
func (p *Program) copies(inputs [][]int64) (int, error) {
	sizes := make([]int, len(inputs))
	for k, in := range inputs {
		sizes[k] = len(in)
	}
	return p.items(sizes)
}

func (p *Program) items(sizes []int) (int, error) {
	if len(sizes) != len(p.Inputs) {
		return 0, fmt.Errorf("%d inputs; the program takes %d", len(sizes), len(p.Inputs))
	}
	n := 0
	if len(sizes) == 0 { // a program of constants
		n = 1
	}
	for k, elements := range sizes {
		size := p.Size(k)
		if elements == 0 || elements%size != 0 || k > 0 && elements/size != n {
			return 0, fmt.Errorf("%d elements of input %d; the program takes %d, or a multiple for a batch", elements,
				k, size)
		}
		n = elements / size
	}
	return n, nil
}

// batch gives the values of each item, with its inputs in place.
func (p *Program) batch(in [][]*circuits.Value) ([][][]*circuits.Value, error) {
	sizes := make([]int, len(in))
	for k := range in {
		sizes[k] = len(in[k])
	}
	n, err := p.items(sizes)
	if err != nil {
		return nil, err
	}
	batch := make([][][]*circuits.Value, n)
	for i := range batch {
		batch[i] = make([][]*circuits.Value, len(p.Values))
		for k, all := range in {
			batch[i][k] = all[i*len(all)/n : (i+1)*len(all)/n]
		}
	}
	return batch, nil
}

// define defines the step for each input of a batch. It turns a gadget's panic,
// which is misuse by our own code, into an error that names the node.
func (s *Step) define(
	b *circuits.Builder, in [][][]*circuits.Value, ranges []Interval, open []circuits.Window,
) (out [][]*circuits.Value, err error) {
	defer func() {
		if r := recover(); r != nil {
			cause, ok := r.(error)
			if !ok {
				cause = fmt.Errorf("%v", r)
			}
			err = fmt.Errorf("lowering %s: %w", s.Kernel, cause)
		}
	}()
	if shared, ok := s.Kernel.(Sharer); ok {
		out, err = shared.DefineAll(b, in, ranges, open)
	} else {
		out, err = each(s.Kernel, b, in, open)
	}
	for _, vs := range out {
		if err == nil {
			err = within(vs, ranges)
		}
	}
	return out, err
}

// each defines a kernel for each input separately.
func each(
	k Kernel, b *circuits.Builder, in [][][]*circuits.Value, open []circuits.Window,
) ([][]*circuits.Value, error) {
	out := make([][]*circuits.Value, len(in))
	for i := range in {
		var err error
		if out[i], err = k.Define(b, in[i], open); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// windows gives, for every value, the windows in which it is left open for its consumer:
// those of a Closer that is its only reader, else the smallest around the interval.
func (p *Program) windows(b *circuits.Builder, ranges [][]Interval) [][]circuits.Window {
	readers := p.readers()
	out := make([][]circuits.Window, len(p.Values))
	for v := range out {
		out[v] = covers(ranges[v])
	}
	for _, s := range slices.Backward(p.Steps) { // readers before what they read
		if len(s.In) != 1 || len(readers[s.In[0]]) != 1 || slices.Contains(p.Outputs, s.In[0]) {
			continue
		}
		if c, ok := s.Kernel.(Closer); ok {
			out[s.In[0]] = c.InputWindows(b, ranges[s.In[0]], out[s.Out])
		}
	}
	return out
}

// readers lists the steps that read each value, once for every read.
func (p *Program) readers() [][]int {
	out := make([][]int, len(p.Values))
	for i, s := range p.Steps {
		for _, v := range s.In {
			out[v] = append(out[v], i)
		}
	}
	return out
}

// lastReads lists for each step the values that nobody needs after it.
func (p *Program) lastReads() [][]int {
	out := make([][]int, len(p.Steps))
	for v, readers := range p.readers() {
		if n := len(readers); n > 0 && !slices.Contains(p.Outputs, v) {
			out[readers[n-1]] = append(out[readers[n-1]], v)
		}
	}
	return out
}

func covers(ivs []Interval) []circuits.Window {
	out := make([]circuits.Window, len(ivs))
	for i, iv := range ivs {
		out[i] = circuits.Cover(iv.Lo, iv.Hi)
	}
	return out
}

// Text prints the program for people, one step per line, as the stage "quantised" of
// `zkml inspect` shows it.
func (p *Program) Text() string {
	return strings.Join(p.lines(Kernel.String), "\n") + "\n"
}

// WordsVersion is the version of the text that Words gives. An architecture's version
// changes with it.
const WordsVersion = 1

// Words describes the program, one step per line, for an architecture's file.
func (p *Program) Words() []string { return p.lines(Kernel.Words) }

func (p *Program) lines(words func(Kernel) string) []string {
	var out []string
	for k := range p.Inputs {
		out = append(out, fmt.Sprintf("v%d%v = %s", k, p.Values[k].Shape, p.inputWords(k)))
	}
	for _, s := range p.Steps {
		args := make([]string, len(s.In))
		for k, v := range s.In {
			args[k] = fmt.Sprintf("v%d", v)
		}
		made := p.Values[s.Out]
		out = append(out, fmt.Sprintf("v%d%v = %s(%s) x %g # %s",
			s.Out, made.Shape, words(s.Kernel), strings.Join(args, ", "), made.Scale, s.Node))
	}
	for _, v := range p.Outputs {
		out = append(out, fmt.Sprintf("output v%d", v))
	}
	return out
}
