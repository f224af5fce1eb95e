package compiler

import (
	"cmp"
	"math"
	"slices"

	"github.com/zkml-go/zkml/compiler/ir"
)

// What refining tries at most.
const (
	mostInput  = 8
	mostWeight = 10
	maxRounds  = 6
	fewScores  = 20 // samples that neighbours are ordered by
)

// refine gives bits back where that is free. From the best candidate it moves to
// a neighbour of as few padded rows that is less noisy, as long as there is one.
func (f *finder) refine() error {
	for range maxRounds {
		if f.spent() {
			return nil
		}
		from := f.best
		if err := f.price(from); err != nil { // its neighbours are priced at what suits it
			return err
		}
		for _, t := range f.neighbours(from) {
			if f.spent() {
				return nil
			}
			if f.consider(t); f.best != from {
				break
			}
		}
		if f.best == from {
			return nil
		}
	}
	return nil
}

// neighbours plans the knobs near a candidate's that fit into as many padded rows
// and promise less noise, the best first.
func (f *finder) neighbours(at *trial) []*trial {
	few := f.scores.first(fewScores)
	bar := few.noise(at.Quantised)
	near := f.around(at.knobs)
	found := f.planAll("refine formats", near, func(t *trial) bool {
		if t.cost.PaddedRows() > at.cost.PaddedRows() {
			return false
		}
		t.noise = f.facts.noises.get(t.is, func() float64 { return few.noise(t.Quantised) })
		return t.noise < bar
	})
	slices.SortStableFunc(found, func(a, b *trial) int { return cmp.Compare(a.noise, b.noise) })
	return found
}

// around lists knobs near k: one bit more or fewer for the input, two for
// activations, and other weights of all layers or of one block of them.
func (f *finder) around(k Knobs) []Knobs {
	var out []Knobs
	least, most := max(k.Input-1, leastInput), min(k.Input+1, mostInput)
	if len(k.free(f.r.IR)) == 0 {
		least, most = k.Input, k.Input
	}
	for input := least; input <= most; input++ {
		least, most := max(k.Activation-2, leastWeight), min(k.Activation+2, mostActivation)
		for activation := least; activation <= most; activation++ {
			for _, n := range f.otherWeights(k) {
				n.Input, n.Activation = input, activation
				out = append(out, n)
			}
		}
	}
	for _, block := range blocks(f.r.IR, mostBlocks, tuning.ofWeights) {
		for bits := mostWeight; bits >= leastWeight; bits-- {
			out = append(out, k.turned(block, func(n *Knobs, i int) {
				n.setStep(i, StepKnobs{bits, n.Steps[i].Activation})
			}))
		}
	}
	return out
}

// otherWeights lists copies of k, and with other bits of weights.
func (f *finder) otherWeights(k Knobs) []Knobs {
	out := lower(k, k.Weight+1, k.Weight, func(*Knobs, int) {})
	out = append(out, lower(k, min(k.Weight+2, mostWeight)+1, max(k.Weight-2, leastWeight),
		func(n *Knobs, b int) { n.Weight = b })...)
	return out
}

// scores are what a float model's answer rests on, for samples: its outputs, or
// those that its class is the largest of.
type scores struct {
	of      []ir.ID   // by output
	largest []float64 // magnitudes, by output
	inputs  []Sample
	want    [][][]float64 // by sample and output
}

// first is the scores of the first n samples.
func (s scores) first(n int) scores {
	n = min(n, len(s.inputs))
	return scores{s.of, s.largest, s.inputs[:n], s.want[:n]}
}

// newScores has no samples yet.
func newScores(p *ir.Program) scores {
	s := scores{largest: make([]float64, len(p.Outputs))}
	labels := labellings(p)
	for _, id := range p.Outputs {
		if maker := labels[id]; maker != nil {
			id = maker.In[0]
		}
		s.of = append(s.of, id)
	}
	return s
}

// add adds a sample by the values that the float model has for it.
func (s *scores) add(x Sample, values [][]float64) {
	want := make([][]float64, len(s.of))
	for k, id := range s.of {
		want[k] = slices.Clone(values[id])
		for _, y := range want[k] {
			s.largest[k] = math.Max(s.largest[k], math.Abs(y))
		}
	}
	s.inputs, s.want = append(s.inputs, x), append(s.want, want)
}

// weight makes outputs of different size count alike.
func (s scores) weight(k int) float64 {
	if len(s.of) == 1 || s.largest[k] == 0 {
		return 1
	}
	return 1 / s.largest[k]
}

// noise is the mean error of a quantised program's scores. It tells candidates
// apart that the samples' classes do not: on inputs that are no samples, the less
// noisy one agrees more often.
func (s scores) noise(q *Quantised) float64 {
	sums, counts := make([]float64, len(s.of)), make([]int, len(s.of))
	for i, x := range s.inputs {
		values := q.Program.Run(q.Formats.encode(x)...)
		for k, id := range s.of {
			v := q.ValueOf[id]
			scale := q.Program.Values[v].Scale
			for j, got := range values[v] {
				sums[k] += math.Abs(float64(float64(got)*scale) - s.want[i][k][j])
				counts[k]++
			}
		}
	}
	total := 0.0
	for k, sum := range sums {
		total += float64(s.weight(k) * (sum / float64(max(counts[k], 1))))
	}
	return total
}
