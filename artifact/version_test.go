package artifact_test

import (
	"os"
	"strings"
	"testing"

	"github.com/zkml-go/zkml/artifact"
)

func TestGnarkVersion(t *testing.T) {
	mod, err := os.ReadFile("../go.mod")
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(string(mod), "github.com/consensys/gnark v"+artifact.GnarkVersion+"\n") {
		t.Errorf("go.mod requires another version of gnark than %s", artifact.GnarkVersion)
	}
}
