package optest

import (
	"math"

	"github.com/zkml-go/zkml/compiler/graph"
)

const ml = "ai.onnx.ml"

// threeClasses are two features' scores of three classes, with integer labels.
func threeClasses(more map[string]any) map[string]graph.Attr {
	attrs := map[string]any{
		"coefficients": []float64{1, 2, -1, 0.5, 0.25, -2}, "intercepts": []float64{0.5, 0, -0.25},
		"classlabels_ints": []int{0, 1, 2},
	}
	for name, v := range more {
		attrs[name] = v
	}
	return Attrs(attrs)
}

// twoClasses are one row of coefficients for two classes.
func twoClasses(transform string, labels ...int) map[string]graph.Attr {
	return Attrs(map[string]any{
		"coefficients": []float64{1, 2}, "intercepts": []float64{-0.5}, "classlabels_ints": labels,
		"post_transform": transform,
	})
}

// rows are four rows of two features: raw scores 5.5, 0, −4; 0.5, 1.25, −1.5; 0.5, 0, −0.25;
// −3.5, 0, 3.75 by threeClasses, and 4.5, −0.5, −0.5, −4.5 by twoClasses.
var rows = Var(4, 2).With(1, 2, -1, 0.5, 0, 0, 0, -2)

// classifierCases are of LinearClassifier: label and scores.
var classifierCases = []Case{
	{
		Op: "LinearClassifier", Domain: ml, Outputs: 2, In: []Input{rows}, Attrs: threeClasses(nil),
		Shape: []int{4}, Want: []float64{0, 1, 0, 2},
	},
	{
		Op: "LinearClassifier", Name: "scores", Domain: ml, Outputs: 2, Reads: 1, In: []Input{rows},
		Attrs: threeClasses(nil), Shape: []int{4, 3},
		Want: []float64{5.5, 0, -4, 0.5, 1.25, -1.5, 0.5, 0, -0.25, -3.5, -1, 3.75},
	},
	{
		Op: "LinearClassifier", Name: "a row", Domain: ml, Outputs: 2, In: []Input{Var(2).With(0, -2)},
		Attrs: threeClasses(nil), Shape: []int{1}, Want: []float64{2},
	},
	{
		Op: "LinearClassifier", Name: "integers", Domain: ml, Outputs: 2, Attrs: threeClasses(nil), Shape: []int{1},
		In: []Input{Var(1, 2).As(graph.Int64).With(0, -2)}, Want: []float64{2},
	},
	{
		Op: "LinearClassifier", Name: "even labels", Domain: ml, Outputs: 2, In: []Input{rows}, Shape: []int{4},
		Attrs: threeClasses(map[string]any{"classlabels_ints": []int{10, 7, 4}}), Want: []float64{10, 7, 10, 4},
	},
	{
		Op: "LinearClassifier", Name: "odd labels", Domain: ml, Outputs: 2, In: []Input{rows}, Shape: []int{4},
		Attrs: threeClasses(map[string]any{"classlabels_ints": []int{10, -1, 4}}), Want: []float64{10, -1, 10, 4},
	},
	{
		Op: "LinearClassifier", Name: "softmax", Domain: ml, Outputs: 2, Reads: 1, In: []Input{Var(1, 2).With(0, 0)},
		Attrs: threeClasses(map[string]any{"post_transform": "SOFTMAX"}), Shape: []int{1, 3},
		Want: []float64{0.481025, 0.291756, 0.227220},
	},
	{
		Op: "LinearClassifier", Name: "softmax of others", Domain: ml, Outputs: 2, Reads: 1,
		In: []Input{Var(1, 2).With(0, 0)}, Shape: []int{1, 3}, Want: []float64{0.679179, 0, 0.320821},
		Attrs: threeClasses(map[string]any{"post_transform": "SOFTMAX_ZERO"}),
	},
	{
		Op: "LinearClassifier", Name: "logistic", Domain: ml, Outputs: 2, Reads: 1, In: []Input{Var(1, 2).With(0, 0)},
		Attrs: threeClasses(map[string]any{"post_transform": "LOGISTIC"}), Shape: []int{1, 3},
		Want: []float64{0.622459, 0.5, 0.437823},
	},
	{
		Op: "LinearClassifier", Name: "probit", Domain: ml, Outputs: 2, Reads: 1,
		In: []Input{Var(1, 1).With(0.25).In(0.1, 0.9)}, Shape: []int{1, 2}, Want: []float64{-0.674574, 0.674574},
		Attrs: Attrs(map[string]any{
			"coefficients": []float64{1, -1}, "intercepts": []float64{0, 1}, "classlabels_ints": []int{0, 1},
			"post_transform": "PROBIT",
		}),
	},
	{
		Op: "LinearClassifier", Name: "one score", Domain: ml, Outputs: 2, In: []Input{rows}, Shape: []int{4},
		Attrs: twoClasses("NONE", 0, 1), Want: []float64{1, 0, 0, 0},
	},
	{
		Op: "LinearClassifier", Name: "one score, labels", Domain: ml, Outputs: 2, In: []Input{rows}, Shape: []int{4},
		Attrs: twoClasses("LOGISTIC", -1, 1), Want: []float64{1, -1, -1, -1},
	},
	{
		Op: "LinearClassifier", Name: "one score, both", Domain: ml, Outputs: 2, Reads: 1, In: []Input{rows},
		Attrs: twoClasses("SOFTMAX", 0, 1), Shape: []int{4, 2},
		Want: []float64{-3.5, 4.5, 1.5, -0.5, 1.5, -0.5, 5.5, -4.5},
	},
	{
		Op: "LinearClassifier", Name: "one score, logistic", Domain: ml, Outputs: 2, Reads: 1,
		In: []Input{Var(3, 2).With(0, 0, 0.25, 0.25, 1, 0.5)}, Attrs: twoClasses("LOGISTIC", 0, 1), Shape: []int{3, 2},
		Want: []float64{0.622459, 0.377541, 0.437823, 0.562177, 0.182426, 0.817574},
	},
}

// regressorCases are of LinearRegressor.
var regressorCases = []Case{
	{
		Op: "LinearRegressor", Domain: ml, In: []Input{rows}, Shape: []int{4, 1},
		Want:  []float64{5.25, 0.25, 0.25, -3.75},
		Attrs: Attrs(map[string]any{"coefficients": []float64{1, 2}, "intercepts": []float64{0.25}}),
	},
	{
		Op: "LinearRegressor", Name: "without intercepts", Domain: ml, In: []Input{Var(2).With(1, 2)},
		Shape: []int{1, 2}, Attrs: Attrs(map[string]any{"coefficients": []float64{1, 2, 0.5, -1}, "targets": 2}),
		Want: []float64{5, -1.5},
	},
	{
		Op: "LinearRegressor", Name: "one target has no logistic", Domain: ml, In: []Input{Var(1, 1).With(3)},
		Attrs: Attrs(map[string]any{"coefficients": []float64{2.0}, "post_transform": "LOGISTIC"}), Shape: []int{1, 1},
		Want: []float64{6},
	},
	{
		Op: "LinearRegressor", Name: "logistic", Domain: ml, In: []Input{Var(1, 1).With(0)}, Shape: []int{1, 2},
		Attrs: Attrs(map[string]any{
			"coefficients": []float64{2, 1}, "intercepts": []float64{0, 0.5}, "targets": 2,
			"post_transform": "LOGISTIC",
		}), Want: []float64{0.5, 0.622459},
	},
	{
		Op: "LinearRegressor", Name: "probit", Domain: ml, In: []Input{Var(1, 1).With(0.25).In(0.1, 0.9)},
		Attrs: Attrs(map[string]any{"coefficients": []float64{1.0}, "post_transform": "PROBIT"}), Shape: []int{1, 1},
		Want: []float64{-0.674574},
	},
}

// featureCases are of the operators around classical models.
var featureCases = []Case{
	{
		Op: "ZipMap", Domain: ml, Attrs: Attrs(map[string]any{"classlabels_int64s": []int{3, 1}}),
		In: []Input{Var(2, 2).With(1, 2, 3, 4)}, Shape: []int{2, 2}, Want: []float64{1, 2, 3, 4},
	},
	{
		Op: "Scaler", Domain: ml, In: []Input{Var(2, 2).With(1, 2, -1, 0.5)}, Shape: []int{2, 2},
		Attrs: Attrs(map[string]any{"offset": []float64{1, -1}, "scale": []float64{2, 0.5}}),
		Want:  []float64{0, 1.5, -4, 0.75},
	},
	{
		Op: "Scaler", Name: "one for all", Domain: ml, In: []Input{Var(3).As(graph.Int64).With(1, 2, -1)},
		Attrs: Attrs(map[string]any{"offset": []float64{1}, "scale": []float64{0.5}}), Shape: []int{3},
		Want: []float64{0, 0.5, -1},
	},
	{
		Op: "Imputer", Domain: ml, In: []Input{Var(2, 2).With(0, 0, -1, 0.5)}, Shape: []int{2, 2},
		Attrs: Attrs(map[string]any{"imputed_value_floats": []float64{1.5, 2}}), Want: []float64{1.5, 2, -1, 0.5},
	},
	{
		Op: "Imputer", Name: "NaN", Domain: ml, In: []Input{Var(2).With(0, 1)}, Shape: []int{2},
		Attrs: Attrs(map[string]any{"imputed_value_floats": []float64{1.5, 2}, "replaced_value_float": math.NaN()}),
		Want:  []float64{0, 1},
	},
	{
		Op: "Imputer", Name: "integers", Domain: ml, In: []Input{Var(1, 3).As(graph.Int64).With(-1, 2, -1)},
		Attrs: Attrs(map[string]any{"imputed_value_int64s": []int{7, 8, 9}, "replaced_value_int64": -1}),
		Shape: []int{1, 3}, Want: []float64{7, 2, 9},
	},
	{
		Op: "Binarizer", Domain: ml, In: []Input{Var(2, 2).With(0.25, 0.26, -1, 2)}, Shape: []int{2, 2},
		Attrs: Attrs(map[string]any{"threshold": 0.25}), Want: []float64{0, 1, 0, 1},
	},
	{
		Op: "FeatureVectorizer", Domain: ml, Attrs: Attrs(map[string]any{"inputdimensions": []int{1, 3}}),
		In: []Input{Var(2, 2).With(1, 2, 3, 4), Reals([]int{2, 2}, 5, 6, 7, 8)}, Shape: []int{2, 4},
		Want: []float64{1, 5, 6, 0, 3, 7, 8, 0},
	},
	{
		Op: "DictVectorizer", Domain: ml, Attrs: Attrs(map[string]any{"string_vocabulary": []string{"b", "a", "c"}}),
		In: []Input{Var(1, 3).With(1.5, 0, -2)}, Shape: []int{1, 3}, Want: []float64{1.5, 0, -2},
	},
	{
		Op: "DictVectorizer", Name: "integers", Domain: ml,
		Attrs: Attrs(map[string]any{"int64_vocabulary": []int{7, -3}}),
		In:    []Input{Var(1, 2).As(graph.Int64).With(4, -9)}, Shape: []int{1, 2}, Want: []float64{4, -9},
	},
	{
		Op: "CastMap", Domain: ml, In: []Input{Var(1, 3).With(1.5, 0, -2)}, Shape: []int{1, 3},
		Want: []float64{1.5, 0, -2},
	},
	{
		Op: "CastMap", Name: "to integers", Domain: ml, In: []Input{Var(1, 3).With(1.5, 0.25, -2.75)},
		Attrs: Attrs(map[string]any{"map_form": "SPARSE", "max_map": 3, "cast_to": "TO_INT64"}),
		Shape: []int{1, 3}, Want: []float64{1, 0, -2},
	},
	{
		Op: "ArrayFeatureExtractor", Domain: ml, In: []Input{Var(2, 3).With(1, 2, 3, 4, 5, 6), Ints(2, 0)},
		Shape: []int{2, 2}, Want: []float64{3, 1, 6, 4},
	},
	{
		Op: "ArrayFeatureExtractor", Name: "a row", Domain: ml, In: []Input{Var(3).With(1, 2, 3), Ints(2)},
		Shape: []int{1, 1}, Want: []float64{3},
	},
	{
		Op: "ArrayFeatureExtractor", Name: "variable indices", Domain: ml, Shape: []int{1, 3},
		In:   []Input{Ints(4, -7, 9), Var(3).As(graph.Int64).With(2, 0, 1).In(0, 2)},
		Want: []float64{9, 4, -7},
	},
	{
		Op: "OneHotEncoder", Domain: ml, In: []Input{Var(2, 1).As(graph.Int64).With(3, -1).In(-3, 4)},
		Attrs: Attrs(map[string]any{"cats_int64s": []int{-1, 2, 3}}), Shape: []int{2, 1, 3},
		Want: []float64{0, 0, 1, 1, 0, 0},
	},
	{
		Op: "OneHotEncoder", Name: "integer parts", Domain: ml, Shape: []int{4, 3},
		In:    []Input{Var(4).With(-1.5, 0.9, 1.5, -0.9)},
		Attrs: Attrs(map[string]any{"cats_int64s": []int{0, -1, 1}}),
		Want:  []float64{0, 1, 0, 1, 0, 0, 0, 0, 1, 1, 0, 0},
	},
	{
		Op: "LabelEncoder", Domain: ml, In: []Input{Var(4).As(graph.Int64).With(3, 1, 2, 7).In(0, 8)}, Shape: []int{4},
		Attrs: Attrs(map[string]any{"keys_int64s": []int{3, 1, 4}, "values_int64s": []int{10, 20, 5}}),
		Want:  []float64{10, 20, -1, -1},
	},
	{
		Op: "LabelEncoder", Name: "reals of integers", Domain: ml, Shape: []int{3}, Want: []float64{0.5, 2, 1},
		In: []Input{Var(3).As(graph.Int64).With(3, 1, 0).In(0, 4)},
		Attrs: Attrs(map[string]any{
			"keys_int64s": []int{3, 0}, "values_floats": []float64{0.5, 1}, "default_float": 2.0,
		}),
	},
	{
		Op: "LabelEncoder", Name: "tensors", Domain: ml, Shape: []int{3}, Want: []float64{7, 0, -3},
		In: []Input{Var(3).With(0, 1, 2)},
		Attrs: Attrs(map[string]any{
			"keys_tensor": Reals([]int{2}, 0, 2).Const, "values_tensor": Ints(7, -3).Const,
			"default_tensor": Ints(0).Const,
		}),
	},
}

// normCases are of Normalizer and LpNormalization.
var normCases = []Case{
	{
		Op: "LpNormalization", In: []Input{Var(2, 2).With(3, 1.5, 4, -2).In(1, 2)}, Shape: []int{2, 2},
		Attrs: Attrs(map[string]any{"axis": 0}), Want: []float64{0.6, 0.6, 0.8, -0.8},
	},
	{
		Op: "LpNormalization", Name: "p is 1", In: []Input{Var(2, 2).With(1, -3, 2, 2).In(0.5, 2)}, Shape: []int{2, 2},
		Attrs: Attrs(map[string]any{"p": 1}), Want: []float64{0.25, -0.75, 0.5, 0.5},
	},
	{
		Op: "Normalizer", Domain: ml, In: []Input{Var(2, 2).With(1, 2, -1, 0.5)}, Shape: []int{2, 2},
		Want: []float64{0.5, 1, -2, 1},
	},
	{
		Op: "Normalizer", Name: "L1", Domain: ml, In: []Input{Var(2, 2).With(1, -3, 0, 0).In(0.5, 2)},
		Shape: []int{2, 2}, Attrs: Attrs(map[string]any{"norm": "L1"}), Want: []float64{0.25, -0.75, 0, 0},
	},
	{
		Op: "Normalizer", Name: "L2", Domain: ml, In: []Input{Var(2).With(-3, 4).In(1, 2)}, Shape: []int{2},
		Attrs: Attrs(map[string]any{"norm": "L2"}), Want: []float64{-0.6, 0.8},
	},
}
