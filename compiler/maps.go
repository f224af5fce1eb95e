package compiler

import (
	"fmt"
	"slices"

	"github.com/zkml-go/zkml/compiler/graph"
	"github.com/zkml-go/zkml/compiler/op"
	"github.com/zkml-go/zkml/printable"
	"github.com/zkml-go/zkml/problem"
)

// withMaps gives the inputs of a graph that are maps the keys that their readers name, and with
// them their sizes. Only DictVectorizer and CastMap read a map, and all of them the same keys.
func withMaps(g *graph.Graph) (*graph.Graph, error) {
	isMap := func(v graph.Value) bool { return v.Key != "" }
	if !slices.ContainsFunc(g.Inputs, isMap) {
		return g, nil
	}
	out := *g
	out.Inputs = slices.Clone(g.Inputs)
	for k, in := range out.Inputs {
		if in.Key == "" {
			continue
		}
		var keys [][]string
		for _, n := range g.Nodes {
			if !slices.Contains(n.Inputs, in.Name) {
				continue
			}
			read, err := keysOf(n, in)
			if err != nil {
				return nil, err
			}
			keys = append(keys, read)
		}
		if len(keys) == 0 || keys[0] == nil {
			continue
		}
		for _, other := range keys[1:] {
			if !slices.Equal(other, keys[0]) {
				return nil, &problem.Error{
					Code: problem.Node, Place: "input " + printable.Name(in.Name),
					Got: "it is a map of which nodes read different keys", Remedy: "give each node an input of its own",
				}
			}
		}
		out.Inputs[k].Keys, out.Inputs[k].Dims = keys[0], []graph.Dim{{Size: 1}, {Size: len(keys[0])}}
	}
	return &out, nil
}

// keysOf are the keys of a map that a node reads; nil where the file does not say how many it has.
func keysOf(n *graph.Node, in graph.Value) ([]string, error) {
	o, err := op.Bind(n)
	if err != nil {
		return nil, err
	}
	reader, ok := o.(op.MapReader)
	if !ok {
		return nil, n.Errorf("%w", &problem.Error{
			Got:       fmt.Sprintf("it reads the input %s, which is a map", printable.Name(in.Name)),
			Supported: "DictVectorizer and CastMap read maps", Remedy: "give the model a column for each key",
		})
	}
	keys, of := reader.ReadsMap()
	if of != in.Key {
		return nil, n.Errorf("its keys are of type %s, and those of the input %s of type %s", of,
			printable.Name(in.Name), in.Key)
	}
	for _, key := range keys {
		if err := printable.Check(key); err != nil {
			return nil, n.Errorf("a key of its vocabulary: %w", err)
		}
	}
	return keys, nil
}
