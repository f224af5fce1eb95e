package solidity_test

import (
	"errors"
	"fmt"
	"math/big"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/consensys/gnark-crypto/ecc/bn254/fr"
	"github.com/ethereum/go-ethereum/crypto"

	"github.com/zkml-go/zkml/chain/evm"
	"github.com/zkml-go/zkml/testkit/circuittest"
	"github.com/zkml-go/zkml/testkit/toy"
	"github.com/zkml-go/zkml/verifier"
	"github.com/zkml-go/zkml/verifier/solidity"
	"github.com/zkml-go/zkml/visibility"
)

// recorder stands in the place of gnark's verifier: it accepts the words whose
// hash is the proof's first scalar, so that a test sees what a wrapper made of its
// arguments.
const recorder = `// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

contract PlonkVerifier {
    function Verify(bytes calldata proof, uint256[] calldata words) external pure returns (bool) {
        return uint256(keccak256(abi.encodePacked(words))) >> 3 == uint256(bytes32(proof[0x180:0x1a0]));
    }
}
`

const firstScalar = 0x180

// randomTensor has any format that a layout may have: 1 to 62 bits, a zero-point
// of either sign, up to so many elements.
func randomTensor(r *rand.Rand, name string, most int) visibility.Tensor {
	t := visibility.Tensor{Name: name, Shape: []int{1 + r.IntN(most)}, Bits: 1 + r.IntN(62), Scale: 0.5}
	switch r.IntN(4) {
	case 0: // unsigned
	case 1: // two's complement, shifted
		t.Zero = 1 << (t.Bits - 1)
	default:
		t.Zero = r.Int64N(1<<62) - 1<<61
	}
	return t
}

// randomRow has a format of its own for each element, without bits for some.
func randomRow(r *rand.Rand, name string, most int) visibility.Tensor {
	t := visibility.Tensor{Name: name, Elements: []visibility.Element{{Bits: 1, Scale: 1}}}
	for range r.IntN(most) {
		one := randomTensor(r, "", 1)
		t.Elements = append(t.Elements, visibility.Element{Bits: one.Bits * r.IntN(2), Zero: one.Zero, Scale: 0.5})
	}
	t.Shape = []int{len(t.Elements)}
	return t
}

// randomLayout draws who sees what, and formats. The first ones are those of
// pictures: bytes.
func randomLayout(r *rand.Rand, i int) visibility.Layout {
	plan := visibility.Plan{Reveal: visibility.Scores, Context: r.IntN(2) == 0}
	in, out := randomTensor(r, "x", 90), randomTensor(r, "y", 12)
	plan.Private.Input = r.IntN(5) == 0
	switch r.IntN(3) {
	case 0:
		plan.Reveal = visibility.Commitment
	case 1:
		plan.Reveal, out.Classes = visibility.Class, true
		out.Scale, out.Zero = 1, 0
	}
	if i%4 == 3 {
		in = randomRow(r, "x", 60)
	}
	if i < 2 {
		plan.Private.Input, in.Bits, in.Zero = false, 8, 0
	}
	if r.IntN(4) == 0 {
		plan.Batch = 1 + r.IntN(4)
	}
	plan.Inputs, plan.Outputs = []visibility.Tensor{in}, []visibility.Tensor{out}
	if i%3 == 2 {
		several(r, &plan)
	}
	return circuittest.Layout(plan)
}

// several adds inputs and outputs, each shown in its own way.
func several(r *rand.Rand, plan *visibility.Plan) {
	plan.Private = visibility.Private{}
	plan.Commit = []visibility.Commit{visibility.CommitTogether, visibility.CommitEach}[r.IntN(2)]
	plan.Reveals = map[string]visibility.Reveal{}
	for i := range 1 + r.IntN(3) {
		in, out := randomTensor(r, fmt.Sprint("x", i), 70), randomTensor(r, fmt.Sprint("y", i), 5)
		if r.IntN(2) == 0 {
			plan.Private.Named = append(plan.Private.Named, in.Name)
		}
		plan.Reveals[out.Name] = []visibility.Reveal{visibility.Scores, visibility.Class,
			visibility.Commitment}[r.IntN(3)]
		if plan.Reveals[out.Name] == visibility.Class {
			out.Classes, out.Scale, out.Zero = true, 1, 0
		}
		plan.Inputs, plan.Outputs = append(plan.Inputs, in), append(plan.Outputs, out)
	}
}

// randomValues are values of a format, the ends of its range often among them.
func randomValues(r *rand.Rand, t visibility.Tensor) []int64 {
	values := make([]int64, t.Count())
	for i := range values {
		e := t.Element(i)
		digit := r.Int64N(1 << e.Bits)
		switch r.IntN(6) {
		case 0:
			digit = 0
		case 1:
			digit = 1<<e.Bits - 1
		}
		values[i] = digit - e.Zero
	}
	return values
}

func randomElement(r *rand.Rand) *big.Int {
	word := make([]byte, 32)
	for i := range word {
		word[i] = byte(r.Uint32())
	}
	v := new(big.Int).SetBytes(word)
	return v.Mod(v, fr.Modulus())
}

func randomClaim(r *rand.Rand, l visibility.Layout) visibility.Claim {
	c := make(visibility.Claim, len(l.Ports))
	for i := range l.Ports {
		p := &l.Ports[i]
		if p.Is(visibility.FormPacked) || p.Is(visibility.FormElements) {
			c[i].Integers = randomValues(r, p.Tensor)
			continue
		}
		for range p.Words {
			c[i].Elements = append(c[i].Elements, randomElement(r))
		}
	}
	return c
}

// encoded is a layout's wrapper over the recorder, with a well-formed proof.
type encoded struct {
	layout visibility.Layout
	chain  *evm.Chain
	at     evm.Contract
	proof  []byte
}

// wrappers exports and deploys the wrapper of each layout.
func wrappers(t *testing.T, layouts []visibility.Layout) []encoded {
	t.Helper()
	sources := map[string]string{}
	list := make([]encoded, len(layouts))
	names := make([]string, len(layouts))
	for i, l := range layouts {
		p, err := toy.New(l, toy.About(), 8)
		if err != nil {
			t.Fatalf("layout %d, %+v: %v", i, l, err)
		}
		proof, err := p.Prove(randomClaim(rand.New(rand.NewPCG(1, 1)), l))
		if err != nil {
			t.Fatal(err)
		}
		dir := t.TempDir()
		result, err := solidity.Export(p.Key, nil, "net", dir)
		if err != nil {
			t.Fatal(err)
		}
		files, err := evm.Sources(dir)
		if err != nil {
			t.Fatal(err)
		}
		files["PlonkVerifier.sol"] = recorder
		for path, text := range files {
			sources[fmt.Sprintf("%d/%s", i, path)] = text
		}
		list[i] = encoded{layout: l, proof: proof.Proof}
		names[i] = fmt.Sprintf("%d/%s.sol:%s", i, result.Name, result.Name)
	}
	compiled, err := evm.Compile(sources)
	if errors.Is(err, evm.ErrNoCompiler) {
		t.Skip(err)
	}
	if err != nil {
		t.Fatal(err)
	}
	chain, err := evm.NewChain()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { chain.Close() })
	for i := range list {
		list[i].chain = chain
		if list[i].at, err = chain.Deploy(compiled[names[i]]); err != nil {
			t.Fatal(err)
		}
	}
	return list
}

// expecting is a proof file of a claim, whose bytes make the recorder expect the
// words that Go encodes the claim to.
func (e *encoded) expecting(t *testing.T, c visibility.Claim) *verifier.Proof {
	t.Helper()
	words, err := e.layout.Public(c)
	if err != nil {
		t.Fatal(err)
	}
	p := &verifier.Proof{Proof: append([]byte{}, e.proof...)}
	var all []byte
	for _, w := range words {
		word, err := verifier.NewWord(w)
		if err != nil {
			t.Fatal(err)
		}
		p.PublicInputs = append(p.PublicInputs, word)
		all = append(all, word[:]...)
	}
	hash := new(big.Int).SetBytes(crypto.Keccak256(all))
	hash.Rsh(hash, 3).FillBytes(p.Proof[firstScalar : firstScalar+32])
	return p
}

// answer calls the wrapper with calldata.
func (e *encoded) answer(t *testing.T, data []byte) bool {
	t.Helper()
	out, err := e.chain.CallRaw(e.at, data, 10_000_000)
	if err != nil {
		t.Fatal(err)
	}
	return new(big.Int).SetBytes(out).Sign() != 0
}

// TestEncodings compares the words that Go and Solidity make of the same claim, on
// random claims of random layouts: a wrapper given a claim's arguments must come
// to Go's words, and given those of another claim, to others. An input with a bit
// above its format must come to none.
func TestEncodings(t *testing.T) {
	layouts, claims := 24, 40
	if testing.Short() {
		layouts, claims = 4, 10
	}
	r := rand.New(rand.NewPCG(2024, 4))
	list := make([]visibility.Layout, layouts)
	for i := range list {
		list[i] = randomLayout(r, i)
	}
	for i, e := range wrappers(t, list) {
		t.Run(fmt.Sprintf("%d %s", i, describeLayout(e.layout)), func(t *testing.T) {
			for range claims {
				e.compare(t, r)
			}
		})
	}
}

func describeLayout(l visibility.Layout) string {
	first, out := l.Inputs()[0], l.Outputs()[0]
	in := fmt.Sprintf("%d of %d bits less %d", first.Count(), first.Bits, first.Zero)
	if !first.Is(visibility.FormPacked) {
		in = "private"
	}
	return strings.Join([]string{in, l.Revealed(), fmt.Sprintf("%d of %d bits", out.Count(), out.Bits)}, ", ")
}

func (e *encoded) compare(t *testing.T, r *rand.Rand) {
	t.Helper()
	c := randomClaim(r, e.layout)
	p := e.expecting(t, c)
	data, err := solidity.Calldata(e.layout, p, solidity.MethodVerify)
	if err != nil {
		t.Fatal(err)
	}
	if !e.answer(t, data) {
		t.Errorf("Go and Solidity differ on %+v", c)
	}
	other := e.expecting(t, randomClaim(r, e.layout))
	if fmt.Sprint(other.PublicInputs) == fmt.Sprint(p.PublicInputs) {
		return
	}
	other.Proof = p.Proof
	if data, err = solidity.Calldata(e.layout, other, solidity.MethodVerify); err != nil {
		t.Fatal(err)
	}
	if e.answer(t, data) {
		t.Errorf("Solidity makes the words of %+v from another claim", c)
	}
	if in := e.layout.Inputs()[0]; len(e.layout.Inputs()) == 1 && in.Is(visibility.FormPacked) && in.Bits%8 != 0 {
		e.excess(t, r, c, p)
	}
}

// excess sets a bit above the format in one element of the raw bytes.
func (e *encoded) excess(t *testing.T, r *rand.Rand, c visibility.Claim, p *verifier.Proof) {
	t.Helper()
	data, err := solidity.Calldata(e.layout, p, solidity.MethodVerify)
	if err != nil {
		t.Fatal(err)
	}
	// The input is the first argument: where it lies, then its length, then itself.
	at := 4 + 32 + int(new(big.Int).SetBytes(data[4:36]).Int64())
	in := e.layout.Inputs()[0]
	size := (in.Bits + 7) / 8
	data[at+size*r.IntN(in.Count())] |= 0x80
	if e.answer(t, data) {
		t.Errorf("a bit above the format was taken, of %+v", c)
	}
}
