package artifact_test

import (
	"bytes"
	"errors"
	"math/rand"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/zkml-go/zkml/artifact"
)

func TestFlippedBytesAreRefused(t *testing.T) {
	b := private().Bundle(t, 1)
	for name, data := range files(t, b.Dir) {
		t.Run(name, func(t *testing.T) {
			r := rand.New(rand.NewSource(1))
			places := []int{0, len(data) - 1}
			for range 20 {
				places = append(places, r.Intn(len(data)))
			}
			path := filepath.Join(b.Dir, name)
			for _, at := range places {
				flipped := bytes.Clone(data)
				flipped[at] ^= 1 << r.Intn(8)
				rewrite(t, path, flipped)
				if err := check(b.Dir); err == nil {
					t.Errorf("byte %d is flipped, and nobody says so", at)
				}
			}
			rewrite(t, path, data)
			if err := check(b.Dir); err != nil {
				t.Errorf("put back: %v", err)
			}
		})
	}
}

func check(dir string) error {
	b, err := artifact.Open(dir)
	if err != nil {
		return err
	}
	return b.Check()
}

func rewrite(t testing.TB, path string, data []byte) {
	t.Helper()
	if err := os.WriteFile(path, data, 0o600); err != nil {
		t.Fatal(err)
	}
}

func TestDamageIsNamed(t *testing.T) {
	good := files(t, private().Bundle(t, 1).Dir)
	replace := func(file, old, new string) func(map[string][]byte) {
		return func(f map[string][]byte) { f[file] = bytes.Replace(f[file], []byte(old), []byte(new), 1) }
	}
	for name, c := range map[string]struct {
		spoil func(map[string][]byte)
		want  string
	}{
		"no manifest":    {func(f map[string][]byte) { delete(f, artifact.ManifestFile) }, "is not a bundle"},
		"empty manifest": {func(f map[string][]byte) { f[artifact.ManifestFile] = nil }, "manifest.json is damaged"},
		"other version": {replace(artifact.ManifestFile, `"version": 2`, `"version": 1`),
			"version 1 (written by zkml test), this zkml reads version 2"},
		"other gnark": {replace(artifact.ManifestFile, `"gnark": "0.`, `"gnark": "9.`),
			"compile the model again"},
		"edited manifest": {replace(artifact.ManifestFile, `"digit": 4`, `"digit": 5`), "does not match its digest"},
		"spaced manifest": {replace(artifact.ManifestFile, `"digit": 4`, `"digit":  4`), "does not match its digest"},
		"no program":      {func(f map[string][]byte) { delete(f, artifact.ProgramFile) }, "program.cbor is missing"},
		"no salt": {func(f map[string][]byte) { delete(f, artifact.SaltFile) },
			"salt.private.json is missing"},
		"longer program": {func(f map[string][]byte) {
			f[artifact.ProgramFile] = append(bytes.Clone(f[artifact.ProgramFile]), 0)
		}, "program.cbor was changed"},
		"other bundle's": {func(f map[string][]byte) { f[artifact.KeyFile] = f[artifact.ProgramFile] },
			"verifying-key.json was changed"},
		"cut model": {func(f map[string][]byte) { f[artifact.ModelFile] = f[artifact.ModelFile][1:] },
			"model.onnx was changed"},
		"unknown field":     {replace(artifact.ManifestFile, `"digit"`, `"dibit"`), "damaged"},
		"manifest of words": {func(f map[string][]byte) { f[artifact.ManifestFile] = []byte("hello") }, "damaged"},
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			changed := map[string][]byte{}
			for k, v := range good {
				changed[k] = v
			}
			c.spoil(changed)
			for k, v := range changed {
				rewrite(t, filepath.Join(dir, k), v)
			}
			if err := check(dir); err == nil || !strings.Contains(err.Error(), c.want) {
				t.Fatalf("got %v, want an error with %q", err, c.want)
			}
		})
	}
}

// TestOnlyRegularFilesAreRead: a pipe in a bundle would be waited for without end.
func TestOnlyRegularFilesAreRead(t *testing.T) {
	for _, name := range []string{artifact.ManifestFile, artifact.ProgramFile} {
		dir := public().Bundle(t, 1).Dir
		path := filepath.Join(dir, name)
		if err := errors.Join(os.Remove(path), os.Mkdir(path, 0o700)); err != nil {
			t.Fatal(err)
		}
		if err := check(dir); err == nil || !strings.Contains(err.Error(), name+" is not a regular file") {
			t.Errorf("%s: got %v", name, err)
		}
	}
}
