package main

import (
	"os"
	"path/filepath"
	"runtime"
	"testing"

	"github.com/zkml-go/zkml/compiler"
	"github.com/zkml-go/zkml/compiler/onnx"
	"github.com/zkml-go/zkml/visibility"
)

// load reads a network as its file has it.
func load(t *testing.T, n network) *compiler.Model {
	t.Helper()
	path := filepath.Join(t.TempDir(), "net.onnx")
	if err := os.WriteFile(path, n.model(), 0o600); err != nil {
		t.Fatal(err)
	}
	g, _, err := onnx.Load(path)
	if err != nil {
		t.Fatal(err)
	}
	m, err := compiler.NewModel(g, compiler.ModelOptions{})
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// TestCompiles takes a small network all the way to its rows.
func TestCompiles(t *testing.T) {
	m := load(t, network{width: 4, blocks: 1, size: 8})
	r, err := compiler.Compile(m.Graph, compiler.Options{Reveal: visibility.Class})
	if err != nil {
		t.Fatal(err)
	}
	if r.Report.Top1 < 0.8 || r.Cost.Rows() < 10_000 || r.Cost.Rows() > 100_000 {
		t.Errorf("%d rows, and %.0f%% of the samples have the float model's class", r.Cost.Rows(), 100*r.Report.Top1)
	}
}

// TestMemoryDoesNotGrowWithMultiplications: all that lowering, rewriting and
// quantising allocate, transient or not, is at most eight bytes for each
// multiplication. Lists of terms would take 24 bytes in the IR and 16 in the program,
// and as much again for each pass that rewrites them.
func TestMemoryDoesNotGrowWithMultiplications(t *testing.T) {
	m := load(t, network{width: 32, blocks: 1, size: 16})
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	p, err := m.Lower()
	if err != nil {
		t.Fatal(err)
	}
	if err := compiler.Optimise(p); err != nil {
		t.Fatal(err)
	}
	sample := make([]float64, 3*16*16)
	for i := range sample {
		sample[i] = float64(i%7) / 7
	}
	c := compiler.Calibrate(p, []compiler.Sample{{sample}}, func(int) {})
	knobs := compiler.Knobs{Input: 8, Weight: 8, Activation: 8, Table: 8}
	if _, err := compiler.Choose(p, c, knobs, compiler.PublicWeights); err != nil {
		t.Fatal(err)
	}
	runtime.ReadMemStats(&after)
	multiplications := 0
	for _, s := range p.Steps {
		if a, ok := s.Kind.(interface{ Terms() int }); ok {
			multiplications += a.Terms()
		}
	}
	bytes := float64(after.TotalAlloc-before.TotalAlloc) / float64(multiplications)
	t.Logf("%.2f bytes for each of %d multiplications", bytes, multiplications)
	if bytes > 8 {
		t.Errorf("%.2f bytes for each of %d multiplications", bytes, multiplications)
	}
}
