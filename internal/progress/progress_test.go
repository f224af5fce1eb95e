package progress

import (
	"bytes"
	"strings"
	"testing"
	"time"
)

func TestReporter(t *testing.T) {
	tests := []struct {
		name string
		do   func(r *Reporter)
		want string // a part of what is drawn, empty for nothing
	}{
		{"a quick stage is not drawn", func(r *Reporter) { r.Step("quick", 1, 2); r.Step("quick", 2, 2) }, ""},
		{"a quick wait is not drawn", func(r *Reporter) { r.Stage("quick"); r.Done() }, ""},
		{"a slow stage is", func(r *Reporter) {
			r.Step("slow", 1, 3)
			r.since = r.since.Add(-time.Minute)
			r.Step("slow", 2, 3)
			r.Done()
		}, "slow"},
		{"a slow wait is", func(r *Reporter) {
			r.Stage("compile")
			r.Stage("proving")
			time.Sleep(patience + patience/2)
			r.Done()
		}, "proving"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			var b bytes.Buffer
			test.do(New(&b))
			if test.want == "" && b.Len() > 0 || !strings.Contains(b.String(), test.want) {
				t.Errorf("drew %q, want %q", b.String(), test.want)
			}
		})
	}
}

func TestNoTerminal(t *testing.T) {
	r := New(nil)
	r.Step("stage", 1, 2)
	r.Stage("stage")
	r.Done()
}
