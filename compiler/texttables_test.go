package compiler_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/zkml-go/zkml/compiler"
	"github.com/zkml-go/zkml/compiler/graph"
	"github.com/zkml-go/zkml/testkit/circuittest"
	"github.com/zkml-go/zkml/testkit/optest"
	"github.com/zkml-go/zkml/visibility"
)

// textInputs is a graph of inputs of texts, one of each size.
func textInputs(sizes ...int) *network {
	n := newNetwork(graph.Dim{Size: 1}, graph.Dim{Size: 1})
	n.Inputs = nil
	for k, size := range sizes {
		n.Inputs = append(n.Inputs, graph.Value{
			Name: string(rune('a' + k)), DType: graph.Text, Dims: []graph.Dim{{Size: 1}, {Size: size}},
		})
	}
	return n
}

// reader is a node of the classical domain that reads texts.
func (n *network) reader(op, out string, attrs map[string]any, in string) string {
	n.node(op, out, optest.Attrs(attrs), in)
	last := n.Nodes[len(n.Nodes)-1]
	last.Domain, last.Opset = "ai.onnx.ml", 2
	return out
}

func codes(texts ...string) map[string]any {
	values := make([]int, len(texts))
	for k := range values {
		values[k] = 10 - k*k
	}
	return map[string]any{"keys_strings": texts, "values_int64s": values}
}

// TestTextTables: an input has the texts of all nodes that read it, and shares them with the
// inputs that it is joined with.
func TestTextTables(t *testing.T) {
	others := func(a map[string]any) map[string]any {
		a["default_int64"] = -5
		return a
	}
	cases := []struct {
		name   string
		sizes  []int
		build  func(n *network)
		want   []string // by input, texts and "*" for others
		bits   []int
		output string
	}{
		{"one reader", []int{1}, func(n *network) { n.reader("LabelEncoder", "y", codes("r", "s", "t"), "a") },
			[]string{"r s t"}, []int{2}, "y"},
		{"others", []int{1}, func(n *network) {
			n.reader("LabelEncoder", "y", others(codes("r", "s", "t", "u")), "a")
		}, []string{"r s t u *"}, []int{3}, "y"},
		{"two readers", []int{2}, func(n *network) {
			n.reader("LabelEncoder", "p", codes("r", "s"), "a")
			n.reader("LabelEncoder", "q", others(codes("s", "t")), "a")
			n.node("Add", "y", nil, "p", "q")
		}, []string{"r s t"}, []int{2}, "y"},
		{"joined", []int{1, 2, 1}, func(n *network) {
			n.reader("LabelEncoder", "p", others(codes("r")), "a")
			n.node("Concat", "ab", optest.Attrs(map[string]any{"axis": 1}), "a", "b")
			n.reader("LabelEncoder", "q", others(codes("s", "t")), "ab")
			n.reader("LabelEncoder", "u", codes("x", "y"), "c")
			n.node("Add", "pu", nil, "p", "u")
			n.node("Add", "y", nil, "pu", "q")
		}, []string{"r s t *", "r s t *", "x y"}, []int{2, 2, 1}, "y"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			n := textInputs(c.sizes...)
			c.build(n)
			r := mustCompile(t, n.outputs(c.output), compiler.Options{Reveal: visibility.Scores})
			for k, in := range r.Statement.Layout.Inputs() {
				got := strings.Join(in.Labels(), " ")
				if in.Others {
					got += " *"
				}
				if got != c.want[k] || in.Bits != c.bits[k] || in.Zero != 0 || in.Type != visibility.Integer {
					t.Errorf("%s has %q in %+v, want %q in %d bits", in.Name, got, in.Tensor, c.want[k], c.bits[k])
				}
			}
		})
	}
}

// TestTextsProved: a text becomes what the model gives it, the number for others what it gives
// all others, and a number beyond the table counts as its last one.
func TestTextsProved(t *testing.T) {
	n := textInputs(1)
	attrs := codes("r", "s", "t", "u")
	attrs["default_int64"] = -5
	g := n.outputs(n.reader("LabelEncoder", "y", attrs, "a"))
	r := mustCompile(t, g, compiler.Options{Reveal: visibility.Scores, Private: visibility.Private{Input: true}})
	test := circuittest.Compile(t, r.Statement)
	for number, want := range []int64{10, 9, 6, 1, -5, -5, -5, -5} {
		input := []int64{int64(number)}
		if got := r.Program.Eval(input); got[0][0] != want {
			t.Errorf("%d becomes %d, want %d", number, got[0][0], want)
		}
		test.Accepts(input, []int64{want})
		if err := test.Solve(input, []int64{want + 1}); err == nil {
			t.Errorf("%d is admitted for %d", want+1, number)
		}
	}
	if y, err := r.Model.Run(compiler.Sample{{7}}); err != nil || !slices.Equal(y[0], []float64{-5}) {
		t.Errorf("the float model gives %v, %v", y, err)
	}
}

// TestTextsRefused: inputs whose texts nobody knows, or cannot be shown, and what is not for
// texts.
func TestTextsRefused(t *testing.T) {
	cases := []struct {
		name  string
		build func(n *network)
		want  string
	}{
		{"no reader", func(n *network) { n.node("Identity", "y", nil, "a") },
			"input a: it is of type string, and no node says which texts it may be"},
		{"control", func(n *network) { n.reader("LabelEncoder", "y", codes("r", "\x1b[2J"), "a") },
			"input a: \"\\x1b[2J\" holds the character U+001B"},
		{"a sum", func(n *network) {
			n.reader("LabelEncoder", "p", codes("r", "s"), "a")
			n.node("Relu", "q", nil, "a")
			n.node("Add", "y", nil, "p", "q")
		}, "q (Relu): input 0 is text, of which this operator computes nothing"},
		{"labels among categories", func(n *network) {
			n.reader("LabelEncoder", "p", codes("r", "s"), "a")
			to := codes("r", "v")
			n.reader("LabelEncoder", "named", map[string]any{
				"keys_int64s": to["values_int64s"], "values_strings": to["keys_strings"]}, "p")
			n.node("Concat", "y", optest.Attrs(map[string]any{"axis": 1}), "a", "named")
		}, "joins texts of one list with those of another"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			n := textInputs(1)
			c.build(n)
			_, err := compiler.Compile(n.outputs("y"), compiler.Options{Reveal: visibility.Scores})
			refused(t, err, c.want)
		})
	}
	n := textInputs(1)
	g := n.outputs(n.reader("LabelEncoder", "y", codes("r", "s"), "a"))
	_, err := compiler.Compile(g, compiler.Options{Reveal: visibility.Scores, Inputs: map[string]compiler.InputFormat{
		"a": {Bits: 4, Scale: 1},
	}})
	refused(t, err, "the input is of texts, whose numbers have one format")
}
