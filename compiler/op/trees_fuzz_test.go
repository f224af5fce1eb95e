package op_test

import (
	"encoding/binary"
	"maps"
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/zkml-go/zkml/compiler/graph"
	"github.com/zkml-go/zkml/tensor"
	. "github.com/zkml-go/zkml/testkit/optest"
)

// regressorOf is the stump as a TreeEnsembleRegressor has it.
func regressorOf() Case {
	c := stumpOf(nil)
	attrs := map[string]graph.Attr{"n_targets": {Int: 1}}
	for name, a := range c.Attrs {
		if strings.HasPrefix(name, "nodes_") {
			attrs[name] = a
		} else if rest, ok := strings.CutPrefix(name, "class_"); ok {
			attrs["target_"+rest] = a
		}
	}
	return Case{Op: "TreeEnsembleRegressor", Domain: c.Domain, Opset: 3, Attrs: attrs, In: c.In}
}

// fuzzed are the ensembles that FuzzTrees damages.
func fuzzed() []Case {
	return []Case{
		indexedOf(nil), indexedOf(members(1, 2)), chainOf(nil), stumpOf(nil), regressorOf(),
		several(3, []int{0, 1, 2, 0, 1, 2}, []int{1, 1, 1, 2, 2, 2}, nil),
	}
}

// edit changes, by four bytes, an entry of an attribute: which one, where, how and to what.
func edit(attrs map[string]graph.Attr, b []byte) {
	names := slices.Sorted(maps.Keys(attrs))
	name := names[int(b[0])%len(names)]
	a := attrs[name]
	a.Ints, a.Floats, a.Strings = slices.Clone(a.Ints), slices.Clone(a.Floats), slices.Clone(a.Strings)
	value, reals := int64(int8(b[3])), a.Floats
	if a.Tensor != nil {
		t := a.Tensor.Clone()
		a.Tensor, reals = &graph.Const{DType: a.Tensor.DType, Float: t}, t.Data
	}
	switch at := int(b[1]); {
	case b[2]%8 == 7: // one entry less
		a.Ints, a.Strings = a.Ints[:max(len(a.Ints)-1, 0)], a.Strings[:max(len(a.Strings)-1, 0)]
		a.Floats = a.Floats[:max(len(a.Floats)-1, 0)]
		if a.Tensor != nil && len(reals) > 0 {
			a.Tensor.Float = tensor.Of(reals[:len(reals)-1], len(reals)-1)
		}
	case len(a.Ints) > 0:
		if a.Ints[at%len(a.Ints)] = value; b[2]%8 == 6 {
			a.Ints[at%len(a.Ints)] = math.MaxInt64 - value
		}
	case len(reals) > 0:
		reals[at%len(reals)] = []float64{float64(value), nan, inf, -inf, 0.5, 1e300, 1e-45}[b[2]%7]
	case len(a.Strings) > 0:
		words := []string{"LEAF", "BRANCH_LEQ", "BRANCH_LT", "BRANCH_GTE", "BRANCH_GT", "BRANCH_EQ", "BRANCH_NEQ", ""}
		a.Strings[at%len(a.Strings)] = words[b[3]%8]
	default:
		a.Int = value
	}
	attrs[name] = a
}

// FuzzTrees damages ensembles of all three operators: an error names the node, nothing panics,
// and what is accepted computes the same as a float model and as lowered steps.
func FuzzTrees(f *testing.F) {
	for which := range byte(len(fuzzed())) {
		for name := range byte(14) {
			f.Add([]byte{which, name, 0, 0, 1})
			f.Add([]byte{which, name, 1, 1, 0, name, 0, 7, 0})
			f.Add(binary.BigEndian.AppendUint64([]byte{which, name, 1, 6, 200}, uint64(name)<<56))
		}
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		if len(data) == 0 {
			return
		}
		cases := fuzzed()
		c := cases[int(data[0])%len(cases)]
		c.Attrs = maps.Clone(c.Attrs)
		for edits := range slices.Chunk(data[1:min(len(data), 65)], 4) {
			if len(edits) == 4 {
				edit(c.Attrs, edits)
			}
		}
		if n := c.Attrs["n_targets"].Int; n < 0 || n > 9 { // what a model's budget refuses
			return
		}
		if _, err := c.Program(); err != nil {
			if !strings.HasPrefix(err.Error(), "subject ("+c.Op+"): ") {
				t.Errorf("%v does not name the node first", err)
			}
			return
		}
		if err := c.Consistent(); err != nil {
			t.Errorf("%v\n%s", err, c.Graph().Text())
		}
	})
}
