package conformance

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/zkml-go/zkml/circuits"
)

// formatsOf publishes the input's format, as the compiler does.
func formatsOf(s *circuits.Statement) string {
	in := s.Layout.Inputs()[0]
	return fmt.Sprintf(`{"input":{"bits":%d,"zero":%d,"scale":%g},"steps":[]}`, in.Bits, in.Zero, in.Scale)
}

// TestFormatsAreChecked publishes formats that are not the key's, not the layout's, or
// that two readers read differently.
func TestFormatsAreChecked(t *testing.T) {
	for _, c := range []struct {
		name     string
		from, to string
		// both tells that the key's file says the same.
		both bool
	}{
		{"only the architecture's are others", "[]", "[{}]", false},
		{"another zero", `"zero":`, `"zero":1`, true},
		{"another number of bits", `"bits":`, `"bits":1`, true},
		{"a name in another case", `{"input"`, `{"Input":{},"input"`, true},
		{"a name twice", `{"input"`, `{"input":{},"input"`, true},
	} {
		t.Run(c.name, func(t *testing.T) {
			m := honest().copy()
			arch, key := *m.arch, *m.key
			arch.Formats = strings.Replace(arch.Formats, c.from, c.to, 1)
			if c.both {
				key.Formats = arch.Formats
			}
			m.arch, m.key = &arch, &key
			if bad := failing(t, m); !slices.Contains(bad, "formats") {
				t.Errorf("%q did not refuse it; these did: %v", "formats", bad)
			}
		})
	}
}
