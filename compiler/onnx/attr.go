package onnx

import (
	"fmt"
	"slices"

	"github.com/zkml-go/zkml/compiler/graph"
)

// attributes joins the plain attributes that onnx-go decoded with the tensors
// that this package decodes.
func (n *node) attributes(plain map[string]any) (map[string]graph.Attr, error) {
	attrs := make(map[string]graph.Attr, len(plain)+len(n.tensors))
	for _, name := range sortedKeys(plain) {
		a, err := plainAttr(plain[name])
		if err != nil && (a.Floats == nil || name != thresholds) {
			return nil, n.errorf("attribute %q: %w", name, err)
		}
		attrs[name] = a
	}
	for _, name := range sortedKeys(n.tensors) {
		a, err := n.tensorAttr(n.tensors[name])
		if err != nil {
			return nil, n.errorf("attribute %q: %w", name, err)
		}
		attrs[name] = a
	}
	return attrs, nil
}

// thresholds is the attribute of trees whose numbers the operators check: an infinite one may be a
// test for a missing value.
const thresholds = "nodes_values"

// plainAttr converts one of onnx-go's values. A list is not nil even if empty.
// Lists of floats are weights and thresholds, so they are finite; a single
// float may be NaN, which is how some operators mark a missing value.
func plainAttr(value any) (graph.Attr, error) {
	switch v := value.(type) {
	case float32:
		return graph.Attr{Float: float64(v)}, nil
	case int64:
		return graph.Attr{Int: v}, nil
	case string:
		return graph.Attr{String: v}, nil
	case []float32:
		floats := make([]float64, len(v))
		for i, f := range v {
			floats[i] = float64(f)
		}
		return graph.Attr{Floats: floats}, checkFinite(floats)
	case []int64:
		return graph.Attr{Ints: append([]int64{}, v...)}, nil
	case []string:
		return graph.Attr{Strings: append([]string{}, v...)}, nil
	}
	return graph.Attr{}, fmt.Errorf("onnx-go decodes it as %T, which is not supported", value)
}

// tensorAttr decodes a tensor. A tensor of strings becomes a list of them, since class
// labels are stored like that, but for the value of a Constant. The numbers of a
// TreeEnsemble may be NaN, which separates sets and stands for no threshold.
func (n *node) tensorAttr(t *tensorProto) (graph.Attr, error) {
	if n.op == "TreeEnsemble" && t.element != stringType {
		c, err := t.decode()
		return graph.Attr{Tensor: c}, err
	}
	if t.element != stringType {
		c, err := t.constant()
		return graph.Attr{Tensor: c}, err
	}
	if n.op == "Constant" {
		c, err := t.texts()
		return graph.Attr{Tensor: c}, err
	}
	_, size, err := t.shape()
	if err == nil && size != len(t.strings) {
		err = fmt.Errorf("tensor %q: %d strings for %d elements; the file is damaged", t.name, len(t.strings), size)
	}
	return graph.Attr{Strings: append([]string{}, t.strings...)}, err
}

// sortedKeys lists the keys of a map in order.
func sortedKeys[V any](m map[string]V) []string {
	keys := make([]string, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}
