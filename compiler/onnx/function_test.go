package onnx

import (
	"strings"
	"testing"

	"google.golang.org/protobuf/encoding/protowire"
)

// aFunction is a function of domain "f", whose nodes are of opset 13.
func aFunction(name string, in, out []string, nodes ...msg) msg {
	m := msg{}.str(1, name).str(10, "f").sub(9, msg{}.num(2, 13))
	for _, s := range in {
		m = m.str(4, s)
	}
	for _, s := range out {
		m = m.str(5, s)
	}
	for _, n := range nodes {
		m = m.sub(7, content(n))
	}
	return m
}

// content is the message in the only field of another one.
func content(m msg) (out msg) {
	_ = eachField(m, func(_ protowire.Number, f field, _ []byte) error {
		out = f.data
		return nil
	})
	return out
}

// call is a node of domain "f".
func call(name, op string, in, out []string, attrs ...msg) msg {
	return msg{}.sub(1, append(msg{}, content(aNode(name, op, in, out, attrs...)).str(7, "f")...))
}

func ref(name string, kind int64, of string) msg { return anAttr(name, kind, msg{}.str(21, of)) }

func intAttr(name string, v int64) msg { return anAttr(name, 2, msg{}.num(3, v)) }

// the functions of functionModel: twice calls once, and what once leaves out is its default.
var (
	once = aFunction("once", list("a", "k"), list("b"),
		aNode("n", "Concat", list("a", "a"), list("t"), ref("axis", 2, "axis")),
		aNode("m", "Gemm", list("t", "k"), list("b"), ref("alpha", 1, "alpha"), ref("transB", 2, "none"))).
		sub(11, intAttr("axis", 1))
	twice = aFunction("twice", list("a"), list("b", "a"),
		call("first", "once", list("a", "a"), list("t"), ref("axis", 2, "axis"), ref("alpha", 1, "scale")),
		call("second", "once", list("t"), list("b")))
)

func functionModel(nodes ...msg) msg {
	return join(aModel(append(nodes, x, y)...), msg{}.sub(25, once).sub(25, twice))
}

// TestFunctions puts functions in the place of calls.
func TestFunctions(t *testing.T) {
	g, err := Decode(functionModel(
		call("c", "twice", list("x"), list("u", "v"), intAttr("axis", 0), anAttr("scale", 1, msg{}.fixed32(2, 0.5))),
		aNode("sum", "Add", list("u", "v"), list("y"))))
	if err != nil {
		t.Fatal(err)
	}
	want := `input x float[]
twice#1/a = Identity(x)
once#2/t = Concat(x, x) axis=0
twice#1/t = Gemm(once#2/t, x) alpha=0.5
once#3/t = Concat(twice#1/t, twice#1/t) axis=1
u = Gemm(once#3/t, )
y = Add(u, v)
output y
`
	want = strings.Replace(want, "twice#1/a =", "v =", 1)
	if got := g.Text(); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	for _, n := range g.Nodes {
		if n.Opset != 13 {
			t.Errorf("%s is of opset %d", n.Name, n.Opset)
		}
	}
}

// TestFunctionBodies gives the values of a sub-graph in a function new names, but for those that
// it reads of the caller.
func TestFunctionBodies(t *testing.T) {
	body := join(output(aValue("r")), aNode("add", "Add", list("a", "l"), list("r")),
		weights("l", nil, 1))
	branch := func(name string) msg { return anAttr(name, 5, msg{}.sub(6, body)) }
	f := aFunction("pick", list("a", "c"), list("b"),
		aNode("if", "If", list("c"), list("b"), branch("then_branch"), branch("else_branch")))
	g, err := Decode(join(aModel(x, input(aValue("r")), y, call("p", "pick", list("x", "r"), list("y"))),
		msg{}.sub(25, f)))
	if err != nil {
		t.Fatal(err)
	}
	n := g.Nodes[0]
	if strings.Join(n.Inputs, " ") != "r x" || n.Captured != 1 {
		t.Errorf("%v, %d captured", n.Inputs, n.Captured)
	}
	for name, a := range n.Attrs {
		if got := a.Body.Text(); !strings.Contains(got, "pick#1/r = Add(x, pick#1/l)\noutput pick#1/r\n") ||
			strings.Join(a.Body.Outer, " ") != "x" {
			t.Errorf("%s reads %v:\n%s", name, a.Body.Outer, got)
		}
	}
}

// TestFunctionFaults is what is wrong with functions.
func TestFunctionFaults(t *testing.T) {
	own := func(f msg, nodes ...msg) msg { return join(aModel(append(nodes, x, y)...), msg{}.sub(25, f)) }
	calls := func(op string) msg { return call("c", op, list("x"), list("y")) }
	defer func(most int) { maxNodes = most }(maxNodes)
	maxNodes = 1000
	var grows []msg
	for i := range 40 {
		name := strings.Repeat("g", i+1)
		inner := call("a", name+"g", list("a"), list("t"))
		grows = append(grows, msg{}.sub(25, aFunction(name, list("a"), list("b"), inner,
			call("b", name+"g", list("t"), list("b")))))
	}
	for _, c := range []struct {
		name  string
		model msg
		says  string
	}{
		{"itself", own(aFunction("f", list("a"), list("b"), call("n", "f", list("a"), list("b"))), calls("f")),
			"c (f): f#1/n (f): it calls a function that calls itself"},
		{"more inputs", own(aFunction("f", nil, list("b"), aNode("n", "Relu", list("b"), list("b"))), calls("f")),
			"c (f): it has 1 inputs and 1 outputs, and the function 0 and 1"},
		{"twice", join(own(once, act), msg{}.sub(25, once)), `function "once": it is defined twice`},
		{"another kind", functionModel(call("c", "once", list("x"), list("y"), anAttr("axis", 1, msg{}.fixed32(2, 1)))),
			`attribute "axis" is of another kind than the function's node n wants`},
		{"a value of nobody", own(aFunction("f", list("a"), list("b"), aNode("n", "Relu", list("x"), list("b"))),
			calls("f")), `it reads the value "f#1/x", which nothing defines`},
		{"nothing for an output", own(aFunction("f", list("a"), list("b")), act, call("c", "f", list("x"), list("z")),
			aNode("n", "Relu", list("z"), list("u"))), `it reads the value "z", which nothing defines`},
		{"no opset", own(aFunction("f", list("a"), list("b"), call("n", "g", list("a"), list("b"))), calls("f")),
			"f#1/n (g): the model imports no opset of domain f"},
		{"a default that is a reference", own(once.sub(11, ref("q", 2, "r")), act), `attribute "q": it is a reference`},
		{"a reference with a value", own(aFunction("f", list("a"), list("b"), aNode("n", "Relu", list("a"), list("b"),
			intAttr("s", 1).str(21, "p"))), calls("f")), `it refers to "p" and holds a value`},
		{"too many", join(append(grows, own(once, calls("g")))...), "with the functions that it calls, the graph has " +
			"more than 1000 nodes"},
	} {
		t.Run(c.name, func(t *testing.T) {
			if _, err := Decode(c.model); err == nil || !strings.Contains(err.Error(), c.says) {
				t.Errorf("%v, want %q", err, c.says)
			}
		})
	}
}
