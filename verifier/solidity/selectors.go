package solidity

import (
	"encoding/binary"
	"strings"

	"golang.org/x/crypto/sha3"
)

// selector returns the first four bytes of the Keccak-256 of a call's signature.
func selector(method string, arguments []Parameter) uint32 {
	types := make([]string, len(arguments))
	for i, p := range arguments {
		types[i] = p.signature()
	}
	h := sha3.NewLegacyKeccak256()
	h.Write([]byte(method + "(" + strings.Join(types, ",") + ")"))
	return binary.BigEndian.Uint32(h.Sum(nil))
}
