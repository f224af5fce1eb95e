package interrupt_test

import (
	"context"
	"errors"
	"testing"

	"github.com/zkml-go/zkml/internal/interrupt"
)

// TestAwait gives the result of work that ends, and leaves work that does not.
func TestAwait(t *testing.T) {
	broken := errors.New("broken")
	got, err := interrupt.Await(t.Context(), func() (int, error) { return 7, broken })
	if got != 7 || err != broken {
		t.Errorf("%d, %v", got, err)
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
