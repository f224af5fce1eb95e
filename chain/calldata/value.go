package calldata

import (
	"bytes"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"math/big"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"github.com/ethereum/go-ethereum/accounts/abi"
	"github.com/ethereum/go-ethereum/common"

	"github.com/zkml-go/zkml/verifier"
)

// plain is an argument's value for parse: of a struct, its fields.
func plain(a verifier.Argument) any {
	if a.Components == nil {
		return a.Value
	}
	return a.Components
}

// parse makes the Go value that an ABI's type has, of a text, a list or a struct. A list
// of one serves where one is wanted.
func parse(t abi.Type, v any) (any, error) {
	switch t.T {
	case abi.SliceTy, abi.ArrayTy:
		return parseList(t, v)
	case abi.TupleTy:
		return parseStruct(t, v)
	}
	if list, ok := v.([]any); ok && len(list) == 1 {
		v = list[0]
	}
	var text string
	switch v := v.(type) {
	case string:
		text = v
	case json.Number:
		text = v.String()
	case bool:
		text = strconv.FormatBool(v)
	default:
		return nil, fmt.Errorf("%s is one value, no list or struct", t.String())
	}
	switch t.T {
	case abi.IntTy, abi.UintTy:
		return parseInteger(t, text)
	case abi.BoolTy:
		if text == "true" || text == "false" {
			return text == "true", nil
		}
		return nil, errors.New("a bool is true or false")
	case abi.StringTy:
		return text, nil
	case abi.AddressTy:
		if !common.IsHexAddress(text) || len(text) != 2+2*common.AddressLength {
			return nil, errors.New("an address is 0x and 40 hex digits")
		}
		return common.HexToAddress(text), nil
	case abi.BytesTy, abi.FixedBytesTy:
		return parseBytes(t, text)
	}
	return nil, fmt.Errorf("values of type %s cannot be written", t.String())
}

// parseInteger reads a decimal number, or a hex one that begins with 0x.
func parseInteger(t abi.Type, text string) (any, error) {
	n, ok := new(big.Int).SetString(text, 10)
	if digits, found := strings.CutPrefix(text, "0x"); found {
		n, ok = new(big.Int).SetString(digits, 16)
	}
	if !ok || strings.HasPrefix(text, "0x-") || strings.HasPrefix(text, "0x+") {
		return nil, fmt.Errorf("%s is a decimal number, or a hex one that begins with 0x", t.String())
	}
	least, most := new(big.Int), new(big.Int).Lsh(big.NewInt(1), uint(t.Size))
	if t.T == abi.IntTy {
		most.Rsh(most, 1)
		least.Neg(most)
	}
	if n.Cmp(least) < 0 || n.Cmp(most) >= 0 {
		return nil, fmt.Errorf("the number does not fit %s", t.String())
	}
	out := reflect.New(t.GetType()).Elem()
	switch {
	case t.Size > 64 || t.Size%8 != 0 || out.Kind() == reflect.Pointer:
		return n, nil
	case t.T == abi.IntTy:
		out.SetInt(n.Int64())
	default:
		out.SetUint(n.Uint64())
	}
	return out.Interface(), nil
}

// parseBytes reads 0x and hex digits; of a fixed number, exactly so many.
func parseBytes(t abi.Type, text string) (any, error) {
	digits, ok := strings.CutPrefix(text, "0x")
	raw, err := hex.DecodeString(digits)
	if !ok || err != nil {
		return nil, fmt.Errorf("%s is 0x and an even number of hex digits", t.String())
	}
	if t.T == abi.BytesTy {
		return raw, nil
	}
	if len(raw) != t.Size {
		return nil, fmt.Errorf("%s is %d bytes, not %d", t.String(), t.Size, len(raw))
	}
	out := reflect.New(t.GetType()).Elem()
	reflect.Copy(out, reflect.ValueOf(raw))
	return out.Interface(), nil
}

func parseList(t abi.Type, v any) (any, error) {
	v, err := decoded(v)
	if err != nil {
		return nil, err
	}
	list, ok := v.([]any)
	if !ok {
		return nil, fmt.Errorf("%s is a list", t.String())
	}
	if t.T == abi.ArrayTy && len(list) != t.Size {
		return nil, fmt.Errorf("%s has %d elements, not %d", t.String(), t.Size, len(list))
	}
	out := reflect.New(t.GetType()).Elem()
	if t.T == abi.SliceTy {
		out.Set(reflect.MakeSlice(t.GetType(), len(list), len(list)))
	}
	for i, e := range list {
		x, err := parse(*t.Elem, e)
		if err != nil {
			return nil, fmt.Errorf("element %d: %w", i, err)
		}
		out.Index(i).Set(reflect.ValueOf(x))
	}
	return out.Interface(), nil
}

// parseStruct reads the fields of the proof's struct, or of JSON: by name, or in order
// where they have none. A JSON object has no order.
func parseStruct(t abi.Type, v any) (any, error) {
	v, err := decoded(v)
	if err != nil {
		return nil, err
	}
	var fields []verifier.Argument
	_, byName := v.(map[string]any)
	switch v := v.(type) {
	case []verifier.Argument:
		fields = v
	case map[string]any:
		for _, name := range sortedKeys(v) {
			fields = append(fields, verifier.Argument{Name: name, Value: v[name]})
		}
	case []any:
		for i, e := range v {
			field := verifier.Argument{Value: e}
			if i < len(t.TupleRawNames) {
				field.Name = t.TupleRawNames[i]
			}
			fields = append(fields, field)
		}
	}
	if len(fields) != len(t.TupleElems) {
		return nil, fmt.Errorf("it is a struct of %d fields", len(t.TupleElems))
	}
	out := reflect.New(t.TupleType).Elem()
	for i, name := range t.TupleRawNames {
		field := fields[i]
		switch {
		case strings.HasPrefix(name, nameless) && byName:
			return nil, errors.New("its fields have no names: write them as a list, in order")
		case !strings.HasPrefix(name, nameless):
			at := slices.IndexFunc(fields, func(a verifier.Argument) bool { return bare(a.Name) == bare(name) })
			if at < 0 {
				return nil, fmt.Errorf("there is no field %s", name)
			}
			field = fields[at]
		}
		x, err := parse(*t.TupleElems[i], plain(field))
		if err != nil {
			return nil, fmt.Errorf("field %s: %w", name, err)
		}
		out.Field(i).Set(reflect.ValueOf(x))
	}
	return out.Interface(), nil
}

// decoded reads a text as JSON; other values are decoded already.
func decoded(v any) (any, error) {
	text, ok := v.(string)
	if !ok {
		return v, nil
	}
	d := json.NewDecoder(bytes.NewReader([]byte(text)))
	d.UseNumber()
	var out any
	if err := d.Decode(&out); err != nil || d.More() {
		return nil, errors.New("lists and structs are written as JSON, as in [1, 2] and {\"name\": 1}")
	}
	return out, nil
}

// written is a Go value of an ABI's type as proof.json has it.
func written(name string, t abi.Type, v any) verifier.Argument {
	a := verifier.Argument{Name: name, Type: t.String()}
	if t.T == abi.TupleTy {
		a.Type, a.Components = "tuple", fieldsOf(t, reflect.ValueOf(v))
		return a
	}
	a.Value = text(t, reflect.ValueOf(v))
	return a
}

func fieldsOf(t abi.Type, v reflect.Value) []verifier.Argument {
	v = reflect.Indirect(v)
	fields := make([]verifier.Argument, len(t.TupleElems))
	for i, e := range t.TupleElems {
		fields[i] = written(t.TupleRawNames[i], *e, v.Field(i).Interface())
	}
	return fields
}

// text is a value in words: hex for bytes, decimal for numbers.
func text(t abi.Type, v reflect.Value) any {
	switch t.T {
	case abi.SliceTy, abi.ArrayTy:
		list := make([]any, v.Len())
		for i := range list {
			if t.Elem.T == abi.TupleTy {
				list[i] = fieldsOf(*t.Elem, v.Index(i))
			} else {
				list[i] = text(*t.Elem, v.Index(i))
			}
		}
		return list
	case abi.BytesTy, abi.FixedBytesTy:
		raw := make([]byte, v.Len())
		reflect.Copy(reflect.ValueOf(raw), v)
		return fmt.Sprintf("%#x", raw)
	case abi.AddressTy:
		return v.Interface().(common.Address).Hex()
	}
	return fmt.Sprint(v.Interface())
}
