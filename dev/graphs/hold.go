package main

import (
	"encoding/json"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime/debug"
	"strings"

	"github.com/zkml-go/zkml/compiler"
	"github.com/zkml-go/zkml/compiler/graph"
	"github.com/zkml-go/zkml/compiler/onnx"
	"github.com/zkml-go/zkml/problem"
	"github.com/zkml-go/zkml/visibility"
)

// bits is the precision of the integers.
const bits = 12

// sample is one input of a graph, and what onnxruntime makes of it.
type sample struct {
	Inputs  [][]float64 `json:"inputs"`
	Outputs [][]float64 `json:"outputs"`
}

// held is a graph with its samples.
type held struct {
	name    string
	graph   *graph.Graph
	failed  error // why it cannot be read
	samples []sample
}

func read(folder fs.FS, name string) (*held, error) {
	c := &held{name: strings.TrimSuffix(name, ".onnx")}
	data, err := fs.ReadFile(folder, c.name+".json")
	if err == nil {
		err = json.Unmarshal(data, &c.samples)
	}
	if err != nil {
		return nil, err
	}
	if data, err = fs.ReadFile(folder, name); err != nil {
		return nil, err
	}
	place, err := os.MkdirTemp("", "graphs-*")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(place)
	path := filepath.Join(place, "model.onnx")
	if err := os.WriteFile(path, data, 0o600); err != nil {
		return nil, err
	}
	c.graph, _, c.failed = onnx.Load(path)
	return c, nil
}

// hold compares both models with onnxruntime.
func (c *held) hold() (v verdict) {
	defer func() {
		if p := recover(); p != nil {
			v = verdict{c.name, fmt.Sprintf("%v\n%s", p, debug.Stack()), broken}
		}
	}()
	if c.failed != nil {
		return verdict{c.name, c.failed.Error(), refused}
	}
	o := compiler.Options{Reveal: visibility.Scores, Target: compiler.Target{Bits: bits}}
	for _, s := range c.samples {
		o.Samples = append(o.Samples, s.Inputs)
	}
	r, err := compiler.Compile(c.graph, o)
	if err != nil {
		if isFault(err) {
			return verdict{c.name, err.Error(), broken}
		}
		return verdict{c.name, err.Error(), refused}
	}
	return c.compare(r)
}

// isFault tells of an error that is no refusal: one that a guard made of a panic, or passes that undo
// each other.
func isFault(err error) bool {
	of := problem.Of(err)
	return of != nil && of.Code == problem.Fault || strings.Contains(err.Error(), "do not come to an end")
}

// compare holds a compiled graph against the outputs.
func (c *held) compare(r *compiler.Result) verdict {
	a, err := c.answers(r)
	if err != nil {
		return verdict{c.name, err.Error(), differs}
	}
	worst, disturbed := verdict{c.name, "", same}, &disturbed{program: r.IR, samples: c.samples}
	for k, of := range a {
		for i := range c.samples {
			class, what := of.compare(i, func(share float64) span { return disturbed.reach(i, k, share) })
			if class > worst.class {
				worst = verdict{c.name, fmt.Sprintf("sample %d, output %d, %s; %s", i, k, what, c.operators()), class}
			}
		}
		if what := of.unstated(); what != "" && worst.class < beyond {
			worst = verdict{c.name, fmt.Sprintf("output %d: %s; %s", k, what, c.operators()), beyond}
		}
	}
	return worst
}

// answers are what each output is to onnxruntime, to the float model and to the integers.
func (c *held) answers(r *compiler.Result) ([]*answer, error) {
	formats := r.Formats.Inputs
	if r.Formats.Input != nil {
		formats = []compiler.InputFormat{*r.Formats.Input}
	}
	out := make([]*answer, len(r.Report.Outputs))
	for k := range out {
		out[k] = &answer{stated: r.Report.Outputs[k]}
	}
	for i, s := range c.samples {
		float, err := r.Model.Run(s.Inputs)
		if err != nil {
			return nil, fmt.Errorf("sample %d: %w", i, err)
		}
		var codes [][]int64
		for k, f := range formats {
			codes = append(codes, f.Encode(s.Inputs[k]))
		}
		for k, got := range r.Program.Eval(codes...) {
			of, reals := out[k], make([]float64, len(got))
			for j, v := range got {
				reals[j] = float64(float64(v) * r.Program.Values[r.Program.Outputs[k]].Scale)
			}
			if len(float[k]) != len(s.Outputs[k]) || len(reals) != len(s.Outputs[k]) {
				return nil, fmt.Errorf("sample %d, output %d: %d elements, not %d", i, k, len(float[k]),
					len(s.Outputs[k]))
			}
			of.want, of.float, of.got = append(of.want, s.Outputs[k]), append(of.float, float[k]), append(of.got, reals)
		}
	}
	return out, nil
}

// operators names those of a graph, in order.
func (c *held) operators() string {
	var list []string
	for _, n := range c.graph.Nodes {
		list = append(list, n.Op)
	}
	return strings.Join(list, " ")
}
