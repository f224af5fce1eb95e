package main

import (
	"os"
	"path/filepath"
	"runtime"
	"testing"
)

// source is the release of Go that libm was taken from.
const source = "go1.26.8"

// TestUpToDate checks that the package is what the generator writes now.
func TestUpToDate(t *testing.T) {
	if runtime.Version() != source {
		t.Skipf("libm was taken from %s, this is %s", source, runtime.Version())
	}
	files, err := renderAll()
	if err != nil {
		t.Fatal(err)
	}
	for name, want := range files {
		got, err := os.ReadFile(filepath.Join("..", "..", "..", "libm", name))
		if err != nil {
			t.Fatal(err)
		}
		if string(got) != string(want) {
			t.Errorf("libm/%s is not up to date; run go generate ./libm", name)
		}
	}
}
