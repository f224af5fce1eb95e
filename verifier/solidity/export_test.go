package solidity_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"sort"
	"strings"
	"testing"

	"github.com/ethereum/go-ethereum/accounts/abi"

	"github.com/zkml-go/zkml/chain/evm"
	"github.com/zkml-go/zkml/testkit/toy"
	"github.com/zkml-go/zkml/verifier"
	"github.com/zkml-go/zkml/verifier/solidity"
	"github.com/zkml-go/zkml/visibility"
)

func TestIdentifier(t *testing.T) {
	for _, c := range []struct{ model, want string }{
		{"mnist", "Mnist"},
		{"models/mnist-8.onnx", "Mnist8"},
		{"784-64-10", "Model784_64_10"},
		{"credit score (v2)", "CreditScoreV2"},
		{"", "Model"},
		{"数字", "Model"},
		{"../../etc/passwd", "Passwd"},
		{"x; selfdestruct(0)", "XSelfdestruct0"},
		{"PlonkVerifier", "PlonkVerifierModel"},
		{"ProofRejected", "ProofRejectedModel"},
		{"R", "RModel"},
		{strings.Repeat("long", 100), "L" + strings.Repeat("long", 100)[1:64]},
	} {
		t.Run(c.model, func(t *testing.T) {
			got := solidity.Identifier(c.model)
			if got != c.want {
				t.Errorf("got %s, want %s", got, c.want)
			}
			if !regexp.MustCompile(`^[A-Z][A-Za-z0-9_]*$`).MatchString(got) {
				t.Errorf("%s is no identifier", got)
			}
		})
	}
}

// small is a toy key with its proof, for tests that need no chain.
func small(t *testing.T, prefix string, about verifier.About) (*verifier.Key, *verifier.Proof) {
	t.Helper()
	s := toy.Find(prefix)
	p, err := toy.New(s.Layout, about, 0)
	if err != nil {
		t.Fatal(err)
	}
	proof, err := p.Prove(s.Claim)
	if err != nil {
		t.Fatal(err)
	}
	return p.Key, proof
}

func read(t *testing.T, parts ...string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(parts...))
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func TestExportFiles(t *testing.T) {
	key, proof := small(t, "input 8 bits", toy.About())
	parent := t.TempDir()
	dir := filepath.Join(parent, "new", "out")
	r, err := solidity.Export(key, proof, "mnist.onnx", dir)
	if err != nil {
		t.Fatal(err)
	}
	want := solidity.Result{
		Directory: dir, Name: "Mnist",
		Contracts: []string{"PlonkVerifier", "Mnist", "IMnist", "MnistConsumer"},
		Files: []string{"PlonkVerifier.sol", "InferenceFormat.sol", "IMnist.sol", "Mnist.sol",
			"consumer/MnistConsumer.sol", "test/Mnist.t.sol", "foundry.toml", ".gitignore", "slither.config.json",
			"README.md", "mnist.json"},
	}
	if !reflect.DeepEqual(r, want) {
		t.Errorf("got %+v", r)
	}
	var plonk bytes.Buffer
	if err := key.VerifyingKey().ExportSolidity(&plonk); err != nil {
		t.Fatal(err)
	}
	if read(t, dir, "PlonkVerifier.sol") != plonk.String() {
		t.Error("gnark's verifier was touched")
	}
	t.Run("again", func(t *testing.T) {
		before := map[string]string{}
		for _, f := range r.Files {
			before[f] = read(t, dir, f)
		}
		if err := os.WriteFile(filepath.Join(dir, "mine.txt"), []byte("kept"), 0o644); err != nil {
			t.Fatal(err)
		}
		if _, err := solidity.Export(key, proof, "mnist.onnx", dir); err != nil {
			t.Fatal(err)
		}
		for f, text := range before {
			if read(t, dir, f) != text {
				t.Errorf("%s differs from the first time", f)
			}
		}
		if read(t, dir, "mine.txt") != "kept" {
			t.Error("another file was touched")
		}
		if err := os.WriteFile(filepath.Join(dir, "foundry.toml"), []byte("mine"), 0o644); err != nil {
			t.Fatal(err)
		}
		if _, err := solidity.Export(key, proof, "mnist.onnx", dir); err != nil {
			t.Fatal(err)
		}
		if read(t, dir, "foundry.toml") != "mine" {
			t.Error("Foundry's settings were replaced")
		}
		if left, _ := os.ReadDir(filepath.Join(parent, "new")); len(left) != 1 {
			t.Errorf("%d entries beside the folder", len(left)-1)
		}
	})
}

func TestExportRefused(t *testing.T) {
	key, proof := small(t, "private input, class", toy.About())
	occupied := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(occupied, nil, 0o644); err != nil {
		t.Fatal(err)
	}
	bad := *proof
	bad.Proof = append(verifier.Hex{}, proof.Proof...)
	bad.Proof[0x1ff] ^= 1
	t.Run("fixture that does not hold", func(t *testing.T) {
		dir := filepath.Join(t.TempDir(), "out")
		if _, err := solidity.Export(key, &bad, "m", dir); !errors.Is(err, verifier.ErrRejected) {
			t.Errorf("got %v", err)
		}
		if _, err := os.Stat(dir); err == nil {
			t.Error("a folder was made")
		}
	})
	for name, dir := range map[string]string{"a file in the place": occupied,
		"a file above": filepath.Join(occupied, "out")} {
		t.Run(name, func(t *testing.T) {
			if _, err := solidity.Export(key, nil, "m", dir); err == nil {
				t.Error("no error")
			}
			if left, _ := os.ReadDir(filepath.Dir(occupied)); len(left) != 1 {
				t.Errorf("%d files left behind", len(left)-1)
			}
		})
	}
	if _, err := solidity.Export(new(verifier.Key), nil, "m", t.TempDir()); err == nil {
		t.Error("an empty key was exported")
	}
}

// TestNoTextFromKeys puts Solidity into every text of a key: none of it may
// reach a contract or the README.
func TestNoTextFromKeys(t *testing.T) {
	const evil = "*/ contract Evil {} /* # Evil"
	s := toy.Find("input 8 bits")
	s.Layout.Inputs()[0].Name, s.Layout.Outputs()[0].Name = evil, evil
	about := toy.About()
	about.Tool, about.Formats, about.SRS.Source = evil, evil, evil
	p, err := toy.New(s.Layout, about, 0)
	if err != nil {
		t.Fatal(err)
	}
	dir := filepath.Join(t.TempDir(), "out")
	r, err := solidity.Export(p.Key, nil, "x */ y", dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range r.Files {
		if filepath.Ext(f) != ".json" && strings.Contains(read(t, dir, f), "Evil") {
			t.Errorf("%s holds text of the key", f)
		}
	}
}

func TestUnsafeIsLoud(t *testing.T) {
	about := toy.About()
	about.SRS.Unsafe = true
	key, _ := small(t, "private input, class", about)
	dir := filepath.Join(t.TempDir(), "out")
	if _, err := solidity.Export(key, nil, "m", dir); err != nil {
		t.Fatal(err)
	}
	for _, f := range []string{"UnsafeM.sol", "IUnsafeM.sol", "README.md"} {
		if !strings.Contains(read(t, dir, f), "UNSAFE") {
			t.Errorf("%s does not say so", f)
		}
	}
	if !strings.Contains(read(t, dir, "unsafem.json"), `"unsafe_srs": true`) {
		t.Error("the JSON does not say so")
	}
}

// TestDescription holds the JSON's ABI against the compiler's, and sends its
// fixture to the chain.
func TestDescription(t *testing.T) {
	w := onChain(t)
	for _, d := range w.list {
		t.Run(d.Name, func(t *testing.T) {
			var got struct {
				ABI     json.RawMessage
				Fixture solidity.Fixture
			}
			text := read(t, d.export.Directory, strings.ToLower(d.export.Name)+".json")
			if err := json.Unmarshal([]byte(text), &got); err != nil {
				t.Fatal(err)
			}
			ours, err := abi.JSON(bytes.NewReader(got.ABI))
			if err != nil {
				t.Fatal(err)
			}
			if have, want := signatures(ours), signatures(d.wrapper.ABI); !reflect.DeepEqual(have, want) {
				t.Errorf("the ABI is\n%q\nthe compiler's\n%q", have, want)
			}
			for name, call := range map[string]struct {
				to   evm.Contract
				data []byte
			}{"wrapper": {d.wrapper, got.Fixture.Calldata}, "verifier": {d.plonk, got.Fixture.PlonkCalldata}} {
				answer, err := w.chain.CallRaw(call.to, call.data, 1_000_000)
				if err != nil || len(answer) != 32 || answer[31] != 1 {
					t.Errorf("%s: the fixture is answered %x, %v", name, answer, err)
				}
			}
		})
	}
}

// signatures lists all that an ABI declares, with parameters' names.
func signatures(a abi.ABI) []string {
	list := []string{a.Constructor.String()}
	for _, m := range a.Methods {
		list = append(list, m.String())
	}
	for _, e := range a.Errors {
		list = append(list, e.String())
	}
	sort.Strings(list)
	return list
}

func TestEncodeInput(t *testing.T) {
	for _, c := range []struct {
		name   string
		tensor visibility.Tensor
		values []int64
		want   []byte
	}{
		{"bits", visibility.Tensor{Shape: []int{3}, Bits: 1}, []int64{1, 0, 1}, []byte{1, 0, 1}},
		{"signed bytes", visibility.Tensor{Shape: []int{3}, Bits: 8, Zero: 128}, []int64{-128, 0, 127},
			[]byte{0, 128, 255}},
		{"12 bits", visibility.Tensor{Shape: []int{2}, Bits: 12}, []int64{0xabc, 1}, []byte{0xa, 0xbc, 0, 1}},
		{"24 bits", visibility.Tensor{Shape: []int{1}, Bits: 24, Zero: 1 << 23}, []int64{-1}, []byte{0x7f, 0xff, 0xff}},
		{"too large", visibility.Tensor{Shape: []int{1}, Bits: 8}, []int64{256}, nil},
		{"negative", visibility.Tensor{Shape: []int{1}, Bits: 8}, []int64{-1}, nil},
		{"too few", visibility.Tensor{Shape: []int{2}, Bits: 8}, []int64{1}, nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, err := solidity.EncodeInput(c.tensor, c.values)
			if !bytes.Equal(got, c.want) || (err == nil) != (c.want != nil) {
				t.Errorf("got %x, %v; want %x", got, err, c.want)
			}
		})
	}
}
