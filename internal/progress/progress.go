// Package progress owns what a waiting user sees: bars and spinners on a
// terminal, and nothing anywhere else. It must not know what is being waited
// for. The command line and the demo import it.
package progress

import (
	"io"
	"sync"
	"time"

	"github.com/schollz/progressbar/v3"
)

// patience is how long a stage runs before it is worth a bar.
const patience = 500 * time.Millisecond

// Reporter draws one stage at a time. It is safe for concurrent use; the zero
// value draws nothing.
type Reporter struct {
	w     io.Writer
	mu    sync.Mutex
	stage string
	since time.Time
	bar   *progressbar.ProgressBar
}

// New makes a reporter that draws on w, which is a terminal, or nil for none.
func New(w io.Writer) *Reporter { return &Reporter{w: w} }

// Step tells that done of total parts of a stage are finished. A new stage
// clears the bar of the one before.
func (r *Reporter) Step(stage string, done, total int) {
	if r.w == nil {
		return
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if stage != r.stage {
		r.clear()
		r.stage, r.since = stage, time.Now()
	}
	if r.bar == nil && time.Since(r.since) > patience && done < total {
		r.bar = r.newBar(stage, total)
	}
	if r.bar != nil {
		_ = r.bar.Set(min(done, total)) // a terminal that cannot be written to loses its bar alone
	}
}

// Wait shows that a stage of unknown length goes on, until stop is called.
func (r *Reporter) Wait(stage string) (stop func()) {
	if r.w == nil {
		return func() {}
	}
	quit, ended := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(ended)
		r.spin(stage, quit)
	}()
	return func() {
		close(quit)
		<-ended
	}
}

func (r *Reporter) spin(stage string, quit <-chan struct{}) {
	tick := time.NewTicker(patience)
	defer tick.Stop()
	for {
		select {
		case <-quit:
			r.Done()
			return
		case <-tick.C:
			r.mu.Lock()
			if r.stage != stage {
				r.clear()
				r.stage = stage
			}
			if r.bar == nil {
				r.bar = r.newBar(stage, -1)
			}
			_ = r.bar.Add(1)
			r.mu.Unlock()
		}
	}
}

// Done clears what is drawn.
func (r *Reporter) Done() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.clear()
	r.stage = ""
}

func (r *Reporter) clear() {
	if r.bar != nil {
		_ = r.bar.Clear()
		_ = r.bar.Exit()
		r.bar = nil
	}
}

func (r *Reporter) newBar(stage string, total int) *progressbar.ProgressBar {
	return progressbar.NewOptions(total,
		progressbar.OptionSetWriter(r.w),
		progressbar.OptionSetDescription(stage),
		progressbar.OptionSetWidth(30),
		progressbar.OptionThrottle(100*time.Millisecond),
		progressbar.OptionSetPredictTime(total > 0),
		progressbar.OptionClearOnFinish(),
	)
}
