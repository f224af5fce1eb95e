package artifact

import "testing"

// Reseal gives the bytes of a changed manifest, with the digest that fits them.
func Reseal(t testing.TB, m Manifest) []byte {
	t.Helper()
	text, err := m.seal()
	if err != nil {
		t.Fatal(err)
	}
	return text
}
