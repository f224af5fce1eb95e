package op

import (
	"math"

	"github.com/zkml-go/zkml/compiler/ir"
)

func sumOf(x []float64) float64 {
	sum := 0.0
	for _, v := range x {
		sum += v
	}
	return sum
}

// sumSize is the sum of absolute values.
func sumSize(x []float64) float64 {
	sum := 0.0
	for _, v := range x {
		sum += math.Abs(v)
	}
	return sum
}

func lowerL1(l *Lowering, _ *reduce, groups [][]int32) (ir.ID, error) {
	x := l.ID[0]
	if !neverNegative(l.origin(x)) {
		x = absolute(l.named(l.Name, l.Shapes[x]...))[0]
	}
	return l.sums(x, groups)
}

func lowerL2(l *Lowering, r *reduce, groups [][]int32) (ir.ID, error) {
	sum, err := lowerSumSquare(l.named(l.Name, r.out...), r, groups)
	return l.Step(rootStep(), sum), err
}

func lowerLogSum(l *Lowering, r *reduce, groups [][]int32) (ir.ID, error) {
	sum, err := l.named(l.Name, r.out...).sums(l.ID[0], groups)
	return l.Step(logStep(), sum), err
}

func lowerMin(l *Lowering, r *reduce, groups [][]int32) (ir.ID, error) {
	x := l.ID[0]
	minus := l.named(l.Name, l.Shapes[x]...).Step(scaled(l.Size(x), -1), x)
	most := l.named(l.Name, r.out...).Step(&ir.Max{Windows: groups}, minus)
	return l.Step(scaled(len(groups), -1), most), nil
}
