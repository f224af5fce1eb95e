package op_test

import (
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/zkml-go/zkml/compiler/graph"
	. "github.com/zkml-go/zkml/testkit/optest"
)

// refusal is a node that is refused, and what the error says.
type refusal struct {
	Case
	says string
}

var refusals = []refusal{
	{Case{Op: "ArgMax", Attrs: Attrs(map[string]any{"axis": 2}), In: []Input{Var(2, 3)}},
		"axis 2 is outside a tensor of rank 2"},
	{Case{Op: "CDist", Domain: "com.microsoft", Opset: 1, In: []Input{Var(1, 2), Var(2, 3)}},
		"both must be matrices of the same number of columns"},
	{Case{Op: "CDist", Domain: "com.microsoft", Opset: 1, In: []Input{Var(1, 2), Var(2, 2)},
		Attrs: Attrs(map[string]any{"metric": "cosine"})}, `metric "cosine" is not supported`},
	{Case{Op: "Scan", In: []Input{Var(2)}}, "it has no body"},
	{Case{Op: "Scan", In: []Input{Var(2)}, Attrs: Attrs(map[string]any{"body": &graph.Graph{}})},
		"num_scan_inputs is 0, for 1 inputs and 1 outputs, and a body with 0 and 0"},
	{Case{Op: "TopK", Outputs: 2, Attrs: Attrs(map[string]any{"axis": 0}), In: []Input{Var(2, 0), Ints(1)}},
		"holds no elements"},
	{Case{Op: "TopK", Outputs: 2, In: []Input{Var(2, 3), Ints(4)}}, "the first 4 elements of an axis of size 3"},
	{Case{Op: "TopK", Outputs: 2, In: []Input{Var(2, 3), Ints(0)}}, "the first 0 elements"},
	{Case{Op: "TopK", Outputs: 2, In: []Input{Var(2, 3), Ints(1, 2)}}, "K has 2 elements"},
	{Case{Op: "TopK", Outputs: 2, In: []Input{Var(2, 3)}}, "input 1 (K) is absent"},
	{Case{Op: "TopK", Outputs: 2, In: []Input{Var(2, 3), Var(1).As(graph.Int64)}}, "K depends on the model's input"},
	{Case{Op: "TopK", Opset: 9, Outputs: 2, In: []Input{Var(2, 3)}}, "attribute k is -1"},
	{Case{Op: "TopK", Outputs: 2, Attrs: Attrs(map[string]any{"axis": 2}), In: []Input{Var(2, 3), Ints(1)}},
		"axis 2 is outside a tensor of rank 2"},
	{Case{Op: "ArgMax", In: []Input{Var()}}, "axis 0 is outside a tensor of rank 0"},
	{Case{Op: "ArgMin", Attrs: Attrs(map[string]any{"axis": 1}), In: []Input{Var(2, 0)}}, "axis 1 is empty"},
	{Case{Op: "Softmax", Attrs: Attrs(map[string]any{"axis": -3}), In: []Input{Var(2, 3)}}, "axis -3 is outside"},
	{Case{Op: "Clip", In: []Input{Var(2), Var(1)}}, "the lower bound depends on the model's input"},
	{Case{Op: "Clip", In: []Input{Var(2), Absent, Reals([]int{2}, 1, 2)}},
		"the upper bound has shape [2], but must be one number"},
	{Case{Op: "Max", In: []Input{Var(2), Var(3)}}, "sizes 2 and 3 do not broadcast"},
	{Case{Op: "Max", In: []Input{Var(2), Absent}}, "input 1 is absent"},
	{Case{Op: "Celu", Attrs: Attrs(map[string]any{"alpha": 0.0}), In: []Input{Var(2)}}, "alpha is zero"},
	{Case{Op: "Elu", Attrs: Attrs(map[string]any{"alpha": math.Inf(1)}), In: []Input{Var(2)}}, "alpha is not finite"},
	{Case{Op: "Gelu", Attrs: Attrs(map[string]any{"approximate": "fast"}), In: []Input{Var(2)}}, `"fast"`},
	{Case{Op: "Dropout", In: []Input{Var(2), Scalar(0.5), Scalar(1)}}, "training mode is not supported"},
	{Case{Op: "Dropout", In: []Input{Var(2), Scalar(0.5), Reals([]int{0})}}, "must be one number"},
	{Case{Op: "Flatten", Attrs: Attrs(map[string]any{"axis": 3}), In: []Input{Var(2, 3)}}, "axis 3 is outside"},
	{Case{Op: "Reshape", In: []Input{Var(2, 3), Var(1)}}, "the shape depends on the model's input"},
	{Case{Op: "Reshape", In: []Input{Var(2, 3), Ints(4, -1)}}, "cannot reshape [2 3] to [4 -1]"},
	{Case{Op: "Reshape", In: []Input{Var(2, 3), Ints(-1, -1)}}, "cannot reshape"},
	{Case{Op: "Reshape", In: []Input{Var(2, 3), Ints(2, 3, 0)}}, "cannot reshape"},
	{Case{Op: "Reshape", In: []Input{Var(0, 3), Ints(0, -1)}}, "cannot reshape"},
	{Case{Op: "Reshape", In: []Input{Var(2, 3), Ints(1<<62, 4)}}, "cannot reshape"},
	{Case{Op: "Reshape", In: []Input{Var(2, 3), Reals([]int{1}, 2.5)}}, "is not a whole number"},
	{Case{Op: "Reshape", In: []Input{Var(2, 3)}}, "1 inputs, but the operator takes 2 to 2"},
	{Case{Op: "Reshape", In: []Input{Var(2, 3), Absent}}, "input 1 is absent"},
	{Case{Op: "Squeeze", In: []Input{Var(2, 1), Ints(0)}}, "axis 0 has size 2"},
	{Case{Op: "Unsqueeze", In: []Input{Var(2), Ints(0, 0)}}, "axis 0 is listed twice"},
	{Case{Op: "Unsqueeze", In: []Input{Var(2), Ints(5)}}, "axis 5 is outside"},
	{Case{Op: "Transpose", Attrs: Attrs(map[string]any{"perm": []int{0}}), In: []Input{Var(2, 3)}},
		"perm [0] does not fit"},
	{Case{Op: "Transpose", Attrs: Attrs(map[string]any{"perm": []int{0, 0}}), In: []Input{Var(2, 3)}}, "listed twice"},
	{Case{Op: "Concat", In: []Input{Var(2)}}, "attribute axis is missing"},
	{Case{Op: "Concat", Attrs: Attrs(map[string]any{"axis": 0}), In: []Input{Var(2, 3), Var(2, 4)}},
		"input 1 has shape [2 4], which does not continue [2 3]"},
	{Case{Op: "Split", Outputs: 2, In: []Input{Var(4), Ints(1, 2)}}, "sizes [1 2] do not split an axis of size 4"},
	{Case{Op: "Split", Outputs: 2, In: []Input{Var(4), Ints(-1, 5)}}, "do not split"},
	{Case{Op: "Split", Outputs: 2, Attrs: Attrs(map[string]any{"num_outputs": 3}), In: []Input{Var(4)}},
		"num_outputs is 3"},
	{Case{Op: "Expand", In: []Input{Var(2), Ints(3)}}, "do not broadcast"},
	{Case{Op: "Expand", In: []Input{Var(1), Ints(1<<40, 1<<40)}}, "a circuit cannot hold it"},
	{Case{Op: "Tile", In: []Input{Var(2), Ints(1, 2)}}, "2 repeats for a tensor of rank 1"},
	{Case{Op: "Tile", In: []Input{Var(2), Ints(-1)}}, "negative"},
	{Case{Op: "Pad", Attrs: Attrs(map[string]any{"mode": "mirror"}), In: []Input{Var(2), Ints(0, 0)}},
		`mode "mirror" is not known`},
	{Case{Op: "Pad", In: []Input{Var(2), Ints(1)}}, "1 pads for 1 axes"},
	{Case{Op: "Pad", In: []Input{Var(2), Ints(-2, -1)}}, "negative size"},
	{Case{Op: "Pad", In: []Input{Var(2), Ints(1<<62, 0)}}, "too large"},
	{Case{Op: "Pad", In: []Input{Var(2), Ints(1, 1), Scalar(math.Inf(-1))}}, "not finite"},
	{Case{Op: "Pad", Attrs: Attrs(map[string]any{"mode": "edge"}), In: []Input{Var(0), Ints(1, 1)}}, "axis 0 is empty"},
	{Case{Op: "Pad", Attrs: Attrs(map[string]any{"mode": "wrap"}), In: []Input{Var(2), Ints(-2, 3)}}, "leave nothing"},
	{Case{Op: "CumSum", In: []Input{Var(2), Var(1)}}, "input 1, the axis, is no constant number"},
	{Case{Op: "CumSum", In: []Input{Var(2), Ints(1)}}, "axis 1 is outside a tensor of rank 1"},
	{Case{Op: "CumSum", In: []Input{Var(1 << 20), Ints(0)}}, "multiplications"},
	{Case{Op: "Slice", In: []Input{Var(2), Ints(0), Ints(1, 2)}}, "1 starts, 2 ends"},
	{Case{Op: "Slice", In: []Input{Var(2), Ints(0), Ints(1), Ints(0), Ints(0)}}, "a step is zero"},
	{Case{Op: "Slice", In: []Input{Var(2), Ints(1), Ints(math.MaxInt32), Ints(0), Ints(-1)}}, "goes backwards"},
	{Case{Op: "Slice", In: []Input{Var(2), Ints(1), Ints(1<<63 - 1), Ints(0), Ints(-1)}}, "goes backwards"},
	{Case{Op: "Slice", In: []Input{Var(2), Ints(0, 0), Ints(1, 1)}}, "axis 1 is outside"},
	{Case{Op: "Slice", In: []Input{Var(2), Var(1), Ints(1)}}, "the list of starts depends on the model's input"},
	{Case{Op: "Slice", In: []Input{Var(2), Ints(0)}}, "input 2 (the list of ends) is absent"},
	{Case{Op: "Gather", In: []Input{Var(2), Ints(2)}}, "index 2 is outside an axis of size 2"},
	{Case{Op: "GatherElements", In: []Input{Var(2, 2), Ints(0)}}, "the ranks must agree"},
	{Case{Op: "GatherElements", In: []Input{Var(2, 2), Var(1, 3).As(graph.Int64)}},
		"reach outside data of shape [2 2]"},
	{Case{Op: "GatherElements", In: []Input{Var(2), Ints(-3)}}, "index -3 is outside an axis of size 2"},
	{Case{Op: "GatherElements", In: []Input{Var(2), Var(1)}}, "the indices are of type float"},
	{Case{Op: "GatherElements", In: []Input{Var(0), Var(1).As(graph.Int64)}}, "the axis is empty"},
	{Case{Op: "GatherElements", In: []Input{Var(1 << 14).As(graph.Int64), Var(1 << 14).As(graph.Int64)}},
		"multiplications"},
	{Case{Op: "Cast", Attrs: Attrs(map[string]any{"to": 8}), In: []Input{Var(2)}},
		"element type number 8 is not supported"},
	{Case{Op: "Sigmoid", In: []Input{Var(2).As(graph.Int64)}}, "only real types are supported"},
	{Case{Op: "Max", In: []Input{Var(2), Ints(1)}}, "operand 0 is of type float and operand 1 of type int64"},
	{Case{Op: "Less", In: []Input{Var(2), Ints(1)}}, "operand 0 is of type float and operand 1 of type int64"},
	{Case{Op: "Where", In: []Input{Ints(1).As(graph.Bool), Var(2), Ints(1)}},
		"operand 1 is of type float and operand 2 of type int64"},
	{Case{Op: "Constant", Attrs: Attrs(map[string]any{"value_string": "a"})}, "not a dense tensor of numbers"},
	{Case{Op: "ConstantOfShape", In: []Input{Ints(-1)}}, "negative size"},
	{Case{Op: "Range", In: []Input{Scalar(0), Scalar(1), Scalar(0)}}, "not a finite number of steps"},
	{Case{Op: "Range", In: []Input{Scalar(0), Scalar(math.NaN()), Scalar(1)}}, "not a finite number of steps"},
	{Case{Op: "Where", In: []Input{Var(2), Scalar(1), Scalar(2)}}, "the condition is of type float"},
	{Case{Op: "And", In: []Input{Var(2), Scalar(0)}}, "input 0 is of type float, and not of truth values"},
	{Case{Op: "Ceil", In: []Input{Var(2).As(graph.Int64)}}, "only real types are supported"},
	{Case{Op: "Pow", In: []Input{Var(2), Var(2)}}, "base and exponent depend on the model's input"},
	{Case{Op: "Pow", In: []Input{Reals([]int{2}, 1, 2), Var(2)}}, "different elements"},
	{Case{Op: "Pow", In: []Input{Var(2), Scalar(math.Inf(1))}}, "infinite or NaN"},
	{Case{Op: "Pow", In: []Input{Scalar(-1), Var(2)}}, "the base is -1"},
	{Case{Op: "Pow", In: []Input{Var(2).As(graph.Int64), Scalar(0.5)}}, "the power of an integer may be none"},
	{Case{Op: "ReduceProd", In: []Input{Var(17)}}, "17 elements are multiplied together"},
	{Case{Op: "ReduceLogSumExp", In: []Input{Var(2, 0), Ints(1)}}, "has no elements"},
	{Case{Op: "ReduceLogSumExp", In: []Input{Var(2).As(graph.Int64)}}, "only real types"},
}

// classicalRefusals are those of classical models.
var classicalRefusals = []refusal{
	{linear("LinearClassifier", nil), "attribute coefficients is absent"},
	{linear("LinearClassifier", map[string]any{"coefficients": []float64{1, 2}}), "must list the labels"},
	{linear("LinearClassifier", map[string]any{
		"coefficients": []float64{1, 2}, "intercepts": []float64{0}, "classlabels_ints": []int{1, 2, 3},
	}), "1 intercepts for 3 labels of classes"},
	{linear("LinearClassifier", map[string]any{
		"coefficients": []float64{1, 2, 3}, "intercepts": []float64{0}, "classlabels_ints": []int{1, 2},
	}), "3 coefficients for 1 scores of 2 features"},
	{linear("LinearClassifier", map[string]any{
		"coefficients": []float64{1, 2}, "intercepts": []float64{0}, "classlabels_ints": []int64{1, 1<<52 + 1},
	}), "beyond 2^52"},
	{linear("LinearClassifier", map[string]any{
		"coefficients": []float64{1, 2}, "intercepts": []float64{0}, "classlabels_ints": []int{1, 2},
		"post_transform": "PROBIT",
	}), "does not say what the other class gets"},
	{linear("LinearRegressor", map[string]any{"coefficients": []float64{1, 2}, "post_transform": "EXP"}),
		`post_transform is "EXP"`},
	{linear("LinearRegressor", map[string]any{"coefficients": []float64{1, 2}, "targets": 3}),
		"targets is 3, with 2 coefficients"},
	{Case{Op: "LinearRegressor", Domain: "ai.onnx.ml", Attrs: Attrs(map[string]any{"coefficients": []float64{1}}),
		In: []Input{Var(1, 1, 1)}}, "must be rows of features"},
	{linear("Normalizer", map[string]any{"norm": "L3"}), `norm is "L3"`},
	{Case{Op: "LpNormalization", Attrs: Attrs(map[string]any{"p": 3}), In: []Input{Var(2)}}, "supported are 1 and 2"},
	{Case{Op: "LpNormalization", Attrs: Attrs(map[string]any{"axis": 1}), In: []Input{Var(2)}}, "axis 1 is outside"},
	{Case{Op: "LpNormalization", In: []Input{Var(2).As(graph.Int64)}}, "only real types"},
	{Case{Op: "Normalizer", Domain: "ai.onnx.ml", In: []Input{Var(2, 0)}}, "which is empty"},
	{linear("Scaler", map[string]any{"scale": []float64{1}}), "0 and 1 elements"},
	{linear("Scaler", map[string]any{"scale": []float64{1, 2, 3}, "offset": []float64{1, 2, 3}}),
		"3 elements for 2 features"},
	{linear("Imputer", nil), "imputed_value_floats and imputed_value_int64s must be given"},
	{linear("Imputer", map[string]any{"imputed_value_int64s": []int{1}}), "of type float, for which"},
	{linear("Binarizer", map[string]any{"threshold": math.NaN()}), "threshold is not finite"},
	{linear("OneHotEncoder", nil), "cats_int64s and cats_strings are absent"},
	{linear("OneHotEncoder", map[string]any{"cats_int64s": []int{2, 1, 2}}), "category 2 is listed twice"},
	{linear("OneHotEncoder", map[string]any{"cats_int64s": []int64{1 << 53}}), "beyond 2^52"},
	{linear("LabelEncoder", nil), "keys_int64s, keys_floats, keys_strings or keys_tensor"},
	{linear("LabelEncoder", map[string]any{"keys_floats": []float64{1}, "values_int64s": []int{1, 2}}),
		"1 keys and 2 values"},
	{linear("LabelEncoder", map[string]any{"keys_int64s": []int{1}, "values_int64s": []int{1}}),
		"the keys are of type int64"},
	{linear("LabelEncoder", map[string]any{"keys_floats": []float64{1, 1}, "values_int64s": []int{1, 2}}),
		"key 1 is listed twice"},
	{linear("LabelEncoder", map[string]any{"keys_strings": []string{"a"}}), "or values_tensor lists anything"},
	{linear("LabelEncoder", map[string]any{"keys_strings": []string{"a"}, "values_int64s": []int{1}}),
		"the input is of type float, and the node knows texts"},
	{linear("LabelEncoder", map[string]any{"keys_strings": []string{"a", "a"}, "values_int64s": []int{1, 2}}),
		`the text "a" is listed twice`},
	{linear("LabelEncoder", map[string]any{"classes_strings": []string{"a", "a"}}), `the text "a" is listed twice`},
	{linear("OneHotEncoder", map[string]any{"cats_strings": []string{"a", "a"}}), `the text "a" is listed twice`},
	{linear("OneHotEncoder", map[string]any{"cats_strings": make([]string, 1<<16+1)}), "65537 texts"},
	{linear("CategoryMapper", map[string]any{"cats_strings": []string{"a"}}), "have 1 and 0 entries"},
	{linear("CategoryMapper", map[string]any{"cats_strings": []string{"a"}, "cats_int64s": []int64{1 << 53}}),
		"beyond 2^52"},
	{Case{Op: "Relu", In: []Input{Var(1).As(graph.Text)}}, "input 0 is text, of which this operator computes nothing"},
	{Case{Op: "Pad", Opset: 13, In: []Input{Var(1).As(graph.Text), Ints(1, 1)}}, "it fills texts with a number"},
	{Case{Op: "FeatureVectorizer", Domain: "ai.onnx.ml", In: []Input{Var(1, 1).As(graph.Text)},
		Attrs: Attrs(map[string]any{"inputdimensions": []int{1}})}, "it makes numbers of texts"},
	{linear("DictVectorizer", nil), "one of the attributes string_vocabulary and int64_vocabulary must list the keys"},
	{linear("DictVectorizer", map[string]any{"string_vocabulary": []string{"a"}, "int64_vocabulary": []int{1}}),
		"one of the attributes"},
	{linear("DictVectorizer", map[string]any{"int64_vocabulary": []int{3, 4, 3}}), "the vocabulary lists a key twice"},
	{linear("DictVectorizer", map[string]any{"string_vocabulary": make([]string, 9)}), "lists a key twice"},
	{linear("DictVectorizer", map[string]any{"int64_vocabulary": []int{3, 4, 5, 6, 7, 8, 9}}), "its keys make [1 7]"},
	{Case{Op: "CastMap", Domain: "ai.onnx.ml", In: []Input{Var(1, 2).As(graph.Int64)}},
		"the values of the map are of type int64; supported is float"},
	{Case{Op: "DictVectorizer", Domain: "ai.onnx.ml", In: []Input{Var(1, 2).As(graph.Bool)},
		Attrs: Attrs(map[string]any{"int64_vocabulary": []int{3, 4}})}, "are of type bool; supported are numbers"},
	{linear("CastMap", map[string]any{"map_form": "LIST"}), `attribute map_form is "LIST"`},
	{linear("CastMap", map[string]any{"map_form": "SPARSE", "max_map": 0}), "attribute max_map is 0"},
	{linear("CastMap", map[string]any{"map_form": "SPARSE", "max_map": int64(1 << 40)}), "a circuit cannot hold it"},
	{linear("CastMap", map[string]any{"cast_to": "TO_STRING"}), `attribute cast_to is "TO_STRING"`},
	{linear("FeatureVectorizer", map[string]any{"inputdimensions": []int{1, 2}}), "2 entries for 1 inputs"},
	{linear("FeatureVectorizer", map[string]any{"inputdimensions": []int64{1 << 60}}), "too many columns"},
	{Case{Op: "ArrayFeatureExtractor", Domain: "ai.onnx.ml", In: []Input{Var(2), Ints(-1)}}, "index -1 is outside"},
	{linear("SVMClassifier", nil), "must list the labels"},
	{linear("SVMClassifier", map[string]any{"classlabels_ints": []int{1, 2}}), "vectors_per_class is absent"},
	{linear("SVMClassifier", machine(map[string]any{"vectors_per_class": []int{1}})), "1 elements for 2 labels"},
	{linear("SVMClassifier", machine(map[string]any{"vectors_per_class": []int{-1, 2}})), "counts -1 vectors"},
	{linear("SVMClassifier", machine(map[string]any{"vectors_per_class": []int{0, 0}})), "counts no vector"},
	{linear("SVMClassifier", machine(map[string]any{"vectors_per_class": []int{1 << 30, 1 << 30}})),
		"no 2147483648 vectors"},
	{linear("SVMClassifier", machine(map[string]any{"coefficients": []float64{1}})), "1 coefficients for 2 classes"},
	{linear("SVMClassifier", machine(map[string]any{"rho": []float64{1, 2}})), "have 2, 0 and 0 elements for 1 pairs"},
	{linear("SVMClassifier", machine(map[string]any{"kernel_type": "RBF"})), "kernel_params has 0 elements"},
	{linear("SVMClassifier", machine(map[string]any{"kernel_type": "COSINE"})), `kernel_type is "COSINE"`},
	{linear("SVMClassifier", machine(map[string]any{"support_vectors": []float64{1, 2}})), "support vectors of 1"},
	{linear("SVMClassifier", machine(map[string]any{"post_transform": "PROBIT"})), "does not say what the other class"},
	{linear("SVMRegressor", machine(nil)), "n_supports is 0"},
	{linear("SVMRegressor", machine(map[string]any{"n_supports": 2, "rho": []float64{math.NaN()}})),
		"rho is empty, or not"},
	{linear("SVMRegressor", machine(map[string]any{"n_supports": 4})), "2 coefficients and 1 elements of rho"},
	{linear("ZipMap", nil), "classlabels_int64s and classlabels_strings must list the labels"},
	{linear("ZipMap", map[string]any{"classlabels_int64s": []int{1}}), "1 labels for 2 scores"},
}

// machine has two support vectors of two features.
func machine(more map[string]any) map[string]any {
	attrs := map[string]any{
		"coefficients": []float64{1, -0.5}, "rho": []float64{0.25}, "support_vectors": []float64{1, 0, 0, 2},
		"vectors_per_class": []int{1, 1}, "classlabels_ints": []int{5, 7},
	}
	for name, v := range more {
		attrs[name] = v
	}
	return attrs
}

// linear is a node of domain ai.onnx.ml that reads two features.
func linear(name string, attrs map[string]any) Case {
	return Case{Op: name, Domain: "ai.onnx.ml", Attrs: Attrs(attrs), In: []Input{Var(1, 2)}}
}

func TestRefusals(t *testing.T) {
	all := slices.Concat(refusals, layerRefusals)
	for _, c := range slices.Concat(all, classicalRefusals, moveRefusals, resizeRefusals, recurrentRefusals,
		bodyRefusals,
		arithmeticRefusals) {
		t.Run(c.Op+"/"+c.says, func(t *testing.T) {
			_, err := c.Program()
			if err == nil || !strings.Contains(err.Error(), c.says) {
				t.Errorf("%v, want %q", err, c.says)
			}
			if err != nil && !strings.HasPrefix(err.Error(), "subject ("+c.Op+"): ") {
				t.Errorf("%v does not name the node first", err)
			}
		})
	}
}
