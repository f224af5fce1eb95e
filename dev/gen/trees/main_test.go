package main

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"
)

// TestUpToDate checks that the picture is what the generator draws now, and that more trees
// and more thresholds cost more.
func TestUpToDate(t *testing.T) {
	c, err := chart(sizes)
	if err != nil {
		t.Fatal(err)
	}
	var want bytes.Buffer
	if err := c.Write(&want); err != nil {
		t.Fatal(err)
	}
	got, err := os.ReadFile(filepath.Join("..", "..", "..", page))
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, want.Bytes()) {
		t.Errorf("%s is not up to date; run go run ./dev/gen/trees", page)
	}
	for i, s := range c.Series {
		for k := 1; k < len(s.Points); k++ {
			if s.Points[k].Y <= s.Points[k-1].Y {
				t.Errorf("%s: %v", s.Name, s.Points)
			}
		}
		last := len(s.Points) - 1
		if i > 0 && s.Points[last].Y >= c.Series[i-1].Points[last].Y {
			t.Errorf("%s cost as much as %s", s.Name, c.Series[i-1].Name)
		}
	}
}
