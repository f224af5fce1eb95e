package calldata_test

import (
	"testing"

	"github.com/zkml-go/zkml/chain/calldata"
	"github.com/zkml-go/zkml/verifier"
)

// TestCastIsQuoted: no value ends a shell's word, nor what cast reads as one string.
func TestCastIsQuoted(t *testing.T) {
	for text, want := range map[string]string{
		"x\nreboot": "", "{a,b}": `'"{a,b}"'`, "\x1b[2K": "", "é ü": `'"é ü"'`, "": `'""'`,
		"it's": `'"it'\''s"'`, "=ls": `'"=ls"'`, "a-b_c.1": "a-b_c.1", `"a"`: `''\''"a"'\'''`, `'"`: "",
	} {
		got, err := cast(t, verifier.Argument{Name: "x", Type: "string", Value: text})
		if (err == nil) != (want != "") || err == nil && got != "'f(string)' "+want {
			t.Errorf("%q: got %q, %v", text, got, err)
		}
	}
	got, err := cast(t, verifier.Argument{Name: "x", Type: "string[]", Value: []any{"a,b", "c"}})
	if err != nil || got != `'f(string[])' '["a,b",c]'` {
		t.Errorf("got %q, %v", got, err)
	}
}

// cast is the call of a method that takes one argument.
func cast(t *testing.T, a verifier.Argument) (string, error) {
	t.Helper()
	m, err := calldata.Like("f", []verifier.Argument{a})
	if err != nil {
		t.Fatal(err)
	}
	call, err := calldata.New(m, []verifier.Argument{a}, nil)
	if err != nil {
		t.Fatal(err)
	}
	return call.Cast()
}
