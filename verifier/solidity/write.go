package solidity

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
)

// file is one file to write, by its slash-separated path in the folder.
type file struct {
	name string
	data []byte
}

// settings is Foundry's file of a project's settings, and ignored is git's of what is not
// committed. Both may be somebody's own.
const (
	settings = "foundry.toml"
	ignored  = ".gitignore"
)

// ConsumerFolder holds the example that consumes predictions: a file to start from, which
// is there to be changed.
const ConsumerFolder = "consumer"

// stays reports whether a file is left as it is, whoever wrote it.
func stays(name string) bool { return name == settings || name == ignored }

// writeAll writes files into dir, the last being the description. They are written beside
// it first: a new dir then appears by one rename, and into one that exists each file is
// renamed, over its older version. After an error nothing half-written is left.
func writeAll(dir string, list []file) error {
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
		if err := place(filepath.Join(stage, f.name), func(path string) error {
			return os.WriteFile(path, f.data, 0o644)
		}); err != nil {
			return err
		}
	}
	if _, err := os.Stat(dir); errors.Is(err, fs.ErrNotExist) {
		return os.Rename(stage, dir)
	}
	for _, f := range list {
		path := filepath.Join(dir, f.name)
		if _, err := os.Stat(path); err == nil && stays(f.name) {
			continue
		}
		if err := place(path, func(path string) error {
			return os.Rename(filepath.Join(stage, f.name), path)
		}); err != nil {
			return err
		}
	}
	return nil
}

// place puts a file where its folder may not be yet.
func place(path string, put func(string) error) error {
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return err
	}
	return put(path)
}
