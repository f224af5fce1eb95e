package onnx

import (
	"fmt"
	"math"
	"slices"
	"testing"

	"github.com/zkml-go/zkml/compiler/graph"
)

var nan, inf = math.NaN(), math.Inf(1)

// elementRows hold the same values as raw data and in the typed field, worked
// out from the formats' definitions.
var elementRows = []struct {
	number int64
	dtype  graph.DType
	raw    string
	typed  msg
	want   []float64
}{
	{1, graph.Float32, float32s(1.5, -0.25), msg{}.str(4, float32s(1.5, -0.25)), []float64{1.5, -0.25}},
	{2, graph.Uint8, "\x00\xff", msg{}.packed(5, 0, 255), []float64{0, 255}},
	{3, graph.Int8, "\x80\x7f", msg{}.packed(5, -128, 127), []float64{-128, 127}},
	{4, graph.Uint16, "\x01\x02\xff\xff", msg{}.packed(5, 513, 65535), []float64{513, 65535}},
	{5, graph.Int16, "\x00\x80\x01\x00", msg{}.packed(5, -32768, 1), []float64{-32768, 1}},
	{6, graph.Int32, "\xff\xff\xff\xff\x00\x00\x00\x80", msg{}.packed(5, -1, math.MinInt32),
		[]float64{-1, math.MinInt32}},
	{6, graph.Int32, "\xff\xff\xff\xff", msg{}.packed(5, math.MaxUint32), []float64{-1}},
	{7, graph.Int64, "\xff\xff\xff\xff\xff\xff\xff\xff", msg{}.num(7, -1), []float64{-1}},
	{7, graph.Int64, "\xff\xff\xff\xff\xff\xff\xff\x7f", msg{}.packed(7, math.MaxInt64), []float64{1<<63 - 1<<10}},
	{7, graph.Int64, "\x00\x00\x00\x00\x00\x00\x00\x80", msg{}.packed(7, math.MinInt64), []float64{math.MinInt64}},
	{9, graph.Bool, "\x00\x01\x02", msg{}.packed(5, 0, 1, 2), []float64{0, 1, 1}},
	{10, graph.Float16, "\x00\x3c\x01\x00\xff\xfb", msg{}.packed(5, 0x3c00, 1, 0xfbff), []float64{1, 0x1p-24, -65504}},
	{10, graph.Float16, "\x00\x7c\x00\xfc\x01\x7c", msg{}.packed(5, 0x7c00, 0xfc00, 0x7c01), []float64{inf, -inf, nan}},
	{11, graph.Float64, "\x00\x00\x00\x00\x00\x00\xf8\x3f", msg{}.str(10, "\x00\x00\x00\x00\x00\x00\xf8\x3f"),
		[]float64{1.5}},
	{12, graph.Uint32, "\xff\xff\xff\xff", msg{}.packed(11, math.MaxUint32), []float64{math.MaxUint32}},
	{13, graph.Uint64, "\x00\x00\x00\x00\x00\x00\x20\x00", msg{}.packed(11, 1<<53), []float64{1 << 53}},
	{16, graph.BFloat16, "\x80\x3f\x01\x00\x80\xff", msg{}.packed(5, 0x3f80, 1, 0xff80), []float64{1, 0x1p-133, -inf}},
	{17, "float8e4m3fn", "\x38\x7e\x7f\x01\xff", msg{}.packed(5, 0x38, 0x7e, 0x7f, 1, 0xff),
		[]float64{1, 448, nan, 0x1p-9, nan}},
	{18, "float8e4m3fnuz", "\x40\x7f\x80\x01", msg{}.packed(5, 0x40, 0x7f, 0x80, 1), []float64{1, 240, nan, 0x1p-10}},
	{19, "float8e5m2", "\x3c\x7b\x7c\x7d\x01", msg{}.packed(5, 0x3c, 0x7b, 0x7c, 0x7d, 1),
		[]float64{1, 57344, inf, nan, 0x1p-16}},
	{20, "float8e5m2fnuz", "\x40\x7f\x80\x01", msg{}.packed(5, 0x40, 0x7f, 0x80, 1), []float64{1, 57344, nan, 0x1p-17}},
	{21, "uint4", "\xf1\x02", msg{}.packed(5, 0xf1, 2), []float64{1, 15, 2}},
	{22, "int4", "\x87\x0f", msg{}.packed(5, 0x87, 15), []float64{7, -8, -1}},
	{23, "float4e2m1", "\x17\x0a", msg{}.packed(5, 0x17, 0x0a), []float64{6, 0.5, -1}},
	{25, "uint2", "\xe4\x01", msg{}.packed(5, 0xe4, 1), []float64{0, 1, 2, 3, 1}},
	{26, "int2", "\xe4", msg{}.packed(5, 0xe4), []float64{0, 1, -2, -1}},
}

// TestElements reads a tensor of every element type, in both forms.
func TestElements(t *testing.T) {
	seen := map[int64]bool{}
	for _, r := range elementRows {
		seen[r.number] = true
		for form, data := range map[string]msg{"raw": msg{}.str(9, r.raw), "typed": r.typed} {
			t.Run(fmt.Sprintf("%s %s", r.dtype, form), func(t *testing.T) {
				c, err := ReadTensor(join(aTensor("t", r.number, int64(len(r.want))), data))
				if err != nil {
					t.Fatal(err)
				}
				if c.DType != r.dtype || !slices.EqualFunc(c.Data, r.want, same) {
					t.Errorf("got %s %v, want %v", c.DType, c.Data, r.want)
				}
			})
		}
	}
	if len(seen) != len(elements) {
		t.Errorf("%d of %d element types have a row", len(seen), len(elements))
	}
}

// same compares numbers, NaN being the same as NaN.
func same(a, b float64) bool { return a == b || math.IsNaN(a) && math.IsNaN(b) }

// TestUnpackedLists reads lists that are not packed, as old writers leave them.
func TestUnpackedLists(t *testing.T) {
	m := msg{}.num(1, 2).num(1, 1).num(2, 1).fixed32(4, 3).fixed32(4, -4)
	c, err := ReadTensor(m)
	if err != nil || !slices.Equal(c.Shape, []int{2, 1}) || !slices.Equal(c.Data, []float64{3, -4}) {
		t.Errorf("got %v, error %v", c, err)
	}
}

func TestEmptyTensors(t *testing.T) {
	for _, dims := range [][]int64{{0}, {3, 0}, {0, 1 << 30, 1 << 30, 1 << 30}} {
		c, err := ReadTensor(aTensor("t", 1, dims...))
		if err != nil || len(c.Data) != 0 || c.Rank() != len(dims) {
			t.Errorf("%v: got %v, error %v", dims, c, err)
		}
	}
}

func TestTensorName(t *testing.T) {
	for want, data := range map[string][]byte{
		"ids": aTensor("ids", 1, 2), "": aTensor("a\nb", 1, 2), "a b": aTensor("a b", 7, 1),
	} {
		if got := TensorName(data); got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
	if got := TensorName([]byte("\xff")); got != "" {
		t.Errorf("a damaged tensor is called %q", got)
	}
}

func ExampleReadTensor() {
	// A TensorProto: dims [2], data type 7 (int64), int64_data [3, 4].
	c, err := ReadTensor([]byte{0x0a, 1, 2, 0x10, 7, 0x3a, 2, 3, 4})
	fmt.Println(c.DType, c.Shape, c.Data, err)
	// Output: int64 [2] [3 4] <nil>
}

// TestTexts lists each text of a tensor once.
func TestTexts(t *testing.T) {
	g, err := Decode(aModel(relu,
		msg{}.sub(5, aTensor("w", 8, 2, 2).str(6, "b").str(6, "").str(6, "b").str(6, "a"))))
	if err != nil {
		t.Fatal(err)
	}
	c := g.Consts["w"]
	if c.DType != graph.Text || !slices.Equal(c.Texts, []string{"b", "", "a"}) ||
		!slices.Equal(c.Data, []float64{0, 1, 0, 2}) || !slices.Equal(c.Shape, []int{2, 2}) {
		t.Errorf("%+v", c)
	}
}
