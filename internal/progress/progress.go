// Package progress owns what a waiting user sees: bars and spinners on a
// terminal, and nothing anywhere else. It must not know what is being waited
// for. The command line and the demo import it.
package progress

import (
	"io"
	"sync"
	"time"

	"github.com/schollz/progressbar/v3"

	"github.com/zkml-go/zkml/printable"
)

// patience is how long a stage runs before it is worth a bar.
const patience = 500 * time.Millisecond

// Reporter draws one stage at a time. It is safe for concurrent use; the zero
// value draws nothing.
type Reporter struct {
	w       io.Writer
	mu      sync.Mutex
	stage   string // what the bar shows, or would
	since   time.Time
	bar     *progressbar.ProgressBar
	waiting string // the stage of unknown length
	ticking bool   // a goroutine turns its spinner
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
	if done >= total {
		r.clear()
		r.stage = ""
	}
}

// Show is Step, or Stage where total is 0.
func (r *Reporter) Show(stage string, done, total int) {
	if total == 0 {
		r.Stage(stage)
		return
	}
	r.Step(stage, done, total)
}

// Stage begins a stage of unknown length, which lasts until the next one or
// Done. Steps inside it are drawn in its place.
func (r *Reporter) Stage(name string) {
	if r.w == nil {
		return
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.clear()
	r.stage, r.waiting = "", name
	if !r.ticking {
		r.ticking = true
		go r.tick()
	}
}

// tick moves the spinner on until no stage waits.
func (r *Reporter) tick() {
	for {
		time.Sleep(patience)
		if !r.turn() {
			return
		}
	}
}

// turn draws the waiting stage, unless one with steps is drawn, and tells
// whether there is one.
func (r *Reporter) turn() bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.ticking = r.waiting != ""
	if !r.ticking || r.stage != "" && r.stage != r.waiting {
		return r.ticking
	}
	if r.bar == nil {
		r.stage, r.bar = r.waiting, r.newBar(r.waiting, -1)
	}
	_ = r.bar.Add(1)
	return true
}

// Done ends every stage and clears what is drawn.
func (r *Reporter) Done() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.clear()
	r.stage, r.waiting = "", ""
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
		progressbar.OptionSetDescription(printable.Line(stage)),
		progressbar.OptionSetWidth(30),
		progressbar.OptionThrottle(100*time.Millisecond),
		progressbar.OptionSetSpinnerChangeInterval(0), // turn moves it; a goroutine of its own would race
		progressbar.OptionSetPredictTime(total > 0),
		progressbar.OptionClearOnFinish(),
	)
}
