package op_test

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/zkml-go/zkml/compiler/graph"
	"github.com/zkml-go/zkml/compiler/op"
	"github.com/zkml-go/zkml/testkit/optest"
)

// Every operator is examined, documented and says what it supports.
func TestRegistry(t *testing.T) {
	docs, err := os.ReadFile(filepath.Join("..", "..", "docs", "operators.md"))
	if err != nil {
		t.Fatal(err)
	}
	examined := map[string]bool{}
	for _, c := range optest.Cases() {
		examined[c.Domain+"/"+c.Op] = true
	}
	for _, s := range op.Specs() {
		t.Run(s.Name, func(t *testing.T) {
			if !examined[s.Domain+"/"+s.Name] {
				t.Error("optest.Cases has no case for it")
			}
			if !strings.Contains(string(docs), "| "+strings.TrimPrefix(s.Domain+"."+s.Name, ".")+" |") {
				t.Error("docs/operators.md has no row for it; run go run ./dev/gen/operators")
			}
			if s.Note == "" || s.New == nil {
				t.Error("the Spec lacks Note or New")
			}
			if len(s.Since) == 0 || !slices.IsSorted(s.Since) {
				t.Errorf("Since is %v, not ascending", s.Since)
			}
		})
	}
}

// Nodes that no operator accepts are refused with an error, never a panic.
func TestBind(t *testing.T) {
	tests := []struct{ name, want string }{
		{"Bernoulli", "operator Bernoulli is not supported; `zkml ops` lists"},
		{"Relu", "definition of opset 1 is not supported"},
	}
	for _, c := range tests {
		t.Run(c.name, func(t *testing.T) {
			domain := ""
			if _, classical := op.Unsupported["ai.onnx.ml."+c.name]; classical {
				domain = "ai.onnx.ml"
			}
			_, err := op.Bind(&graph.Node{Name: "n", Op: c.name, Domain: domain, Opset: 1, Inputs: []string{"x"},
				Outputs: []string{"y"}})
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("%v, want %q", err, c.want)
			}
		})
	}
}

// A node may have any number of inputs and outputs in a file.
func TestArity(t *testing.T) {
	for _, s := range op.Specs() {
		for count := range 9 {
			n := &graph.Node{Name: "n", Op: s.Name, Domain: s.Domain, Opset: optest.Newest + 1}
			for range count {
				n.Inputs = append(n.Inputs, "")
			}
			if _, err := op.Bind(n); err == nil && s.Name != "Constant" {
				t.Errorf("%s: accepted with %d absent inputs and no outputs", s.Name, count)
			}
		}
	}
}
