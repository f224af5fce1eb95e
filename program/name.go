package program

import (
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"iter"
	"strings"
	"unicode"
	"unicode/utf8"
)

// MaxName bounds the names in a program, in bytes.
const MaxName = 200

// PlainName makes a name that Check accepts from any text: characters that do not print
// become question marks, and a text that is too long is cut.
func PlainName(name string) string {
	plain := strings.Map(func(r rune) rune {
		if !unicode.IsPrint(r) || r == utf8.RuneError {
			return '?'
		}
		return r
	}, name)
	if len(plain) <= MaxName {
		return plain
	}
	const end = "…"
	cut := MaxName - len(end)
	for !utf8.RuneStart(plain[cut]) {
		cut--
	}
	return plain[:cut] + end
}

// checkName refuses a name that could be taken for other text where it is shown: with
// line breaks, commands of a terminal, or text that runs backwards.
func checkName(name string) error {
	if PlainName(name) != name {
		return fmt.Errorf("the name %.*q is too long or has characters that do not print: "+
			"at most %d bytes that do are supported", MaxName, name, MaxName)
	}
	return nil
}

// shownDigits is how many digits of a digest Words shows: 128 bits, so that two tables,
// or two layers of public weights, have different words.
const shownDigits = 32

// contents is a digest of integers, in hex.
func contents(of iter.Seq[int64]) string {
	h := sha256.New()
	for v := range of {
		var b [8]byte
		binary.BigEndian.PutUint64(b[:], uint64(v))
		h.Write(b[:])
	}
	return fmt.Sprintf("%x", h.Sum(nil))
}
