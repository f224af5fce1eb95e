package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/zkml-go/zkml/artifact"
	"github.com/zkml-go/zkml/examples/measure"
	"github.com/zkml-go/zkml/verifier"
	"github.com/zkml-go/zkml/visibility"
)

func TestParse(t *testing.T) {
	tests := []struct {
		words string
		want  int // scenarios; 0 for an error
	}{
		{"", 1},
		{";input;model;input,model", 4},
		{"model", 1},
		{"weights", 0},
	}
	for _, test := range tests {
		t.Run(test.words, func(t *testing.T) {
			var o options
			if err := o.parse(test.words); (err == nil) != (test.want > 0) || err == nil &&
				len(o.scenarios) != test.want {
				t.Errorf("%d scenarios, %v", len(o.scenarios), err)
			}
		})
	}
}

func TestTable(t *testing.T) {
	hidden := visibility.Private{Input: true}
	b := &bench{
		results: []*measure.Result{
			{Name: "net", Cost: artifact.Cost{Gates: 1000, Rows: 1020, PaddedRows: 1024}, Seconds: 1, PeakMemory: 50e6,
				Proof: &verifier.Proof{Proof: make([]byte, 864)}},
			{Name: "net input", Private: hidden, Cost: artifact.Cost{Gates: 1030, Rows: 1030, PaddedRows: 2048},
				Seconds: 2, Proof: &verifier.Proof{},
				Chain: &measure.Chain{Gas: 318885, WrapperGas: 330000, Code: 9019}},
		},
		bares: map[size]timing{{1024, false}: {0.8, 1}},
	}
	got := strings.Split(b.table(), "\n")
	want := [][]string{
		{"net", "1000", "1020", "1024", "1.00", "s", "0.80", "s", "1.25", "50", "MB", "864", "B", "-", "-", "-"},
		{"net", "input", "1030", "1030", "2048", "2.00", "s", "-", "-", "0", "MB", "0", "B", "318885", "330000", "9019",
			"B"},
	}
	for i, fields := range want {
		if line := strings.Join(strings.Fields(got[i+1]), " "); line != strings.Join(fields, " ") {
			t.Errorf("line %d is %q, not %q", i, line, fields)
		}
	}
}

// TestReferences reads every shipped model with its formats.
func TestReferences(t *testing.T) {
	t.Chdir("../..")
	models, err := references(nil)
	if err != nil || len(models) == 0 {
		t.Fatalf("%d models, %v", len(models), err)
	}
	for _, m := range models {
		if !strings.HasPrefix(m.path, "examples") {
			continue
		}
		c, err := m.load(visibility.Private{Model: true})
		if err != nil || c.Options.Formats == nil || len(c.Input) == 0 || c.Name != m.name()+" model" {
			t.Errorf("%s: %+v, %v", m.path, c.Name, err)
		}
	}
	one, err := references([]string{filepath.Join(".", models[0].path)})
	if err != nil || len(one) != 1 || one[0] != models[0] {
		t.Errorf("by path: %v, %v", one, err)
	}
	if _, err := (reference{path: "none.onnx"}).load(visibility.Private{}); !os.IsNotExist(err) {
		t.Errorf("a model that is not there: %v", err)
	}
}
