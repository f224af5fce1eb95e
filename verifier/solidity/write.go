package solidity

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
)

// file is one file to write, by its slash-separated path in the folder.
type file struct {
	name string
	data []byte
}

// settings is Foundry's file of a project's settings.
const settings = "foundry.toml"

// writeAll writes files into dir, the last being the description. They are written
// beside it first: a new dir then appears by one rename, and into one that exists
// each file is renamed, over its older version. Of an earlier export nothing else is
// left, and what was removed is returned; settings that are there stay. A file that
// no export wrote is never replaced: that is an error, before anything is written.
// After an error nothing half-written is left.
func writeAll(dir string, list []file) (removed []string, err error) {
	dir = filepath.Clean(dir)
	old, err := replaceable(dir, list[len(list)-1].name)
	if err == nil {
		err = checkFree(dir, list, old)
	}
	if err == nil {
		err = write(dir, list)
	}
	if err != nil {
		return nil, err
	}
	for _, name := range old {
		if slices.ContainsFunc(list, func(f file) bool { return f.name == name }) {
			continue
		}
		switch err := os.Remove(filepath.Join(dir, name)); {
		case err == nil:
			removed = append(removed, name)
		case !errors.Is(err, fs.ErrNotExist):
			return nil, err
		}
	}
	return removed, nil
}

func write(dir string, list []file) error {
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
		if _, err := os.Stat(path); err == nil && f.name == settings {
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
