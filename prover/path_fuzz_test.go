package prover_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"math/rand"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"testing"

	"github.com/zkml-go/zkml/artifact"
	"github.com/zkml-go/zkml/jsonfile"
	"github.com/zkml-go/zkml/prover"
	"github.com/zkml-go/zkml/testkit/artifacttest"
	"github.com/zkml-go/zkml/verifier"
	"github.com/zkml-go/zkml/visibility"
)

// mostProved is the most that one proof within the budgets of Few may allocate.
const mostProved = 64 << 20

// handed are the parts of a bundle that somebody hands over. A folder is put together
// from them with every digest right, so that what stands behind the digests is reached.
type handed struct{ manifest, vk, program, salt, input []byte }

// parts are those of a network's bundle.
func parts(tb testing.TB, n artifacttest.Network) handed {
	tb.Helper()
	dir := n.Bundle(tb, 1).Dir
	read := func(name string) []byte {
		data, err := os.ReadFile(filepath.Join(dir, name))
		if err != nil {
			tb.Fatal(err)
		}
		return data
	}
	key, err := verifier.ReadKey(bytes.NewReader(read(artifact.KeyFile)))
	if err != nil {
		tb.Fatal(err)
	}
	h := handed{manifest: read(artifact.ManifestFile), vk: key.VK, program: read(artifact.ProgramFile)}
	if n.Private.Model {
		h.salt = read(artifact.SaltFile)
	}
	for _, x := range n.Input(rand.New(rand.NewSource(2))) {
		h.input = append(h.input, byte(x))
	}
	return h
}

// bundle writes the parts to dir; nil where they cannot be a bundle.
func (h handed) bundle(t *testing.T, dir string) *artifact.Bundle {
	t.Helper()
	m := new(artifact.Manifest)
	if json.Unmarshal(h.manifest, m) != nil {
		return nil
	}
	key := &verifier.Key{Version: verifier.KeyVersion, Tool: m.Tool, Layout: m.Layout, VK: h.vk, Formats: m.Formats,
		SRS: verifier.SRS{Source: m.SRS.Source, Power: m.SRS.Power, SHA256: m.SRS.Digest, TauG2: m.SRS.TauG2,
			Unsafe: m.SRS.Unsafe}}
	if !m.Layout.PrivateModel() {
		key.ModelSHA256 = m.ModelSHA256
	}
	var err error
	if key.VKSHA256, err = key.Digest(); err != nil {
		return nil
	}
	m.VKSHA256 = key.VKSHA256
	files := map[string][]byte{
		artifact.KeyFile: text(t, key), artifact.ProgramFile: h.program, artifact.SaltFile: h.salt,
	}
	for i, f := range m.Files {
		data, ok := files[f.Name]
		if !ok {
			continue
		}
		sum := sha256.Sum256(data)
		m.Files[i].Size, m.Files[i].SHA256 = int64(len(data)), hex.EncodeToString(sum[:])
	}
	m.Digest = ""
	sum := sha256.Sum256(text(t, m))
	m.Digest = hex.EncodeToString(sum[:])
	files[artifact.ManifestFile] = text(t, m)
	for name, data := range files {
		if err := os.WriteFile(filepath.Join(dir, name), data, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	b, err := artifact.Open(dir)
	if err != nil {
		return nil
	}
	return b
}

func text(t *testing.T, v any) []byte {
	t.Helper()
	var out bytes.Buffer
	if _, err := jsonfile.Write(&out, v); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// prove takes a bundle the whole way. The input's bytes are the elements of its inputs,
// one after the other.
func (h handed) prove(t *testing.T, dir string) (*prover.Result, error) {
	t.Helper()
	b := h.bundle(t, dir)
	if b == nil {
		return nil, os.ErrInvalid
	}
	var inputs [][]int64
	rest := h.input
	for _, p := range b.Manifest.Layout.Inputs() {
		in := make([]int64, min(p.Count(), len(rest)))
		for i := range in {
			in[i] = int64(int8(rest[i]))
		}
		inputs, rest = append(inputs, in), rest[len(in):]
	}
	return prover.Prove(context.Background(), b, inputs, prover.ProveOptions{Options: unsafeSRS()})
}

// handedSeeds are bundles of a public model with a private input, and of a private model.
func handedSeeds(tb testing.TB) []handed {
	tb.Helper()
	hidden := artifacttest.Small(visibility.Private{Model: true}, visibility.Class)
	hidden.Salt = 1 // the same key in every process of a fuzz run
	return []handed{
		parts(tb, artifacttest.Small(visibility.Private{Input: true}, visibility.Class)), parts(tb, hidden),
	}
}

// FuzzProve takes a bundle the whole way: an error or a proof, within bounded memory,
// and no proof with a key that is none of the seeds'.
func FuzzProve(f *testing.F) {
	seeds := handedSeeds(f)
	artifacttest.Few(f)
	for _, s := range seeds {
		f.Add(s.manifest, s.vk, s.program, s.salt, s.input)
	}
	dir := f.TempDir()
	f.Fuzz(func(t *testing.T, manifest, vk, program, salt, input []byte) {
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		_, err := handed{manifest, vk, program, salt, input}.prove(t, dir)
		runtime.ReadMemStats(&after)
		if n := after.TotalAlloc - before.TotalAlloc; n > mostProved {
			t.Errorf("%d bytes were allocated", n)
		}
		if err == nil && !slices.ContainsFunc(seeds, func(s handed) bool { return bytes.Equal(s.vk, vk) }) {
			t.Error("a key that no setup made has a proof")
		}
	})
}

// TestFuzzedBundlesReachTheEnd: the seeds are proved within the budgets of the fuzz
// target, or it would examine nothing but the first errors.
func TestFuzzedBundlesReachTheEnd(t *testing.T) {
	seeds := handedSeeds(t)
	artifacttest.Few(t)
	for _, s := range seeds {
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		if _, err := s.prove(t, t.TempDir()); err != nil {
			t.Error(err)
		}
		runtime.ReadMemStats(&after)
		t.Logf("%d bytes are allocated", after.TotalAlloc-before.TotalAlloc)
	}
}
