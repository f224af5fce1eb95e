package op

import (
	"fmt"
	"math"
	"slices"
	"sort"

	"github.com/zkml-go/zkml/budget"
	"github.com/zkml-go/zkml/compiler/graph"
)

func init() {
	register(
		Spec{
			Name: "LabelEncoder", Domain: mlDomain, Since: []int{1, 2, 4}, Tolerance: 1,
			Note: "numbers and texts to numbers and texts; of real inputs, keys that the input's format holds",
			New:  takes(1, 1, newLabelEncoder),
		},
		Spec{
			Name: "CategoryMapper", Domain: mlDomain, Since: []int{1}, Tolerance: 1, Note: "both ways",
			New: takes(1, 1, newCategoryMapper),
		},
	)
}

// newLabelEncoder binds the operator that gives keys values, and all else a default.
func newLabelEncoder(n *graph.Node) (Op, error) {
	if classes := n.Attrs["classes_strings"].Strings; classes != nil {
		return newMapper(n, classes, nil)
	}
	keys, err := listOf(n, "keys")
	if err != nil {
		return nil, err
	}
	values, err := listOf(n, "values")
	if err != nil {
		return nil, err
	}
	return mapped(n, keys, values)
}

// mapped binds the node that gives keys values.
func mapped(n *graph.Node, keys, values list) (Op, error) {
	if keys.count() != values.count() {
		return nil, fmt.Errorf("%d keys and %d values; there must be as many", keys.count(), values.count())
	}
	missing, err := missingOf(n, &values)
	if err != nil {
		return nil, err
	}
	for k, number := range keys.numbers {
		if keys.dtype == graph.Text && number != float64(k) {
			return nil, errTwice(keys.texts[int(number)])
		}
	}
	if keys.dtype == graph.Text {
		e := &textEncoder{
			keys: keys.texts, values: values.numbers, missing: missing, others: hasDefault(n), dtype: values.dtype,
			texts: values.texts,
		}
		return e, e.check()
	}
	keys.numbers, values.numbers = slices.Clone(keys.numbers), slices.Clone(values.numbers)
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
	return &encoder{stairs: s, keys: keys.dtype, dtype: values.dtype, texts: values.texts}, nil
}

// hasDefault tells whether a node says what becomes of what is no key.
func hasDefault(n *graph.Node) bool {
	for _, name := range []string{"default_int64", "default_float", "default_string", "default_tensor"} {
		if _, ok := n.Attrs[name]; ok {
			return true
		}
	}
	return false
}

// list is an attribute's numbers. Of texts they are positions in texts, each of which is
// there once.
type list struct {
	numbers []float64
	dtype   graph.DType
	whole   bool
	texts   []string
	at      map[string]int
}

// textList numbers texts.
func textList(texts []string) list {
	l := list{dtype: graph.Text, whole: true, at: map[string]int{}}
	for _, text := range texts {
		l.numbers = append(l.numbers, l.number(text))
	}
	return l
}

// number is the position of a text, which is added where it is not there.
func (l *list) number(text string) float64 {
	k, ok := l.at[text]
	if !ok {
		k = len(l.texts)
		l.texts, l.at[text] = append(l.texts, text), k
	}
	return float64(k)
}

// count is how many entries there are.
func (l list) count() int { return len(l.numbers) }

// listOf reads the list called what in the form that a node has it.
func listOf(n *graph.Node, what string) (list, error) {
	l := list{dtype: graph.Float32}
	texts := slices.Concat(n.Attrs[what+"_strings"].Strings, n.Attrs[what+"_tensor"].Strings)
	switch t := n.Attrs[what+"_tensor"].Tensor; {
	case len(texts) > 0:
		if err := budget.Texts.Check("", int64(len(texts))); err != nil {
			return l, err
		}
		return textList(texts), nil
	case t != nil:
		l.numbers, l.dtype = append(l.numbers, t.Data...), t.DType
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
		return l, fmt.Errorf("no attribute %s_int64s, %s_floats, %s_strings or %s_tensor lists anything", what, what,
			what, what)
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
func missingOf(n *graph.Node, values *list) (float64, error) {
	a := n.Attrs["default_tensor"]
	if values.dtype == graph.Text {
		text := n.String("default_string", "_Unused")
		if len(a.Strings) == 1 {
			text = a.Strings[0]
		}
		return values.number(text), nil
	}
	of := list{whole: values.whole, dtype: values.dtype}
	switch {
	case a.Tensor != nil:
		if of.numbers = a.Tensor.Data; len(of.numbers) != 1 {
			return 0, fmt.Errorf("attribute default_tensor has %d elements, but must have one", len(of.numbers))
		}
	case values.whole:
		of.numbers = []float64{float64(n.Int("default_int64", -1))}
	default:
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
