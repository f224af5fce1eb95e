package input

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
)

// tellSurplus tells which of a header's names are neither an input's nor a key.
func (c content) tellSurplus(names []string) {
	var surplus []string
	for _, name := range names {
		if name = strings.TrimSpace(name); !slices.Contains(c.inputs, name) {
			surplus = append(surplus, name)
		}
	}
	if c.spec.Surplus != nil && len(surplus) > 0 {
		c.spec.Surplus(surplus)
	}
}

// tellSurplusMembers tells which members of JSON objects are neither an input's nor a key, each once.
// Where the reference names a member, or no member has an input's name, the others have nothing to do
// with the inputs.
func (c content) tellSurplusMembers(objects ...json.RawMessage) error {
	if c.spec.Surplus == nil || c.part != "" {
		return nil
	}
	surplus, claimed := map[string]bool{}, false
	for i, object := range objects {
		members, err := membersOf(object)
		if err == nil {
			claimed, err = c.surplusOf(members, surplus, claimed)
		}
		if err != nil && len(objects) > 1 {
			return fmt.Errorf("record %d: %w", i, err)
		}
		if err != nil {
			return err
		}
	}
	if claimed && len(surplus) > 0 {
		c.spec.Surplus(slices.Sorted(maps.Keys(surplus)))
	}
	return nil
}

// surplusOf adds the members that no input reads, also of the object that an input's map is, and
// tells whether an input reads any.
func (c content) surplusOf(members map[string]json.RawMessage, surplus map[string]bool, claimed bool) (bool, error) {
	for _, name := range slices.Sorted(maps.Keys(members)) {
		text := members[name]
		if !slices.Contains(c.inputs, name) {
			surplus[name] = true
			continue
		}
		claimed = true
		if !isObject(text) {
			continue
		}
		inner, err := membersOf(text)
		if err != nil {
			return false, fmt.Errorf("member %q: %w", name, err)
		}
		for key := range inner {
			if !slices.Contains(c.inputs, key) {
				surplus[key] = true
			}
		}
	}
	return claimed, nil
}
