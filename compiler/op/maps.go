package op

import (
	"fmt"
	"strconv"

	"github.com/zkml-go/zkml/compiler/graph"
)

func init() {
	register(
		Spec{
			Name: "DictVectorizer", Domain: mlDomain, Since: []int{1},
			Note: "its input is a map to numbers, read as the row of these in the order of the vocabulary; a key " +
				"that is absent has 0",
			New: takes(1, 1, newDictVectorizer),
		},
		Spec{
			Name: "CastMap", Domain: mlDomain, Since: []int{1},
			Note: "its input is a map from integers to numbers, read as the row of these in the order of the keys, " +
				"which are 0 to max_map - 1 in the form SPARSE; casts to float and to int64",
			New: takes(1, 1, newCastMap),
		},
	)
}

// MapReader is an Op that reads a map, as the row of the map's values.
type MapReader interface {
	// ReadsMap says what the keys are, in the order of the row, and of which type. They are nil
	// where the file does not say how many there are.
	ReadsMap() (keys []string, of graph.DType)
}

// mapRow is an operator whose input is a map.
type mapRow struct {
	Op
	keys []string
	of   graph.DType
	// floats says that its values are floats, or else numbers of any type.
	floats bool
}

// ReadsMap implements MapReader.
func (m *mapRow) ReadsMap() ([]string, graph.DType) { return m.keys, m.of }

// Infer implements Op.
func (m *mapRow) Infer(in []Arg) ([]Out, error) {
	switch of := in[0].DType; {
	case !of.IsNumber() || of == graph.Bool:
		return nil, fmt.Errorf("the values of the map are of type %s; supported are numbers", of)
	case m.floats && of != graph.Float32:
		return nil, fmt.Errorf("the values of the map are of type %s; supported is float", of)
	}
	shape := in[0].Shape
	if len(shape) != 2 || shape[0] != 1 || m.keys != nil && shape[1] != len(m.keys) {
		return nil, fmt.Errorf("the map is read as a tensor of shape %v, and its keys make [1 %d]", shape, len(m.keys))
	}
	return m.Op.Infer(in)
}

// newDictVectorizer binds the operator that puts the values of a map in the order of a vocabulary.
func newDictVectorizer(n *graph.Node) (Op, error) {
	keys, of := n.Attrs["string_vocabulary"].Strings, graph.Text
	numbers := n.Attrs["int64_vocabulary"].Ints
	if len(numbers) > 0 == (len(keys) > 0) {
		return nil, fmt.Errorf("one of the attributes string_vocabulary and int64_vocabulary must list the keys")
	}
	if len(numbers) > 0 {
		of, keys = graph.Int64, make([]string, len(numbers))
		for i, k := range numbers {
			keys[i] = strconv.FormatInt(k, 10)
		}
	}
	if err := checkSize([]int{1, len(keys)}); err != nil {
		return nil, err
	}
	seen := map[string]bool{}
	for _, k := range keys {
		if seen[k] {
			return nil, fmt.Errorf("the vocabulary lists a key twice; export the model again")
		}
		seen[k] = true
	}
	return &mapRow{Op: sameRow(), keys: keys, of: of}, nil
}

// sameRow is an operator that changes nothing.
func sameRow() Op {
	return &movement{plan: func(in []Arg) ([]moved, error) { return reshaped(in, in[0].Shape), nil }}
}

// newCastMap binds the operator that makes a row of the values of a map with integers as keys.
func newCastMap(n *graph.Node) (Op, error) {
	m := &mapRow{of: graph.Int64, floats: true}
	switch form := n.String("map_form", "DENSE"); form {
	case "DENSE":
	case "SPARSE":
		size := n.Int("max_map", 1)
		if size < 1 {
			return nil, fmt.Errorf("attribute max_map is %d; at least 1 is needed", size)
		}
		if err := checkSize([]int{1, size}); err != nil {
			return nil, err
		}
		for k := range size {
			m.keys = append(m.keys, strconv.Itoa(k))
		}
	default:
		return nil, fmt.Errorf("attribute map_form is %q; supported are DENSE and SPARSE", form)
	}
	switch to := n.String("cast_to", "TO_FLOAT"); to {
	case "TO_FLOAT":
		m.Op = sameRow()
	case "TO_INT64":
		m.Op = &cast{to: graph.Int64}
	default:
		return nil, fmt.Errorf("attribute cast_to is %q; supported are TO_FLOAT and TO_INT64", to)
	}
	return m, nil
}
