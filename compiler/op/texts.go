package op

import (
	"errors"
	"fmt"
	"slices"

	"github.com/zkml-go/zkml/compiler/graph"
	"github.com/zkml-go/zkml/printable"
	"github.com/zkml-go/zkml/tensor"
)

// TextTaker is implemented by operators that take values of type graph.Text.
type TextTaker interface {
	// TakesTexts tells whether the node does.
	TakesTexts() bool
}

// TakesTexts tells whether an operator takes values of type graph.Text.
func TakesTexts(o Op) bool {
	t, ok := o.(TextTaker)
	return ok && t.TakesTexts()
}

// Read prepares the inputs of an operator, before Infer. It refuses texts and infinite numbers
// that the operator does not take, and gives constant texts beside a variable the numbers that
// they have there.
func Read(o Op, in []Arg) error {
	if err := checkEndless(o, in); err != nil {
		return err
	}
	var list *Meaning // of the first variable that has one
	for k, a := range in {
		if a.DType != graph.Text {
			continue
		}
		if !TakesTexts(o) {
			return fmt.Errorf("input %d is text, of which this operator computes nothing; encode it before", k)
		}
		if a.Const == nil && list == nil {
			list = &in[k].Meaning
		}
	}
	for k, a := range in {
		if list == nil || a.DType != graph.Text || a.Const == nil || slices.Equal(a.Texts, list.Texts) {
			continue
		}
		number := make([]float64, len(a.Texts))
		for i, text := range a.Texts {
			if n := slices.Index(list.Listed(), text); n >= 0 {
				number[i] = float64(n)
			} else if slices.Contains(a.Const.Data, float64(i)) {
				return fmt.Errorf("input %d is the text %s, which no reader of it knows", k, printable.Quote(text))
			}
		}
		in[k].Const = tensor.Map(a.Const, func(v float64) float64 { return number[int(v)] })
		in[k].Meaning = *list
	}
	return nil
}

// Number is the number that stands for a text; that of all others, if there is one, where
// it is not listed.
func (m Meaning) Number(text string) (int, bool) {
	listed := m.Listed()
	if k := slices.Index(listed, text); k >= 0 {
		return k, true
	}
	return len(listed), m.Other
}

// Listed are the texts themselves.
func (m Meaning) Listed() []string {
	if m.Other {
		return m.Texts[:len(m.Texts)-1]
	}
	return m.Texts
}

// sharedTexts are the texts of values among which an element is chosen.
func sharedTexts(in []Arg) (Meaning, error) {
	for _, a := range in[1:] {
		if a.DType != in[0].DType || !slices.Equal(a.Texts, in[0].Texts) || a.Other != in[0].Other {
			return Meaning{}, errors.New("it joins texts of one list with those of another, which is not supported; " +
				"give each a node of its own")
		}
	}
	return Meaning{Texts: in[0].Texts, Other: in[0].Other}, nil
}

// TakesTexts implements TextTaker.
func (m *movement) TakesTexts() bool { return true }

// meaning is that of what is moved: of texts that of all sources, of classes that of a value
// that is moved whole and in order.
func (p moved) meaning(in []Arg) (Meaning, error) {
	if p.labels != nil {
		return Meaning{Labels: p.labels}, nil
	}
	var from []Arg
	seen, inOrder := make([]bool, len(in)), true
	for i, s := range p.from {
		if s.in >= 0 && !seen[s.in] {
			seen[s.in] = true
			from = append(from, in[s.in])
		}
		if s.in < 0 && p.dtype == graph.Text {
			return Meaning{}, errors.New("it fills texts with a number")
		}
		inOrder = inOrder && s == source{0, int32(i)}
	}
	text := func(a Arg) bool { return a.DType == graph.Text }
	switch {
	case p.dtype == graph.Text && len(from) > 0:
		m, err := sharedTexts(from)
		if inOrder && len(p.from) == tensor.Size(from[0].Shape) {
			m.Labels = from[0].Labels
		}
		return m, err
	case slices.ContainsFunc(from, text):
		return Meaning{}, errors.New("it makes numbers of texts")
	case inOrder && len(from) == 1 && len(p.from) == tensor.Size(from[0].Shape):
		return Meaning{Labels: from[0].Labels}, nil
	}
	return Meaning{}, nil
}
