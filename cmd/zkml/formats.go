package main

import (
	"bytes"
	"encoding/json"
	"fmt"

	"github.com/zkml-go/zkml/compiler"
)

// readFormats reads the value of --formats. Whether they suit the model is the
// compiler's to say.
func (a *app) readFormats(path string) (*compiler.Formats, error) {
	data, err := a.readFile(path)
	if err != nil {
		return nil, err
	}
	f, err := decodeFormats(data)
	if err != nil {
		return nil, fmt.Errorf("--formats %s: %w; write what `zkml inspect --stage formats` prints", path, err)
	}
	return f, nil
}

func decodeFormats(data []byte) (*compiler.Formats, error) {
	f := new(compiler.Formats)
	d := json.NewDecoder(bytes.NewReader(data))
	d.DisallowUnknownFields()
	return f, d.Decode(f)
}
