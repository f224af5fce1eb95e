package program_test

import (
	"math/rand"
	"reflect"
	"strings"
	"testing"

	"github.com/zkml-go/zkml/program"
)

// lacking is a program of splits and a tree over elements in [-4, 3]: the first one is missing
// where it is 3, the second one where it is −4.
func lacking() *program.Program {
	value := func(d int) program.Value { return program.Value{Shape: []int{d}, Scale: 1} }
	return &program.Program{
		Values: []program.Value{value(2), value(5), value(1)}, Inputs: []program.Interval{{Lo: -4, Hi: 3}},
		Outputs: []int{2},
		Steps: []program.Step{
			{Node: "splits", In: []int{0}, Out: 1, Kernel: &program.Splits{
				Index: []int32{0, 0, 0, 1, 1}, From: []int64{1, 1, 3, -1, 4},
				Turned: []int32{1, 2, 3}, Missing: []int64{3, 3, -4},
			}},
			{Node: "tree", In: []int{1}, Out: 2, Kernel: &program.Trees{
				Bit: []int32{0, 1, 2, 3, 4}, High: []int32{-1, 0, 1, 2, 3}, Low: []int32{-2, -3, -4, -5, 2},
				Roots: []int32{4, 3, 2, 1}, Leaves: []int64{1, 10, 100, 1000, 10000}, Bias: []int64{0},
			}},
		},
	}
}

// TestTurnedSplits gives the other bit where an element is missing.
func TestTurnedSplits(t *testing.T) {
	p := lacking()
	for _, c := range []struct{ in, want []int64 }{
		{[]int64{0, 0}, []int64{0, 0, 0, 1, 0}},
		{[]int64{2, -2}, []int64{1, 1, 0, 0, 0}},
		{[]int64{3, 3}, []int64{1, 0, 0, 1, 0}},
		{[]int64{-4, -4}, []int64{0, 0, 0, 1, 0}},
	} {
		if got := p.Steps[0].Kernel.Eval([][]int64{c.in}); !reflect.DeepEqual(got, c.want) {
			t.Errorf("%v gives %v, want %v", c.in, got, c.want)
		}
	}
	examine(t, rand.New(rand.NewSource(4)), p, 3, 4)
	again, err := program.Decode(encode(t, p))
	if err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(again, p) {
		t.Errorf("decoded\n%s, encoded\n%s", again.Text(), p.Text())
	}
	other := lacking()
	other.Steps[0].Kernel.(*program.Splits).Missing[2] = 3
	if other.Steps[0].Kernel.Words() == p.Steps[0].Kernel.Words() {
		t.Error("the words do not tell what stands for a missing value")
	}
}

func TestBadTurnedSplitsAreRefused(t *testing.T) {
	for name, c := range map[string]struct {
		spoil func(*program.Splits)
		want  string
	}{
		"no integer":     {func(s *program.Splits) { s.Missing = s.Missing[:2] }, "2 integers for missing values of 3"},
		"not there":      {func(s *program.Splits) { s.Turned[2] = 5 }, "index 5"},
		"not in order":   {func(s *program.Splits) { s.Turned[0] = 2 }, "not in order: 2 after 2"},
		"inside":         {func(s *program.Splits) { s.Missing[0] = 2 }, "2 stands for a missing value of element 0"},
		"two":            {func(s *program.Splits) { s.Missing[1] = -4 }, "3 and -4 stand for"},
		"beyond":         {func(s *program.Splits) { s.From[0] = 4 }, "the threshold 4 is beyond 3"},
		"below":          {func(s *program.Splits) { s.From[4] = -4 }, "the threshold -4 is beyond -4"},
		"of a threshold": {func(s *program.Splits) { s.From[1] = 1 << 62 }, "not one of"},
	} {
		t.Run(name, func(t *testing.T) {
			p := lacking()
			c.spoil(p.Steps[0].Kernel.(*program.Splits))
			err := p.Check()
			if err == nil {
				_, err = p.Ranges()
			}
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Fatalf("got %v, want an error with %q", err, c.want)
			}
		})
	}
}
