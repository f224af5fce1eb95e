package main

import (
	"encoding/binary"
	"errors"
	"fmt"

	"github.com/zkml-go/zkml/circuits"
	"github.com/zkml-go/zkml/program"
)

// The network that Network.sol runs.
const (
	inputs  = 400
	hidden  = 64
	classes = 10
	shift   = 2
	limit   = 14 // bits of a hidden unit
)

// weightsSize is the length of the weights' code.
const weightsSize = 1 + inputs*hidden*6/8 + hidden*4 + hidden*classes*3 + classes*8

// pack gives the code of the contract that holds a program's weights, as
// Network.sol describes it. The error tells that the program is not of the
// network's form: other shapes, weights beyond 6 and 8 bits, or another rescale.
func pack(p *program.Program) ([]byte, error) {
	first, second, err := layers(p)
	if err != nil {
		return nil, err
	}
	rows, err := dense(first, inputs, 6)
	if err != nil {
		return nil, fmt.Errorf("first layer: %w", err)
	}
	last, err := dense(second, hidden, 8)
	if err != nil {
		return nil, fmt.Errorf("second layer: %w", err)
	}
	code := []byte{0}
	for x := range inputs {
		for n := 0; n < hidden; n += 4 {
			v := rows[n][x] | rows[n+1][x]<<6 | rows[n+2][x]<<12 | rows[n+3][x]<<18
			code = append(code, byte(v>>16), byte(v>>8), byte(v))
		}
	}
	for _, bias := range first.Bias {
		if bias != int64(int32(bias)) {
			return nil, errors.New("first layer: a bias beyond 32 bits")
		}
		code = binary.BigEndian.AppendUint32(code, uint32(bias))
	}
	for n := range hidden {
		for c := range classes {
			code = append(code, 0, 0, byte(last[c][n]))
		}
	}
	for _, bias := range second.Bias {
		code = binary.BigEndian.AppendUint64(code, uint64(bias))
	}
	return code, nil
}

// layers takes the two layers out of a program of the network's form.
func layers(p *program.Program) (first, second *program.Linear, err error) {
	bad := errors.New("not a network of two layers with ReLU between them and an argmax behind")
	if len(p.Steps) != 4 || len(p.Inputs) != 1 || p.Size(0) != inputs ||
		p.Inputs[0] != (program.Interval{Lo: 0, Hi: 255}) {
		return nil, nil, bad
	}
	for i, s := range p.Steps {
		if len(s.In) != 1 || s.In[0] != i || s.Out != i+1 {
			return nil, nil, bad
		}
	}
	first, ok1 := p.Steps[0].Kernel.(*program.Linear)
	between, ok2 := p.Steps[1].Kernel.(*program.Saturate)
	second, ok3 := p.Steps[2].Kernel.(*program.Linear)
	end, ok4 := p.Steps[3].Kernel.(*program.ArgMax)
	if !ok1 || !ok2 || !ok3 || !ok4 || first.Rows.Len() != hidden || second.Rows.Len() != classes {
		return nil, nil, bad
	}
	if len(between.By) != 1 || between.By[0] != (circuits.Saturation{Shift: shift, Bits: limit}) {
		return nil, nil, fmt.Errorf("the rescale is %s, and the contract has another", between)
	}
	if end.Last || len(end.Groups) != 1 || len(end.Groups[0]) != classes {
		return nil, nil, bad
	}
	return first, second, nil
}

// dense gives a layer's weights by row and input, each plus half of 2^bits.
func dense(l *program.Linear, width, bits int) ([][]int64, error) {
	half := int64(1) << (bits - 1)
	out := make([][]int64, l.Rows.Len())
	for i, row := range l.Listed() {
		out[i] = make([]int64, width)
		for k := range out[i] {
			out[i][k] = half
		}
		for _, t := range row.Terms {
			out[i][t.Index] += t.W
		}
		for _, w := range out[i] {
			if w < 0 || w >= 2*half {
				return nil, fmt.Errorf("a weight beyond %d bits", bits)
			}
		}
	}
	return out, nil
}
