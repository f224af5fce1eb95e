package onnx

import (
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// fault is a model that must be refused, and what the error must say.
type fault struct {
	name  string
	model msg
	want  string
}

// TestRefused walks the tables of faults.
func TestRefused(t *testing.T) {
	tables := map[string][]fault{"file": inFile, "graph": inGraph, "attribute": inAttribute, "tensor": inTensor}
	for where, rows := range tables {
		for _, r := range rows {
			t.Run(where+"/"+r.name, func(t *testing.T) {
				g, err := Decode(r.model)
				if g != nil || err == nil || !strings.Contains(err.Error(), r.want) {
					t.Errorf("got error %v, want %q", err, r.want)
				}
			})
		}
	}
}

var (
	x   = input(aValue("x"))
	y   = output(aValue("y"))
	act = aNode("act", "Relu", list("x"), list("y"))
)

// withAttr is a model whose node has the given attributes.
func withAttr(a ...msg) msg { return aModel(x, y, aNode("act", "Relu", list("x"), list("y"), a...)) }

// deeply is a node with sub-graphs in each other.
func deeply(depth int) msg {
	n := act
	for range depth {
		n = scan(join(x, y, n))
	}
	return n
}

// scan is a node with a sub-graph.
func scan(body msg) msg {
	return aNode("loop", "Scan", list("x"), list("y"), anAttr("body", 5, msg{}.sub(6, body)))
}

// initialiser is a model with one initialiser of the given parts.
func initialiser(parts ...msg) msg { return aModel(relu, msg{}.sub(5, join(parts...))) }

var inFile = []fault{
	{"empty", nil, "the file is empty"},
	{"random", msg("\x8f\x01\x02 no model at all"), "cut short or not ONNX"},
	{"LFS pointer", msg("version https://git-lfs.github.com/spec/v1\noid sha256:4d7a\nsize 12\n"), "git lfs pull"},
	{"text", msg("hello, world"), "cut short or not ONNX"},
	{"wrong wire type", msg{}.str(1, "8"), "not ONNX (field 1: wrong wire type)"},
	{"no IR version", msg{}.str(2, "producer"), "no IR version: this is not an ONNX model"},
	{"old IR", versioned(2, 13, relu), "IR version 2 is not supported, only 3 to 14"},
	{"new IR", versioned(99, 13, relu), "IR version 99 is not supported"},
	{"no graph", msg{}.num(1, 8), "the model has no graph"},
	{"two graphs", join(aModel(relu), msg{}.sub(7, relu)), "two graphs"},
	{"no nodes", aModel(x, output(aValue("x"))), "no nodes"},
	{"no outputs", aModel(x, act), "no outputs"},
	{"opset 6", versioned(8, 6, relu), "act (Relu): opset 6 of ai.onnx is not supported, only 7 to 28"},
	{"opset of the future", versioned(8, 29, relu), "act (Relu): opset 29 of ai.onnx"},
	{"no opset", join(msg{}.num(1, 8), msg{}.sub(7, relu)), "act (Relu): the model imports no opset of domain ai.onnx"},
	{"two opsets", join(aModel(relu), msg{}.sub(8, msg{}.num(2, 9))), "imports opsets 13 and 9 of ai.onnx"},
	{"function of nothing", join(aModel(relu), msg{}.sub(25, msg{}.str(1, "Relu"))),
		"act (Relu): it has 1 inputs and 1 outputs, and the function 0 and 0"},
}

var inGraph = []fault{
	{"cycle", aModel(x, y, aNode("a", "Add", list("x", "z"), list("y")), aNode("b", "Relu", list("y"), list("z"))),
		`b (Relu): it reads the value "y", which depends on it: the graph has a cycle`},
	{"self loop", aModel(y, aNode("a", "Relu", list("y"), list("y"))),
		`a (Relu): it reads the value "y", which depends on it`},
	{"dangling input", aModel(y, aNode("act", "Relu", list("q"), list("y"))),
		`act (Relu): it reads the value "q", which nothing defines`},
	{"dangling output", aModel(x, act, output(aValue("q"))), `nothing defines the output "q"`},
	{"two makers", aModel(x, y, act, aNode("twin", "Tanh", list("x"), list("y"))),
		`twin (Tanh): the value "y" is defined twice, by the node act and by the node twin`},
	{"maker and input", aModel(x, y, act, aNode("twin", "Tanh", list("y"), list("x"))),
		"by a graph input and by the node twin"},
	{"maker and weight", aModel(relu, weights("y", nil, 1)), "by an initialiser and by the node act"},
	{"one node twice", aModel(x, y, aNode("act", "Split", list("x"), list("y", "y"))),
		"by the node act and by the node act"},
	{"two weights", aModel(relu, weights("w", nil, 1), weights("w", nil, 1)), `the value "w" is defined twice`},
	{"two inputs", aModel(relu, x), `the input "x" is listed twice`},
	{"two outputs", aModel(relu, y), `the output "y" is listed twice`},
	{"unnamed weight", initialiser(aTensor("", 1)), "initialiser 0 has no name"},
	{"unnamed input", aModel(relu, input(nil)), "input 1: it has no name"},
	{"untyped input", aModel(relu, input(msg{}.str(1, "z"))), `input "z" has no type`},
	{"complex input", aModel(relu, input(typed("z", msg{}.sub(1, msg{}.num(1, 14))))),
		`input "z": element type complex64 is not supported`},
	{"map input", aModel(relu, input(typed("z", msg{}.sub(5, nil)))),
		`input "z" is a map whose keys are of type undefined`},
	{"huge size", aModel(relu, input(aValue("z", 1<<40))), "size 1099511627776 is too large"},
	{"sparse weight", aModel(relu, msg{}.sub(15, msg{}.sub(1, aTensor("s", 1)))), `initialiser "s" is sparse`},
	{"no operator", aModel(relu, aNode("a", "", nil, list("z"))), "node 1 has no operator type"},
	{"no result", aModel(relu, aNode("a", "Relu", list("x"), list(""))), "a (Relu): it has no outputs"},
	{"control character", aModel(relu, aNode("a\nb", "Relu", list("x"), list("z"))), "holds the character U+000A"},
	{"not UTF-8", aModel(relu, aNode("a\xff", "Relu", list("x"), list("z"))), "is not UTF-8"},
}

var inAttribute = []fault{
	{"sub-graph that is absent", withAttr(anAttr("body", 5, msg{})),
		`act (Relu): attribute "body": it declares a sub-graph but has none`},
	{"sub-graph that reads outside", aModel(x, y, scan(join(output(aValue("z")), aNode("act", "Relu", list("q"),
		list("z"))))), `loop (Scan): attribute "body": act (Relu): it reads the value "q", which nothing defines`},
	{"sub-graph that gives nothing of its own", aModel(x, y, scan(output(aValue("q")))),
		`loop (Scan): attribute "body": nothing defines the output "q"`},
	{"sub-graph that reads its own node", aModel(x, y, scan(join(output(aValue("z")), aNode("act", "Relu", list("y"),
		list("z"))))), "the graph has a cycle"},
	{"sub-graphs too deep", aModel(x, y, deeply(100)), "sub-graphs are nested more than 33 deep"},
	{"sub-graph cut short", aModel(x, y, scan(msg{0xff})), "cut short or not ONNX"},
	{"sub-graph of no outputs", aModel(x, y, scan(x)), `loop (Scan): attribute "body": the graph has no outputs`},
	{"sub-graphs", withAttr(anAttr("bodies", 10, msg{}.sub(11, relu))),
		`act (Relu): attribute "bodies": type GRAPHS is not supported`},
	{"sparse attribute", withAttr(anAttr("s", 11, msg{}.sub(22, nil))),
		`attribute "s": type SPARSE_TENSOR is not supported`},
	{"unknown attribute", withAttr(anAttr("s", 77, nil)), `attribute "s": type 77 is not supported`},
	{"attribute without a type", withAttr(anAttr("s", 0, msg{}.num(3, 1))), `attribute "s": type 0 is not supported`},
	{"attribute without a name", withAttr(anAttr("", 2, msg{}.num(3, 1))), `attribute "": it has no name`},
	{"attribute of another type", withAttr(anAttr("s", 2, msg{}.fixed32(2, 1))),
		`attribute "s": it declares INT but holds another type`},
	{"attribute twice", withAttr(anAttr("s", 2, nil), anAttr("s", 2, nil)), `attribute "s" is given twice`},
	{"attribute of a function", withAttr(anAttr("s", 2, msg{}.str(21, "p"))),
		`attribute "s": it refers to "p" of a function, and the node is of none`},
	{"tensor attribute without one", withAttr(anAttr("s", 4, nil)), `attribute "s": it declares a tensor but has none`},
	{"NaN in a list", withAttr(anAttr("s", 6, msg{}.str(7, float32s(0, float32(math.NaN()))))),
		`act (Relu): attribute "s": element 1 is NaN`},
	{"constant that is no number", withAttr(anAttr("v", 4, msg{}.sub(5,
		aTensor("t", 1).str(9, float32s(float32(math.NaN())))))),
		`act (Relu): attribute "v": tensor "t": element 0 is NaN`},
	{"text constant", aModel(relu, aNode("c", "Constant", nil, list("k"),
		anAttr("value", 4, msg{}.sub(5, aTensor("", 8, 2).str(6, "a"))))),
		`c (Constant): attribute "value": tensor "": 1 strings for 2 elements`},
	{"NaN threshold", aModel(x, y, aNode("act", "TreeEnsembleRegressor", list("x"), list("y"), anAttr("v", 4,
		msg{}.sub(5, aTensor("t", 1).str(9, float32s(float32(math.NaN()))))))),
		`attribute "v": tensor "t": element 0 is NaN`},
	{"texts that are too few", withAttr(anAttr("v", 4, msg{}.sub(5, aTensor("t", 8, 3).str(6, "a")))),
		`tensor "t": 1 strings for 3 elements`},
}

var inTensor = []fault{
	{"NaN weight", aModel(relu, weights("w", []int64{3}, 0, 1, float32(math.NaN()))), `tensor "w": element 2 is NaN`},
	{"weight that is no number", aModel(relu, weights("w", []int64{2}, 1, float32(math.NaN()))),
		`tensor "w": element 1 is NaN`},
	{"too few texts", initialiser(aTensor("w", 8, 2), msg{}.str(6, "a")),
		`tensor "w": 1 strings for 2 elements; the file is damaged`},
	{"raw texts", initialiser(aTensor("w", 8, 1), msg{}.str(6, "a").str(9, "a")), `1 strings for 1 elements and other`},
	{"complex weight", initialiser(aTensor("w", 14)), `tensor "w": element type complex64 is not supported`},
	{"unknown type", initialiser(aTensor("w", 99)), `tensor "w": element type number 99 is not supported`},
	{"segments", initialiser(aTensor("w", 1), msg{}.sub(3, nil)), `tensor "w": it is split into segments`},
	{"negative size", initialiser(aTensor("w", 1, -1)), `tensor "w": size -1 of axis 0 is out of range`},
	{"too many elements", initialiser(aTensor("w", 1, 1<<30, 1<<30, 1<<30)), "has more than 268435456 elements"},
	{"too many axes", initialiser(aTensor("w", 1, make([]int64, 65)...)), "65 axes, more than the 64"},
	{"too little raw data", initialiser(aTensor("w", 1, 2), msg{}.str(9, "1234567")),
		`tensor "w": 2 float values need 8 bytes, the file holds 7`},
	{"too much raw data", initialiser(aTensor("w", 1, 1), msg{}.str(9, "12345")), "need 4 bytes, the file holds 5"},
	{"too few entries", initialiser(aTensor("w", 7, 2), msg{}.packed(7, 1)),
		"2 int64 values need 2 entries, the file holds 1"},
	{"data for an empty tensor", initialiser(aTensor("w", 1, 0), msg{}.str(9, "1234")), "0 float values need 0 bytes"},
	{"data twice", initialiser(aTensor("w", 7, 1), msg{}.packed(7, 1), msg{}.str(9, "12345678")),
		"its data is given twice"},
	{"data in another's field", initialiser(aTensor("w", 1, 1), msg{}.packed(7, 1)),
		"its data is in a field that cannot hold float"},
	{"texts for numbers", initialiser(aTensor("w", 1, 1), msg{}.str(6, "1")), "it holds strings, but"},
	{"int8 of 200", initialiser(aTensor("w", 3, 1), msg{}.packed(5, 200)), "entry 0, 200, is out of the range of int8"},
	{"uint8 of -1", initialiser(aTensor("w", 2, 1), msg{}.packed(5, -1)), "entry 0, -1, is out of the range of uint8"},
	{"int64 above 2^53", initialiser(aTensor("w", 7, 2), msg{}.packed(7, 1, 1<<53+1)),
		`tensor "w": element 1: 9007199254740993 is above 2^53`},
	{"uint64 above 2^53", initialiser(aTensor("w", 13, 1), msg{}.packed(11, -1)),
		"18446744073709551615 is above 2^53"},
	{"cut list", initialiser(aTensor("w", 7, 1), msg{}.str(7, "\xff")),
		"initialiser 0: a packed list of integers is cut short"},
	{"unknown place", initialiser(aTensor("w", 1, 1), msg{}.num(14, 2)), "data location 2 is not supported"},
	{"external without a folder", initialiser(aTensor("w", 1, 1), external("location", "w.bin")),
		`in the external file "w.bin", which cannot be reached`},
}

func TestLoadErrors(t *testing.T) {
	dir := t.TempDir()
	write(t, filepath.Join(dir, "empty.onnx"), "")
	write(t, filepath.Join(dir, "pointer.onnx"), pointer+"v1\noid sha256:4d7a\nsize 12\n")
	rows := map[string]string{
		"missing.onnx": "no such file",
		".":            "not a regular file",
		"empty.onnx":   "the file is empty",
		"pointer.onnx": "Git LFS pointer",
	}
	for file, want := range rows {
		path := filepath.Join(dir, file)
		if _, _, err := Load(path); err == nil || !strings.Contains(err.Error(), want) ||
			!strings.Contains(err.Error(), path) {
			t.Errorf("%s: got error %v", file, err)
		}
	}
}

func write(t *testing.T, path, data string) {
	t.Helper()
	if err := os.WriteFile(path, []byte(data), 0o600); err != nil {
		t.Fatal(err)
	}
}
