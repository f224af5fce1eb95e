package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestUpToDate checks that the page is what the records say now.
func TestUpToDate(t *testing.T) {
	root := filepath.Join("..", "..", "..")
	want, err := render(root)
	if err != nil {
		t.Fatal(err)
	}
	got, err := os.ReadFile(filepath.Join(root, page))
	if err != nil {
		t.Fatal(err)
	}
	if string(got) != want {
		t.Errorf("%s is not up to date; run go run ./dev/gen/soundness", page)
	}
}

func TestFill(t *testing.T) {
	row := []string{"max", "12", "3", "1500", "0", "range lookup 1500"}
	got, err := fill("{attacks}, {admitted}:\n{gadget}", map[string][][]string{"gadget": {row}, "without a fault": {row}})
	if err != nil {
		t.Fatal(err)
	}
	if !strings.HasPrefix(got, "1,500, 0:\n| gadget | gates |") || !strings.HasSuffix(got, "| range lookup 1500 |") {
		t.Error(got)
	}
	for name, bad := range map[string]map[string][][]string{
		"unknown section": {"pets": {{"cat"}}},
		"short row":       {"gadget": {{"max"}}},
		"no number":       {"gadget": {{"max", "1", "1", "many", "0", ""}}},
		"no count":        {"gadget": {{"max", "1", "1", "1", "none", ""}}},
	} {
		if _, err := fill("", bad); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
}
