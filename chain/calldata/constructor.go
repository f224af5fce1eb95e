package calldata

import (
	"fmt"
	"strings"

	"github.com/zkml-go/zkml/printable"
)

// Construct returns the arguments of a contract's constructor: those that are known, which
// come first, and then those that the caller states, by name, leading and trailing
// underscores aside. The errors name the argument.
func Construct(contract Interface, known []any, given []Given) ([]any, error) {
	inputs := contract.Constructor.Inputs
	if len(known) > len(inputs) {
		return nil, fmt.Errorf("its constructor takes %d arguments, not %d or more", len(inputs), len(known))
	}
	texts, err := stated(given, bare)
	if err != nil {
		return nil, err
	}
	values, takes := known, []string{}
	for _, in := range inputs[len(known):] {
		takes = append(takes, in.Type.String()+" "+bare(in.Name))
	}
	for _, in := range inputs[len(known):] {
		text, ok := texts[bare(in.Name)]
		if !ok {
			return nil, fmt.Errorf("its constructor takes %s: %s is missing", strings.Join(takes, ", "), bare(in.Name))
		}
		delete(texts, bare(in.Name))
		v, err := parse(in.Type, text)
		if err != nil {
			return nil, fmt.Errorf("argument %s: %w", bare(in.Name), err)
		}
		values = append(values, v)
	}
	switch rest := sortedKeys(texts); {
	case len(rest) == 0:
		return values, nil
	case len(takes) == 0:
		return nil, fmt.Errorf("its constructor takes no argument %s", printable.Name(rest[0]))
	default:
		return nil, fmt.Errorf("its constructor takes no argument %s, but %s", printable.Name(rest[0]),
			strings.Join(takes, ", "))
	}
}
