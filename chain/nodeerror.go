package chain

import (
	"errors"
	"fmt"
	"net"
	"net/url"
	"strings"
	"unicode"
)

// nodeError is an error with text from a node, shown without terminal control sequences.
type nodeError struct{ error }

func (e nodeError) Error() string { return short(printable(e.error.Error())) }
func (e nodeError) Unwrap() error { return e.error }

// anonymous makes a node's error safe to show: without the node's address, which often
// contains an API key, and without terminal control sequences.
func anonymous(err error) error { return nodeError{nameless(err)} }

// nameless removes addresses from a network error.
func nameless(err error) error {
	var request *url.Error
	var network *net.OpError
	var name *net.DNSError
	switch {
	case errors.As(err, &request):
		return fmt.Errorf("%s: %w", request.Op, nameless(request.Err))
	case errors.As(err, &network):
		return fmt.Errorf("%s: %w", network.Op, nameless(network.Err))
	case errors.As(err, &name):
		return fmt.Errorf("look up the host: %s", name.Err)
	}
	return err
}

// printable replaces the unprintable characters of a text from outside.
func printable(text string) string {
	return strings.Map(func(c rune) rune {
		if unicode.IsPrint(c) {
			return c
		}
		return unicode.ReplacementChar
	}, text)
}

// mostSaid is how much of a reason from outside is shown, in bytes: a node or a contract
// may give one of any length, for each of many proofs.
const mostSaid = 500

// short cuts a reason from outside.
func short(text string) string {
	if len(text) <= mostSaid {
		return text
	}
	return strings.ToValidUTF8(text[:mostSaid], "") + "..."
}
