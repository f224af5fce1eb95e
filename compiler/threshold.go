package compiler

import (
	"fmt"
	"maps"
	"math"
	"slices"

	"github.com/zkml-go/zkml/compiler/graph"
	"github.com/zkml-go/zkml/compiler/ir"
	"github.com/zkml-go/zkml/printable"
	"github.com/zkml-go/zkml/problem"
	"github.com/zkml-go/zkml/visibility"
)

// Decision is what a single score means: class 1 above a threshold, else class 0.
type Decision struct{ splits ir.Splits }

// Decision is that of the port's scores. Those of a model in single precision are compared
// in it, as onnxruntime has them: a score that is written as the threshold is equal to it.
func (p Port) Decision(threshold float64) Decision {
	single := p.DType.IsFloat() && p.DType != graph.Float64
	if single {
		threshold = float64(float32(threshold))
	}
	return Decision{ir.Splits{
		Index: []int32{0}, At: []float64{threshold}, OrAt: []bool{false}, Single: single, Decides: true,
	}}
}

// Class is the class of a score.
func (d Decision) Class(score float64) int64 {
	if d.splits.Beyond(0, score) {
		return 1
	}
	return 0
}

// decision is that of output k; nil where no threshold makes its class.
func (r *Result) decision(k int) *Decision {
	out := r.Model.Outputs[k]
	t, ok := r.thresholds[out.Name]
	if !ok {
		return nil
	}
	d := out.Decision(t)
	return &d
}

// step makes the class of the program's score.
func (d Decision) step() ir.Kind { return &d.splits }

// defaultThreshold is that of a probability, and of a boolean.
const defaultThreshold = 0.5

// decided gives the thresholds of the single scores that are revealed by a class.
func (o *Options) decided(m *Model, p *ir.Program) (map[string]float64, error) {
	given := maps.Clone(o.Thresholds)
	rest, all := given[""]
	delete(given, "")
	var out map[string]float64
	for k, port := range m.Outputs {
		if !o.decides(p, k, port) {
			continue
		}
		t, ok := given[port.Name]
		if !ok && all {
			t, ok = rest, true
		}
		if !ok && thresholdFollows(p, k, port) {
			t, ok = defaultThreshold, true
		}
		if err := o.checkThreshold(port, t, ok); err != nil {
			return nil, err
		}
		if out == nil {
			out = map[string]float64{}
		}
		out[port.Name] = t
		delete(given, port.Name)
	}
	if all && out == nil {
		return nil, &problem.Error{
			Code: problem.Conflict, Option: "${Thresholds}", Got: "no single score is revealed by its class",
			Remedy: "leave the threshold out, or reveal the class of an output that has one element",
		}
	}
	for _, name := range slices.Sorted(maps.Keys(given)) {
		return nil, o.needless(m, p, name)
	}
	return out, nil
}

// decides tells whether output k is a single score that is revealed by a class.
func (o *Options) decides(p *ir.Program, k int, port Port) bool {
	id := p.Outputs[k]
	return o.plan().RevealOf(port.Name) == visibility.Class && p.Size(id) == 1 && !classes(p, id)
}

// checkThreshold refuses a single score of which it is not known when it means class 1, and
// that of a private model: nothing but the model itself shows what integer it is compared
// with.
func (o *Options) checkThreshold(port Port, t float64, known bool) error {
	e := &problem.Error{Option: "${Thresholds}", Place: "output " + printable.Name(port.Name)}
	switch {
	case !known:
		e.Code, e.Got = problem.Missing, "its class is asked for, and it is a single score"
		e.Remedy = "say above which number it means class 1, as in ${Thresholds} 0.5, or reveal scores"
	case math.IsNaN(t) || math.IsInf(t, 0):
		e.Code, e.Got, e.Remedy = problem.Choice, fmt.Sprintf("the threshold is %g", t), "give a finite number"
	case o.Private.Model:
		e.Code, e.Option = problem.Conflict, "${Reveal}"
		e.Got = "the class of a single score, of a private model: the integer that the threshold becomes is a " +
			"constant of the circuit, and nothing shows that it is the right one"
		e.Remedy = "reveal scores, or leave model out of ${Private}"
	default:
		return nil
	}
	return e
}

// needless says why an output has no use for a threshold.
func (o *Options) needless(m *Model, p *ir.Program, name string) error {
	k := slices.IndexFunc(m.Outputs, func(port Port) bool { return port.Name == name })
	if k < 0 {
		return &problem.Error{
			Code: problem.Choice, Option: "${Thresholds}", Place: name,
			Supported: "the outputs that are proved are " + printable.Names(m.outputNames()),
		}
	}
	e := &problem.Error{
		Code: problem.Conflict, Option: "${Thresholds}", Place: name, Remedy: "leave the threshold out",
	}
	switch id := p.Outputs[k]; {
	case o.plan().RevealOf(name) != visibility.Class:
		e.Got, e.Remedy = "the output is not revealed by its class", "reveal it with ${Reveals} "+name+"=class"
	case classes(p, id):
		e.Got = "the output is a class already"
	default:
		e.Got = fmt.Sprintf("the output, of shape %v, has several elements: the largest one is its class", p.Shapes[id])
	}
	return e
}

// thresholdFollows tells whether output k is a boolean, made by a logistic function, or one
// of the numbers 0 and 1.
func thresholdFollows(p *ir.Program, k int, port Port) bool {
	if port.DType == graph.Bool {
		return true
	}
	s := p.Producer(p.Outputs[k])
	for s != nil {
		move, ok := s.Kind.(*ir.Move)
		if !ok {
			break
		}
		s = p.Producer(s.In[move.In[0]])
	}
	if s == nil {
		return false
	}
	if f, ok := s.Kind.(*ir.Func); ok && f.Name == "sigmoid" {
		return true
	}
	lo, hi := bounds(p, s.Out, deepest)
	return p.GivesIntegers(s) && lo == 0 && hi == 1
}
