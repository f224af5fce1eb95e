package op

import (
	"fmt"

	"github.com/zkml-go/zkml/compiler/graph"
)

// mapper maps texts to integers, or integers to texts: which way, its input says.
type mapper struct {
	ofTexts *textEncoder
	ofInts  *encoder
	Op      // the one that is used
}

func newCategoryMapper(n *graph.Node) (Op, error) {
	texts, numbers := n.Attrs["cats_strings"].Strings, n.Attrs["cats_int64s"].Ints
	if len(texts) == 0 || len(texts) != len(numbers) {
		return nil, fmt.Errorf("attributes cats_strings and cats_int64s have %d and %d entries; there must be as "+
			"many, and one of each", len(texts), len(numbers))
	}
	return newMapper(n, texts, numbers)
}

// newMapper binds texts to numbers; to their positions where these are nil.
func newMapper(n *graph.Node, texts []string, numbers []int64) (Op, error) {
	if err := (&textEncoder{keys: texts}).check(); err != nil {
		return nil, err
	}
	names, integers := textList(texts), list{dtype: graph.Int64, whole: true}
	for k := range texts {
		v := float64(k)
		if numbers != nil {
			v = float64(numbers[k])
		}
		integers.numbers = append(integers.numbers, v)
	}
	if err := integers.check(); err != nil {
		return nil, err
	}
	m := &mapper{}
	ofTexts, err := mapped(n, names, integers)
	if err != nil {
		return nil, err
	}
	ofInts, err := mapped(n, integers, names)
	if err != nil {
		return nil, err
	}
	m.ofTexts, m.ofInts = ofTexts.(*textEncoder), ofInts.(*encoder)
	return m, nil
}

// ReadsTexts implements TextReader.
func (m *mapper) ReadsTexts() ([]string, bool) { return m.ofTexts.ReadsTexts() }

// TakesTexts implements TextTaker.
func (m *mapper) TakesTexts() bool { return true }

// Infer implements Op.
func (m *mapper) Infer(in []Arg) ([]Out, error) {
	m.Op = m.ofInts
	if in[0].DType == graph.Text {
		m.Op = m.ofTexts
	}
	return m.Op.Infer(in)
}

// Work implements Worker.
func (m *mapper) Work() Work { return m.Op.(Worker).Work() }
