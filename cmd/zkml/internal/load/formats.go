package load

import (
	"fmt"

	"github.com/zkml-go/zkml/cmd/zkml/internal/app"
	"github.com/zkml-go/zkml/compiler"
	"github.com/zkml-go/zkml/jsonfile"
)

// Formats reads the value of --formats. The compiler checks whether they suit the
// model.
func Formats(a *app.App, path string) (*compiler.Formats, error) {
	data, err := File(a, path)
	if err != nil {
		return nil, err
	}
	f, err := DecodeFormats(data)
	if err != nil {
		return nil, fmt.Errorf("--formats %s: %w; write what `zkml inspect --stage formats` prints", path, err)
	}
	return f, nil
}

// DecodeFormats reads integer formats from their JSON.
func DecodeFormats(data []byte) (*compiler.Formats, error) {
	f := new(compiler.Formats)
	return f, jsonfile.Decode(data, f)
}
