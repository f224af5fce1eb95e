package kernel_test

import (
	"bytes"
	"crypto/sha256"
	"fmt"
	"math/rand"
	"reflect"
	"strings"
	"testing"

	"github.com/zkml-go/zkml/circuits"
	"github.com/zkml-go/zkml/compiler/kernel"
	"github.com/zkml-go/zkml/visibility"
)

// onePerKind is a program that has a kernel of every kind.
func onePerKind() *kernel.Program {
	terms := func(ws ...int64) (out []circuits.RowTerm) {
		for i, w := range ws {
			out = append(out, circuits.RowTerm{Index: int32(i), W: w})
		}
		return out
	}
	shape := func(d ...int) kernel.Value { return kernel.Value{Shape: d, Scale: 0.5} }
	return &kernel.Program{
		Values: []kernel.Value{shape(4), shape(2), shape(2), shape(2), shape(4), shape(2), shape(1), shape(2), shape(2), shape(1, 1)},
		Input:  kernel.Interval{Lo: -8, Hi: 7},
		Output: 9,
		Steps: []kernel.Step{
			{Node: "fc (Gemm)", In: []int{0}, Out: 1, Kernel: &kernel.Linear{Rows: []kernel.LinearRow{
				{Terms: terms(3, -1, 0, 2), Bias: 5}, {Terms: []circuits.RowTerm{{Index: 3, W: 3}, {Index: 1, W: -1}}, Bias: -7}}}},
			{Node: "relu", In: []int{1}, Out: 2, Kernel: &kernel.Saturate{
				By: []circuits.Saturation{{Shift: 1, Bits: 3}, {Shift: 2, Base: -4, Bits: 3}}, Group: []int32{0, 1}}},
			{Node: "sigmoid", In: []int{2}, Out: 3, Kernel: &kernel.Table{Name: "sigmoid", First: -4, Out: []int64{0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11}}},
			{Node: "concat", In: []int{2, 3}, Out: 4, Kernel: &kernel.Move{In: []int32{0, 0, 1, 1}, Index: []int32{0, 1, 0, 1}}},
			{Node: "pool", In: []int{4}, Out: 5, Kernel: &kernel.Max{Windows: [][]int32{{0, 1, 2}, {1, 3}}}},
			{Node: "matmul", In: []int{5, 3}, Out: 6, Kernel: &kernel.Dot{N: 1, K: 2, M: 1, A: []int32{0}, B: []int32{0}}},
			{Node: "mul", In: []int{6, 5}, Out: 7, Kernel: &kernel.Product{A: []int32{0, 0}, B: []int32{0, 1}}},
			{Node: "softmax", In: []int{5}, Out: 8, Kernel: &kernel.Softmax{Groups: [][]int32{{0, 1}}, Exp: []int64{8, 4, 2, 1}, Bits: 4}},
			{Node: "argmax", In: []int{8}, Out: 9, Kernel: &kernel.ArgMax{Groups: [][]int32{{0, 1}}, Last: true}},
		},
	}
}

func encode(t testing.TB, p *kernel.Program) []byte {
	t.Helper()
	data, err := kernel.Encode(p)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

func TestEncodingComesBack(t *testing.T) {
	r := rand.New(rand.NewSource(3))
	for name, p := range map[string]*kernel.Program{
		"one kernel of each kind": onePerKind(),
		"public network":          mlp(r, 20, 8, 4, 3, 3, 4, false),
		"private network":         mlp(r, 20, 8, 4, 3, 3, 4, true),
		"hashed network":          hashed(mlp(r, 20, 8, 4, 3, 3, 4, true)),
	} {
		t.Run(name, func(t *testing.T) {
			data := encode(t, p)
			again, err := kernel.Decode(data)
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
	const version, digest = 2, "a3a5d5367403fb00a821e9f571506fee"
	got := fmt.Sprintf("%.16x", sha256.Sum256(encode(t, onePerKind())))
	if kernel.EncodingVersion != version || got != digest {
		t.Errorf("version %d has digest %s, pinned are version %d and %s", kernel.EncodingVersion, got, version, digest)
	}
}

func TestConvolutionIsStoredOnce(t *testing.T) {
	l := &kernel.Linear{}
	for at := range 100 {
		row := kernel.LinearRow{}
		for tap := range 25 {
			row.Terms = append(row.Terms, circuits.RowTerm{Index: int32(at + tap), W: int64(1000 + tap)})
		}
		l.Rows = append(l.Rows, row)
	}
	p := &kernel.Program{
		Values: []kernel.Value{{Shape: []int{124}}, {Shape: []int{100}}},
		Input:  kernel.Interval{Hi: 1}, Output: 1,
		Steps: []kernel.Step{{Node: "conv", Kernel: l, In: []int{0}, Out: 1}},
	}
	if n := len(encode(t, p)); n > 1000 {
		t.Errorf("100 rows of one 25-tap filter take %d bytes", n)
	}
}

func TestBadProgramsAreRefused(t *testing.T) {
	for name, c := range map[string]struct {
		spoil func(*kernel.Program)
		want  string
	}{
		"no values":           {func(p *kernel.Program) { p.Values = nil }, "no values"},
		"empty dimension":     {func(p *kernel.Program) { p.Values[4].Shape = []int{0} }, "shape"},
		"huge shape":          {func(p *kernel.Program) { p.Values[4].Shape = []int{1 << 20, 1 << 20, 1 << 30} }, "shape"},
		"input interval":      {func(p *kernel.Program) { p.Input.Hi = -9 }, "interval"},
		"output not there":    {func(p *kernel.Program) { p.Output = 10 }, "which no step makes"},
		"reads ahead":         {func(p *kernel.Program) { p.Steps[0].In[0] = 5 }, "which no step before makes"},
		"reads nothing":       {func(p *kernel.Program) { p.Steps[0].In[0] = -1 }, "which no step before makes"},
		"makes twice":         {func(p *kernel.Program) { p.Steps[1].Out = 1 }, "made before"},
		"makes the input":     {func(p *kernel.Program) { p.Steps[1].Out = 0 }, "made before"},
		"inputs":              {func(p *kernel.Program) { p.Steps[1].In = []int{1, 1} }, "2 inputs for a saturate"},
		"linear index":        {func(p *kernel.Program) { linear(p).Rows[1].Terms[0].Index = 4 }, "reads element 4"},
		"linear rows":         {func(p *kernel.Program) { linear(p).Rows = linear(p).Rows[:1] }, "makes 1 elements"},
		"linear limit":        {func(p *kernel.Program) { linear(p).Limit = -1 }, "declared range"},
		"saturate shift":      {func(p *kernel.Program) { saturate(p).By[0].Shift = 63 }, "shift by 63"},
		"saturate bits":       {func(p *kernel.Program) { saturate(p).By[0].Bits = 62 }, "to 62 bits"},
		"saturate base":       {func(p *kernel.Program) { saturate(p).By[0].Base = 1 << 62 }, "not supported"},
		"saturate group":      {func(p *kernel.Program) { saturate(p).Group[0] = 2 }, "index 2"},
		"saturate no group":   {func(p *kernel.Program) { saturate(p).Group = nil }, "no groups"},
		"saturate length":     {func(p *kernel.Program) { saturate(p).Group = []int32{0} }, "makes 1 elements"},
		"table empty":         {func(p *kernel.Program) { table(p).Out = nil }, "0 entries"},
		"table start":         {func(p *kernel.Program) { table(p).First = 1 << 50 }, "starts at"},
		"table value":         {func(p *kernel.Program) { table(p).Out[3] = 1 << 61 }, "beyond"},
		"move input":          {func(p *kernel.Program) { move(p).In[0] = 2 }, "index 2"},
		"move index":          {func(p *kernel.Program) { move(p).Index[3] = 2 }, "index 2"},
		"move lengths":        {func(p *kernel.Program) { move(p).Index = move(p).Index[:3] }, "4 inputs for 3"},
		"max window":          {func(p *kernel.Program) { maximum(p).Windows[0] = nil }, "no elements"},
		"max index":           {func(p *kernel.Program) { maximum(p).Windows[0][0] = -1 }, "index -1"},
		"dot outside":         {func(p *kernel.Program) { dot(p).A[0] = 1 }, "outside its inputs"},
		"dot size":            {func(p *kernel.Program) { dot(p).K = 1 << 40 }, "not supported"},
		"product index":       {func(p *kernel.Program) { product(p).A[0] = 1 }, "index 1"},
		"product lengths":     {func(p *kernel.Program) { product(p).A = []int32{0} }, "1 factors by 2"},
		"softmax partition":   {func(p *kernel.Program) { softmax(p).Groups[0][1] = 0 }, "in two groups"},
		"softmax rest":        {func(p *kernel.Program) { softmax(p).Groups[0] = []int32{1} }, "1 of 2"},
		"softmax rises":       {func(p *kernel.Program) { softmax(p).Exp[3] = 3 }, "falling"},
		"softmax bits":        {func(p *kernel.Program) { softmax(p).Bits = 61 }, "may leave"},
		"softmax logarithm":   {func(p *kernel.Program) { softmax(p).Log = []int64{2, 1} }, "rising"},
		"softmax shift":       {func(p *kernel.Program) { softmax(p).Log, softmax(p).LogShift = []int64{1}, 70 }, "shifted by 70"},
		"argmax of nothing":   {func(p *kernel.Program) { p.Steps[8].Kernel.(*kernel.ArgMax).Groups = nil }, "makes 0 elements"},
		"kernel not in table": {func(p *kernel.Program) { p.Steps[0].Kernel = stranger{linear(p)} }, "no row"},
	} {
		t.Run(name, func(t *testing.T) {
			p := onePerKind()
			c.spoil(p)
			if _, err := kernel.Encode(p); err == nil || !strings.Contains(err.Error(), c.want) {
				t.Fatalf("got %v, want an error with %q", err, c.want)
			}
		})
	}
}

type stranger struct{ *kernel.Linear }

func at[K kernel.Kernel](p *kernel.Program, i int) K { return p.Steps[i].Kernel.(K) }

func linear(p *kernel.Program) *kernel.Linear     { return at[*kernel.Linear](p, 0) }
func saturate(p *kernel.Program) *kernel.Saturate { return at[*kernel.Saturate](p, 1) }
func table(p *kernel.Program) *kernel.Table       { return at[*kernel.Table](p, 2) }
func move(p *kernel.Program) *kernel.Move         { return at[*kernel.Move](p, 3) }
func maximum(p *kernel.Program) *kernel.Max       { return at[*kernel.Max](p, 4) }
func dot(p *kernel.Program) *kernel.Dot           { return at[*kernel.Dot](p, 5) }
func product(p *kernel.Program) *kernel.Product   { return at[*kernel.Product](p, 6) }
func softmax(p *kernel.Program) *kernel.Softmax   { return at[*kernel.Softmax](p, 7) }

func TestBadBytesAreRefused(t *testing.T) {
	good := encode(t, onePerKind())
	for name, c := range map[string]struct {
		data []byte
		want string
	}{
		"nothing":       {nil, "no stored program"},
		"text":          {[]byte("weights"), "no stored program"},
		"cut":           {good[:len(good)-1], "EOF"},
		"longer":        {append(bytes.Clone(good), 0), "extraneous"},
		"version":       {append([]byte{good[0], 9}, good[2:]...), "version 9"},
		"unknown kind":  {bytes.Replace(good, []byte("linear"), []byte("lunear"), 1), `kind "lunear" is unknown`},
		"unknown field": {bytes.Replace(good, []byte("gWindows"), []byte("gWindowz"), 1), "unknown field"},
	} {
		t.Run(name, func(t *testing.T) {
			if _, err := kernel.Decode(c.data); err == nil || !strings.Contains(err.Error(), c.want) {
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
		p, err := kernel.Decode(data)
		if err != nil {
			return
		}
		if n := strings.Count(p.Text(), "\n"); n != len(p.Steps)+2 {
			t.Errorf("%d lines of %d steps", n, len(p.Steps))
		}
		if _, err := p.Ranges(); err != nil {
			return
		}
		for _, v := range []int64{p.Input.Lo, p.Input.Hi} {
			in := make([]int64, p.Size(0))
			for i := range in {
				in[i] = v
			}
			p.Eval(in)
		}
		if p.Input.Hi-p.Input.Lo != 15 {
			return
		}
		s := statement(p, visibility.Private{}, visibility.Scores, 4)
		s.Layout.Input.Bits, s.Layout.Input.Zero = 4, -p.Input.Lo
		_, _ = s.Count()
	})
}
