package printable_test

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"
	"unicode"

	"github.com/zkml-go/zkml/printable"
)

func TestLine(t *testing.T) {
	for text, want := range map[string]string{
		"":                           "",
		"fc1 (Gemm), é 数 ½ a\u00a0b": "fc1 (Gemm), é 数 ½ a\u00a0b",
		"\x1b[31maccepted":           `\u001b[31maccepted`,
		"a\nzkml: accepted\r\tb":     `a\nzkml: accepted\u000d\tb`,
		"a\u202eb\u2066\u200b":       `a\u202eb\u2066\u200b`,
		"\u009b2J\x7f":               `\u009b2J\u007f`,
		"\u2028\ufeff\U000e0041":     `\u2028\ufeff\udb40\udc41`,
		"\xff\x9b":                   `\xff\x9b`,
	} {
		if got := printable.Line(text); got != want {
			t.Errorf("%q becomes %s, not %s", text, got, want)
		}
		if err := printable.Check(text); (err == nil) != (text == want) {
			t.Errorf("%q as a name: %v", text, err)
		} else if err != nil && printable.Line(err.Error()) != err.Error() {
			t.Errorf("the error shows %q raw", err)
		}
	}
	if got := printable.Lines("a\tb\n\x1b"); got != "a\tb\n\\u001b" {
		t.Errorf("lines become %q", got)
	}
	if got := printable.Quote(strings.Repeat("a", 100)); got != `"`+strings.Repeat("a", 64)+`"...` {
		t.Errorf("a long text is quoted as %s", got)
	}
}

// FuzzWriter writes a text in two parts: the whole gives the same, nothing but lines,
// columns and graphic characters arrives, and JSON means the same as before.
func FuzzWriter(f *testing.F) {
	for _, text := range []string{"a\x1b[2J\n", "a\u202eb", "数\xe6\x95", "\U000e0041"} {
		f.Add([]byte(text), 2)
	}
	f.Fuzz(func(t *testing.T, text []byte, at int) {
		at = max(0, min(at, len(text)))
		var got, object bytes.Buffer
		w := printable.NewWriter(&got)
		for _, part := range [][]byte{text[:at], text[at:], {'.'}} {
			if n, err := w.Write(part); n != len(part) || err != nil {
				t.Fatal(n, err)
			}
		}
		if want := printable.Lines(string(text) + "."); got.String() != want {
			t.Errorf("%q becomes %q, not %q", text, got.String(), want)
		}
		for _, r := range got.String() {
			if !unicode.IsGraphic(r) && r != '\n' && r != '\t' {
				t.Errorf("%q passes %U", text, r)
			}
		}
		e := json.NewEncoder(printable.NewWriter(&object))
		e.SetEscapeHTML(false)
		if err := e.Encode(string(text)); err != nil {
			t.Fatal(err)
		}
		var want, back string
		plain, err := json.Marshal(string(text))
		if err != nil || json.Unmarshal(plain, &want) != nil {
			t.Fatal(err)
		}
		if err := json.Unmarshal(object.Bytes(), &back); err != nil || back != want {
			t.Errorf("%q comes back as %q, %v", text, back, err)
		}
	})
}

// TestName: what stands beside a name in a line cannot be a part of the name.
func TestName(t *testing.T) {
	long := strings.Repeat("a", 201)
	for name, want := range map[string]string{
		"conv1/weights:0":      "conv1/weights:0",
		"é数":                   "é数",
		long[:200]:             long[:200],
		"":                     `""`,
		"label, shown by none": `"label, shown by none"`,
		"a\u00a0b":             `"a\u00a0b"`,
		`a"`:                   `"a\""`,
		long:                   `"` + long[:64] + `"...`,
	} {
		if got := printable.Name(name); got != want {
			t.Errorf("%q is shown as %s, not %s", name, got, want)
		}
	}
}
