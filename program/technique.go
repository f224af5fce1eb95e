package program

import (
	"fmt"
	"slices"

	"github.com/zkml-go/zkml/circuits"
	"github.com/zkml-go/zkml/gate"
)

// Technique is a way to compile a kernel to gates. All techniques of a kernel give the
// same integers.
type Technique struct {
	Name   string
	Kernel Kernel
}

// Chooser is a kernel with several techniques: Techniques lists the alternatives. They
// must not depend on secret weights.
type Chooser interface {
	Techniques() []Technique
}

// Techniques implements Chooser: packed chains suit dense weights, and rows of sparse
// weights are cheaper one by one. A private layer is always packed: which technique is
// cheaper depends on its weights, so that the choice would reveal something about them.
func (l *Linear) Techniques() []Technique {
	if l.Secret {
		return nil
	}
	other := *l
	other.Unpacked = !l.Unpacked
	name := "packed chains"
	if other.Unpacked {
		name = "a chain for each row"
	}
	return []Technique{{Name: name, Kernel: &other}}
}

// passer is a kernel that passes open inputs on unchanged, for its readers to close.
type passer interface{ passesOpen() }

// Surroundings counts the gates that a step's technique decides: the step's own, and
// those of the readers that close its open outputs. All other gates of the circuit are
// the same whatever the technique, so that two counts differ as two whole circuits do.
type Surroundings struct {
	p       *Bounded
	digit   int
	windows [][]circuits.Window
	readers [][]int // by value: the steps that read it
	// Counted are the gates of all counts so far.
	Counted int
}

// NewSurroundings prepares counts for a program whose range checks use digits of the
// given number of bits.
func NewSurroundings(p *Bounded, digit int) *Surroundings {
	s := &Surroundings{p: p, digit: digit, readers: p.readers()}
	b, _ := s.builder()
	s.windows = p.windows(b, p.ranges)
	return s
}

func (s *Surroundings) builder() (*circuits.Builder, *gate.Counter) {
	counter := &gate.Counter{}
	return circuits.NewBuilder(counter, s.digit, counter.Inputs(1)[0]), counter
}

// Count defines step i with the given kernel, and its readers, and returns the gates.
func (s *Surroundings) Count(i int, k Kernel) (int, error) {
	b, counter := s.builder()
	values := map[int][]*circuits.Value{}
	steps, last := s.around(i)
	for _, j := range steps {
		step := s.p.Steps[j]
		if j == i {
			step.Kernel = k
		}
		in := make([][]*circuits.Value, len(step.In))
		for n, v := range step.In {
			if values[v] == nil {
				values[v] = s.closed(v, counter)
			}
			in[n] = values[v]
		}
		out, err := step.define(b, [][][]*circuits.Value{in}, s.p.ranges[step.Out], s.windows[step.Out])
		if err != nil {
			return 0, fmt.Errorf("%s: %w", step.Node, err)
		}
		values[step.Out] = out[0]
	}
	for _, v := range last {
		b.CloseAll(values[v])
	}
	b.Finish()
	s.Counted += counter.Gates
	return counter.Gates, nil
}

// around lists step i and the readers of its open outputs, in order, and the values
// that other steps close.
func (s *Surroundings) around(i int) (steps, last []int) {
	seen := map[int]bool{i: true}
	for found := []int{i}; len(found) > 0; {
		at := s.p.Steps[found[0]]
		steps, found = append(steps, found[0]), found[1:]
		_, passes := at.Kernel.(passer)
		opens := passes || len(steps) == 1
		if slices.Contains(s.p.Outputs, at.Out) || !opens {
			last = append(last, at.Out)
		}
		if !opens {
			continue
		}
		for _, r := range s.readers[at.Out] {
			if !seen[r] {
				seen[r] = true
				found = append(found, r)
			}
		}
	}
	slices.Sort(steps)
	return steps, last
}

// closed makes wires for a value that no counted step computes.
func (s *Surroundings) closed(v int, counter *gate.Counter) []*circuits.Value {
	out := make([]*circuits.Value, len(s.p.ranges[v]))
	for k, w := range counter.Inputs(len(out)) {
		out[k] = circuits.Known(w, s.p.ranges[v][k].Lo, s.p.ranges[v][k].Hi)
	}
	return out
}
