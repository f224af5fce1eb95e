package srs

import (
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/consensys/gnark-crypto/ecc"
	"github.com/consensys/gnark/backend/plonk"
	"github.com/consensys/gnark/frontend"
	"github.com/consensys/gnark/frontend/cs/scs"
)

// processEnv makes the test binary, run again by TestProcesses, use the store
// in the folder that it names.
const processEnv = "ZKML_SRS_TEST_STORE"

func TestMain(m *testing.M) {
	if dir := os.Getenv(processEnv); dir != "" {
		store := &Store{Dir: dir}
		p, err := store.For(8)
		if err != nil {
			fmt.Println(err)
			os.Exit(1)
		}
		fmt.Println(p.Lagrange.Pk.G1[7].String())
		os.Exit(0)
	}
	os.Exit(m.Run())
}

func newStore(t *testing.T) *Store {
	t.Helper()
	return &Store{Dir: t.TempDir()}
}

// files lists what a store has written, locks aside.
func files(t *testing.T, dir string) []string {
	t.Helper()
	var out []string
	err := filepath.WalkDir(dir, func(path string, d os.DirEntry, err error) error {
		if err == nil && !d.IsDir() && d.Name() != ".lock" {
			out = append(out, path)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

type cube struct {
	X frontend.Variable
	Y frontend.Variable `gnark:",public"`
}

func (c *cube) Define(api frontend.API) error {
	api.AssertIsEqual(api.Mul(c.X, c.X, c.X), c.Y)
	return nil
}

// TestForProves makes keys, a proof and its verification from each kind of SRS.
func TestForProves(t *testing.T) {
	ccs, err := frontend.Compile(ecc.BN254.ScalarField(), scs.NewBuilder, &cube{})
	if err != nil {
		t.Fatal(err)
	}
	store := newStore(t)
	for _, c := range []struct {
		name string
		get  func() (*Pair, error)
	}{
		{"computed", func() (*Pair, error) { return store.For(2) }},
		{"cached", func() (*Pair, error) { return store.For(2) }},
		{"unsafe", func() (*Pair, error) { return Unsafe(2, "") }},
	} {
		t.Run(c.name, func(t *testing.T) {
			pair, err := c.get()
			if err != nil {
				t.Fatal(err)
			}
			pk, vk, err := plonk.Setup(ccs, pair.Canonical, pair.Lagrange)
			if err != nil {
				t.Fatal(err)
			}
			w, err := frontend.NewWitness(&cube{X: 3, Y: 27}, ecc.BN254.ScalarField())
			if err != nil {
				t.Fatal(err)
			}
			proof, err := plonk.Prove(ccs, pk, w)
			if err != nil {
				t.Fatal(err)
			}
			public, _ := w.Public()
			if err := plonk.Verify(proof, vk, public); err != nil {
				t.Fatal(err)
			}
		})
	}
}

func TestForChooses(t *testing.T) {
	store := newStore(t)
	trusted := importTrusted(t, store, 5)
	embedded := embeddedEntry().Identity
	other := embedded
	other.Digest = "another file of the same ceremony"
	foreign := Identity{Source: "somewhere else", TauG2: "00"}
	for _, c := range []struct {
		name string
		logN int
		opts []Option
		want string // digest, or the error after "!"
	}{
		{"embedded before trusted", 4, nil, embedded.Digest},
		{"by identity", 4, []Option{WithIdentity(trusted.Identity)}, trusted.Digest},
		{"by ceremony, whatever the file", 4, []Option{WithIdentity(other)}, embedded.Digest},
		{"identity too small", 6, []Option{WithIdentity(trusted.Identity)}, "!for a domain of 2^6"},
		{"identity not here", 4, []Option{WithIdentity(foreign)}, "!somewhere else"},
		{"unsafe identity", 4, []Option{WithIdentity(Identity{Unsafe: true})}, "!option UnsafeSRS"},
		{"too big", 17, nil, "!powersOfTau28_hez_final_17.ptau"},
		{"too big, import", 17, nil, "!zkml srs import"},
		{"no such size", 0, nil, "!sizes from 2^1"},
		{"no such size, above", MaxPower + 1, nil, "!sizes from 2^1"},
	} {
		t.Run(c.name, func(t *testing.T) {
			p, err := store.For(c.logN, c.opts...)
			if message, fails := strings.CutPrefix(c.want, "!"); fails {
				wantError(t, err, message)
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			if p.Identity.Digest != c.want {
				t.Errorf("took %s", p.Identity.Digest)
			}
			if err := checkPowers(p.Canonical.Pk.G1, p.Canonical.Vk.G2[1], func(int, int) {}); err != nil {
				t.Error(err)
			}
			if err := checkLagrange(p.Canonical.Pk.G1, p.Lagrange.Pk.G1); err != nil {
				t.Error(err)
			}
		})
	}
}

func wantError(t *testing.T, err error, part string) {
	t.Helper()
	if err == nil {
		t.Fatalf("no error; want one with %q", part)
	}
	if !strings.Contains(err.Error(), part) {
		t.Fatalf("error %q does not say %q", err, part)
	}
}

// TestDamagedCache changes cached files in every way that matters: the form is
// computed again, with a note, and is the same.
func TestDamagedCache(t *testing.T) {
	store := newStore(t)
	want, err := store.For(4)
	if err != nil {
		t.Fatal(err)
	}
	cached := files(t, store.Dir)
	if len(cached) != 2 {
		t.Fatalf("cached %v, want two files", cached)
	}
	damages := []struct {
		name string
		do   func([]byte) []byte
	}{
		{"flipped byte in the points", func(b []byte) []byte { b[len(b)-40] ^= 1; return b }},
		{"flipped byte in the header", func(b []byte) []byte { b[20] ^= 1; return b }},
		{"coordinate not reduced", func(b []byte) []byte { b[len(b)-1] = 0xff; return b }},
		{"truncated", func(b []byte) []byte { return b[:len(b)-1] }},
		{"truncated in the header", func(b []byte) []byte { return b[:30] }},
		{"longer", func(b []byte) []byte { return append(b, 0) }},
		{"empty", func([]byte) []byte { return nil }},
		{"header claims 4 GB", func(b []byte) []byte { copy(b[8:], "\xff\xff\xff\xff"); return b }},
	}
	for _, path := range cached {
		good, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		for _, d := range damages {
			t.Run(filepath.Base(path)+"/"+d.name, func(t *testing.T) {
				var notes []string
				store.Note = func(m string) { notes = append(notes, m) }
				overwrite(t, path, d.do(slices.Clone(good)))
				if err := store.Verify(embeddedEntry4(t)); err == nil {
					t.Error("Verify accepts it")
				}
				got, err := store.For(4)
				if err != nil {
					t.Fatal(err)
				}
				if !slices.Equal(got.Lagrange.Pk.G1, want.Lagrange.Pk.G1) ||
					!slices.Equal(got.Canonical.Pk.G1, want.Canonical.Pk.G1) {
					t.Error("points differ")
				}
				if len(notes) != 1 || !strings.Contains(notes[0], "is damaged") {
					t.Errorf("notes %q", notes)
				}
				if again, _ := os.ReadFile(path); !slices.Equal(again, good) {
					t.Error("the file was not made anew, byte for byte")
				}
			})
		}
	}
}

// embeddedEntry4 is the embedded entry cut to a power that Verify checks fast.
func embeddedEntry4(t *testing.T) Entry {
	t.Helper()
	e := embeddedEntry()
	e.Power = 4
	return e
}

func overwrite(t *testing.T, path string, b []byte) {
	t.Helper()
	if err := os.WriteFile(path, b, 0o644); err != nil {
		t.Fatal(err)
	}
}

// TestSwappedCache puts a whole, undamaged file in another's place.
func TestSwappedCache(t *testing.T) {
	store := newStore(t)
	want, err := store.For(3)
	if err != nil {
		t.Fatal(err)
	}
	e := embeddedEntry()
	lagrange, err := os.ReadFile(store.formPath(&e, 3, kindLagrange))
	if err != nil {
		t.Fatal(err)
	}
	overwrite(t, store.formPath(&e, 3, kindCanonical), lagrange)
	got, err := store.For(3)
	if err != nil || !slices.Equal(got.Canonical.Pk.G1, want.Canonical.Pk.G1) {
		t.Errorf("took another form for the canonical one (error %v)", err)
	}
}

// TestVerifyForgedForm writes a well-formed file of wrong points, as somebody
// with access to the cache could.
func TestVerifyForgedForm(t *testing.T) {
	for _, k := range []kind{kindCanonical, kindLagrange} {
		t.Run(string(k), func(t *testing.T) {
			store := newStore(t)
			if _, err := store.For(3); err != nil {
				t.Fatal(err)
			}
			e := embeddedEntry4(t)
			if err := store.Verify(e); err != nil {
				t.Fatal(err)
			}
			path := store.formPath(&e, 3, k)
			h, points, err := readContainer(path)
			if err != nil {
				t.Fatal(err)
			}
			points[2] = points[1]
			if err := writeContainer(path, h, points); err != nil {
				t.Fatal(err)
			}
			wantError(t, store.Verify(e), "delete "+path)
		})
	}
}

func TestConcurrent(t *testing.T) {
	dir := t.TempDir()
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			store := &Store{Dir: dir}
			if p, err := store.For(6); err != nil || len(p.Lagrange.Pk.G1) != 64 {
				t.Errorf("error %v", err)
			}
		})
	}
	wg.Wait()
	if got := files(t, dir); len(got) != 2 {
		t.Errorf("left %v", got)
	}
}

func TestProcesses(t *testing.T) {
	dir := t.TempDir()
	var wg sync.WaitGroup
	outputs := make([]string, 3)
	for i := range outputs {
		wg.Go(func() {
			cmd := exec.Command(os.Args[0])
			cmd.Env = append(os.Environ(), processEnv+"="+dir)
			out, err := cmd.CombinedOutput()
			if err != nil {
				t.Errorf("process %d: %v: %s", i, err, out)
			}
			outputs[i] = string(out)
		})
	}
	wg.Wait()
	if outputs[0] != outputs[1] || outputs[1] != outputs[2] {
		t.Errorf("processes disagree: %q", outputs)
	}
	if got := files(t, dir); len(got) != 2 {
		t.Errorf("left %v", got)
	}
}

func TestStaleTemporaries(t *testing.T) {
	store := newStore(t)
	e := embeddedEntry()
	stale := filepath.Join(filepath.Dir(store.formPath(&e, 3, kindLagrange)), ".partial-123")
	if err := os.MkdirAll(filepath.Dir(stale), 0o755); err != nil {
		t.Fatal(err)
	}
	overwrite(t, stale, []byte("half"))
	if _, err := store.For(3); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(stale); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("what a killed process left is still there (%v)", err)
	}
}

func TestUnwritableCache(t *testing.T) {
	file := filepath.Join(t.TempDir(), "file")
	overwrite(t, file, nil)
	store := &Store{Dir: filepath.Join(file, "srs")}
	_, err := store.For(3)
	wantError(t, err, "set ZKML_CACHE to a writable folder")
	if len(store.List()) != 1 {
		t.Error("the embedded SRS must be listed all the same")
	}
}

// TestWriteFails stands for a disk that fills up: the write ends in an error
// part of the way.
func TestWriteFails(t *testing.T) {
	dir := t.TempDir()
	full := errors.New("no space left on device")
	err := writeAtomic(filepath.Join(dir, "x"+suffix), func(w io.Writer) error {
		if _, err := w.Write(make([]byte, 2<<20)); err != nil {
			return err
		}
		return full
	})
	if !errors.Is(err, full) {
		t.Errorf("error %v", err)
	}
	wantError(t, err, "free some space")
	if left := files(t, dir); len(left) != 0 {
		t.Errorf("left %v", left)
	}
}

func TestOpen(t *testing.T) {
	t.Setenv("ZKML_CACHE", "/somewhere")
	for _, c := range []struct{ dir, want string }{
		{"here", "here"},
		{"", filepath.Join("/somewhere", "srs")},
	} {
		if s, err := Open(c.dir); err != nil || s.Dir != c.want {
			t.Errorf("Open(%q) = %v, %v", c.dir, s, err)
		}
	}
	t.Setenv("ZKML_CACHE", "")
	t.Setenv("XDG_CACHE_HOME", "")
	t.Setenv("HOME", "")
	if _, err := os.UserCacheDir(); err == nil {
		t.Skip("this system has a cache folder without HOME")
	}
	_, err := Open("")
	wantError(t, err, "ZKML_CACHE")
}
