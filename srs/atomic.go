package srs

import (
	"bufio"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"github.com/rogpeppe/go-internal/lockedfile"
)

const (
	tempPattern = ".partial-*"
	cacheRemedy = "free some space, or set ZKML_CACHE to a writable folder"
)

// writeAtomic creates the file at path with what write writes: completely, or not
// at all. The folder must exist.
func writeAtomic(path string, write func(io.Writer) error) (err error) {
	f, err := os.CreateTemp(filepath.Dir(path), tempPattern)
	if err != nil {
		return fmt.Errorf("write %s: %w; %s", path, err, cacheRemedy)
	}
	defer func() {
		if err != nil {
			f.Close()
			os.Remove(f.Name())
			err = fmt.Errorf("write %s: %w; %s", path, err, cacheRemedy)
		}
	}()
	buffered := bufio.NewWriterSize(f, 1<<20)
	if err = write(buffered); err != nil {
		return err
	}
	if err = buffered.Flush(); err != nil {
		return err
	}
	if err = f.Chmod(0o644); err != nil { // nothing here is secret
		return err
	}
	if err = f.Sync(); err != nil {
		return err
	}
	if err = f.Close(); err != nil {
		return err
	}
	return os.Rename(f.Name(), path)
}

// lockFolder creates the folder, waits until no other process works in it, and
// removes what a killed process left half written.
func lockFolder(dir string) (unlock func(), err error) {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return nil, fmt.Errorf("make the SRS cache: %w; %s", err, cacheRemedy)
	}
	unlock, err = lockedfile.MutexAt(filepath.Join(dir, ".lock")).Lock()
	if err != nil {
		return nil, fmt.Errorf("lock the SRS cache: %w; %s", err, cacheRemedy)
	}
	stale, _ := filepath.Glob(filepath.Join(dir, tempPattern))
	for _, name := range stale {
		os.Remove(name)
	}
	return unlock, nil
}
