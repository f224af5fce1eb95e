package onnx

import (
	"bytes"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// external is the external_data of a tensor, as key, value, key, value...
func external(entries ...string) msg {
	m := msg{}.num(14, 1)
	for i := 0; i < len(entries); i += 2 {
		m = m.sub(13, msg{}.str(1, entries[i]).str(2, entries[i+1]))
	}
	return m
}

// externalFolder holds w.bin, sub/w.bin, and a link to a file outside.
func externalFolder(t *testing.T) string {
	outside := filepath.Join(t.TempDir(), "secret")
	write(t, outside, "12345678")
	dir := t.TempDir()
	write(t, filepath.Join(dir, "w.bin"), "head"+float32s(1, -2)+"tail")
	if err := os.Mkdir(filepath.Join(dir, "sub"), 0o700); err != nil {
		t.Fatal(err)
	}
	write(t, filepath.Join(dir, "sub", "w.bin"), float32s(1, -2))
	write(t, filepath.Join(dir, "large.bin"), "version https://git-lfs.github.com/spec/v1\noid sha256:4d7a\nsize 8\n")
	if err := os.Symlink(outside, filepath.Join(dir, "link")); err != nil {
		t.Skipf("no symbolic links here: %v", err)
	}
	return dir
}

// externalRows are references to a folder made by externalFolder.
var externalRows = []struct {
	name, want string // "" where the tensor is read
	entries    []string
}{
	{"offset and length", "", list("location", "w.bin", "offset", "4", "length", "8")},
	{"no length", "", list("location", "w.bin", "offset", "4", "checksum", "00")},
	{"sub-folder", "", list("location", "sub/w.bin")},
	{"no location", "no location", list("offset", "4")},
	{"missing", `"no.bin" is missing; put it beside the model`, list("location", "no.bin")},
	{"absolute", "is not inside the model's folder", list("location", "/outside/w.bin")},
	{"parent", "is not inside the model's folder", list("location", "../secret")},
	{"hidden parent", "is not inside the model's folder", list("location", "sub/../../secret")},
	{"link", "escapes", list("location", "link")},
	{"folder", "is not a regular file", list("location", "sub")},
	{"Git LFS pointer", "\"large.bin\" is a Git LFS pointer in place of the data; fetch the data with `git lfs pull`",
		list("location", "large.bin")},
	{"Git LFS pointer, too short", `"large.bin" is a Git LFS pointer`, list("location", "large.bin", "offset", "4096")},
	{"short", `"w.bin" has 16 bytes, too few for 8 at offset 12`, list("location", "w.bin", "offset", "12")},
	{"far", "too few for 8 at offset 9223372036854775807", list("location", "w.bin", "offset", "9223372036854775807")},
	{"negative offset", `external offset "-1" is not a byte count`, list("location", "w.bin", "offset", "-1")},
	{"no number", `external length "x" is not a byte count`, list("location", "w.bin", "length", "x")},
	{"other length", "its shape needs 8 bytes, its external data has length 7",
		list("location", "w.bin", "length", "7")},
}

func TestExternal(t *testing.T) {
	dir := externalFolder(t)
	for _, r := range externalRows {
		t.Run(r.name, func(t *testing.T) {
			path := filepath.Join(dir, "model.onnx")
			write(t, path, string(aModel(relu, msg{}.sub(5, join(aTensor("w", 1, 2), external(r.entries...))))))
			g, whole, err := Load(path)
			if r.want == "" {
				if err != nil || !slices.Equal(g.Consts["w"].Data, []float64{1, -2}) {
					t.Fatalf("got %v, error %v", g, err)
				}
				if want := aModel(relu, weights("w", []int64{2}, 1, -2)); !bytes.Equal(whole, want) {
					t.Errorf("the whole model is\n%x, want\n%x", whole, want)
				}
			} else if err == nil || !strings.Contains(err.Error(), r.want) ||
				!strings.Contains(err.Error(), `tensor "w"`) {
				t.Errorf("got error %v, want %q", err, r.want)
			}
		})
	}
}

// TestInline brings in what lies in attributes and in graphs of theirs, and leaves
// everything else as it is, what it does not know included.
func TestInline(t *testing.T) {
	dir := externalFolder(t)
	outside := external("location", "sub/w.bin")
	holding := func(data msg) msg {
		w := join(aTensor("w", 1, 2), data)
		constant := aNode("c", "Constant", nil, list("c"), anAttr("value", 4, msg{}.sub(5, w)),
			anAttr("list", 9, msg{}.sub(10, w)))
		inner := aNode("if", "If", list("x"), list("z"), anAttr("then_branch", 5,
			msg{}.sub(6, join(constant, msg{}.sub(5, w)))))
		return join(msg{}.str(99, "unknown"), aModel(constant, relu, inner, msg{}.str(2, "name")), msg{}.num(98, 7))
	}
	whole := holding(msg{}.str(9, float32s(1, -2)))
	got, err := Inline(holding(outside), dir)
	if err != nil || !bytes.Equal(got, whole) {
		t.Errorf("error %v, got\n%x, want\n%x", err, got, whole)
	}
	if again, err := Inline(whole, t.TempDir()); err != nil || !bytes.Equal(again, whole) {
		t.Errorf("a model without external data is changed, or refused: %v", err)
	}
	deep := msg{}
	for range 200 {
		deep = msg{}.sub(1, msg{}.sub(5, msg{}.sub(6, deep)))
	}
	if _, err := Inline(aModel(deep), dir); err == nil || !strings.Contains(err.Error(), "nested") {
		t.Errorf("got error %v", err)
	}
}

// TestExternalBudget lets many tensors point into one large sparse file.
func TestExternalBudget(t *testing.T) {
	s := &source{dir: t.TempDir(), left: 12}
	write(t, filepath.Join(s.dir, "w"), "12345678")
	if _, err := s.read(list("location", "w"), 8); err != nil {
		t.Fatal(err)
	}
	if _, err := s.read(list("location", "w"), 8); err == nil || !strings.Contains(err.Error(), "external data") {
		t.Errorf("got error %v", err)
	}
}
