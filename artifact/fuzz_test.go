package artifact

import (
	"encoding/json"
	"math/big"
	"strings"
	"testing"

	"github.com/zkml-go/zkml/circuits"
	"github.com/zkml-go/zkml/visibility"
)

// layoutOf is the layout of a small model.
func layoutOf(t testing.TB, private bool) visibility.Layout {
	t.Helper()
	l, err := visibility.Plan{
		Private: visibility.Private{Model: private}, Reveal: visibility.Scores,
		Inputs:  []visibility.Tensor{{Name: "x", Shape: []int{4}, Bits: 8, Scale: 1}},
		Outputs: []visibility.Tensor{{Name: "y", Shape: []int{2}, Bits: 8, Scale: 1}},
	}.Layout()
	if err != nil {
		t.Fatal(err)
	}
	return l
}

// FuzzManifest reads arbitrary bytes as a manifest, as they are and with the
// digest that fits them, so that what stands behind it is reached.
func FuzzManifest(f *testing.F) {
	for _, private := range []bool{false, true} {
		m := &Manifest{Version: Version, Tool: "zkml test", Gnark: GnarkVersion}
		m.Layout = layoutOf(f, private)
		for _, name := range names(private) {
			m.Files = append(m.Files, File{Name: name, Size: 1, SHA256: strings.Repeat("0", 64)})
		}
		text, err := m.seal()
		if err != nil {
			f.Fatal(err)
		}
		if _, err := parseManifest(text); err != nil {
			f.Fatal(err)
		}
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		_, _ = parseManifest(text)
		m := new(Manifest)
		if json.Unmarshal(text, m) != nil {
			return
		}
		sealed, err := m.seal()
		if err != nil {
			return
		}
		read, err := parseManifest(sealed)
		if err != nil {
			return
		}
		for _, file := range read.Files {
			if strings.ContainsAny(file.Name, `/\`) {
				t.Errorf("the manifest names %q, outside the bundle", file.Name)
			}
		}
	})
}

// FuzzReadSalt: what is taken is written in the same numbers, and no error shows
// the file.
func FuzzReadSalt(f *testing.F) {
	hidden := layoutOf(f, true)
	salt := make([]*big.Int, 3*circuits.SaltRows)
	for i := range salt {
		salt[i] = big.NewInt(int64(i) + 1)
	}
	text, err := encodeSalt(salt, len(salt))
	if err != nil {
		f.Fatal(err)
	}
	f.Add(text)
	f.Add([]byte(`{"version":1,"salt":["0x1","0b1","0o7","1_0","-1"]}`))
	f.Fuzz(func(t *testing.T, text []byte) {
		salt, err := ReadSalt(SaltFile, text, hidden)
		if err != nil {
			return
		}
		again, err := encodeSalt(salt, len(salt))
		if err != nil {
			t.Fatal(err)
		}
		back, err := ReadSalt(SaltFile, again, hidden)
		if err != nil {
			t.Fatal(err)
		}
		for i := range salt {
			if salt[i].Cmp(back[i]) != 0 {
				t.Fatal("a salt came back changed")
			}
		}
	})
}
