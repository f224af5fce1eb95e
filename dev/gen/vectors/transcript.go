package main

import (
	"crypto/sha256"
	"math/big"

	"github.com/consensys/gnark-crypto/ecc/bn254"
	"github.com/consensys/gnark-crypto/ecc/bn254/fr"

	"github.com/zkml-go/zkml/verifier"
)

// transcript is what a PLONK proof's challenges are drawn from, and they. A point is the
// 64 bytes of its coordinates. It is computed here from the paper's and gnark's
// definition, and not by the verifier that a test compares with it.
type transcript struct {
	What  string          `json:"what"`
	Key   []verifier.Hex  `json:"key"`
	Qcp   []verifier.Hex  `json:"qcp"`
	Words []verifier.Word `json:"public_inputs"`
	LRO   []verifier.Hex  `json:"lro"`
	Bsb   []verifier.Hex  `json:"commitments"`
	Z     verifier.Hex    `json:"z"`
	H     []verifier.Hex  `json:"h"`
	Gamma verifier.Word   `json:"gamma"`
	Beta  verifier.Word   `json:"beta"`
	Alpha verifier.Word   `json:"alpha"`
	Zeta  verifier.Word   `json:"zeta"`
}

// transcripts are of a circuit that makes no commitment, and of one that makes one.
// Their points are multiples of the generator.
func transcripts() []transcript {
	next := int64(0)
	point := func() verifier.Hex {
		next++
		var p bn254.G1Affine
		p.ScalarMultiplicationBase(big.NewInt(next))
		raw := p.RawBytes()
		return raw[:]
	}
	points := func(n int) []verifier.Hex {
		list := make([]verifier.Hex, n)
		for i := range list {
			list[i] = point()
		}
		return list
	}
	var out []transcript
	for n, what := range []string{"no commitment", "one commitment"} {
		t := transcript{What: what, Key: points(8), Qcp: points(n), LRO: points(3), Bsb: points(n), Z: point(),
			H: points(3)}
		for i := range 3 + n {
			t.Words = append(t.Words, word(big.NewInt(int64(1000*i))))
		}
		t.run()
		out = append(out, t)
	}
	return out
}

// run draws the challenges: each is the SHA-256 of its name, the last digest and what is
// bound to it, taken modulo r.
func (t *transcript) run() {
	var last []byte
	draw := func(name string, to *verifier.Word, parts ...[]verifier.Hex) {
		text := append([]byte(name), last...)
		for _, list := range parts {
			for _, p := range list {
				text = append(text, p...)
			}
		}
		sum := sha256.Sum256(text)
		last = sum[:]
		*to = word(new(big.Int).Mod(new(big.Int).SetBytes(last), fr.Modulus()))
	}
	inputs := make([]verifier.Hex, len(t.Words))
	for i, w := range t.Words {
		inputs[i] = w[:]
	}
	draw("gamma", &t.Gamma, t.Key, t.Qcp, inputs, t.LRO)
	draw("beta", &t.Beta)
	draw("alpha", &t.Alpha, t.Bsb, []verifier.Hex{t.Z})
	draw("zeta", &t.Zeta, t.H)
}
