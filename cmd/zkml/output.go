package main

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"github.com/zkml-go/zkml/compiler"
	"github.com/zkml-go/zkml/verifier"
)

// shownScores is how many scores a person is shown.
const shownScores = 20

// printClaim writes what a proof asserts of so many inputs.
func printClaim(w io.Writer, items int, o *verifier.Output, input, output *verifier.Word) {
	if o != nil && len(o.Class) > 0 {
		fmt.Fprintf(w, "class\t%s\n", classText(o.Class))
	}
	if o != nil && len(o.Scores) > 0 {
		printScores(w, items, o.Scores)
	}
	if input != nil {
		fmt.Fprintf(w, "input\tcommitted to by %s\n", input)
	}
	if output != nil {
		fmt.Fprintf(w, "output\tcommitted to by %s\n", output)
	}
}

// printScores writes the scores of each input.
func printScores(w io.Writer, items int, all []float64) {
	n, of := len(all)/items, ""
	for i := range items {
		if items > 1 {
			of = fmt.Sprintf(" %d", i)
		}
		scores := all[i*n : (i+1)*n]
		fmt.Fprintf(w, "scores%s\t%s\n", of, scoresText(scores))
		if n > 1 {
			fmt.Fprintf(w, "largest%s\tat %d\n", of, compiler.ArgMax(scores))
		}
	}
}

func classText(c verifier.Classes) string {
	return strings.Trim(fmt.Sprint([]int64(c)), "[]")
}

func scoresText(scores []float64) string {
	var parts []string
	for _, s := range scores[:min(len(scores), shownScores)] {
		parts = append(parts, fmt.Sprintf("%.4g", s))
	}
	if rest := len(scores) - shownScores; rest > 0 {
		parts = append(parts, fmt.Sprintf("and %d more", rest))
	}
	return strings.Join(parts, " ")
}

// checkFile tells whether writeFile may write to path: where nothing is, or a
// file. Ask it before long work.
func checkFile(path, flag string) error {
	if info, err := os.Stat(path); err == nil && !info.Mode().IsRegular() {
		return fmt.Errorf("%s is no regular file; choose another with %s", path, flag)
	}
	if info, err := os.Stat(filepath.Dir(path)); err != nil {
		return fmt.Errorf("write %s: %w; make its folder first", path, err)
	} else if !info.IsDir() {
		return fmt.Errorf("write %s: %s is no folder; choose another with %s", path, filepath.Dir(path), flag)
	}
	return nil
}

// writeFile makes the file at path, whole or not at all, in place of an older
// one. checkFile must have allowed it.
func writeFile(path string, from io.WriterTo) error {
	f, err := os.CreateTemp(filepath.Dir(path), ".zkml-*")
	if err != nil {
		return fmt.Errorf("write %s: %w", path, err)
	}
	defer os.Remove(f.Name())
	b := bufio.NewWriter(f)
	_, err = from.WriteTo(b)
	if err = errors.Join(err, b.Flush(), f.Chmod(0o644), f.Sync(), f.Close()); err != nil {
		return fmt.Errorf("write %s: %w", path, err)
	}
	if err := os.Rename(f.Name(), path); err != nil {
		return fmt.Errorf("write %s: %w", path, err)
	}
	return nil
}

// drawing makes a picture's function an io.WriterTo.
type drawing func(io.Writer) error

// WriteTo implements io.WriterTo.
func (d drawing) WriteTo(w io.Writer) (int64, error) { return 0, d(w) }
