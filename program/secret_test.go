package program_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/zkml-go/zkml/program"
)

// planted is a private ensemble with thresholds and leaves.
func planted(from []int64, leaf int64) *program.Program {
	t := hide(grove(6, 3, 4, 3, 4))
	for i := range t.Leaves {
		t.Leaves[i] += leaf
	}
	return chain(2, -4, link{&program.Splits{Index: []int32{0, 1, 1}, From: from, Rank: []int32{0, 0, 1}}, 3, nil},
		link{t, 3, nil})
}

// TestSecretsStayOut: words and the stored form without secrets are the same for all thresholds
// and leaves, ranges too, and each leaf and threshold counts for the stored form with them.
func TestSecretsStayOut(t *testing.T) {
	first := planted([]int64{1, -2, 3}, 0)
	for _, p := range []*program.Program{
		planted([]int64{0, 0, 0}, 0), planted([]int64{-4, 3, 3}, 2), planted([]int64{1, -2, 3}, -9),
	} {
		if !slices.Equal(p.Words(), first.Words()) {
			t.Errorf("words\n%s\ntell of secrets; others are\n%s", p.Words(), first.Words())
		}
		if string(encode(t, p.Filled(0))) != string(encode(t, first.Filled(0))) {
			t.Error("the stored form without secrets tells of them")
		}
		if string(encode(t, p)) == string(encode(t, first)) {
			t.Error("two programs have one stored form")
		}
		a, err := p.Ranges()
		b, other := first.Ranges()
		if err != nil || other != nil || !slices.EqualFunc(a, b, slices.Equal) {
			t.Errorf("ranges tell of secrets: %v, %v", err, other)
		}
	}
	if words := strings.Join(first.Words(), " "); !strings.Contains(words, "secret thresholds") ||
		!strings.Contains(words, "secret leaves, |sum| <= 256") {
		t.Errorf("words do not say what is secret: %s", words)
	}
}

// TestSecretSumsBeyondTheirLimit: a sum that leaves could exceed the limit with is refused.
func TestSecretSumsBeyondTheirLimit(t *testing.T) {
	p := planted([]int64{1, -2, 3}, 100)
	if _, err := p.Ranges(); err == nil || !strings.Contains(err.Error(), "declared range of ±256") {
		t.Errorf("got %v, want an error about the declared range", err)
	}
}

// TestRiseBits: the rises of a staircase over eight integers have four bits, whatever they are.
func TestRiseBits(t *testing.T) {
	for _, from := range []int64{-4, 3, 9} {
		if b, err := planted([]int64{from, from, from}, 0).Bound(); err != nil || b.RiseBits() != 4 {
			t.Errorf("%d bits (%v), want 4", b.RiseBits(), err)
		}
	}
	public := chain(3, -4, link{&program.Splits{Index: []int32{0}, From: []int64{1}}, 1, nil})
	if b, err := public.Bound(); err != nil || b.RiseBits() != 0 {
		t.Errorf("a program without secret thresholds has rises of %d bits (%v)", b.RiseBits(), err)
	}
}
