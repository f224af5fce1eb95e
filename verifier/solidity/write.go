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

// settings is Foundry's settings file, ignored is git's ignore file, and detectors is
// slither's settings file. All may be the user's own.
const (
	settings  = "foundry.toml"
	ignored   = ".gitignore"
	detectors = "slither.config.json"
)

// ConsumerFolder holds the example that consumes predictions: a starting point, which is
// meant to be changed.
const ConsumerFolder = "consumer"

// stays reports whether a file is never overwritten, whoever wrote it.
func stays(name string) bool { return name == settings || name == ignored || name == detectors }

// writeAll writes files into dir; the last one is the description. They are first written
// to a folder beside dir. If dir is new, that folder is renamed; if it exists, each file is
// renamed over its older version. After an error nothing half-written is left.
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

// place puts a file at a path whose folder may not exist yet.
func place(path string, put func(string) error) error {
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return err
	}
	return put(path)
}
