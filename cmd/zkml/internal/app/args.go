package app

import (
	"fmt"

	"github.com/spf13/cobra"
)

// AtMost limits a command's arguments; names says what they are.
func AtMost(n int, names string) cobra.PositionalArgs {
	return between(0, n, names)
}

// Exactly requires n arguments; names says what they are.
func Exactly(n int, names string) cobra.PositionalArgs {
	return between(n, n, names)
}

func between(least, most int, names string) cobra.PositionalArgs {
	return func(c *cobra.Command, args []string) error {
		switch {
		case len(args) < least:
			return Usage(c, fmt.Errorf("%s is missing", names))
		case len(args) > most && most == 0:
			return Usage(c, fmt.Errorf("unexpected argument %q; the command takes none", args[0]))
		case len(args) > most:
			return Usage(c, fmt.Errorf("unexpected argument %q; the command takes only %s", args[most], names))
		}
		return nil
	}
}

// Excludes returns a usage error if a flag that excludes others is given with one of
// them. does says what the flag does.
func Excludes(c *cobra.Command, flag, does string, others ...string) error {
	for _, other := range others {
		if c.Flags().Changed(other) {
			return Usage(c, fmt.Errorf("--%s %s: it does not go with --%s", flag, does, other))
		}
	}
	return nil
}

// outputFlags are the flags that name files to write.
var outputFlags = []string{"out", "plot", "new-key", "deployments"}

// CheckOutputs returns a usage error if a flag names "-" as an output: standard output is
// for the command's text or its JSON object.
func CheckOutputs(c *cobra.Command, _ []string) error {
	for _, name := range outputFlags {
		if f := c.Flags().Lookup(name); f != nil && f.Value.String() == "-" {
			return Usage(c, fmt.Errorf("--%s -: it cannot go to standard output; "+
				"name a file, or ./- for a file of that name", name))
		}
	}
	return nil
}

// Required returns a usage error if a flag is missing.
func Required(c *cobra.Command, flag string) error {
	if c.Flags().Changed(flag) {
		return nil
	}
	return Usage(c, fmt.Errorf("--%s is missing", flag))
}
