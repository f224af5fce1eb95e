package program_test

import (
	"fmt"
	"math/rand"
	"testing"

	"github.com/zkml-go/zkml/circuits"
	"github.com/zkml-go/zkml/program"
	"github.com/zkml-go/zkml/visibility"
)

var privacyNone visibility.Private

const scores = visibility.Scores

const wideSeeds = 100

// grower makes a random program, a step at a time.
type grower struct {
	r *rand.Rand
	p *program.Program
}

// growers are the steps that a program may take after a value of n elements;
// each returns the kernel, its inputs and the number of elements that it makes.
var growers = []func(g *grower, from, n int) (program.Kernel, []int, int){
	func(g *grower, from, n int) (program.Kernel, []int, int) {
		m := 1 + g.r.Intn(4)
		return dense(g.r.Int63(), n, m, 4), []int{from}, m
	},
	func(g *grower, from, n int) (program.Kernel, []int, int) { // a sum with any value before
		other := g.r.Intn(len(g.p.Values))
		m := 1 + g.r.Intn(3)
		return dense(g.r.Int63(), n+g.p.Size(other), m, 2), []int{from, other}, m
	},
	func(g *grower, from, n int) (program.Kernel, []int, int) {
		s := &program.Saturate{Group: make([]int32, n)}
		for range 2 {
			s.By = append(s.By, circuits.Saturation{Shift: g.r.Intn(4), Base: g.r.Int63n(9) - 8, Bits: 1 + g.r.Intn(4)})
		}
		for i := range s.Group {
			s.Group[i] = int32(g.r.Intn(2))
		}
		return s, []int{from}, n
	},
	func(g *grower, from, n int) (program.Kernel, []int, int) {
		m := &program.Max{Windows: g.lists(n)}
		return m, []int{from}, len(m.Windows)
	},
	func(g *grower, from, n int) (program.Kernel, []int, int) { // copies and drops
		m := &program.Move{}
		for range 1 + g.r.Intn(n+1) {
			m.In, m.Index = append(m.In, 0), append(m.Index, int32(g.r.Intn(n)))
		}
		return m, []int{from}, len(m.Index)
	},
	func(g *grower, from, n int) (program.Kernel, []int, int) {
		t := &program.Table{Name: "random", First: -20}
		for range 41 {
			t.Out = append(t.Out, g.r.Int63n(17)-8)
		}
		return t, []int{from}, n
	},
	func(g *grower, from, n int) (program.Kernel, []int, int) {
		p := &program.Product{}
		for range 1 + g.r.Intn(2) {
			p.A, p.B = append(p.A, int32(g.r.Intn(n))), append(p.B, int32(g.r.Intn(n)))
		}
		return p, []int{from, from}, len(p.A)
	},
	func(g *grower, from, n int) (program.Kernel, []int, int) {
		q := &program.Quotient{By: circuits.Division{Num: 1 + g.r.Int63n(3), Den: 1 + g.r.Int63n(3),
			Rounding: circuits.Rounding(g.r.Intn(3))}}
		for range 1 + g.r.Intn(2) {
			q.A, q.B = append(q.A, int32(g.r.Intn(n))), append(q.B, int32(g.r.Intn(n)))
		}
		return q, []int{from, from}, len(q.A)
	},
	func(_ *grower, from, n int) (program.Kernel, []int, int) {
		return &program.Dot{N: 1, K: n, M: 1, A: []int32{0}, B: []int32{0}}, []int{from, from}, 1
	},
	func(g *grower, from, n int) (program.Kernel, []int, int) {
		return &program.Softmax{Groups: g.partition(n), Exp: falling(8), Bits: 2 + g.r.Intn(3)}, []int{from}, n
	},
	func(g *grower, from, n int) (program.Kernel, []int, int) {
		return &program.Softmax{Groups: g.partition(n), Exp: falling(8), Log: logs(1 + n*16), LogShift: 2},
			[]int{from}, n
	},
	func(g *grower, from, n int) (program.Kernel, []int, int) {
		a := &program.ArgMax{Groups: g.lists(n), Last: g.r.Intn(2) == 0}
		return a, []int{from}, len(a.Groups)
	},
	func(g *grower, from, n int) (program.Kernel, []int, int) {
		t := &program.Top{Groups: g.partition(n)[:1]}
		t.K = 1 + g.r.Intn(len(t.Groups[0]))
		return t, []int{from}, t.K * len(t.Groups[0])
	},
}

// lists are one or two lists of elements, which may overlap.
func (g *grower) lists(n int) [][]int32 {
	out := make([][]int32, 1+g.r.Intn(2))
	for i := range out {
		for _, j := range g.r.Perm(n)[:1+g.r.Intn(n)] {
			out[i] = append(out[i], int32(j))
		}
	}
	return out
}

// partition splits the elements into up to two groups.
func (g *grower) partition(n int) [][]int32 {
	all := make([]int32, n)
	for i, j := range g.r.Perm(n) {
		all[i] = int32(j)
	}
	cut := g.r.Intn(n)
	if cut == 0 {
		return [][]int32{all}
	}
	return [][]int32{all[:cut], all[cut:]}
}

// grow adds a step after the last value, or sometimes after an earlier one, if
// the program still has ranges that are not too wide for a small circuit.
func (g *grower) grow() {
	last := len(g.p.Values) - 1
	from := last
	if g.r.Intn(4) == 0 {
		from = g.r.Intn(last + 1)
	}
	k, in, n := growers[g.r.Intn(len(growers))](g, from, g.p.Size(from))
	p := *g.p
	p.Values = append(p.Values[:last+1:last+1], program.Value{Shape: []int{n}, Scale: 1})
	p.Steps = append(p.Steps[:len(p.Steps):len(p.Steps)], program.Step{Node: fmt.Sprintf("node%d", last+1), Kernel: k,
		In: in, Out: last + 1})
	p.Outputs = []int{last + 1}
	ranges, err := p.Ranges()
	if err != nil {
		return
	}
	for _, iv := range ranges[p.Outputs[0]] {
		if iv.Hi-iv.Lo > 1<<16 {
			return
		}
	}
	g.p = &p
}

// wideners are steps whose integers may be as wide as any: declared limits, large
// weights, biases, tables and bases, shifts over all of their ranges.
var wideners = []func(g *grower, from, n int) (program.Kernel, []int, int){
	func(g *grower, from, n int) (program.Kernel, []int, int) {
		l := dense(g.r.Int63(), n, 1+g.r.Intn(5), 4)
		l.Secret, l.Limit = true, g.wide()
		return l, []int{from}, l.Rows.Len()
	},
	func(g *grower, from, n int) (program.Kernel, []int, int) {
		l := dense(g.r.Int63(), n, 1+g.r.Intn(5), 4)
		rows := l.Listed()
		for i := range rows {
			for j := range rows[i].Terms {
				rows[i].Terms[j].W = g.wide()
			}
			rows[i].Bias = g.wide()
		}
		l.SetRows(rows)
		return l, []int{from}, l.Rows.Len()
	},
	func(g *grower, from, n int) (program.Kernel, []int, int) {
		s := circuits.Saturation{Shift: g.r.Intn(circuits.MaxBits)}
		s.Bits = g.r.Intn(circuits.MaxBits - s.Shift)
		if g.r.Intn(2) == 0 {
			s.Base = g.wide() >> s.Shift
		}
		return &program.Saturate{By: []circuits.Saturation{s}}, []int{from}, n
	},
	func(g *grower, from, n int) (program.Kernel, []int, int) {
		t := &program.Table{Name: "wide", First: -20}
		for range 60 {
			t.Out = append(t.Out, g.wide())
		}
		return t, []int{from}, n
	},
}

// wide is an integer of any number of bits, often of the most.
func (g *grower) wide() int64 {
	v := int64(1)<<max(g.r.Intn(circuits.MaxBits+1), g.r.Intn(circuits.MaxBits+1)) - g.r.Int63n(2)
	if g.r.Intn(3) == 0 {
		return -v
	}
	return v
}

// widen adds a step, one of the wideners' more often than not, if the program is
// still one that Check and Ranges take.
func (g *grower) widen() {
	makers := growers
	if g.r.Intn(3) > 0 {
		makers = wideners
	}
	last := len(g.p.Values) - 1
	k, in, n := makers[g.r.Intn(len(makers))](g, last, g.p.Size(last))
	p := *g.p
	p.Values = append(p.Values[:last+1:last+1], program.Value{Shape: []int{n}, Scale: 1})
	p.Steps = append(p.Steps[:len(p.Steps):len(p.Steps)], program.Step{Node: fmt.Sprintf("node%d", last+1), Kernel: k,
		In: in, Out: last + 1})
	p.Outputs = []int{last + 1}
	if p.Check() != nil {
		return
	}
	if _, err := p.Ranges(); err == nil {
		g.p = &p
	}
}

// TestWidePrograms grows programs whose integers are as wide as they may be: what
// Check and Ranges take is computed right, and lies are rejected.
func TestWidePrograms(t *testing.T) {
	for seed := range int64(wideSeeds) {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			r := rand.New(rand.NewSource(seed))
			g := &grower{r: r, p: chain(1+r.Intn(4), r.Int63n(8)-6)}
			for tries := 0; tries < 40 && len(g.p.Steps) < 2+int(seed%5); tries++ {
				g.widen()
			}
			if !t.Run("examined", func(t *testing.T) { examine(t, r, g.p, 3+int(seed%10), 2) }) {
				t.Log(g.p.Text())
			}
		})
	}
}

// TestRandomPrograms grows programs of several steps, with values that have
// several readers or none, and examines each.
func TestRandomPrograms(t *testing.T) {
	for seed := range int64(60) {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			r := rand.New(rand.NewSource(seed))
			g := &grower{r: r, p: chain(1+r.Intn(4), r.Int63n(8)-6)}
			for len(g.p.Steps) < 2+int(seed%5) {
				g.grow()
			}
			if !t.Run("examined", func(t *testing.T) { examine(t, r, g.p, 3+int(seed%2), 1) }) {
				t.Log(g.p.Text())
			}
		})
	}
}
