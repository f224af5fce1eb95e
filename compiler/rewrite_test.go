package compiler

import (
	"fmt"
	"math"
	"math/rand"
	"slices"
	"testing"

	"github.com/zkml-go/zkml/compiler/ir"
	"github.com/zkml-go/zkml/sparse"
)

// TestPassOrder holds the table of passes against the pairs that say why.
func TestPassOrder(t *testing.T) {
	place := map[string]int{}
	for i, p := range passes {
		if _, twice := place[p.name]; twice || p.why == "" {
			t.Errorf("pass %q is there twice, or does not say why", p.name)
		}
		place[p.name] = i
	}
	seen := map[string]bool{}
	for _, o := range passOrder {
		before, ok1 := place[o.before]
		after, ok2 := place[o.after]
		switch {
		case !ok1 || !ok2:
			t.Errorf("%s before %s: there is no such pass", o.before, o.after)
		case before >= after:
			t.Errorf("%s must come before %s: %s", o.before, o.after, o.why)
		}
		seen[o.before], seen[o.after] = true, true
	}
	for name := range place {
		if !seen[name] {
			t.Errorf("nothing says where pass %q belongs", name)
		}
	}
}

// optimiseByScan applies the passes as settle does, but tries every step in every
// turn, and checks the whole program after every change.
func optimiseByScan(t *testing.T, p *ir.Program) {
	t.Helper()
	x, err := newRewriter(p, passes)
	if err != nil {
		t.Fatal(err)
	}
	x.after = func(pass string) error {
		p.Steps = x.Steps()
		_, err := ir.NewIndex(p)
		return err
	}
	for before := -1; before < x.changes; {
		before = x.changes
		for i := range passes {
			for at := range x.Len() {
				x.again(at)
			}
			if err := x.turn(i); err != nil {
				t.Fatalf("pass %s: %v", passes[i].name, err)
			}
		}
	}
	p.Steps = x.Steps()
}

// whole prints all of a program, the weights among it.
func whole(p *ir.Program) string {
	s := p.Text()
	for _, step := range p.Steps {
		if f, ok := step.Kind.(*ir.Func); ok {
			s += f.Name
			continue
		}
		s += fmt.Sprintf("%+v\n", step.Kind)
	}
	return s
}

// TestWorklistMissesNothing compares settle with a scan of everything: a change
// must send every step back that it makes something possible at.
func TestWorklistMissesNothing(t *testing.T) {
	for seed := range int64(300) {
		steps := 4 + int(seed%40)
		p, q := randomProgramOf(rand.New(rand.NewSource(seed)), steps),
			randomProgramOf(rand.New(rand.NewSource(seed)), steps)
		before := p.Text()
		if err := settle(p); err != nil {
			t.Fatal(err)
		}
		optimiseByScan(t, q)
		if whole(p) != whole(q) {
			t.Fatalf("seed %d: %s\nbecame\n%s\nby scanning\n%s", seed, before, p.Text(), q.Text())
		}
	}
}

// recurrent is a network of about so many steps, unrolled over a sequence: each part
// reads its element of the input and the state, through moves, two layers, a sum, a
// function and a limit.
func recurrent(steps int) *ir.Program {
	const width = 4
	p := &ir.Program{}
	parts := steps / 8
	x := p.Value("x", []int{parts * width})
	p.Inputs = []ir.ID{x}
	layer := func(inputs int) *ir.Affine {
		a := &ir.Affine{Bias: make([]float64, width), Group: make([]int, width)}
		list := make([][]ir.Term, width)
		for i := range width {
			var row []ir.Term
			for k := range inputs {
				for j := range width {
					row = append(row, ir.Term{In: int32(k), Index: int32(j), W: float64(i-j) + 0.5})
				}
			}
			list[i] = row
		}
		a.Rows = sparse.Rows(list)
		return a
	}
	move := func(first int) *ir.Move {
		m := &ir.Move{In: make([]int32, width), Index: make([]int32, width)}
		for i := range m.Index {
			m.Index[i] = int32(first + i)
		}
		return m
	}
	shape := []int{width}
	state := p.Emit("start", "h", shape, move(0), x)
	for i := range parts {
		in := p.Emit("slice", "s", shape, move(i*width), x)
		in = p.Emit("scale", "c", shape, layer(1), in)
		h := p.Emit("turn", "r", shape, move(0), state)
		h = p.Emit("recur", "u", shape, layer(1), h)
		h = p.Emit("sum", "a", shape, layer(2), in, h)
		h = p.Emit("tanh", "t", shape, &ir.Func{Name: "tanh", F: math.Tanh, Monotone: true, Strict: true}, h)
		h = p.Emit("reshape", "m", shape, move(0), h)
		state = p.Emit("limit", "l", shape, &ir.Clamp{Lo: -1, Hi: 1}, h)
	}
	p.Outputs = []ir.ID{state}
	return p
}

// TestOptimiseIsLinear counts how often a pass is tried at a step.
func TestOptimiseIsLinear(t *testing.T) {
	const most = 36 // visits for each step: every pass, and again where something changed
	for _, steps := range []int{400, 800, 1600, 6400} {
		p := recurrent(steps)
		before := len(p.Steps)
		x, err := newRewriter(p, passes)
		if err != nil {
			t.Fatal(err)
		}
		if err := x.run(); err != nil {
			t.Fatal(err)
		}
		t.Logf("%d steps: %d visits, %d changes, %d steps left", before, x.visits, x.changes, len(x.Steps()))
		if x.visits > most*before {
			t.Errorf("%d steps were visited %d times: at most %d for each are expected", before, x.visits, most)
		}
		if len(x.Steps()) > before/2 {
			t.Errorf("of %d steps %d are left", before, len(x.Steps()))
		}
	}
}

func BenchmarkOptimise(b *testing.B) {
	for _, steps := range []int{400, 800, 1600, 6400} {
		b.Run(fmt.Sprint(steps), func(b *testing.B) {
			for range b.N {
				b.StopTimer()
				p := recurrent(steps)
				b.StartTimer()
				if err := Optimise(p); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// TestPassThatNeverEnds turns a pass that always finds something into an error.
func TestPassThatNeverEnds(t *testing.T) {
	p := recurrent(8)
	x, err := newRewriter(p, []pass{{name: "restless", run: func(x *rewriter, s *ir.Step) (bool, error) {
		return true, x.replace(s, s.Kind, s.In)
	}}})
	if err != nil {
		t.Fatal(err)
	}
	if x.run() == nil {
		t.Error("a pass that never ends came to an end")
	}
}

// TestIndexRefusesWhatIsNoProgram gives an index programs that do not hold together.
func TestIndexRefusesWhatIsNoProgram(t *testing.T) {
	clamp := func(out ir.ID, in ...ir.ID) *ir.Step { return &ir.Step{Kind: &ir.Clamp{}, In: in, Out: out} }
	cases := map[string]*ir.Program{
		"read before made":  {Steps: []*ir.Step{clamp(1, 2), clamp(2, 0)}, Outputs: []ir.ID{2}},
		"made twice":        {Steps: []*ir.Step{clamp(1, 0), clamp(1, 0)}, Outputs: []ir.ID{1}},
		"output never made": {Steps: []*ir.Step{clamp(1, 0)}, Outputs: []ir.ID{2}},
	}
	for name, p := range cases {
		p.Inputs = []ir.ID{0}
		p.Shapes = slices.Repeat([][]int{{1}}, 3)
		if _, err := ir.NewIndex(p); err == nil {
			t.Errorf("%s: accepted", name)
		}
	}
}
