package main

import (
	"context"
	"regexp"
	"strings"
	"testing"

	"github.com/zkml-go/zkml/compiler"
	"github.com/zkml-go/zkml/compiler/onnx"
)

// TestRun: two proofs about the committed application, two that are not, and two
// refusals to make one.
func TestRun(t *testing.T) {
	var out strings.Builder
	if err := run(context.Background(), &out); err != nil {
		t.Fatal(err)
	}
	t.Log(out.String())
	for text, times := range map[string]int{
		"; about the application committed to":       2,
		"but NOT about the application committed to": 2,
		"it is not the one that was committed to":    2,
		"credit: a good risk":                        1,
		"fraud: genuine":                             1,
		"committed to by 0x":                         1,
	} {
		if got := len(regexp.MustCompile(regexp.QuoteMeta(text)).FindAllString(out.String(), -1)); got != times {
			t.Errorf("%q is there %d times, want %d", text, got, times)
		}
	}
}

// TestFeatures: the networks take as many features as an application has, each
// in [0, 1].
func TestFeatures(t *testing.T) {
	rich := sample
	rich.Assets, rich.Records, rich.Home = 1e9, true, "rent"
	for _, a := range []application{{}, sample, rich} {
		for i, v := range a.features() {
			if v < 0 || v > 1 {
				t.Errorf("feature %d is %g", i, v)
			}
		}
	}
	for _, q := range questions {
		file, err := models.ReadFile("models/" + q.model + ".onnx")
		if err != nil {
			t.Fatal(err)
		}
		g, err := onnx.Decode(file)
		if err != nil {
			t.Fatal(err)
		}
		m, err := compiler.NewModel(g, compiler.ModelOptions{})
		if err != nil {
			t.Fatal(err)
		}
		if m.Inputs[0].Shape[1] != len(sample.features()) {
			t.Errorf("%s takes %v", q.model, m.Inputs[0].Shape)
		}
	}
}
