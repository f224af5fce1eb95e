package artifact_test

import (
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/zkml-go/zkml/artifact"
	"github.com/zkml-go/zkml/testkit/artifacttest"
	"github.com/zkml-go/zkml/visibility"
)

// TestManifestThatContradictsTheKey changes the manifest and its digest with it: what
// remains to hold it against is the key.
func TestManifestThatContradictsTheKey(t *testing.T) {
	for name, c := range map[string]struct {
		network artifacttest.Network
		change  func(m *artifact.Manifest)
		field   string
	}{
		"layout": {public(), func(m *artifact.Manifest) { m.Layout.Ports[0].Scale *= 2 }, "layout"},
		"name of an input": {public(), func(m *artifact.Manifest) { m.Layout.Ports[0].Name = "other" },
			"layout"},
		"formats":         {public(), func(m *artifact.Manifest) { m.Formats = "8-bit input" }, "formats"},
		"ceremony":        {public(), func(m *artifact.Manifest) { m.SRS.Source = "another" }, "srs"},
		"safety":          {public(), func(m *artifact.Manifest) { m.SRS.Unsafe = !m.SRS.Unsafe }, "srs"},
		"model":           {public(), exchangeModel, "model_sha256"},
		"a private model": {private(), exchangeModel, "model_sha256"},
		"digest": {public(), func(m *artifact.Manifest) { m.VKSHA256 = strings.Repeat("0", 64) },
			"vk_sha256"},
	} {
		t.Run(name, func(t *testing.T) {
			b := c.network.Bundle(t, 1)
			m := *b.Manifest
			m.Layout = m.Layout.Clone()
			c.change(&m)
			rewrite(t, filepath.Join(b.Dir, artifact.ManifestFile), artifact.Reseal(t, m))
			_, err := artifact.Open(b.Dir)
			if want := "they differ in " + c.field; err == nil || !strings.Contains(err.Error(), want) {
				t.Fatalf("got %v, want an error with %q", err, want)
			}
		})
	}
}

func exchangeModel(m *artifact.Manifest) { m.ModelSHA256 = strings.Repeat("0", 64) }

// TestManifestOfAnotherBundle exchanges the manifests of two bundles, and then the
// file that the manifest lists as its key.
func TestManifestOfAnotherBundle(t *testing.T) {
	wider := public()
	wider.In++
	a, b := public().Bundle(t, 1), wider.Bundle(t, 2)
	theirs := *b.Manifest
	theirs.Files = slices.Clone(a.Manifest.Files)
	rewrite(t, filepath.Join(a.Dir, artifact.ManifestFile), artifact.Reseal(t, theirs))
	_, err := artifact.Open(a.Dir)
	if err == nil || !strings.Contains(err.Error(), "is not the key that the manifest describes") {
		t.Fatalf("got %v", err)
	}
}

// TestProgramOfAnotherLayout: the files agree with their digests, and the program has
// other inputs or outputs than its layout has ports.
func TestProgramOfAnotherLayout(t *testing.T) {
	longer := public()
	longer.In++
	scores := public()
	scores.Reveal = visibility.Scores
	for want, other := range map[string]artifacttest.Network{
		"inputs have": longer, "outputs have": scores,
	} {
		c := public().Contents(t, 1)
		c.Program = other.Contents(t, 1).Program
		b := artifacttest.Write(t, filepath.Join(t.TempDir(), "model"+artifact.Suffix), c)
		if _, err := b.Program(); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("got %v, want an error with %q", err, want)
		}
		if err := b.Check(); err == nil {
			t.Error("the bundle passes its check")
		}
	}
}
