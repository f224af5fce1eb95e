package readme

import (
	"bytes"
	"os"
	"path/filepath"
	"slices"
	"testing"
)

// told are the examples whose pages are typed, by folder.
var told = []string{"cnn", "credit", "fraud", "lstm", "quantised", "wine"}

// TestExamples types the console blocks of each example's page in a copy of its folder, and
// compares what they print, and the pictures that they draw.
func TestExamples(t *testing.T) {
	if testing.Short() {
		t.Skip("the pages' commands compile and prove")
	}
	for _, name := range told {
		t.Run(name, func(t *testing.T) {
			folder, dir := filepath.Join(root, "examples", name), t.TempDir()
			pictures := lend(t, folder, dir)
			install(t, dir)
			page := filepath.Join(folder, "README.md")
			if transcribe(t, page, func(s step) []string { return run(t, dir, s.command) }) == 0 {
				t.Errorf("%s: no commands were found", page)
			}
			for _, p := range pictures {
				comparePicture(t, filepath.Join(folder, p), filepath.Join(dir, p))
			}
			if len(pictures) == 0 {
				t.Errorf("%s has no picture", folder)
			}
		})
	}
}

// lend links what is in a folder from another one, but for its page and pictures, whose
// names it returns.
func lend(t *testing.T, folder, dir string) (pictures []string) {
	t.Helper()
	files, err := os.ReadDir(folder)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		switch filepath.Ext(f.Name()) {
		case ".md":
		case ".svg":
			pictures = append(pictures, f.Name())
		default:
			from, err := filepath.Abs(filepath.Join(folder, f.Name()))
			if err != nil {
				t.Fatal(err)
			}
			if err := os.Symlink(from, filepath.Join(dir, f.Name())); err != nil {
				t.Fatal(err)
			}
		}
	}
	return pictures
}

// comparePicture compares a picture with the one that a command drew, or replaces it.
func comparePicture(t *testing.T, kept, drawn string) {
	t.Helper()
	got, err := os.ReadFile(drawn)
	if err != nil {
		t.Fatalf("no command draws it: %v", err)
	}
	if *update {
		if err := os.WriteFile(kept, got, 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(kept)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, want) {
		t.Errorf("%s is not what its command draws: run go test ./dev/readme -update", kept)
	}
}

// TestExamplesAreTold asks of each example with a page of commands whether they are typed.
func TestExamplesAreTold(t *testing.T) {
	pages, err := filepath.Glob(filepath.Join(root, "examples", "*", "README.md"))
	if err != nil || len(pages) == 0 {
		t.Fatal("there are no examples", err)
	}
	for _, page := range pages {
		console := slices.ContainsFunc(blocks(readLines(t, page)),
			func(b block) bool { return b.language == "console" })
		if name := filepath.Base(filepath.Dir(page)); console != slices.Contains(told, name) {
			t.Errorf("%s: console blocks: %t, but among told: %t", page, console, !console)
		}
	}
}
