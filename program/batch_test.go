package program_test

import (
	"math/rand"
	"slices"
	"testing"

	"github.com/zkml-go/zkml/circuits"
	"github.com/zkml-go/zkml/testkit/circuittest"
	"github.com/zkml-go/zkml/visibility"
)

// TestBatch proves several inputs at once: the outputs are those of each alone, no
// lie of a hint changes one, and outputs that changed places are refused.
func TestBatch(t *testing.T) {
	const n = 3
	r := rand.New(rand.NewSource(5))
	for _, c := range append(ways(visibility.BindKey, visibility.Scenarios...),
		ways(visibility.BindHash, visibility.Private{Model: true}, visibility.Private{Input: true, Model: true})...) {
		for _, reveal := range []visibility.Reveal{visibility.Scores, visibility.Commitment} {
			t.Run("private "+c.private.String()+" by "+string(c.bind)+" reveal "+string(reveal), func(t *testing.T) {
				p := mlp(r, 8, 5, 4, 3, 3, 4, c.private.Model)
				if c.bind == visibility.BindHash {
					p = hashed(p)
				}
				one := statement(p, c.private, reveal, 4)
				circuittest.Replan(one, func(p *visibility.Plan) { p.Bind = c.bind })
				circuittest.Salt(one)
				all := *one
				all.Layout = one.Layout.Batched(n)
				s := circuittest.Compile(t, &all)
				var in, out []int64
				for range n {
					x := randomInput(r, p)
					in, out = append(in, x...), append(out, p.Eval(x)[0]...)
				}
				if got := p.Eval(in)[0]; !slices.Equal(got, out) {
					t.Fatalf("together %v, apart %v", got, out)
				}
				s.Accepts(in, out)
				s.Liar(r, in, out, 2)
				turned := append(out[1:len(out):len(out)], out[0])
				if !slices.Equal(turned, out) && s.Solve(in, turned) == nil {
					t.Error("outputs that changed places were accepted")
				}
				costs(t, one, &all, n)
				if c.bind == visibility.BindHash {
					sameModel(t, one, &all)
				}
			})
		}
	}
}

// way is how a model is private.
type way struct {
	bind    visibility.Bind
	private visibility.Private
}

func ways(bind visibility.Bind, private ...visibility.Private) []way {
	var out []way
	for _, p := range private {
		out = append(out, way{bind, p})
	}
	return out
}

// sameModel: a batch commits to the weights once, as a proof of one input does.
func sameModel(t *testing.T, one, all *circuits.Statement) {
	t.Helper()
	a, err := one.ModelCommitment()
	if err != nil {
		t.Fatal(err)
	}
	b, err := all.ModelCommitment()
	if err != nil {
		t.Fatal(err)
	}
	if a.Cmp(b) != 0 {
		t.Error("a batch has another commitment to its model")
	}
}

// costs holds the tables of a batch against those of one: they are shared, so that
// a batch costs less than so many circuits.
func costs(t *testing.T, one, all *circuits.Statement, n int) {
	t.Helper()
	a, err := one.Count()
	if err != nil {
		t.Fatal(err)
	}
	b, err := all.Count()
	if err != nil {
		t.Fatal(err)
	}
	if b.Gates >= n*a.Gates || len(a.Parts) != len(b.Parts) {
		t.Errorf("%d gates in %d parts for %d inputs, %d in %d for one", b.Gates, len(b.Parts), n, a.Gates,
			len(a.Parts))
	}
}

// TestBatchRefuses takes whole inputs alone.
func TestBatchRefuses(t *testing.T) {
	p := mlp(rand.New(rand.NewSource(5)), 8, 5, 4, 3, 3, 4, false)
	s := statement(p, visibility.Private{}, visibility.Scores, 4)
	for _, shape := range [][]int{{7}, {9}, {2, 9}} {
		s.Layout.Inputs()[0].Shape = shape
		if _, err := s.Count(); err == nil {
			t.Errorf("an input of shape %v was taken", shape)
		}
	}
}
