package load

import (
	"errors"
	"fmt"
	"math/big"
	"strings"

	"github.com/spf13/cobra"

	"github.com/zkml-go/zkml/artifact"
	"github.com/zkml-go/zkml/cmd/zkml/internal/app"
)

// ParseContext reads a number of at most 32 bytes: a decimal one, as contracts' tools
// print it, or a hex one that begins with 0x.
func ParseContext(text string) (*big.Int, error) {
	n, ok := new(big.Int).SetString(text, 10)
	if digits, hexadecimal := strings.CutPrefix(text, "0x"); hexadecimal {
		n, ok = new(big.Int).SetString(digits, 16)
	}
	if !ok || strings.ContainsAny(text, "+-_") || n.BitLen() > 256 {
		return nil, errors.New("--context: write a number of at most 32 bytes, decimal or as hex with 0x: 42 or 0x2a")
	}
	return n, nil
}

// CheckContext returns a usage error unless a context is given if, and only if, a bundle's
// proofs have one.
func CheckContext(c *cobra.Command, b *artifact.Bundle, context *big.Int) error {
	switch wanted := b.Manifest.Layout.HasContext(); {
	case wanted && context == nil:
		return app.Usage(c, fmt.Errorf("%s was compiled with --context: give one with --context NUMBER", b.Dir))
	case !wanted && context != nil:
		return app.Usage(c, fmt.Errorf("--context: %s was compiled without it; "+
			"compile with --context to use one", b.Dir))
	}
	return nil
}
