package program

import (
	"fmt"
	"slices"

	"github.com/zkml-go/zkml/circuits"
)

// InputRange lists the intervals of input k's elements.
func (p *Program) InputRange(k int) []Interval {
	if p.Each != nil && p.Each[k] != nil {
		return slices.Clone(p.Each[k])
	}
	return slices.Repeat([]Interval{p.Inputs[k]}, p.Size(k))
}

// SetInputRange gives input k, whose value the program has, the intervals of its elements.
// Those that are all the same are one.
func (p *Program) SetInputRange(k int, each []Interval) {
	p.Inputs[k] = hull(each)
	differ := slices.ContainsFunc(each, func(iv Interval) bool { return iv != each[0] })
	if !differ && p.Each == nil {
		return
	}
	for len(p.Each) < len(p.Inputs) {
		p.Each = append(p.Each, nil)
	}
	if p.Each[k] = nil; differ {
		p.Each[k] = slices.Clone(each)
	}
}

// checkInputs checks the intervals of inputs. Those of single elements are given in one
// form only, so that a program has one encoding.
func (p *Program) checkInputs() error {
	for k, iv := range p.Inputs {
		if iv.Lo > iv.Hi || iv.Lo < -maxInteger || iv.Hi > maxInteger {
			return fmt.Errorf("the program's input %d has the interval [%d, %d], which is not one of %d bits",
				k, iv.Lo, iv.Hi, circuits.MaxBits)
		}
	}
	if p.Each == nil {
		return nil
	}
	if len(p.Each) != len(p.Inputs) {
		return fmt.Errorf("the program has intervals of the elements of %d inputs, and %d inputs", len(p.Each),
			len(p.Inputs))
	}
	some := false
	for k, each := range p.Each {
		if each == nil {
			continue
		}
		some = true
		if err := p.checkEach(k, each); err != nil {
			return fmt.Errorf("the program's input %d %w", k, err)
		}
	}
	if !some {
		return fmt.Errorf("the program has lists of intervals for inputs, and all are empty")
	}
	return nil
}

func (p *Program) checkEach(k int, each []Interval) error {
	if len(each) != p.Size(k) {
		return fmt.Errorf("has %d intervals for %d elements", len(each), p.Size(k))
	}
	for i, iv := range each {
		if iv.Lo > iv.Hi {
			return fmt.Errorf("has the empty interval [%d, %d] for element %d", iv.Lo, iv.Hi, i)
		}
	}
	if iv := hull(each); iv != p.Inputs[k] {
		return fmt.Errorf("has the interval [%d, %d], its elements have [%d, %d]", p.Inputs[k].Lo,
			p.Inputs[k].Hi, iv.Lo, iv.Hi)
	}
	if !slices.ContainsFunc(each, func(iv Interval) bool { return iv != each[0] }) {
		return fmt.Errorf("has one interval for each element, and all are the same")
	}
	return nil
}

// inputWords describes the intervals of an input.
func (p *Program) inputWords(k int) string {
	iv := p.Inputs[k]
	words := fmt.Sprintf("input in [%d, %d] x %g", iv.Lo, iv.Hi, p.Values[k].Scale)
	if p.Each == nil || p.Each[k] == nil {
		return words
	}
	return words + fmt.Sprintf(", %d intervals of elements, contents %.32s", len(p.Each[k]),
		contents(func(yield func(int64) bool) {
			for _, iv := range p.Each[k] {
				if !yield(iv.Lo) || !yield(iv.Hi) {
					return
				}
			}
		}))
}
