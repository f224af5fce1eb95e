package onnx

import (
	"encoding/binary"
	"math"

	"google.golang.org/protobuf/encoding/protowire"
)

// msg is a protobuf message under construction.
type msg []byte

func (m msg) str(num protowire.Number, s string) msg { return appendBytes(m, num, []byte(s)) }
func (m msg) sub(num protowire.Number, b msg) msg    { return appendBytes(m, num, b) }

func (m msg) num(num protowire.Number, v int64) msg {
	return protowire.AppendVarint(protowire.AppendTag(m, num, protowire.VarintType), uint64(v))
}

// packed appends a packed list of integers.
func (m msg) packed(num protowire.Number, vs ...int64) msg {
	var b []byte
	for _, v := range vs {
		b = protowire.AppendVarint(b, uint64(v))
	}
	return appendBytes(m, num, b)
}

// join concatenates messages: their fields together.
func join(parts ...msg) (m msg) {
	for _, p := range parts {
		m = append(m, p...)
	}
	return m
}

// float32s encodes floats as raw data.
func float32s(vs ...float32) string {
	var b []byte
	for _, v := range vs {
		b = binary.LittleEndian.AppendUint32(b, math.Float32bits(v))
	}
	return string(b)
}

// aTensor starts a TensorProto; data fields follow.
func aTensor(name string, element int64, dims ...int64) msg {
	return msg{}.packed(1, dims...).num(2, element).str(8, name)
}

// weights is a float initialiser.
func weights(name string, dims []int64, vs ...float32) msg {
	return msg{}.sub(5, aTensor(name, 1, dims...).str(9, float32s(vs...)))
}

// aNode is a graph's node with attributes.
func aNode(name, op string, in, out []string, attrs ...msg) msg {
	m := msg{}
	for _, s := range in {
		m = m.str(1, s)
	}
	for _, s := range out {
		m = m.str(2, s)
	}
	m = m.str(3, name).str(4, op)
	for _, a := range attrs {
		m = m.sub(5, a)
	}
	return msg{}.sub(1, m)
}

// anAttr is an AttributeProto whose value is already a field.
func anAttr(name string, kind int64, value msg) msg {
	return join(msg{}.str(1, name).num(20, kind), value)
}

func list(s ...string) []string { return s }

// aValue is a ValueInfoProto of a float tensor; -1 is an open size.
func aValue(name string, dims ...int64) msg {
	shape := msg{}
	for _, d := range dims {
		dim := msg{}
		if d >= 0 {
			dim = dim.num(1, d)
		}
		shape = shape.sub(1, dim)
	}
	return typed(name, msg{}.sub(1, msg{}.num(1, 1).sub(2, shape)))
}

// typed is a ValueInfoProto with a TypeProto.
func typed(name string, kind msg) msg { return msg{}.str(1, name).sub(2, kind) }

// maps is the type of a sequence of maps.
func maps(key, value int64) msg {
	of := msg{}.sub(1, msg{}.num(1, value))
	return msg{}.sub(4, msg{}.sub(1, msg{}.sub(5, msg{}.num(1, key).sub(2, of))))
}

func input(v msg) msg  { return msg{}.sub(11, v) }
func output(v msg) msg { return msg{}.sub(12, v) }

// aModel wraps a graph's fields as IR version 8, opset 13.
func aModel(graph ...msg) msg { return versioned(8, 13, graph...) }

func versioned(ir, opset int64, graph ...msg) msg {
	return msg{}.num(1, ir).sub(8, msg{}.num(2, opset)).sub(7, join(graph...))
}

// relu is a valid graph: y = Relu(x).
var relu = join(input(aValue("x", 1, 2)), output(aValue("y", 1, 2)),
	aNode("act", "Relu", list("x"), list("y")))

// fixed32 appends a float.
func (m msg) fixed32(num protowire.Number, v float32) msg {
	return protowire.AppendFixed32(protowire.AppendTag(m, num, protowire.Fixed32Type), math.Float32bits(v))
}
