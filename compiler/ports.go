package compiler

import (
	"fmt"
	"maps"
	"slices"

	"github.com/zkml-go/zkml/budget"
	"github.com/zkml-go/zkml/compiler/graph"
	"github.com/zkml-go/zkml/compiler/op"
	"github.com/zkml-go/zkml/printable"
	"github.com/zkml-go/zkml/problem"
	"github.com/zkml-go/zkml/tensor"
	"github.com/zkml-go/zkml/visibility"
)

// Port is an input or an output of a model.
type Port struct {
	Name  string
	DType graph.DType
	Shape []int
	op.Meaning
	// Keys are what the elements of an input that is a map belong to; nil for others.
	Keys []string

	// classes are the numbers of classes by their labels, where the output is read by its
	// classes and the model gives it other labels.
	classes map[float64]float64
}

// maxInputElements bounds the elements of an input.
var maxInputElements = int(budget.InputElements.Most)

// maxPorts bounds the inputs and outputs of a model together: a layout has places for the
// model, a context and a signer besides.
var maxPorts = visibility.MaxPorts - 3

// chooseOutputs takes the named outputs, in the graph's order; all where none is named.
func (m *Model) chooseOutputs(chosen []string) error {
	names := graph.Names(m.Graph.Outputs)
	for _, name := range chosen {
		if !slices.Contains(names, name) {
			return &problem.Error{
				Code: problem.Choice, Option: "${Outputs}", Place: name,
				Supported: "the model's outputs are " + printable.Names(names),
			}
		}
	}
	n := len(chosen)
	if n == 0 {
		n = len(names)
	}
	if err := checkPortCount(0, n); err != nil {
		return err
	}
	if n == 0 {
		return fmt.Errorf("the model has no output: there is nothing to prove")
	}
	for _, out := range m.Graph.Outputs {
		if len(chosen) > 0 && !slices.Contains(chosen, out.Name) {
			continue
		}
		if err := m.refused(nil, m.addOutput(out)); err != nil {
			return err
		}
	}
	return nil
}

// addOutput takes an output of the graph.
func (m *Model) addOutput(out graph.Value) error {
	if slices.Contains(m.outputNames(), out.Name) {
		return fmt.Errorf("the model lists its output %q twice: export it again", out.Name)
	}
	if out.DType != "" && out.DType != graph.Text && !out.DType.IsNumber() && !m.isZipped(out) {
		return m.unprovable(out.Name, fmt.Sprintf("it is of type %s, and no tensor of numbers", out.DType))
	}
	m.Outputs = append(m.Outputs, Port{Name: out.Name, DType: out.DType})
	return nil
}

// isZipped tells whether an output are maps that a ZipMap makes of a tensor: as such it is
// read.
func (m *Model) isZipped(out graph.Value) bool {
	return out.DType == graph.Maps && slices.ContainsFunc(m.Graph.Nodes, func(n *graph.Node) bool {
		return n.Op == "ZipMap" && slices.Contains(n.Outputs, out.Name)
	})
}

// checkPortCount refuses more inputs and outputs than a layout has places for.
func checkPortCount(inputs, outputs int) error {
	if inputs+outputs <= maxPorts {
		return nil
	}
	got := fmt.Sprintf("the model has %d outputs", outputs)
	if inputs > 0 {
		got = fmt.Sprintf("the outputs are %d, and depend on %d inputs", outputs, inputs)
	}
	return &problem.Error{
		Code: problem.Choice, Got: got, Supported: fmt.Sprintf("at most %d inputs and outputs together are", maxPorts),
		Remedy: "choose some with ${Outputs}",
	}
}

func (m *Model) outputNames() []string { return namesOf(m.Outputs) }

func namesOf(ports []Port) []string {
	out := make([]string, len(ports))
	for i, p := range ports {
		out[i] = p.Name
	}
	return out
}

// chooseInputs takes the inputs that the outputs may depend on, with their shapes. A
// shape that is given for another input is of no use, and no mistake.
func (m *Model) chooseInputs(given map[string][]int, needed map[string]bool) error {
	names := graph.Names(m.Graph.Inputs)
	for _, name := range slices.Sorted(maps.Keys(given)) {
		if !slices.Contains(names, name) {
			return badShape(name, "the model's inputs are %s", printable.Names(names))
		}
	}
	var inputs []graph.Value
	for _, in := range m.Graph.Inputs {
		if needed[in.Name] {
			inputs = append(inputs, in)
		}
	}
	if err := m.refused(nil, checkPortCount(len(inputs), len(m.Outputs))); err != nil {
		return err
	}
	known, err := knownSizes(inputs, given)
	if err != nil {
		return err
	}
	for _, in := range inputs {
		if err := m.refused(nil, m.addInput(in, known, given)); err != nil {
			return err
		}
	}
	return nil
}

// addInput takes an input of the graph.
func (m *Model) addInput(in graph.Value, known sizes, given map[string][]int) error {
	shape, err := known.shape(in, given)
	if err != nil {
		return err
	}
	if n := tensor.Size(shape); n < 1 || n > maxInputElements {
		return fmt.Errorf("input %s of shape %v has %d elements; 1 to %d are supported", in.Name, shape, n,
			maxInputElements)
	}
	m.Inputs = append(m.Inputs, Port{Name: in.Name, DType: in.DType, Shape: shape, Keys: in.Keys})
	m.info[in.Name] = op.Out{DType: in.DType, Shape: shape}
	return nil
}

// settle fixes the outputs' shapes, and leaves out what no output depends on once
// constants are folded: nodes and inputs of which nothing but their shape is read. An
// input stays where its shape follows from nothing else: the model is compiled again from
// the shapes of the inputs that it has.
func (m *Model) settle(byClass []string) error {
	for k := range m.Outputs {
		if err := m.refused(nil, m.settleOutput(&m.Outputs[k], byClass)); err != nil {
			return err
		}
	}
	read, needed := m.read()
	m.nodes = slices.DeleteFunc(m.nodes, func(b boundNode) bool { return !read[b.node] })
	follows := m.shapesFollow(needed)
	m.Inputs = slices.DeleteFunc(m.Inputs, func(p Port) bool { return !needed[p.Name] && follows[p.Name] })
	return nil
}

// settleOutput fixes what an output is.
func (m *Model) settleOutput(out *Port, byClass []string) error {
	if m.survey.lost(out.Name) {
		return nil
	}
	shown := slices.Contains(byClass, out.Name)
	if err := m.checkOutput(out.Name, shown); err != nil {
		return err
	}
	if err := m.checkDeclared(out.Name); err != nil {
		return err
	}
	info := m.info[out.Name]
	if info.Endless() {
		return fmt.Errorf("output %s holds -Inf, which no proof shows; prove what a Softmax makes of it", out.Name)
	}
	out.Shape, out.DType, out.Meaning = info.Shape, info.DType, info.Meaning
	if shown {
		out.classes = classNumbers(info)
	}
	return nil
}

// read are the nodes whose values the outputs depend on once constants are folded, and these
// values.
func (m *Model) read() (nodes map[*graph.Node]bool, values map[string]bool) {
	nodes, values = map[*graph.Node]bool{}, map[string]bool{}
	for _, out := range m.Outputs {
		values[out.Name] = true
	}
	for _, n := range slices.Backward(m.Graph.Nodes) {
		if !slices.ContainsFunc(n.Outputs, func(o string) bool { return o != "" && values[o] && m.known[o] == nil }) {
			continue
		}
		nodes[n] = true
		for _, in := range n.Inputs {
			values[in] = values[in] || m.known[in] == nil
		}
	}
	return nodes, values
}

// shapesFollow tells of each input whether its shape is what the file says, with the
// shapes of the inputs that are read.
func (m *Model) shapesFollow(read map[string]bool) map[string]bool {
	given := map[string][]int{}
	var inputs []graph.Value
	for _, p := range m.Inputs {
		k := slices.IndexFunc(m.Graph.Inputs, func(v graph.Value) bool { return v.Name == p.Name })
		inputs = append(inputs, m.Graph.Inputs[k])
		if read[p.Name] {
			given[p.Name] = p.Shape
		}
	}
	shapes, err := inputShapes(inputs, given)
	follows := map[string]bool{}
	for k, p := range m.Inputs {
		follows[p.Name] = err == nil && slices.Equal(shapes[k], p.Shape)
	}
	return follows
}

// unprovable refuses an output, and says how to leave it out.
func (m *Model) unprovable(name, got string) error {
	e := &problem.Error{Code: problem.Choice, Place: "output " + name, Got: got}
	if len(m.Graph.Outputs) > 1 {
		e.Remedy = fmt.Sprintf("leave it out with ${Reveals} %s=none, or name others with ${Outputs}", name)
	}
	return e
}

// checkOutput refuses an output about which there is nothing to prove, and labels that
// cannot be shown.
func (m *Model) checkOutput(name string, byClass bool) error {
	info, made := m.info[name]
	switch known := m.known[name]; {
	case !made:
		return m.unprovable(name, "no node produces it")
	case tensor.Size(info.Shape) == 0:
		return m.unprovable(name, fmt.Sprintf("its shape is %v: it has no elements", info.Shape))
	case info.DType == graph.Text && (known != nil || m.isInput(name)):
		return m.unprovable(name, "its texts are those of a constant or of an input: no node computes them")
	case known != nil && slices.ContainsFunc(known.Data, notFinite):
		return m.unprovable(name, "it is a constant that holds NaN or an infinity")
	}
	texts := m.info[name].Listed()
	if texts == nil && byClass {
		texts = m.info[name].Labels
	}
	if err := visibility.CheckTexts(texts); err != nil {
		return m.unprovable(name, "its labels: "+err.Error())
	}
	return nil
}

// checkFormats refuses formats for inputs that the model has not, and what no
// quantisation could have chosen.
func (m *Model) checkFormats(given map[string]InputFormat) error {
	for _, name := range slices.Sorted(maps.Keys(given)) {
		k := slices.IndexFunc(m.Inputs, func(p Port) bool { return p.Name == name })
		if k < 0 {
			return &problem.Error{
				Code: problem.Choice, Option: "${InputFormats}", Place: name,
				Supported: "the model's inputs are " + printable.Names(namesOf(m.Inputs)),
			}
		}
		f := given[name]
		if err := m.Inputs[k].checkFormat(f); err != nil {
			return err
		}
		if err := f.checkFor(name, tensor.Size(m.Inputs[k].Shape), op.IntegersOf(m.Inputs[k].DType)); err != nil {
			return err
		}
	}
	return nil
}

// Type says what the elements of the port are.
func (p Port) Type() visibility.Type { return typeOf(p.DType) }

// typeOf says what the elements of an input or an output are.
func typeOf(d graph.DType) visibility.Type {
	switch {
	case op.IntegersOf(d) == nil:
		return visibility.Real
	case d == graph.Bool:
		return visibility.Boolean
	}
	return visibility.Integer
}
