package solidity

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
)

// file is one file to write.
type file struct {
	name string
	data []byte
}

// writeAll writes files into dir. They are written beside it first: a new dir
// then appears by one rename, and into one that exists each file is renamed,
// over its older version. After an error nothing half-written is left.
func writeAll(dir string, list []file) error {
	dir = filepath.Clean(dir)
	parent := filepath.Dir(dir)
	if err := os.MkdirAll(parent, 0o755); err != nil {
		return err
	}
	stage, err := os.MkdirTemp(parent, ".export-*")
	if err != nil {
		return err
	}
	defer os.RemoveAll(stage)
	if err := os.Chmod(stage, 0o755); err != nil {
		return err
	}
	for _, f := range list {
		if err := os.WriteFile(filepath.Join(stage, f.name), f.data, 0o644); err != nil {
			return err
		}
	}
	if _, err := os.Stat(dir); errors.Is(err, fs.ErrNotExist) {
		return os.Rename(stage, dir)
	}
	for _, f := range list {
		if err := os.Rename(filepath.Join(stage, f.name), filepath.Join(dir, f.name)); err != nil {
			return err
		}
	}
	return nil
}
