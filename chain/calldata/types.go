package calldata

import (
	"encoding/json"
	"errors"
	"fmt"
	"regexp"
	"strconv"

	"github.com/ethereum/go-ethereum/accounts/abi"

	"github.com/zkml-go/zkml/printable"
)

// The ABI's decoder takes more than Solidity has: it reads uint2568 and uint256'x, which
// would call another method than the one that is meant, and fails on arrays that fit in no
// memory. Types and names are checked before it sees them.
var (
	elementary = regexp.MustCompile(`^(u?int([0-9]+)|bytes([0-9]+)|bytes|bool|address|string|function|tuple)` +
		`((\[[0-9]*\])*)$`)
	length     = regexp.MustCompile(`[0-9]+`)
	identifier = regexp.MustCompile(`^([A-Za-z_$][A-Za-z0-9_$]*)?$`)
)

// The most that a type may nest, and the most values that its arrays of fixed length may
// have together.
const (
	mostNested = 64
	mostValues = 1 << 20
)

// check requires types and names that Solidity has.
func check(list []abi.ArgumentMarshaling) error { return checkWithin(list, mostNested, mostValues) }

func checkWithin(list []abi.ArgumentMarshaling, nested, values int) error {
	if nested == 0 {
		return errors.New("its structs are nested too deep")
	}
	for _, a := range list {
		if !identifier.MatchString(a.Name) {
			return fmt.Errorf("%s is no name of an argument", printable.Quote(a.Name))
		}
		found := elementary.FindStringSubmatch(a.Type)
		if found == nil || !sized(found[2], 8, 256) || !sized(found[3], 1, 32) {
			return fmt.Errorf("%s is no type of Solidity's", printable.Quote(a.Type))
		}
		left := values
		for _, text := range length.FindAllString(found[4], -1) {
			n, err := strconv.Atoi(text)
			if err != nil || n > left {
				return fmt.Errorf("%s has more values than fit in a call", printable.Quote(a.Type))
			}
			left /= max(n, 1)
		}
		if err := checkWithin(a.Components, nested-1, left); err != nil {
			return err
		}
	}
	return nil
}

// sized reports whether a number of a type's name, if it has one, is one of the multiples
// of a unit up to the most.
func sized(text string, unit, most int) bool {
	n, err := strconv.Atoi(text)
	return text == "" || err == nil && 0 < n && n <= most && n%unit == 0 && strconv.Itoa(n) == text
}

// checkInterface is check for all that an ABI declares.
func checkInterface(text []byte) error {
	var list []struct {
		Name            string
		Inputs, Outputs []abi.ArgumentMarshaling
	}
	if err := json.Unmarshal(text, &list); err != nil {
		return err
	}
	for _, e := range list {
		if !identifier.MatchString(e.Name) {
			return fmt.Errorf("%s is no name", printable.Quote(e.Name))
		}
		if err := errors.Join(check(e.Inputs), check(e.Outputs)); err != nil {
			return fmt.Errorf("%s: %w", e.Name, err)
		}
	}
	return nil
}
