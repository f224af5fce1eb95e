package main

import (
	"strings"
	"testing"
)

func TestReport(t *testing.T) {
	tests := []struct {
		name   string
		events []string
		want   []string
	}{
		{"a package that passes", []string{
			`{"Action":"run","Package":"p","Test":"TestA"}`,
			`{"Action":"output","Package":"p","Test":"TestA","Output":"noise\n"}`,
			`{"Action":"pass","Package":"p","Test":"TestA","Elapsed":1}`,
			`{"Action":"pass","Package":"p","Elapsed":1.5}`,
		}, []string{"ok    p", "1 passed, 0 failed, 0 skipped"}},
		{"a failure shows its output", []string{
			`{"Action":"output","Package":"p","Test":"TestA","Output":"    a_test.go:3: wrong\n"}`,
			`{"Action":"fail","Package":"p","Test":"TestA"}`,
			`{"Action":"fail","Package":"p"}`,
		}, []string{"a_test.go:3: wrong", "FAIL  p", "0 passed, 1 failed"}},
		{"a package that does not build counts as a failure", []string{
			`{"Action":"build-output","ImportPath":"p","Output":"p.go:1: no\n"}`,
			`{"Action":"fail","Package":"p"}`,
		}, []string{"p.go:1: no", "FAIL  p", "1 failed"}},
		{"skips are listed by reason", []string{
			`{"Action":"output","Package":"p","Test":"TestA","Output":"    a_test.go:7: no node\n"}`,
			`{"Action":"skip","Package":"p","Test":"TestA"}`,
			`{"Action":"skip","Package":"p","Test":"TestB"}`,
			`{"Action":"skip","Package":"q"}`,
		}, []string{"skip  TestA: no node", "skip  TestB: no reason given", "0 passed, 0 failed, 2 skipped"}},
		{"what is no event is kept", []string{"go: downloading x"}, []string{"go: downloading x"}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			var out strings.Builder
			r := newReport(&out)
			if err := r.read(strings.NewReader(strings.Join(test.events, "\n"))); err != nil {
				t.Fatal(err)
			}
			r.end()
			for _, want := range test.want {
				if !strings.Contains(out.String(), want) {
					t.Errorf("%q is not in\n%s", want, out.String())
				}
			}
			if strings.Contains(out.String(), "noise") {
				t.Errorf("the output of a test that passed is shown:\n%s", out.String())
			}
		})
	}
}
