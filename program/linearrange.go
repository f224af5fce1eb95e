package program

import (
	"encoding/binary"
	"fmt"
	"math"
	"slices"

	"github.com/zkml-go/zkml/circuits"
	"github.com/zkml-go/zkml/sparse"
)

// Range implements Kernel: exact sums for a public model, Limit for a private
// one, the widest sums of the format for a hashed one.
func (l *Linear) Range(in [][]Interval) ([]Interval, error) {
	if l.Format != nil {
		return l.widest(in)
	}
	out, err := l.ranges(in, true, sums)
	if err != nil || !l.Secret {
		return out, err
	}
	for i, iv := range out {
		if !l.filled && (iv.Lo < -l.Limit || iv.Hi > l.Limit) {
			return nil, fmt.Errorf("row %d can exceed the declared range of ±%d: declare a wider one", i, l.Limit)
		}
		out[i] = Interval{-l.Limit, l.Limit}
	}
	return out, nil
}

var errWide = fmt.Errorf("can exceed %d bits: use fewer bits for weights or activations", circuits.MaxBits)

// ofRow gives the interval of a row.
type ofRow func(bias int64, terms []sparse.Term[int64], x []Interval) (Interval, error)

// ranges gives each row's interval. of is called once for all rows with the same
// weights, bias and intervals of inputs, or, if weights do not matter, with the same
// intervals. A convolution has few different ones.
func (l *Linear) ranges(in [][]Interval, weights bool, of ofRow) ([]Interval, error) {
	type key struct {
		list, seen int
		bias       int64
	}
	x := slices.Concat(in...)
	seen := newViews(l.Rows, x)
	known := map[key]Interval{}
	out := make([]Interval, l.Rows.Len())
	var terms []sparse.Term[int64]
	for i := range out {
		k := key{seen: seen.of(i)}
		if weights {
			k.list, k.bias = l.Rows.Lists(i), l.Bias[i]
		}
		iv, ok := known[k]
		if !ok {
			terms = l.Rows.Row(i, terms[:0])
			var err error
			if iv, err = of(l.Bias[i], terms, x); err != nil {
				return nil, fmt.Errorf("sum %d %w", i, err)
			}
			known[k] = iv
		}
		out[i] = iv
	}
	return out, nil
}

// views numbers the lists of intervals that rows read.
type views struct {
	rows   *sparse.Matrix[int64]
	number []uint32 // of each element's interval
	lists  map[string]int
	known  map[int]int // by what the row reads
	key    []byte
}

func newViews(rows *sparse.Matrix[int64], x []Interval) *views {
	v := &views{rows: rows, number: make([]uint32, len(x)), lists: map[string]int{}, known: map[int]int{}}
	different := map[Interval]uint32{}
	for i, iv := range x {
		n, ok := different[iv]
		if !ok {
			n = uint32(len(different))
			different[iv] = n
		}
		v.number[i] = n
	}
	return v
}

// of is the number of the list of intervals that row i reads.
func (v *views) of(i int) int {
	n, ok := v.known[v.rows.Inputs(i)]
	if ok {
		return n
	}
	v.key = v.key[:0]
	for _, p := range v.rows.Parts(i) {
		for index := range v.rows.Elements(p) {
			v.key = binary.LittleEndian.AppendUint32(v.key, v.number[index])
		}
	}
	if n, ok = v.lists[string(v.key)]; !ok {
		n = len(v.lists)
		v.lists[string(v.key)] = n
	}
	v.known[v.rows.Inputs(i)] = n
	return n
}

// widest gives the interval that each row can have with any weights of the format.
func (l *Linear) widest(in [][]Interval) ([]Interval, error) {
	if err := l.fits(); err != nil {
		return nil, err
	}
	weight := Interval{-1 << (l.Format.Weight - 1), 1<<(l.Format.Weight-1) - 1}
	bias := Interval{-1 << (l.Format.Bias - 1), 1<<(l.Format.Bias-1) - 1}
	return l.ranges(in, false, func(_ int64, terms []sparse.Term[int64], x []Interval) (Interval, error) {
		out := bias
		for _, t := range terms {
			p, err := weight.times(x[t.Index])
			if err != nil {
				return out, err
			}
			out.Lo, out.Hi = out.Lo+p.Lo, out.Hi+p.Hi
			if out.Lo < -maxInteger || out.Hi > maxInteger {
				return out, errWide
			}
		}
		return out, nil
	})
}

// fits tells whether weights and biases are in the format.
func (l *Linear) fits() error {
	all := true
	l.Rows.EachWeight(func(int) int { return 0 }, func(_ int, _ int32, w int64) {
		all = all && circuits.Fits(w, l.Format.Weight)
	})
	var terms []circuits.RowTerm
	for i := range l.Rows.Len() {
		if !all {
			terms = l.terms(i, terms[:0])
			tooWide := func(t circuits.RowTerm) bool { return !circuits.Fits(t.W, l.Format.Weight) }
			if k := slices.IndexFunc(terms, tooWide); k >= 0 {
				return fmt.Errorf("weight %d of row %d does not fit the declared %d bits: declare more",
					k, i, l.Format.Weight)
			}
		}
		if !circuits.Fits(l.Bias[i], l.Format.Bias) {
			return fmt.Errorf("the bias of row %d does not fit the declared %d bits: declare more", i, l.Format.Bias)
		}
	}
	return nil
}

// sums gives a row's exact interval, computed in 64 bits. Sums of floats beside it show
// whether a term or a sum exceeds MaxBits; where none does, the integers do not wrap.
func sums(bias int64, terms []sparse.Term[int64], x []Interval) (Interval, error) {
	// the sum of floats is not enough: large terms of both signs may cancel
	lo, hi, most := float64(bias), float64(bias), 0.0
	iv := Interval{bias, bias}
	for _, t := range terms {
		a, b := t.W*x[t.Index].Lo, t.W*x[t.Index].Hi
		iv.Lo, iv.Hi = iv.Lo+min(a, b), iv.Hi+max(a, b)
		fa, fb := float64(float64(t.W)*float64(x[t.Index].Lo)), float64(float64(t.W)*float64(x[t.Index].Hi))
		lo, hi = lo+math.Min(fa, fb), hi+math.Max(fa, fb)
		most = math.Max(most, math.Max(math.Abs(fa), math.Abs(fb)))
	}
	if limit := math.Ldexp(1, circuits.MaxBits); -lo > limit || hi > limit || most > limit {
		return iv, errWide
	}
	return iv, nil
}
