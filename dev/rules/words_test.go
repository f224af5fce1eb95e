package rules

import (
	"bytes"
	"regexp"
	"testing"
)

// unwanted are words that no file of the project holds. The expressions do not
// match themselves.
var unwanted = []struct {
	re  *regexp.Regexp
	why string
}{
	{regexp.MustCompile(`\b(TO[D]O|FIX[M]E|HA[C]K)\b`), "do it, or write an issue"},
	{regexp.MustCompile(`(^|[\s"'=(:<>` + "`" + `])/(home|root|Users|work)/\w`), "the path of somebody's machine"},
	{regexp.MustCompile(`(registry[.]npmjs|proxy[.]golang|sum[.]golang|files[.]pythonhosted|pypi[.]org|crates[.]io)`),
		"the address of a package registry: ordinary clients know where theirs is"},
}

// TestWords looks for unwanted words in every text of the repository.
func TestWords(t *testing.T) {
	all, err := tracked()
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range all {
		data := read(t, p)
		if bytes.IndexByte(data, 0) >= 0 {
			continue
		}
		for i, line := range bytes.Split(data, []byte("\n")) {
			for _, u := range unwanted {
				if word := u.re.Find(line); word != nil {
					t.Errorf("%s:%d: %q: %s", p, i+1, word, u.why)
				}
			}
		}
	}
}
