package jsonfile

import (
	"encoding/json"
	"strings"
	"testing"
)

type sheet struct {
	Version int               `json:"version"`
	Name    string            `json:"name,omitempty"`
	Rows    []row             `json:"rows"`
	Notes   map[string]row    `json:"notes"`
	Raw     json.RawMessage   `json:"raw"`
	Inner   *row              `json:"inner"`
	Plain   int               //
	Left    int               `json:"-"`
	Words   map[string]string `json:"words"`
}

type row struct {
	A int `json:"a"`
}

// TestDecodeIsExact lists texts that encoding/json takes, and that say two things.
func TestDecodeIsExact(t *testing.T) {
	for text, want := range map[string]string{
		`{"version":1,"name":"x","rows":[{"a":1},{"a":2}],"notes":{"A":{"a":1},"a":{"a":2}},` +
			`"raw":{"B":1,"b":[{}]},"inner":{"a":3},"Plain":4}`: "",
		`{"rows":null,"inner":null}`:               "",
		`{"Version":1}`:                            `unknown field "Version"`,
		`{"version":1,"VERSION":2}`:                `unknown field "VERSION"`,
		`{"version":1,"version":1}`:                `"version" stands in one object twice`,
		`{"version":1,"ver\u0073ion":2}`:           `"version" stands in one object twice`,
		`{"rows":[{"a":1},{"A":2}]}`:               `unknown field "A"`,
		`{"rows":[{"a":1,"a":2}]}`:                 `"a" stands in one object twice`,
		`{"inner":{"a":1,"A":2}}`:                  `unknown field "A"`,
		`{"notes":{"x":{"a":1},"x":{"a":2}}}`:      `"x" stands in one object twice`,
		`{"notes":{"x":{"A":1}}}`:                  `unknown field "A"`,
		`{"raw":{"x":1,"y":{"z":1,"z":2}}}`:        `"z" stands in one object twice`,
		`{"raw":[[{"z":1,"z":2}]]}`:                `"z" stands in one object twice`,
		`{"plain":4}`:                              `unknown field "plain"`,
		`{"Left":4}`:                               `unknown field "Left"`,
		`{"version":1} {}`:                         "something follows",
		`{"version":1}]`:                           "something follows",
		`{"version":1`:                             "unexpected EOF",
		`{"name":"` + "\xff" + `"}`:                "not UTF-8",
		`{"raw":` + strings.Repeat("[", 200):       "levels of nesting",
		`{"raw":` + strings.Repeat(`{"a":`, 1<<20): "levels of nesting",
		"\x1b[2K{}":                                "invalid character",
	} {
		name := text[:min(len(text), 60)]
		err := Decode([]byte(text), new(sheet))
		if want == "" && err != nil || want != "" && (err == nil || !strings.Contains(err.Error(), want)) {
			t.Errorf("%s: got %v, want %q", name, err, want)
		}
	}
}

// TestReadChecksTheVersionFirst, so that a later version is refused as that.
func TestReadChecksTheVersionFirst(t *testing.T) {
	for text, want := range map[string]string{
		`{"version":2,"later":1}`:   "version 2; this zkml reads version 1",
		`{"VERSION":1}`:             `unknown field "VERSION"`,
		`{"version":2,"VERSION":1}`: `unknown field "VERSION"`,
		``:                          "ends too early",
		`{"version":1,"name":"` + strings.Repeat("x", 100) + `"}`: "longer than 100 bytes",
	} {
		err := Read(strings.NewReader(text), 100, 1, new(sheet))
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%.40s: got %v, want %q", text, err, want)
		}
	}
}

// FuzzDecode: what is taken comes back the same from what Write makes of it.
func FuzzDecode(f *testing.F) {
	f.Add([]byte(`{"version":1,"rows":[{"a":1}],"notes":{"x":{"a":2}},"raw":[1],"inner":null,"words":{"k":"v"}}`))
	f.Add([]byte(`{"version":1,"Version":2}`))
	f.Fuzz(func(t *testing.T, text []byte) {
		v := new(sheet)
		if Decode(text, v) != nil {
			return
		}
		var out strings.Builder
		if _, err := Write(&out, v); err != nil {
			t.Fatal(err)
		}
		again := new(sheet)
		if err := Decode([]byte(out.String()), again); err != nil {
			t.Fatalf("%v: %s", err, out.String())
		}
		var back strings.Builder
		if _, err := Write(&back, again); err != nil || back.String() != out.String() {
			t.Fatalf("%s became %s (%v)", out.String(), back.String(), err)
		}
	})
}
