package artifact_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"syscall"
	"testing"

	"github.com/zkml-go/zkml/artifact"
	"github.com/zkml-go/zkml/circuits"
	"github.com/zkml-go/zkml/program"
	"github.com/zkml-go/zkml/testkit/artifacttest"
	"github.com/zkml-go/zkml/visibility"
)

func public() artifacttest.Network {
	return artifacttest.Small(visibility.Private{}, visibility.Class)
}

func private() artifacttest.Network {
	return artifacttest.Small(visibility.Private{Model: true}, visibility.Class)
}

// files reads a folder whole.
func files(t testing.TB, dir string) map[string][]byte {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	out := map[string][]byte{}
	for _, e := range entries {
		data, err := os.ReadFile(filepath.Join(dir, e.Name()))
		if err != nil {
			t.Fatal(err)
		}
		out[e.Name()] = data
	}
	return out
}

// stored is a program's stored form: one that was counted knows more of itself than one
// that was read, and is no other for it.
func stored(t *testing.T, m circuits.Model) []byte {
	t.Helper()
	data, err := program.Encode(m.(*program.Program))
	if err != nil {
		t.Fatal(err)
	}
	return data
}

func TestBundleComesBack(t *testing.T) {
	for name, n := range map[string]artifacttest.Network{"public": public(), "private": private()} {
		t.Run(name, func(t *testing.T) {
			c := n.Contents(t, 1)
			b := artifacttest.Write(t, filepath.Join(t.TempDir(), "digits.zkml"), c)
			if err := b.Check(); err != nil {
				t.Fatal(err)
			}
			s, err := b.Statement()
			if err != nil {
				t.Fatal(err)
			}
			want := c.Statement()
			if got, was := stored(t, s.Model), stored(t, want.Model); !bytes.Equal(got, was) {
				t.Error("the program came back changed")
			}
			if s.Model = want.Model; !reflect.DeepEqual(s, want) {
				t.Error("the statement came back changed")
			}
			model, err := b.Model()
			if err != nil || !bytes.Equal(model, c.Model) {
				t.Errorf("the model came back as %q, %v", model, err)
			}
			m := b.Manifest
			if m.Name != "digits" || m.Cost.Rows != c.Cost.Rows() || m.SRS != c.SRS || !strings.Contains(string(m.Picture), "x/255 < 1") {
				t.Errorf("manifest: %+v", m)
			}
			key, err := b.Key()
			if err != nil {
				t.Fatal(err)
			}
			if key.VKSHA256 != m.VKSHA256 || (key.ModelSHA256 == "") != n.Private.Model {
				t.Errorf("key: %s, model %q", key.VKSHA256, key.ModelSHA256)
			}
		})
	}
}

func TestCompilingTwiceGivesTheSameBytes(t *testing.T) {
	for name, n := range map[string]artifacttest.Network{"public": public(), "private": private()} {
		t.Run(name, func(t *testing.T) {
			first, second := files(t, n.Bundle(t, 1).Dir), files(t, n.Bundle(t, 1).Dir)
			salted := map[string]bool{
				artifact.SaltFile: true, artifact.CircuitFile: true, artifact.KeyFile: true, artifact.ManifestFile: true,
			}
			for file := range first {
				same := bytes.Equal(first[file], second[file])
				if want := !n.Private.Model || !salted[file]; same != want {
					t.Errorf("%s: the same bytes: %t", file, same)
				}
			}
		})
	}
}

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
		"no manifest":       {func(f map[string][]byte) { delete(f, artifact.ManifestFile) }, "is no bundle"},
		"empty manifest":    {func(f map[string][]byte) { f[artifact.ManifestFile] = nil }, "manifest.json is damaged"},
		"other version":     {replace(artifact.ManifestFile, `"version": 2`, `"version": 1`), "version 1 (written by zkml test), this zkml reads version 2"},
		"other gnark":       {replace(artifact.ManifestFile, `"gnark": "0.`, `"gnark": "9.`), "compile the model again"},
		"edited manifest":   {replace(artifact.ManifestFile, `"digit": 4`, `"digit": 5`), "does not match its digest"},
		"spaced manifest":   {replace(artifact.ManifestFile, `"digit": 4`, `"digit":  4`), "does not match its digest"},
		"no program":        {func(f map[string][]byte) { delete(f, artifact.ProgramFile) }, "program.cbor is missing"},
		"no circuit":        {func(f map[string][]byte) { delete(f, artifact.CircuitFile) }, "circuit.bin is missing"},
		"no salt":           {func(f map[string][]byte) { delete(f, artifact.SaltFile) }, "salt.private.json is missing"},
		"longer circuit":    {func(f map[string][]byte) { f[artifact.CircuitFile] = append(bytes.Clone(f[artifact.CircuitFile]), 0) }, "circuit.bin was changed"},
		"other bundle's":    {func(f map[string][]byte) { f[artifact.KeyFile] = f[artifact.ProgramFile] }, "verifying-key.json was changed"},
		"cut model":         {func(f map[string][]byte) { f[artifact.ModelFile] = f[artifact.ModelFile][1:] }, "model.onnx was changed"},
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

func TestModes(t *testing.T) {
	for name, n := range map[string]artifacttest.Network{"public": public(), "private": private()} {
		t.Run(name, func(t *testing.T) {
			dir := n.Bundle(t, 1).Dir
			for file := range files(t, dir) {
				info, err := os.Stat(filepath.Join(dir, file))
				if err != nil {
					t.Fatal(err)
				}
				hidden := n.Private.Model && file != artifact.KeyFile
				if others := info.Mode().Perm()&0o077 != 0; hidden && others {
					t.Errorf("%s of a private model has mode %v", file, info.Mode())
				}
			}
		})
	}
}

// interrupted is a circuit whose writing fails half way.
type interrupted struct{ err func() error }

func (i interrupted) WriteTo(w io.Writer) (int64, error) {
	if _, err := w.Write(make([]byte, 1<<17)); err != nil {
		return 0, err
	}
	err := i.err()
	if err == nil {
		_, err = w.Write(make([]byte, 1<<17))
	}
	return 0, err
}

func TestNothingPartialIsLeft(t *testing.T) {
	c := public().Contents(t, 1)
	ctx, cancel := context.WithCancel(context.Background())
	done, stop := context.WithCancel(context.Background())
	stop()
	for name, x := range map[string]struct {
		ctx   context.Context
		spoil func(*artifact.Contents)
		want  error
	}{
		"full disk":            {context.Background(), func(c *artifact.Contents) { c.Circuit = interrupted{func() error { return syscall.ENOSPC }} }, syscall.ENOSPC},
		"cancelled on the way": {ctx, func(c *artifact.Contents) { c.Circuit = interrupted{func() error { cancel(); return nil }} }, context.Canceled},
		"cancelled before":     {done, func(*artifact.Contents) {}, context.Canceled},
		"no program":           {context.Background(), func(c *artifact.Contents) { p := *c.Program; p.Outputs = []int{99}; c.Program = &p }, nil},
		"salt of public":       {context.Background(), func(c *artifact.Contents) { c.Salt = private().Contents(t, 1).Salt }, nil},
	} {
		for _, older := range []bool{false, true} {
			t.Run(fmt.Sprintf("%s, older bundle %t", name, older), func(t *testing.T) {
				parent := t.TempDir()
				dir := filepath.Join(parent, "m.zkml")
				want := map[string][]byte{}
				if older {
					artifacttest.Write(t, dir, c)
					want = files(t, dir)
				}
				changed := *c
				x.spoil(&changed)
				_, err := artifact.Write(x.ctx, dir, &changed)
				if err == nil || x.want != nil && !errors.Is(err, x.want) {
					t.Fatalf("got %v, want %v", err, x.want)
				}
				entries, _ := os.ReadDir(parent)
				if older {
					if len(entries) != 1 || !reflect.DeepEqual(files(t, dir), want) {
						t.Errorf("the older bundle is changed, or not alone: %v", entries)
					}
				} else if len(entries) != 0 {
					t.Errorf("left behind: %v", entries)
				}
			})
		}
	}
}

func TestTargets(t *testing.T) {
	c, secret := public().Contents(t, 1), private().Contents(t, 1)
	for name, x := range map[string]struct {
		make func(dir string) error
		want string // "" where the bundle is written
	}{
		"nothing":      {func(string) error { return nil }, ""},
		"empty folder": {func(d string) error { return os.Mkdir(d, 0o755) }, ""},
		"older bundle": {func(d string) error { _, err := artifact.Write(context.Background(), d, c); return err }, ""},
		"older private bundle": {func(d string) error {
			_, err := artifact.Write(context.Background(), d, secret)
			return err
		}, "it holds the salt"},
		"a file": {func(d string) error { return os.WriteFile(d, nil, 0o600) }, "is a file"},
		"folder of files": {func(d string) error {
			return errors.Join(os.Mkdir(d, 0o755), os.WriteFile(filepath.Join(d, "thesis.txt"), nil, 0o600))
		}, "in the way: it has no manifest.json"},
		"other manifest": {func(d string) error {
			return errors.Join(os.Mkdir(d, 0o755), os.WriteFile(filepath.Join(d, artifact.ManifestFile), []byte(`{"name":"app"}`), 0o600))
		}, "not one of zkml"},
		"bundle and more": {func(d string) error {
			_, err := artifact.Write(context.Background(), d, c)
			return errors.Join(err, os.WriteFile(filepath.Join(d, "thesis.txt"), nil, 0o600))
		}, "it also holds thesis.txt"},
		"link to an older bundle": {func(d string) error {
			real := d + "-real"
			_, err := artifact.Write(context.Background(), real, c)
			return errors.Join(err, os.Symlink(real, d))
		}, ""},
	} {
		t.Run(name, func(t *testing.T) {
			dir := filepath.Join(t.TempDir(), "m.zkml")
			if err := x.make(dir); err != nil {
				t.Fatal(err)
			}
			_, err := artifact.Write(context.Background(), dir, c)
			if x.want == "" {
				if err != nil || check(dir) != nil {
					t.Fatalf("write: %v, check: %v", err, check(dir))
				}
				return
			}
			if err == nil || !strings.Contains(err.Error(), x.want) {
				t.Fatalf("got %v, want an error with %q", err, x.want)
			}
		})
	}
}

func TestUnwritableFolder(t *testing.T) {
	c := public().Contents(t, 1)
	parent := t.TempDir()
	file := filepath.Join(parent, "file")
	rewrite(t, file, nil)
	closed := filepath.Join(parent, "closed")
	if err := os.Mkdir(closed, 0o555); err != nil {
		t.Fatal(err)
	}
	for name, dir := range map[string]string{
		"parent is a file": filepath.Join(file, "m.zkml"),
		"no parent":        filepath.Join(parent, "not", "there", "m.zkml"),
		"no permission":    filepath.Join(closed, "m.zkml"),
	} {
		t.Run(name, func(t *testing.T) {
			if name == "no permission" && os.Geteuid() == 0 {
				t.Skip("root may write anywhere")
			}
			_, err := artifact.Write(context.Background(), dir, c)
			if err == nil || !strings.Contains(err.Error(), "choose another place") {
				t.Fatalf("got %v", err)
			}
		})
	}
}

func TestFind(t *testing.T) {
	for name, c := range map[string]struct {
		folders, files []string
		want, err      string
	}{
		"one":       {[]string{"a.zkml", "src"}, []string{"b.zkml"}, "a.zkml", ""},
		"none":      {[]string{"src"}, []string{"a.onnx", ".hidden"}, "", "which holds a.onnx, src"},
		"empty":     {nil, nil, "", "which holds nothing"},
		"several":   {[]string{"a.zkml", "b.zkml"}, nil, "", "2 bundles in"},
		"and which": {[]string{"a.zkml", "b.zkml"}, nil, "", "a.zkml, b.zkml"},
		"many":      {nil, strings.Fields("a b c d e f g h i j k l m n"), "", "and 2 more"},
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			for _, f := range c.folders {
				if err := os.Mkdir(filepath.Join(dir, f), 0o755); err != nil {
					t.Fatal(err)
				}
			}
			for _, f := range c.files {
				rewrite(t, filepath.Join(dir, f), nil)
			}
			got, err := artifact.Find(dir)
			if c.err == "" && (err != nil || got != filepath.Join(dir, c.want)) {
				t.Fatalf("got %q, %v", got, err)
			}
			if c.err != "" && (err == nil || !strings.Contains(err.Error(), c.err)) {
				t.Fatalf("got %v, want an error with %q", err, c.err)
			}
		})
	}
}

func TestOpenNothing(t *testing.T) {
	dir := t.TempDir()
	file := filepath.Join(dir, "f")
	rewrite(t, file, nil)
	for _, path := range []string{filepath.Join(dir, "not-there"), file, dir} {
		if _, err := artifact.Open(path); err == nil || !strings.Contains(err.Error(), "zkml compile") {
			t.Errorf("%s: got %v", path, err)
		}
	}
}
