package compiler

import (
	"fmt"
	"math"
	"slices"

	"github.com/zkml-go/zkml/compiler/graph"
	"github.com/zkml-go/zkml/compiler/op"
)

// linearLayer is a layer with constant weights, and what is added to its sums.
type linearLayer struct {
	weights [][]float64 // by sum, then feature
	plus    []float64
	// squared tells that the sum of the features' squares is added, and smallest that the place
	// of the smallest sum is looked for.
	squared, smallest bool
}

// mostAdded bounds the additions that are followed behind a layer.
const mostAdded = 8

// layer tells what the only layer of a model holds: a linear model, or the centroids of
// k-means. A network of several layers is none.
func (m *Model) layer(n *graph.Node, names *features) (*Part, error) {
	at := slices.IndexFunc(m.nodes, func(b boundNode) bool { return b.node == n })
	if at < 0 || m.countLayers() != 1 {
		return nil, nil
	}
	l := layerOf(&m.nodes[at])
	if l == nil {
		return nil, nil
	}
	m.follow(&m.nodes[at], l)
	if centroids := l.centroids(); centroids != nil {
		p := names.part(n, &op.Contents{Kind: "centroids"})
		p.Clusters = len(centroids)
		for column := range centroids[0] {
			use := FeatureUsage{Name: names.name(n.Inputs[0], column)}
			for _, c := range centroids {
				use.Centroids = append(use.Centroids, c[column])
			}
			p.Features = append(p.Features, use)
		}
		return p, nil
	}
	sums := make([]string, len(l.plus))
	for i := range sums {
		sums[i] = fmt.Sprintf("sum %d", i)
	}
	c, err := op.Linear(sums, l.weights, l.plus)
	if err != nil {
		return nil, n.Errorf("%w", err)
	}
	return names.part(n, c), nil
}

// countLayers counts the layers that read something variable.
func (m *Model) countLayers() int {
	count := 0
	for i := range m.nodes {
		if slices.Contains(layers, m.nodes[i].node.Op) {
			count++
		}
	}
	return count
}

// layerOf reads a layer of one row of features; nil where it is something else.
func layerOf(b *boundNode) *linearLayer {
	n := b.node
	if len(b.args) < 2 || b.args[0].Const != nil || b.args[1].Const == nil || n.Int("transA", 0) != 0 {
		return nil
	}
	w, features := b.args[1].Const, 0
	if shape := b.args[0].Shape; len(shape) == 2 {
		features = shape[1]
	}
	if len(w.Shape) != 2 || len(w.Data) == 0 || features == 0 {
		return nil
	}
	turned, alpha := n.Int("transB", 0) != 0, n.Float("alpha", 1)
	sums := w.Shape[1]
	if turned {
		sums = w.Shape[0]
	}
	l := &linearLayer{plus: make([]float64, sums)}
	for i := range sums {
		row := make([]float64, features)
		for k := range row {
			from := k*sums + i
			if turned {
				from = i*features + k
			}
			row[k] = float64(alpha * w.Data[from])
		}
		l.weights = append(l.weights, row)
	}
	if len(b.args) > 2 && b.args[2].Present && b.args[2].Const != nil {
		l.add(b.args[2].Const.Data, n.Float("beta", 1))
	}
	return l
}

// add takes constants that are added to all sums, or to each, and tells whether they are such.
func (l *linearLayer) add(constants []float64, times float64) bool {
	if len(constants) != 1 && len(constants) != len(l.plus) {
		return false
	}
	for i := range l.plus {
		l.plus[i] += float64(times * constants[i%len(constants)])
	}
	return true
}

// follow takes what is added to a layer's sums behind it.
func (m *Model) follow(b *boundNode, l *linearLayer) {
	value := b.node.Outputs[0]
	for range mostAdded {
		next := ""
		for i := range m.nodes {
			n := m.nodes[i].node
			if !slices.Contains(n.Inputs, value) {
				continue
			}
			l.smallest = l.smallest || n.Op == "ArgMin"
			if n.Op == "Add" && next == "" && m.addend(n, value, b.node.Inputs[0], l) {
				next = n.Outputs[0]
			}
		}
		if next == "" {
			return
		}
		value = next
	}
}

// addend takes the other operand of an addition: constants, or the features' squares.
func (m *Model) addend(n *graph.Node, value, features string, l *linearLayer) bool {
	other := n.Inputs[0]
	if other == value {
		other = n.Inputs[1]
	}
	if c := m.known[other]; c != nil {
		return l.add(c.Data, 1)
	}
	made := slices.IndexFunc(m.nodes, func(b boundNode) bool { return slices.Contains(b.node.Outputs, other) })
	if made < 0 || m.nodes[made].node.Op != "ReduceSumSquare" || m.nodes[made].node.Inputs[0] != features {
		return false
	}
	l.squared = true
	return true
}

// centroids are those of k-means, whose smallest sum |x|² − 2xc + |c|² decides; nil where the
// layer is something else.
func (l *linearLayer) centroids() [][]float64 {
	if !l.squared || !l.smallest {
		return nil
	}
	const close = 1e-3 // of float32 sums
	var out [][]float64
	for i, weights := range l.weights {
		point, norm := make([]float64, len(weights)), 0.0
		for k, w := range weights {
			point[k] = -w / 2
			norm += float64(point[k] * point[k])
		}
		if math.Abs(norm-l.plus[i]) > close*max(1, norm) {
			return nil
		}
		out = append(out, point)
	}
	return out
}
