package compiler

import (
	"cmp"
	"fmt"
	"math"
	"slices"

	"github.com/zkml-go/zkml/budget"
	"github.com/zkml-go/zkml/compiler/ir"
	"github.com/zkml-go/zkml/printable"
	"github.com/zkml-go/zkml/visibility"
)

// CoarseFeature is an element of an input whose format stands in the way: rounded to it alone,
// with all else as the float model has it, it makes half of the largest error or more, or gives
// samples another class.
type CoarseFeature struct {
	Input   string `json:"input"`
	Element int    `json:"element"`
	// Name is the element's in the file, or else made of the input's and its place.
	Name string  `json:"name"`
	Bits int     `json:"bits"`
	Step float64 `json:"step"`
	// Range is that of the format.
	Range [2]float64 `json:"range"`
	Cause string     `json:"cause"`
	// MaxAbsError is the largest error of an output that is no class, and OtherClass how many of
	// Samples have another one.
	MaxAbsError float64 `json:"max_abs_error"`
	OtherClass  int     `json:"other_class"`
	Samples     int     `json:"samples"`
}

// What makes a format coarse.
const (
	CauseShared   = "one format for all" // and others reach farther
	CauseOutliers = "outliers"           // the format reaches far beyond most samples
	CauseBits     = "too few bits"
)

// remedies say what helps, by cause.
var remedies = map[string]string{
	CauseShared: "scale it to the range of the others before the model, or calibrate with 30 samples or more, " +
		"for a format of its own where nothing reads it together with others",
	CauseOutliers: "leave out the few samples that lie far from all others, or limit the feature before the model",
	CauseBits:     "ask for more bits or a smaller error, or give it a narrower range, as its logarithm has",
}

// String is the feature in a sentence, with what helps.
func (c CoarseFeature) String() string {
	what := fmt.Sprintf("an error of %.3g", c.MaxAbsError)
	if c.OtherClass > 0 {
		what = fmt.Sprintf("another class for %d of %d samples", c.OtherClass, c.Samples)
	}
	return fmt.Sprintf("%s has steps of %.3g in [%.3g, %.3g] (%s), which alone make %s: %s", printable.Name(c.Name),
		c.Step, c.Range[0], c.Range[1], c.Cause, what, remedies[c.Cause])
}

// What the search for coarse features is bounded by.
const (
	coarseElements = 256     // of an input: more are no features
	coarseSamples  = 50      // that are run for each element
	coarseWork     = 1 << 28 // multiplications and elements of all runs
	coarseNamed    = 3
)

// coarseFeatures lists the worst elements of inputs, the worst first, but for those of which sides
// are told already.
func (r *Result) coarseFeatures(samples []Sample, t Target, of Report) []CoarseFeature {
	var out []CoarseFeature
	formats := r.Formats.inputs()
	few := samples[:min(len(samples), coarseSamples, r.runsFor(formats))]
	if len(few) == 0 {
		return nil
	}
	judged := r.rounding(few, t)
	for k, f := range formats {
		id := r.IR.Inputs[k]
		if r.IR.Whole(id) || r.IR.Size(id) > coarseElements {
			continue
		}
		name := r.Model.elementNames(k)
		for j := range r.IR.Size(id) {
			if slices.ContainsFunc(of.Sides, func(c ChangedSides) bool {
				return c.Input == r.IR.Names[id] && slices.Contains(c.Elements, j)
			}) {
				continue
			}
			c := judged.alone(k, j, f)
			if c.Samples = len(few); c.half(of) {
				c.Input, c.Name = r.IR.Names[id], name(j)
				c.Cause = cause(f, j, k, samples)
				out = append(out, c)
			}
		}
	}
	slices.SortStableFunc(out, func(a, b CoarseFeature) int {
		return cmp.Or(cmp.Compare(b.OtherClass, a.OtherClass), cmp.Compare(b.MaxAbsError, a.MaxAbsError))
	})
	return out[:min(len(out), coarseNamed)]
}

// half tells whether the element makes half of what is wrong, or more.
func (c CoarseFeature) half(of Report) bool {
	return c.MaxAbsError > 0 && c.MaxAbsError >= of.MaxAbsError/2 ||
		c.OtherClass > 0 && float64(c.OtherClass) >= float64((1-of.Top1)/2*float64(c.Samples))
}

// runsFor is how many samples the bound on work allows for each element.
func (r *Result) runsFor(formats []InputFormat) int {
	elements := int64(0)
	for k := range formats {
		if n := r.IR.Size(r.IR.Inputs[k]); n <= coarseElements {
			elements += int64(n)
		}
	}
	meter := r.Model.meter
	work := budget.Sum(meter.Used(budget.Multiplications), meter.Used(budget.Elements), meter.Used(budget.Indices))
	return int(coarseWork / budget.Product(max(work, 1), elements+1))
}

// rounding holds what the float model makes of samples as they are.
type rounding struct {
	p       *ir.Program
	samples []Sample
	want    [][][]float64 // by sample and value
	classes map[ir.ID]*ir.Step
	ranked  bool // the largest of scores stands for a class
}

func (r *Result) rounding(samples []Sample, t Target) *rounding {
	of := &rounding{p: r.IR, samples: samples, classes: labellings(r.IR), ranked: t.Top1 > 0}
	for _, x := range samples {
		of.want = append(of.want, r.IR.Run(x...))
	}
	return of
}

// alone rounds element j of input k alone.
func (r *rounding) alone(k, j int, f InputFormat) CoarseFeature {
	e := f.Element(j)
	lo, hi := e.Numbers()
	c := CoarseFeature{Element: j, Bits: e.Bits, Step: e.Scale,
		Range: [2]float64{float64(float64(lo) * e.Scale), float64(float64(hi) * e.Scale)}}
	for i, x := range r.samples {
		v := x[k][j]
		if math.IsNaN(v) || decoded(e, v) == v {
			continue
		}
		rounded := slices.Clone(x)
		rounded[k] = slices.Clone(x[k])
		rounded[k][j] = decoded(e, v)
		if r.compare(&c, r.p.Run(rounded...), r.want[i]) {
			c.OtherClass++
		}
	}
	return c
}

// compare takes the errors of outputs, and tells whether one is another class.
func (r *rounding) compare(c *CoarseFeature, got, want [][]float64) (other bool) {
	for _, id := range r.p.Outputs {
		if r.classes[id] != nil {
			other = other || !slices.Equal(got[id], want[id])
			continue
		}
		other = other || r.ranked && ArgMax(got[id]) != ArgMax(want[id])
		for n, y := range got[id] {
			c.MaxAbsError = math.Max(c.MaxAbsError, math.Abs(y-want[id][n]))
		}
	}
	return other
}

// cause tells why the steps of element j of input k are wide.
func cause(f InputFormat, j, k int, samples []Sample) string {
	switch {
	case !shorter(f.Element(j), j, k, samples):
		return CauseBits
	case f.Elements == nil && len(samples[0][k]) > 1:
		return CauseShared
	}
	return CauseOutliers
}

// shorter tells whether all samples but a fiftieth, or but the least and the largest, lie within a part
// of a format that is as much shorter than it as coarse says.
func shorter(e visibility.Element, j, k int, samples []Sample) bool {
	var values []float64
	for _, x := range samples {
		if v := x[k][j]; !math.IsNaN(v) {
			values = append(values, v)
		}
	}
	slices.Sort(values)
	n := len(values)
	cut := (n + 99) / 100
	if n <= 2*cut {
		return false
	}
	return float64((values[n-1-cut]-values[cut])*coarse) <= float64(math.Ldexp(1, e.Bits)*e.Scale)
}

// elementNames names the elements of an input.
func (m *Model) elementNames(input int) func(element int) string {
	f := &features{m: m, inputs: map[string]bool{}}
	f.given, _ = m.featureNames()
	in := m.Inputs[input].Name
	f.inputs[in] = true
	return func(element int) string { return f.own(in, element) }
}
