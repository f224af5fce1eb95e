package optest

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/zkml-go/zkml/compiler/graph"
	"github.com/zkml-go/zkml/compiler/onnx"
	"github.com/zkml-go/zkml/compiler/op"
	"github.com/zkml-go/zkml/tensor"
)

// Outcome is the outcome of one official test.
type Outcome string

// Outcomes, the best first. Passed: right and lowered with a variable input.
// Folded: right where all inputs are constants, refused otherwise. Unsupported: a node's
// operator is not registered.
const (
	Passed      Outcome = "passed"
	Folded      Outcome = "folded"
	Refused     Outcome = "refused"
	Unsupported Outcome = "unsupported"
)

// Verdict is the result of one official test.
type Verdict struct {
	Test    string
	Op      string // the operator tested, or Several; the one that is not registered
	Outcome Outcome
	Reason  string // why it was refused or folded, without the node's name
	Wrong   error  // set where it was accepted and a number is wrong
}

// What stands for the operator of a test whose model has nodes of different
// types, or cannot be read.
const (
	Several = "(several)"
	Unread  = "(unread)"
)

// Vectors runs the official node tests below a folder: directories that hold a
// model.onnx and test_data_set_* folders.
func Vectors(folder string) (verdicts []Verdict, err error) {
	registered := map[string]bool{}
	for _, s := range op.Specs() {
		registered[s.Domain+"/"+s.Name] = true
	}
	err = filepath.WalkDir(folder, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.Name() != "model.onnx" {
			return err
		}
		v, err := vector(filepath.Dir(path), registered)
		verdicts = append(verdicts, v)
		return err
	})
	slices.SortFunc(verdicts, func(a, b Verdict) int { return strings.Compare(a.Test, b.Test) })
	return verdicts, err
}

// vector runs one test.
func vector(folder string, registered map[string]bool) (v Verdict, err error) {
	data, err := os.ReadFile(filepath.Join(folder, "model.onnx"))
	if err != nil {
		return v, err
	}
	v = Verdict{Test: filepath.Base(folder), Op: Unread, Outcome: Refused}
	g, err := onnx.Decode(data)
	if err != nil {
		v.Reason = bare(err)
		return v, nil
	}
	for _, n := range g.Nodes {
		if !registered[domain(n)+"/"+n.Op] {
			v.Op, v.Outcome = n.Op, Unsupported
			return v, nil
		}
	}
	v.Op = subject(g)
	sets, err := filepath.Glob(filepath.Join(folder, "test_data_set_*"))
	if err != nil || len(sets) == 0 {
		v.Reason = "the test has no data"
		return v, err
	}
	for _, set := range sets {
		in, out, err := dataSet(set, g)
		if err != nil {
			v.Outcome, v.Reason = Refused, err.Error()
			break
		}
		v.judge(g, in, out)
	}
	return v, nil
}

// domain is a node's domain as the registry spells it.
func domain(n *graph.Node) string {
	if n.Domain == "ai.onnx" {
		return ""
	}
	return n.Domain
}

// subject is the one operator of a model's nodes, or Several.
func subject(g *graph.Graph) string {
	name := Several
	for i, n := range g.Nodes {
		if i > 0 && n.Op != name {
			return Several
		}
		name = n.Op
	}
	return name
}

// dataSet reads the tensors of one folder.
func dataSet(set string, g *graph.Graph) (in, out []*graph.Const, err error) {
	if in, err = tensors(set, "input", len(g.Inputs)); err == nil {
		out, err = tensors(set, "output", len(g.Outputs))
	}
	return in, out, err
}

func tensors(set, kind string, count int) ([]*graph.Const, error) {
	out := make([]*graph.Const, count)
	for i := range out {
		data, err := os.ReadFile(filepath.Join(set, fmt.Sprintf("%s_%d.pb", kind, i)))
		if err != nil {
			return nil, errors.New("the test's data is not a list of tensors")
		}
		if out[i], err = onnx.ReadTensor(data); err != nil {
			return nil, errors.New("the test's data is not of numbers: " + err.Error())
		}
	}
	return out, nil
}

// judge tries every sensible choice of variables and keeps the best outcome. A wrong
// number in any accepted choice fails the test.
func (v *Verdict) judge(g *graph.Graph, in, want []*graph.Const) {
	n := len(in)
	choices := [][]bool{slices.Repeat([]bool{true}, n)}
	for i := range n {
		one := make([]bool, n)
		one[i] = true
		choices = append(choices, one)
	}
	var refusal error
	accepted := false
	for k, variable := range choices {
		w, err := attempt(g, in, variable)
		if err != nil {
			if k <= 1 {
				refusal = err
			}
			continue
		}
		accepted = true
		v.compare(w, g, want)
	}
	v.Outcome = Passed
	if accepted && n > 0 {
		return
	}
	v.Outcome = Folded
	w, err := attempt(g, in, make([]bool, n))
	if err != nil {
		v.Outcome, refusal = Refused, err
	} else {
		v.compare(w, g, want)
	}
	if refusal != nil {
		v.Reason = bare(refusal)
	}
}

// attempt evaluates and lowers a model with some of its inputs variable.
func attempt(g *graph.Graph, in []*graph.Const, variable []bool) (*traced, error) {
	bound := *g
	bound.Inputs, bound.Consts = nil, map[string]*graph.Const{}
	for name, c := range g.Consts {
		bound.Consts[name] = c
	}
	var sample []*tensor.Float
	texts := map[string][]string{}
	for i, c := range in {
		if variable[i] {
			bound.Inputs = append(bound.Inputs, graph.Value{Name: g.Inputs[i].Name, DType: c.DType})
			sample = append(sample, c.Float)
			texts[g.Inputs[i].Name] = c.Texts
		} else {
			bound.Consts[g.Inputs[i].Name] = c
		}
	}
	return traceTexts(&bound, sample, texts)
}

// compare checks an accepted model's outputs and its lowered program.
func (v *Verdict) compare(w *traced, g *graph.Graph, want []*graph.Const) {
	for k, out := range g.Outputs {
		got := w.values[out.Name]
		if got.arg.DType != want[k].DType {
			v.Wrong = errors.Join(v.Wrong, fmt.Errorf("%s has type %s, want %s", out.Name, got.arg.DType,
				want[k].DType))
		}
		if !slices.Equal(got.arg.Shape, want[k].Shape) {
			v.Wrong = errors.Join(v.Wrong, fmt.Errorf("%s has shape %v, want %v", out.Name, got.arg.Shape,
				want[k].Shape))
			continue
		}
		if want[k].DType == graph.Text {
			if !slices.Equal(spelled(got.float, got.arg.Texts), spelled(want[k].Float, want[k].Texts)) {
				v.Wrong = errors.Join(v.Wrong, fmt.Errorf("%s are other texts", out.Name))
			}
			continue
		}
		if err := near(got.float.Data, want[k].Data, officially(g, want[k].DType)); err != nil {
			v.Wrong = errors.Join(v.Wrong, fmt.Errorf("%s: %w", out.Name, err))
		}
	}
	if err := w.check(lowering(g)); err != nil {
		v.Wrong = errors.Join(v.Wrong, err)
	}
}

// officially is the tolerance for official results: the vectors are in float32, which
// allows no smaller one. Operators without a tolerance must agree exactly.
func officially(g *graph.Graph, d graph.DType) tolerance {
	exact := true
	for _, s := range op.Specs() {
		if s.Tolerance > 0 && uses(g, s.Name) {
			exact = false
		}
	}
	switch {
	case uses(g, "DynamicQuantizeLinear") && !d.IsFloat(): // single precision decides which code a half becomes
		return tolerance{1, 0}
	case exact || !d.IsFloat():
		return tolerance{}
	case d == graph.Float16 || d == graph.BFloat16:
		return tolerance{1e-3, 1e-2}
	}
	return tolerance{1e-5, 1e-3}
}

// lowering is how near the lowered program must be to the float reference. A
// Cast of a variable keeps the digits that the narrower type has no room for.
func lowering(g *graph.Graph) tolerance {
	if uses(g, "Cast") || uses(g, "CastLike") {
		return tolerance{1e-2, 1e-2}
	}
	return tolerance{1e-9, 1e-9}
}

func uses(g *graph.Graph, name string) bool {
	return slices.ContainsFunc(g.Nodes, func(n *graph.Node) bool { return n.Op == name })
}

// bare is an error's text without the node's name.
func bare(err error) string {
	if _, after, ok := strings.Cut(err.Error(), "): "); ok {
		return after
	}
	return err.Error()
}

// spelled are the texts that numbers stand for.
func spelled(of *tensor.Float, texts []string) []string {
	out := make([]string, len(of.Data))
	for i, v := range of.Data {
		out[i] = texts[int(v)]
	}
	return out
}
