package main

import (
	"encoding/binary"
	"math"
	"slices"

	"google.golang.org/protobuf/encoding/protowire"

	"github.com/zkml-go/zkml/compiler/graph"
	"github.com/zkml-go/zkml/tensor"
)

// The models of the tests are written field by field in ONNX's wire format, so
// that tests need no other program. Field numbers are those of onnx.proto.

func message(b []byte, field protowire.Number, m []byte) []byte {
	return protowire.AppendBytes(protowire.AppendTag(b, field, protowire.BytesType), m)
}

func text(b []byte, field protowire.Number, s string) []byte { return message(b, field, []byte(s)) }

func number(b []byte, field protowire.Number, v int) []byte {
	return protowire.AppendVarint(protowire.AppendTag(b, field, protowire.VarintType), uint64(v))
}

const (
	onnxFloat  = 1
	onnxInt64  = 7
	onnxOpset  = 13
	onnxIR     = 8
	attrInt    = 2
	externalAt = 1
)

// tensorOf is a TensorProto of float32.
func tensorOf(name string, values []float64, dims ...int) []byte {
	var b []byte
	for _, d := range dims {
		b = number(b, 1, d)
	}
	b = number(b, 2, onnxFloat)
	var raw []byte
	for _, v := range values {
		raw = binary.LittleEndian.AppendUint32(raw, math.Float32bits(float32(v)))
	}
	return message(text(b, 8, name), 9, raw)
}

// externalTensor is a TensorProto whose data is in another file.
func externalTensor(name, file string, dims ...int) []byte {
	var b []byte
	for _, d := range dims {
		b = number(b, 1, d)
	}
	b = text(number(b, 2, onnxFloat), 8, name)
	b = message(b, 13, text(text(nil, 1, "location"), 2, file))
	return number(b, 14, externalAt)
}

// valueOf is a ValueInfoProto of float32; a dimension is a number or a name.
func valueOf(name string, dims ...any) []byte { return typedValue(name, onnxFloat, dims...) }

func typedValue(name string, element int, dims ...any) []byte {
	var shape []byte
	for _, d := range dims {
		switch d := d.(type) {
		case int:
			shape = message(shape, 1, number(nil, 1, d))
		case string:
			shape = message(shape, 1, text(nil, 2, d))
		}
	}
	kind := message(number(nil, 1, element), 2, shape)
	return message(text(nil, 1, name), 2, message(nil, 1, kind))
}

func nodeOf(op, name string, inputs []string, output string, ints map[string]int) []byte {
	var b []byte
	for _, in := range inputs {
		b = text(b, 1, in)
	}
	b = text(text(text(b, 2, output), 3, name), 4, op)
	for _, key := range []string{"axis", "to", "transB"} {
		if v, ok := ints[key]; ok {
			b = message(b, 5, number(number(text(nil, 1, key), 3, v), 20, attrInt))
		}
	}
	return b
}

// network is a model in the making.
type network struct{ nodes, weights, inputs, outputs [][]byte }

func (n network) encode() []byte {
	var g []byte
	for _, x := range n.nodes {
		g = message(g, 1, x)
	}
	g = text(g, 2, "test")
	for _, x := range n.weights {
		g = message(g, 5, x)
	}
	for _, x := range n.inputs {
		g = message(g, 11, x)
	}
	for _, x := range n.outputs {
		g = message(g, 12, x)
	}
	m := number(nil, 1, onnxIR)
	m = message(m, 7, g)
	return message(m, 8, number(text(nil, 1, ""), 2, onnxOpset))
}

// side is the width and height of the pictures that quadrants looks at.
const side = 4

// quadrants is a network of two layers that tells which quarter of a picture is
// brightest. The tilt is added to one weight, to make a different model.
func quadrants(batch any, tilt float64) network {
	first := make([]float64, 0, 8*side*side)
	second := make([]float64, 0, 4*8)
	for h := range 8 {
		for p := range side * side {
			first = append(first, pick2(quarter(p) == h%4, 0.25+float64(h)/100, -0.08))
		}
	}
	for c := range 4 {
		for h := range 8 {
			second = append(second, pick2(h%4 == c, 1, -0.25))
		}
	}
	first[0] += tilt
	return network{
		nodes: [][]byte{
			nodeOf("Flatten", "flat", []string{"image"}, "f", map[string]int{"axis": 1}),
			nodeOf("Gemm", "fc1", []string{"f", "w1", "b1"}, "h", map[string]int{"transB": 1}),
			nodeOf("Relu", "relu", []string{"h"}, "r", nil),
			nodeOf("Gemm", "fc2", []string{"r", "w2", "b2"}, "scores", map[string]int{"transB": 1}),
		},
		weights: [][]byte{
			tensorOf("w1", first, 8, side*side), tensorOf("b1", make([]float64, 8), 8),
			tensorOf("w2", second, 4, 8), tensorOf("b2", []float64{0.01, 0, 0, 0}, 4),
		},
		inputs:  [][]byte{valueOf("image", batch, 1, side, side)},
		outputs: [][]byte{valueOf("scores", batch, 4)},
	}
}

// loan is quadrants with a second input, an integer, and three outputs: the scores of
// the quarters, a score of risk, and what both are computed from.
func loan() network {
	n := quadrants("N", 0)
	ages, risks := make([]float64, 8), make([]float64, 8)
	for h := range 8 {
		ages[h], risks[h] = float64(h%3-1)/200, float64(h%5-2)/10
	}
	n.nodes[1] = nodeOf("Gemm", "fc1", []string{"f", "w1", "b1"}, "h1", map[string]int{"transB": 1})
	n.nodes = append([][]byte{
		nodeOf("Cast", "years", []string{"age"}, "y", map[string]int{"to": onnxFloat}),
		nodeOf("Gemm", "fcA", []string{"y", "wA", "b1"}, "hA", map[string]int{"transB": 1}),
	}, n.nodes...)
	n.nodes = slices.Insert(n.nodes, 4, nodeOf("Add", "both", []string{"h1", "hA"}, "h", nil))
	n.nodes = append(n.nodes, nodeOf("Gemm", "fc3", []string{"r", "w3", "b3"}, "risk", map[string]int{"transB": 1}))
	n.weights = append(n.weights, tensorOf("wA", ages, 8, 1), tensorOf("w3", risks, 1, 8),
		tensorOf("b3", []float64{0.5}, 1))
	n.inputs = append(n.inputs, typedValue("age", onnxInt64, "N", 1))
	n.outputs = append(n.outputs, valueOf("risk", "N", 1), valueOf("r", "N", 8))
	return n
}

// half tells how probable it is that the upper half of a picture is the brighter one.
func half() network {
	weights := make([]float64, side*side)
	for p := range weights {
		weights[p] = pick2(quarter(p) < 2, 1, -1)
	}
	return network{
		nodes: [][]byte{
			nodeOf("Flatten", "flat", []string{"image"}, "f", map[string]int{"axis": 1}),
			nodeOf("Gemm", "fc", []string{"f", "w"}, "s", map[string]int{"transB": 1}),
			nodeOf("Sigmoid", "sigmoid", []string{"s"}, "p", nil),
		},
		weights: [][]byte{tensorOf("w", weights, 1, side*side)},
		inputs:  [][]byte{valueOf("image", "N", 1, side, side)},
		outputs: [][]byte{valueOf("p", "N", 1)},
	}
}

func pick2(yes bool, a, b float64) float64 {
	if yes {
		return a
	}
	return b
}

// quarter numbers the quarters of a picture: 0 1 above 2 3.
func quarter(pixel int) int {
	y, x := pixel/side, pixel%side
	return y/(side/2)*2 + x/(side/2)
}

// counts computes with integers alone: n·50331653 + 1, that times 1048583, beyond 2^53,
// and whether the first is less than 10^8.
func counts() *graph.Graph {
	integer := func(v float64) *graph.Const {
		return &graph.Const{DType: graph.Int64, Float: tensor.Of([]float64{v}, 1)}
	}
	node := func(op, out string, in ...string) *graph.Node {
		return &graph.Node{Name: out, Op: op, Inputs: in, Outputs: []string{out}}
	}
	value := func(name string, d graph.DType) graph.Value {
		return graph.Value{Name: name, DType: d, Dims: []graph.Dim{{Size: 2}}}
	}
	return &graph.Graph{
		Consts: map[string]*graph.Const{
			"a": integer(50331653), "one": integer(1), "b": integer(1048583), "most": integer(1e8),
		},
		Nodes: []*graph.Node{
			node("Mul", "m", "n", "a"), node("Add", "count", "m", "one"), node("Mul", "large", "count", "b"),
			node("Less", "few", "count", "most"),
		},
		Inputs: []graph.Value{value("n", graph.Int64)},
		Outputs: []graph.Value{
			value("count", graph.Int64), value("large", graph.Int64), value("few", graph.Bool),
		},
	}
}
