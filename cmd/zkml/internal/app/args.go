package app

import (
	"fmt"

	"github.com/spf13/cobra"
)

// AtMost limits a command's arguments; names says what they are.
func AtMost(n int, names string) cobra.PositionalArgs {
	return between(0, n, names)
}

// Exactly asks for so many arguments.
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
			return Usage(c, fmt.Errorf("unexpected argument %q; the command takes %s alone", args[most], names))
		}
		return nil
	}
}

// Excludes is the usage error for a flag beside another, which does what it says
// and has no use for the others.
func Excludes(c *cobra.Command, flag, does string, others ...string) error {
	for _, other := range others {
		if c.Flags().Changed(other) {
			return Usage(c, fmt.Errorf("--%s %s: it does not go with --%s", flag, does, other))
		}
	}
	return nil
}

// outputFlags name what a command writes.
var outputFlags = []string{"out", "plot", "new-key", "deployments"}

// CheckOutputs is the usage error for "-", which is no standard output here: that
// one has the command's own words or its JSON object.
func CheckOutputs(c *cobra.Command, _ []string) error {
	for _, name := range outputFlags {
		if f := c.Flags().Lookup(name); f != nil && f.Value.String() == "-" {
			return Usage(c, fmt.Errorf("--%s -: it cannot go to standard output; "+
				"name a file, or ./- for one of that name", name))
		}
	}
	return nil
}

// Required is the usage error for a flag that must be given.
func Required(c *cobra.Command, flag string) error {
	if c.Flags().Changed(flag) {
		return nil
	}
	return Usage(c, fmt.Errorf("--%s is missing", flag))
}
