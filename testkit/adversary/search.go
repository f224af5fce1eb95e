package adversary

import (
	"errors"
	"fmt"
	"slices"

	"github.com/consensys/gnark-crypto/ecc/bn254/fr"
)

// Search enumerates the witnesses of a small circuit: all assignments, over the
// whole field, of the wires that its prover chooses. Lookups count as membership in
// their tables.
type Search struct {
	*Subject
	order []step
	rules []rule
}

// rule is a check or a query.
type rule struct {
	check   int // the op, or none
	query   query
	support []int32 // the prover's wires that it depends on
	gates   []int32 // the gates that lead to it
	degrees map[int32]int
}

// step assigns a wire; rules are those that are decided by it.
type step struct {
	wire  int32
	rules []int
}

// Found is the result of a search.
type Found struct {
	Assignments int // values tried
	Witnesses   int
	Outputs     [][]fr.Element // the different outputs of the witnesses
}

// NewSearch plans a search. It fails if every constraint allows infinitely many values
// for some wire.
func (s *Subject) NewSearch() (*Search, error) {
	p := s.Open.pinner()
	queries, err := p.queries()
	if err != nil {
		return nil, err
	}
	out := &Search{Subject: s}
	for i := range p.ops {
		if o := &p.ops[i]; o.kind == checkOp && !p.expression(o).late {
			out.rules = append(out.rules, rule{check: i, query: query{in: none, out: none}})
		}
	}
	for _, q := range queries {
		out.rules = append(out.rules, rule{check: int(none), query: q})
		if q.out != none { // then in is in its column, whatever out is
			q.out = none
			out.rules = append(out.rules, rule{check: int(none), query: q})
		}
	}
	for i := range out.rules {
		out.follow(&out.rules[i])
	}
	return out, out.plan()
}

// reads lists the wires that a rule reads.
func (s *Search) reads(r *rule) []int32 {
	if r.check != int(none) {
		return s.Open.ops[r.check].reads()
	}
	return []int32{r.query.in, r.query.out}
}

// follow finds what a rule depends on.
func (s *Search) follow(r *rule) {
	seen := map[int32]bool{none: true}
	for queue := s.reads(r); len(queue) > 0; queue = queue[1:] {
		w := queue[0]
		if seen[w] {
			continue
		}
		seen[w] = true
		m := s.Open.maker[w]
		switch {
		case m != none && s.Open.ops[m].kind == gateOp:
			r.gates = append(r.gates, m)
			queue = append(queue, s.Open.ops[m].reads()...)
		case m != none || int(w) >= s.Open.Public && !s.Open.granted[w]:
			r.support = append(r.support, w)
		}
	}
	slices.Sort(r.gates)
	r.degrees = map[int32]int{}
}

// degree bounds that of a check, or of a query's wires, as polynomials in a wire.
func (s *Search) degree(r *rule, in int32) int {
	if _, ok := r.degrees[in]; !ok {
		r.degrees[in] = s.degreeIn(r, in)
	}
	return r.degrees[in]
}

func (s *Search) degreeIn(r *rule, in int32) int {
	degrees := map[int32]int{in: 1}
	of := func(w int32) int { return degrees[w] }
	for _, i := range r.gates {
		o := &s.Open.ops[i]
		degrees[o.solves] = o.degree(of)
	}
	if r.check != int(none) {
		return s.Open.ops[r.check].degree(of)
	}
	return max(of(r.query.in), of(r.query.out))
}

// degree is that of a gate's sum, from its wires' degrees.
func (o *op) degree(of func(int32) int) int {
	degree := 0
	for _, w := range o.wires() {
		if w != o.solves {
			degree = max(degree, of(w))
		}
	}
	if !o.m.IsZero() {
		degree = max(degree, of(o.a)+of(o.b))
	}
	return degree
}

// plan orders the wires: first those that an equation leaves one value, then
// those that a range check or a table bounds.
func (s *Search) plan() error {
	assigned := map[int32]bool{}
	open := func(r *rule) (left []int32) {
		for _, w := range r.support {
			if !assigned[w] {
				left = append(left, w)
			}
		}
		return left
	}
	for {
		best, bestSize := none, 0
		for i := range s.rules {
			if left := open(&s.rules[i]); len(left) == 1 && len(s.rules[i].support) > bestSize {
				best, bestSize = left[0], len(s.rules[i].support)
			}
		}
		if best == none {
			break
		}
		assigned[best] = true
		st := step{wire: best}
		for i := range s.rules {
			if slices.Contains(s.rules[i].support, best) && len(open(&s.rules[i])) == 0 {
				st.rules = append(st.rules, i)
			}
		}
		s.order = append(s.order, st)
	}
	for i := range s.rules {
		if left := open(&s.rules[i]); len(left) > 0 {
			return fmt.Errorf("no order of assignment reaches wire %d", left[0])
		}
	}
	return nil
}

// ErrTooMany is the end of a search that takes too long.
var ErrTooMany = errors.New("too many assignments")

// Run enumerates the witnesses for an input, up to most values tried.
func (s *Search) Run(input, output []int64, most int) (Found, error) {
	values, err := s.values(input, output)
	if err != nil {
		return Found{}, err
	}
	r := NewReplay(s.Open, values)
	if err := r.Honest(); err != nil {
		return Found{}, err
	}
	e := &enumeration{Search: s, run: r, most: most, alone: map[int][]fr.Element{}}
	err = e.assign(0)
	return e.found, err
}

// Wires is how many wires a search assigns.
func (s *Search) Wires() int { return len(s.order) }
