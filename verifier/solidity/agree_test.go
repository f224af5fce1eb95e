package solidity_test

import (
	"bytes"
	"encoding/binary"
	"flag"
	"fmt"
	"math/big"
	"math/rand/v2"
	"sort"
	"strings"
	"testing"

	"github.com/consensys/gnark-crypto/ecc/bn254/fp"
	"github.com/consensys/gnark-crypto/ecc/bn254/fr"
	"github.com/ethereum/go-ethereum/common"

	"github.com/zkml-go/zkml/chain/evm"
	"github.com/zkml-go/zkml/testkit/toy"
	"github.com/zkml-go/zkml/verifier"
	"github.com/zkml-go/zkml/verifier/solidity"
	"github.com/zkml-go/zkml/visibility"
)

// cases is how often TestSharedAgrees compares the two verifiers.
var cases = flag.Int("cases", 400, "comparisons of the shared verifier with gnark's")

// question is what both verifiers are asked.
type question struct {
	proof  []byte
	inputs [][32]byte
}

func (q question) clone() question {
	return question{bytes.Clone(q.proof), append([][32]byte{}, q.inputs...)}
}

// words are the proof's and then the inputs, to be changed in place.
func (q question) words() [][]byte {
	var list [][]byte
	for at := 0; at+32 <= len(q.proof); at += 32 {
		list = append(list, q.proof[at:at+32])
	}
	for i := range q.inputs {
		list = append(list, q.inputs[i][:])
	}
	return list
}

// points and scalars are the proof's, to be changed in place.
func (q question) points() [][]byte { return q.parts(pointsAt, 64) }

func (q question) scalars() [][]byte { return q.parts(scalarsAt, 32) }

func (q question) parts(at []int, size int) [][]byte {
	var list [][]byte
	for _, from := range at {
		if from+size <= len(q.proof) {
			list = append(list, q.proof[from:from+size])
		}
	}
	return list
}

// pointsAt and scalarsAt are the places of points and scalars in a proof; the last
// of each is there where the circuit makes a commitment.
var (
	pointsAt  = []int{0x00, 0x40, 0x80, 0xc0, 0x100, 0x140, 0x220, 0x280, 0x2c0, 0x320}
	scalarsAt = []int{0x180, 0x1a0, 0x1c0, 0x1e0, 0x200, 0x260, 0x300}
)

// subject is a model with honest questions about it.
type subject struct {
	vk     forger
	honest []question
	other  []question
	key    common.Address
	gnarks common.Address
	model  *deployed
}

func pick[T any](random *rand.Rand, list []T) T { return list[random.IntN(len(list))] }

// boundary are words at the ends of what is allowed.
func boundary(random *rand.Rand) []byte {
	v := new(big.Int).Set(pick(random, []*big.Int{new(big.Int), fr.Modulus(), fp.Modulus(),
		new(big.Int).Lsh(big.NewInt(1), 256)}))
	v.Add(v, big.NewInt(int64(random.IntN(3)-1)))
	v.Mod(v, new(big.Int).Lsh(big.NewInt(1), 256))
	return v.FillBytes(make([]byte, 32))
}

func noise32(random *rand.Rand) []byte {
	var out []byte
	for range 4 {
		out = binary.BigEndian.AppendUint64(out, random.Uint64())
	}
	return out
}

// kinds is the table of questions. Each starts from an honest one and gives
// another.
var kinds = []struct {
	name string
	make func(s *subject, random *rand.Rand, q question) question
}{
	{"valid", func(_ *subject, _ *rand.Rand, q question) question { return q }},
	{"a bit", func(_ *subject, random *rand.Rand, q question) question {
		pick(random, q.words())[random.IntN(32)] ^= 1 << random.IntN(8)
		return q
	}},
	{"a random word", func(_ *subject, random *rand.Rand, q question) question {
		copy(pick(random, q.words()), noise32(random))
		return q
	}},
	{"a word at a boundary", func(_ *subject, random *rand.Rand, q question) question {
		copy(pick(random, q.words()), boundary(random))
		return q
	}},
	{"plus the modulus", func(_ *subject, random *rand.Rand, q question) question {
		plus(pick(random, []*big.Int{fr.Modulus(), fp.Modulus()}), pick(random, q.words()))
		return q
	}},
	{"two words exchanged", func(_ *subject, random *rand.Rand, q question) question {
		exchange(pick(random, q.words()), pick(random, q.words()))
		return q
	}},
	{"another point", func(_ *subject, random *rand.Rand, q question) question {
		copy(pick(random, q.points()), raw(randomPoint(random)))
		return q
	}},
	{"another scalar", func(_ *subject, random *rand.Rand, q question) question {
		v := randomScalar(random)
		copy(pick(random, q.scalars()), scalars(v))
		return q
	}},
	{"a point's negative", func(_ *subject, random *rand.Rand, q question) question {
		y := pick(random, q.points())[32:]
		new(big.Int).Sub(fp.Modulus(), new(big.Int).SetBytes(y)).FillBytes(y)
		return q
	}},
	{"a point at infinity", func(_ *subject, random *rand.Rand, q question) question {
		clear(pick(random, q.points()))
		return q
	}},
	{"two points exchanged", func(_ *subject, random *rand.Rand, q question) question {
		exchange(pick(random, q.points()), pick(random, q.points()))
		return q
	}},
	{"a part of another proof", func(s *subject, random *rand.Rand, q question) question {
		size := len(q.proof) / 32
		at := random.IntN(size)
		copy(q.proof[32*at:], pick(random, s.honest).proof[32*at:32*(at+1+random.IntN(size-at))])
		return q
	}},
	{"inputs of another claim", func(s *subject, random *rand.Rand, q question) question {
		q.inputs = pick(random, s.honest).clone().inputs
		return q
	}},
	{"another model's proof", func(s *subject, random *rand.Rand, q question) question {
		q.proof = pick(random, s.other).clone().proof
		return q
	}},
	{"another length", func(_ *subject, random *rand.Rand, q question) question {
		switch random.IntN(4) {
		case 0:
			q.proof = q.proof[:random.IntN(len(q.proof))]
		case 1:
			q.proof = append(q.proof, noise32(random)[:1+random.IntN(32)]...)
		case 2:
			q.inputs = q.inputs[:random.IntN(len(q.inputs))]
		default:
			q.inputs = append(q.inputs, [32]byte{31: byte(random.IntN(2))})
		}
		return q
	}},
	{"random bytes", func(_ *subject, random *rand.Rand, q question) question {
		for _, w := range q.words() {
			copy(w, noise32(random))
		}
		return q
	}},
	{"a random well-formed proof", func(_ *subject, random *rand.Rand, q question) question {
		for _, p := range q.points() {
			copy(p, raw(randomPoint(random)))
		}
		for _, v := range q.scalars() {
			copy(v, scalars(randomScalar(random)))
		}
		return q
	}},
	{"forged", func(s *subject, random *rand.Rand, q question) question { return s.forge(random, q, 0) }},
	{"forged for random inputs", func(s *subject, random *rand.Rand, q question) question {
		for i := range q.inputs {
			copy(q.inputs[i][:], scalars(randomScalar(random)))
		}
		return s.forge(random, q, 0)
	}},
	{"forged with points at infinity", func(s *subject, random *rand.Rand, q question) question {
		return s.forge(random, q, uint(random.IntN(256)))
	}},
	{"forged, then a bit", func(s *subject, random *rand.Rand, q question) question {
		q = s.forge(random, q, 0)
		pick(random, q.words())[random.IntN(32)] ^= 1 << random.IntN(8)
		return q
	}},
	{"forged, then another point or scalar", func(s *subject, random *rand.Rand, q question) question {
		q = s.forge(random, q, 0)
		copy(pick(random, q.points()), raw(randomPoint(random)))
		return q
	}},
}

func (s *subject) forge(random *rand.Rand, q question, infinite uint) question {
	f := s.vk
	f.random, f.infinite = random, infinite
	inputs := make([]fr.Element, len(q.inputs))
	for i := range inputs {
		inputs[i].SetBytes(q.inputs[i][:])
	}
	return question{f.forge(inputs), q.inputs}
}

// subjects are the models with three claims each, on a machine.
func (w *sharedWorld) subjects(t *testing.T, m *evm.Machine) []*subject {
	t.Helper()
	var list []*subject
	for _, d := range w.list {
		data, err := solidity.KeyData(d.prover.Key)
		if err != nil {
			t.Fatal(err)
		}
		s := &subject{
			vk: forger{vk: d.prover.Key.VerifyingKey()}, model: d,
			key: m.Install(data), gnarks: m.Install(d.artifacts["PlonkVerifier"].Runtime),
		}
		for i := range 3 {
			claim := toy.With(d.Layout, d.Claim, visibility.RoleOutput, func(v *visibility.Value) {
				if v.Integers != nil {
					v.Integers[0] = int64(i)
				} else {
					v.Elements[0] = big.NewInt(int64(i))
				}
			})
			p, err := d.prover.Prove(claim)
			if err != nil {
				t.Fatal(err)
			}
			q := question{proof: p.Proof}
			for _, word := range p.PublicInputs {
				q.inputs = append(q.inputs, word)
			}
			s.honest = append(s.honest, q)
		}
		list = append(list, s)
	}
	for i, s := range list {
		s.other = list[(i+1)%len(list)].honest
	}
	return list
}

// TestSharedAgrees asks gnark's verifier and the shared one the same questions:
// valid, tampered, forged and random ones, the same in each run. They give the
// same answers, where gnark's reverting counts as false and the shared one never
// reverts. Where the claim is an honest one, the verifier in Go is a third party.
func TestSharedAgrees(t *testing.T) {
	w := onSharedChain(t)
	m, err := evm.NewMachine()
	if err != nil {
		t.Fatal(err)
	}
	shared := m.Install(w.artifact.Runtime)
	list := w.subjects(t, m)
	asked, accepted := map[string]int{}, map[string]int{}
	for i := range *cases {
		random := rand.New(rand.NewPCG(1, uint64(i)))
		s, kind := list[i/len(kinds)%len(list)], kinds[i%len(kinds)]
		honest := pick(random, s.honest)
		q := kind.make(s, random, honest.clone())
		name := fmt.Sprintf("case %d (%s, %s)", i, kind.name, s.model.Name)
		answer, _, err := m.Call(shared, w.sharedCall(t, s.key, q.proof, q.inputs), 1_000_000)
		if err != nil || len(answer) != 32 {
			t.Fatalf("%s: the shared verifier answers %x, %v", name, answer, err)
		}
		got := new(big.Int).SetBytes(answer).Cmp(big.NewInt(1)) == 0
		if want := s.askGnarks(m, q); got != want {
			t.Fatalf("%s: the shared verifier says %t, gnark's %t\n%x\n%x", name, got, want, q.proof, q.inputs)
		}
		if fits, want := s.askGo(q, honest); fits && got != want {
			t.Fatalf("%s: the shared verifier says %t, Go's %t", name, got, want)
		}
		asked[kind.name]++
		if got {
			accepted[kind.name]++
		}
	}
	t.Log(report(asked, accepted))
	for _, name := range []string{"valid", "forged", "forged for random inputs"} {
		if accepted[name] != asked[name] {
			t.Errorf("%s: %d of %d accepted", name, accepted[name], asked[name])
		}
	}
}

func (s *subject) askGnarks(m *evm.Machine, q question) bool {
	p := &verifier.Proof{Proof: q.proof}
	for _, word := range q.inputs {
		p.PublicInputs = append(p.PublicInputs, word)
	}
	answer, _, err := m.Call(s.gnarks, solidity.PlonkCalldata(p), 1_000_000)
	return err == nil && new(big.Int).SetBytes(answer).Cmp(big.NewInt(1)) == 0
}

// askGo asks verifier.Verify, which takes claims of the layout alone and no point
// at infinity, which Go hashes in another way.
func (s *subject) askGo(q, honest question) (fits, holds bool) {
	if fmt.Sprint(q.inputs) != fmt.Sprint(honest.inputs) {
		return false, false
	}
	p := *s.model.proof
	p.Proof, p.PublicInputs = q.proof, nil
	words := make([]*big.Int, len(q.inputs))
	for i, word := range q.inputs {
		p.PublicInputs = append(p.PublicInputs, word)
		words[i] = p.PublicInputs[i].Int()
	}
	for _, p := range q.points() {
		if bytes.Equal(p, make([]byte, 64)) {
			return false, false
		}
	}
	claim, err := s.model.Layout.Claim(words)
	if err != nil {
		return false, false
	}
	p.Claim = verifier.InWords(s.model.Layout, claim)
	_, err = verifier.Verify(s.model.prover.Key, &p)
	return true, err == nil
}

func report(asked, accepted map[string]int) string {
	var lines []string
	total, yes := 0, 0
	for name, n := range asked {
		lines = append(lines, fmt.Sprintf("%-40s %5d asked %5d accepted", name, n, accepted[name]))
		total, yes = total+n, yes+accepted[name]
	}
	sort.Strings(lines)
	return fmt.Sprintf("\n%s\n%-40s %5d asked %5d accepted, no disagreement", strings.Join(lines, "\n"), "all",
		total, yes)
}

// exchange swaps the bytes of two places.
func exchange(a, b []byte) {
	was := bytes.Clone(a)
	copy(a, b)
	copy(b, was)
}
