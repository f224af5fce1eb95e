package circuits_test

import (
	"fmt"
	"math"
	"math/big"
	"math/rand"
	"testing"

	"github.com/zkml-go/zkml/circuits"
	"github.com/zkml-go/zkml/gate"
	"github.com/zkml-go/zkml/visibility"
)

// TestCommitment: for every number of words, around every width of the
// permutation and for several calls, the circuit hashes as Commit does.
func TestCommitment(t *testing.T) {
	r := rand.New(rand.NewSource(2))
	element := func() *big.Int { return new(big.Int).Rand(r, field) }
	for n := 1; n <= 40; n++ {
		t.Run(fmt.Sprint(n), func(t *testing.T) {
			c := custom(t, n+2, func(b *circuits.Builder, _ gate.API, in []gate.Wire) {
				b.Equal(b.Commitment(circuits.ValueDomain, in[1], in[2:]), in[0])
			})
			salt, words := element(), make([]*big.Int, n)
			in := []any{nil, salt}
			for i := range words {
				words[i] = element()
				in = append(in, words[i])
			}
			in[0] = circuits.Commit(circuits.ValueDomain, salt, words)
			c.Admits(in)
			for _, i := range []int{0, 1, 2, len(in) - 1, r.Intn(len(in))} {
				wrong := append([]any{}, in...)
				wrong[i] = new(big.Int).Add(in[i].(*big.Int), big.NewInt(1))
				c.Refuses(wrong)
			}
		})
	}
}

// TestCommitmentsDiffer: in the domain, in the number of words, in the salt, in
// the format.
func TestCommitmentsDiffer(t *testing.T) {
	salt := big.NewInt(7)
	seen := map[string]string{}
	add := func(name string, c *big.Int) {
		if other, ok := seen[c.String()]; ok {
			t.Errorf("%s and %s have one commitment", name, other)
		}
		seen[c.String()] = name
	}
	for _, n := range []int{1, 2, 3, 4, 11, 15, 16, 30, 31} { // words of zero alone
		zeros := integers(make([]int64, n)...)
		add(fmt.Sprint(n, " zeros"), circuits.Commit(circuits.ValueDomain, salt, zeros))
		add(fmt.Sprint(n, " zeros, of a model"), circuits.Commit(circuits.ModelDomain, salt, zeros))
		add(fmt.Sprint(n, " zeros, other salt"), circuits.Commit(circuits.ValueDomain, big.NewInt(8), zeros))
	}
	one := visibility.Tensor{Shape: []int{2, 3}, Bits: 8, Zero: 3, Scale: 0.5}
	for name, change := range map[string]func(*visibility.Tensor){
		"as it is":     func(*visibility.Tensor) {},
		"another size": func(t *visibility.Tensor) { t.Shape = []int{5} },
		"bits":         func(t *visibility.Tensor) { t.Bits = 9 },
		"zero":         func(t *visibility.Tensor) { t.Zero = 4 },
		"scale":        func(t *visibility.Tensor) { t.Scale = math.Nextafter(0.5, 1) },
	} {
		other := one
		change(&other)
		add("format, "+name, circuits.Commit(circuits.ValueDomain.Of(other.Domain()), salt, integers(0)))
	}
	renamed := visibility.Tensor{Name: "x", Shape: []int{6}, Bits: 8, Zero: 3, Scale: 0.5}
	if circuits.ValueDomain.Of(renamed.Domain()) != circuits.ValueDomain.Of(one.Domain()) {
		t.Error("a tensor's name or axes change its commitment")
	}
	add("salt and word exchanged", circuits.Commit(circuits.ValueDomain, new(big.Int), []*big.Int{salt}))
}
