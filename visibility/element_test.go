package visibility_test

import (
	"encoding/json"
	"math"
	"math/rand"
	"reflect"
	"strings"
	"testing"

	"github.com/zkml-go/zkml/visibility"
)

func missing(v int64) *int64 { return &v }

// table is a row of a table: a share, an age that may be missing, a constant, an amount, and
// a temperature that may be missing.
func table(items int) visibility.Tensor {
	return visibility.Tensor{Name: "row", Shape: []int{items, 5}, Elements: []visibility.Element{
		{Bits: 10, Scale: 0.125},
		{Bits: 7, Zero: -18, Scale: 1, Missing: missing(18 + 127)},
		{Bits: 0, Zero: -3, Scale: 0.5},
		{Bits: 40, Scale: 100},
		{Bits: 8, Zero: 128, Scale: 0.25, Missing: missing(-128)},
	}}
}

func tablePlan() visibility.Plan {
	return visibility.Plan{Reveal: visibility.Scores, Inputs: []visibility.Tensor{table(1)},
		Outputs: []visibility.Tensor{{Name: "y", Shape: []int{1}, Bits: 8, Scale: 1}}}
}

// TestPlaces: elements follow each other, each with its own bits, and one that does not fit
// begins a word; one of no bits never does.
func TestPlaces(t *testing.T) {
	x := table(4)
	var got [][3]int
	for i, at := range x.Places() {
		if at.Element != x.Element(i) {
			t.Errorf("element %d is packed as %+v, not %+v", i, at.Element, x.Element(i))
		}
		got = append(got, [3]int{i, at.Word, at.Bit})
	}
	want := [][3]int{{0, 0, 0}, {1, 0, 10}, {2, 0, 17}, {3, 0, 17}, {4, 0, 57}, {5, 0, 65}, {6, 0, 75}, {7, 0, 82},
		{8, 0, 82}, {9, 0, 122}, {10, 0, 130}, {11, 0, 140}, {12, 0, 147}, {13, 0, 147}, {14, 0, 187}, {15, 0, 195},
		{16, 0, 205}, {17, 0, 212}, {18, 0, 212}, {19, 1, 0}}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("element, word, bit: %v\nwant %v", got, want)
	}
	if used := x.Used(); !reflect.DeepEqual(used, []int{252, 8}) || x.Words() != 2 {
		t.Errorf("%d words with %v bits in use", x.Words(), used)
	}
	x.Elements, x.Bits, x.Scale = nil, 8, 1
	if used := x.Used(); !reflect.DeepEqual(used, []int{160}) || x.Words() != 1 {
		t.Errorf("%d words of 8-bit elements with %v bits in use", x.Words(), used)
	}
}

// TestElementsPack packs and unpacks every element's ends, and what is one beyond them.
func TestElementsPack(t *testing.T) {
	plan := tablePlan()
	plan.Batch = 4
	l, err := plan.Layout()
	if err != nil {
		t.Fatal(err)
	}
	in, r := l.Inputs()[0], rand.New(rand.NewSource(1))
	if in.Lowest() != -128 || in.Highest() != 1<<40-1 || len(in.Elements) != 5 {
		t.Errorf("%d formats, from %d to %d", len(in.Elements), in.Lowest(), in.Highest())
	}
	for range 50 {
		c := make(visibility.Claim, len(l.Ports))
		c[1].Integers = make([]int64, 4)
		for i := range in.Count() {
			c[0].Integers = append(c[0].Integers, in.LowestOf(i)+r.Int63n(in.HighestOf(i)-in.LowestOf(i)+1))
		}
		words, err := l.Public(c)
		if err != nil {
			t.Fatal(err)
		}
		back, err := l.Claim(words)
		if err != nil || !reflect.DeepEqual(back, c) || l.CheckClaim(back) != nil {
			t.Fatalf("%v comes back as %v, %v", c, back, err)
		}
		i := r.Intn(in.Count())
		c[0].Integers[i] = []int64{in.LowestOf(i) - 1, in.HighestOf(i) + 1}[r.Intn(2)]
		if _, err := l.Public(c); err == nil || l.CheckClaim(c) == nil {
			t.Errorf("element %d is %d, beyond its format: %v", i, c[0].Integers[i], err)
		}
		words[1].SetBit(words[1], 8, 1)
		if _, err := l.Claim(words); err == nil || !strings.Contains(err.Error(), "word 1 has bits beyond") {
			t.Errorf("a bit beyond the last element: %v", err)
		}
	}
}

// TestElementsEncode rounds and clamps each element in its own format; a missing value has its
// integer, and no number becomes it.
func TestElementsEncode(t *testing.T) {
	nan, x := math.NaN(), table(1)
	for _, c := range []struct {
		in   []float64
		want []int64
		held []bool
	}{
		{[]float64{1.19, 30, 1.5, 1234, -1}, []int64{10, 30, 3, 12, -4}, []bool{true, true, true, true, true}},
		{[]float64{-1, nan, 9, -1, nan}, []int64{0, 145, 3, 0, -128}, []bool{false, true, false, true, true}},
		{[]float64{1e9, 1e9, -9, 1e300, -1e9}, []int64{1023, 144, 3, 1<<40 - 1, -127}, make([]bool, 5)},
		{[]float64{math.Inf(1), 17, 1.25, math.Inf(-1), 31.8}, []int64{1023, 18, 3, 0, 127},
			[]bool{false, false, true, false, true}},
	} {
		got, err := x.Encode(c.in)
		if err != nil || !reflect.DeepEqual(got, c.want) {
			t.Errorf("%v becomes %v, want %v, %v", c.in, got, c.want, err)
		}
		for i, v := range c.in {
			if x.Element(i).Holds(v) != c.held[i] {
				t.Errorf("element %d holds %g: %t", i, v, !c.held[i])
			}
		}
	}
	if back := x.Decode([]int64{10, 145, 3, 12, -4}); !math.IsNaN(back[1]) ||
		!reflect.DeepEqual(append(back[:1], back[2:]...), []float64{1.25, 1.5, 1200, -1}) {
		t.Errorf("decoded: %v", back)
	}
	if _, err := x.Encode([]float64{1, 30, 1.5, nan, nan}); err == nil ||
		!strings.Contains(err.Error(), "element 3 is not a number, and its format has no integer for a missing value") {
		t.Errorf("NaN without an integer: %v", err)
	}
	whole := visibility.Tensor{Name: "n", Shape: []int{2}, Type: visibility.Integer, Elements: []visibility.Element{
		{Bits: 3, Scale: 1, Missing: missing(7)}, {Bits: 5, Scale: 1}}}
	if got, err := whole.Encode([]float64{nan, 31}); err != nil || !reflect.DeepEqual(got, []int64{7, 31}) {
		t.Errorf("integers: %v, %v", got, err)
	}
	for _, in := range [][]float64{{7, 0}, {1, nan}, {1, 32}, {0.5, 1}} {
		if _, err := whole.Encode(in); err == nil || !strings.Contains(err.Error(), "is not an integer from 0 to ") {
			t.Errorf("%v: %v", in, err)
		}
	}
}

// TestElementsCheck refuses formats that say two things, or nothing.
func TestElementsCheck(t *testing.T) {
	type input = visibility.Tensor
	for want, spoil := range map[string]func(in *input){
		"and one for all":                   func(in *input) { in.Scale = 1 },
		"element 1: 63 bits":                func(in *input) { in.Elements[1].Bits = 63 },
		"element 0: -1 bits":                func(in *input) { in.Elements[0].Bits = -1 },
		"element 3: scale 0":                func(in *input) { in.Elements[3].Scale = 0 },
		"element 0: zero 46116860184273879": func(in *input) { in.Elements[0].Zero = 1<<62 + 1 },
		"element 1: 30 stands for":          func(in *input) { in.Elements[1].Missing = missing(30) },
		"element 2: 3 stands for":           func(in *input) { in.Elements[2].Missing = missing(3) },
		"element 0: integers have scale 1":  func(in *input) { in.Type = visibility.Integer },
		"of booleans":                       func(in *input) { in.Type = visibility.Boolean },
		"formats for 4 elements; an input":  func(in *input) { in.Elements = in.Elements[:4] },
		"formats for 5 elements; an input":  func(in *input) { in.Shape[1] = 10 },
		"every element has 0 bits":          func(in *input) { in.Shape, in.Elements = []int{1}, in.Elements[2:3] },
	} {
		p := tablePlan()
		spoil(&p.Inputs[0])
		if _, err := p.Layout(); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v, want %q", err, want)
		}
	}
	p := tablePlan()
	p.Outputs[0] = visibility.Tensor{Name: "y", Shape: []int{1}, Elements: []visibility.Element{{Bits: 8, Scale: 1}}}
	if _, err := p.Layout(); err == nil || !strings.Contains(err.Error(), "only inputs can have them") {
		t.Errorf("an output with formats for its elements: %v", err)
	}
}

// TestElementsComeBack: formats survive a file, a plan and a batch, and a copy shares none.
func TestElementsComeBack(t *testing.T) {
	for _, batch := range []int{0, 3} {
		plan := tablePlan()
		plan.Batch = batch
		l, err := plan.Layout()
		if err != nil {
			t.Fatal(err)
		}
		if again, err := l.Plan().Layout(); err != nil || !reflect.DeepEqual(again, l) {
			t.Errorf("%+v comes back as %+v, %v", l, again, err)
		}
		text, err := json.Marshal(l)
		if err != nil {
			t.Fatal(err)
		}
		var read visibility.Layout
		if err := json.Unmarshal(text, &read); err != nil || !reflect.DeepEqual(read, l) {
			t.Errorf("%s\nis read as %+v, %v", text, read, err)
		}
		*l.Clone().Ports[0].Elements[1].Missing = 0
		if err := l.Check(); err != nil {
			t.Errorf("a change of the copy is one of the layout: %v", err)
		}
	}
}

// TestElementsDomain: what differs in one element's format has a commitment of its own.
func TestElementsDomain(t *testing.T) {
	seen := map[string]string{}
	for name, change := range map[string]func(*visibility.Tensor){
		"as it is":     func(*visibility.Tensor) {},
		"bits moved":   func(x *visibility.Tensor) { x.Elements[0].Bits, x.Elements[1].Bits = 7, 10 },
		"scale":        func(x *visibility.Tensor) { x.Elements[4].Scale = 0.5 },
		"constant":     func(x *visibility.Tensor) { x.Elements[2].Zero = -4 },
		"no missing":   func(x *visibility.Tensor) { x.Elements[4].Missing = nil },
		"missing last": func(x *visibility.Tensor) { x.Elements[4].Missing = missing(127) },
		"two items":    func(x *visibility.Tensor) { x.Shape[0] = 2 },
	} {
		x := table(1)
		change(&x)
		if other, same := seen[x.Domain()]; same {
			t.Errorf("%s and %s have the domain %q", name, other, x.Domain())
		}
		seen[x.Domain()] = name
	}
}
