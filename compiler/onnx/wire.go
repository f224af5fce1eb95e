package onnx

import (
	"encoding/binary"
	"errors"
	"fmt"

	"google.golang.org/protobuf/encoding/protowire"

	"github.com/zkml-go/zkml/printable"
)

// field is one field of a protobuf message: a number, in bits, or bytes.
type field struct {
	wire protowire.Type
	bits uint64
	data []byte
}

// errWire says that a field has a wire type other than the format's.
var errWire = errors.New("wrong wire type")

// errPacked says that a list of packed integers ends inside one.
var errPacked = errors.New("a packed list of integers is cut short; the file is damaged")

// damaged is the error for bytes that cannot be decoded.
func damaged(num protowire.Number, err error) error {
	return fmt.Errorf("the file is cut short or not ONNX (field %d: %w)", num, err)
}

// fields maps a message's field numbers to their decoders. Other fields are skipped,
// as protobuf demands of a reader that is older than the file.
type fields map[protowire.Number]func(field) error

// read walks a message. Errors name the field number at fault.
func (fs fields) read(msg []byte) error {
	return eachField(msg, func(num protowire.Number, f field, _ []byte) error {
		take, ok := fs[num]
		if !ok {
			return nil
		}
		err := take(f)
		if err == errWire {
			return damaged(num, err)
		}
		return err
	})
}

// eachField calls do with each field of a message and the bytes that it takes, its
// tag included.
func eachField(msg []byte, do func(num protowire.Number, f field, whole []byte) error) error {
	for len(msg) > 0 {
		num, wire, n := protowire.ConsumeTag(msg)
		if n < 0 {
			return damaged(0, protowire.ParseError(n))
		}
		f, size, err := consume(num, wire, msg[n:])
		if err != nil {
			return damaged(num, err)
		}
		if err := do(num, f, msg[:n+size]); err != nil {
			return err
		}
		msg = msg[n+size:]
	}
	return nil
}

// consume reads one field's payload and its length in bytes.
func consume(num protowire.Number, wire protowire.Type, b []byte) (f field, n int, err error) {
	f.wire = wire
	switch wire {
	case protowire.VarintType:
		f.bits, n = protowire.ConsumeVarint(b)
	case protowire.Fixed32Type:
		var v uint32
		v, n = protowire.ConsumeFixed32(b)
		f.bits = uint64(v)
	case protowire.Fixed64Type:
		f.bits, n = protowire.ConsumeFixed64(b)
	case protowire.BytesType:
		f.data, n = protowire.ConsumeBytes(b)
	default:
		n = protowire.ConsumeFieldValue(num, wire, b)
	}
	if n < 0 {
		return f, 0, protowire.ParseError(n)
	}
	return f, n, nil
}

// message decodes a length-delimited field with do.
func message(do func([]byte) error) func(field) error {
	return func(f field) error {
		if f.wire != protowire.BytesType {
			return errWire
		}
		return do(f.data)
	}
}

// number decodes an integer or enumeration.
func number(to *int64) func(field) error {
	return func(f field) error {
		if f.wire != protowire.VarintType {
			return errWire
		}
		*to = int64(f.bits)
		return nil
	}
}

// anyText decodes a text that may hold anything.
func anyText(to *string) func(field) error {
	return message(func(b []byte) error {
		*to = string(b)
		return nil
	})
}

// text decodes a name, which must be printable, since names end up in messages on a
// terminal.
func text(to *string) func(field) error {
	return message(func(b []byte) (err error) {
		*to, err = name(b)
		return err
	})
}

// texts appends each name of a repeated field.
func texts(to *[]string) func(field) error {
	return message(func(b []byte) error {
		s, err := name(b)
		*to = append(*to, s)
		return err
	})
}

func name(b []byte) (string, error) {
	text := string(b)
	if err := printable.Check(text); err != nil {
		return "", fmt.Errorf("the name %w; rename it in the exporter", err)
	}
	return text, nil
}

// varints appends a repeated integer, packed or not.
func varints(to *[]uint64) func(field) error {
	return func(f field) error {
		if f.wire == protowire.VarintType {
			*to = append(*to, f.bits)
			return nil
		}
		if f.wire != protowire.BytesType {
			return errWire
		}
		for b := f.data; len(b) > 0; {
			v, n := protowire.ConsumeVarint(b)
			if n < 0 {
				return errPacked
			}
			*to, b = append(*to, v), b[n:]
		}
		return nil
	}
}

// fixed32s appends a repeated float, packed or not, as little-endian bytes.
func fixed32s(to *[]byte) func(field) error {
	return func(f field) error {
		switch f.wire {
		case protowire.Fixed32Type:
			*to = binary.LittleEndian.AppendUint32(*to, uint32(f.bits))
		case protowire.BytesType:
			*to = append(*to, f.data...)
		default:
			return errWire
		}
		return nil
	}
}

// fixed64s appends a repeated double, packed or not, as little-endian bytes.
func fixed64s(to *[]byte) func(field) error {
	return func(f field) error {
		switch f.wire {
		case protowire.Fixed64Type:
			*to = binary.LittleEndian.AppendUint64(*to, f.bits)
		case protowire.BytesType:
			*to = append(*to, f.data...)
		default:
			return errWire
		}
		return nil
	}
}
