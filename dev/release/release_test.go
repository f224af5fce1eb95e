package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestUpToDate checks that the report is what the results say, and that each of
// them is of a part that there is.
func TestUpToDate(t *testing.T) {
	root := filepath.Join("..", "..")
	want, err := render(root)
	if err != nil {
		t.Fatal(err)
	}
	got, err := os.ReadFile(filepath.Join(root, page))
	if err != nil {
		t.Fatal(err)
	}
	if string(got) != want {
		t.Errorf("%s is not up to date; run go run ./dev/release -write", page)
	}
	results, err := filepath.Glob("results/*.json")
	if err != nil {
		t.Fatal(err)
	}
	for _, path := range results {
		if _, err := choose([]string{strings.TrimSuffix(filepath.Base(path), ".json")}); err != nil {
			t.Errorf("%s: %v", path, err)
		}
	}
}

func TestChoose(t *testing.T) {
	if all, err := choose(nil); err != nil || len(all) != len(parts) {
		t.Errorf("%d parts, %v", len(all), err)
	}
	if one, err := choose([]string{"fuzz"}); err != nil || len(one) != 1 || one[0].name != "fuzz" {
		t.Errorf("%v, %v", one, err)
	}
	if _, err := choose([]string{"fuss"}); err == nil {
		t.Error("a part that there is not: no error")
	}
}

func TestFigures(t *testing.T) {
	tests := []struct {
		part, output string
		want         []figure
	}{
		{"tests", "ok  p\n12 passed, 0 failed, 3 skipped\n", []figure{{"", "12 passed, 0 failed, 3 skipped"}}},
		{"fuzz", "fuzz ./input FuzzCSV for 20x\nok\nfuzz ./srs FuzzPtau for 20x\n",
			[]figure{{"input FuzzCSV", "20x"}, {"srs FuzzPtau", "20x"}}},
		{"slither", "    slither_test.go:44: slither: 46 exports, nothing found\n",
			[]figure{{"slither", "46 exports, nothing found"}}},
		{"vectors", "    vectors_test.go:44: official tests: map[passed:3]\n",
			[]figure{{"official tests", "map[passed:3]"}}},
		{"agreement", "=== RUN   TestAgreement/lenet\n    agreement_test.go:83: private true: 99.95% agree\n",
			[]figure{{"lenet, private true", "99.95% agree"}}},
		{"graphs", "graphs: 9\n3: BEYOND: far\ngraphs at an edge: 2\n", []figure{{"", "9"}, {"at an edge", "2"}}},
		{"graphs", "graphs: skipped, as p has not onnx\n", []figure{{"", "skipped, as p has not onnx"}}},
		{"quantised", "    onnxruntime_test.go:96: lenet-qdq: 9 of 9 inputs the same bits\n",
			[]figure{{"lenet-qdq", "9 of 9 inputs the same bits"}}},
		{"bench", "model  rows\n\ntiny   10  \n", []figure{{"", "model  rows"}, {"", "tiny   10"}}},
		{"agreement", "nothing", nil},
	}
	for _, test := range tests {
		t.Run(test.part, func(t *testing.T) {
			p, err := choose([]string{test.part})
			if err != nil {
				t.Fatal(err)
			}
			got, err := p[0].figures(test.output, t.TempDir())
			if err != nil || len(got) != len(test.want) {
				t.Fatalf("%v, %v", got, err)
			}
			for i, f := range got {
				if f != test.want[i] {
					t.Errorf("%v, not %v", f, test.want[i])
				}
			}
		})
	}
}

func TestSumUp(t *testing.T) {
	counts := "gadget/max\tof two\t3\t1\t100\t0\trange 100\n" +
		"planted/none\tdivision\t3\t1\t7\t0\t\n" +
		"gadget/max\tof four\t9\t5\t50\t1\t\n"
	got, err := sumUp("circuits", counts)
	want := []figure{
		{"circuits, gadget", "2 cases, 150 attacks, 1 admitted"},
		{"circuits, gadgets beside planted faults", "1 cases, 7 attacks, 0 admitted"},
	}
	if err != nil || len(got) != 2 || got[0] != want[0] || got[1] != want[1] {
		t.Errorf("%v, %v", got, err)
	}
	for name, bad := range map[string]string{
		"too few cells": "gadget/max\tof two\n",
		"no count":      "a\tb\t3\t1\tmany\t0\t\n",
		"no admitted":   "a\tb\t3\t1\t1\tnone\t\n",
	} {
		if _, err := sumUp("circuits", bad); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
}

// TestRender checks that parts say whether they were run, and how that went.
func TestRender(t *testing.T) {
	root := t.TempDir()
	r := &result{Part: "fuzz", Versions: versions{"abc", "go1", "v1"}, Minutes: 3,
		Figures: []figure{{"input FuzzCSV", "20x"}}}
	if err := r.write(root); err != nil {
		t.Fatal(err)
	}
	got, err := render(root)
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		"| [fuzz](#fuzz) | failed | 3 min | abc |", "| input FuzzCSV | 20x |", "| bench | not run yet | | |",
		"Not run yet: rows, time",
	} {
		if !strings.Contains(got, want) {
			t.Errorf("%q is not in\n%s", want, got)
		}
	}
	if err := os.WriteFile(pathOf(root, "bench"), []byte("{"), 0o644); err != nil {
		t.Fatal(err)
	}
	if _, err := render(root); err == nil {
		t.Error("a result that is no JSON: no error")
	}
}
