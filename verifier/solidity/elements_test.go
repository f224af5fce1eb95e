package solidity_test

import (
	"bytes"
	"errors"
	"fmt"
	"math"
	"math/big"
	"math/rand/v2"
	"strings"
	"sync"
	"testing"

	"github.com/zkml-go/zkml/chain/evm"
	"github.com/zkml-go/zkml/testkit/toy"
	"github.com/zkml-go/zkml/verifier/solidity"
	"github.com/zkml-go/zkml/visibility"
)

// harness shows a library's functions, which are internal, to a test.
const harness = `// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {Format} from "../InferenceFormat.sol";
import {NAMEEncoder as Encoder} from "../NAMEEncoder.sol";

contract HarnessAT {
    function integers(int256[] memory values) external pure returns (bytes memory) {
        return Encoder.encodeInputAT(values);
    }

    function reals(int256[] memory values) external pure returns (bytes memory) {
        return Encoder.encodeInputRealsAT(values);
    }

    function read(bytes memory data) external pure returns (int256[] memory) {
        return Encoder.decodeInputAT(data);
    }

    function element(uint256 i) external pure returns (Format memory, int256) {
        return Encoder.inputElementAT(i);
    }
}
`

var theRows = sync.OnceValues(func() (*world, error) {
	return buildOf("rows-", toy.Rows(), func(d *deployed, files map[string]string) {
		for _, at := range encodedAt[d.Name] {
			files["harness/Harness"+at+".sol"] = strings.NewReplacer("NAME", d.export.Name, "AT", at).Replace(harness)
		}
	})
})

// rowsOnChain is onChain for models whose elements have formats of their own. Those of which
// one is public have a harness of their encoder.
func rowsOnChain(t *testing.T) *world {
	t.Helper()
	w, err := theRows()
	if errors.Is(err, evm.ErrNoCompiler) {
		t.Skip(err)
	}
	if err != nil {
		t.Fatal(err)
	}
	return w
}

// encodedAt are the suffixes of the encoders' functions in toy.Rows, for each public input.
var encodedAt = map[string]map[string]string{
	"a row, 2":                    {"row": ""},
	"a batch of 20 rows, context": {"row": ""},
	"rows of which one is private, and a picture": {"a": "_1", "A": "_4"},
}

// TestRows: a wrapper takes the words of a claim, and refuses others, bits above the last
// element of each word among them.
func TestRows(t *testing.T) {
	w := rowsOnChain(t)
	for _, d := range w.list {
		t.Run(d.Name, func(t *testing.T) {
			valid := d.claimed(t)
			w.judge(t, d, valid, "")
			w.spoilRows(t, d, valid)
			got, failed := solidity.Calldata(d.Layout, d.proof, solidity.MethodVerify)
			want, err := d.wrapper.ABI.Pack("verify", d.call(valid)...)
			if err != nil || failed != nil || !bytes.Equal(got, want) {
				t.Errorf("%v, %v: got\n%x\nwant\n%x", failed, err, got, want)
			}
		})
	}
}

// spoilRows spoils each public input of a valid claim.
func (w *world) spoilRows(t *testing.T, d *deployed, valid map[string]any) {
	t.Helper()
	for _, a := range d.fields() {
		text, ok := valid[a.Name].([]byte)
		if !ok || a.Name == "proof" {
			continue
		}
		for _, s := range spoiled(text) {
			t.Run(a.Name+" "+s.name, func(t *testing.T) { w.judge(t, d, changed(valid, a.Name, s.value), s.want) })
		}
		for i, used := range d.used(a.Name) {
			for _, bit := range []int{used, 255} {
				t.Run(fmt.Sprintf("%s, bit %d of word %d", a.Name, bit, i), func(t *testing.T) {
					other := bytes.Clone(text)
					other[32*i+31-bit/8] ^= 1 << (bit % 8)
					w.judge(t, d, changed(valid, a.Name, other), "InputOutOfFormat")
				})
			}
		}
	}
}

// used are the bits in use of the words of a public input, by the name of its argument; none
// if its elements have one format.
func (d *deployed) used(argument string) []int {
	for name, at := range encodedAt[d.Name] {
		if in := d.Layout.Input(name); argument == name || argument == "input" || argument == name+"_2" && at == "_4" {
			return in.Used()
		}
	}
	return nil
}

// TestEncoder compares the library that encodes inputs on a chain with Go: on integers, on
// real numbers, at the ends of each format and beyond them, and on missing values.
func TestEncoder(t *testing.T) {
	w := rowsOnChain(t)
	for _, d := range w.list {
		for name, at := range encodedAt[d.Name] {
			t.Run(d.Name+", "+name, func(t *testing.T) {
				c, err := w.chain.Deploy(d.artifacts["Harness"+at])
				if err != nil {
					t.Fatal(err)
				}
				e := encoderOf{t, w, c, d.Layout.Input(name).Tensor}
				e.elements()
				r := rand.New(rand.NewPCG(7, 7))
				for range 4 {
					e.integers(r)
					e.reals(r)
				}
				e.refuses()
			})
		}
	}
}

// encoderOf is the harness of an input's encoder.
type encoderOf struct {
	t  *testing.T
	w  *world
	c  evm.Contract
	in visibility.Tensor
}

// missingOnChain is MISSING.
var missingOnChain = new(big.Int).Neg(new(big.Int).Lsh(big.NewInt(1), 255))

func (e encoderOf) call(method string, argument any) any {
	e.t.Helper()
	out, err := e.w.chain.Call(e.c, method, argument)
	if err != nil {
		e.t.Fatalf("%s: %v", method, err)
	}
	return out[0]
}

// encodes checks what the library makes of values against Go's bytes of integers.
func (e encoderOf) encodes(method string, values []*big.Int, integers []int64) []byte {
	e.t.Helper()
	want, err := solidity.EncodeInput(e.in, integers)
	if err != nil {
		e.t.Fatal(err)
	}
	if got := e.call(method, values).([]byte); !bytes.Equal(got, want) {
		e.t.Errorf("%s of %v: got\n%x\nwant\n%x", method, values, got, want)
	}
	return want
}

// elements compares the formats.
func (e encoderOf) elements() {
	e.t.Helper()
	for i := range e.in.Count() {
		out, err := e.w.chain.Call(e.c, "element", big.NewInt(int64(i)))
		if err != nil {
			e.t.Fatal(err)
		}
		f, want := e.in.Element(i), missingOnChain
		if f.Missing != nil {
			want = big.NewInt(*f.Missing)
		}
		mantissa, exponent := math.Frexp(f.Scale)
		for mantissa != math.Trunc(mantissa) {
			mantissa, exponent = 2*mantissa, exponent-1
		}
		said := fmt.Sprint(out[0])
		if fmt.Sprint(out[1]) != want.String() ||
			said != fmt.Sprintf("{1 %d %d %.0f %d 0}", f.Bits, f.Zero, mantissa, exponent) {
			e.t.Errorf("element %d is %s, missing %v, not %+v", i, said, out[1], f)
		}
	}
}

// integers encodes and decodes random integers, missing values among them.
func (e encoderOf) integers(r *rand.Rand) {
	e.t.Helper()
	integers := randomValues(r, e.in)
	values := make([]*big.Int, len(integers))
	for i, v := range integers {
		values[i] = big.NewInt(v)
		if f := e.in.Element(i); f.Missing != nil && r.IntN(2) == 0 {
			values[i], integers[i] = missingOnChain, *f.Missing
		}
	}
	data := e.encodes("integers", values, integers)
	for i, v := range e.call("read", data).([]*big.Int) {
		want := big.NewInt(integers[i])
		if f := e.in.Element(i); f.Missing != nil && integers[i] == *f.Missing {
			want = missingOnChain
		}
		if v.Cmp(want) != 0 {
			e.t.Errorf("element %d is read as %v, not %v", i, v, want)
		}
	}
}

// reals encodes real numbers between integers of each format and beyond its ends. They are
// multiples of a power of two, so that floats and the chain's arithmetic are exact both.
func (e encoderOf) reals(r *rand.Rand) {
	e.t.Helper()
	x, values := make([]float64, e.in.Count()), make([]*big.Int, e.in.Count())
	for i := range x {
		f := e.in.Element(i)
		if f.Missing != nil && r.IntN(3) == 0 {
			x[i], values[i] = math.NaN(), missingOnChain
			continue
		}
		n := float64(f.Lowest()) + float64(r.Int64N(1<<min(f.Bits, 20)+8)-4) + float64(r.IntN(4))/4
		if r.IntN(8) == 0 {
			n = math.Ldexp(float64(r.IntN(3)-1), 70)
		}
		x[i] = n * f.Scale
		wad, exact := new(big.Float).SetPrec(400).Mul(big.NewFloat(x[i]), big.NewFloat(1e18)).Int(nil)
		if exact != big.Exact {
			e.t.Fatalf("%g is not exact", x[i])
		}
		values[i] = wad
	}
	integers, err := e.in.Encode(x)
	if err != nil {
		e.t.Fatal(err)
	}
	e.encodes("reals", values, integers)
}

// refuses gives integers one beyond each format, a missing value where there is none, and
// other numbers of elements.
func (e encoderOf) refuses() {
	e.t.Helper()
	honest := make([]*big.Int, e.in.Count())
	for i := range honest {
		honest[i] = big.NewInt(e.in.LowestOf(i))
	}
	refused := func(method, name string, argument any) {
		e.t.Helper()
		var revert *evm.RevertError
		if _, err := e.w.chain.Call(e.c, method, argument); !errors.As(err, &revert) {
			e.t.Errorf("%s: %v", name, err)
		}
	}
	for i := range min(len(honest), 7) {
		for _, v := range []*big.Int{big.NewInt(e.in.LowestOf(i) - 1), big.NewInt(e.in.HighestOf(i) + 1)} {
			other := append([]*big.Int{}, honest...)
			other[i] = v
			refused("integers", fmt.Sprintf("element %d is %v", i, v), other)
		}
		if e.in.Element(i).Missing == nil {
			other := append([]*big.Int{}, honest...)
			other[i] = missingOnChain
			refused("integers", fmt.Sprintf("element %d is missing", i), other)
			refused("reals", fmt.Sprintf("element %d is missing", i), other)
		}
	}
	refused("integers", "an element less", honest[1:])
	refused("integers", "an element more", append(honest, honest[0]))
	refused("read", "a byte less", make([]byte, 32*e.in.Words()-1))
	refused("read", "a word more", make([]byte, 32*e.in.Words()+32))
}
