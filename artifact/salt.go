package artifact

import (
	"encoding/json"
	"fmt"
	"math/big"

	"github.com/consensys/gnark-crypto/ecc/bn254/fr"

	"github.com/zkml-go/zkml/circuits"
	"github.com/zkml-go/zkml/jsonfile"
	"github.com/zkml-go/zkml/visibility"
)

// saltVersion is the version of the salt file.
const saltVersion = 1

// storedSalt is salt.private.json: the random coefficients that hide a private
// model in its key, from which the key can be derived again with the ONNX file, or the
// salt of a hashed model's commitment.
type storedSalt struct {
	Version int      `json:"version"`
	Salt    []string `json:"salt"`
}

func encodeSalt(salt []*big.Int, size int) ([]byte, error) {
	if err := checkSalt(salt, size); err != nil {
		return nil, err
	}
	out := storedSalt{Version: saltVersion}
	for _, s := range salt {
		out.Salt = append(out.Salt, fmt.Sprintf("0x%064x", s))
	}
	text, err := json.MarshalIndent(out, "", "  ")
	return append(text, '\n'), err
}

// ReadSalt reads a salt file, salt.private.json of a bundle, for a layout's model. The
// error names the file, and never shows what is in it.
func ReadSalt(name string, data []byte, l visibility.Layout) ([]*big.Int, error) {
	size := (&circuits.Statement{Layout: l}).SaltSize()
	var in storedSalt
	if err := jsonfile.Decode(data, &in); err != nil {
		return nil, fmt.Errorf("%s is not a model's salt file", name)
	}
	if in.Version != saltVersion {
		return nil, fmt.Errorf("%s has version %d, but this zkml reads version %d", name, in.Version, saltVersion)
	}
	salt := make([]*big.Int, len(in.Salt))
	for i, s := range in.Salt {
		v, ok := new(big.Int).SetString(s, 0)
		if !ok {
			return nil, fmt.Errorf("%s: element %d is not a number", name, i)
		}
		salt[i] = v
	}
	if err := checkSalt(salt, size); err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	return salt, nil
}

// checkSalt requires size elements in [1, r). The error never shows one.
func checkSalt(salt []*big.Int, size int) error {
	if len(salt) != size {
		return fmt.Errorf("the private model's salt has %d elements, not %d", len(salt), size)
	}
	for i, s := range salt {
		if s == nil || s.Sign() <= 0 || s.Cmp(fr.Modulus()) >= 0 {
			return fmt.Errorf("element %d of the private model's salt is not in [1, r)", i)
		}
	}
	return nil
}
