package problem_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/zkml-go/zkml/problem"
)

// TestGuard: a panic is an error that names its place and none of its values, and
// nothing else is changed.
func TestGuard(t *testing.T) {
	broken := errors.New("broken")
	if err := problem.Guard(func() error { return broken }); err != broken {
		t.Errorf("an error becomes %v", err)
	}
	if err := problem.Guard(func() error { return nil }); err != nil {
		t.Errorf("success becomes %v", err)
	}
	inner := problem.Guard(func() error { panic("inner") })
	if err := problem.Guard(func() error { problem.Must(nil); problem.Must(inner); return nil }); err != inner {
		t.Errorf("a fault of a goroutine becomes %v", err)
	}
	secret := 4711
	for name, work := range map[string]func() error{
		"a word":   func() error { panic("secret 4711") },
		"an index": func() error { return []error{nil}[secret] },
		"an error": func() error { panic(errors.New("secret 4711")) },
	} {
		t.Run(name, func(t *testing.T) {
			err := problem.Guard(work)
			p := problem.Of(err)
			if p == nil || p.Code != problem.Fault || !strings.Contains(p.Place, "guard_test.go:") {
				t.Fatalf("%v", err)
			}
			if strings.Contains(err.Error(), "4711") {
				t.Errorf("the error shows a value: %v", err)
			}
		})
	}
}
