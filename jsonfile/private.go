package jsonfile

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/zkml-go/zkml/budget"
)

// WritePrivate writes v at path, readable only by its owner, as a whole or not at
// all. It replaces an older file.
func WritePrivate(path string, v any) error { return writePrivate(path, v, os.Rename) }

// NewPrivate is WritePrivate for a new file: an existing file stays, and is an
// error (os.ErrExist).
func NewPrivate(path string, v any) error { return writePrivate(path, v, os.Link) }

// writePrivate writes a temporary file, which place moves to its name when it is
// complete.
func writePrivate(path string, v any, place func(from, to string) error) error {
	// CreateTemp gives mode 0600, which stays.
	f, err := os.CreateTemp(filepath.Dir(path), ".secrets-*")
	if err != nil {
		return fmt.Errorf("private file %s: %w", path, reason(err))
	}
	defer os.Remove(f.Name())
	_, err = Write(f, v)
	if err = errors.Join(err, f.Sync(), f.Close()); err == nil {
		err = place(f.Name(), path)
	}
	if err != nil {
		return fmt.Errorf("private file %s: %w", path, reason(err))
	}
	return nil
}

// reason drops the temporary file's name from an error.
func reason(err error) error {
	var path *fs.PathError
	var link *os.LinkError
	switch {
	case errors.As(err, &path):
		return path.Err
	case errors.As(err, &link):
		return link.Err
	}
	return err
}

// ReadPrivate reads a file of WritePrivate into v, as Read does. Its errors show
// nothing of the file's content.
func ReadPrivate(path string, version int, v any) error {
	f, err := os.Open(path)
	if err != nil {
		return fmt.Errorf("private file: %w", err)
	}
	defer f.Close()
	if err := Read(f, budget.SmallBytes.Most, version, v); err != nil {
		return fmt.Errorf("private file %s: %w", filepath.Base(path), err)
	}
	return nil
}
