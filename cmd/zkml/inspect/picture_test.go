package inspect

import (
	"bytes"
	"encoding/json"
	"math/rand"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/zkml-go/zkml/artifact"
	"github.com/zkml-go/zkml/circuits"
	"github.com/zkml-go/zkml/compiler"
	"github.com/zkml-go/zkml/compiler/graph"
	"github.com/zkml-go/zkml/compiler/onnx"
	"github.com/zkml-go/zkml/program"
	"github.com/zkml-go/zkml/tensor"
	"github.com/zkml-go/zkml/testkit/artifacttest"
	"github.com/zkml-go/zkml/testkit/onnxtest"
	"github.com/zkml-go/zkml/testkit/svgtest"
	"github.com/zkml-go/zkml/visibility"
)

// examine draws a statement's program, examines the picture, and holds the rows of all
// boxes against those of the circuit.
func examine(t *testing.T, name string, s *circuits.Statement) (*svgtest.Picture, string) {
	t.Helper()
	cost, err := s.Count()
	if err != nil {
		t.Fatal(err)
	}
	m := &artifact.Manifest{Name: name, Layout: s.Layout, Cost: artifact.CostOf(cost)}
	g := picture(m, s.Model.(*program.Program))
	rows, edges := 0, 0
	for _, n := range append(g.Nodes[:len(g.Nodes):len(g.Nodes)], g.Shared...) {
		rows += n.Rows + n.Table
		seen := map[int]bool{}
		for _, k := range n.In {
			seen[k] = true
		}
		edges += len(seen)
	}
	if rows != cost.Gates {
		t.Errorf("the boxes have %d rows, the circuit has %d", rows, cost.Gates)
	}
	var b bytes.Buffer
	if err := g.Write(&b); err != nil {
		t.Fatal(err)
	}
	p := svgtest.Check(t, b.Bytes())
	if len(p.Edges) != edges || len(p.Boxes) != len(g.Nodes)+len(g.Shared) || len(p.Legend) != 1 {
		t.Errorf("%d edges of %d, %d boxes, %d legends", len(p.Edges), edges, len(p.Boxes), len(p.Legend))
	}
	return p, b.String()
}

// statement compiles a graph, with the formats that are shipped for it if there are some.
func statement(t *testing.T, g *graph.Graph, reveal visibility.Reveal, formats string) *circuits.Statement {
	t.Helper()
	o := compiler.Options{Reveal: reveal}
	if text, err := os.ReadFile(formats); err == nil {
		o.Formats = new(compiler.Formats)
		if err := json.Unmarshal(text, o.Formats); err != nil {
			t.Fatal(err)
		}
	}
	r, err := compiler.Compile(g, o)
	if err != nil {
		t.Fatal(err)
	}
	return r.Statement
}

// TestPicturesOfShippedModels draws every model of the examples.
func TestPicturesOfShippedModels(t *testing.T) {
	root := filepath.Join("..", "..", "..")
	for folder, reveal := range map[string]visibility.Reveal{
		"examples/mnist/models": visibility.Class, "examples/application/models": visibility.Scores,
		"contracts/examples/guard": visibility.Scores,
	} {
		files, err := filepath.Glob(filepath.Join(root, folder, "*.onnx"))
		if err != nil || len(files) == 0 {
			t.Fatalf("%s has no models: %v", folder, err)
		}
		for _, file := range files {
			name := strings.TrimSuffix(filepath.Base(file), ".onnx")
			t.Run(name, func(t *testing.T) {
				g, _, err := onnx.Load(file)
				if err != nil {
					t.Fatal(err)
				}
				formats := filepath.Join(root, folder, "..", "formats", name+".json")
				examine(t, name, statement(t, g, reveal, formats))
			})
		}
	}
}

// TestPicturesOfOtherModels draws models of the shared data.
func TestPicturesOfOtherModels(t *testing.T) {
	root := os.Getenv("ZKML_SHARED")
	if root == "" {
		root = filepath.Join("..", "..", "..", "..", "shared", "data")
	}
	for _, name := range []string{
		"tribuo/iris-lr-model", "tribuo/pytorch_cnn_mnist", "mnist-8/model", "neurom-iot/lenet-1",
	} {
		t.Run(name, func(t *testing.T) {
			path := filepath.Join(root, "models", filepath.FromSlash(name)+".onnx")
			if _, err := os.Stat(path); err != nil {
				t.Skipf("%s is not here; set ZKML_SHARED to the folder of the shared data", path)
			}
			g, _, err := onnx.Load(path)
			if err != nil {
				t.Fatal(err)
			}
			examine(t, name, statement(t, g, visibility.Scores, ""))
		})
	}
}

// residual is a network that adds its input to what two layers make of it.
func residual() *graph.Graph {
	r := rand.New(rand.NewSource(1))
	weights := func(rows, columns int) *graph.Const {
		values := make([]float64, rows*columns)
		for i := range values {
			values[i] = float64(r.Intn(17)-8) / 16
		}
		return &graph.Const{DType: graph.Float32, Float: tensor.Of(values, rows, columns)}
	}
	node := func(op, out string, in ...string) *graph.Node {
		return &graph.Node{Name: out, Op: op, Opset: onnxtest.Opset, Inputs: in, Outputs: []string{out}}
	}
	value := func(name string, size int) graph.Value {
		return graph.Value{Name: name, DType: graph.Float32, Dims: []graph.Dim{{Size: 1}, {Size: size}}}
	}
	return &graph.Graph{
		Inputs: []graph.Value{value("x", 6)}, Outputs: []graph.Value{value("y", 3)},
		Consts: map[string]*graph.Const{"a": weights(6, 8), "b": weights(8, 6), "c": weights(6, 3)},
		Nodes: []*graph.Node{
			node("MatMul", "first", "x", "a"), node("Sigmoid", "bend", "first"), node("MatMul", "second", "bend", "b"),
			node("Relu", "limit", "second"), node("Add", "join", "limit", "x"), node("Tanh", "squash", "join"),
			node("MatMul", "last", "squash", "c"), node("Identity", "y", "last"),
		},
	}
}

// TestPictureOfResidual: the connection passes beside the boxes, and tables have rows.
func TestPictureOfResidual(t *testing.T) {
	p, text := examine(t, "residual", statement(t, residual(), visibility.Scores, ""))
	skips := 0
	for _, e := range p.Edges {
		right := 0.0
		for _, at := range e.Points {
			right = max(right, at.X)
		}
		if e.Skip && right > p.Boxes[0].Right {
			skips++
		}
	}
	if skips == 0 {
		t.Errorf("no connection passes beside the boxes: %v", p.Edges)
	}
	if n := strings.Count(text, "rows of its table<"); n < 2 {
		t.Errorf("%d boxes tell the rows of a table:\n%s", n, text)
	}
	if strings.Contains(text, "contents") || strings.Contains(text, "[]") {
		t.Error("a box shows a digest or empty brackets")
	}
}

// TestPicturesOfScenarios: whatever a circuit has besides its steps, each part's rows are
// in the box of that part.
func TestPicturesOfScenarios(t *testing.T) {
	private := visibility.Private{Input: true, Model: true}
	network := func(change func(*artifacttest.Network)) *circuits.Statement {
		n := artifacttest.Small(private, visibility.Scores)
		change(&n)
		return n.Statement(t, rand.New(rand.NewSource(1)))
	}
	mixed := onnxtest.Mixed()
	mixed.Outputs, mixed.Nodes = mixed.Outputs[:2], mixed.Nodes[:5]
	for name, c := range map[string]struct {
		s    *circuits.Statement
		want []string
	}{
		"private": {network(func(*artifacttest.Network) {}), []string{"lookups"}},
		"hashed": {network(func(n *artifacttest.Network) { n.Bind = visibility.BindHash }),
			[]string{"model", "lookups"}},
		"signed": {network(func(n *artifacttest.Network) { n.SignedBy = visibility.EdDSA }),
			[]string{circuits.SignaturePart, "lookups"}},
		"batch":   {network(func(n *artifacttest.Network) { n.Batch = 3 }), []string{"lookups"}},
		"several": {statement(t, mixed, visibility.Scores, ""), []string{"inputs", "outputs", "lookups"}},
	} {
		t.Run(name, func(t *testing.T) {
			_, text := examine(t, name, c.s)
			for _, want := range c.want {
				if !strings.Contains(text, ">"+want+"<") {
					t.Errorf("no box %q", want)
				}
			}
			shares(t, c.s)
		})
	}
}

// shares holds the boxes' rows against the parts of the circuit, by their names.
func shares(t *testing.T, s *circuits.Statement) {
	t.Helper()
	cost, err := s.Count()
	if err != nil {
		t.Fatal(err)
	}
	m := &artifact.Manifest{Layout: s.Layout, Cost: artifact.CostOf(cost)}
	g := picture(m, s.Model.(*program.Program))
	parts := map[string]int{}
	for _, p := range cost.Parts {
		parts[p.Name] += p.Gates
	}
	for _, n := range append(g.Nodes, g.Shared...) {
		name := n.Name
		for _, border := range []string{"input", "output"} {
			if name == border+"s" || strings.HasPrefix(name, border+" ") {
				name = border
			}
		}
		parts[name] -= n.Rows
		parts["lookups"] -= n.Table
	}
	for name, left := range parts {
		if left != 0 {
			t.Errorf("%d rows of the part %q are in no box or in another", left, name)
		}
	}
}
