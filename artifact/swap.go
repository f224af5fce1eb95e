package artifact

import (
	"crypto/rand"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// sibling returns the name of a hidden folder beside dir, on the same disk, so that a
// rename can put it in place of dir.
func sibling(dir, what string) string {
	return filepath.Join(filepath.Dir(dir), fmt.Sprintf(".%s.%s-%.8s", filepath.Base(dir), what, rand.Text()))
}

// makeSibling creates the folder into which a bundle is written.
func makeSibling(dir string, private bool) (string, error) {
	mode := fs.FileMode(0o777) // minus the umask
	if private {
		mode = 0o700
	}
	partial := sibling(dir, "partial")
	return partial, os.Mkdir(partial, mode)
}

// swap puts the folder partial in place of dir. If a rename fails, dir is unchanged.
func swap(partial, dir string) error {
	_, err := os.Lstat(dir)
	if errors.Is(err, fs.ErrNotExist) {
		if err := os.Rename(partial, dir); err != nil {
			return err
		}
		return syncFolder(filepath.Dir(dir))
	}
	old := sibling(dir, "old")
	if err := os.Rename(dir, old); err != nil {
		return err
	}
	if err := os.Rename(partial, dir); err != nil {
		return errors.Join(err, os.Rename(old, dir))
	}
	return errors.Join(syncFolder(filepath.Dir(dir)), os.RemoveAll(old))
}

// syncFolder flushes a folder's entries to disk.
func syncFolder(dir string) error {
	f, err := os.Open(dir)
	if err != nil {
		return err
	}
	return errors.Join(f.Sync(), f.Close())
}
