// Package artifacttest makes small networks and their bundles for tests. Only
// tests import it: its bundles rest on an SRS whose secret is known.
package artifacttest

import (
	"context"
	"encoding/json"
	"math/big"
	"math/rand"
	"path/filepath"
	"testing"

	"github.com/zkml-go/zkml/artifact"
	"github.com/zkml-go/zkml/circuits"
	"github.com/zkml-go/zkml/program"
	"github.com/zkml-go/zkml/prover"
	"github.com/zkml-go/zkml/testkit/circuittest"
	"github.com/zkml-go/zkml/visibility"
)

// Network describes a network of two linear layers with a ReLU between them.
type Network struct {
	In, Hidden, Out                       int
	InputBits, WeightBits, Shift, ActBits int
	Digit                                 int
	Private                               visibility.Private
	Reveal                                visibility.Reveal
	Context                               bool
	Bind                                  visibility.Bind
	SignedBy                              visibility.Scheme
	Batch                                 int
	// Weight gives the weight w in place of a random one, where not nil.
	Weight func(layer, row, column int) int64
	// Salt, where not 0, is the first of successive numbers that salt a private model in
	// place of random ones: its key is the same every time.
	Salt int64
}

// Small is a network of some 250 gates.
func Small(private visibility.Private, reveal visibility.Reveal) Network {
	return Network{
		In: 12, Hidden: 6, Out: 4, InputBits: 3, WeightBits: 3, Shift: 3, ActBits: 4, Digit: 4,
		Private: private, Reveal: reveal,
	}
}

// MNIST is a network of the shape 784-64-10, which takes 2^13 rows with a public
// input.
func MNIST(private visibility.Private, reveal visibility.Reveal) Network {
	return Network{
		In: 784, Hidden: 64, Out: 10, InputBits: 3, WeightBits: 2, Shift: 5, ActBits: 8, Digit: 7,
		Private: private, Reveal: reveal,
	}
}

// outputBits is the format of scores.
const outputBits = 8

// Program makes the network with weights from r.
func (n Network) Program(r *rand.Rand) *program.Program {
	shape := func(d int) program.Value { return program.Value{Shape: []int{d}, Scale: 1} }
	in, out := n.Layout().Inputs()[0].Scale, n.Layout().Outputs()[0].Scale
	p := &program.Program{
		Values: []program.Value{{Shape: []int{n.In}, Scale: in}, shape(n.Hidden), shape(n.Hidden), shape(n.Out)},
		Inputs: []program.Interval{{Hi: 1<<n.InputBits - 1}}, Outputs: []int{4},
		Steps: []program.Step{
			{Node: "fc1 (Gemm)", Kernel: n.layer(r, 0, n.In, n.Hidden, 1<<14), In: []int{0}, Out: 1},
			{Node: "relu (Relu)", Kernel: &program.Saturate{By: []circuits.Saturation{{Shift: n.Shift,
				Bits: n.ActBits}}}, In: []int{1}, Out: 2},
			{Node: "fc2 (Gemm)", Kernel: n.layer(r, 1, n.Hidden, n.Out, 1<<18), In: []int{2}, Out: 3},
		},
	}
	if n.Reveal == visibility.Class {
		group := make([]int32, n.Out)
		for i := range group {
			group[i] = int32(i)
		}
		p.Values = append(p.Values, program.Value{Shape: []int{1}, Scale: out})
		p.Steps = append(p.Steps, program.Step{Node: "argmax", Kernel: &program.ArgMax{Groups: [][]int32{group}},
			In: []int{3}, Out: 4})
		return p
	}
	p.Values = append(p.Values, program.Value{Shape: []int{n.Out}, Scale: out})
	scale := &program.Saturate{By: []circuits.Saturation{{Shift: 2, Base: -1 << (outputBits - 1), Bits: outputBits}}}
	p.Steps = append(p.Steps, program.Step{Node: "scores", Kernel: scale, In: []int{3}, Out: 4})
	return p
}

func (n Network) layer(r *rand.Rand, number, in, out int, limit int64) *program.Linear {
	rows := make([]program.LinearRow, 0, out)
	for i := range out {
		row := program.LinearRow{Bias: r.Int63n(9) - 4}
		for j := range in {
			w := r.Int63n(1<<n.WeightBits) - 1<<(n.WeightBits-1)
			if n.Weight != nil {
				w = n.Weight(number, i, j)
			}
			row.Terms = append(row.Terms, circuits.RowTerm{Index: int32(j), W: w})
		}
		rows = append(rows, row)
	}
	l := program.NewLinear(rows...)
	if n.Private.Model {
		l.Secret, l.Limit = true, limit
	}
	if n.Layout().Hashed() {
		l.Limit, l.Format = 0, &circuits.WeightFormat{Weight: n.WeightBits, Bias: 4}
	}
	return l
}

// Layout is the network's layout of public inputs.
func (n Network) Layout() visibility.Layout {
	plan := visibility.Plan{
		Private: n.Private, Bind: n.Bind, Reveal: n.Reveal, Context: n.Context, SignedBy: n.SignedBy, Batch: n.Batch,
		Inputs: []visibility.Tensor{{Name: "x", Shape: []int{n.In}, Bits: n.InputBits, Scale: 1. / 8}},
		Outputs: []visibility.Tensor{{Name: "y", Shape: []int{n.Out}, Bits: outputBits, Zero: 1 << (outputBits - 1),
			Scale: 0.25}},
	}
	if n.Reveal == visibility.Class {
		plan.Outputs = []visibility.Tensor{{Name: "class", Shape: []int{1}, Bits: 4, Scale: 1, Classes: true}}
	}
	return circuittest.Layout(plan)
}

// Statement is the network's statement, salted where the model is private.
func (n Network) Statement(t testing.TB, r *rand.Rand) *circuits.Statement {
	t.Helper()
	s := &circuits.Statement{Layout: n.Layout(), Model: n.Program(r), Digit: n.Digit}
	var err error
	if s.Salt, err = prover.SaltFor(s); err != nil {
		t.Fatal(err)
	}
	for i := range s.Salt {
		if n.Salt != 0 {
			s.Salt[i] = big.NewInt(n.Salt + int64(i))
		}
	}
	return s
}

// Contents compiles the network, with weights from the seed.
func (n Network) Contents(t testing.TB, seed int64) *artifact.Contents {
	t.Helper()
	return n.ContentsWith(t, seed, prover.Options{UnsafeSRS: true})
}

// ContentsWith compiles the network with the given SRS.
func (n Network) ContentsWith(t testing.TB, seed int64, o prover.Options) *artifact.Contents {
	t.Helper()
	return contents(t, n.Statement(t, rand.New(rand.NewSource(seed))), o)
}

// contents compiles a statement of a program.
func contents(t testing.TB, s *circuits.Statement, o prover.Options) *artifact.Contents {
	t.Helper()
	setup, err := prover.NewSetup(context.Background(), s, o)
	if err != nil {
		t.Fatal(err)
	}
	cost, err := s.Count()
	if err != nil {
		t.Fatal(err)
	}
	return &artifact.Contents{
		Tool: "test", Program: s.Model.(*program.Program), Layout: s.Layout, Digit: s.Digit, Salt: s.Salt,
		Formats: "3-bit input", Cost: cost, VK: setup.VK, SRS: setup.SRS.Identity,
		Model:   []byte("an ONNX file\n"),
		Picture: json.RawMessage(`{"expression":"x/255 < 1"}`), Agreement: json.RawMessage(`{"top1":0.999}`),
	}
}

// Bundle compiles the network into a bundle in a folder of the test.
func (n Network) Bundle(t testing.TB, seed int64) *artifact.Bundle {
	t.Helper()
	return Write(t, filepath.Join(t.TempDir(), "model"+artifact.Suffix), n.Contents(t, seed))
}

// Write writes contents to dir and opens the bundle.
func Write(t testing.TB, dir string, c *artifact.Contents) *artifact.Bundle {
	t.Helper()
	if _, err := artifact.Write(context.Background(), dir, c); err != nil {
		t.Fatal(err)
	}
	b, err := artifact.Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// Input makes a random input, or those of a batch, one after the other.
func (n Network) Input(r *rand.Rand) []int64 {
	out := make([]int64, n.Layout().Inputs()[0].Count())
	for i := range out {
		out[i] = r.Int63n(1 << n.InputBits)
	}
	return out
}
