package input

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/zkml-go/zkml/printable"
)

// keyed reads the values of a map from the members of a JSON object.
func (c content) keyed(members map[string]json.RawMessage) (*array, error) {
	keys := c.spec.Keys
	data, known := make([]float64, len(keys)), false
	for k, key := range keys {
		text, ok := members[key]
		if !ok {
			continue
		}
		shape, value, err := c.list(text)
		if err != nil {
			return nil, fmt.Errorf("key %q: %w", key, err)
		}
		if len(shape) > 0 {
			return nil, fmt.Errorf("key %q: a list where a number is expected", key)
		}
		data[k], known = value[0], true
	}
	if !known && len(members) > 0 {
		return nil, errNoKey("members", keys)
	}
	return newArray([]int{len(keys)}, data)
}

// isObject tells whether a JSON value is an object.
func isObject(text []byte) bool {
	return strings.HasPrefix(strings.TrimLeft(string(text), jsonBlank), "{")
}

// keyColumns are the columns of a map's keys, −1 for one that is absent.
func keyColumns(keys, names []string) ([]int, error) {
	out, found := make([]int, len(keys)), false
	for k, key := range keys {
		if out[k] = slices.Index(names, key); out[k] < 0 {
			continue
		}
		found = true
		if slices.Contains(names[out[k]+1:], key) {
			return nil, fmt.Errorf("has several columns %q", key)
		}
	}
	if !found {
		return nil, errNoKey("columns", keys)
	}
	return out, nil
}

// errNoKey refuses a map of which no key is known: it is meant for something else.
func errNoKey(what string, keys []string) error {
	return errors.New("none of its " + what + " is a key of the model's map; the keys are " + printable.Names(keys))
}
