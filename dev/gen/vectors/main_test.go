package main

import (
	"os"
	"path/filepath"
	"testing"
)

// TestUpToDate: the vectors are what the code computes now. A change of one is a change of
// every commitment or key that was made before.
func TestUpToDate(t *testing.T) {
	want, err := render()
	if err != nil {
		t.Fatal(err)
	}
	got, err := os.ReadFile(filepath.Join("..", "..", "..", file))
	if err != nil {
		t.Fatal(err)
	}
	if string(got) != string(want) {
		t.Errorf("%s is not what the code computes; if that is meant, run go run ./dev/gen/vectors", file)
	}
}
