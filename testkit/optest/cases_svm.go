package optest

import "github.com/zkml-go/zkml/compiler/graph"

// machine are two support vectors, 1, 0 and 0, 2, of classes 5 and 7. By the rows 1, 2 and
// −1, 0.5 and 0, 0.5 the linear kernel is 1, 4; −1, 1; 0, 1.
func machine(kernel string, more map[string]any) map[string]graph.Attr {
	attrs := map[string]any{
		"coefficients": []float64{1, -0.5}, "rho": []float64{0.25}, "support_vectors": []float64{1, 0, 0, 2},
		"vectors_per_class": []int{1, 1}, "classlabels_ints": []int{5, 7}, "n_supports": 2, "kernel_type": kernel,
		"kernel_params": []float64{0.5, 0.25, 2},
	}
	for name, v := range more {
		attrs[name] = v
	}
	return Attrs(attrs)
}

// machineRows are the rows of which machine tells.
var machineRows = Var(3, 2).With(1, 2, -1, 0.5, 0, 0.5)

// threeMachines has a vector of each of three classes.
var threeMachines = Attrs(map[string]any{
	"coefficients": []float64{1, -0.5, 0.25, -0.75, 0.5, 1}, "rho": []float64{0.25, -0.1, 0.2},
	"support_vectors": []float64{1, 0, 0, 2, -1, 1}, "vectors_per_class": []int{1, 1, 1},
	"classlabels_ints": []int{5, 7, 9},
})

func machineCase(op, name string, attrs map[string]graph.Attr, reads int, shape []int, want ...float64) Case {
	c := Case{Op: op, Name: name, Domain: ml, In: []Input{machineRows}, Attrs: attrs, Reads: reads, Shape: shape,
		Want: want}
	if op == "SVMClassifier" {
		c.Outputs = 2
	}
	return c
}

// svmCases are of support vector machines.
var svmCases = []Case{
	machineCase("SVMClassifier", "", machine("LINEAR", nil), 0, []int{3}, 7, 7, 7),
	machineCase("SVMClassifier", "scores", machine("LINEAR", nil), 1, []int{3, 2},
		0.75, -0.75, 1.25, -1.25, 0.25, -0.25),
	machineCase("SVMClassifier", "logistic", machine("LINEAR", map[string]any{"post_transform": "LOGISTIC"}), 1,
		[]int{3, 2}, 0.679179, 0.320821, 0.777300, 0.222700, 0.562177, 0.437823),
	machineCase("SVMClassifier", "softmax", machine("LINEAR", map[string]any{"post_transform": "SOFTMAX"}), 1,
		[]int{3, 2}, 1.75, -0.75, 2.25, -1.25, 1.25, -0.25),
	machineCase("SVMClassifier", "gaussian", machine("RBF", nil), 0, []int{3}, 5, 5, 5),
	machineCase("SVMClassifier", "gaussian scores", machine("RBF", nil), 1, []int{3, 2},
		-0.0820699, 0.0820699, -0.2709771, 0.2709771, -0.6229352, 0.6229352),
	machineCase("SVMClassifier", "powers", machine("POLY", nil), 1, []int{3, 2},
		1.71875, -1.71875, -0.03125, 0.03125, -0.03125, 0.03125),
	machineCase("SVMClassifier", "tanh", machine("SIGMOID", nil), 1, []int{3, 2},
		-0.3961359, 0.3961359, 0.3124931, -0.3124931, -0.1773442, 0.1773442),
	machineCase("SVMClassifier", "three classes", threeMachines, 0, []int{3}, 7, 7, 7),
	machineCase("SVMClassifier", "pairs", threeMachines, 1, []int{3, 3},
		-0.75, -0.6, 3.2, -1.25, 1.025, 2.2, -0.25, 0.025, 1.2),
	machineCase("SVMClassifier", "probabilities", machine("LINEAR", map[string]any{
		"prob_a": []float64{-1.5}, "prob_b": []float64{0.25},
	}), 1, []int{3, 2}, 0.201813, 0.798187, 0.106691, 0.893309, 0.348645, 0.651355),
	machineCase("SVMRegressor", "", machine("LINEAR", nil), 0, []int{3, 1}, -0.75, -1.25, -0.25),
	machineCase("SVMRegressor", "gaussian", machine("RBF", nil), 0, []int{3, 1}, 0.0820699, 0.2709771, 0.6229352),
	machineCase("SVMRegressor", "one class", machine("POLY", map[string]any{"one_class": 1}), 0, []int{3, 1}, -1, 1, 1),
}
