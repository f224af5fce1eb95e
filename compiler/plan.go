package compiler

import (
	"runtime"
	"slices"
	"sync"

	"golang.org/x/sync/errgroup"

	"github.com/zkml-go/zkml/problem"
)

// planAll lists in their order the candidates of knobs that are kept. What cannot be quantised
// is no candidate.
func (f *finder) planAll(stage string, all []Knobs, keep func(*trial) bool) []*trial {
	return slices.DeleteFunc(f.planEach(stage, all, keep), func(t *trial) bool { return t == nil })
}

// planEach plans knobs on all processors, as far as there is time. In the place of what is not
// kept is nil.
func (f *finder) planEach(stage string, all []Knobs, keep func(*trial) bool) []*trial {
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
	return found
}
