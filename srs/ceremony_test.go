package srs

import (
	"os"
	"path/filepath"
	"testing"
)

// sharedFile finds a ceremony file in the project's shared data.
func sharedFile(t testing.TB, name string) string {
	t.Helper()
	root := os.Getenv("ZKML_SHARED")
	if root == "" {
		root = filepath.Join("..", "..", "..", "shared")
	}
	path := filepath.Join(root, "data", "srs", name)
	if _, err := os.Stat(path); err != nil {
		t.Skipf("%s is not here; set ZKML_SHARED to the folder of the shared data", name)
	}
	return path
}

// TestHermez imports a real ceremony's file.
func TestHermez(t *testing.T) {
	path := sharedFile(t, "powersOfTau28_hez_final_08.ptau")
	store := newStore(t)
	e, err := store.Import(path, "")
	if err != nil {
		t.Fatal(err)
	}
	if e.Source != ceremonies[1].source || e.Power != 8 || !e.Known || e.Unsafe {
		t.Errorf("entry %+v", e)
	}
	if err := store.Verify(e); err != nil {
		t.Error(err)
	}
	if p, err := store.For(4); err != nil || p.Identity != embeddedEntry().Identity {
		t.Errorf("the embedded ceremony must be preferred (error %v)", err)
	}
	p, err := store.For(8, WithIdentity(e.Identity))
	if err != nil {
		t.Fatal(err)
	}
	if p.Identity != e.Identity {
		t.Errorf("took %+v", p.Identity)
	}
	if err := store.Verify(e); err != nil {
		t.Error(err)
	}
}

// TestNotACeremony refuses a sound file of one contribution, unless its digest
// is named.
func TestNotACeremony(t *testing.T) {
	path := sharedFile(t, "not-a-ceremony_power10.ptau")
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	store := newStore(t)
	_, err = store.Import(path, "")
	wantError(t, err, "not that of a ceremony known to zkml")
	wantError(t, err, "option Trust "+digestOf(b))
	if left := files(t, store.Dir); len(left) != 0 {
		t.Errorf("left %v", left)
	}
	e, err := store.Import(path, digestOf(b))
	if err != nil {
		t.Fatal(err)
	}
	if e.Known || e.Source != unknownCeremony.source {
		t.Errorf("entry %+v", e)
	}
}
