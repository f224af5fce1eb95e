package solidity_test

import (
	"errors"
	"fmt"
	"math/big"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/zkml-go/zkml/chain/evm"
	"github.com/zkml-go/zkml/testkit/toy"
	"github.com/zkml-go/zkml/verifier/solidity"
	"github.com/zkml-go/zkml/visibility"
)

// TestTexts writes a library of labels where they are few and short, and no text as it is.
func TestTexts(t *testing.T) {
	const evil = "*/ contract Evil {}"
	many := make([]string, 10)
	for k := range many {
		many[k] = strings.Repeat("x", 33) + fmt.Sprint(k)
	}
	for name, c := range map[string]struct {
		texts []string
		want  string // in the library; empty where there is none
	}{
		"labels": {[]string{"cat", evil, "ü", ""}, `if (number == 0) return string(bytes(hex"636174"));`},
		"utf-8":  {[]string{"cat", evil, "ü", ""}, `if (number == 2) return string(bytes(hex"c3bc"));`},
		"long":   {many, ""},
		"none":   {nil, ""},
	} {
		t.Run(name, func(t *testing.T) {
			s := toy.Find("private input, class")
			out := s.Layout.Outputs()[0]
			for k, text := range c.texts {
				out.Texts = append(out.Texts, visibility.Text{Number: int64(k), Text: text})
			}
			p, err := toy.New(s.Layout, toy.About(), 0)
			if err != nil {
				t.Fatal(err)
			}
			dir := filepath.Join(t.TempDir(), "out")
			r, err := solidity.Export(p.Key, nil, "pet", dir, solidity.WithClient)
			if err != nil {
				t.Fatal(err)
			}
			path := filepath.Join(dir, "consumer", "PetTexts.sol")
			text, err := os.ReadFile(path)
			if (err == nil) != (c.want != "") || !strings.Contains(string(text), c.want) {
				t.Errorf("%v: %s", err, text)
			}
			for _, f := range r.Files {
				if filepath.Ext(f) == ".sol" && strings.Contains(read(t, dir, f), "Evil") {
					t.Errorf("%s holds text of the key", f)
				}
			}
		})
	}
}

// labels shows a library's functions, which are internal, to a test.
const labels = `// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {NAMETexts} from "../consumer/NAMETexts.sol";

contract Labels {
`

const labelsOf = `    function ROLE(uint256 index, uint256 number) external pure returns (string memory) {
        return NAMETexts.ROLEText(index, number);
    }
`

// TestTextsOnChain: the library gives the text of each number of the layout, whatever
// characters it has, and reverts for all other numbers and ports.
func TestTextsOnChain(t *testing.T) {
	w, err := buildOf("texts-", toy.Labelled(), func(d *deployed, files map[string]string) {
		source := labels
		for _, role := range d.labelled() {
			source += strings.ReplaceAll(labelsOf, "ROLE", string(role))
		}
		files["test/Labels.sol"] = strings.ReplaceAll(source+"}\n", "NAME", d.export.Name)
	})
	if errors.Is(err, evm.ErrNoCompiler) {
		t.Skip(err)
	}
	if err != nil {
		t.Fatal(err)
	}
	defer w.chain.Close()
	largest := new(big.Int).Sub(new(big.Int).Lsh(big.NewInt(1), 256), big.NewInt(1))
	for _, d := range w.list {
		t.Run(d.Name, func(t *testing.T) {
			c, err := w.chain.Deploy(d.artifacts["Labels"])
			if err != nil {
				t.Fatal(err)
			}
			for _, role := range d.labelled() {
				ports := d.portsOf(role)
				for index := range len(ports) + 1 {
					d.asksText(t, w, c, role, index, largest)
					for number := range int64(6) {
						d.asksText(t, w, c, role, index, big.NewInt(number))
					}
				}
			}
		})
	}
}

// asksText compares what a number stands for with the layout.
func (d *deployed) asksText(t *testing.T, w *world, c evm.Contract, role visibility.Role, index int, number *big.Int) {
	t.Helper()
	var want string
	var known bool
	if ports := d.portsOf(role); index < len(ports) && number.IsInt64() {
		want, known = ports[index].Label(number.Int64())
	}
	got, err := w.chain.Call(c, string(role), big.NewInt(int64(index)), number)
	if !known {
		if err == nil || !strings.Contains(err.Error(), "revert") {
			t.Errorf("%s %d, number %s is %v, %v", role, index, number, got, err)
		}
		return
	}
	if err != nil || got[0] != want {
		t.Errorf("%s %d, number %s is %q, %v; want %q", role, index, number, got, err, want)
	}
}

func (d *deployed) portsOf(role visibility.Role) []*visibility.Port {
	if role == visibility.RoleInput {
		return d.Layout.Inputs()
	}
	return d.Layout.Outputs()
}

// labelled are the roles of whose numbers a contract has texts.
func (d *deployed) labelled() []visibility.Role {
	var out []visibility.Role
	for _, role := range []visibility.Role{visibility.RoleInput, visibility.RoleOutput} {
		for _, p := range d.portsOf(role) {
			if n := len(p.Texts); n > 0 && p.Texts[n-1].Number >= 0 && !slices.Contains(out, role) {
				out = append(out, role)
			}
		}
	}
	return out
}
