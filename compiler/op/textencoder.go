package op

import (
	"errors"
	"fmt"
	"slices"

	"github.com/zkml-go/zkml/budget"
	"github.com/zkml-go/zkml/compiler/graph"
	"github.com/zkml-go/zkml/compiler/ir"
	"github.com/zkml-go/zkml/printable"
	"github.com/zkml-go/zkml/tensor"
)

// TextReader is implemented by operators that make other values of texts.
type TextReader interface {
	// ReadsTexts lists the texts that the node knows, and tells whether it says what becomes
	// of all others. It is asked after New.
	ReadsTexts() (known []string, others bool)
}

// textEncoder gives each text that it knows a value, and all else another one. Without
// values, a new axis has a column for each of its texts: 1 in that of the text, else 0.
type textEncoder struct {
	keys    []string
	values  []float64 // by key; nil where there are columns
	missing float64   // of what is no key
	others  bool      // the model says what becomes of that
	dtype   graph.DType
	texts   []string // of the output, where dtype is graph.Text

	of     []int   // the key of each number that stands for a text; -1 for none
	stairs *stairs // the values as functions of the number
	shape  []int
}

// check refuses keys that are listed twice.
func (e *textEncoder) check() error {
	if err := budget.Texts.Check("", int64(len(e.keys))); err != nil {
		return err
	}
	seen := map[string]bool{}
	for _, key := range e.keys {
		if seen[key] {
			return errTwice(key)
		}
		seen[key] = true
	}
	return nil
}

// errTwice refuses a text that a list has twice.
func errTwice(text string) error {
	return fmt.Errorf("the text %s is listed twice", printable.Quote(text))
}

// ReadsTexts implements TextReader.
func (e *textEncoder) ReadsTexts() ([]string, bool) { return e.keys, e.others }

// TakesTexts implements TextTaker.
func (e *textEncoder) TakesTexts() bool { return true }

// Infer implements Op. A number beyond those of all texts counts as the last one's.
func (e *textEncoder) Infer(in []Arg) ([]Out, error) {
	if in[0].DType != graph.Text {
		return nil, fmt.Errorf("the input is of type %s, and the node knows texts", in[0].DType)
	}
	if len(in[0].Texts) == 0 {
		return nil, errors.New("no text of its input is known")
	}
	e.number(in[0].Meaning)
	out := Out{DType: e.dtype, Shape: slices.Clone(in[0].Shape), Meaning: Meaning{Texts: e.texts}}
	if e.values == nil {
		out.Shape = append(out.Shape, len(e.keys))
	}
	e.shape = out.Shape
	return []Out{out}, checkWork(tensor.Size(in[0].Shape), len(e.stairs.places)+e.stairs.count()+len(e.stairs.outs))
}

// number finds the values of each number that stands for a text.
func (e *textEncoder) number(m Meaning) {
	key := make(map[string]int, len(e.keys))
	for k, text := range e.keys {
		key[text] = k
	}
	e.of = slices.Repeat([]int{-1}, len(m.Texts))
	for n, text := range m.Listed() {
		if k, ok := key[text]; ok {
			e.of[n] = k
		}
	}
	if e.values == nil {
		e.stairs = newStairs(make([]float64, len(e.keys))...)
		if e.of[0] >= 0 {
			e.stairs.outs[e.of[0]].base = 1
		}
	} else {
		e.stairs = newStairs(e.value(0))
	}
	e.stairs.known = e.values == nil
	for n := 1; n < len(e.of); n++ {
		from, to, at := e.of[n-1], e.of[n], place{float64(n), true}
		switch {
		case e.values != nil:
			if by := e.value(n) - e.value(n-1); by != 0 {
				e.stairs.jump(0, at, by)
			}
		case from != to:
			if from >= 0 {
				e.stairs.jump(from, at, -1)
			}
			if to >= 0 {
				e.stairs.jump(to, at, 1)
			}
		}
	}
}

// value is the value of a number.
func (e *textEncoder) value(n int) float64 {
	if k := e.of[n]; k >= 0 {
		return e.values[k]
	}
	return e.missing
}

// Float implements Op.
func (e *textEncoder) Float(in []*tensor.Float) ([]*tensor.Float, error) {
	out, columns := tensor.New[float64](e.shape...), len(e.keys)
	for i, x := range in[0].Data {
		n := min(int(x), len(e.of)-1)
		switch {
		case e.values != nil:
			out.Data[i] = e.value(n)
		case e.of[n] >= 0:
			out.Data[i*columns+e.of[n]] = 1
		}
	}
	return []*tensor.Float{out}, nil
}

// Lower implements Op: a comparison for each text where another value begins. Values that
// rise by the same from text to text are a multiple of the number.
func (e *textEncoder) Lower(l *Lowering) ([]ir.ID, error) {
	first, step, even := e.even()
	if !even {
		out, err := l.staircase(l.ID[0], e.stairs)
		return []ir.ID{out}, err
	}
	number := l.Step(&ir.Clamp{Lo: 0, Hi: float64(len(e.of) - 1)}, l.ID[0])
	if first == 0 && step == 1 {
		return []ir.ID{number}, nil
	}
	out, err := l.shifted(number, step, first, false)
	return []ir.ID{out}, err
}

// even tells whether there is one value, that of number 0 and a multiple of the number.
func (e *textEncoder) even() (first, step float64, even bool) {
	if e.values == nil || len(e.of) < 2 {
		return 0, 0, false
	}
	first, step = e.value(0), e.value(1)-e.value(0)
	for n := range e.of {
		if e.value(n) != first+float64(step*float64(n)) {
			return 0, 0, false
		}
	}
	return first, step, step != 0
}

// Work implements Worker.
func (e *textEncoder) Work() Work {
	return listedWork(tensor.Size(e.shape)/len(e.stairs.outs), len(e.stairs.places)+e.stairs.count()+len(e.stairs.outs))
}

// newTextHot has a column for each of some categories.
func newTextHot(n *graph.Node, categories []string) (Op, error) {
	e := &textEncoder{keys: categories, others: n.Int("zeros", 1) != 0, dtype: graph.Float32}
	return e, e.check()
}
