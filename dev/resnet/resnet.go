// Command resnet writes a residual network with random weights as an ONNX file, to
// measure what compiling a large model takes:
//
//	go run ./dev/resnet resnet18.onnx
//	go run ./dev/resnet -width 8 -blocks 1 -size 8 small.onnx
//
// ResNet-18 for pictures of 3x32x32 has 0.56·10⁹ multiplications. To count its rows,
//
//	/usr/bin/time -v zkml estimate resnet18.onnx
//
// takes 990 MB of memory (967,284 kB at the peak) and 188 s of one processor's time for
// 204,932,536 rows. Before a count let go of what it no longer needs, and the program's
// ranges were found once, that was 2,292 MB and 401 s.
//
// It must not know the compiler. Nobody imports it.
package main

import (
	"encoding/binary"
	"flag"
	"fmt"
	"math"
	"math/rand"
	"os"

	"google.golang.org/protobuf/encoding/protowire"
)

// network is what a residual network of the form of ResNet-18 may vary in: 64, 2 and
// 32 make ResNet-18 for pictures of 3x32x32.
type network struct {
	width  int // channels of the first of four stages; each next has twice as many
	blocks int // of a stage
	size   int // of a picture's side
}

func main() {
	n := network{}
	flag.IntVar(&n.width, "width", 64, "channels of the first stage")
	flag.IntVar(&n.blocks, "blocks", 2, "blocks of a stage")
	flag.IntVar(&n.size, "size", 32, "side of a picture")
	flag.Parse()
	if flag.NArg() != 1 || n.width < 1 || n.blocks < 1 || n.size < 1 {
		flag.Usage()
		os.Exit(2)
	}
	if err := os.WriteFile(flag.Arg(0), n.model(), 0o600); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// The numbers of ONNX's fields and types (onnx.proto).
const (
	irVersion, opset = 8, 13
	float32Type      = 1
	intsOfAny        = 7 // an attribute that is a list of integers
)

// writer collects the fields of a graph.
type writer struct {
	r     *rand.Rand
	graph []byte
	nodes int
	last  string // the value that the last node makes
	size  int    // of the side of that value
}

// model is the network as an ONNX file. Equal networks give equal files.
func (n network) model() []byte {
	w := &writer{r: rand.New(rand.NewSource(18)), last: "picture", size: n.size}
	w.graph = text(w.graph, 2, "resnet")
	w.graph = message(w.graph, 11, valueInfo("picture", 1, 3, n.size, n.size))
	w.conv(3, n.width, 3, 1)
	w.node("Relu", nil, w.last)
	channels := n.width
	for stage := range 4 {
		for block := range n.blocks {
			stride := 1
			if stage > 0 && block == 0 {
				stride = 2
			}
			w.block(channels, n.width<<stage, stride)
			channels = n.width << stage
		}
	}
	w.node("GlobalAveragePool", nil, w.last)
	w.node("Flatten", nil, w.last)
	const classes = 10
	w.node("Gemm", nil, w.last, w.random(math.Sqrt(1/float64(channels)), channels, classes), w.random(0.1, classes))
	w.graph = message(w.graph, 12, valueInfo(w.last, 1, classes))
	file := number(nil, 1, irVersion)
	file = message(file, 7, w.graph)
	return message(file, 8, number(text(nil, 1, ""), 2, opset))
}

// block is two convolutions and what goes around them.
func (w *writer) block(in, out, stride int) {
	start, size := w.last, w.size
	w.conv(in, out, 3, stride)
	w.node("Relu", nil, w.last)
	w.conv(out, out, 3, 1)
	around, end := start, w.last
	if in != out || stride != 1 {
		w.last, w.size = start, size
		w.conv(in, out, 1, stride)
		around = w.last
	}
	w.node("Add", nil, end, around)
	w.node("Relu", nil, w.last)
}

// conv is a convolution without bias and a batch normalisation.
func (w *writer) conv(in, out, kernel, stride int) {
	pad := kernel / 2
	attributes := append(ints("kernel_shape", kernel, kernel), ints("strides", stride, stride)...)
	attributes = append(attributes, ints("pads", pad, pad, pad, pad)...)
	w.node("Conv", attributes, w.last, w.random(math.Sqrt(2/float64(in*kernel*kernel)), out, in, kernel, kernel))
	w.size = (w.size + stride - 1) / stride
	w.node("BatchNormalization", nil, w.last, w.positive(out), w.random(0.1, out), w.random(0.1, out), w.positive(out))
}

// node adds a node over named inputs; what it makes is w.last.
func (w *writer) node(op string, attributes []byte, inputs ...string) {
	w.nodes++
	w.last = fmt.Sprintf("v%d", w.nodes)
	var b []byte
	for _, in := range inputs {
		b = text(b, 1, in)
	}
	b = text(text(text(b, 2, w.last), 3, fmt.Sprintf("node%d", w.nodes)), 4, op)
	w.graph = message(w.graph, 1, append(b, attributes...))
}

func (w *writer) random(deviation float64, shape ...int) string {
	return w.tensor(func() float64 { return w.r.NormFloat64() * deviation }, shape...)
}

// positive is about one.
func (w *writer) positive(n int) string {
	return w.tensor(func() float64 { return 0.9 + 0.2*w.r.Float64() }, n)
}

// tensor adds an initialiser and returns its name.
func (w *writer) tensor(value func() float64, shape ...int) string {
	w.nodes++
	name, n := fmt.Sprintf("w%d", w.nodes), 1
	var b []byte
	for _, d := range shape {
		b = number(b, 1, d)
		n *= d
	}
	raw := make([]byte, 0, 4*n)
	for range n {
		raw = binary.LittleEndian.AppendUint32(raw, math.Float32bits(float32(value())))
	}
	b = text(number(b, 2, float32Type), 8, name)
	b = message(b, 9, raw)
	w.graph = message(w.graph, 5, b)
	return name
}

func valueInfo(name string, shape ...int) []byte {
	var dims []byte
	for _, d := range shape {
		dims = message(dims, 1, number(nil, 1, d))
	}
	tensor := message(number(nil, 1, float32Type), 2, dims)
	return message(text(nil, 1, name), 2, message(nil, 1, tensor))
}

// ints is a node's attribute.
func ints(name string, values ...int) []byte {
	b := text(nil, 1, name)
	for _, v := range values {
		b = number(b, 8, v)
	}
	return message(nil, 5, number(b, 20, intsOfAny))
}

func message(b []byte, field protowire.Number, m []byte) []byte {
	return protowire.AppendBytes(protowire.AppendTag(b, field, protowire.BytesType), m)
}

func text(b []byte, field protowire.Number, s string) []byte { return message(b, field, []byte(s)) }

func number(b []byte, field protowire.Number, v int) []byte {
	return protowire.AppendVarint(protowire.AppendTag(b, field, protowire.VarintType), uint64(v))
}
