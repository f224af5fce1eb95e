package op

import "github.com/zkml-go/zkml/compiler/ir"

// stairs are functions of one real number that are constant but for jumps. They share the
// places where they jump.
type stairs struct {
	places []place
	index  map[place]int
	outs   []stair
	known  bool // the numbers are no secret of a private model
}

// place is where functions jump: beyond a number, or with orAt from it on.
type place struct {
	at   float64
	orAt bool
}

// stair is one function: its value before all places, and its jumps, one at a place.
type stair struct {
	base  float64
	jumps []jump
	index map[int]int // of the jump at a place
}

type jump struct {
	place int
	by    float64
}

// newStairs are functions that are constant.
func newStairs(bases ...float64) *stairs {
	s := &stairs{index: map[place]int{}, outs: make([]stair, len(bases))}
	for k, base := range bases {
		s.outs[k] = stair{base: base, index: map[int]int{}}
	}
	return s
}

// jump has function k jump.
func (s *stairs) jump(k int, p place, by float64) {
	at, ok := s.index[p]
	if !ok {
		at = len(s.places)
		s.index[p] = at
		s.places = append(s.places, p)
	}
	f := &s.outs[k]
	i, ok := f.index[at]
	if !ok {
		i = len(f.jumps)
		f.index[at] = i
		f.jumps = append(f.jumps, jump{place: at})
	}
	f.jumps[i].by += by
}

// float is the value of every function at x.
func (s *stairs) float(x float64) []float64 {
	out := make([]float64, len(s.outs))
	for k, f := range s.outs {
		out[k] = f.base
		for _, j := range f.jumps {
			if p := s.places[j.place]; x > p.at || p.orAt && x == p.at {
				out[k] += j.by
			}
		}
	}
	return out
}

// count is how many jumps all functions have.
func (s *stairs) count() int {
	n := 0
	for _, f := range s.outs {
		n += len(f.jumps)
	}
	return n
}

// staircase applies stairs to every element of a value, and gives the values of all
// functions for each: a comparison for each place. Of integers it gives integers where all
// numbers are such.
func (l *Lowering) staircase(x ir.ID, s *stairs) (ir.ID, error) {
	n := l.Size(x)
	var bits []ir.ID
	value, column, width := make([]int, len(s.places)), make([]int, len(s.places)), []int{}
	for _, orAt := range []bool{false, true} {
		var at []float64
		for i, p := range s.places {
			if p.orAt == orAt {
				value[i], column[i] = len(bits), len(at)
				at = append(at, p.at)
			}
		}
		if len(at) == 0 {
			continue
		}
		beyond, err := l.beyond(x, at, orAt, s.known)
		if err != nil {
			return 0, err
		}
		bits, width = append(bits, beyond), append(width, len(at))
	}
	if len(bits) == 0 {
		bits = append(bits, x) // rows of constants belong to some value
	}
	sum := newAffine(n*len(s.outs), bits...)
	sum.Fixed = s.known
	for i := range sum.Bias {
		f := s.outs[i%len(s.outs)]
		sum.Bias[i] = f.base
		for _, j := range f.jumps {
			if j.by != 0 {
				v := value[j.place]
				sum.term(i, v, i/len(s.outs)*width[v]+column[j.place], j.by)
			}
		}
	}
	return only(sum.emit(l))
}

// beyond compares every element with every number.
func (l *Lowering) beyond(x ir.ID, at []float64, orAt, known bool) (ir.ID, error) {
	n := l.Size(x)
	distance := newAffine(n*len(at), x)
	distance.Fixed = known
	for i := range distance.Bias {
		distance.Bias[i] = -at[i%len(at)]
		distance.term(i, 0, i/len(at), 1)
	}
	rows := l.named(l.Name, n, len(at))
	away, err := only(distance.emit(rows))
	if err != nil {
		return 0, err
	}
	return rows.Step(&ir.Compare{OrZero: orAt}, away), nil
}
