package gate

import (
	"errors"
	"math/big"
	"math/bits"
	"sync"

	"github.com/consensys/gnark-crypto/ecc"
	"github.com/consensys/gnark/constraint/solver"
	"github.com/consensys/gnark/frontend"
	"github.com/consensys/gnark/frontend/cs/scs"
)

// Counter counts gates without emitting any. Its wires are distinct numbers.
type Counter struct {
	Gates int
	// Budget, where not 0, is the most gates to count: beyond it, or beyond the number
	// of wires that so many gates can connect, a method panics with ErrBudget.
	Budget int
	wires  int
	// committed has a bit for each wire that Commit is to be given.
	committed []uint64
}

// ErrBudget says that a circuit has more gates than its Counter's Budget.
var ErrBudget = errors.New("the circuit has more gates than expected")

// wiresPerGate is generous: a gate has three wires, and few wires have no gate.
const wiresPerGate = 8

func (c *Counter) gates(n int) {
	if c.Gates += n; c.Budget > 0 && c.Gates > c.Budget {
		panic(ErrBudget)
	}
}

// Add counts n gates whose wires nobody reads.
func (c *Counter) Add(n int) { c.gates(n) }

func (c *Counter) wire() Wire {
	c.wires++
	return c.wires
}

// Linear implements API.
func (c *Counter) Linear(_, _ Term) Wire { c.gates(1); return c.wire() }

// Sum counts a sum of n terms, two or more, as the function Sum emits it.
func (c *Counter) Sum(n int) Wire { c.gates(n - 1); return c.wire() }

// AssertZero counts the assertion that a sum of n terms is zero, as the function
// AssertZero emits it.
func (c *Counter) AssertZero(n int) {
	if n > 0 {
		c.gates(max(n-2, 1))
	}
}

// Zero implements API.
func (c *Counter) Zero(_, _, _ Term) { c.gates(1) }

// Quad implements API.
func (c *Counter) Quad(_, _ Wire, _ Q) Wire { c.gates(1); return c.wire() }

// Form implements API.
func (c *Counter) Form(_, _ Term, _ Q) Wire { c.gates(1); return c.wire() }

// Assert implements API.
func (c *Counter) Assert(_, _, _ Wire, _ Q) { c.gates(1) }

// Mask implements API.
func (c *Counter) Mask(_, _ Term, _ *big.Int) Wire { c.gates(1); return c.wire() }

// Hint implements API.
func (c *Counter) Hint(_ solver.Hint, n int, _ ...Wire) []Wire { return c.Inputs(n) }

// Inputs makes n wires for the circuit's inputs.
func (c *Counter) Inputs(n int) []Wire {
	if c.Budget > 0 && n > wiresPerGate*c.Budget-c.wires {
		panic(ErrBudget)
	}
	out := make([]Wire, n)
	for i := range out {
		out[i] = c.wire()
	}
	return out
}

// Inverse implements API.
func (c *Counter) Inverse(ws []Wire) []Wire {
	c.gates(len(ws))
	return c.Inputs(len(ws))
}

// Commits notes a wire that is among those of the circuit's Commit, so that nobody has
// to keep a list of all of them: a large circuit commits millions.
func (c *Counter) Commits(w Wire) {
	n := w.(int)
	if grow := n/64 + 1 - len(c.committed); grow > 0 {
		c.committed = append(c.committed, make([]uint64, grow)...)
	}
	c.committed[n/64] |= 1 << (n % 64)
}

// Commit implements API, for ws and the wires that were noted before.
func (c *Counter) Commit(ws []Wire) Wire {
	for _, w := range ws {
		c.Commits(w)
	}
	different := 0
	for _, word := range c.committed {
		different += bits.OnesCount64(word)
	}
	c.gates(different + 1)
	return c.wire()
}

// Permute implements API. gnark's permutation drops additions of constants
// where it can, so its gates are counted once by compiling it.
func (c *Counter) Permute(state []Wire) {
	c.gates(permutationGates(keyOf(state)))
	copy(state, c.Inputs(len(state)))
}

// permutationKey is what the gates of a permutation depend on: its width, and
// bits for the elements that are constants and for those that are zero.
type permutationKey struct {
	width           int
	constant, zeros uint
}

func keyOf(state []Wire) permutationKey {
	key := permutationKey{width: len(state)}
	for i, w := range state {
		if k, ok := w.(*big.Int); ok {
			key.constant |= 1 << i
			if k.Sign() == 0 {
				key.zeros |= 1 << i
			}
		}
	}
	return key
}

var permutations sync.Map // permutationKey -> int

func permutationGates(key permutationKey) int {
	if n, ok := permutations.Load(key); ok {
		return n.(int)
	}
	circuit := &permutationCircuit{In: make([]frontend.Variable, key.width), key: key}
	cs, err := frontend.Compile(ecc.BN254.ScalarField(), scs.NewBuilder, circuit, frontend.IgnoreUnconstrainedInputs())
	if err != nil {
		panic("gate: permutation: " + err.Error())
	}
	n := cs.GetNbConstraints()
	permutations.Store(key, n)
	return n
}

type permutationCircuit struct {
	In  []frontend.Variable
	key permutationKey
}

// Define implements frontend.Circuit.
func (p *permutationCircuit) Define(api frontend.API) error {
	state := make([]Wire, len(p.In))
	for i, w := range p.In {
		state[i] = w
		switch {
		case p.key.zeros>>i&1 == 1:
			state[i] = new(big.Int)
		case p.key.constant>>i&1 == 1:
			state[i] = big.NewInt(int64(i) + 3)
		}
	}
	NewPlonk(api).Permute(state)
	return nil
}
