// Package onnxtest writes graphs as ONNX files, field by field in ONNX's wire format, so
// that tests need no other program. Only tests import it.
package onnxtest

import (
	"encoding/binary"
	"maps"
	"math"
	"slices"

	"google.golang.org/protobuf/encoding/protowire"

	"github.com/zkml-go/zkml/compiler/graph"
	"github.com/zkml-go/zkml/tensor"
)

// irVersion is that of the files, and elements are ONNX's numbers of element types.
const irVersion = 8

var elements = map[graph.DType]int{
	graph.Float32: 1, graph.Uint8: 2, graph.Int8: 3, graph.Int64: 7, graph.Bool: 9, graph.Float64: 11,
}

// The types of attributes.
const (
	attrFloat  = 1
	attrInt    = 2
	attrString = 3
	attrInts   = 7
)

// Encode writes a graph with opset's version of the operators. Constants are of type
// float or int64, attributes numbers, texts or lists of integers.
func Encode(g *graph.Graph, opset int) []byte {
	var body []byte
	for _, n := range g.Nodes {
		body = message(body, 1, node(n))
	}
	body = text(body, 2, "test")
	for _, name := range slices.Sorted(maps.Keys(g.Consts)) {
		body = message(body, 5, initializer(name, g.Consts[name]))
	}
	for _, v := range g.Inputs {
		body = message(body, 11, value(v))
	}
	for _, v := range g.Outputs {
		body = message(body, 12, value(v))
	}
	file := message(number(nil, 1, irVersion), 7, body)
	return message(file, 8, number(text(nil, 1, ""), 2, opset))
}

func node(n *graph.Node) []byte {
	var b []byte
	for _, in := range n.Inputs {
		b = text(b, 1, in)
	}
	for _, out := range n.Outputs {
		b = text(b, 2, out)
	}
	b = text(text(b, 3, n.Name), 4, n.Op)
	for _, name := range slices.Sorted(maps.Keys(n.Attrs)) {
		b = message(b, 5, attribute(name, n.Attrs[name]))
	}
	return b
}

func attribute(name string, a graph.Attr) []byte {
	b := text(nil, 1, name)
	switch {
	case a.Ints != nil:
		for _, v := range a.Ints {
			b = number(b, 8, int(v))
		}
		return number(b, 20, attrInts)
	case a.String != "":
		return number(text(b, 4, a.String), 20, attrString)
	case a.Float != 0:
		b = protowire.AppendFixed32(protowire.AppendTag(b, 2, protowire.Fixed32Type),
			math.Float32bits(float32(a.Float)))
		return number(b, 20, attrFloat)
	}
	return number(number(b, 3, int(a.Int)), 20, attrInt)
}

func initializer(name string, c *graph.Const) []byte {
	var b, raw []byte
	for _, d := range c.Shape {
		b = number(b, 1, d)
	}
	for _, v := range c.Data[:tensor.Size(c.Shape)] {
		if c.DType == graph.Int64 {
			raw = binary.LittleEndian.AppendUint64(raw, uint64(int64(v)))
		} else {
			raw = binary.LittleEndian.AppendUint32(raw, math.Float32bits(float32(v)))
		}
	}
	return message(text(number(b, 2, elements[c.DType]), 8, name), 9, raw)
}

// value is a ValueInfoProto; a dimension is a number or a name.
func value(v graph.Value) []byte {
	var shape []byte
	for _, d := range v.Dims {
		dim := number(nil, 1, d.Size)
		if d.Name != "" {
			dim = text(nil, 2, d.Name)
		}
		shape = message(shape, 1, dim)
	}
	t := message(number(nil, 1, elements[v.DType]), 2, shape)
	return message(text(nil, 1, v.Name), 2, message(nil, 1, t))
}

func message(b []byte, field protowire.Number, m []byte) []byte {
	return protowire.AppendBytes(protowire.AppendTag(b, field, protowire.BytesType), m)
}

func text(b []byte, field protowire.Number, s string) []byte { return message(b, field, []byte(s)) }

func number(b []byte, field protowire.Number, v int) []byte {
	return protowire.AppendVarint(protowire.AppendTag(b, field, protowire.VarintType), uint64(v))
}
