package program

import (
	"fmt"
	"slices"

	"github.com/zkml-go/zkml/circuits"
	"github.com/zkml-go/zkml/sparse"
)

// storedLinear is a stored linear layer: each pattern of inputs and each list of
// weights once, as in the layer itself.
type storedLinear struct {
	_        struct{} `cbor:",toarray"`
	Rows     sparse.Form[int64]
	Bias     []int64
	Slots    []int32 // none: every weight has its own
	Secret   bool
	Limit    int64
	Unpacked bool
	Format   *circuits.WeightFormat
}

// MarshalCBOR implements cbor.Marshaler.
func (l *Linear) MarshalCBOR() ([]byte, error) {
	return encoding.Marshal(storedLinear{
		Rows: l.Rows.Form(), Bias: l.Bias, Slots: l.Slots,
		Secret: l.Secret, Limit: l.Limit, Unpacked: l.Unpacked, Format: l.Format,
	})
}

// read is the inverse of MarshalCBOR. It subtracts the layer's terms from left, the
// number that is still allowed: a short file must not ask for unlimited work.
func (l *Linear) read(data []byte, left *allowance) error {
	var in storedLinear
	if err := decoding.Unmarshal(data, &in); err != nil {
		return fmt.Errorf("read the linear layer: %w", err)
	}
	if left.stored -= in.Rows.Size(); left.stored < 0 {
		return fmt.Errorf("read the linear layer: the layers have more than %d numbers", maxStored)
	}
	rows, err := in.Rows.Matrix(1, left.terms)
	if err != nil {
		return fmt.Errorf("read the linear layer: %w", err)
	}
	left.terms -= rows.Terms()
	*l = Linear{
		Rows: rows, Bias: in.Bias, Slots: in.Slots,
		Secret: in.Secret, Limit: in.Limit, Unpacked: in.Unpacked, Format: in.Format,
	}
	return nil
}

// checkSlots bounds the numbers of a hashed model's integers.
func (l *Linear) checkSlots() error {
	if n := l.Rows.Len(); len(l.Bias) != n || l.Slots != nil && len(l.Slots) != n {
		return fmt.Errorf("%d rows have %d biases and %d slots", n, len(l.Bias), len(l.Slots))
	}
	if len(l.Slots) > 0 && (slices.Min(l.Slots) < 0 || int(slices.Max(l.Slots)) > maxElements) {
		return fmt.Errorf("a slot is outside 0 to %d", maxElements)
	}
	return nil
}
