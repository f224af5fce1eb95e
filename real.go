package zkml

import (
	"encoding/json"
	"fmt"
	"math"
	"strconv"
	"strings"
)

// Real is a number that a float model can make infinite, such as an error. JSON has no
// number for an infinity, and none for what is no number: they are the texts "Inf",
// "-Inf" and "NaN".
type Real float64

// MarshalJSON writes a number or one of these texts.
func (r Real) MarshalJSON() ([]byte, error) {
	if v := float64(r); math.IsInf(v, 0) || math.IsNaN(v) {
		return json.Marshal(strings.TrimPrefix(fmt.Sprint(v), "+"))
	}
	return json.Marshal(float64(r))
}

// UnmarshalJSON reads either.
func (r *Real) UnmarshalJSON(text []byte) error {
	var number float64
	if json.Unmarshal(text, &number) == nil {
		*r = Real(number)
		return nil
	}
	var word string
	if err := json.Unmarshal(text, &word); err != nil {
		return err
	}
	if word != "Inf" && word != "-Inf" && word != "NaN" {
		return fmt.Errorf("%q is no number", word)
	}
	number, err := strconv.ParseFloat(word, 64)
	*r = Real(number)
	return err
}
