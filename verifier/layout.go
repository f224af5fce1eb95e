package verifier

import (
	"fmt"
	"math"

	"github.com/zkml-go/zkml/visibility"
)

// Bounds on what a layout from a file may ask for: elements and their sums
// with a zero-point stay within 64 bits, and no shape makes a reader allocate
// without end.
const (
	maxBits     = 62
	maxElements = 1 << 24
)

// CheckLayout refuses a layout that the calls of visibility.Layout could not
// work with; those calls trust their receiver.
func CheckLayout(l visibility.Layout) error {
	if _, err := visibility.ParseReveal(string(l.Reveal)); err != nil {
		return fmt.Errorf("layout: reveal %q is unknown", l.Reveal)
	}
	if l.Bind != visibility.BindKey && !l.Hashed() {
		return fmt.Errorf("layout: the model is bound by %q, which is for private models and one of %s and %s", string(l.Bind), visibility.BindKey, visibility.BindHash)
	}
	if _, err := visibility.ParseScheme(string(l.SignedBy)); err != nil {
		return fmt.Errorf("layout: signed by %q, which is unknown", l.SignedBy)
	}
	for _, t := range []visibility.Tensor{l.Input, l.Output} {
		if err := checkTensor(t); err != nil {
			return fmt.Errorf("layout: %q: %w", t.Name, err)
		}
	}
	if err := checkBatch(l); err != nil {
		return fmt.Errorf("layout: %w", err)
	}
	if l.Reveal == visibility.Class && !l.Classes {
		return fmt.Errorf("layout: reveal %q without classes in the output", l.Reveal)
	}
	if l.Classes && (l.Output.Scale != 1 || l.Output.Zero != 0) {
		return fmt.Errorf("layout: classes have scale 1 and zero 0, not %g and %d", l.Output.Scale, l.Output.Zero)
	}
	return nil
}

// checkBatch requires that a batch is the first axis of both tensors.
func checkBatch(l visibility.Layout) error {
	for _, t := range []visibility.Tensor{l.Input, l.Output} {
		if l.Batch < 0 || l.Batch > 0 && (len(t.Shape) == 0 || t.Shape[0] != l.Batch) {
			return fmt.Errorf("a batch of %d whose %q has shape %v", l.Batch, t.Name, t.Shape)
		}
	}
	return nil
}

func checkTensor(t visibility.Tensor) error {
	if t.Bits < 1 || t.Bits > maxBits {
		return fmt.Errorf("%d bits; the format has 1 to %d", t.Bits, maxBits)
	}
	if t.Zero > 1<<maxBits || t.Zero < -1<<maxBits {
		return fmt.Errorf("zero %d is out of range", t.Zero)
	}
	if !(t.Scale > 0) || math.IsInf(t.Scale*math.MaxInt64, 0) {
		return fmt.Errorf("scale %g is not a positive, finite number", t.Scale)
	}
	count := 1
	for _, d := range t.Shape {
		if d < 1 || d > maxElements/count {
			return fmt.Errorf("shape %v; sizes are positive and hold at most %d elements together", t.Shape, maxElements)
		}
		count *= d
	}
	return nil
}

// checkClaim requires that revealed outputs lie in their declared format, so
// that a field element stands for one integer only.
func checkClaim(l visibility.Layout, c visibility.Claim) error {
	low := -l.Output.Zero
	high := low + (1<<l.Output.Bits - 1)
	for i, v := range c.Output {
		if v < low || v > high {
			return fmt.Errorf("output %d does not fit its %d-bit format", i, l.Output.Bits)
		}
	}
	return nil
}
