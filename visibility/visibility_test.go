package visibility_test

import (
	"fmt"
	"math/big"
	"math/rand"
	"slices"
	"strings"
	"testing"

	"github.com/consensys/gnark-crypto/ecc/bn254/fr"

	"github.com/zkml-go/zkml/visibility"
)

func TestParsePrivate(t *testing.T) {
	cases := map[string]struct {
		want visibility.Private
		ok   bool
	}{
		"":             {visibility.Private{}, true},
		"input":        {visibility.Private{Input: true}, true},
		"model":        {visibility.Private{Model: true}, true},
		"input,model":  {visibility.Private{Input: true, Model: true}, true},
		"model, input": {visibility.Private{Input: true, Model: true}, true},
		"inputs":       {visibility.Private{}, false},
		"input,":       {visibility.Private{}, false},
		"all":          {visibility.Private{}, false},
		"Model":        {visibility.Private{}, false},
	}
	for text, c := range cases {
		got, err := visibility.ParsePrivate(text)
		if got != c.want || (err == nil) != c.ok {
			t.Errorf("%q: %+v, %v", text, got, err)
		}
		if err != nil && !strings.Contains(err.Error(), "input and model") {
			t.Errorf("%q: the error %q does not list the words allowed", text, err)
		}
	}
	for _, p := range visibility.Scenarios {
		if back, err := visibility.ParsePrivate(p.String()); back != p || err != nil {
			t.Errorf("%+v is written %q and read %+v, %v", p, p, back, err)
		}
	}
}

func TestParseReveal(t *testing.T) {
	for _, text := range []string{"scores", "class", "commitment"} {
		if r, err := visibility.ParseReveal(text); string(r) != text || err != nil {
			t.Errorf("%q: %q, %v", text, r, err)
		}
	}
	if _, err := visibility.ParseReveal("score"); err == nil {
		t.Error("a mistyped word is taken")
	}
}

// layouts gives a layout for every scenario, kind of output, and context.
func layouts(bits int, count int) []visibility.Layout {
	var out []visibility.Layout
	for _, p := range visibility.Scenarios {
		for _, r := range []visibility.Reveal{visibility.Scores, visibility.Class, visibility.Commitment} {
			for at := range 4 {
				out = append(out, visibility.Layout{
					Private: p, Reveal: r, Context: at%2 == 1, SignedBy: []visibility.Scheme{"", visibility.EdDSA}[at/2],
					Input:  visibility.Tensor{Name: "x", Shape: []int{count}, Bits: bits, Zero: 1 << bits / 2, Scale: 0.5},
					Output: visibility.Tensor{Name: "y", Shape: []int{3}, Bits: 20, Zero: 1 << 19, Scale: 1},
				})
			}
		}
	}
	return out
}

// TestPublicAndClaimAreInverse packs and unpacks random claims of all layouts.
func TestPublicAndClaimAreInverse(t *testing.T) {
	r := rand.New(rand.NewSource(1))
	for _, bits := range []int{1, 3, 8, 11, 32} {
		for _, l := range layouts(bits, 130) {
			claim := visibility.Claim{
				InputCommitment: big.NewInt(5), OutputCommitment: big.NewInt(6), Context: big.NewInt(7),
				Signer: []*big.Int{big.NewInt(8), big.NewInt(9)},
				Output: []int64{-1 << 19, 0, 1<<19 - 1},
			}
			for range 130 {
				claim.Input = append(claim.Input, r.Int63n(1<<bits)-l.Input.Zero)
			}
			words, err := l.Public(claim)
			if err != nil {
				t.Fatal(err)
			}
			if len(words) != l.Count() {
				t.Fatalf("%d words, the layout counts %d", len(words), l.Count())
			}
			back, err := l.Claim(words)
			if err != nil {
				t.Fatal(err)
			}
			if !l.Private.Input && !slices.Equal(back.Input, claim.Input) {
				t.Errorf("%d bits: the input comes back changed", bits)
			}
			if l.Reveal != visibility.Commitment && !slices.Equal(back.Output, claim.Output) {
				t.Errorf("output %v, want %v", back.Output, claim.Output)
			}
			if l.SignedBy != "" && fmt.Sprint(back.Signer) != fmt.Sprint(claim.Signer) {
				t.Error("the signer comes back changed")
			}
			if l.Context && back.Context.Cmp(claim.Context) != 0 {
				t.Error("the context comes back changed")
			}
		}
	}
}

func TestLayoutErrors(t *testing.T) {
	l := layouts(3, 130)[1] // public input, scores, context
	good := visibility.Claim{Input: make([]int64, 130), Output: make([]int64, 3), Context: new(big.Int)}
	words, err := l.Public(good)
	if err != nil {
		t.Fatal(err)
	}
	claims := map[string]func(*visibility.Claim){
		"130 values":               func(c *visibility.Claim) { c.Input = c.Input[:129] },
		"element 7 does not fit":   func(c *visibility.Claim) { c.Input = slices.Clone(c.Input); c.Input[7] = 4 },
		"element 0 does not fit":   func(c *visibility.Claim) { c.Input = slices.Clone(c.Input); c.Input[0] = -5 },
		"context is missing":       func(c *visibility.Claim) { c.Context = nil },
		"not below the field":      func(c *visibility.Claim) { c.Context = fr.Modulus() },
		"2 values, the layout has": func(c *visibility.Claim) { c.Output = c.Output[:2] },
	}
	for want, spoil := range claims {
		c := good
		spoil(&c)
		if want == "130 values" {
			want = "129 values for shape"
		}
		if _, err := l.Public(c); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("error %v, want %q", err, want)
		}
	}
	spoilt := map[string]func([]*big.Int) []*big.Int{
		"public inputs, the layout has": func(w []*big.Int) []*big.Int { return w[1:] },
		"not below the field's size":    func(w []*big.Int) []*big.Int { w[0] = fr.Modulus(); return w },
		"bits beyond its":               func(w []*big.Int) []*big.Int { w[1] = new(big.Int).Lsh(big.NewInt(1), 252); return w },
		"outside 64 bits":               func(w []*big.Int) []*big.Int { w[2] = new(big.Int).Lsh(big.NewInt(1), 80); return w },
	}
	for want, spoil := range spoilt {
		if _, err := l.Claim(spoil(slices.Clone(words))); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("error %v, want %q", err, want)
		}
	}
}

// TestSignerErrors: a signer's key is two field elements.
func TestSignerErrors(t *testing.T) {
	l := layouts(3, 130)[2] // public input, scores, signed
	good := visibility.Claim{Input: make([]int64, 130), Output: make([]int64, 3)}
	for want, signer := range map[string][]*big.Int{
		"0 values, the layout has 2":                           nil,
		"1 values, the layout has 2":                           {new(big.Int)},
		"coordinate 1: signer is not below the field's size r": {new(big.Int), fr.Modulus()},
		"coordinate 0: signer is missing":                      {nil, new(big.Int)},
	} {
		good.Signer = signer
		if _, err := l.Public(good); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("error %v, want %q", err, want)
		}
	}
}

func TestParseScheme(t *testing.T) {
	for text, ok := range map[string]bool{"": true, "eddsa": true, "EdDSA": false, "ecdsa": false} {
		if s, err := visibility.ParseScheme(text); (err == nil) != ok || ok && string(s) != text {
			t.Errorf("%q: %q, %v", text, s, err)
		}
	}
}

// ExampleLayout_Fields lists the public inputs of a private input's class.
func ExampleLayout_Fields() {
	l := visibility.Layout{
		Private: visibility.Private{Input: true}, Reveal: visibility.Class, Context: true, SignedBy: visibility.EdDSA,
		Input:  visibility.Tensor{Shape: []int{1, 784}, Bits: 3},
		Output: visibility.Tensor{Shape: []int{1}, Bits: 4},
	}
	for _, f := range l.Fields() {
		fmt.Println(f.Start, f.Kind, f.Count)
	}
	// Output:
	// 0 input_commitment 1
	// 1 output 1
	// 2 context 1
	// 3 signer 2
}
