package compiler

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/zkml-go/zkml/compiler/op"
	"github.com/zkml-go/zkml/printable"
	"github.com/zkml-go/zkml/tensor"
)

// features tell where the elements of values come from.
type features struct {
	m      *Model
	inputs map[string]bool // of the graph
	// of has, by value, a number for each element: that of a feature, where it is one.
	of      map[string]*tensor.Float
	after   map[string][]string // the operators that changed the features on the way to a value
	origins []origin
	given   []string            // the file's feature_names
	keys    map[string][]string // of inputs that are maps
	next    int                 // the number of the next feature, above firstFeature
}

// origin are features with one name for all.
type origin struct {
	first, count int
	name         func(i int) string
}

const (
	// firstFeature numbers features beyond what weights and indices are: a smaller number is
	// none.
	firstFeature = 1 << 52
	// mostFeatures bounds the elements whose way is followed: a value beyond has its own name.
	mostFeatures = 1 << 21
	// mostAfter is how many operators After lists.
	mostAfter = 8
)

// movers copy elements to other places, and keepers change each by itself.
var (
	movers = []string{"Identity", "Dropout", "Reshape", "Flatten", "Squeeze", "Unsqueeze", "Concat", "Split", "Gather",
		"Slice", "Transpose", "FeatureVectorizer", "ArrayFeatureExtractor", "DictVectorizer", "CastMap"}
	keepers = []string{"Cast", "CastLike", "Scaler", "Imputer", "Binarizer", "Add", "Sub", "Mul", "Div", "Pow", "Clip",
		"Abs", "Neg", "Sqrt", "Exp", "Log", "Relu", "Sigmoid", "Tanh", "BatchNormalization", "LabelEncoder"}
)

// trace follows the inputs' elements through the nodes that move them, as far as some part is
// behind.
func (m *Model) trace(c *Contents) *features {
	f := &features{m: m, inputs: map[string]bool{}, of: map[string]*tensor.Float{}, after: map[string][]string{}}
	f.given, c.Notes = m.featureNames()
	f.keys = map[string][]string{}
	for _, in := range m.Graph.Inputs {
		f.inputs[in.Name], f.keys[in.Name] = true, in.Keys
	}
	parts := shown
	if m.countLayers() == 1 {
		parts = slices.Concat(shown, layers)
	}
	wanted := map[string]bool{}
	for _, n := range slices.Backward(m.Graph.Nodes) {
		follows := slices.ContainsFunc(n.Outputs, func(o string) bool { return wanted[o] }) &&
			(slices.Contains(movers, n.Op) || slices.Contains(keepers, n.Op) || n.Op == "OneHotEncoder")
		if follows || slices.Contains(parts, n.Op) {
			for _, in := range n.Inputs {
				wanted[in] = true
			}
		}
	}
	for i := range m.nodes {
		b := &m.nodes[i]
		if !slices.ContainsFunc(b.node.Outputs, func(o string) bool { return o != "" && wanted[o] }) {
			continue
		}
		switch {
		case slices.Contains(movers, b.node.Op):
			f.move(b)
		case slices.Contains(keepers, b.node.Op):
			f.keep(b)
		case b.node.Op == "OneHotEncoder":
			f.spread(b)
		}
	}
	return f
}

// featureNames reads the names that the file's metadata give the elements of its only input: a
// list in JSON, or names between commas.
func (m *Model) featureNames() (names, notes []string) {
	text, ok := m.Graph.Metadata["feature_names"]
	if !ok {
		return nil, nil
	}
	if json.Unmarshal([]byte(text), &names) != nil {
		names = strings.Split(text, ",")
	}
	for i := range names {
		names[i] = strings.TrimSpace(names[i])
		if err := printable.Check(names[i]); err != nil {
			return nil, []string{fmt.Sprintf("metadata feature_names are not used: %v", err)}
		}
	}
	if len(m.Graph.Inputs) != 1 {
		return nil, []string{fmt.Sprintf("metadata feature_names are not used: the model has %d inputs, "+
			"and they are of one", len(m.Graph.Inputs))}
	}
	in := m.Graph.Inputs[0].Name
	if size := tensor.Size(m.info[in].Shape); size != len(names) {
		return nil, []string{fmt.Sprintf("metadata feature_names are not used: they are %d, and input %s has %d "+
			"elements", len(names), printable.Name(in), size)}
	}
	return names, nil
}

// elements are the numbers of a value's elements; nil where they are not known.
func (f *features) elements(value string) *tensor.Float {
	if t := f.of[value]; t != nil {
		return t
	}
	info, ok := f.m.info[value]
	if !ok || f.m.known[value] != nil {
		return nil
	}
	return f.introduce(value, info.Shape, func(i int) string { return f.own(value, i) })
}

// introduce gives a value elements of its own.
func (f *features) introduce(value string, shape []int, name func(int) string) *tensor.Float {
	count := tensor.Size(shape)
	if f.next+count > mostFeatures {
		return nil
	}
	t := tensor.New[float64](shape...)
	for i := range t.Data {
		t.Data[i] = firstFeature + float64(f.next+i)
	}
	f.origins = append(f.origins, origin{f.next, count, name})
	f.next += count
	f.of[value] = t
	return t
}

// own names an element by its value.
func (f *features) own(value string, i int) string {
	if info, ok := f.m.info[value]; ok && f.inputs[value] {
		switch size := tensor.Size(info.Shape); {
		case i < size && len(f.keys[value]) == size:
			return f.keys[value][i]
		case i < size && len(f.given) == size:
			return f.given[i]
		case size == 1:
			return value
		}
	}
	return fmt.Sprintf("%s[%d]", value, i)
}

// name names a column of a value.
func (f *features) name(value string, column int) string {
	t := f.elements(value)
	if t == nil || column >= len(t.Data) {
		return f.own(value, column)
	}
	return f.named(t.Data[column], value, column)
}

// named names an element by its number, or else by its place.
func (f *features) named(number float64, value string, place int) string {
	k := int(number - firstFeature)
	at, _ := slices.BinarySearchFunc(f.origins, k, func(o origin, k int) int {
		switch {
		case o.first+o.count <= k:
			return -1
		case o.first > k:
			return 1
		}
		return 0
	})
	if at == len(f.origins) || k < f.origins[at].first {
		return fmt.Sprintf("%s[%d]", value, place)
	}
	return f.origins[at].name(k - f.origins[at].first)
}

// arguments are the numbers of what a node reads, with its constants; nil where something is
// not known.
func (f *features) arguments(b *boundNode) []*tensor.Float {
	in := make([]*tensor.Float, len(b.args))
	for i, name := range b.node.Inputs {
		switch {
		case name == "":
		case f.m.known[name] != nil:
			in[i] = f.m.known[name]
			if slices.ContainsFunc(in[i].Data, func(v float64) bool { return v >= firstFeature }) {
				return nil // one would pass for a feature
			}
		default:
			if in[i] = f.elements(name); in[i] == nil {
				return nil
			}
		}
	}
	return in
}

// passed lists the operators on the way to a node.
func (f *features) passed(b *boundNode) []string {
	var out []string
	for _, name := range b.node.Inputs {
		for _, o := range f.after[name] {
			if !slices.Contains(out, o) {
				out = append(out, o)
			}
		}
	}
	return out
}

// move computes where a node that moves elements puts them.
func (f *features) move(b *boundNode) {
	in := f.arguments(b)
	if in == nil {
		return
	}
	outs, err := b.op.Float(in)
	if err != nil {
		return
	}
	for k, name := range b.node.Outputs {
		if name == "" || k >= len(outs) || outs[k] == nil || f.next+len(outs[k].Data) > mostFeatures {
			continue
		}
		f.next += len(outs[k].Data)
		f.of[name], f.after[name] = outs[k], f.passed(b)
	}
}

// keep takes the elements of a node that changes each of a single variable by itself.
func (f *features) keep(b *boundNode) {
	var from string
	for _, name := range b.node.Inputs {
		if name == "" || f.m.known[name] != nil {
			continue
		}
		if from != "" {
			return
		}
		from = name
	}
	name := b.node.Outputs[0]
	t := f.elements(from)
	if t == nil || !slices.Equal(t.Shape, f.m.info[name].Shape) {
		return
	}
	f.of[name], f.after[name] = t, f.passed(b)
	if !strings.HasPrefix(b.node.Op, "Cast") && !slices.Contains(f.after[name], b.node.Op) &&
		len(f.after[name]) < mostAfter {
		f.after[name] = append(f.after[name], b.node.Op)
	}
}

// spread names the columns of categories.
func (f *features) spread(b *boundNode) {
	from, to := b.node.Inputs[0], b.node.Outputs[0]
	t, categories := f.elements(from), op.Categories(b.node)
	if t == nil || len(categories) == 0 || tensor.Size(f.m.info[to].Shape) != len(t.Data)*len(categories) {
		return
	}
	f.introduce(to, f.m.info[to].Shape, func(i int) string {
		k := i / len(categories)
		return f.named(t.Data[k], from, k) + "=" + categories[i%len(categories)]
	})
	f.after[to] = f.passed(b)
}
