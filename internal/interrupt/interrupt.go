// Package interrupt owns the end of work that looks at its context seldom or
// never. It must not know what the work is. The library and the command line
// import it.
package interrupt

import (
	"context"
	"time"

	"github.com/zkml-go/zkml/problem"
)

// Grace is how long interrupted work may take to end by itself.
const Grace = 500 * time.Millisecond

// Await runs work, and leaves it behind soon after ctx is done: it goes on in its
// goroutine until it looks at its context or ends, and its result is dropped. The
// error is the context's then. Work must write nothing that would be left half
// written. A panic of the work is an error, as problem.Guard makes it.
func Await[T any](ctx context.Context, work func() (T, error)) (T, error) {
	type answer struct {
		value T
		err   error
	}
	done := make(chan answer, 1)
	go func() {
		var a answer
		a.err = problem.Guard(func() (err error) {
			a.value, err = work()
			return err
		})
		done <- a
	}()
	select {
	case r := <-done:
		return r.value, r.err
	case <-ctx.Done():
	}
	select {
	case r := <-done:
		return r.value, r.err
	case <-time.After(Grace):
		var none T
		return none, ctx.Err()
	}
}
