package program_test

import (
	"math/rand"
	"slices"
	"strings"
	"testing"

	"github.com/zkml-go/zkml/program"
)

// withIntervals gives the elements of a program's only input intervals of their own, the
// second one that of a constant.
func withIntervals(p *program.Program) *program.Program {
	iv := p.Inputs[0]
	each := slices.Repeat([]program.Interval{iv}, p.Size(0))
	each[1] = program.Interval{Lo: iv.Hi, Hi: iv.Hi}
	each[2].Lo++
	p.SetInputRange(0, each)
	return p
}

// TestIntervalsOfElements bounds values by the intervals of the elements that they are
// made of.
func TestIntervalsOfElements(t *testing.T) {
	p := withIntervals(onePerKind())
	ranges, err := p.Ranges()
	if err != nil {
		t.Fatal(err)
	}
	// 3·x0 − x1 + 2·x3 + 5 and 3·x3 − x1 − 7, with x1 = 7.
	if want := []program.Interval{{Lo: -42, Hi: 33}, {Lo: -38, Hi: 7}}; !slices.Equal(ranges[1], want) {
		t.Errorf("%v, want %v", ranges[1], want)
	}
	if !strings.Contains(p.Text(), "input in [-8, 7] x 0.5, 4 intervals of elements, contents ") {
		t.Errorf("%s", p.Text())
	}
	other := withIntervals(onePerKind())
	if slices.Equal(p.Words(), onePerKind().Words()) || !slices.Equal(p.Words(), other.Words()) {
		t.Error("the words do not tell intervals apart")
	}
	other.Each[0][2].Lo++
	if slices.Equal(p.Words(), other.Words()) {
		t.Error("the words do not tell one interval from another")
	}
}

// TestEqualIntervalsAreOne has one form for a program whose elements have equal intervals.
func TestEqualIntervalsAreOne(t *testing.T) {
	p := onePerKind()
	p.SetInputRange(0, slices.Repeat([]program.Interval{{Lo: 2, Hi: 3}}, 4))
	if p.Each != nil || p.Inputs[0] != (program.Interval{Lo: 2, Hi: 3}) {
		t.Errorf("%v, %v", p.Inputs, p.Each)
	}
}

func TestBadIntervalsAreRefused(t *testing.T) {
	for name, c := range map[string]struct {
		spoil func(*program.Program)
		want  string
	}{
		"fewer":        {func(p *program.Program) { p.Each[0] = p.Each[0][:3] }, "3 intervals for 4 elements"},
		"other inputs": {func(p *program.Program) { p.Each = append(p.Each, nil) }, "2 inputs, and 1 inputs"},
		"none":         {func(p *program.Program) { p.Each[0] = nil }, "all are empty"},
		"empty": {func(p *program.Program) { p.Each[0][1].Hi = -9 },
			"the empty interval [7, -9] for element 1"},
		"beyond":       {func(p *program.Program) { p.Each[0][1].Hi = 8 }, "its elements have [-8, 8]"},
		"inside":       {func(p *program.Program) { p.Inputs[0].Hi = 8 }, "its elements have [-8, 7]"},
		"all the same": {func(p *program.Program) { sameIntervals(p) }, "all are the same"},
		"beyond a word": {func(p *program.Program) { p.Inputs[0].Hi, p.Each[0][1].Hi = 1<<62, 1<<62 },
			"which is not one of"},
	} {
		t.Run(name, func(t *testing.T) {
			p := withIntervals(onePerKind())
			c.spoil(p)
			if _, err := program.Encode(p); err == nil || !strings.Contains(err.Error(), c.want) {
				t.Fatalf("got %v, want an error with %q", err, c.want)
			}
		})
	}
}

func sameIntervals(p *program.Program) {
	for i := range p.Each[0] {
		p.Each[0][i] = p.Inputs[0]
	}
}

// TestRandomIntervals never leaves the ranges with random elements.
func TestRandomIntervals(t *testing.T) {
	r := rand.New(rand.NewSource(5))
	for range 20 {
		p := mlp(r, 6, 4, 3, 3, 3, 4, false)
		each := make([]program.Interval, 6)
		for i := range each {
			lo := r.Int63n(2000) - 1000
			each[i] = program.Interval{Lo: lo, Hi: lo + r.Int63n(20)}
		}
		p.SetInputRange(0, each)
		in := make([]int64, len(each))
		for i, iv := range each {
			in[i] = iv.Lo + r.Int63n(iv.Hi-iv.Lo+1)
		}
		checkRanges(t, p, in)
	}
}
