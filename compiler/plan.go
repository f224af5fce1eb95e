package compiler

import (
	"runtime"
	"slices"
	"sync"

	"golang.org/x/sync/errgroup"

	"github.com/zkml-go/zkml/problem"
)

// planAll plans knobs on all processors, as far as there is time, and lists in their
// order the candidates that are kept. What cannot be quantised is no candidate.
func (f *finder) planAll(stage string, all []Knobs, keep func(*trial) bool) []*trial {
	found := make([]*trial, len(all))
	f.plans += len(all)
	var g errgroup.Group
	g.SetLimit(runtime.GOMAXPROCS(0))
	var reporting sync.Mutex
	done := 0
	for i, k := range all {
		if f.spent() {
			break
		}
		g.Go(func() error {
			return problem.Guard(func() error {
				if t, err := f.plan(k); err == nil && keep(t) {
					found[i] = t
				}
				reporting.Lock()
				defer reporting.Unlock()
				done++
				f.o.Progress(stage, done, len(all))
				return nil
			})
		})
	}
	problem.Must(g.Wait())
	return slices.DeleteFunc(found, func(t *trial) bool { return t == nil })
}
