package app

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/zkml-go/zkml/input"
	"github.com/zkml-go/zkml/signature"
	"github.com/zkml-go/zkml/verifier"
)

// Kind is what a command writes; a file that is there is written over by one of
// its own kind alone.
type Kind struct {
	name string
	read func(path string) error // an error for anything else
}

// The kinds of files that commands write over.
var (
	AProof     = Kind{"a proof", readAProof}
	SaltsOfOne = Kind{"a proof's salts", func(path string) error { _, err := verifier.ReadSecrets(path); return err }}
	ASignature = Kind{"a signature", func(path string) error { _, err := signature.Read(path); return err }}
	ADrawing   = Kind{"a drawing", readDrawing}
)

func readAProof(path string) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	defer f.Close()
	_, err = verifier.ReadProof(f)
	return err
}

func readDrawing(path string) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	defer f.Close()
	head := make([]byte, len("<svg"))
	if _, err := io.ReadFull(f, head); err != nil || !bytes.Equal(head, []byte("<svg")) {
		return errors.New("no SVG drawing")
	}
	return nil
}

// CheckFile tells whether a command may write its output to path: where nothing is
// or an empty file, or over an older output of the same kind, but never over a file
// that the command reads. What it reads is given as --input and its like name it.
// Ask it before long work.
func CheckFile(path, flag string, k Kind, reads ...string) error {
	info, err := os.Stat(path)
	if err != nil {
		return checkFolder(path, flag)
	}
	if !info.Mode().IsRegular() {
		return fmt.Errorf("%s is no regular file; choose another with %s", path, flag)
	}
	for _, ref := range reads {
		if of, err := os.Stat(input.Path(ref)); err == nil && os.SameFile(info, of) {
			return WithHint(fmt.Errorf("%s would be written over, and the command reads it", path),
				"choose another file with %s", flag)
		}
	}
	if info.Size() > 0 && k.read(path) != nil {
		return WithHint(fmt.Errorf("%s is in the way: it is not %s, and nothing else is written over", path, k.name),
			"choose another file with %s, or move this one", flag)
	}
	return nil
}

// checkFolder tells whether a file's folder is there.
func checkFolder(path, flag string) error {
	if info, err := os.Stat(filepath.Dir(path)); err != nil {
		return fmt.Errorf("write %s: %w; make its folder first", path, err)
	} else if !info.IsDir() {
		return fmt.Errorf("write %s: %s is no folder; choose another with %s", path, filepath.Dir(path), flag)
	}
	return nil
}

// CheckNew is CheckFile for a secret, which must not be there yet; lost says what
// writing over one would cost.
func CheckNew(path, flag, lost string) error {
	if _, err := os.Lstat(path); err == nil {
		return Kept(fmt.Errorf("%s: %w", path, fs.ErrExist), flag, lost)
	}
	return checkFolder(path, flag)
}

// Kept says why a secret that is there is left alone.
func Kept(err error, flag, lost string) error {
	if !errors.Is(err, fs.ErrExist) {
		return err
	}
	return WithHint(err, "%s; choose another file with %s", lost, flag)
}

// PrivateSuffix ends the name of a file that is for its owner alone.
const PrivateSuffix = ".private.json"

// SetAside gives a private file the first name of its kind that is free, such as
// proof.1.private.json, and returns it. The file stays as it is.
func SetAside(path string) (string, error) {
	for n := 1; ; n++ {
		name := fmt.Sprintf("%s.%d%s", strings.TrimSuffix(path, PrivateSuffix), n, PrivateSuffix)
		f, err := os.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
		if errors.Is(err, fs.ErrExist) {
			continue
		}
		if err == nil {
			err = errors.Join(f.Close(), os.Rename(path, name))
		}
		if err != nil {
			return "", fmt.Errorf("keep %s: %w", path, err)
		}
		return name, nil
	}
}

// WriteFile makes the file at path, whole or not at all, in place of an older
// one. CheckFile must have allowed it.
func WriteFile(path string, from io.WriterTo) error {
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

// Drawing makes a picture's function an io.WriterTo.
type Drawing func(io.Writer) error

// WriteTo implements io.WriterTo.
func (d Drawing) WriteTo(w io.Writer) (int64, error) { return 0, d(w) }
