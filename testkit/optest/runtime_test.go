package optest

import (
	"bufio"

	"encoding/binary"
	"encoding/json"
	"fmt"
	"math"
	"os"
	"os/exec"
	"strings"
	"testing"

	"github.com/zkml-go/zkml/compiler/graph"
	"github.com/zkml-go/zkml/tensor"
)

// The parts of a case as testdata/runtime.py reads them. Numbers are doubles, byte by byte.
type (
	runtimeCase struct {
		Graph   runtimeGraph `json:"graph"`
		Samples [][]byte     `json:"samples"`
	}
	runtimeGraph struct {
		Inputs  []runtimeValue           `json:"inputs"`
		Outputs []runtimeValue           `json:"outputs"`
		Nodes   []runtimeNode            `json:"nodes"`
		Consts  map[string]*runtimeConst `json:"consts"`
	}
	runtimeValue struct {
		Name  string `json:"name"`
		Type  string `json:"type"`
		Shape []int  `json:"shape"`
	}
	runtimeConst struct {
		Type  string   `json:"type"`
		Shape []int    `json:"shape"`
		Data  []byte   `json:"data"`
		Texts []string `json:"texts"`
	}
	runtimeNode struct {
		Name    string                 `json:"name"`
		Op      string                 `json:"op"`
		Domain  string                 `json:"domain"`
		Opset   int                    `json:"opset"`
		Inputs  []string               `json:"inputs"`
		Outputs []string               `json:"outputs"`
		Attrs   map[string]runtimeAttr `json:"attrs"`
	}
	runtimeAttr struct {
		Float   []byte        `json:"float"`
		Int     int64         `json:"int"`
		String  string        `json:"string"`
		Tensor  *runtimeConst `json:"tensor"`
		Floats  []byte        `json:"floats"`
		Ints    []int64       `json:"ints"`
		Strings []string      `json:"strings"`
		Body    *runtimeGraph `json:"body"`
		Guess   int           `json:"guess"` // its type, where no definition is known
	}
)

// ONNX's numbers of the types of attributes.
const (
	kindFloat = iota + 1
	kindInt
	kindString
	_
	_
	kindFloats
	kindInts
)

func doubles(values ...float64) []byte {
	b := []byte{}
	for _, v := range values {
		b = binary.LittleEndian.AppendUint64(b, math.Float64bits(v))
	}
	return b
}

func forRuntime(g *graph.Graph) runtimeGraph {
	out := runtimeGraph{Consts: map[string]*runtimeConst{}}
	for _, v := range g.Inputs {
		out.Inputs = append(out.Inputs, runtimeValue{v.Name, string(v.DType), shapeOf(v)})
	}
	for _, v := range g.Outputs {
		out.Outputs = append(out.Outputs, runtimeValue{Name: v.Name})
	}
	for name, c := range g.Consts {
		out.Consts[name] = constFor(c)
	}
	for _, n := range g.Nodes {
		node := runtimeNode{Name: n.Name, Op: n.Op, Domain: n.Domain, Opset: n.Opset, Outputs: n.Outputs,
			Inputs: n.Inputs[:len(n.Inputs)-n.Captured], Attrs: map[string]runtimeAttr{}}
		for name, a := range n.Attrs {
			node.Attrs[name] = attrFor(a)
		}
		out.Nodes = append(out.Nodes, node)
	}
	return out
}

func shapeOf(v graph.Value) []int {
	shape := []int{}
	for _, d := range v.Dims {
		shape = append(shape, d.Size)
	}
	return shape
}

func constFor(c *graph.Const) *runtimeConst {
	return &runtimeConst{string(c.DType), append([]int{}, c.Shape...), doubles(c.Data...), c.Texts}
}

func attrFor(a graph.Attr) runtimeAttr {
	out := runtimeAttr{Float: doubles(a.Float), Int: a.Int, String: a.String, Floats: doubles(a.Floats...),
		Ints: a.Ints, Strings: a.Strings, Guess: kindInt}
	switch {
	case a.Float != 0:
		out.Guess = kindFloat
	case a.String != "":
		out.Guess = kindString
	case a.Floats != nil:
		out.Guess = kindFloats
	case a.Ints != nil:
		out.Guess = kindInts
	}
	if a.Tensor != nil {
		out.Tensor = constFor(a.Tensor)
	}
	if a.Body != nil {
		body := forRuntime(a.Body)
		out.Body = &body
	}
	return out
}

// single rounds the real numbers of a case as a model in single precision has them.
func (c Case) single() (*graph.Graph, []*tensor.Float) {
	g := c.Graph()
	round := func(v float64) float64 { return float64(float32(v)) }
	for name, k := range g.Consts {
		if k.DType == graph.Float32 {
			g.Consts[name] = &graph.Const{DType: k.DType, Float: tensor.Map(k.Float, round)}
		}
	}
	var samples []*tensor.Float
	for _, x := range c.samples() {
		for _, v := range x {
			samples = append(samples, tensor.Map(v, round))
		}
	}
	return g, samples
}

// runtimePython is a Python that has onnxruntime, or the test is skipped.
func runtimePython(t *testing.T) string {
	python := os.Getenv("ZKML_PYTHON")
	if python == "" {
		python = "python3"
	}
	if text, err := exec.Command(python, "-c", "import numpy, onnx, onnxruntime").CombinedOutput(); err != nil {
		lines := strings.Split(strings.TrimSpace(string(text)), "\n")
		t.Skipf("%s has not numpy, onnx and onnxruntime (name another with ZKML_PYTHON): %v %s", python, err,
			lines[len(lines)-1])
	}
	return python
}

// TestOnnxruntime holds the float reference of every case against onnxruntime, as far as that has
// the operator with these types. Differences stand in the table of differing, with their reason.
func TestOnnxruntime(t *testing.T) {
	python := runtimePython(t)
	var cases []Case
	var in strings.Builder
	for _, c := range Cases() {
		g, samples := c.single()
		if len(g.Inputs) != 1 || g.Inputs[0].DType == graph.Text {
			continue
		}
		of := runtimeCase{Graph: forRuntime(g)}
		for _, x := range samples {
			of.Samples = append(of.Samples, doubles(x.Data...))
		}
		line, err := json.Marshal(of)
		if err != nil {
			t.Fatal(err)
		}
		in.Write(append(line, '\n'))
		cases = append(cases, c)
	}
	run := exec.Command(python, "testdata/runtime.py")
	run.Stdin, run.Stderr = strings.NewReader(in.String()), os.Stderr
	out, err := run.Output()
	if err != nil {
		t.Fatal(err)
	}
	lines := bufio.NewScanner(strings.NewReader(string(out)))
	lines.Buffer(nil, 1<<26)
	compared := 0
	for _, c := range cases {
		if !lines.Scan() {
			t.Fatal("there are fewer answers than cases")
		}
		if c.holds(t, lines.Bytes()) {
			compared++
		}
	}
	t.Logf("%d of %d cases were compared", compared, len(cases))
	if compared < len(cases)/2 {
		t.Errorf("only %d of %d cases could be compared", compared, len(cases))
	}
}

// holds compares the answers for a case, and tells whether there are any.
func (c Case) holds(t *testing.T, line []byte) bool {
	var answer struct {
		Outputs [][]byte `json:"outputs"`
		Why     string   `json:"why"`
	}
	if err := json.Unmarshal(line, &answer); err != nil {
		t.Fatal(err)
	}
	if answer.Outputs == nil {
		t.Logf("not run: %s: %s", c.Title(), answer.Why)
		return false
	}
	g, samples := c.single()
	var wrong error
	for k, x := range samples {
		w, err := trace(g, []*tensor.Float{x})
		if err != nil {
			t.Fatalf("%s: %v", c.Title(), err)
		}
		got := make([]float64, len(answer.Outputs[k])/8)
		for i := range got {
			got[i] = math.Float64frombits(binary.LittleEndian.Uint64(answer.Outputs[k][8*i:]))
		}
		want := w.values[g.Outputs[0].Name].float.Data
		if err := near(want, got, tolerance{2e-5 * max(1, largest(got)), 0}); err != nil && wrong == nil {
			wrong = fmt.Errorf("sample %d: %w", k, err)
		}
	}
	switch why, known := differing[c.Title()]; {
	case wrong != nil && !known:
		t.Errorf("%s: the float reference and onnxruntime differ: %v", c.Title(), wrong)
	case wrong == nil && known && why != saturates:
		t.Errorf("%s: it is said to differ (%s), and does not", c.Title(), why)
	}
	return true
}

// largest is the largest magnitude of numbers.
func largest(of []float64) float64 {
	most := 0.0
	for _, v := range of {
		if !math.IsInf(v, 0) {
			most = max(most, math.Abs(v))
		}
	}
	return most
}

// differing are cases in which onnxruntime and ONNX's definition differ.
var differing = map[string]string{
	"TopK/smallest of the middle axis":             "without sorted, any order is right",
	"MeanVarianceNormalization":                    "0 over 0, of elements that are all equal, is 0 here",
	"MeanVarianceNormalization/axes by default":    "0 over 0, of elements that are all equal, is 0 here",
	"DynamicQuantizeMatMul":                        "a half is rounded that is none in single precision",
	"DynamicQuantizeMatMul/columns, no zero point": "a half is rounded that is none in single precision",
	"TreeEnsembleRegressor/smallest":               "a target without a leaf has its base value here, and 0 there",
	"Cast/real to integers without a sign":         beyondType,
	"Cast/real to integer, limited":                beyondType,
	"Acos/beyond":                                  "a number outside of the domain counts as the nearer end here",
	"Acosh":                                        "a number outside of the domain counts as the nearer end here",
	"Asin/beyond":                                  "a number outside of the domain counts as the nearer end here",
	"Div/bytes":                                    "the quotient is none of the type, which the compiler refuses",
	"QLinearMatMul/columns":                        saturates,
	"QGemm":                                        saturates,
}

// beyondType is why real numbers may become other integers.
const beyondType = "ONNX says nothing of numbers outside of the type: here they are limited"

// saturates is why sums of products of uint8 and int8 may differ, or not: it depends on the processor.
const saturates = "onnxruntime adds pairs in 16 bits on processors without VNNI (docs/quantised.md)"
