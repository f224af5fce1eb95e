package verifier_test

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"

	"github.com/zkml-go/zkml/testkit/toy"
	"github.com/zkml-go/zkml/verifier"
)

// TestDigestCoversElements: a key's file that says another format of one element than the
// key was made with is refused, whatever of it differs.
func TestDigestCoversElements(t *testing.T) {
	text := string(written(t, prove(t, toy.Find("a row")).prover.Key))
	var flat bytes.Buffer
	if err := json.Compact(&flat, []byte(text)); err != nil {
		t.Fatal(err)
	}
	const age = `{"bits":7,"zero":-18,"scale":1,"missing":145}`
	if _, err := verifier.ReadKey(bytes.NewReader(flat.Bytes())); err != nil || !strings.Contains(flat.String(), age) {
		t.Fatalf("%v\n%s", err, flat.String())
	}
	for _, other := range []string{
		`{"bits":7,"zero":-18,"scale":1}`, `{"bits":7,"zero":-18,"scale":1,"missing":18}`,
		`{"bits":7,"zero":-18,"scale":2,"missing":145}`, `{"bits":7,"zero":-19,"scale":1,"missing":146}`,
		`{"bits":8,"zero":-18,"scale":1,"missing":273}`,
	} {
		changed := strings.Replace(flat.String(), age, other, 1)
		if _, err := verifier.ReadKey(strings.NewReader(changed)); err == nil ||
			!strings.Contains(err.Error(), "vk_sha256") {
			t.Errorf("%s: %v", other, err)
		}
	}
}
