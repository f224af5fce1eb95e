package compiler

import (
	"fmt"
	"slices"

	"github.com/zkml-go/zkml/compiler/graph"
	"github.com/zkml-go/zkml/compiler/op"
	"github.com/zkml-go/zkml/tensor"
)

// Contents are what people look for in a classical model: what it has learnt of each feature.
// They are read from the file, whether the model can be proved or not.
type Contents struct {
	// Inputs and Outputs are those of the file.
	Inputs  []ContentsPort `json:"inputs"`
	Outputs []ContentsPort `json:"outputs"`
	// Operators counts the nodes of each operator, by name.
	Operators map[string]int `json:"operators"`
	Parts     []Part         `json:"parts"`
	// Notes say what the file has and what is not used of it.
	Notes []string `json:"notes,omitempty"`
}

// ContentsPort is an input or an output. A size that the file leaves open is a name in Shape.
type ContentsPort struct {
	Name  string `json:"name"`
	Type  string `json:"type"`
	Shape []any  `json:"shape"`
}

// Part is a node that holds what was learnt.
type Part struct {
	Node string `json:"node"` // "name (Operator)"
	// Kind is linear, trees, support vectors or centroids.
	Kind    string   `json:"kind"`
	Classes []string `json:"classes,omitempty"` // their labels
	// After are the operators through which the features came, such as scalers: what is told
	// of a feature is of the number that they make of it.
	After   []string     `json:"after,omitempty"`
	Scores  []PartScore  `json:"scores,omitempty"`
	Trees   *PartTrees   `json:"trees,omitempty"`
	Vectors *PartVectors `json:"vectors,omitempty"`
	// Clusters counts centroids: their coordinates stand with the features.
	Clusters int            `json:"clusters,omitempty"`
	Features []FeatureUsage `json:"features"`
}

// PartScore is a weighted sum of the features: their Coefficients stand in its place.
type PartScore struct {
	Name      string  `json:"name"`
	Intercept float64 `json:"intercept"`
}

// PartTrees are the sizes of an ensemble.
type PartTrees struct {
	Trees    int `json:"trees"`
	Branches int `json:"branches"`
	Leaves   int `json:"leaves"`
	// Depths lists how many trees have each depth that occurs, ascending.
	Depths []TreesOfDepth `json:"depths"`
}

// TreesOfDepth counts the trees of a depth; a leaf alone has depth 0.
type TreesOfDepth struct {
	Depth int `json:"depth"`
	Trees int `json:"trees"`
}

// PartVectors are the sizes of a support vector machine.
type PartVectors struct {
	Kernel   string   `json:"kernel"`
	Gamma    *float64 `json:"gamma,omitempty"`
	Coef0    *float64 `json:"coef0,omitempty"`
	Degree   *float64 `json:"degree,omitempty"`
	Count    int      `json:"count"`
	PerClass []int    `json:"per_class,omitempty"`
}

// FeatureUsage is what a part has learnt of a feature.
type FeatureUsage struct {
	// Name is that of the input, where it is a single number; else the file's feature_names
	// have it, or it is the input's name and a place: "x[3]". "c=2" is the column of a
	// category.
	Name         string    `json:"name"`
	Coefficients []float64 `json:"coefficients,omitempty"` // by score
	Centroids    []float64 `json:"centroids,omitempty"`    // by centroid
	// Splits are the nodes of trees that test the feature, and Share is their part of all such
	// nodes. Cover is the part of the nodes' hit rates, nil where the file has none.
	Splits     int       `json:"splits,omitempty"`
	Share      *float64  `json:"share,omitempty"`
	Cover      *float64  `json:"cover,omitempty"`
	Thresholds []float64 `json:"thresholds,omitempty"` // each once, ascending
}

// shown are the operators whose nodes are parts.
var shown = []string{
	"TreeEnsembleClassifier", "TreeEnsembleRegressor", "TreeEnsemble", "LinearClassifier", "LinearRegressor",
	"SVMClassifier", "SVMRegressor",
}

// layers are those of networks. One that is the only one is a linear model, or k-means.
var layers = []string{"MatMul", "Gemm"}

// ContentsOf reads what a model holds. A node that holds it and is damaged is an error; one
// that is not supported is not, unless what it computes has to be known.
func ContentsOf(g *graph.Graph) (*Contents, error) {
	if read, err := withMaps(g); err == nil { // else the names of its elements are not known
		g = read
	}
	c := &Contents{Operators: map[string]int{}, Parts: []Part{}, Inputs: portsOf(g.Inputs), Outputs: portsOf(g.Outputs)}
	for _, n := range g.Nodes {
		c.Operators[n.Op]++
	}
	m := loosely(g)
	names := m.trace(c)
	for _, n := range g.Nodes {
		var part *Part
		var err error
		switch {
		case slices.Contains(shown, n.Op):
			part, err = m.part(n, names)
		case slices.Contains(layers, n.Op):
			part, err = m.layer(n, names)
		}
		if err != nil {
			return nil, err
		}
		if part != nil {
			c.Parts = append(c.Parts, *part)
		}
	}
	return c, nil
}

func portsOf(values []graph.Value) []ContentsPort {
	out := make([]ContentsPort, len(values))
	for i, v := range values {
		out[i] = ContentsPort{Name: v.Name, Type: string(v.DType), Shape: []any{}}
		for _, d := range v.Dims {
			if d.Name != "" {
				out[i].Shape = append(out[i].Shape, d.Name)
			} else {
				out[i].Shape = append(out[i].Shape, d.Size)
			}
		}
	}
	return out
}

// loosely binds the nodes of a graph as far as they can be bound: what cannot, and what reads
// it, has no shape. The model is never run.
func loosely(g *graph.Graph) *Model {
	m := unboundModel(g)
	for _, in := range g.Inputs {
		shapes, err := inputShapes([]graph.Value{in}, nil)
		if err != nil {
			continue
		}
		if n := tensor.Size(shapes[0]); n > 0 && n <= maxInputElements {
			m.info[in.Name] = op.Out{DType: in.DType, Shape: shapes[0]}
			m.Inputs = append(m.Inputs, Port{Name: in.Name, DType: in.DType, Shape: shapes[0]})
		}
	}
	_ = m.tableTexts(nil) // an input whose texts nobody knows stays unknown
	for _, n := range g.Nodes {
		_ = m.bind(n, nil) // what cannot be bound stays unknown
	}
	return m
}

// part tells what a node of a classical model holds.
func (m *Model) part(n *graph.Node, names *features) (*Part, error) {
	bound, err := op.Bind(n)
	if err != nil {
		return nil, err
	}
	holds, ok := bound.(op.Shown)
	if !ok || len(n.Inputs) == 0 {
		return nil, nil
	}
	c, err := holds.Contents(n)
	if err != nil {
		return nil, n.Errorf("%w", err)
	}
	return names.part(n, c), nil
}

// part gives features their names.
func (f *features) part(n *graph.Node, c *op.Contents) *Part {
	p := &Part{
		Node: fmt.Sprintf("%s (%s)", n.Name, n.Op), Kind: c.Kind, Classes: c.Classes, After: f.after[n.Inputs[0]],
		Features: []FeatureUsage{},
	}
	for _, s := range c.Scores {
		p.Scores = append(p.Scores, PartScore(s))
	}
	splits, cover := 0, 0.0
	for _, use := range c.Features {
		splits += use.Splits
		cover += use.Cover
	}
	for _, use := range c.Features {
		out := FeatureUsage{Name: f.name(n.Inputs[0], use.Column), Coefficients: use.Coefficients, Splits: use.Splits,
			Thresholds: use.Thresholds}
		if splits > 0 {
			out.Share = partOf(float64(use.Splits), float64(splits))
		}
		if c.Trees != nil && c.Trees.Cover && cover > 0 {
			out.Cover = partOf(use.Cover, cover)
		}
		p.Features = append(p.Features, out)
	}
	if t := c.Trees; t != nil {
		p.Trees = &PartTrees{Trees: t.Trees, Branches: t.Branches, Leaves: t.Leaves}
		for depth, trees := range t.Depths {
			if trees > 0 {
				p.Trees.Depths = append(p.Trees.Depths, TreesOfDepth{depth, trees})
			}
		}
	}
	if v := c.Vectors; v != nil {
		p.Vectors = &PartVectors{Kernel: v.Kernel, Count: v.Count, PerClass: v.PerClass}
		if v.Kernel != "LINEAR" {
			p.Vectors.Gamma, p.Vectors.Coef0, p.Vectors.Degree = &v.Gamma, &v.Coef0, &v.Degree
		}
	}
	return p
}

func partOf(part, of float64) *float64 {
	s := part / of
	return &s
}
