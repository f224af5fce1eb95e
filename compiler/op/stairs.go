package op

import "github.com/zkml-go/zkml/compiler/ir"

// stairs are a function of real numbers that is constant between jumps.
type stairs struct {
	base  float64 // before the first jump
	jumps []jump  // in ascending order of where they are
	known bool    // the numbers are no secret of a private model
}

// jump is a change of a function's value beyond a number, or with orAt from it on.
type jump struct {
	at   float64
	orAt bool
	by   float64
}

// float is the value at x.
func (s stairs) float(x float64) float64 {
	sum := s.base
	for _, j := range s.jumps {
		if x > j.at || j.orAt && x == j.at {
			sum += j.by
		}
	}
	return sum
}

// staircase applies stairs to every element of a value: a comparison for each jump. Of
// integers it gives integers where all its numbers are.
func (l *Lowering) staircase(x ir.ID, s stairs) (ir.ID, error) {
	n := l.Size(x)
	var bits []ir.ID
	for _, orAt := range []bool{false, true} {
		var at []jump
		for _, j := range s.jumps {
			if j.orAt == orAt {
				at = append(at, j)
			}
		}
		if len(at) == 0 {
			continue
		}
		distance := newAffine(n*len(at), x)
		distance.Fixed = s.known
		for i := range distance.Bias {
			distance.Bias[i] = -at[i%len(at)].at
			distance.term(i, 0, i/len(at), 1)
		}
		away, err := only(distance.emit(l.named(l.Name, n, len(at))))
		if err != nil {
			return 0, err
		}
		bits = append(bits, l.named(l.Name, n, len(at)).Step(&ir.Compare{OrZero: orAt}, away))
	}
	return l.climbed(x, s, bits)
}

// climbed adds up the jumps behind which an element lies, by the bits of those that are
// before, then of those that are from a number on.
func (l *Lowering) climbed(x ir.ID, s stairs, bits []ir.ID) (ir.ID, error) {
	n := l.Size(x)
	if len(bits) == 0 {
		return l.shifted(x, 0, s.base, s.known)
	}
	sum := newAffine(n, bits...)
	sum.Fixed = s.known
	for i := range sum.Bias {
		sum.Bias[i] = s.base
		seen := map[bool]int{}
		for _, j := range s.jumps {
			value := 0
			if j.orAt {
				value = len(bits) - 1
			}
			sum.term(i, value, i*(l.Size(bits[value])/n)+seen[j.orAt], j.by)
			seen[j.orAt]++
		}
	}
	return only(sum.emit(l))
}
