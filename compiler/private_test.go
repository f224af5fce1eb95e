package compiler_test

import (
	"bytes"
	"context"
	"math/big"
	"math/rand"
	"strings"
	"testing"

	"github.com/consensys/gnark-crypto/ecc/bn254"

	"github.com/zkml-go/zkml/compiler"
	"github.com/zkml-go/zkml/compiler/graph"
	"github.com/zkml-go/zkml/program"
	"github.com/zkml-go/zkml/prover"
	"github.com/zkml-go/zkml/visibility"
)

// convNet is a small network with every kind of weights: a convolution, a batch
// norm, a residual sum, a scale by a constant, two dense layers.
func convNet(weight func(layer string, i int) float64) *graph.Graph {
	n := newNetwork(sizes(1, 1, 6, 6)...)
	tensorOf := func(name string, shape ...int) string {
		size := 1
		for _, d := range shape {
			size *= d
		}
		values := make([]float64, size)
		for i := range values {
			values[i] = weight(name, i)
		}
		return n.constant(name, graph.Float32, shape, values...)
	}
	n.node("Conv", "c", nil, "x", tensorOf("conv", 3, 1, 3, 3), tensorOf("convbias", 3))
	n.constant("mean", graph.Float32, []int{3}, 0, 0, 0)
	n.constant("var", graph.Float32, []int{3}, 1, 1, 1)
	n.node("BatchNormalization", "b", nil, "c", tensorOf("bnscale", 3), tensorOf("bnbias", 3), "mean", "var")
	n.node("Relu", "r", nil, "b")
	n.node("MaxPool", "p", map[string]graph.Attr{"kernel_shape": {Ints: []int64{2, 2}},
		"strides": {Ints: []int64{2, 2}}}, "r")
	n.node("Flatten", "f", nil, "p")
	n.node("Gemm", "g", nil, "f", tensorOf("dense", 12, 12), tensorOf("densebias", 12))
	n.node("Relu", "s", nil, "g")
	n.node("Add", "a", nil, "s", "f")
	n.node("Sigmoid", "t", nil, "a")
	n.node("Mul", "m", nil, "t", tensorOf("scale", 1, 12))
	n.node("Gemm", "y", nil, "m", tensorOf("last", 12, 4), tensorOf("lastbias", 4))
	return n.outputs("y")
}

func uniform(seed int64) func(string, int) float64 {
	r := rand.New(rand.NewSource(seed))
	return func(string, int) float64 { return r.Float64()*2 - 1 }
}

// TestPrivateArchitectureHidesWeights compiles models of one architecture in one
// set of formats: their keys differ in qL, qR and qK, and in nothing else.
func TestPrivateArchitectureHidesWeights(t *testing.T) {
	largest := func(string, int) float64 { return 1 }
	options := compiler.Options{Private: visibility.Private{Model: true}, Reveal: visibility.Class,
		Target: compiler.Target{Bits: 6}}
	template, err := compiler.Compile(convNet(largest), options)
	if err != nil {
		t.Fatal(err)
	}
	options.Formats = template.Formats
	models := map[string]func(string, int) float64{
		"random":     uniform(1),
		"other":      uniform(2),
		"zero":       func(string, int) float64 { return 0 },
		"equal":      func(string, int) float64 { return 0.5 },
		"half zero":  func(_ string, i int) float64 { return float64(i % 2) },
		"alternates": func(_ string, i int) float64 { return float64(i%2)*2 - 1 },
	}
	want := key(t, template)
	for name, weight := range models {
		t.Run(name, func(t *testing.T) {
			r, err := compiler.Compile(convNet(weight), options)
			if err != nil {
				t.Fatal(err)
			}
			got := key(t, r)
			for part, g := range got.same {
				if w := want.same[part]; !g.Equal(&w) {
					t.Errorf("%s tells the models apart", part)
				}
			}
			for part, g := range got.differ {
				if w := want.differ[part]; g.Equal(&w) {
					t.Errorf("%s is not salted", part)
				}
			}
		})
	}
}

// TestFormatsThatLeaveBoundsToWeights gives private models the formats of others:
// what these lack is not made up for by secret weights.
func TestFormatsThatLeaveBoundsToWeights(t *testing.T) {
	formats := map[string]compiler.Options{
		"public": {},
		"key":    {Private: visibility.Private{Model: true}},
		"hash":   {Private: visibility.Private{Model: true}, Bind: visibility.BindHash},
	}
	for from, made := range formats {
		made.Reveal, made.Target = visibility.Class, compiler.Target{Bits: 4}
		template, err := compiler.Compile(convNet(uniform(1)), made)
		if err != nil {
			t.Fatal(err)
		}
		for to, missing := range map[string]string{"key": "lack its limit",
			"hash": "lack its weight_bits and bias_bits"} {
			t.Run(from+" for "+to, func(t *testing.T) {
				o := formats[to]
				o.Reveal, o.Formats = visibility.Class, template.Formats
				_, err := compiler.Compile(convNet(uniform(1)), o)
				switch {
				case from == to && err != nil:
					t.Error(err)
				case from != to && (err == nil || !strings.Contains(err.Error(), missing) ||
					!strings.HasPrefix(err.Error(), "c (Conv)")):
					t.Errorf("%v, want c (Conv): the formats %s", err, missing)
				}
			})
		}
	}
}

type keyParts struct{ same, differ map[string]bn254.G1Affine }

func key(t *testing.T, r *compiler.Result) keyParts {
	t.Helper()
	var err error
	if r.Statement.Salt, err = prover.NewSalt(); err != nil {
		t.Fatal(err)
	}
	s, err := prover.NewSetup(context.Background(), r.Statement, prover.Options{UnsafeSRS: true})
	if err != nil {
		t.Fatal(err)
	}
	vk := s.VK
	return keyParts{
		same: map[string]bn254.G1Affine{
			"S1": vk.S[0], "S2": vk.S[1], "S3": vk.S[2], "qM": vk.Qm, "qO": vk.Qo, "qCp": vk.Qcp[0],
		},
		differ: map[string]bn254.G1Affine{"qL": vk.Ql, "qR": vk.Qr, "qK": vk.Qk},
	}
}

// TestHashedArchitectureHasOneKey compiles models of one architecture that are
// bound by their hashes, in one set of formats: their whole keys are equal.
func TestHashedArchitectureHasOneKey(t *testing.T) {
	options := compiler.Options{
		Private: visibility.Private{Model: true}, Bind: visibility.BindHash,
		Reveal: visibility.Class, Target: compiler.Target{Bits: 4},
	}
	template, err := compiler.Compile(convNet(func(string, int) float64 { return 1 }), options)
	if err != nil {
		t.Fatal(err)
	}
	if !template.Formats.Steps[0].Shared {
		t.Error("a convolution's weights are witnesses at every position")
	}
	options.Formats = template.Formats
	want, _ := hashedKey(t, template)
	seen := map[string]bool{}
	for name, weight := range map[string]func(string, int) float64{
		"random": uniform(1), "other": uniform(2), "zero": func(string, int) float64 { return 0 },
	} {
		t.Run(name, func(t *testing.T) {
			r, err := compiler.Compile(convNet(weight), options)
			if err != nil {
				t.Fatal(err)
			}
			got, commitment := hashedKey(t, r)
			if got != want {
				t.Error("the key tells the models apart")
			}
			if seen[commitment] {
				t.Error("the commitment does not")
			}
			seen[commitment] = true
		})
	}
}

// hashedKey gives the key's bytes and the model's commitment.
func hashedKey(t *testing.T, r *compiler.Result) (key, commitment string) {
	t.Helper()
	r.Statement.Salt = []*big.Int{big.NewInt(7)}
	s, err := prover.NewSetup(context.Background(), r.Statement, prover.Options{UnsafeSRS: true})
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	if _, err := s.VK.WriteTo(&b); err != nil {
		t.Fatal(err)
	}
	c, err := r.Statement.ModelCommitment()
	if err != nil {
		t.Fatal(err)
	}
	return b.String(), c.String()
}

// paddedNet is a convolution of three channels with a batch norm.
func paddedNet(pads, strides []int64, weight func(string, int) float64) *graph.Graph {
	n := newNetwork(sizes(1, 2, 6, 6)...)
	list := func(name string, size int) string {
		values := make([]float64, size)
		for i := range values {
			values[i] = weight(name, i)
		}
		shape := []int{size}
		if name == "w" {
			shape = []int{3, 2, 3, 3}
		}
		return n.constant(name, graph.Float32, shape, values...)
	}
	n.node("Conv", "c", map[string]graph.Attr{"pads": {Ints: pads}, "strides": {Ints: strides}}, "x", list("w", 54),
		list("b", 3))
	n.constant("mean", graph.Float32, []int{3}, 0.5, 0, 0.1)
	n.constant("var", graph.Float32, []int{3}, 1, 2, 3)
	n.node("BatchNormalization", "n", nil, "c", list("scale", 3), list("shift", 3), "mean", "var")
	n.node("Flatten", "y", nil, "n")
	return n.outputs("y")
}

// TestConvolutionsShareTheirWeights: in a hashed model a kernel is one list of
// witnesses wherever all of it, or the same part of it at a border, is used; however
// it is padded, with a batch norm behind it, and in formats of other weights.
func TestConvolutionsShareTheirWeights(t *testing.T) {
	options := compiler.Options{
		Private: visibility.Private{Model: true}, Bind: visibility.BindHash,
		Reveal: visibility.Class, Target: compiler.Target{Bits: 4},
	}
	for _, c := range []struct {
		name    string
		pads    []int64
		strides []int64
		parts   int // of the kernel that are used, the whole one included
		taps    int // of all parts together
	}{
		{"no padding", []int64{0, 0, 0, 0}, []int64{1, 1}, 1, 9},
		{"padded all around", []int64{1, 1, 1, 1}, []int64{1, 1}, 9, 7 * 7},
		{"padded in front", []int64{2, 2, 0, 0}, []int64{1, 1}, 9, 6 * 6},
		{"padded, strided", []int64{1, 1, 1, 1}, []int64{2, 2}, 4, 5 * 5},
		{"padded at the sides", []int64{0, 1, 0, 1}, []int64{1, 1}, 3, 3 * 7},
	} {
		t.Run(c.name, func(t *testing.T) {
			net := func(weight func(string, int) float64) *graph.Graph { return paddedNet(c.pads, c.strides, weight) }
			for name, template := range map[string]func(string, int) float64{
				"its own formats": uniform(1), "formats of equal weights": func(string, int) float64 { return 1 },
			} {
				o := options
				r, err := compiler.Compile(net(template), o)
				if err != nil {
					t.Fatal(name, err)
				}
				o.Formats = r.Formats
				if r, err = compiler.Compile(net(uniform(1)), o); err != nil {
					t.Fatal(name, err)
				}
				seen := map[int32]bool{}
				l := r.Program.Steps[0].Kernel.(*program.Linear)
				for i, row := range l.Listed() {
					seen[l.Slots[i]] = true
					for _, term := range row.Terms {
						seen[term.Slot] = true
					}
				}
				// of three channels, over two of the input
				if want := 3 * (2*c.taps + c.parts); len(seen) != want || seen[0] {
					t.Errorf("%s: %d slots, want %d", name, len(seen), want)
				}
			}
		})
	}
}
