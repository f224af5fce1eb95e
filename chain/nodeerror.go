package chain

import (
	"errors"
	"fmt"
	"net"
	"net/url"
	"strings"
	"unicode"
)

// nodeError is an error with text from a node, shown without a terminal's commands.
type nodeError struct{ error }

func (e nodeError) Error() string { return printable(e.error.Error()) }
func (e nodeError) Unwrap() error { return e.error }

// anonymous makes a node's error fit to be shown: without the node's address, which
// often holds the key of an account, and without commands of a terminal.
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

// printable replaces the characters of a text from outside that do not print.
func printable(text string) string {
	return strings.Map(func(c rune) rune {
		if unicode.IsPrint(c) {
			return c
		}
		return unicode.ReplacementChar
	}, text)
}
