package circuits_test

import (
	"fmt"
	"math/big"
	"math/rand"
	"slices"
	"strings"
	"testing"

	"github.com/consensys/gnark/frontend"

	"github.com/zkml-go/zkml/circuits"
	"github.com/zkml-go/zkml/testkit/circuittest"
	"github.com/zkml-go/zkml/visibility"
)

// secretLayer is a model of one layer of secret weights over inputs of 0..7. A
// weight or bias outside the format is a lie that the tests tell.
type secretLayer struct {
	weights [][]int64
	biases  []int64
	slots   [][]int32 // nil: every weight has its own
	format  circuits.WeightFormat
}

const topInput = 7

// Define implements circuits.Model.
func (l secretLayer) Define(
	b *circuits.Builder, in [][]*circuits.Value, step func(string),
) ([][]*circuits.Value, error) {
	step("layer")
	rows := make(layer, len(l.weights))
	half := int64(1) << (l.format.Weight - 1)
	top := int64(1) << (l.format.Bias - 1)
	for i, ws := range l.weights {
		n := int64(len(ws))
		rows[i].Row = circuits.Row{Bias: l.biases[i], Lo: -half*topInput*n - top, Hi: (half-1)*topInput*n + top - 1}
		rows[i].Window = circuits.Cover(rows[i].Lo, rows[i].Hi)
		for j, w := range ws {
			rows[i].Terms = append(rows[i].Terms, circuits.RowTerm{Index: int32(j), W: w})
			if l.slots != nil {
				rows[i].Terms[j].Slot = l.slots[i][j]
			}
		}
	}
	return b.SecretLinear(in, rows, l.format), nil
}

func (l secretLayer) eval(in []int64) []int64 {
	out := slices.Clone(l.biases)
	for i, ws := range l.weights {
		for j, w := range ws {
			out[i] += w * in[j]
		}
	}
	return out
}

// clone is a copy to lie in.
func (l secretLayer) clone() secretLayer {
	c := l
	c.biases, c.weights = slices.Clone(l.biases), slices.Clone(l.weights)
	for i := range c.weights {
		c.weights[i] = slices.Clone(c.weights[i])
	}
	return c
}

func randomLayer(r *rand.Rand, rows, columns int, f circuits.WeightFormat) secretLayer {
	l := secretLayer{format: f}
	draw := func(bits int) int64 { return r.Int63n(1<<bits) - 1<<(bits-1) }
	for range rows {
		var ws []int64
		for range columns {
			ws = append(ws, draw(f.Weight))
		}
		l.weights, l.biases = append(l.weights, ws), append(l.biases, draw(f.Bias))
	}
	return l
}

func (l secretLayer) statement(salt int64) *circuits.Statement {
	return &circuits.Statement{
		Layout: circuittest.Layout(visibility.Plan{
			Private: visibility.Private{Model: true}, Bind: visibility.BindHash, Reveal: visibility.Scores,
			Inputs:  []visibility.Tensor{{Name: "x", Shape: []int{len(l.weights[0])}, Bits: 3, Scale: 1}},
			Outputs: []visibility.Tensor{{Name: "y", Shape: []int{len(l.weights)}, Bits: 32, Zero: 1 << 31, Scale: 1}},
		}),
		Model: l, Digit: 4, Salt: []*big.Int{big.NewInt(salt)},
	}
}

func randomInput(r *rand.Rand, n int) []int64 {
	in := make([]int64, n)
	for i := range in {
		in[i] = r.Int63n(topInput + 1)
	}
	return in
}

var secretFormats = []circuits.WeightFormat{{Weight: 1, Bias: 1}, {Weight: 2, Bias: 6}, {Weight: 3, Bias: 3},
	{Weight: 4, Bias: 9}, {Weight: 8, Bias: 12}, {Weight: 6, Bias: 14}, {Weight: 11, Bias: 20}}

// TestSecretLinear computes layers of all kinds of formats, with rows that fill
// packs and groups and rows that do not.
func TestSecretLinear(t *testing.T) {
	r := rand.New(rand.NewSource(1))
	for _, f := range secretFormats {
		for _, size := range [][2]int{{1, 1}, {1, 5}, {5, 3}, {24, 40}} {
			t.Run(fmt.Sprint(f, size), func(t *testing.T) {
				l := randomLayer(r, size[0], size[1], f)
				s := circuittest.Compile(t, l.statement(5))
				for _, in := range [][]int64{make([]int64, size[1]), slices.Repeat([]int64{topInput}, size[1]),
					randomInput(r, size[1])} {
					s.Accepts(in, l.eval(in))
				}
				in := randomInput(r, size[1])
				s.Liar(r, in, l.eval(in), 1)
			})
		}
	}
}

// TestSecretWeightsShareSlots: terms of one slot take one weight of the witness.
func TestSecretWeightsShareSlots(t *testing.T) {
	r := rand.New(rand.NewSource(2))
	l := randomLayer(r, 6, 4, circuits.WeightFormat{Weight: 4, Bias: 4})
	apart := len(circuits.NewCircuit(l.statement(1)).Secret)
	for i := range l.weights {
		l.slots = append(l.slots, []int32{1 + int32(4*i), 2 + int32(4*i), 3 + int32(4*i), 1 + int32(4*i)})
		l.weights[i][3] = l.weights[i][0]
	}
	s := circuittest.Compile(t, l.statement(1))
	if shared := len(circuits.NewCircuit(l.statement(1)).Secret); shared >= apart {
		t.Errorf("%d wires where weights are shared, %d where they are not", shared, apart)
	}
	for range 5 {
		in := randomInput(r, 4)
		s.Accepts(in, l.eval(in))
	}
}

// liar solves the circuit of one statement with the witness of another, under a
// model commitment of the liar's choice: nil is that of the lie.
func liar(t *testing.T, s *circuittest.Subject, lie *circuits.Statement, commitment *big.Int, in, out []int64) error {
	t.Helper()
	claim, err := circuittest.ClaimOf(lie, in, out, circuits.Secrets{})
	if err != nil {
		t.Fatal(err)
	}
	if commitment != nil {
		claim[len(claim)-1].Elements = []*big.Int{commitment}
	}
	assignment, err := circuittest.Assign(lie, claim, in, circuits.Secrets{})
	if err != nil {
		t.Fatal(err)
	}
	w, err := frontend.NewWitness(assignment, field)
	if err != nil {
		t.Fatal(err)
	}
	return s.CS.IsSolved(w)
}

// TestLyingWeights tells every kind of lie about weights. A lie inside the format
// is another model, and shows in the commitment; one outside is rejected whatever
// the commitment.
func TestLyingWeights(t *testing.T) {
	r := rand.New(rand.NewSource(3))
	for _, f := range secretFormats {
		honest := randomLayer(r, 7, 5, f)
		half := int64(1) << (f.Weight - 1)
		honest.weights[2][3], honest.weights[3][3] = 0, -half
		honest.biases[1] = 0
		s := circuittest.Compile(t, honest.statement(9))
		commitment, err := honest.statement(9).ModelCommitment()
		if err != nil {
			t.Fatal(err)
		}
		in := []int64{1, 2, 3, 7, 5}
		for name, c := range map[string]struct {
			outside bool
			lie     func(l secretLayer)
		}{
			"off by one":          {false, func(l secretLayer) { l.weights[2][3]-- }},
			"bias off by one":     {false, func(l secretLayer) { l.biases[1]-- }},
			"swapped":             {false, func(l secretLayer) { w := l.weights; w[2][3], w[3][3] = w[3][3], w[2][3] }},
			"above":               {true, func(l secretLayer) { l.weights[2][3] = half }},
			"below":               {true, func(l secretLayer) { l.weights[2][3] = -half - 1 }},
			"far off":             {true, func(l secretLayer) { l.weights[6][0] += 1 << 40 }},
			"bias above":          {true, func(l secretLayer) { l.biases[1] = 1 << (f.Bias - 1) }},
			"bias below":          {true, func(l secretLayer) { l.biases[1] = -1<<(f.Bias-1) - 1 }},
			"lent to a neighbour": {true, func(l secretLayer) { l.weights[6][0] += 2 * half; l.weights[6][1]-- }},
		} {
			t.Run(fmt.Sprint(f, " ", name), func(t *testing.T) {
				l := honest.clone()
				c.lie(l)
				lie := l.statement(9)
				if err := liar(t, s, lie, commitment, in, l.eval(in)); err == nil {
					t.Error("the lie passes under the honest commitment")
				}
				if err := liar(t, s, lie, nil, in, l.eval(in)); (err == nil) == c.outside {
					t.Errorf("under its own commitment: %v", err)
				}
				if err := liar(t, s, lie, nil, in, honest.eval(in)); err == nil {
					t.Error("the lie leads to the honest output")
				}
			})
		}
	}
}

// TestWordsOfOneListAlone: with weights outside their lanes, two models have one
// commitment. The range checks refuse the second.
func TestWordsOfOneListAlone(t *testing.T) {
	f := circuits.WeightFormat{Weight: 4, Bias: 4}
	honest := randomLayer(rand.New(rand.NewSource(4)), 1, 6, f)
	other := honest.clone()
	// the bias has the first lane of the word, the weights follow
	other.weights[0][1] += 1 << f.Weight
	other.weights[0][2]--
	same := true
	var commitments []*big.Int
	for _, l := range []secretLayer{honest, other} {
		c, err := l.statement(1).ModelCommitment()
		if err != nil {
			t.Fatal(err)
		}
		commitments = append(commitments, c)
		same = same && c.Cmp(commitments[0]) == 0
	}
	if !same {
		t.Fatal("the two models were to have one commitment")
	}
	s := circuittest.Compile(t, honest.statement(1))
	in := []int64{1, 2, 3, 4, 5, 6}
	if err := liar(t, s, honest.statement(1), nil, in, honest.eval(in)); err != nil {
		t.Error(err)
	}
	if liar(t, s, other.statement(1), nil, in, other.eval(in)) == nil {
		t.Error("a second model opens the commitment")
	}
}

// TestWrongSalt: the salt is part of what is committed to.
func TestWrongSalt(t *testing.T) {
	l := randomLayer(rand.New(rand.NewSource(5)), 2, 3, circuits.WeightFormat{Weight: 3, Bias: 3})
	s := circuittest.Compile(t, l.statement(1))
	commitment, err := l.statement(1).ModelCommitment()
	if err != nil {
		t.Fatal(err)
	}
	in := []int64{1, 2, 3}
	if liar(t, s, l.statement(2), commitment, in, l.eval(in)) == nil {
		t.Error("another salt opens the commitment")
	}
	if liar(t, s, l.statement(1), new(big.Int).Add(commitment, big.NewInt(1)), in, l.eval(in)) == nil {
		t.Error("another commitment is admitted")
	}
}

// TestSecretWeightsNeedACommitment: a statement that does not commit to its model
// has no place for secret weights.
func TestSecretWeightsNeedACommitment(t *testing.T) {
	s := randomLayer(rand.New(rand.NewSource(6)), 2, 3, circuits.WeightFormat{Weight: 3, Bias: 3}).statement(1)
	circuittest.Replan(s, func(p *visibility.Plan) { p.Bind = visibility.BindKey })
	if _, err := s.Count(); err == nil || !strings.Contains(err.Error(), "no commitment") {
		t.Errorf("got %v", err)
	}
}
