package input

import (
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"

	"github.com/zkml-go/zkml/problem"
)

// Size is one size of an input. N is 0 where it is unknown; Name is what the model calls it, or empty.
type Size struct {
	N    int
	Name string
}

func (s Size) String() string {
	switch {
	case s.N > 0:
		return strconv.Itoa(s.N)
	case s.Name == "":
		return "?"
	}
	return s.Name
}

// Shapes takes the shapes of the inputs that have Sizes from samples. The leading size may be left out
// in samples where it is 1 or unknown: it is 1 then. All samples must agree, and inputs in sizes of one
// name. References and limit are as in ReadSamples. Samples that have no shape, as pictures have none
// and what standard input will hold, say nothing.
func Shapes(refs []string, specs []Spec, limit int) (map[string][]int, error) {
	specs = slices.Clone(specs)
	for k, spec := range specs {
		specs[k].Surplus, specs[k].Unread = nil, spec.Sizes == nil
		if spec.Sizes != nil {
			specs[k].Shape = nil
		}
		for _, size := range spec.Sizes {
			specs[k].Shape = append(specs[k].Shape, max(size.N, 1))
		}
	}
	parts, err := assign(refs, specs)
	if err != nil {
		return nil, err
	}
	s := &shapes{of: map[string][]int{}, named: map[string]seenSize{}, limit: limit}
	for _, p := range parts {
		r := p.reference(p.refs[0])
		if r.path == "-" || !exists(r.path) || isFolder(r.path) && !isTensorFolder(r.path) {
			continue // ReadSamples says what is wrong with it, if anything is
		}
		sources, err := r.open(io.Reader(nil), p.specs)
		if err != nil {
			return nil, p.of(fmt.Errorf("%s: %w", r.place(), err))
		}
		for k, src := range sources {
			if err := s.take(src, r.row, p.specs[k]); err != nil {
				return nil, fmt.Errorf("%s: %w", r.place(), err)
			}
		}
	}
	return s.of, nil
}

// shapes are those that samples show of inputs.
type shapes struct {
	of    map[string][]int
	named map[string]seenSize
	limit int
}

// seenSize is a size and where it was seen first.
type seenSize struct {
	n     int
	where string
}

// take takes the shape of an input from the samples of a source, or from the one that row names.
func (s *shapes) take(src source, row int, spec Spec) error {
	switch src := src.(type) {
	case *array:
		if src.flat {
			return nil
		}
		shape := spec.sampleOf(src.shape)
		if shape == nil {
			return spec.errSizes("has", src.shape)
		}
		return s.agree(spec, shape, fmt.Sprintf("input %q", spec.Name))
	case *records:
		for i, object := range src.objects {
			if row >= 0 && i != row || row < 0 && s.limit > 0 && i == s.limit {
				continue
			}
			a, err := src.member(object)
			if err != nil {
				return fmt.Errorf("record %d: %w", i, err)
			}
			if a.flat {
				return nil
			}
			shape := spec.oneOf(a.shape)
			if shape == nil {
				return spec.errSizes(fmt.Sprintf("record %d has", i), a.shape)
			}
			if err := s.agree(spec, shape, fmt.Sprintf("input %q of record %d", spec.Name, i)); err != nil {
				return err
			}
		}
	}
	return nil
}

// agree holds the shape of a sample against those before it.
func (s *shapes) agree(spec Spec, shape []int, where string) error {
	for i, size := range spec.Sizes {
		name := fmt.Sprintf("the size %q", size.Name)
		if size.Name == "" {
			name = fmt.Sprintf("size %d of input %q", i, spec.Name)
		}
		before, ok := s.named[name]
		if !ok {
			s.named[name] = seenSize{shape[i], where}
		} else if before.n != shape[i] {
			return &problem.Error{
				Code:      problem.Shape,
				Got:       fmt.Sprintf("%s is %d in %s, and %d in %s", name, before.n, before.where, shape[i], where),
				Supported: "a circuit has one size", Remedy: "bring the samples to one, as by padding",
			}
		}
	}
	s.of[spec.Name] = shape
	return nil
}

// sampleOf is the shape of a sample in an array of samples, or of one; nil where none fits.
func (s Spec) sampleOf(shape []int) []int {
	if len(shape) > 1 {
		if one := s.oneOf(shape[1:]); one != nil {
			return one
		}
	}
	return s.oneOf(shape)
}

// oneOf is the shape of a sample, with the sizes of 1 that it lacks; nil where it does not fit.
func (s Spec) oneOf(shape []int) []int {
	if len(shape) == len(s.Sizes)-1 && len(shape) > 0 && s.Sizes[0].N == 0 {
		shape = append([]int{1}, shape...)
	}
	if len(shape) != len(s.Sizes) {
		have := withoutOnes(shape)
		shape = nil
		for _, size := range s.Sizes {
			switch {
			case size.N == 1:
				shape = append(shape, 1)
			case len(have) == 0:
				return nil
			default:
				shape, have = append(shape, have[0]), have[1:]
			}
		}
		if len(have) > 0 {
			return nil
		}
	}
	for i, size := range s.Sizes {
		if size.N > 0 && size.N != shape[i] || shape[i] < 1 {
			return nil
		}
	}
	return slices.Clone(shape)
}

func (s Spec) errSizes(what string, shape []int) error {
	want := make([]string, len(s.Sizes))
	for i, size := range s.Sizes {
		want[i] = size.String()
	}
	return &problem.Error{
		Code:   problem.Shape,
		Got:    fmt.Sprintf("%s shape %s; input %q wants %s", what, show(shape), s.Name, strings.Join(want, "x")),
		Remedy: "give its sizes with ${Shapes}",
	}
}
