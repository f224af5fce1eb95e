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

// Kind is a kind of file that a command writes. An existing file is overwritten only if
// it is of the same kind.
type Kind struct {
	name string
	read func(path string) error // an error for anything else
}

// The kinds of files that commands overwrite.
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
		return errors.New("not an SVG drawing")
	}
	return nil
}

// CheckFile returns an error unless a command may write its output to path: to a new or
// empty file, or over an older output of the same kind, but never over a file that the
// command reads. reads are the values of flags such as --input. Call it before expensive
// work.
func CheckFile(path, flag string, k Kind, reads ...string) error {
	info, err := os.Stat(path)
	if err != nil {
		return checkFolder(path, flag)
	}
	if !info.Mode().IsRegular() {
		return fmt.Errorf("%s is not a regular file; choose another with %s", path, flag)
	}
	for _, ref := range reads {
		if of, err := os.Stat(input.Path(ref)); err == nil && os.SameFile(info, of) {
			return WithHint(fmt.Errorf("%s would be overwritten, but the command reads it", path),
				"choose another file with %s", flag)
		}
	}
	if info.Size() > 0 && k.read(path) != nil {
		return WithHint(fmt.Errorf("%s is in the way: it is not %s, and nothing else is overwritten", path, k.name),
			"choose another file with %s, or move this one", flag)
	}
	return nil
}

// checkFolder returns an error unless a file's folder exists.
func checkFolder(path, flag string) error {
	if info, err := os.Stat(filepath.Dir(path)); err != nil {
		return fmt.Errorf("write %s: %w; make its folder first", path, err)
	} else if !info.IsDir() {
		return fmt.Errorf("write %s: %s is not a folder; choose another with %s", path, filepath.Dir(path), flag)
	}
	return nil
}

// CheckNew is CheckFile for a secret, whose file must not exist yet; lost says what would
// be lost if it were overwritten.
func CheckNew(path, flag, lost string) error {
	if _, err := os.Lstat(path); err == nil {
		return Kept(fmt.Errorf("%s: %w", path, fs.ErrExist), flag, lost)
	}
	return checkFolder(path, flag)
}

// Kept explains why an existing secret is not overwritten.
func Kept(err error, flag, lost string) error {
	if !errors.Is(err, fs.ErrExist) {
		return err
	}
	return WithHint(err, "%s; choose another file with %s", lost, flag)
}

// PrivateSuffix ends the name of a file that is only for its owner.
const PrivateSuffix = ".private.json"

// SetAside renames a private file to the first free name of its kind, such as
// proof.1.private.json, and returns that name.
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

// WriteFile creates the file at path, completely or not at all, in place of an older
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

// Drawing makes an io.WriterTo of a function that draws a picture.
type Drawing func(io.Writer) error

// WriteTo implements io.WriterTo.
func (d Drawing) WriteTo(w io.Writer) (int64, error) { return 0, d(w) }
