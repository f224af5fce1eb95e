package conformance

import (
	"encoding/json"

	"github.com/zkml-go/zkml/jsonfile"
	"github.com/zkml-go/zkml/verifier"
)

// publishedFormats is what an audit reads of the integer formats: those of the input,
// by which people turn real numbers into a statement's integers. Those of the steps
// are in the program, scale by scale.
type publishedFormats struct {
	Input struct {
		Bits  int     `json:"bits"`
		Zero  int64   `json:"zero"`
		Scale float64 `json:"scale"`
	} `json:"input"`
	Steps json.RawMessage `json:"steps"`
}

// formats checks that the key's file and the architecture publish the same formats,
// and that they are the layout's.
func (a *audit) formats(key *verifier.Key, arch *Architecture) {
	var f publishedFormats
	err := jsonfile.Decode([]byte(arch.Formats), &f)
	in := arch.Layout.Item().Inputs()[0]
	same := err == nil && arch.Formats == key.Formats && f.Input.Bits == in.Bits && f.Input.Zero == in.Zero &&
		f.Input.Scale == in.Scale
	a.add("formats", same, "the architecture's formats are not the key's, or not those of its input")
}
