package interrupt_test

import (
	"context"
	"errors"
	"testing"

	"github.com/zkml-go/zkml/internal/interrupt"
	"github.com/zkml-go/zkml/problem"
)

// TestAwait gives the result of work that ends, and leaves work that does not.
func TestAwait(t *testing.T) {
	broken := errors.New("broken")
	got, err := interrupt.Await(t.Context(), func() (int, error) { return 7, broken })
	if got != 7 || err != broken {
		t.Errorf("%d, %v", got, err)
	}
	_, err = interrupt.Await(t.Context(), func() (int, error) { panic("broken") })
	if p := problem.Of(err); p == nil || p.Code != problem.Fault {
		t.Errorf("a panic becomes %v", err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	forever := make(chan struct{})
	defer close(forever)
	_, err = interrupt.Await(ctx, func() (int, error) { <-forever; return 0, nil })
	if !errors.Is(err, context.Canceled) {
		t.Errorf("left behind: %v", err)
	}
}
