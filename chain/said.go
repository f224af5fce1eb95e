package chain

import (
	"errors"
	"fmt"
	"net"
	"net/url"
	"strings"
	"unicode"
)

// said is an error that a node has a part in: its text cannot command a terminal.
type said struct{ error }

func (s said) Error() string { return printable(s.error.Error()) }
func (s said) Unwrap() error { return s.error }

// anonymous makes a node's error fit to be shown: without the node's address, which
// often holds the key of an account, and without what a terminal would obey.
func anonymous(err error) error { return said{nameless(err)} }

// nameless takes addresses out of a network error.
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

// printable takes what a terminal would obey out of a text from outside.
func printable(text string) string {
	return strings.Map(func(c rune) rune {
		if unicode.IsPrint(c) {
			return c
		}
		return unicode.ReplacementChar
	}, text)
}
