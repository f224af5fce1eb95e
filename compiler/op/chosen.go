package op

import "github.com/zkml-go/zkml/compiler/ir"

// chosen has for each of some indices, integers, as many numbers as an axis has elements: 1 for
// the one that the index picks, and 0 for the others. Negative indices count from the end, and
// one outside the axis picks the end that is nearer.
func (l *Lowering) chosen(index ir.ID, size int) (ir.ID, error) {
	low, steps := -size, 32
	if l.neverNegative(index, &steps) {
		low = 0
	}
	return l.chosenFrom(index, size, low, low+1, size-1)
}

// chosenFrom is chosen for indices from low on. Whether an index is at or beyond each position
// from first to last is a bit, and a position is picked where its bit is set and that of the next
// one is not. Where low is first − 1, it is picked by all indices that are lower too; where last is
// the last position, size − 1, it is picked by all that are higher.
func (l *Lowering) chosenFrom(index ir.ID, size, low, first, last int) (ir.ID, error) {
	var at []float64
	for p := first; p <= last; p++ {
		at = append(at, float64(p))
	}
	n, bits := l.Size(index), index
	if len(at) > 0 {
		var err error
		if bits, err = l.beyond(index, at, true, true); err != nil {
			return 0, err
		}
	}
	out := newAffine(n*size, bits)
	out.Fixed = true
	for i := range n {
		for p := low; p < size; p++ {
			row := i*size + modulo(p, size)
			if p < first {
				out.Bias[row] = 1
			} else {
				out.term(row, 0, i*len(at)+p-first, 1)
			}
			if p < last {
				out.term(row, 0, i*len(at)+p+1-first, -1)
			}
		}
	}
	return only(out.emit(l.named(l.Name, n, size)))
}
