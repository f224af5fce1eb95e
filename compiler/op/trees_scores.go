package op

import (
	"errors"
	"fmt"
	"math"
	"slices"

	"github.com/zkml-go/zkml/compiler/graph"
	"github.com/zkml-go/zkml/libm"
)

// transform is a function of the scores of a row.
type transform string

const (
	untransformed transform = "NONE"
	softmaxed     transform = "SOFTMAX"
	logistic      transform = "LOGISTIC"
	softmaxZero   transform = "SOFTMAX_ZERO"
	probit        transform = "PROBIT"
)

var transforms = []transform{untransformed, softmaxed, logistic, softmaxZero, probit}

func readTransform(n *graph.Node) (transform, error) {
	f := transform(n.String("post_transform", string(untransformed)))
	if !slices.Contains(transforms, f) {
		return f, fmt.Errorf("attribute post_transform is %q; supported are %q", f, transforms)
	}
	return f, nil
}

// errSoftmaxZero is why a transform is refused.
var errSoftmaxZero = errors.New("attribute post_transform is SOFTMAX_ZERO, which jumps where a score is zero; " +
	"supported are NONE, SOFTMAX, LOGISTIC and PROBIT")

// probitOf is the quantile function of the normal distribution as onnxruntime approximates
// it, by Winitzki's formula. Probabilities up to 0 are at its lower end, from 1 on at the
// upper one.
func probitOf(p float64) float64 {
	const a = 0.147
	switch {
	case p <= 0:
		return math.Inf(-1)
	case p >= 1:
		return math.Inf(1)
	}
	x := float64(2*p) - 1
	l := libm.Log(float64((1 - x) * (1 + x)))
	half := 2/(3.14159*a) + l/2
	return math.Copysign(float64(math.Sqrt2*math.Sqrt(math.Sqrt(float64(half*half)-l/a)-half)), x)
}
