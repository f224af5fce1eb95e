package sparse

import (
	"errors"
	"fmt"
)

// Form is the stored form of a matrix: each different pattern and kernel once, in the
// order in which rows first read them. Taps are not stored.
type Form[W Weight] struct {
	_       struct{}  `cbor:",toarray"`
	Deltas  [][]int32 // of each pattern; the first is 0
	Places  [][]int32 // of each pattern, of Deltas' length; none: in order
	Kernels [][]W
	Counts  []int32 // parts of each row
	Parts   []int32 // input, pattern, kernel, first element of each part
}

// numbersOfPart is how many numbers Form.Parts has for each part.
const numbersOfPart = 4

// Size is how many numbers the form has.
func (f Form[W]) Size() int {
	n := len(f.Counts) + len(f.Parts)
	for _, lists := range [][][]int32{f.Deltas, f.Places} {
		for _, list := range lists {
			n += len(list)
		}
	}
	for _, k := range f.Kernels {
		n += len(k)
	}
	return n
}

// Form gives the matrix's stored form.
func (m *Matrix[W]) Form() Form[W] {
	f := Form[W]{Counts: make([]int32, m.Len()), Parts: make([]int32, 0, numbersOfPart*len(m.parts))}
	b := NewBuilder[W]() // finds equal patterns that differ in taps
	patterns, kernels := map[int32]int32{}, map[int32]int32{}
	for i := range m.Len() {
		f.Counts[i] = int32(len(m.Parts(i)))
		for _, p := range m.Parts(i) {
			pattern, ok := patterns[p.Pattern]
			if !ok {
				pattern = b.Pattern(m.patterns[p.Pattern].delta, m.patterns[p.Pattern].place, nil)
				patterns[p.Pattern] = pattern
			}
			kernel, ok := kernels[p.Kernel]
			if !ok {
				kernel = int32(len(f.Kernels))
				kernels[p.Kernel] = kernel
				f.Kernels = append(f.Kernels, m.kernels[p.Kernel])
			}
			f.Parts = append(f.Parts, p.In, pattern, kernel, p.First)
		}
	}
	for _, p := range b.m.patterns {
		f.Deltas, f.Places = append(f.Deltas, p.delta), append(f.Places, p.place)
	}
	return f
}

// Matrix reads a stored form, which anybody may have written, of rows over the given
// number of inputs. It refuses a form of more terms than most before it reads them. It
// does not know how many elements the inputs have: see Extent.
func (f Form[W]) Matrix(inputs int32, most int) (*Matrix[W], error) {
	if len(f.Places) != len(f.Deltas) || len(f.Parts)%numbersOfPart != 0 {
		return nil, errors.New("the matrix is cut short")
	}
	m := &Matrix[W]{
		kernels:  f.Kernels,
		patterns: make([]pattern, len(f.Deltas)),
		starts:   make([]int32, len(f.Counts)+1),
	}
	reach := make([]int32, len(f.Deltas)) // the size of kernel that a pattern needs
	for i, delta := range f.Deltas {
		n, err := f.checkPattern(i)
		if err != nil {
			return nil, fmt.Errorf("pattern %d: %w", i, err)
		}
		reach[i], m.patterns[i].delta = n, delta
		if len(f.Places[i]) > 0 {
			m.patterns[i].place = f.Places[i]
		}
	}
	for i := 0; i < len(f.Parts); i += numbersOfPart {
		p := Part{In: f.Parts[i], Pattern: f.Parts[i+1], Kernel: f.Parts[i+2], First: f.Parts[i+3]}
		switch {
		case p.In < 0 || p.In >= inputs,
			p.Pattern < 0 || int(p.Pattern) >= len(m.patterns),
			p.Kernel < 0 || int(p.Kernel) >= len(m.kernels):
			return nil, fmt.Errorf("part %d names an input, a pattern or a kernel that does not exist", i/numbersOfPart)
		case int(reach[p.Pattern]) > len(m.kernels[p.Kernel]):
			return nil, fmt.Errorf("part %d reads more weights than its kernel has", i/numbersOfPart)
		}
		if m.Size(p) > most-m.terms {
			return nil, fmt.Errorf("the matrix has more than %d terms", most)
		}
		m.terms += m.Size(p)
		m.parts = append(m.parts, p)
	}
	for i, n := range f.Counts {
		if n < 0 || int(n) > len(m.parts)-int(m.starts[i]) {
			return nil, fmt.Errorf("row %d has parts that do not exist", i)
		}
		m.starts[i+1] = m.starts[i] + n
	}
	if int(m.starts[len(f.Counts)]) != len(m.parts) {
		return nil, errors.New("the matrix has parts that belong to no row")
	}
	return m, nil
}

// checkPattern gives the size of a kernel that pattern i needs.
func (f Form[W]) checkPattern(i int) (int32, error) {
	delta, place := f.Deltas[i], f.Places[i]
	switch {
	case len(delta) == 0 || delta[0] != 0:
		return 0, errors.New("it does not start at its first element")
	case len(place) != 0 && len(place) != len(delta):
		return 0, errors.New("its numbers of weights and of elements differ")
	}
	most := int32(len(delta))
	if len(place) > 0 {
		most = 0
	}
	for _, at := range place {
		if at < 0 || at == 1<<31-1 {
			return 0, errors.New("it reads a weight that does not exist")
		}
		most = max(most, at+1)
	}
	return most, nil
}
