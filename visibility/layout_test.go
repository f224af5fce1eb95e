package visibility_test

import (
	"encoding/json"
	"math/big"
	"math/rand"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/consensys/gnark-crypto/ecc/bn254/fr"

	"github.com/zkml-go/zkml/visibility"
)

// plans gives a plan for every scenario, kind of output, and context, with an input
// of so many elements and another one of three.
func plans(bits, count int) []visibility.Plan {
	var out []visibility.Plan
	private := append([]visibility.Private{{Named: []string{"z"}}}, visibility.Scenarios...)
	for i, p := range private {
		for _, r := range []visibility.Reveal{visibility.Scores, visibility.Class, visibility.Commitment} {
			for at := range 4 {
				plan := visibility.Plan{
					Private: p, Reveal: r, Context: at%2 == 1,
					SignedBy: []visibility.Scheme{"", visibility.EdDSA}[at/2],
					Commit:   []visibility.Commit{visibility.CommitTogether, visibility.CommitEach}[i%2],
					Inputs: []visibility.Tensor{
						{Name: "x", Shape: []int{count}, Bits: bits, Zero: 1 << bits / 2, Scale: 0.5},
						{Name: "z", Shape: []int{3}, Bits: 9, Zero: 0, Scale: 1, Type: visibility.Integer},
					},
					Outputs: []visibility.Tensor{
						{Name: "y", Shape: []int{3}, Bits: 20, Zero: 1 << 19, Scale: 1},
						{Name: "unseen", Shape: []int{2}, Bits: 4, Scale: 1},
					},
					Reveals: map[string]visibility.Reveal{"unseen": visibility.None},
				}
				if r == visibility.Class {
					plan.Outputs[0].Classes, plan.Outputs[0].Zero = true, 0
				}
				if plan.SignedBy != "" {
					plan.Signed, plan.Purpose = "z", "a test"
				}
				out = append(out, plan)
			}
		}
	}
	return out
}

func layouts(t testing.TB, bits, count int) []visibility.Layout {
	t.Helper()
	var out []visibility.Layout
	for _, p := range plans(bits, count) {
		l, err := p.Layout()
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, l)
	}
	return out
}

// claimOf is a random claim of a layout.
func claimOf(r *rand.Rand, l visibility.Layout) visibility.Claim {
	c := make(visibility.Claim, len(l.Ports))
	for i := range l.Ports {
		p := &l.Ports[i]
		if p.Is(visibility.FormPacked) || p.Is(visibility.FormElements) {
			for range p.Count() {
				c[i].Integers = append(c[i].Integers, p.Lowest()+r.Int63n(1<<p.Bits))
			}
			continue
		}
		for range p.Words {
			c[i].Elements = append(c[i].Elements, big.NewInt(r.Int63()))
		}
	}
	return c
}

// TestPublicAndClaimAreInverse packs and unpacks random claims of all layouts.
func TestPublicAndClaimAreInverse(t *testing.T) {
	r := rand.New(rand.NewSource(1))
	for _, bits := range []int{1, 3, 8, 11, 32} {
		for _, l := range layouts(t, bits, 130) {
			claim := claimOf(r, l)
			words, err := l.Public(claim)
			if err != nil {
				t.Fatal(err)
			}
			if len(words) != l.Count() || slices.Contains(words, nil) {
				t.Fatalf("%d words, the layout counts %d", len(words), l.Count())
			}
			back, err := l.Claim(words)
			if err != nil {
				t.Fatal(err)
			}
			if !reflect.DeepEqual(back, claim) {
				t.Errorf("%d bits: %v comes back as %v", bits, claim, back)
			}
			if err := l.CheckClaim(back); err != nil {
				t.Error(err)
			}
		}
	}
}

// TestPlansComeBack: a layout says of what plan it was made, but for the outputs that
// it leaves out.
func TestPlansComeBack(t *testing.T) {
	for _, batch := range []int{0, 3} {
		for _, plan := range plans(8, 5) {
			plan.Batch = batch
			l, err := plan.Layout()
			if err != nil {
				t.Fatal(err)
			}
			again, err := l.Plan().Layout()
			if err != nil || !reflect.DeepEqual(again, l) {
				t.Errorf("%+v\nbecomes %+v, %v", l, again, err)
			}
			text, err := json.Marshal(l)
			if err != nil {
				t.Fatal(err)
			}
			var read visibility.Layout
			if err := json.Unmarshal(text, &read); err != nil || !reflect.DeepEqual(read, l) {
				t.Errorf("%s\nis read as %+v, %v", text, read, err)
			}
		}
	}
}

// TestEveryKindIsThere: the table of kinds has a row for each role and visibility that
// a plan can ask for, each with a form, and none twice.
func TestEveryKindIsThere(t *testing.T) {
	seen := map[string]bool{}
	for _, k := range visibility.Kinds() {
		name := string(k.Role) + " " + string(k.Visibility)
		if seen[name] || k.Name == "" || k.Form == "" {
			t.Errorf("%+v stands twice, or lacks a part", k)
		}
		seen[name] = true
	}
	for _, l := range layouts(t, 3, 4) {
		for i := range l.Ports {
			delete(seen, string(l.Ports[i].Role)+" "+string(l.Ports[i].Visibility))
		}
	}
	delete(seen, "model hash") // by --bind-model
	if len(seen) > 0 {
		t.Errorf("no plan above has the kinds %v", seen)
	}
}

// TestUnknownKindsAreRefused: never taken for another kind.
func TestUnknownKindsAreRefused(t *testing.T) {
	for i := range 3 {
		l := layouts(t, 3, 4)[4]
		claim := claimOf(rand.New(rand.NewSource(1)), l)
		l.Ports[i].Visibility = "everybody"
		if err := l.Check(); err == nil || !strings.Contains(err.Error(), "everybody") {
			t.Errorf("checked: %v", err)
		}
		if _, err := l.Public(claim); err == nil || !strings.Contains(err.Error(), "everybody") {
			t.Errorf("encoded: %v", err)
		}
		if _, err := l.Claim(slices.Repeat([]*big.Int{new(big.Int)}, l.Count())); err == nil {
			t.Error("decoded")
		}
	}
}

// TestClone: a copy shares nothing with what it is of.
func TestClone(t *testing.T) {
	missing := int64(3)
	make := func() visibility.Layout {
		l := layouts(t, 3, 4)[4]
		p := &l.Ports[0]
		p.Elements = []visibility.Element{{Bits: 3, Scale: 1, Missing: &missing}}
		half := 0.5
		p.Texts, p.Threshold = []visibility.Text{{Number: 1, Text: "one"}}, &half
		return l
	}
	l := make()
	c := l.Clone()
	if !reflect.DeepEqual(c, l) {
		t.Fatalf("the copy %+v is not of %+v", c, l)
	}
	p := &c.Ports[0]
	p.Name, p.Shape[0], p.Elements[0].Bits, p.Texts[0].Text, *p.Threshold = "w", 9, 9, "two", 9
	*p.Elements[0].Missing = 9
	c.Ports[1].Bits = 9
	if want := make(); !reflect.DeepEqual(l, want) {
		t.Errorf("a change of the copy makes %+v of %+v", l, want)
	}
}

// TestSecrets: the table of secrets has a place for each, in one piece.
func TestSecrets(t *testing.T) {
	for _, l := range layouts(t, 8, 5) {
		next, salts := 0, 0
		for _, s := range l.Secrets() {
			if s.Start != next || s.Count < 1 {
				t.Errorf("%+v does not follow at %d", s, next)
			}
			next += s.Count
			if s.Kind == visibility.SecretSalt {
				salts++
			}
		}
		if next != l.SecretCount() || salts != len(l.Commitments()) {
			t.Errorf("%d secrets and %d salts for %d commitments", next, salts, len(l.Commitments()))
		}
	}
}

// TestPlansThatDoNotFit: names that are none of the model's, and what has no meaning.
func TestPlansThatDoNotFit(t *testing.T) {
	for want, spoil := range map[string]func(*visibility.Plan){
		"option Private input:w":        func(p *visibility.Plan) { p.Private.Named = []string{"w"} },
		"option Reveal w=class":         func(p *visibility.Plan) { p.Reveals["w"] = visibility.Class },
		"nothing to prove":              func(p *visibility.Plan) { p.Reveals["y"] = visibility.None },
		"name the input that is signed": func(p *visibility.Plan) { p.SignedBy = visibility.EdDSA },
		"but no signature scheme":       func(p *visibility.Plan) { p.Purpose = "pay" },
		"but the output has no classes": func(p *visibility.Plan) { p.Reveal = visibility.Class },
		"two ports of role input":       func(p *visibility.Plan) { p.Inputs[1].Name = "x" },
		"and one for all": func(p *visibility.Plan) {
			p.Inputs[1].Elements = []visibility.Element{{Bits: 3, Scale: 1}}
		},
		"integers have scale 1": func(p *visibility.Plan) { p.Inputs[1].Scale = 0.5 },
		"more than 16777216 elements": func(p *visibility.Plan) {
			p.Inputs[0].Shape, p.Inputs[1].Shape = []int{1 << 24}, []int{1}
		},
		"a port has no name": func(p *visibility.Plan) { p.Inputs[1].Name = "" },
		"is not UTF-8":       func(p *visibility.Plan) { p.Outputs[0].Name = "y\xff" },
		`"\x80" is not UTF-8`: func(p *visibility.Plan) {
			p.SignedBy, p.Signed, p.Purpose = visibility.EdDSA, "x", "\x80"
		},
		"a purpose of 300 bytes": func(p *visibility.Plan) {
			p.SignedBy, p.Signed, p.Purpose = visibility.EdDSA, "x", strings.Repeat("a", 300)
		},
	} {
		plan := plans(3, 4)[0]
		plan.Private = visibility.Private{}
		spoil(&plan)
		if _, err := plan.Layout(); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v, want %q", err, want)
		}
	}
}

// TestRangesWithoutZero: formats of negative or of positive integers alone, and the widest.
func TestRangesWithoutZero(t *testing.T) {
	for _, format := range []visibility.Tensor{
		{Bits: 8, Zero: 300}, {Bits: 8, Zero: -300}, {Bits: 62, Zero: 1 << 62}, {Bits: 62, Zero: -1 << 62},
	} {
		plan := plans(3, 4)[0]
		plan.Inputs[0].Bits, plan.Inputs[0].Zero = format.Bits, format.Zero
		if _, err := plan.Layout(); err != nil {
			t.Errorf("%d bits, zero %d: %v", format.Bits, format.Zero, err)
		}
	}
}

// TestDomains: a commitment's domain tells formats, and how many inputs it is about.
func TestDomains(t *testing.T) {
	seen := map[string]string{}
	for name, change := range map[string]func(*visibility.Plan){
		"as it is": func(*visibility.Plan) {},
		"bits":     func(p *visibility.Plan) { p.Inputs[0].Bits = 4 },
		"one":      func(p *visibility.Plan) { p.Private = visibility.Private{Named: []string{"x"}} },
		"missing": func(p *visibility.Plan) {
			p.Inputs[0].Elements = []visibility.Element{{Bits: 3, Scale: 1, Missing: new(int64)}}
		},
		"elements": func(p *visibility.Plan) { p.Inputs[0].Elements = []visibility.Element{{Bits: 3, Scale: 1}} },
	} {
		plan := plans(3, 4)[12]
		plan.Private, plan.Commit = visibility.Private{Input: true}, visibility.CommitTogether
		change(&plan)
		l, _ := plan.Layout() // refused where elements have formats: the domain is there
		d := l.Domain(l.Inputs()[0])
		if other, twice := seen[d]; twice {
			t.Errorf("%s and %s have the domain %q", name, other, d)
		}
		seen[d] = name
	}
}

// TestEncode: a real number is rounded and limited, an integer is held as it is or
// refused with the range.
func TestEncode(t *testing.T) {
	tensor := visibility.Tensor{Name: "x", Shape: []int{1}, Bits: 4, Zero: 8, Scale: 0.5}
	for x, want := range map[float64]int64{0: 0, 0.2: 0, 0.25: 1, -0.25: 0, 1e300: 7, -1e300: -8} {
		if got, err := tensor.Encode([]float64{x}); err != nil || got[0] != want {
			t.Errorf("%g becomes %v, %v; want %d", x, got, err, want)
		}
	}
	tensor.Type, tensor.Scale = visibility.Integer, 1
	for x, ok := range map[float64]bool{7: true, -8: true, 8: false, -9: false, 0.5: false, 1e300: false} {
		got, err := tensor.Encode([]float64{x})
		if (err == nil) != ok || ok && float64(got[0]) != x {
			t.Errorf("%g becomes %v, %v", x, got, err)
		}
		if err != nil && !strings.Contains(err.Error(), "element 0 is not an integer from -8 to 7") {
			t.Errorf("the error %q does not name the element and the range", err)
		}
	}
}

func TestLayoutErrors(t *testing.T) {
	plan := plans(3, 130)[1] // of a private z, scores, context
	plan.Private = visibility.Private{}
	l, err := plan.Layout()
	if err != nil {
		t.Fatal(err)
	}
	good := claimOf(rand.New(rand.NewSource(1)), l)
	words, err := l.Public(good)
	if err != nil {
		t.Fatal(err)
	}
	for want, spoil := range map[string]func(visibility.Claim){
		"129 values for shape": func(c visibility.Claim) { c[0].Integers = c[0].Integers[:129] },
		"element 7 does not fit": func(c visibility.Claim) {
			c[0].Integers = slices.Repeat([]int64{0}, 130)
			c[0].Integers[7] = 4
		},
		"element 0 does not fit":   func(c visibility.Claim) { c[0].Integers = slices.Repeat([]int64{-5}, 130) },
		"context is missing":       func(c visibility.Claim) { c[3].Elements = nil },
		"not below the field":      func(c visibility.Claim) { c[3].Elements = []*big.Int{fr.Modulus()} },
		"2 values, the layout has": func(c visibility.Claim) { c[2].Integers = c[2].Integers[:2] },
	} {
		c := slices.Clone(good)
		spoil(c)
		if _, err := l.Public(c); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("error %v, want %q", err, want)
		}
	}
	if _, err := l.Public(good[:2]); err == nil {
		t.Error("a claim about fewer ports was taken")
	}
	for want, spoil := range map[string]func([]*big.Int) []*big.Int{
		"public inputs, the layout has": func(w []*big.Int) []*big.Int { return w[1:] },
		"not below the field's size":    func(w []*big.Int) []*big.Int { w[0] = fr.Modulus(); return w },
		"bits beyond its": func(w []*big.Int) []*big.Int {
			w[1] = new(big.Int).Lsh(big.NewInt(1), 252)
			return w
		},
		"outside 64 bits": func(w []*big.Int) []*big.Int {
			w[3] = new(big.Int).Lsh(big.NewInt(1), 80)
			return w
		},
	} {
		if _, err := l.Claim(spoil(slices.Clone(words))); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("error %v, want %q", err, want)
		}
	}
}

// TestSignerErrors: a signer's key is two field elements.
func TestSignerErrors(t *testing.T) {
	l := layouts(t, 3, 130)[2] // signed
	good := claimOf(rand.New(rand.NewSource(1)), l)
	last := len(good) - 1
	for want, signer := range map[string][]*big.Int{
		"coordinate 0: signer is missing":                      nil,
		"coordinate 1: signer is missing":                      {new(big.Int)},
		"coordinate 1: signer is not below the field's size r": {new(big.Int), fr.Modulus()},
		"3 values, the layout has 2":                           {new(big.Int), new(big.Int), new(big.Int)},
	} {
		good[last].Elements = signer
		if _, err := l.Public(good); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("error %v, want %q", err, want)
		}
	}
}
