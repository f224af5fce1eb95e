package onnx

import (
	"math"
	"runtime"
	"strings"
	"testing"

	"github.com/zkml-go/zkml/compiler/graph"
)

// mlp is a graph with what exporters write: an initialiser that is also an
// input, an absent optional input, attributes of every plain kind, an unnamed
// node and a Constant.
var mlp = aModel(
	msg{}.str(2, "net"),
	input(aValue("x", -1, 2)), input(aValue("w", 2, 1)), output(aValue("y", -1, 1)),
	weights("w", []int64{2, 1}, 0.5, -2),
	aNode("dense", "Gemm", list("x", "w"), list("h"),
		anAttr("alpha", 1, msg{}.fixed32(2, 1.5)), anAttr("transB", 2, msg{}.num(3, 1)),
		anAttr("note", 3, msg{}.str(4, "hi")), anAttr("some", 7, msg{}.packed(8, 1, -2)),
		anAttr("few", 6, msg{}.str(7, float32s(0.25))), anAttr("words", 8, msg{}.str(9, "a").str(9, "b")),
		anAttr("none", 7, nil)),
	aNode("", "Constant", nil, list("top"), anAttr("value", 4, msg{}.sub(5, aTensor("", 7).packed(7, 6)))),
	aNode("", "Clip", list("h", "", "top"), list("y")),
)

const mlpText = `input x float[? 2]
const w float[2 1]
h = Gemm(x, w) alpha=1.5 few=[0.25] none=[] note=hi some=[1 -2] transB=1 words=[a b]
top = Constant() value=int64[]
y = Clip(h, , top)
output y
`

func TestDecode(t *testing.T) {
	g := decoded(t, mlp)
	if got := g.Text(); got != mlpText {
		t.Errorf("got\n%swant\n%s", got, mlpText)
	}
	if g.Name != "net" || g.Nodes[1].Name != "Constant_1" || g.Nodes[2].Name != "Clip_2" || g.Nodes[0].Opset != 13 {
		t.Errorf("names or opset: %q %+v", g.Name, g.Nodes)
	}
	if w := g.Consts["w"]; w.Data[0] != 0.5 || w.Data[1] != -2 {
		t.Errorf("weights are %v", w.Data)
	}
	if v := g.Nodes[1].Attrs["value"].Tensor; v.Data[0] != 6 || v.Rank() != 0 {
		t.Errorf("constant is %v", v)
	}
}

func decoded(t *testing.T, m msg) *graph.Graph {
	t.Helper()
	g, err := Decode(m)
	if err != nil {
		t.Fatal(err)
	}
	return g
}

func TestSort(t *testing.T) {
	g := decoded(t, aModel(input(aValue("x")), output(aValue("y")),
		aNode("c", "Add", list("a", "b"), list("y")),
		aNode("b", "Relu", list("a"), list("b")),
		aNode("a", "Relu", list("x"), list("a")),
		aNode("d", "Mul", list("y", "y"), list("", "z"))))
	var got []string
	for _, n := range g.Nodes {
		got = append(got, n.Name)
	}
	if strings.Join(got, "") != "abcd" {
		t.Errorf("order %v", got)
	}
	if d := g.Nodes[3]; strings.Join(d.Inputs, ",") != "y,y" || strings.Join(d.Outputs, ",") != ",z" {
		t.Errorf("edges of d: %v %v", d.Inputs, d.Outputs)
	}
}

func TestUniqueNames(t *testing.T) {
	g := decoded(t, aModel(input(aValue("x")), output(aValue("d")),
		aNode("n", "Relu", list("x"), list("a")),
		aNode("n", "Relu", list("a"), list("b")),
		aNode("n_2", "Relu", list("b"), list("c")),
		aNode("n", "Relu", list("c"), list("d"))))
	var got []string
	for _, n := range g.Nodes {
		got = append(got, n.Name)
	}
	if s := strings.Join(got, " "); s != "n n_3 n_2 n_4" {
		t.Errorf("names %s", s)
	}
}

func TestValues(t *testing.T) {
	tensor := func(element int64, shape msg) msg { return msg{}.sub(1, msg{}.num(1, element).sub(2, shape)) }
	rows := []struct {
		name string
		kind msg
		text string
	}{
		{"named", tensor(1, msg{}.sub(1, msg{}.str(2, "batch")).sub(1, msg{}.num(1, 3))), "float[batch 3]"},
		{"unnamed", tensor(10, msg{}.sub(1, msg{})), "float16[?]"},
		{"negative", tensor(9, msg{}.sub(1, msg{}.num(1, -1))), "bool[?]"},
		{"zero", tensor(7, msg{}.sub(1, msg{}.num(1, 0))), "int64[0]"},
		{"scalar", tensor(16, msg{}), "bfloat16[]"},
		{"open rank", msg{}.sub(1, msg{}.num(1, 1)), "float[...]"},
	}
	for _, r := range rows {
		t.Run(r.name, func(t *testing.T) {
			g := decoded(t, aModel(input(typed("x", r.kind)), output(typed("y", r.kind)),
				aNode("", "Relu", list("x"), list("y"))))
			if !strings.HasPrefix(g.Text(), "input x "+r.text+"\n") || len(g.Outputs[0].Dims) != len(g.Inputs[0].Dims) {
				t.Errorf("got %s", g.Text())
			}
		})
	}
}

// TestOutputKinds keeps the outputs that skl2onnx writes beside the tensors.
func TestOutputKinds(t *testing.T) {
	rows := map[string]msg{
		"sequence": msg{}.sub(4, nil), "map": msg{}.sub(5, nil), string(graph.Maps): maps(int64Type, floatType),
		"string": msg{}.sub(1, msg{}.num(1, stringType)), "": nil,
	}
	for kind, pb := range rows {
		g := decoded(t, aModel(input(aValue("x")), output(typed("y", pb)), aNode("", "ZipMap", list("x"), list("y"))))
		if got := string(g.Outputs[0].DType); got != kind {
			t.Errorf("got %q, want %q", got, kind)
		}
	}
}

// TestMapInputs reads the type of a map: a row of numbers, and what the keys are.
func TestMapInputs(t *testing.T) {
	kind := func(key, of int64) msg { return msg{}.sub(5, msg{}.num(1, key).sub(2, msg{}.sub(1, msg{}.num(1, of)))) }
	for _, r := range []struct {
		pb  msg
		key graph.DType
		of  graph.DType
	}{
		{kind(stringType, floatType), graph.Text, graph.Float32},
		{kind(int64Type, int64Type), graph.Int64, graph.Int64},
	} {
		in := decoded(t, aModel(input(typed("x", r.pb)), output(aValue("y")),
			aNode("", "DictVectorizer", list("x"), list("y")))).Inputs[0]
		if in.Key != r.key || in.DType != r.of || len(in.Dims) != 2 || in.Dims[0].Size != 1 || in.Dims[1].Name != "?" {
			t.Errorf("%+v", in)
		}
	}
	for text, pb := range map[string]msg{
		"keys are of type float": kind(floatType, floatType), "is a map to texts": kind(int64Type, stringType),
		"element type": kind(stringType, 99), "keys are of type": msg{}.sub(5, nil),
	} {
		_, err := Decode(aModel(input(typed("x", pb)), output(aValue("y")),
			aNode("", "DictVectorizer", list("x"), list("y"))))
		if err == nil || !strings.Contains(err.Error(), text) {
			t.Errorf("%v, want %q", err, text)
		}
	}
}

// TestMaps tells ZipMap's type from others.
func TestMaps(t *testing.T) {
	rows := []struct {
		pb   msg
		want graph.DType
	}{
		{maps(int64Type, floatType), graph.Maps}, {maps(stringType, floatType), graph.Maps},
		{maps(floatType, floatType), "sequence"}, {maps(int64Type, int64Type), "sequence"},
		{maps(int64Type, 0), "sequence"},
		{msg{}.sub(4, msg{}.sub(1, msg{}.sub(1, msg{}.num(1, floatType)))), "sequence"},
	}
	for _, r := range rows {
		g := decoded(t, aModel(input(aValue("x")), output(typed("y", r.pb)), aNode("", "ZipMap", list("x"), list("y"))))
		if got := g.Outputs[0].DType; got != r.want {
			t.Errorf("got %q, want %q", got, r.want)
		}
	}
}

func TestDomains(t *testing.T) {
	node := aNode("n", "Tree", list("x"), list("y"))
	node = msg{}.sub(1, append(node[2:], msg{}.str(7, "ai.onnx.ml")...))
	graph := join(input(aValue("x")), output(aValue("y")), node)
	m := join(msg{}.num(1, 8), msg{}.sub(8, msg{}.str(1, "ai.onnx").num(2, 1)),
		msg{}.sub(8, msg{}.str(1, "ai.onnx.ml").num(2, 3)), msg{}.sub(7, graph))
	if n := decoded(t, m).Nodes[0]; n.Domain != "ai.onnx.ml" || n.Opset != 3 {
		t.Errorf("got domain %q opset %d", n.Domain, n.Opset)
	}
}

// TestStringTensors keeps class labels, which are attributes.
func TestStringTensors(t *testing.T) {
	labels := anAttr("keys", 4, msg{}.sub(5, aTensor("", stringType, 2).str(6, "no").str(6, "yes")))
	g := decoded(t, aModel(input(aValue("x")), output(aValue("y")),
		aNode("", "LabelEncoder", list("x"), list("y"), labels)))
	if s := g.Nodes[0].Attrs["keys"].Strings; len(s) != 2 || s[1] != "yes" {
		t.Errorf("got %v", s)
	}
}

// TestNaNInTrees keeps what separates the sets of a TreeEnsemble.
func TestNaNInTrees(t *testing.T) {
	sets := anAttr("membership_values", 4, msg{}.sub(5, aTensor("", 1, 2).str(9, float32s(1, float32(math.NaN())))))
	g := decoded(t, aModel(input(aValue("x")), output(aValue("y")),
		aNode("", "TreeEnsemble", list("x"), list("y"), sets)))
	if c := g.Nodes[0].Attrs["membership_values"].Tensor; c == nil || c.Data[0] != 1 || !math.IsNaN(c.Data[1]) {
		t.Errorf("got %v", c)
	}
}

// TestClaims feeds tensors that claim a gigabyte and hold nothing: they must
// fail without allocating it.
func TestClaims(t *testing.T) {
	huge := aTensor("w", 1, 1<<28)
	rows := map[string]msg{
		"initialiser": aModel(relu, msg{}.sub(5, huge)),
		"constant":    aModel(relu, aNode("", "Constant", nil, list("c"), anAttr("value", 4, msg{}.sub(5, huge)))),
		"input":       aModel(input(aValue("z", 1<<30, 1<<30)), relu),
	}
	for name, m := range rows {
		t.Run(name, func(t *testing.T) {
			var before, after runtime.MemStats
			runtime.ReadMemStats(&before)
			_, err := Decode(m)
			runtime.ReadMemStats(&after)
			if used := after.TotalAlloc - before.TotalAlloc; used > 1<<20 {
				t.Errorf("allocated %d bytes", used)
			}
			if name != "input" && (err == nil ||
				!strings.Contains(err.Error(), "need 1073741824 bytes, the file holds 0")) {
				t.Errorf("got error %v", err)
			}
		})
	}
}

// TestTruncated cuts a model everywhere: an error each time, or at a cut
// between two fields a graph.
func TestTruncated(t *testing.T) {
	for n := range mlp {
		g, err := Decode(mlp[:n])
		if (g == nil) == (err == nil) {
			t.Fatalf("cut at %d: graph %v, error %v", n, g, err)
		}
		if err == nil {
			t.Errorf("cut at %d of %d was not noticed", n, len(mlp))
		}
	}
}

// TestFlippedBits flips every bit of a model: any answer but a panic is fine.
func TestFlippedBits(t *testing.T) {
	for i := range len(mlp) * 8 {
		bad := append(msg{}, mlp...)
		bad[i/8] ^= 1 << (i % 8)
		if g, err := Decode(bad); (g == nil) == (err == nil) {
			t.Fatalf("bit %d: graph %v, error %v", i, g, err)
		}
	}
}
