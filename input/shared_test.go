package input

import (
	"slices"
	"testing"
)

// TestSharedMNIST reads real IDX files and looks at sums that do not depend on
// this package.
func TestSharedMNIST(t *testing.T) {
	images := shared(t, "mnist/t10k-images-idx3-ubyte.gz")
	labels := shared(t, "mnist/t10k-labels-idx1-ubyte.gz")
	spec := Spec{Name: "x", Shape: []int{1, 1, 28, 28}}
	set, err := ReadSet(images, nil, spec, 3)
	if err != nil {
		t.Fatal(err)
	}
	got, err := ReadLabels(labels, nil, 3)
	if err != nil || !slices.Equal(got, []int{7, 2, 1}) {
		t.Errorf("labels %v, %v", got, err)
	}
	all, err := ReadLabels(labels, nil, 0)
	if err != nil || len(all) != 10000 {
		t.Errorf("%d labels, %v", len(all), err)
	}
	for i, want := range set {
		for _, shape := range [][]int{{1, 784}, {1, 1, 28, 28}, {28, 28}} {
			ref := images + ":" + string(rune('0'+i))
			one, err := Read(ref, nil, Spec{Name: "x", Shape: shape})
			if err != nil {
				t.Fatal(err)
			}
			if !slices.Equal(one.Data, want.Data) {
				t.Errorf("%s differs from the set's", ref)
			}
		}
	}
	small, err := Read(images+":0", nil, Spec{Shape: []int{1, 196}, Resize: true})
	if err != nil || len(small.Data) != 196 {
		t.Errorf("resized: %v, %v", small, err)
	}
}

func TestSharedIris(t *testing.T) {
	path := shared(t, "tabular/iris.csv")
	spec := Spec{Name: "x", Shape: []int{1, 4}}
	set, err := ReadSet(path+"#0-3", nil, spec, 0)
	if err != nil {
		t.Fatal(err)
	}
	if len(set) != 150 || !slices.Equal(set[0].Data, []float64{5.1, 3.5, 1.4, 0.2}) {
		t.Errorf("%d samples, first %v", len(set), set[0].Data)
	}
	labels, err := ReadLabels(path+"#4", nil, 0)
	if err != nil || len(labels) != 150 || labels[0] != 0 || labels[149] != 2 {
		t.Errorf("labels %v, %v", labels, err)
	}
	row, err := Read(path+"#0-3:12", nil, spec)
	if err != nil || !slices.Equal(row.Data, set[12].Data) {
		t.Errorf("row 12: %v, %v", row, err)
	}
}

// TestSharedTables reads files with headers of several kinds.
func TestSharedTables(t *testing.T) {
	tests := []struct {
		file string
		rows int
		size int
	}{
		{"tabular/boston_house_prices.csv", 506, 14},
		{"tabular/breast_cancer.csv", 569, 31},
		{"tabular/wine_data.csv", 178, 14},
		{"tabular/modeldata_credit_data.csv#Seniority,Time,Age,Amount,Price", 4454, 5},
		{"models/fraud/credit_card_transactions.csv#amount_cents,is_fraud", 10000, 2},
	}
	for _, test := range tests {
		t.Run(test.file, func(t *testing.T) {
			file, columns := splitName(test.file)
			set, err := ReadSet(shared(t, file)+columns, nil, Spec{Shape: []int{1, test.size}}, 0)
			if err != nil || len(set) != test.rows {
				t.Errorf("%d rows, %v", len(set), err)
			}
		})
	}
}

// TestSharedParts picks arrays and members of files that hold several.
func TestSharedParts(t *testing.T) {
	npz := shared(t, "models/tract/lgbm_classifier_tensor/io.npz")
	for part, size := range map[string]int{"": 13, "#input": 13, "#probabilities": 3} {
		if _, err := Read(npz+part, nil, Spec{Name: "input", Shape: []int{1, size}}); err != nil {
			t.Error(err)
		}
	}
	loans := shared(t, "models/loan-credit/credit_data.json")
	set, err := ReadSet(loans+"#features", nil, Spec{Name: "x", Shape: []int{1, 4}}, 0)
	if err != nil || len(set) != 1000 {
		t.Errorf("%d samples, %v", len(set), err)
	}
}

func TestSharedTensorProto(t *testing.T) {
	path := shared(t, "models/mnist-8/test_data_set_0/input_0.pb")
	spec := withProto(Spec{Name: "x", Shape: []int{1, 1, 28, 28}})
	if _, err := Read(path, nil, spec); err == nil {
		t.Error("the stand-in decoder gives every byte, so its shape cannot fit")
	}
	spec.Shape = []int{len(mustLoad(t, path)) - 1}
	if _, err := Read(path, nil, spec); err != nil {
		t.Error(err)
	}
}

func mustLoad(t *testing.T, path string) []byte {
	t.Helper()
	data, err := reference{path: path}.load(nil)
	if err != nil {
		t.Fatal(err)
	}
	return data
}
