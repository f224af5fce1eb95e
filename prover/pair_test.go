package prover

import (
	"strings"
	"testing"

	"github.com/zkml-go/zkml/srs"
)

// TestTooSmallAnSRS: a circuit beyond the SRS gets an error with the remedy.
func TestTooSmallAnSRS(t *testing.T) {
	store, err := srs.Open(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	o := Options{Store: store}
	for name, size := range map[string]uint64{"beyond the embedded one": 1 << 17, "beyond any": 1 << 30} {
		t.Run(name, func(t *testing.T) {
			_, err := o.pair(size, nil)
			if err == nil || !strings.Contains(err.Error(), "2^") || size < 1<<20 &&
				!strings.Contains(err.Error(), "zkml srs import") {
				t.Fatalf("got %v", err)
			}
		})
	}
}
