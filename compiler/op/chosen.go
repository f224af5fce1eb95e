package op

import "github.com/zkml-go/zkml/compiler/ir"

// chosen has for each of some indices, integers, as many numbers as an axis has elements: 1 for
// the one that the index picks, and 0 for the others. Negative indices count from the end, and
// one outside the axis picks the end that is nearer.
func (l *Lowering) chosen(index ir.ID, size int) (ir.ID, error) { return l.picking(index, size, true) }

// picking is chosen, perhaps for indices of which the negative ones pick position 0.
func (l *Lowering) picking(index ir.ID, size int, negative bool) (ir.ID, error) {
	low := l.lowest(index, size, negative)
	return l.chosenFrom(index, size, low, low+1, size-1)
}

// lowest is the least index that picks: none is below zero where negative ones do not count, or where
// none is seen to be one.
func (l *Lowering) lowest(index ir.ID, size int, negative bool) int {
	steps := 32
	if !negative || l.neverNegative(index, &steps) {
		return 0
	}
	return -size
}

// limited are the positions on an axis that indices pick, which chosen has bits for.
func (l *Lowering) limited(index ir.ID, size int, negative bool) (ir.ID, error) {
	n := l.Size(index)
	at := l.named(l.Name, n)
	if l.lowest(index, size, negative) == 0 {
		return at.Step(&ir.Clamp{Lo: 0, Hi: float64(size - 1)}, index), nil
	}
	index = at.Step(&ir.Clamp{Lo: float64(-size), Hi: float64(size - 1)}, index)
	out := newAffine(n, index, at.Step(&ir.Compare{OrZero: true}, index))
	out.Fixed = true
	for i := range out.Bias {
		out.Bias[i] = float64(size)
		out.term(i, 0, i, 1)
		out.term(i, 1, i, float64(-size))
	}
	return only(out.emit(at))
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

// pickedOf are slices, of inner elements, that bits choose in blocks of constants: sums of them, each
// times its bit. sizes are how many blocks there are, slices in each, and picks from each; blocks
// apart have bits of their own.
func (l *Lowering) pickedOf(data []float64, chosen ir.ID, inner int, sizes []int, apart bool) (ir.ID, error) {
	blocks, size, picks := sizes[0], sizes[1], sizes[2]
	out := newAffine(blocks*picks*inner, chosen)
	pattern := out.Pattern(every(1, size), nil, nil)
	for b := range blocks {
		for k := range inner {
			column := make([]float64, size)
			for p := range column {
				column[p] = data[(b*size+p)*inner+k]
			}
			kernel := out.Kernel(column)
			for i := range picks {
				row, first := b*picks+i, i
				if apart {
					first = row
				}
				out.part(row*inner+k, 0, pattern, kernel, first*size)
			}
		}
	}
	return only(out.emit(l))
}
