package op

import (
	"errors"
	"fmt"
	"math"
	"sort"

	"github.com/zkml-go/zkml/compiler/graph"
)

func init() {
	register(Spec{
		Name: "LabelEncoder", Domain: mlDomain, Since: []int{1, 2, 4}, Tolerance: 1,
		Note: "numbers to numbers; of real inputs, keys that the input's format holds",
		New:  takes(1, 1, newLabelEncoder),
	})
}

// errTexts is why a map from or to text is refused.
var errTexts = errors.New("it maps from or to text, of which nothing is computed; " +
	"encode text before the model, and prove another output where it gives text")

// newLabelEncoder binds the operator that gives keys values, and all else a default.
func newLabelEncoder(n *graph.Node) (Op, error) {
	if _, ok := n.Attrs["classes_strings"]; ok {
		return nil, errTexts
	}
	keys, err := listOf(n, "keys")
	if err != nil {
		return nil, err
	}
	values, err := listOf(n, "values")
	if err != nil {
		return nil, err
	}
	if len(keys.numbers) != len(values.numbers) {
		return nil, fmt.Errorf("%d keys and %d values; there must be as many", len(keys.numbers), len(values.numbers))
	}
	missing, err := missingOf(n, values)
	if err != nil {
		return nil, err
	}
	sort.Sort(pairs{keys.numbers, values.numbers}) // so that what is added up are values
	s := newStairs(missing)
	for k, key := range keys.numbers {
		if k > 0 && key == keys.numbers[k-1] {
			return nil, fmt.Errorf("the key %g is listed twice", key)
		}
		to := place{at: key}
		if keys.whole {
			to = place{key + 1, true}
		}
		s.jump(0, place{key, true}, values.numbers[k]-missing)
		s.jump(0, to, missing-values.numbers[k])
	}
	return &encoder{stairs: s, keys: keys.dtype, dtype: values.dtype}, nil
}

// list is an attribute's numbers.
type list struct {
	numbers []float64
	dtype   graph.DType
	whole   bool
}

// listOf reads the list called what in the form that a node has it.
func listOf(n *graph.Node, what string) (list, error) {
	l := list{dtype: graph.Float32}
	switch t := n.Attrs[what+"_tensor"]; {
	case len(n.Attrs[what+"_strings"].Strings) > 0 || t.Strings != nil:
		return l, errTexts
	case t.Tensor != nil:
		l.numbers, l.dtype = append(l.numbers, t.Tensor.Data...), t.Tensor.DType
	case len(n.Attrs[what+"_floats"].Floats) > 0:
		l.numbers = append(l.numbers, n.Attrs[what+"_floats"].Floats...)
	default:
		l.dtype = graph.Int64
		for _, v := range n.Attrs[what+"_int64s"].Ints {
			l.numbers = append(l.numbers, float64(v))
		}
	}
	l.whole = integerType(l.dtype) != ""
	if len(l.numbers) == 0 {
		return l, fmt.Errorf("no attribute %s_int64s, %s_floats or %s_tensor lists numbers", what, what, what)
	}
	return l, l.check()
}

// check refuses integers that are too large to be told apart.
func (l list) check() error {
	for _, v := range l.numbers {
		if notFinite(v) || l.whole && math.Abs(v) > largestLabel {
			return fmt.Errorf("%g is not finite, or an integer beyond 2^52, the largest that is supported", v)
		}
	}
	return nil
}

// missingOf is the value of what is no key.
func missingOf(n *graph.Node, values list) (float64, error) {
	of := list{whole: values.whole, dtype: values.dtype}
	if t := n.Attrs["default_tensor"].Tensor; t != nil {
		if of.numbers = t.Data; len(t.Data) != 1 {
			return 0, fmt.Errorf("attribute default_tensor has %d elements, but must have one", len(t.Data))
		}
	} else if values.whole {
		of.numbers = []float64{float64(n.Int("default_int64", -1))}
	} else {
		of.numbers = []float64{n.Float("default_float", 0)}
	}
	return of.numbers[0], of.check()
}

// pairs sorts keys, and values with them.
type pairs struct{ keys, values []float64 }

func (p pairs) Len() int           { return len(p.keys) }
func (p pairs) Less(i, j int) bool { return p.keys[i] < p.keys[j] }
func (p pairs) Swap(i, j int) {
	p.keys[i], p.keys[j] = p.keys[j], p.keys[i]
	p.values[i], p.values[j] = p.values[j], p.values[i]
}
