package solidity

import (
	"encoding/binary"
	"fmt"
	"math/big"
	"strings"

	"github.com/zkml-go/zkml/verifier"
	"github.com/zkml-go/zkml/visibility"
)

// Method is one of the wrapper's calls.
type Method string

// The wrapper's calls: one answers, the other reverts with the reason.
const (
	MethodVerify         Method = "verify"
	MethodVerifyOrRevert Method = "verifyOrRevert"
)

// PlonkCalldata is the calldata of PlonkVerifier.Verify(bytes,uint256[]).
func PlonkCalldata(p *verifier.Proof) []byte {
	var words []byte
	for _, w := range p.PublicInputs {
		words = append(words, w[:]...)
	}
	return encodeCall("Verify", []value{
		{Parameter{"proof", "bytes"}, p.Proof},
		{Parameter{"public_inputs", "uint256[]"}, words},
	})
}

// Calldata is the calldata of the wrapper's method for a proof under the
// layout. The claim is read from the public inputs; the error tells that they
// do not fit the layout.
func Calldata(layout visibility.Layout, p *verifier.Proof, method Method) ([]byte, error) {
	values, err := arguments(layout, p)
	if err != nil {
		return nil, fmt.Errorf("calldata: %w", err)
	}
	return encodeCall(string(method), values), nil
}

// EncodeInput writes values as the wrapper's argument input takes them: each as
// v+Zero in ceil(Bits/8) bytes, big-endian. The error names the first element
// that the format cannot hold, by position.
func EncodeInput(t visibility.Tensor, values []int64) ([]byte, error) {
	if _, err := t.Pack(values); err != nil {
		return nil, err
	}
	size := elementBytes(t)
	var text []byte
	for _, v := range values {
		var word [8]byte
		binary.BigEndian.PutUint64(word[:], uint64(v+t.Zero))
		text = append(text, word[8-size:]...)
	}
	return text, nil
}

// value is an argument with its bytes: the head for a static type, the contents
// without the length for a dynamic one.
type value struct {
	Parameter
	data []byte
}

func arguments(layout visibility.Layout, p *verifier.Proof) ([]value, error) {
	words := make([]*big.Int, len(p.PublicInputs))
	for i := range words {
		words[i] = p.PublicInputs[i].Int()
	}
	claim, err := layout.Claim(words)
	if err != nil {
		return nil, err
	}
	var values []value
	for i := range layout.Ports {
		port := &layout.Ports[i]
		if port.Words == 0 {
			continue
		}
		v := value{Parameter: byKind[port.Kind().Name].Parameter}
		switch port.Kind().Form {
		case visibility.FormPacked:
			if v.data, err = EncodeInput(port.Tensor, claim[i].Integers); err != nil {
				return nil, err
			}
		case visibility.FormElements:
			v.data = integers(claim[i].Integers)
		default:
			for _, w := range p.PublicInputs[port.Start : port.Start+port.Words] {
				v.data = append(v.data, w[:]...)
			}
		}
		values = append(values, v)
	}
	return append(values, value{Parameter{"proof", "bytes"}, p.Proof}), nil
}

// integers writes int256 elements in two's complement.
func integers(list []int64) []byte {
	var data []byte
	for _, v := range list {
		var word [32]byte
		new(big.Int).And(big.NewInt(v), new(big.Int).Sub(power(256), big.NewInt(1))).FillBytes(word[:])
		data = append(data, word[:]...)
	}
	return data
}

// encodeCall writes calldata by the rules of Solidity's ABI: the selector, a
// head with static values and the places of dynamic ones, then those.
func encodeCall(method string, values []value) []byte {
	types := make([]string, len(values))
	head := 0
	for i, v := range values {
		types[i] = v.Type
		head += v.head()
	}
	call := binary.BigEndian.AppendUint32(nil, selectors[method+"("+strings.Join(types, ",")+")"])
	var tail []byte
	for _, v := range values {
		if !v.dynamic() {
			call = append(call, v.data...)
			continue
		}
		call = append(call, number(head+len(tail))...)
		length := len(v.data)
		if v.Type != "bytes" {
			length /= 32
		}
		tail = append(append(tail, number(length)...), v.data...)
		tail = append(tail, make([]byte, (32-len(v.data)%32)%32)...)
	}
	return append(call, tail...)
}

func number(n int) []byte {
	var word [32]byte
	binary.BigEndian.PutUint64(word[24:], uint64(n))
	return word[:]
}
