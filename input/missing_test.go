package input

import (
	"encoding/binary"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestMissing: a value may be missing where the input says so, in every format of files that
// can say so, and nowhere else; infinity is refused everywhere.
func TestMissing(t *testing.T) {
	nan := math.NaN()
	npy := func(x ...float64) []byte {
		return npyBytes(t, 1, "<f8", "(1, 4)", false, binary.LittleEndian, x)
	}
	for _, c := range []struct {
		file   string
		data   []byte
		refuse string
	}{
		{"a.csv", []byte("1,,3,nan\n"), ""},
		{"b.csv", []byte("a,b,c,d\n1, ,3,NaN\n"), ""},
		{"c.csv", []byte("1,2,,4\n"), "element [0 2]: not a finite number"},
		{"d.csv", []byte("1,inf,3,4\n"), "element [0 1]: not a finite number"},
		{"e.csv", []byte("1,none,3,4\n"), "row 0, column 1 (line 1): not a finite number"},
		{"a.json", []byte("[1,null,3,null]"), ""},
		{"b.json", []byte("[null,2,3,4]"), "element [0 0]: not a finite number"},
		{"c.json", []byte(`[1,"",3,4]`), "at [1]: expected a number or a list"},
		{"a.npy", npy(1, nan, 3, nan), ""},
		{"b.npy", npy(1, 2, nan, 4), "element [0 2]: not a finite number"},
	} {
		path := filepath.Join(t.TempDir(), c.file)
		if err := os.WriteFile(path, c.data, 0o600); err != nil {
			t.Fatal(err)
		}
		spec := row4()
		spec.Missing = func(i int) bool { return i%2 == 1 }
		got, err := Read(path, nil, spec)
		switch {
		case c.refuse != "":
			if err == nil || !strings.Contains(err.Error(), c.refuse) {
				t.Errorf("%s: %v, want %q", c.file, err, c.refuse)
			}
		case err != nil || fmt.Sprint(got.Data) != "[1 NaN 3 NaN]":
			t.Errorf("%s: %v, %v", c.file, got, err)
		}
		if _, err := Read(path, nil, row4()); err == nil {
			t.Errorf("%s: taken where no value may be missing", c.file)
		}
	}
}
