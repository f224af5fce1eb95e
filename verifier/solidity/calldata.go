package solidity

import (
	"encoding/binary"
	"fmt"
	"math/big"
	"slices"

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
		{Parameter: proofParameter, data: p.Proof},
		{Parameter: Parameter{Name: "public_inputs", Type: numberType + "[]"}, data: words},
	})
}

// Calldata is the calldata of the wrapper's method for a proof under the
// layout. The claim is read from the public inputs; the error tells that they
// do not fit the layout.
func Calldata(layout visibility.Layout, p *verifier.Proof, method Method) ([]byte, error) {
	values, _, err := arguments(layout, p)
	if err != nil {
		return nil, fmt.Errorf("calldata: %w", err)
	}
	return encodeCall(string(method), values), nil
}

// EncodeInput writes values as the wrapper's argument input takes them: each as
// v+Zero in ceil(Bits/8) bytes, or, where elements have formats of their own, packed into
// words of 32 bytes; big-endian both. The error names the first element that the format
// cannot hold, by position.
func EncodeInput(t visibility.Tensor, values []int64) ([]byte, error) {
	words, err := t.Pack(values)
	if err != nil {
		return nil, err
	}
	if len(t.Elements) > 0 {
		var text []byte
		for _, w := range words {
			text = append(text, w.FillBytes(make([]byte, wordBytes))...)
		}
		return text, nil
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
// without the length for a dynamic one, and the values of a struct's fields.
type value struct {
	Parameter
	data   []byte
	fields []value
	// integer tells that a word is a number to people: a class, and no context.
	integer bool
}

// arguments are the values of a call, and those of them that say what the proof is
// about one by one, in a struct or not.
func arguments(layout visibility.Layout, p *verifier.Proof) (call, fields []value, err error) {
	claim, err := p.Claimed(layout)
	if err != nil {
		return nil, nil, err
	}
	at := map[*visibility.Port]int{}
	for i := range layout.Ports {
		at[&layout.Ports[i]] = i
	}
	for _, a := range claimArguments(layout) {
		v := value{Parameter: a.Parameter}
		shown := claim[at[a.Port]]
		switch {
		case a.Input != nil:
			if v.data, err = EncodeInput(a.Port.Tensor, shown.Integers); err != nil {
				return nil, nil, err
			}
		case a.Output != nil:
			v.data, v.integer = integers(shown.Integers), true
		default:
			for _, w := range p.PublicInputs[a.Port.Start : a.Port.Start+a.Port.Words] {
				v.data = append(v.data, w[:]...)
			}
		}
		fields = append(fields, v)
	}
	proof := value{Parameter: proofParameter, data: p.Proof}
	if !inStruct(layout) {
		return append(slices.Clone(fields), proof), fields, nil
	}
	return []value{{Parameter: claimParameter("", claimArguments(layout)), fields: fields}, proof}, fields, nil
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

// encodeCall writes calldata by the rules of Solidity's ABI: the selector, then the
// arguments as a struct's fields are written.
func encodeCall(method string, values []value) []byte {
	list := make([]Parameter, len(values))
	for i, v := range values {
		list[i] = v.Parameter
	}
	return append(binary.BigEndian.AppendUint32(nil, selector(method, list)), encodeFields(values)...)
}

// encodeFields writes a head with static values and the places of dynamic ones, then
// those.
func encodeFields(values []value) []byte {
	size := 0
	for _, v := range values {
		size += v.head()
	}
	var head, tail []byte
	for _, v := range values {
		if !v.dynamic() {
			head = append(head, v.encode()...)
			continue
		}
		head = append(head, number(size+len(tail))...)
		tail = append(tail, v.encode()...)
	}
	return append(head, tail...)
}

// encode writes one value: the length first where the type has none.
func (v value) encode() []byte {
	switch {
	case v.Type == structType:
		return encodeFields(v.fields)
	case !v.dynamic():
		return v.data
	}
	length := len(v.data)
	if v.Type != bytesType {
		length /= 32
	}
	text := append(number(length), v.data...)
	return append(text, make([]byte, (32-len(v.data)%32)%32)...)
}

func number(n int) []byte {
	var word [32]byte
	binary.BigEndian.PutUint64(word[24:], uint64(n))
	return word[:]
}
