package compiler

import (
	"crypto/sha256"
	"encoding/json"
	"sync"

	"github.com/zkml-go/zkml/circuits"
)

// kept computes a value once for each key, for callers that ask at the same time too.
type kept[K comparable, V any] struct {
	mu sync.Mutex
	of map[K]*keptValue[V]
}

type keptValue[V any] struct {
	once sync.Once
	is   V
}

func (k *kept[K, V]) get(key K, compute func() V) V {
	k.mu.Lock()
	if k.of == nil {
		k.of = map[K]*keptValue[V]{}
	}
	v := k.of[key]
	if v == nil {
		v = &keptValue[V]{}
		k.of[key] = v
	}
	k.mu.Unlock()
	v.once.Do(func() { v.is = compute() })
	return v.is
}

// facts are what a search found out about programs. Knobs that differ give one program
// often: some bits decide nothing.
type facts struct {
	costs  kept[costKey, countedCost]
	noises kept[digest, float64] // of few samples
	judged map[digest]verdict
}

type costKey struct {
	program digest
	digit   int
}

type countedCost struct {
	cost circuits.Cost
	err  error
}

// verdict is a report, and for programs that meet the target their noise.
type verdict struct {
	report Report
	noise  float64
}

// identity tells the programs of one search apart. A step's kernel follows from its
// formats and from its inputs' scales and intervals: by and by, all kernels follow from
// the formats and from which values each step reads.
func (q *Quantised) identity() (out digest, err error) {
	h := sha256.New()
	if err := json.NewEncoder(h).Encode(q.Formats); err != nil {
		return out, err // infinite scales
	}
	for _, s := range q.Program.Steps {
		put(h, int64(len(s.In)))
		for _, id := range s.In {
			put(h, int64(id))
		}
	}
	h.Sum(out[:0])
	return out, nil
}

// count gives the cost of a candidate at the search's digit size, without its parts.
func (f *finder) count(t *trial) (circuits.Cost, error) {
	c := f.facts.costs.get(costKey{t.is, f.digit}, func() countedCost {
		f.r.effort.count(len(t.Program.Steps))
		s := circuits.Statement{Layout: t.layout, Model: t.bounded, Digit: f.digit}
		cost, err := s.Count()
		cost.Parts = nil
		return countedCost{cost, err}
	})
	return c.cost, c.err
}
