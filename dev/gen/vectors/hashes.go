package main

import (
	"crypto/sha256"
	"encoding/binary"
	"math/big"
	"strconv"

	"github.com/consensys/gnark-crypto/ecc/bn254/fr"
	"github.com/consensys/gnark-crypto/ecc/bn254/fr/poseidon2"
	"github.com/consensys/gnark-crypto/ecc/bn254/twistededwards"

	"github.com/zkml-go/zkml/circuits"
	"github.com/zkml-go/zkml/gate"
	"github.com/zkml-go/zkml/verifier"
	"github.com/zkml-go/zkml/visibility"
)

type permutation struct {
	Width int             `json:"width"`
	In    []verifier.Word `json:"in"`
	Out   []verifier.Word `json:"out"`
}

type tag struct {
	Domain   string        `json:"domain"`
	Elements uint64        `json:"elements"`
	Tag      verifier.Word `json:"tag"`
}

type challenge struct {
	R         [2]verifier.Word `json:"r"`
	Key       [2]verifier.Word `json:"key"`
	Message   verifier.Word    `json:"message"`
	Challenge verifier.Word    `json:"challenge"`
}

// permutations are Poseidon2 of zeros, of small numbers, and of the largest, at each
// width.
func permutations() []permutation {
	var out []permutation
	for _, w := range []int{4, 8, 12, 16} {
		p := poseidon2.NewPermutation(w, gate.FullRounds, gate.PartialRounds(w))
		for _, of := range []func(i int) *big.Int{
			func(int) *big.Int { return new(big.Int) },
			func(i int) *big.Int { return big.NewInt(int64(i)) },
			func(i int) *big.Int { return new(big.Int).Sub(fr.Modulus(), big.NewInt(int64(i+1))) },
		} {
			state := make([]fr.Element, w)
			for i := range state {
				state[i].SetBigInt(of(i))
			}
			v := permutation{Width: w, In: elements(state)}
			if err := p.Permutation(state); err != nil {
				panic(err) // the state has the permutation's width
			}
			v.Out = elements(state)
			out = append(out, v)
		}
	}
	return out
}

func elements(list []fr.Element) []verifier.Word {
	out := make([]verifier.Word, len(list))
	for i := range list {
		out[i] = verifier.Word(list[i].Bytes())
	}
	return out
}

// tags are computed here from their definition.
func tags() []tag {
	var out []tag
	for _, d := range []circuits.Domain{
		circuits.ValueDomain, circuits.ModelDomain, circuits.MessageDomain, circuits.SignatureDomain,
	} {
		for _, n := range []uint64{1, 5, 1 << 20} {
			sum := sha256.Sum256(binary.BigEndian.AppendUint64([]byte(d), n))
			out = append(out, tag{string(d), n, word(new(big.Int).SetBytes(sum[:31]))})
		}
	}
	return out
}

// hashes have each width, with its fewest and most elements, and several blocks.
func hashes() []hashed {
	var out []hashed
	for _, n := range []int{1, 3, 4, 7, 8, 11, 12, 15, 16, 30, 31} {
		in := make([]*big.Int, n)
		for i := range in {
			in[i] = new(big.Int).Sub(fr.Modulus(), big.NewInt(int64(1+i*i)))
		}
		d := circuits.Domain("vectors")
		out = append(out, hashed{string(d), wordsOf(in), word(circuits.Hash(d, in))})
	}
	return out
}

// commitments are to one tensor, to several together, and to a model's words.
func commitments(tensors []visibility.Tensor) ([]commitment, error) {
	salt := new(big.Int).Rsh(fr.Modulus(), 3)
	var out []commitment
	for _, c := range []struct {
		what string
		of   []visibility.Tensor
	}{
		{"one tensor, width 4", tensors[:1]}, {"one tensor, width 4, negative values", tensors[1:2]},
		{"several together, width 8", tensors[:3]}, {"one tensor, width 12", tensors[5:6]},
		{"one tensor, width 16, two blocks", tensors[4:5]},
		{"one tensor, width 4, a format for each element", tensors[6:7]},
	} {
		one := commitment{What: c.what, Salt: word(salt)}
		plan := visibility.Plan{
			Private: visibility.Private{Input: true}, Reveal: visibility.Scores, Inputs: c.of,
			Outputs: []visibility.Tensor{{Name: "y", Shape: []int{1}, Bits: 8, Scale: 1}},
		}
		l, err := plan.Layout()
		if err != nil {
			return nil, err
		}
		integers := map[int][]int64{}
		for i, t := range c.of {
			one.Tensors, integers[i] = append(one.Tensors, packed(t)), values(t)
		}
		made, err := circuits.CommitPort(l, l.Inputs()[0], salt, integers)
		if err != nil {
			return nil, err
		}
		one.Domain = string(circuits.ValueDomain.Of(l.Domain(l.Inputs()[0])))
		one.Commitment = word(made)
		out = append(out, one)
	}
	list := []*big.Int{big.NewInt(1), new(big.Int).Lsh(big.NewInt(1), 252), new(big.Int)}
	return append(out, commitment{
		What: "a model's weights, packed", Words: wordsOf(list), Domain: string(circuits.ModelDomain), Salt: word(salt),
		Commitment: word(circuits.Commit(circuits.ModelDomain, salt, list)),
	}), nil
}

// messageDomain is written here from its definition.
func messageDomain(t visibility.Tensor, purpose string) string {
	d := string(circuits.MessageDomain) + ": " + t.Domain()
	if purpose != "" {
		d += "; for " + strconv.QuoteToASCII(purpose)
	}
	return d
}

// challengeOf is that of a signature whose R and key are multiples of the base point.
func challengeOf(m *big.Int) challenge {
	point := func(k int64) circuits.Point {
		base := twistededwards.GetEdwardsCurve().Base
		var p twistededwards.PointAffine
		p.ScalarMultiplication(&base, big.NewInt(k))
		return circuits.Point{X: p.X.BigInt(new(big.Int)), Y: p.Y.BigInt(new(big.Int))}
	}
	r, key := point(7), point(11)
	two := func(p circuits.Point) [2]verifier.Word { return [2]verifier.Word{word(p.X), word(p.Y)} }
	return challenge{two(r), two(key), word(m), word(circuits.Challenge(r, key, m))}
}
