package optest_test

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/zkml-go/zkml/testkit/optest"
)

var update = flag.Bool("update", false, "rewrite testdata/vectors.txt")

// TestVectors runs the official node tests. testdata/vectors.txt records what
// became of each, so that none is lost unseen; docs/operators.md shows it.
func TestVectors(t *testing.T) {
	folder := os.Getenv("ZKML_ONNX_TESTDATA")
	if folder == "" {
		folder = filepath.Join("..", "..", "..", "build", "onnx-testdata")
	}
	if _, err := os.Stat(folder); err != nil {
		t.Skipf("no official vectors in %s; fetch them with scripts/onnx-testdata.sh", folder)
	}
	verdicts, err := optest.Vectors(folder)
	if err != nil {
		t.Fatal(err)
	}
	count := map[optest.Outcome]int{}
	var b strings.Builder
	for _, v := range verdicts {
		count[v.Outcome]++
		if v.Wrong != nil {
			t.Errorf("%s: %v", v.Test, v.Wrong)
		}
		fmt.Fprintf(&b, "%s\t%s\t%s\t%s\n", v.Outcome, v.Op, v.Test, v.Reason)
	}
	share := optest.Shares(verdicts)
	t.Logf("official tests: %v; of those that make sense %d of %d pass, of galleries' operators %d of %d", count,
		share.Passed, share.Of, share.GalleryPassed, share.GalleryOf)
	golden(t, filepath.Join("testdata", "vectors.txt"), b.String())
}

// golden compares text with a file, or rewrites it.
func golden(t *testing.T, path, got string) {
	t.Helper()
	if *update {
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if got != string(want) {
		t.Errorf("%s is not up to date; look at the difference after go test ./testkit/optest -update", path)
	}
}

// TestSense checks that each pattern of the list speaks of a test that there is, and that none
// that passes is called senseless.
func TestSense(t *testing.T) {
	record, err := os.ReadFile(filepath.Join("testdata", "vectors.txt"))
	if err != nil {
		t.Fatal(err)
	}
	list, err := os.ReadFile(filepath.Join("testdata", "senseless.txt"))
	if err != nil {
		t.Fatal(err)
	}
	met := map[string]bool{}
	for line := range strings.Lines(string(record)) {
		f := strings.Split(line, "\t")
		why := optest.Senseless(f[2])
		met[why] = true
		if why != "" && f[0] == string(optest.Passed) {
			t.Errorf("%s passes, and is in the list of what makes no sense: %s", f[2], why)
		}
	}
	for line := range strings.Lines(string(list)) {
		if _, why, ok := strings.Cut(strings.TrimSuffix(line, "\n"), "\t"); !ok || !met[why] {
			t.Errorf("no official test is of the line %q", line)
		}
	}
}
