package chain_test

import (
	"context"
	"crypto/ecdsa"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"math/big"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/core/types"
	"github.com/ethereum/go-ethereum/crypto"
	"github.com/ethereum/go-ethereum/ethclient/simulated"

	"github.com/zkml-go/zkml/chain"
	"github.com/zkml-go/zkml/chain/solc"
	"github.com/zkml-go/zkml/testkit/circuittest"
	"github.com/zkml-go/zkml/verifier"
	"github.com/zkml-go/zkml/verifier/solidity"
	"github.com/zkml-go/zkml/visibility"
)

// stand is a contract that looks like a wrapper, and judges by the proof's first
// byte.
const stand = `// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

contract Stand {
    error ProofRejected();
    error VerifierOutOfGas();
    error AlreadyUsed(address sender, uint256 times);

    event Accepted(address indexed sender, int256 first);

    bytes32 public constant VK_SHA256 = 0x1111111111111111111111111111111111111111111111111111111111111111;
    address public immutable verifier = address(this);
    mapping(bytes32 => uint256) public used;

    function verify(bytes32, int256[] calldata, bytes calldata proof) external pure returns (bool) {
        return proof[0] == 0x01;
    }

    function verifyOrRevert(bytes32, int256[] calldata, bytes calldata proof) public pure {
        if (proof[0] == 0x00) revert ProofRejected();
        if (proof[0] == 0x02) revert VerifierOutOfGas();
        if (proof[0] == 0x03) revert("in words\x1b[1m");
    }

    function submit(bytes32 input, int256[] calldata output, bytes calldata proof) external {
        verifyOrRevert(input, output, proof);
        uint256 times = ++used[keccak256(proof)];
        if (times > 1) revert AlreadyUsed(msg.sender, times);
        emit Accepted(msg.sender, output[0]);
    }
}

contract StandConsumer {
    Stand public immutable model;

    constructor(Stand model_) {
        require(address(model_) != address(0), "no model");
        model = model_;
    }
}

contract Refuser {
    function check(bytes calldata) external pure returns (bool) {
        return false;
    }
}

contract Silent {
    fallback() external {}
}

contract Mimic {
    bytes32 public constant VK_SHA256 = 0x1111111111111111111111111111111111111111111111111111111111111111;

    fallback(bytes calldata) external returns (bytes memory) {
        return abi.encode(true);
    }
}

contract Mumbler {
    bytes32 public constant VK_SHA256 = 0x1111111111111111111111111111111111111111111111111111111111111111;

    function verify(bytes32, int256[] calldata, bytes calldata) external pure returns (uint256) {
        return 2;
    }
}
`

// standKey is the digest of the key that the stand shows.
var standKey = strings.Repeat("11", 32)

var layout = circuittest.Layout(visibility.Plan{
	Private: visibility.Private{Input: true}, Reveal: visibility.Scores,
	Inputs:  []visibility.Tensor{{Name: "x", Shape: []int{3}, Bits: 8, Scale: 1}},
	Outputs: []visibility.Tensor{{Name: "y", Shape: []int{2}, Bits: 8, Zero: 128, Scale: 0.5}},
})

// proofOf is a proof of the stand, whose first byte decides.
func proofOf(first byte) *verifier.Proof {
	words, err := layout.Public(visibility.Claim{{Elements: []*big.Int{big.NewInt(7)}}, {Integers: []int64{-3, 4}}, {}})
	if err != nil {
		panic(err)
	}
	p := &verifier.Proof{VKSHA256: standKey, Proof: []byte{first, 0xff}}
	for _, w := range words {
		word, err := verifier.NewWord(w)
		if err != nil {
			panic(err)
		}
		p.PublicInputs = append(p.PublicInputs, word)
	}
	return p
}

// eager is a chain in memory that mines whatever it is sent, unless it is told to
// be slow.
type eager struct {
	simulated.Client
	backend *simulated.Backend
	slow    bool
}

// SendTransaction sends and mines.
func (e *eager) SendTransaction(ctx context.Context, tx *types.Transaction) error {
	err := e.Client.SendTransaction(ctx, tx)
	if err == nil && !e.slow {
		e.backend.Commit()
	}
	return err
}

// world is a node with a rich account, and the stand as an exported project.
type world struct {
	*chain.Node
	client  *eager
	project *chain.Project
}

func newKey(t *testing.T) *ecdsa.PrivateKey {
	t.Helper()
	key, err := crypto.GenerateKey()
	if err != nil {
		t.Fatal(err)
	}
	return key
}

// signer puts a key into the environment and takes it from there.
func signer(t *testing.T, key *ecdsa.PrivateKey) chain.Signer {
	t.Helper()
	t.Setenv("STAND_KEY", fmt.Sprintf("0x%x", crypto.FromECDSA(key)))
	s, err := chain.KeyFromEnv("STAND_KEY")
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func newWorld(t *testing.T) *world {
	t.Helper()
	p, err := theProject()
	if errors.Is(err, solc.ErrNoCompiler) {
		t.Skip(err)
	}
	if err != nil {
		t.Fatal(err)
	}
	key := newKey(t)
	rich := types.GenesisAlloc{crypto.PubkeyToAddress(key.PublicKey): {Balance: big.NewInt(1e18)}}
	backend := simulated.NewBackend(rich)
	t.Cleanup(func() { backend.Close() })
	e := &eager{Client: backend.Client(), backend: backend}
	n, err := chain.NewNode(t.Context(), e)
	if err != nil {
		t.Fatal(err)
	}
	n.Signer = signer(t, key)
	return &world{n, e, p}
}

// theProject is the stand as an exported folder, compiled once.
var theProject = sync.OnceValues(func() (*chain.Project, error) {
	dir, err := os.MkdirTemp("", "zkml-chain-*")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	if err := writeProject(dir); err != nil {
		return nil, err
	}
	p, err := chain.OpenProject(dir)
	if err != nil {
		return nil, err
	}
	return p, p.Compile("", false)
})

func writeProject(dir string) error {
	text, err := json.Marshal(solidity.Description{
		Version: solidity.DescriptionVersion, Name: "Stand", VKSHA256: standKey, Layout: layout,
		Sources: map[string]string{"Stand.sol": fmt.Sprintf("%x", sha256.Sum256([]byte(stand)))},
	})
	if err != nil {
		return err
	}
	sources := filepath.Join(dir, "src")
	return errors.Join(
		os.Mkdir(sources, 0o700),
		os.WriteFile(filepath.Join(dir, "abi.json"), []byte(`[]`), 0o600),
		os.WriteFile(filepath.Join(dir, "stand.json"), text, 0o600),
		os.WriteFile(filepath.Join(sources, "Stand.sol"), []byte(stand), 0o600),
	)
}

func TestOpenProjectRefuses(t *testing.T) {
	for _, c := range []struct{ name, text, want string }{
		{"nothing", `[]`, "no description"},
		{"something else", `{"version":1}`, "no description"},
		{"another version", `{"version":9,"name":"Stand","vk_sha256":"` + standKey + `"}`, "version 9"},
		{"a broken layout", `{"version":2,"name":"Stand","vk_sha256":"` + standKey + `"}`, "layout"},
	} {
		t.Run(c.name, func(t *testing.T) {
			dir := t.TempDir()
			if err := os.WriteFile(filepath.Join(dir, "a.json"), []byte(c.text), 0o600); err != nil {
				t.Fatal(err)
			}
			if _, err := chain.OpenProject(dir); err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("got %v, want %q", err, c.want)
			}
		})
	}
	dir := t.TempDir()
	if err := writeProject(dir); err != nil {
		t.Fatal(err)
	}
	if err := os.Rename(filepath.Join(dir, "src", "Stand.sol"), filepath.Join(dir, "src", "Other.sol")); err != nil {
		t.Fatal(err)
	}
	p, err := chain.OpenProject(dir)
	if err != nil {
		t.Fatal(err)
	}
	if err := p.Compile("", false); err == nil || !strings.Contains(err.Error(), "there is no Stand.sol") {
		t.Errorf("without its source: %v", err)
	}
}

// signed is the creation of a contract of the project.
func (w *world) signed(t *testing.T, name string, args ...any) (*chain.Creation, error) {
	t.Helper()
	b, err := w.project.Build(name, args...)
	if err != nil {
		t.Fatal(err)
	}
	plan, err := w.Plan(t.Context(), nil, b.Code())
	if err != nil {
		return nil, err
	}
	if plan.Limit <= plan.Gas || plan.Most().Cmp(plan.Balance) > 0 {
		t.Errorf("%s: plan %+v", name, plan)
	}
	return w.SignCreation(t.Context(), plan, b)
}

// create deploys a contract of the project.
func (w *world) create(t *testing.T, name string, args ...any) *chain.Contract {
	t.Helper()
	made, err := w.signed(t, name, args...)
	if err == nil {
		err = w.Create(t.Context(), made, time.Minute)
	}
	if err != nil {
		t.Fatal(err)
	}
	if c := &made.Contract; c.Unconfirmed || c.Block == nil || c.GasUsed == 0 {
		t.Errorf("%s: %+v", name, c)
	}
	return &made.Contract
}

// deployment is the stand on the chain.
func (w *world) deployment(t *testing.T) *chain.Deployment {
	t.Helper()
	wrapper := w.create(t, "Stand")
	return &chain.Deployment{
		Name: "Stand", VKSHA256: standKey, Layout: layout, Verifier: wrapper.Address,
		Contracts: []chain.Contract{*wrapper, *w.create(t, "StandConsumer", wrapper.Address)},
	}
}

func TestDeploy(t *testing.T) {
	w := newWorld(t)
	d := w.deployment(t)
	at, err := w.ConfirmWrapper(t.Context(), &d.Contracts[0], standKey, time.Minute)
	if err != nil || at != d.Contracts[0].Address {
		t.Errorf("verifier at %s, %v", at, err)
	}
	other := d.Contracts[0]
	for name, key := range map[string]string{"another key": strings.Repeat("22", 32), "no contract": standKey} {
		if name == "no contract" {
			other.Address = common.HexToAddress("0x1234")
		}
		if _, err := w.ConfirmWrapper(t.Context(), &other, key, 0); !errors.Is(err, chain.ErrOtherContract) {
			t.Errorf("%s: %v", name, err)
		}
	}
	b, err := w.project.Build("StandConsumer", common.Address{})
	if err != nil {
		t.Fatal(err)
	}
	var r *chain.Revert
	if _, err := w.Plan(t.Context(), nil, b.Code()); !errors.As(err, &r) || r.Text != "no model" {
		t.Errorf("a constructor that reverts: %v", err)
	}
	if _, err := w.project.Build("StandConsumer"); err == nil {
		t.Error("a constructor without its argument")
	}
	if _, err := w.project.Build("Nothing"); err == nil {
		t.Error("a contract that is not there")
	}
}

// TestPoor refuses before anything is sent.
func TestPoor(t *testing.T) {
	w := newWorld(t)
	w.Signer = signer(t, newKey(t))
	if _, err := w.signed(t, "Stand"); !errors.Is(err, chain.ErrInsufficientFunds) {
		t.Errorf("got %v", err)
	}
}

// TestPatience gives up on a transaction that nobody mines, and names it.
func TestPatience(t *testing.T) {
	w := newWorld(t)
	w.client.slow = true
	made, err := w.signed(t, "Stand")
	if err != nil {
		t.Fatal(err)
	}
	if err := w.Create(t.Context(), made, time.Millisecond); !errors.Is(err, chain.ErrPending) ||
		!strings.Contains(err.Error(), "0x") || !made.Contract.Unconfirmed {
		t.Errorf("got %v, %+v", err, made.Contract)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	for name, wait := range map[string]func() (*types.Receipt, error){
		"waiting": func() (*types.Receipt, error) { return w.Wait(ctx, common.Hash{1}, time.Minute) },
		"sending": func() (*types.Receipt, error) { return w.Send(ctx, types.NewTx(&types.LegacyTx{}), time.Minute) },
	} {
		if _, err := wait(); !errors.Is(err, context.Canceled) || !errors.Is(err, chain.ErrPending) {
			t.Errorf("interrupted while %s: %v", name, err)
		}
	}
}
