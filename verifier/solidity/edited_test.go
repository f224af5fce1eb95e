package solidity_test

import (
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/zkml-go/zkml/problem"
	"github.com/zkml-go/zkml/testkit/toy"
	"github.com/zkml-go/zkml/verifier/solidity"
)

// TestExportKeepsEdits: what was edited since an earlier export is never written over; its
// new form, if it has one, goes beside it, until the edit is gone.
func TestExportKeepsEdits(t *testing.T) {
	first, _ := small(t, "private input, class", toy.About())
	second, _ := small(t, "private input, scores", toy.About())
	edits := []string{"M.sol", "README.md", "consumer/MConsumer.sol", "test/M.t.sol"}
	dir, fresh := t.TempDir(), t.TempDir()
	one, two := exporting(first, solidity.Export), exporting(second, solidity.Export)
	two(t, "m", fresh)
	one(t, "m", dir)
	put(t, dir, "mine", edits...)
	check := func(r solidity.Result, kept, beside []string) {
		t.Helper()
		keeps(t, dir, fresh, r, kept, beside)
	}
	check(one(t, "m", dir), edits, nil) // the same form again: nothing new

	news := make([]string, len(edits))
	for i, name := range edits {
		news[i] = name + ".new"
	}
	check(two(t, "m", dir), edits, news)
	check(two(t, "m", dir), edits, news) // and again
	if read(t, dir, "IM.sol") != read(t, fresh, "IM.sol") {
		t.Error("what was not edited was not replaced")
	}

	// A new form that was taken over, and one that was thrown away.
	put(t, dir, read(t, fresh, "M.sol"), "M.sol")
	if err := os.Remove(filepath.Join(dir, "README.md.new")); err != nil {
		t.Fatal(err)
	}
	r := two(t, "m", dir)
	check(r, edits[1:], []string{"consumer/MConsumer.sol.new", "test/M.t.sol.new"})
	if !slices.Contains(r.Removed, "M.sol.new") {
		t.Errorf("removed %q", r.Removed)
	}

	// A new form that was edited itself, and what is in its place by chance.
	put(t, dir, "mine", "test/M.t.sol.new")
	r = one(t, "m", dir)
	if !slices.Contains(r.Kept, "test/M.t.sol.new") || read(t, dir, "test/M.t.sol.new") != "mine" {
		t.Errorf("kept %q", r.Kept)
	}
	other := t.TempDir()
	one(t, "m", other)
	put(t, other, "mine", "M.sol", "M.sol.new")
	var occupied *problem.Error
	_, err := solidity.Export(second, nil, "m", other)
	if !errors.As(err, &occupied) || occupied.Code != problem.Occupied {
		t.Errorf("in the way: %v", err)
	}

	two(t, "m", dir, solidity.Force)
	for _, name := range edits {
		if read(t, dir, name) != read(t, fresh, name) {
			t.Errorf("%s was kept in spite of Force", name)
		}
	}
}

// keeps requires that an export into dir kept files as they were, and wrote the new forms
// of some beside them, as they are in fresh.
func keeps(t *testing.T, dir, fresh string, r solidity.Result, kept, beside []string) {
	t.Helper()
	slices.Sort(r.Kept)
	slices.Sort(r.Beside)
	if !slices.Equal(r.Kept, kept) || !slices.Equal(r.Beside, beside) {
		t.Errorf("kept %q and wrote %q beside; want %q and %q", r.Kept, r.Beside, kept, beside)
	}
	for _, name := range r.Kept {
		if read(t, dir, name) != "mine" {
			t.Errorf("%s is not what it was", name)
		}
	}
	for _, name := range r.Beside {
		if of := name[:len(name)-len(".new")]; read(t, dir, name) != read(t, fresh, of) {
			t.Errorf("%s is not the new form of %s", name, of)
		}
	}
}

// TestExportKeepsWhatIsLeft: a file that the new export does not write is removed only as
// it was written.
func TestExportKeepsWhatIsLeft(t *testing.T) {
	key, _ := small(t, "private input, class", toy.About())
	dir := t.TempDir()
	exporting(key, solidity.Export)(t, "m", dir, solidity.WithClient)
	put(t, dir, "mine", "M.ts", "PlonkVerifier.sol")
	r := exporting(key, solidity.ExportShared)(t, "m", dir)
	slices.Sort(r.Kept)
	if !slices.Equal(r.Kept, []string{"M.ts", "PlonkVerifier.sol"}) || len(r.Removed) > 0 {
		t.Errorf("kept %q, removed %q", r.Kept, r.Removed)
	}
}

// TestExportKeepsWhatCannotBeRead: what is in the place of a file and cannot be read is
// somebody's, and not what an export wrote.
func TestExportKeepsWhatCannotBeRead(t *testing.T) {
	key, _ := small(t, "private input, class", toy.About())
	dir := t.TempDir()
	exporting(key, solidity.Export)(t, "m", dir, solidity.WithClient)
	client := filepath.Join(dir, "M.ts")
	if err := errors.Join(os.Remove(client), os.Mkdir(client, 0o700)); err != nil {
		t.Fatal(err)
	}
	r := exporting(key, solidity.Export)(t, "m", dir)
	if !slices.Equal(r.Kept, []string{"M.ts"}) || len(r.Removed) > 0 {
		t.Errorf("kept %q, removed %q", r.Kept, r.Removed)
	}
}

// TestDescriptionsPassOver: what lies beside descriptions may be large, or no file.
func TestDescriptionsPassOver(t *testing.T) {
	key, _ := small(t, "private input, class", toy.About())
	dir := t.TempDir()
	exporting(key, solidity.Export)(t, "m", dir)
	put(t, dir, read(t, dir, "m.json")+strings.Repeat(" ", 64<<20), "large.json")
	if err := os.Symlink("/dev/zero", filepath.Join(dir, "endless.json")); err != nil {
		t.Skip(err)
	}
	all, err := solidity.Descriptions(dir)
	if err != nil || len(all) != 1 || all[0].File != "m.json" {
		t.Errorf("%d descriptions, %v", len(all), err)
	}
}
