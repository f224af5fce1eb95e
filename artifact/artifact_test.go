package artifact_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
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
			if m.Name != "digits" || m.Cost.Rows != c.Cost.Rows() || m.SRS != c.SRS ||
				!strings.Contains(string(m.Picture), "x/255 < 1") {
				t.Errorf("manifest: %+v", m)
			}
			key := b.Key()
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
				artifact.SaltFile: true, artifact.KeyFile: true, artifact.ManifestFile: true,
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

// failing is a file whose writing fails half way.
type failing struct{ err error }

func (f failing) WriteTo(w io.Writer) (int64, error) {
	if _, err := w.Write(make([]byte, 1<<17)); err != nil {
		return 0, err
	}
	return 0, f.err
}

// after is a context that is cancelled once it was asked so many times.
type after struct {
	context.Context
	left int
}

func (a *after) Err() error {
	if a.left--; a.left < 0 {
		return context.Canceled
	}
	return nil
}

func TestNothingPartialIsLeft(t *testing.T) {
	c := public().Contents(t, 1)
	done, stop := context.WithCancel(context.Background())
	stop()
	for name, x := range map[string]struct {
		ctx   context.Context
		spoil func(*artifact.Contents)
		want  error
	}{
		"cancelled on the way": {&after{context.Background(), 3}, func(*artifact.Contents) {}, context.Canceled},
		"cancelled before":     {done, func(*artifact.Contents) {}, context.Canceled},
		"no program": {context.Background(),
			func(c *artifact.Contents) { p := *c.Program; p.Outputs = []int{99}; c.Program = &p }, nil},
		"salt of public": {context.Background(), func(c *artifact.Contents) {
			c.Salt = private().Contents(t, 1).Salt
		}, nil},
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

// TestFullDisk: what cannot be written whole is not there at all.
func TestFullDisk(t *testing.T) {
	c := private().Contents(t, 1)
	c.Architecture = failing{syscall.ENOSPC}
	parent := t.TempDir()
	if _, err := artifact.Write(context.Background(), filepath.Join(parent, "m.zkml"), c); !errors.Is(err,
		syscall.ENOSPC) {
		t.Errorf("got %v", err)
	}
	if entries, _ := os.ReadDir(parent); len(entries) != 0 {
		t.Errorf("left behind: %v", entries)
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
			return errors.Join(os.Mkdir(d, 0o755), os.WriteFile(filepath.Join(d, artifact.ManifestFile),
				[]byte(`{"name":"app"}`), 0o600))
		}, "was not written by zkml"},
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
