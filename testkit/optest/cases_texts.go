package optest

import "github.com/zkml-go/zkml/compiler/graph"

// textCases are of operators that take texts, or give them: as the numbers of the texts that
// the node lists.
var textCases = []Case{
	{
		Op: "LabelEncoder", Name: "texts", Domain: ml, Shape: []int{4}, Want: []float64{7, -2, 3, 3},
		In:    []Input{Var(4).As(graph.Text).With(0, 1, 2, 3).In(0, 2)},
		Attrs: Attrs(map[string]any{"keys_strings": []string{"b", "a", "c"}, "values_int64s": []int{7, -2, 3}}),
	},
	{
		Op: "LabelEncoder", Name: "texts in order", Domain: ml, Shape: []int{2, 2}, Want: []float64{0, 2, 1, 2},
		In:    []Input{Var(2, 2).As(graph.Text).With(0, 2, 1, 3).In(0, 3)},
		Attrs: Attrs(map[string]any{"keys_strings": []string{"b", "a", "c"}, "values_int64s": []int{0, 1, 2}}),
	},
	{
		Op: "LabelEncoder", Name: "even reals", Domain: ml, Shape: []int{3}, Want: []float64{1.5, 1, 0.5},
		In:    []Input{Var(3).As(graph.Text).With(0, 1, 2).In(0, 2)},
		Attrs: Attrs(map[string]any{"keys_strings": []string{"b", "a", "c"}, "values_floats": []float64{1.5, 1, 0.5}}),
	},
	{
		Op: "LabelEncoder", Name: "to texts", Domain: ml, Shape: []int{4}, Want: []float64{0, 1, 0, 2},
		In: []Input{Var(4).As(graph.Int64).With(3, 5, 4, 7).In(0, 8)},
		Attrs: Attrs(map[string]any{
			"keys_int64s": []int{3, 4, 5}, "values_strings": []string{"low", "low", "high"}, "default_string": "none",
		}),
	},
	{
		Op: "LabelEncoder", Name: "classes", Domain: ml, Opset: 1, Shape: []int{3}, Want: []float64{2, 0, 1},
		In:    []Input{Var(3).As(graph.Text).With(2, 0, 1).In(0, 2)},
		Attrs: Attrs(map[string]any{"classes_strings": []string{"a", "b", "c"}}),
	},
	{
		Op: "CategoryMapper", Domain: ml, Shape: []int{3}, Want: []float64{9, 4, -7},
		In:    []Input{Var(3).As(graph.Text).With(2, 0, 1).In(0, 2)},
		Attrs: Attrs(map[string]any{"cats_strings": []string{"a", "b", "c"}, "cats_int64s": []int{4, -7, 9}}),
	},
	{
		Op: "CategoryMapper", Name: "to texts", Domain: ml, Shape: []int{4}, Want: []float64{2, 0, 3, 1},
		In:    []Input{Var(4).As(graph.Int64).With(9, 4, 0, -7).In(-8, 10)},
		Attrs: Attrs(map[string]any{"cats_strings": []string{"a", "b", "c"}, "cats_int64s": []int{4, -7, 9}}),
	},
	{
		Op: "OneHotEncoder", Name: "texts", Domain: ml, Shape: []int{3, 3}, Want: []float64{0, 1, 0, 0, 0, 1, 0, 0, 1},
		In:    []Input{Var(3).As(graph.Text).With(1, 2, 3).In(0, 3)},
		Attrs: Attrs(map[string]any{"cats_strings": []string{"b", "a", "c"}}),
	},
}
