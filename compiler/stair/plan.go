package stair

// mostFlights bounds how many flights make up stairs.
const mostFlights = 24

// Part is one flight for each of some stairs, all of the same shift: each counts the same codes.
type Part struct {
	Codes
	Flights []Flight // by stair
}

// Plan finds flights of which the counts, and Least, add up to each of the stairs, which have the
// same values: as few as it can. ok is false where it would need many.
func Plan(stairs []Stair) (parts []Part, ok bool) {
	least, n := stairs[0].Least, len(stairs[0].At)
	if p, ok := joint(stairs, Codes{least + 1, 1, n}); ok {
		return []Part{p}, true
	}
	for done := 0; done < n; {
		more := longest(stairs, least+1+int64(done), n-done)
		for _, p := range more {
			done += p.Count
		}
		if parts = append(parts, more...); len(parts) > mostFlights {
			return nil, false
		}
	}
	return parts, true
}

// longest counts as many of n codes from first on as one part can, or two that take turns: these
// where halves go to the even neighbour.
func longest(stairs []Stair, first int64, n int) []Part {
	one := furthest(n, func(n int) ([]Part, bool) {
		p, ok := joint(stairs, Codes{first, 1, n})
		return []Part{p}, ok
	})
	if one[0].Count == n {
		return one
	}
	two := furthest(n, func(n int) ([]Part, bool) { return turns(stairs, first, n) })
	if two == nil || two[0].Count < one[0].Count {
		return one
	}
	return two
}

// furthest is what some function makes of the most of n codes: as far as bisection sees.
func furthest(n int, of func(n int) ([]Part, bool)) (best []Part) {
	for fits, not := 0, n+1; not-fits > 1; {
		at := fits + (not-fits)/2
		if fits == 0 && not == n+1 {
			at = n // all of them, first of all
		}
		if p, ok := of(at); ok {
			best, fits = p, at
		} else {
			not = at
		}
	}
	if best == nil {
		best, _ = of(1)
	}
	return best
}

// turns counts every other one of n codes, and then the others.
func turns(stairs []Stair, first int64, n int) ([]Part, bool) {
	if n < 2 {
		return nil, false
	}
	one, ok := joint(stairs, Codes{first, 2, (n + 1) / 2})
	if !ok {
		return nil, false
	}
	other, ok := joint(stairs, Codes{first + 1, 2, n / 2})
	return []Part{one, other}, ok
}

// joint finds flights that count the same codes of all stairs.
func joint(stairs []Stair, c Codes) (Part, bool) {
	p := Part{Codes: c, Flights: make([]Flight, len(stairs))}
	shift := 0
	for i, s := range stairs {
		f, ok := s.Flight(c)
		if !ok {
			return p, false
		}
		p.Flights[i], shift = f, max(shift, f.Shift)
	}
	for i, f := range p.Flights {
		if p.Flights[i] = f.shifted(shift); stairs[i].wide(p.Flights[i]) {
			return p, false
		}
	}
	return p, true
}
