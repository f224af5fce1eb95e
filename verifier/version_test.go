package verifier_test

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/zkml-go/zkml/verifier"
)

// TestEarlierVersions: a key and a proof of version 1 are refused with their version,
// and not for what their layout lacks.
func TestEarlierVersions(t *testing.T) {
	for file, read := range map[string]func([]byte) error{
		"verifying-key.json": func(text []byte) error { _, err := verifier.ReadKey(bytes.NewReader(text)); return err },
		"proof.json": func(text []byte) error {
			_, err := verifier.ReadProof(bytes.NewReader(text))
			return err
		},
	} {
		text, err := os.ReadFile(filepath.Join("testdata", "v1", file))
		if err != nil {
			t.Fatal(err)
		}
		if err := read(text); err == nil || !strings.Contains(err.Error(), "version 1; this zkml reads version 2") {
			t.Errorf("%s: %v", file, err)
		}
	}
}
