package zkml_test

import (
	"math"
	"strings"
	"testing"

	"github.com/zkml-go/zkml"
	"github.com/zkml-go/zkml/visibility"
)

// TestGasProblem finds the public inputs from which on no transaction can verify a proof.
func TestGasProblem(t *testing.T) {
	layout := func(scores int) visibility.Layout {
		l, err := visibility.Plan{
			Reveal:  visibility.Scores,
			Inputs:  []visibility.Tensor{{Name: "x", Shape: []int{8}, Bits: 8, Scale: 1}},
			Outputs: []visibility.Tensor{{Name: "y", Shape: []int{scores}, Bits: 8, Scale: 1}},
		}.Layout()
		if err != nil {
			t.Fatal(err)
		}
		return l
	}
	most := 1
	for zkml.VerifyGas(layout(most+1000)) <= zkml.MostGas {
		most += 1000
	}
	for zkml.VerifyGas(layout(most+1)) <= zkml.MostGas {
		most++
	}
	if err := zkml.GasProblem(layout(most)); err != nil {
		t.Error(err)
	}
	err := zkml.GasProblem(layout(most + 1))
	if err == nil || !strings.Contains(err.Error(), "a transaction on Ethereum may use 16777216") {
		t.Errorf("%d scores: %v", most+1, err)
	}
	if gas := zkml.VerifyGas(layout(80_000)); gas < 73e6 || gas > math.MaxInt32 {
		t.Errorf("%d gas for 80,000 scores", gas)
	}
}
