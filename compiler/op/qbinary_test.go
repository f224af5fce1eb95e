package op

import (
	"math/rand/v2"
	"testing"

	"github.com/zkml-go/zkml/compiler/graph"
)

// TestSumsOfCodes holds sums of random scales against onnxruntime's definition, for all pairs.
func TestSumsOfCodes(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 0))
	one := func(v float64) *quantParams {
		return &quantParams{scale: []float64{v}, zero: []float64{float64(r.IntN(256))}}
	}
	for range 16 {
		q := &qBinary{a: *one(0.2 + r.Float64()), b: *one(0.2 + r.Float64()), c: *one(1 + r.Float64()/2),
			from: integerTypes[graph.Uint8], to: integerTypes[graph.Uint8]}
		checkSum(t, q)
	}
	// Single precision moves three halves between which no plane passes.
	tabled := &qBinary{
		a:    quantParams{scale: []float64{0.026935454457998276}, zero: []float64{109}},
		b:    quantParams{scale: []float64{0.014705988578498363}, zero: []float64{0}},
		c:    quantParams{scale: []float64{0.027409842237830162}, zero: []float64{0}},
		from: integerTypes[graph.Uint8], to: integerTypes[graph.Uint8],
	}
	if s := checkSum(t, tabled); s.table == nil {
		t.Error("a sum of two weights is right, though there is none")
	}
	// Halves of single precision and of real numbers.
	q := &qBinary{a: *one(0.5), b: *one(0.25), c: *one(1), from: integerTypes[graph.Uint8],
		to: integerTypes[graph.Uint8]}
	checkSum(t, q)
}

func checkSum(t *testing.T, q *qBinary) *codeSum {
	t.Helper()
	s, err := q.asSum()
	if err != nil {
		t.Fatal(err)
	}
	if s.near {
		t.Errorf("no sum was found for the scales %g, %g, %g", q.a.scale, q.b.scale, q.c.scale)
		return s
	}
	for a := range 256 {
		for b := range 256 {
			x, y := float64(a), float64(b)
			got := max(0, min(255, s.code(s.of(x, y))))
			if want := q.of(x, y); got != want {
				t.Fatalf("scales %g, %g, %g: the sum of %d and %d is %g, not %g", q.a.scale, q.b.scale, q.c.scale, a, b,
					got, want)
			}
		}
	}
	return s
}
