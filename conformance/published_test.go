package conformance

import (
	"bytes"
	"encoding/json"
	"math/rand"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"testing"

	"github.com/zkml-go/zkml/prover"
	"github.com/zkml-go/zkml/testkit/artifacttest"
	"github.com/zkml-go/zkml/verifier"
)

// fields reads a published file as a table.
func fields(t *testing.T, file any) map[string]any {
	t.Helper()
	text, err := json.Marshal(file)
	out := map[string]any{}
	if err == nil {
		err = json.Unmarshal(text, &out)
	}
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// differing lists the fields in which two tables differ.
func differing(a, b map[string]any) []string {
	var out []string
	for name := range a {
		if !reflect.DeepEqual(a[name], b[name]) {
			out = append(out, name)
		}
	}
	slices.Sort(out)
	return out
}

// TestPublishedFilesTellNoWeights compiles many models of one architecture: what
// is published of them differs in commitments, their digests and openings alone.
func TestPublishedFilesTellNoWeights(t *testing.T) {
	weights := map[string]func(layer, row, column int) int64{
		"random":    nil,
		"zero":      func(int, int, int) int64 { return 0 },
		"equal":     func(int, int, int) int64 { return 3 },
		"negative":  func(int, int, int) int64 { return -4 },
		"alternate": func(_, i, j int) int64 { return int64((i+j)%2)*2 - 1 },
		"one":       func(_, i, j int) int64 { return int64(1 / (1 + i + j)) },
	}
	first := honest()
	for name, w := range weights {
		t.Run(name, func(t *testing.T) {
			n := small()
			n.Weight = w
			m := newModel(t, n, 7)
			if !bytes.Equal(m.arch.bytes(), first.arch.bytes()) {
				t.Error("architecture.json differs")
			}
			if got, want := differing(fields(t, m.key), fields(t, first.key)),
				[]string{"vk", "vk_sha256"}; !slices.Equal(got, want) {
				t.Errorf("verifying-key.json differs in %v, not in %v alone", got, want)
			}
			vk, other := *m.setup.VK, *first.setup.VK
			vk.Ql, vk.Qr, vk.Qk = other.Ql, other.Qr, other.Qk
			if !reflect.DeepEqual(vk, other) {
				t.Error("the key differs in more than qL, qR and qK")
			}
			if got, want := differing(fields(t, m.proof), fields(t, first.proof)),
				[]string{"opening", "plonk_key_sha256", "quotients", "values"}; !slices.Equal(got, want) {
				t.Errorf("conformance.json differs in %v, not in %v alone", got, want)
			}
		})
	}
}

// TestSaltedAnew makes the published files of one model twice: the salt changes
// every commitment and every opening.
func TestSaltedAnew(t *testing.T) {
	a, b := newModel(t, small(), 1), honest()
	for i := range a.proof.Values {
		if a.proof.Values[i] == b.proof.Values[i] {
			t.Errorf("value %d is the same", i)
		}
	}
	for i := range a.proof.Quotients {
		if a.proof.Quotients[i] == b.proof.Quotients[i] {
			t.Errorf("quotient %d is the same", i)
		}
	}
}

// TestProofsShareNoWord makes 50 proofs of one private model about one input. But
// for what they state, no 32 bytes of any two are the same: nothing in them is a
// function of model and input.
func TestProofsShareNoWord(t *testing.T) {
	n := small()
	b := artifacttest.Write(t, filepath.Join(t.TempDir(), "m.zkml"), n.ContentsWith(t, 1, options))
	input := n.Input(rand.New(rand.NewSource(1)))
	seen := map[verifier.Word]int{}
	for number := range 50 {
		r, err := prover.Prove(ctx, b, [][]int64{input}, prover.ProveOptions{Options: options})
		if err != nil {
			t.Fatal(err)
		}
		for word := range slices.Chunk(r.Proof.Proof, len(verifier.Word{})) {
			if before, ok := seen[verifier.Word(word)]; ok {
				t.Fatalf("proof %d has a word of proof %d", number, before)
			}
			seen[verifier.Word(word)] = number
		}
	}
}

func readableByOthers(t *testing.T, path string) bool {
	t.Helper()
	info, err := os.Stat(path)
	if err != nil {
		t.Fatal(err)
	}
	return info.Mode().Perm()&0o077 != 0
}

// TestBundleHasNoOtherPublicFiles keeps the files that others may read to those
// that the tests above look at.
func TestBundleHasNoOtherPublicFiles(t *testing.T) {
	m := honest()
	c := small().Contents(t, 1)
	c.Architecture, c.Conformance = m.arch, m.proof
	dir := filepath.Join(t.TempDir(), "m.zkml")
	artifacttest.Write(t, dir, c)
	names, err := filepath.Glob(filepath.Join(dir, "*"))
	if err != nil {
		t.Fatal(err)
	}
	var public []string
	for _, name := range names {
		if readableByOthers(t, name) {
			public = append(public, filepath.Base(name))
		}
	}
	if want := []string{"architecture.json", "conformance.json", "verifying-key.json"}; !slices.Equal(public, want) {
		t.Errorf("others may read %v, not %v", public, want)
	}
}
