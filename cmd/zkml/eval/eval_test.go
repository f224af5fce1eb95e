package eval

import (
	"bytes"
	"strings"
	"testing"

	"github.com/zkml-go/zkml/testkit/svgtest"
)

// TestPicture says of how many samples a matrix is, and what its axes and its diagonal are.
func TestPicture(t *testing.T) {
	for name, c := range map[string]struct {
		labelled bool
		want     []string
	}{
		"labels": {true, []string{"n = 8, accuracy 75.00 %", "actual, as labelled", "predicted by the integer model"}},
		"no labels": {false, []string{"n = 8, agreement with the float model 75.00 %", "predicted by the float model",
			"predicted by the integer model"}},
	} {
		t.Run(name, func(t *testing.T) {
			var b bytes.Buffer
			if err := picture("mnist", c.labelled, [][]int{{4, 1}, {1, 2}}).Write(&b); err != nil {
				t.Fatal(err)
			}
			svgtest.Check(t, b.Bytes())
			for _, want := range c.want {
				if !strings.Contains(b.String(), ">"+want+"<") {
					t.Errorf("no text %q in the picture", want)
				}
			}
		})
	}
}
