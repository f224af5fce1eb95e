package compiler_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/zkml-go/zkml/compiler"
	"github.com/zkml-go/zkml/compiler/graph"
	"github.com/zkml-go/zkml/visibility"
)

// surveyed has two branches that are refused for reasons of their own, and what follows.
func surveyed() *graph.Graph {
	g := newNetwork(sizes(1, 4)...)
	g.constant("w", graph.Float32, []int{4, 3}, make([]float64, 12)...)
	g.constant("other", graph.Float32, []int{5}, make([]float64, 5)...)
	g.node("Relu", "r", nil, "x")
	g.node("Twist", "t", nil, "r")                                       // no operator
	g.node("MatMul", "m", nil, "t", "w")                                 // follows
	g.node("Softmax", "s", map[string]graph.Attr{"axis": {Int: 7}}, "x") // no such axis
	g.node("Add", "a", nil, "r", "other")                                // shapes
	g.node("Unique", "u", nil, "m")                                      // follows, and is refused in any model
	g.node("Sum", "y", nil, "m", "s", "a")                               // follows
	g.node("Twist", "nobody", nil, "x")                                  // unread
	g.node("Neg", "n", nil, "w")                                         // constant
	g.node("MatMul", "z", nil, "x", "n")                                 // computed
	return g.outputs("y", "z", "u")
}

func TestSurvey(t *testing.T) {
	s, err := compiler.SurveyOf(surveyed(), compiler.ModelOptions{})
	if err != nil {
		t.Fatal(err)
	}
	var states, refused []string
	for _, n := range s.Nodes {
		states = append(states, fmt.Sprintf("%s %s", n.Outputs[0].Name, n.State))
	}
	for _, r := range s.Refusals {
		refused = append(refused, r.Operator)
	}
	if want := strings.Fields("Twist Softmax Add Unique"); !slices.Equal(refused, want) {
		t.Errorf("refused are %v, want %v: %v", refused, want, s.Refusals)
	}
	want := "r computed, t refused, m unknown, s refused, a refused, u refused, y unknown, nobody unread, " +
		"n constant, z computed"
	if got := strings.Join(states, ", "); got != want {
		t.Errorf("the states are\n%s, want\n%s", got, want)
	}
	if s.Parameters != 17 || s.Nodes[2].Parameters != 12 || s.Nodes[8].Parameters != 0 {
		t.Errorf("%d parameters, %d and %d", s.Parameters, s.Nodes[2].Parameters, s.Nodes[8].Parameters)
	}
	if z := s.Nodes[9].Outputs[0]; z.Type != "float" || !slices.Equal(z.Shape, []int{1, 3}) {
		t.Errorf("z is %v", z)
	}
	if s.Nodes[2].Outputs[0].Shape != nil {
		t.Error("the shape of what follows is known")
	}
}

// TestSurveySaysWhatCompilingSays: the first refusal is the error of a compilation, and there is
// none where that has none.
func TestSurveySaysWhatCompilingSays(t *testing.T) {
	one := func(dims []graph.Dim, op string, inputs []string, outputs ...string) *graph.Graph {
		g := newNetwork(dims...)
		g.node(op, "y", nil, inputs...)
		return g.outputs(outputs...)
	}
	four, x := sizes(1, 4), []string{"x"}
	open := one([]graph.Dim{{Name: "rows"}, {Name: "columns"}}, "Relu", x, "y")
	lowers := one(four, "TopK", []string{"x", "x"}, "y")
	itself, fine := one(four, "Relu", x, "y", "x"), one(four, "Relu", x, "y")
	for name, g := range map[string]*graph.Graph{
		"several": surveyed(), "an open size": open, "when it is lowered": lowers, "an output": itself, "none": fine,
	} {
		_, want := compiler.Compile(g, compiler.Options{Reveal: visibility.Scores})
		s, err := compiler.SurveyOf(g, compiler.ModelOptions{})
		switch {
		case err != nil:
			t.Errorf("%s: %v", name, err)
		case want == nil && len(s.Refusals) > 0:
			t.Errorf("%s: it compiles, and is refused: %v", name, s.Refusals)
		case want != nil && (len(s.Refusals) == 0 || s.Refusals[0].Err.Error() != want.Error()):
			t.Errorf("%s: compiling says %v, the survey %v", name, want, s.Refusals)
		}
	}
}

// TestSurveyIsBounded: the shapes of nodes behind many refused ones are not looked for.
func TestSurveyIsBounded(t *testing.T) {
	g := newNetwork(sizes(1, 4)...)
	var outs []string
	for k := range 100 {
		outs = append(outs, fmt.Sprintf("y%d", k))
		g.node("Softmax", outs[k], map[string]graph.Attr{"axis": {Int: 7}}, "x")
	}
	g.node("Sum", "y", nil, outs...)
	s, err := compiler.SurveyOf(g.outputs("y"), compiler.ModelOptions{})
	if err != nil || len(s.Refusals) != 64 || !strings.Contains(s.Ended, "64 refused nodes") {
		t.Errorf("%d refusals, ended %q, %v", len(s.Refusals), s.Ended, err)
	}
}

// TestSurveyRefusesOptions: a mistake of the options is an error, and no refusal.
func TestSurveyRefusesOptions(t *testing.T) {
	for _, o := range []compiler.ModelOptions{
		{Outputs: []string{"other"}}, {Shapes: map[string][]int{"other": {1}}}, {Shapes: map[string][]int{"x": {1, 5}}},
	} {
		if s, err := compiler.SurveyOf(surveyed(), o); err == nil {
			t.Errorf("%v: %v", o, s.Refusals)
		}
	}
}
