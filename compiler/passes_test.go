package compiler

import (
	"math"
	"math/rand"
	"strings"
	"testing"

	"github.com/zkml-go/zkml/compiler/ir"
	"github.com/zkml-go/zkml/sparse"
)

func randomProgram(r *rand.Rand) *ir.Program { return randomProgramOf(r, 4+r.Intn(6)) }

// randomProgramOf strings random steps together: each kind that the passes know,
// on values of a few elements, with several readers here and there.
func randomProgramOf(r *rand.Rand, steps int) *ir.Program {
	p := &ir.Program{}
	p.Inputs = []ir.ID{p.Value("x", []int{6})}
	values := []ir.ID{p.Inputs[0]}
	pick := func() ir.ID { return values[max(0, len(values)-1-r.Intn(2))] }
	for range steps {
		id := pick()
		n := p.Size(id)
		var kind ir.Kind
		in := []ir.ID{id}
		size := n
		switch r.Intn(6) {
		case 0:
			kind = randomAffine(r, []int{n}, 3+r.Intn(4))
			size = kind.(*ir.Affine).Rows.Len()
		case 1:
			kind = &ir.Clamp{Lo: 0, Hi: []float64{math.Inf(1), 1}[r.Intn(2)]}
		case 2:
			m := &ir.Max{}
			for i := 0; i+1 < n; i += 2 {
				m.Windows = append(m.Windows, []int32{int32(i), int32(i + 1)})
			}
			if len(m.Windows) == 0 {
				continue
			}
			kind, size = m, len(m.Windows)
		case 3:
			m := &ir.Move{}
			for range n {
				m.In = append(m.In, 0)
				m.Index = append(m.Index, int32(r.Intn(n)))
			}
			kind = m
		case 4:
			kind = &ir.Func{Name: "cube", F: func(x float64) float64 { return x * x * x }, Monotone: true}
		case 5:
			other := pick()
			kind = randomAffine(r, []int{n, p.Size(other)}, 4)
			in, size = append(in, other), 4
			if other == id {
				continue
			}
		}
		values = append(values, p.Emit("n", "v", []int{size}, kind, in...))
	}
	p.Outputs = []ir.ID{values[len(values)-1]}
	for range r.Intn(3) { // inner values are outputs too, and one may stand twice
		p.Outputs = append(p.Outputs, values[r.Intn(len(values))])
	}
	return p
}

func randomAffine(r *rand.Rand, sizes []int, rows int) *ir.Affine {
	a := &ir.Affine{Fixed: r.Intn(2) == 0}
	list := make([][]ir.Term, rows)
	for i := range list {
		var row []ir.Term
		for k, n := range sizes {
			for j := range n {
				if r.Intn(3) > 0 {
					row = append(row, ir.Term{In: int32(k), Index: int32(j), W: float64(r.Intn(5) - 2)})
				}
			}
		}
		list[i] = row
		a.Bias = append(a.Bias, float64(r.Intn(3)))
		a.Group = append(a.Group, i%2)
	}
	a.Rows = sparse.Rows(list)
	return a
}

// outputsOf runs a program of one input, and gives its outputs one after the other.
func outputsOf(p *ir.Program, x []float64) []float64 {
	values := p.Run(x)
	var out []float64
	for _, id := range p.Outputs {
		out = append(out, values[id]...)
	}
	return out
}

// TestPassesKeepTheFunction runs random programs before and after the passes.
func TestPassesKeepTheFunction(t *testing.T) {
	r := rand.New(rand.NewSource(3))
	for k := range 500 {
		p := randomProgram(r)
		inputs := make([][]float64, 5)
		want := make([][]float64, 5)
		for i := range inputs {
			for range 6 {
				inputs[i] = append(inputs[i], float64(r.Intn(9)-4)/4)
			}
			want[i] = outputsOf(p, inputs[i])
		}
		before := p.Text()
		if err := Optimise(p); err != nil {
			t.Fatalf("program %d: %v\n%s", k, err, before)
		}
		for i, x := range inputs {
			got := outputsOf(p, x)
			for j := range want[i] {
				if math.Abs(got[j]-want[i][j]) > 1e-9*(1+math.Abs(want[i][j])) {
					t.Fatalf("program %d, output %d: %g, want %g\nbefore\n%s\nafter\n%s", k, j, got[j], want[i][j],
						before, p.Text())
				}
			}
		}
	}
}

// TestFusions checks each rewrite that is meant to save gates.
func TestFusions(t *testing.T) {
	inf := math.Inf(1)
	identity := func(n int) *ir.Affine {
		a := &ir.Affine{Bias: make([]float64, n), Group: make([]int, n)}
		list := make([][]ir.Term, n)
		for i := range list {
			list[i] = []ir.Term{{Index: int32(i), W: 2}}
		}
		a.Rows = sparse.Rows(list)
		return a
	}
	pairs := &ir.Max{Windows: [][]int32{{0, 1}, {2, 3}}}
	all := [][]int32{{0, 1, 2, 3}}
	cases := []struct {
		name  string
		kinds []ir.Kind
		sizes []int
		want  string
	}{
		{"scale into layer", []ir.Kind{identity(4), identity(4)}, []int{4, 4}, "affine[4 rows, 4 terms]"},
		{"relu after max", []ir.Kind{&ir.Clamp{Hi: inf}, pairs}, []int{4, 2}, "max[2 windows] clamp[0, +Inf]"},
		{"two limits", []ir.Kind{&ir.Clamp{Hi: inf}, &ir.Clamp{Lo: -1, Hi: 6}}, []int{4, 4}, "clamp[0, 6]"},
		{"crossed limits", []ir.Kind{&ir.Clamp{Lo: 2, Hi: 1}}, []int{4}, "affine[4 rows, 0 terms]"},
		{"softmax before argmax", []ir.Kind{&ir.Softmax{Groups: all}, &ir.ArgMax{Groups: all}}, []int{4, 1},
			"argmax[1 groups, last=false]"},
		{"limit before argmax stays", []ir.Kind{&ir.Clamp{Hi: inf}, &ir.ArgMax{Groups: all}}, []int{4, 1},
			"clamp[0, +Inf] argmax[1 groups, last=false]"},
		{"softmax of other groups stays", []ir.Kind{&ir.Softmax{Groups: pairs.Windows}, &ir.ArgMax{Groups: all}},
			[]int{4, 1}, "softmax[2 groups, log=false] argmax[1 groups, last=false]"},
		{"unread rows", []ir.Kind{identity(4), &ir.Max{Windows: [][]int32{{1, 2}}}}, []int{4, 1},
			"affine[2 rows, 2 terms] max[1 windows]"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			if got := optimised(t, c.kinds, c.sizes); got != c.want {
				t.Errorf("got %s, want %s", got, c.want)
			}
		})
	}
}

// optimised strings steps together behind an input of four elements, each with so many
// results, and gives what the passes make of them.
func optimised(t *testing.T, kinds []ir.Kind, sizes []int) string {
	t.Helper()
	p := &ir.Program{}
	p.Inputs = []ir.ID{p.Value("x", []int{4})}
	p.Outputs = p.Inputs
	for i, k := range kinds {
		p.Outputs = []ir.ID{p.Emit("n", "v", []int{sizes[i]}, k, p.Outputs[0])}
	}
	if err := Optimise(p); err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, s := range p.Steps {
		got = append(got, s.Kind.String())
	}
	return strings.Join(got, " ")
}

func TestParseTarget(t *testing.T) {
	cases := []struct {
		text string
		want Target
		ok   bool
	}{
		{"", Target{}, true},
		{"top1=99.9%", Target{Top1: 0.999}, true},
		{"top1=0.5", Target{Top1: 0.5}, true},
		{"error=0.01", Target{Error: 0.01}, true},
		{"bits=8", Target{Bits: 8}, true},
		{"bits=1", Target{}, false},
		{"bits=8.5", Target{}, false},
		{"top1=101%", Target{}, false},
		{"error=1%", Target{}, false},
		{"speed=9", Target{}, false},
		{"99%", Target{}, false},
	}
	for _, c := range cases {
		got, err := ParseTarget(c.text)
		if (err == nil) != c.ok || math.Abs(got.Top1-c.want.Top1) > 1e-12 || got.Error != c.want.Error ||
			got.Bits != c.want.Bits {
			t.Errorf("%q: %+v, %v", c.text, got, err)
		}
	}
}
