package compiler

import (
	"fmt"
	"maps"
	"math/bits"
	"slices"

	"github.com/zkml-go/zkml/compiler/graph"
	"github.com/zkml-go/zkml/compiler/op"
	"github.com/zkml-go/zkml/printable"
	"github.com/zkml-go/zkml/problem"
	"github.com/zkml-go/zkml/visibility"
)

// An input of texts is an input of integers: a table gives each text its number before the
// proof. The table has every text that a node knows which reads the input, whatever moves it
// before; inputs that are joined have one table.

// textTable is what the nodes know that read some inputs.
type textTable struct {
	op.Meaning
	at      map[string]bool
	readers int
}

// add takes the texts of one more node.
func (t *textTable) add(known []string, others bool) {
	t.Other = others && (t.Other || t.readers == 0)
	t.readers++
	for _, text := range known {
		if !t.at[text] {
			t.at[text] = true
			t.Texts = append(t.Texts, text)
		}
	}
}

// meaning is the table with a number for all other texts, where every node that reads them
// says what becomes of these.
func (t *textTable) meaning() op.Meaning {
	m := op.Meaning{Texts: t.Texts, Other: t.Other}
	if m.Other {
		m.Texts = append(slices.Clone(m.Texts), "")
	}
	return m
}

// textTables are the tables of the values that inputs of texts are moved to, by name, as far
// as they are needed; all where that is not said. A node that cannot be bound adds nothing:
// whoever binds it next says why.
func (m *Model) textTables(needed map[string]bool) map[string]*textTable {
	of := map[string]*textTable{}
	for _, in := range m.Inputs {
		if in.DType == graph.Text {
			of[in.Name] = &textTable{at: map[string]bool{}}
		}
	}
	if len(of) == 0 {
		return of
	}
	for _, n := range m.Graph.Nodes {
		made := func(o string) bool { return needed == nil || needed[o] }
		read := slices.DeleteFunc(slices.Clone(n.Inputs), func(in string) bool { return of[in] == nil })
		if len(read) == 0 || !slices.ContainsFunc(n.Outputs, made) {
			continue
		}
		o, err := op.Bind(n)
		if err != nil {
			continue
		}
		first := of[read[0]]
		if reader, ok := o.(op.TextReader); ok {
			first.add(reader.ReadsTexts())
			continue
		}
		for _, in := range read[1:] {
			join(of, first, of[in])
		}
		if op.TakesTexts(o) {
			for _, out := range n.Outputs {
				of[out] = first
			}
		}
	}
	return of
}

// join makes one table of two.
func join(of map[string]*textTable, one, other *textTable) {
	if one == other {
		return
	}
	if other.readers > 0 {
		readers := one.readers
		one.add(other.Texts, other.Other)
		one.readers = readers + other.readers
	}
	for _, name := range slices.Sorted(maps.Keys(of)) {
		if of[name] == other {
			of[name] = one
		}
	}
}

// tableTexts gives the inputs of texts their tables.
func (m *Model) tableTexts(needed map[string]bool) error {
	tables := m.textTables(needed)
	for k := range m.Inputs {
		in := &m.Inputs[k]
		if in.DType != graph.Text {
			continue
		}
		if err := m.refused(nil, m.tableText(in, tables[in.Name])); err != nil {
			return err
		}
	}
	return nil
}

// tableText gives an input of texts its table.
func (m *Model) tableText(in *Port, t *textTable) error {
	place := "input " + printable.Name(in.Name)
	err := visibility.CheckTexts(t.Texts)
	switch {
	case len(t.Texts) == 0:
		err = fmt.Errorf("%s: it is of type string, and no node says which texts it may be: a LabelEncoder, "+
			"OneHotEncoder or CategoryMapper that reads it would; encode texts before the model", place)
	case err != nil:
		err = fmt.Errorf("%s: %w", place, err)
	}
	if err != nil {
		delete(m.info, in.Name)
		return err
	}
	in.Meaning = t.meaning()
	info := m.info[in.Name]
	info.Meaning = in.Meaning
	m.info[in.Name] = info
	return nil
}

// textFormat is the format of the numbers that stand for the texts of an input.
func (p Port) textFormat() InputFormat {
	return InputFormat{Bits: max(1, bits.Len(uint(len(p.Texts)-1))), Scale: 1}
}

// InputTexts are what the integers of an input of texts stand for, and whether the next
// number stands for all other texts.
func (p Port) InputTexts() (texts []visibility.Text, others bool) {
	for k, text := range p.Listed() {
		texts = append(texts, visibility.Text{Number: int64(k), Text: text})
	}
	return texts, p.Other
}

// checkFormat refuses another format for an input of texts than that of their numbers.
func (p Port) checkFormat(f InputFormat) error {
	if want := p.textFormat(); p.DType != graph.Text || f.Bits == want.Bits && f.Zero == 0 && f.Scale == 1 {
		return nil
	}
	return &problem.Error{
		Code: problem.Conflict, Option: "${InputFormats}", Place: p.Name,
		Got: "the input is of texts, whose numbers have one format", Remedy: "leave it out",
	}
}
