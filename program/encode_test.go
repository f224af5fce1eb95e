package program_test

import (
	"bytes"
	"crypto/sha256"
	"fmt"
	"math"
	"math/rand"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/zkml-go/zkml/circuits"
	"github.com/zkml-go/zkml/program"
	"github.com/zkml-go/zkml/sparse"
	"github.com/zkml-go/zkml/visibility"
)

// onePerKind is a program that has a kernel of every kind.
func onePerKind() *program.Program {
	terms := func(ws ...int64) (out []circuits.RowTerm) {
		for i, w := range ws {
			out = append(out, circuits.RowTerm{Index: int32(i), W: w})
		}
		return out
	}
	shape := func(d ...int) program.Value { return program.Value{Shape: d, Scale: 0.5} }
	return &program.Program{
		Values: []program.Value{shape(4), shape(2), shape(2), shape(2), shape(4), shape(2), shape(1), shape(2),
			shape(2), shape(1, 1), shape(2), shape(3), shape(2), shape(2, 3), shape(2)},
		Inputs:  []program.Interval{{Lo: -8, Hi: 7}},
		Outputs: []int{9},
		Steps: []program.Step{
			{Node: "fc (Gemm)", In: []int{0}, Out: 1, Kernel: program.NewLinear(
				program.LinearRow{Terms: terms(3, -1, 0, 2), Bias: 5},
				program.LinearRow{Terms: []circuits.RowTerm{{Index: 3, W: 3}, {Index: 1, W: -1}}, Bias: -7})},
			{Node: "relu", In: []int{1}, Out: 2, Kernel: &program.Saturate{
				By: []circuits.Saturation{{Shift: 1, Bits: 3}, {Shift: 2, Base: -4, Bits: 3}}, Group: []int32{0, 1}}},
			{Node: "sigmoid", In: []int{2}, Out: 3,
				Kernel: &program.Table{Name: "sigmoid", First: -4, Out: []int64{0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11}}},
			{Node: "concat", In: []int{2, 3}, Out: 4,
				Kernel: &program.Move{In: []int32{0, 0, 1, 1}, Index: []int32{0, 1, 0, 1}}},
			{Node: "pool", In: []int{4}, Out: 5, Kernel: &program.Max{Windows: [][]int32{{0, 1, 2}, {1, 3}}}},
			{Node: "matmul", In: []int{5, 3}, Out: 6,
				Kernel: &program.Dot{N: 1, K: 2, M: 1, A: []int32{0}, B: []int32{0}}},
			{Node: "mul", In: []int{6, 5}, Out: 7, Kernel: &program.Product{A: []int32{0, 0}, B: []int32{0, 1}}},
			{Node: "softmax", In: []int{5}, Out: 8,
				Kernel: &program.Softmax{Groups: [][]int32{{0, 1}}, Exp: []int64{8, 4, 2, 1}, Bits: 4}},
			{Node: "argmax", In: []int{8}, Out: 9, Kernel: &program.ArgMax{Groups: [][]int32{{0, 1}}, Last: true}},
			{Node: "greater", In: []int{5}, Out: 10, Kernel: &program.Compare{From: 3}},
			{Node: "splits", In: []int{5}, Out: 11,
				Kernel: &program.Splits{Index: []int32{0, 1, 1}, From: []int64{1, 0, 3}}},
			{Node: "trees", In: []int{11}, Out: 12, Kernel: &program.Trees{Bit: []int32{0, 2}, High: []int32{-1, 0},
				Low: []int32{-2, -3}, Roots: []int32{1, -2}, Leaves: []int64{3, -1, 0, 2, 5, 7}, Bias: []int64{1, 0}}},
			{Node: "top", In: []int{11}, Out: 13, Kernel: &program.Top{Groups: [][]int32{{2, 0, 1}}, K: 2}},
			{Node: "div", In: []int{6, 5}, Out: 14, Kernel: &program.Quotient{A: []int32{0, 0}, B: []int32{0, 1},
				By: circuits.Division{Num: 4, Den: 1}}},
		},
	}
}

func encode(t testing.TB, p *program.Program) []byte {
	t.Helper()
	data, err := program.Encode(p)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

func TestEncodingComesBack(t *testing.T) {
	r := rand.New(rand.NewSource(3))
	for name, p := range map[string]*program.Program{
		"one kernel of each kind": onePerKind(),
		"public network":          mlp(r, 20, 8, 4, 3, 3, 4, false),
		"private network":         mlp(r, 20, 8, 4, 3, 3, 4, true),
		"hashed network":          hashed(mlp(r, 20, 8, 4, 3, 3, 4, true)),
		"intervals of elements":   withIntervals(onePerKind()),
	} {
		t.Run(name, func(t *testing.T) {
			data := encode(t, p)
			again, err := program.Decode(data)
			if err != nil {
				t.Fatal(err)
			}
			if !reflect.DeepEqual(again, p) {
				t.Fatalf("decoded\n%s, encoded\n%s", again.Text(), p.Text())
			}
			if !bytes.Equal(encode(t, again), data) {
				t.Fatal("the decoded program has another encoding")
			}
		})
	}
}

// TestEncodingIsPinned fails where the stored form changes: then
// EncodingVersion must change too, and this digest with it.
func TestEncodingIsPinned(t *testing.T) {
	const version, digest = 3, "3930627ab6f8ddf4b9e334e373db9664"
	got := fmt.Sprintf("%.16x", sha256.Sum256(encode(t, onePerKind())))
	if program.EncodingVersion != version || got != digest {
		t.Errorf("version %d has digest %s, pinned are version %d and %s", program.EncodingVersion, got,
			version, digest)
	}
}

// TestEachEncodingIsPinned is TestEncodingIsPinned for the form of intervals of elements.
func TestEachEncodingIsPinned(t *testing.T) {
	const version, digest = 4, "1f4600d04aca86032cd76bf4bee56db9"
	got := fmt.Sprintf("%.16x", sha256.Sum256(encode(t, withIntervals(onePerKind()))))
	if program.EachVersion != version || got != digest {
		t.Errorf("version %d has digest %s, pinned are version %d and %s", program.EachVersion, got, version, digest)
	}
}

func TestConvolutionIsStoredOnce(t *testing.T) {
	var rows []program.LinearRow
	for at := range 100 {
		row := program.LinearRow{}
		for tap := range 25 {
			row.Terms = append(row.Terms, circuits.RowTerm{Index: int32(at + tap), W: int64(1000 + tap)})
		}
		rows = append(rows, row)
	}
	p := &program.Program{
		Values: []program.Value{{Shape: []int{124}}, {Shape: []int{100}}},
		Inputs: []program.Interval{{Hi: 1}}, Outputs: []int{1},
		Steps: []program.Step{{Node: "conv", Kernel: program.NewLinear(rows...), In: []int{0}, Out: 1}},
	}
	if n := len(encode(t, p)); n > 1000 {
		t.Errorf("100 rows of one 25-tap filter take %d bytes", n)
	}
}

func TestBadProgramsAreRefused(t *testing.T) {
	for name, c := range map[string]struct {
		spoil func(*program.Program)
		want  string
	}{
		"no values":       {func(p *program.Program) { p.Values = nil }, "0 values"},
		"empty dimension": {func(p *program.Program) { p.Values[4].Shape = []int{0} }, "shape"},
		"huge shape": {func(p *program.Program) { p.Values[4].Shape = []int{1 << 20, 1 << 20, 1 << 30} },
			"shape"},
		"input interval":   {func(p *program.Program) { p.Inputs[0].Hi = -9 }, "interval"},
		"output not there": {func(p *program.Program) { p.Outputs = []int{15} }, "which no step computes"},
		"reads ahead":      {func(p *program.Program) { p.Steps[0].In[0] = 5 }, "which no earlier step computes"},
		"reads nothing":    {func(p *program.Program) { p.Steps[0].In[0] = -1 }, "which no earlier step computes"},
		"makes twice":      {func(p *program.Program) { p.Steps[1].Out = 1 }, "computed before"},
		"makes the input":  {func(p *program.Program) { p.Steps[1].Out = 0 }, "computed before"},
		"inputs":           {func(p *program.Program) { p.Steps[1].In = []int{1, 1} }, "2 inputs for a saturate"},
		"linear index":     {func(p *program.Program) { readFar(linear(p)) }, "reads elements 0 to 4"},
		"linear rows": {func(p *program.Program) { linear(p).SetRows(linear(p).Listed()[:1]) },
			"computes 1 elements"},
		"linear limit":      {func(p *program.Program) { linear(p).Limit = -1 }, "declared range"},
		"saturate shift":    {func(p *program.Program) { saturate(p).By[0].Shift = 63 }, "shift by 63"},
		"saturate bits":     {func(p *program.Program) { saturate(p).By[0].Bits = 62 }, "to 62 bits"},
		"saturate base":     {func(p *program.Program) { saturate(p).By[0].Base = 1 << 62 }, "not supported"},
		"saturate group":    {func(p *program.Program) { saturate(p).Group[0] = 2 }, "index 2"},
		"saturate no group": {func(p *program.Program) { saturate(p).Group = nil }, "no groups"},
		"saturate length":   {func(p *program.Program) { saturate(p).Group = []int32{0} }, "computes 1 elements"},
		"table empty":       {func(p *program.Program) { table(p).Out = nil }, "0 entries"},
		"table start":       {func(p *program.Program) { table(p).First = 1 << 50 }, "starts at"},
		"table value":       {func(p *program.Program) { table(p).Out[3] = 1 << 61 }, "beyond"},
		"move input":        {func(p *program.Program) { move(p).In[0] = 2 }, "index 2"},
		"move index":        {func(p *program.Program) { move(p).Index[3] = 2 }, "index 2"},
		"move lengths":      {func(p *program.Program) { move(p).Index = move(p).Index[:3] }, "4 inputs for 3"},
		"max window":        {func(p *program.Program) { maximum(p).Windows[0] = nil }, "no elements"},
		"max index":         {func(p *program.Program) { maximum(p).Windows[0][0] = -1 }, "index -1"},
		"dot outside":       {func(p *program.Program) { dot(p).A[0] = 1 }, "outside its inputs"},
		"dot size":          {func(p *program.Program) { dot(p).K = math.MaxInt }, "not supported"},
		"product index":     {func(p *program.Program) { product(p).A[0] = 1 }, "index 1"},
		"product lengths":   {func(p *program.Program) { product(p).A = []int32{0} }, "1 factors by 2"},
		"quotient index":    {func(p *program.Program) { quotient(p).A[0] = 1 }, "index 1"},
		"quotient factor":   {func(p *program.Program) { quotient(p).By.Den = 0 }, "not positive"},
		"quotient rest":     {func(p *program.Program) { quotient(p).By.Rest = true }, "is not supported"},
		"softmax partition": {func(p *program.Program) { softmax(p).Groups[0][1] = 0 }, "in two groups"},
		"softmax rest":      {func(p *program.Program) { softmax(p).Groups[0] = []int32{1} }, "1 of 2"},
		"softmax rises":     {func(p *program.Program) { softmax(p).Exp[3] = 3 }, "falling"},
		"softmax bits":      {func(p *program.Program) { softmax(p).Bits = 61 }, "can exceed"},
		"softmax logarithm": {func(p *program.Program) { softmax(p).Log = []int64{2, 1} }, "rising"},
		"softmax shift": {func(p *program.Program) { softmax(p).Log, softmax(p).LogShift = []int64{1}, 70 },
			"shifted by 70"},
		"argmax of nothing": {func(p *program.Program) { p.Steps[8].Kernel.(*program.ArgMax).Groups = nil },
			"computes 0 elements"},
		"kernel not in table": {func(p *program.Program) { p.Steps[0].Kernel = stranger{linear(p)} }, "no row"},
	} {
		t.Run(name, func(t *testing.T) { refuses(t, c.spoil, c.want) })
	}
}

func TestBadTreesAreRefused(t *testing.T) {
	for name, c := range map[string]struct {
		spoil func(*program.Program)
		want  string
	}{
		"splits index":   {func(p *program.Program) { splits(p).Index[0] = 2 }, "index 2"},
		"splits lengths": {func(p *program.Program) { splits(p).Index = []int32{0} }, "1 elements for 3"},
		"splits far":     {func(p *program.Program) { splits(p).From[0] = 1 << 61 }, "not one of"},
		"trees bit":      {func(p *program.Program) { trees(p).Bit[0] = 3 }, "index 3"},
		"trees ahead":    {func(p *program.Program) { trees(p).High[0] = 0 }, "no node before it"},
		"trees leaf":     {func(p *program.Program) { trees(p).Low[1] = -4 }, "no leaf"},
		"trees root":     {func(p *program.Program) { trees(p).Roots[0] = 2 }, "no node before it"},
		"trees children": {func(p *program.Program) { trees(p).Low = []int32{0} }, "2 nodes have 2 and 1"},
		"trees leaves":   {func(p *program.Program) { trees(p).Leaves = []int64{1} }, "1 values of leaves"},
		"trees of none":  {func(p *program.Program) { trees(p).Bias = nil }, "0 outputs"},
		"trees value":    {func(p *program.Program) { trees(p).Leaves[0] = 1 << 61 }, "not one of"},
		"trees limit":    {func(p *program.Program) { trees(p).Secret, trees(p).Limit = true, -1 }, "declared range"},
		"a public limit": {func(p *program.Program) { trees(p).Limit = 9 }, "of a private model"},
	} {
		t.Run(name, func(t *testing.T) { refuses(t, c.spoil, c.want) })
	}
}

// TestBadRanksAreRefused numbers the thresholds 1 of one element, and 0 and 3 of another one.
func TestBadRanksAreRefused(t *testing.T) {
	for want, ranks := range map[string][]int32{
		"1 numbers for 3": {0}, "no threshold of a number before 2": {0, 0, 2}, "not in the order": {0, 1, 0},
		"no threshold of a number before 1": {1, 0, 1}, "3 is no number": {0, 3, 1}, "-1 is no number": {0, -1, 1},
		"thresholds of element 1 are not": {0, 0, 0},
	} {
		t.Run(want, func(t *testing.T) { refuses(t, func(p *program.Program) { splits(p).Rank = ranks }, want) })
	}
}

// refuses spoils a program, which is then refused with a text.
func refuses(t *testing.T, spoil func(*program.Program), want string) {
	t.Helper()
	p := onePerKind()
	spoil(p)
	if _, err := program.Encode(p); err == nil || !strings.Contains(err.Error(), want) {
		t.Fatalf("got %v, want an error with %q", err, want)
	}
}

// edit changes a layer's rows.
func edit(l *program.Linear, f func(rows []program.LinearRow) []program.LinearRow) {
	l.SetRows(f(l.Listed()))
}

// readFar makes a layer read beyond its input.
func readFar(l *program.Linear) {
	edit(l, func(rows []program.LinearRow) []program.LinearRow { rows[1].Terms[0].Index = 4; return rows })
}

type stranger struct{ *program.Linear }

func at[K program.Kernel](p *program.Program, i int) K { return p.Steps[i].Kernel.(K) }

func linear(p *program.Program) *program.Linear     { return at[*program.Linear](p, 0) }
func saturate(p *program.Program) *program.Saturate { return at[*program.Saturate](p, 1) }
func table(p *program.Program) *program.Table       { return at[*program.Table](p, 2) }
func move(p *program.Program) *program.Move         { return at[*program.Move](p, 3) }
func maximum(p *program.Program) *program.Max       { return at[*program.Max](p, 4) }
func dot(p *program.Program) *program.Dot           { return at[*program.Dot](p, 5) }
func product(p *program.Program) *program.Product   { return at[*program.Product](p, 6) }
func softmax(p *program.Program) *program.Softmax   { return at[*program.Softmax](p, 7) }
func quotient(p *program.Program) *program.Quotient { return at[*program.Quotient](p, 13) }

func splits(p *program.Program) *program.Splits { return at[*program.Splits](p, 10) }
func trees(p *program.Program) *program.Trees   { return at[*program.Trees](p, 11) }

func TestBadBytesAreRefused(t *testing.T) {
	good := encode(t, onePerKind())
	for name, c := range map[string]struct {
		data []byte
		want string
	}{
		"nothing":       {nil, "not a stored program"},
		"text":          {[]byte("weights"), "not a stored program"},
		"cut":           {good[:len(good)-1], "EOF"},
		"longer":        {append(bytes.Clone(good), 0), "extraneous"},
		"version":       {append([]byte{good[0], 9}, good[2:]...), "version 9"},
		"unknown kind":  {bytes.Replace(good, []byte("linear"), []byte("lunear"), 1), `kind "lunear" is unknown`},
		"unknown field": {bytes.Replace(good, []byte("gWindows"), []byte("gWindowz"), 1), "unknown field"},
	} {
		t.Run(name, func(t *testing.T) {
			if _, err := program.Decode(c.data); err == nil || !strings.Contains(err.Error(), c.want) {
				t.Fatalf("got %v, want an error with %q", err, c.want)
			}
		})
	}
}

// FuzzDecode: what Decode takes can be ranged, run and counted without a panic.
func FuzzDecode(f *testing.F) {
	f.Add(encode(f, onePerKind()))
	f.Add(encode(f, mlp(rand.New(rand.NewSource(1)), 6, 3, 2, 3, 3, 4, true)))
	f.Add(bytes.ReplaceAll(encode(f, onePerKind()), []byte("sigmoid"), []byte("sig\noid")))
	f.Fuzz(func(t *testing.T, data []byte) {
		p, err := program.Decode(data)
		if err != nil {
			return
		}
		if n := strings.Count(p.Text(), "\n"); n != len(p.Steps)+len(p.Inputs)+len(p.Outputs) {
			t.Errorf("%d lines of %d steps", n, len(p.Steps))
		}
		if _, err := p.Ranges(); err != nil {
			return
		}
		for _, v := range []int64{p.Inputs[0].Lo, p.Inputs[0].Hi} {
			inputs := make([][]int64, len(p.Inputs))
			for k := range inputs {
				inputs[k] = slices.Repeat([]int64{v}, p.Size(k))
			}
			p.Eval(inputs...)
		}
		if p.Inputs[0].Hi-p.Inputs[0].Lo != 15 {
			return
		}
		plan := visibility.Plan{Reveal: visibility.Scores}
		for i := range p.Inputs {
			in := visibility.Tensor{Name: fmt.Sprint("x", i), Shape: p.Values[i].Shape, Bits: 4, Zero: -p.Inputs[0].Lo,
				Scale: 1}
			plan.Inputs = append(plan.Inputs, in)
		}
		for i, v := range p.Outputs {
			out := visibility.Tensor{Name: fmt.Sprint("y", i), Shape: p.Values[v].Shape, Bits: 8, Scale: 1}
			plan.Outputs = append(plan.Outputs, out)
		}
		l, err := plan.Layout()
		if err != nil {
			return
		}
		_, _ = (&circuits.Statement{Layout: l, Model: p, Digit: 4}).Count()
	})
}

// TestLargeStructuredLayerComesBack stores a layer of 2^27 terms that are one pattern and
// one kernel: what is compiled can be read again, however many terms its rows list.
func TestLargeStructuredLayerComesBack(t *testing.T) {
	const rows, wide = 1 << 14, 1 << 13
	b := sparse.NewBuilder[int64]()
	delta, kernel := make([]int32, wide), make([]int64, wide)
	for i := range delta {
		delta[i], kernel[i] = int32(i), int64(i%5-2)
	}
	part := sparse.Part{Pattern: b.Pattern(delta, nil, nil), Kernel: b.Kernel(kernel)}
	for range rows {
		b.Add(part)
	}
	p := &program.Program{
		Values: []program.Value{{Shape: []int{wide}, Scale: 1}, {Shape: []int{rows}, Scale: 1}},
		Inputs: []program.Interval{{Lo: 0, Hi: 1}}, Outputs: []int{1},
		Steps: []program.Step{{
			Node: "fc", In: []int{0}, Out: 1, Kernel: &program.Linear{Rows: b.Matrix(), Bias: make([]int64, rows)},
		}},
	}
	back, err := program.Decode(encode(t, p))
	if err != nil {
		t.Fatal(err)
	}
	if n := back.Steps[0].Kernel.(*program.Linear).Rows.Terms(); n != rows*wide {
		t.Errorf("%d terms came back of %d", n, rows*wide)
	}
}
