package onnx

import (
	"bytes"
	"testing"
)

// FuzzDecode looks for a panic, a graph with an error, or neither. A graph
// that is given out must keep its promises.
func FuzzDecode(f *testing.F) {
	f.Add([]byte(mlp))
	f.Add([]byte(aModel(relu)))
	f.Add([]byte(aModel(relu, msg{}.sub(5, join(aTensor("w", 1, 2), external("location", "w.bin"))))))
	f.Add([]byte(aModel(input(aValue("x")), output(typed("y", maps(int64Type, floatType))),
		aNode("", "ZipMap", list("x"), list("y")))))
	f.Add([]byte(functionModel(call("c", "twice", list("x"), list("y"), intAttr("axis", 0)))))
	f.Add([]byte(aModel(x, y, scan(join(output(aValue("z")), aNode("act", "Relu", list("x"), list("z")))))))
	dir := f.TempDir() // with nothing in it
	f.Fuzz(func(t *testing.T, data []byte) {
		g, err := Decode(data)
		if whole, inlineErr := Inline(data, dir); err == nil && (inlineErr != nil || !bytes.Equal(whole, data)) {
			t.Fatalf("a model without external data changes: %v", inlineErr)
		}
		if (g == nil) == (err == nil) {
			t.Fatalf("graph %v, error %v", g, err)
		}
		if err != nil {
			return
		}
		known := map[string]bool{"": true}
		for name := range g.Consts {
			known[name] = true
		}
		for _, v := range g.Inputs {
			known[v.Name] = true
		}
		for _, n := range g.Nodes {
			for _, in := range n.Inputs {
				if !known[in] {
					t.Fatalf("%s reads %q before it is defined", n.Name, in)
				}
			}
			for _, out := range n.Outputs {
				known[out] = true
			}
		}
		_ = g.Text()
	})
}

// FuzzReadTensor looks for a panic and for a shape that its data does not fill.
func FuzzReadTensor(f *testing.F) {
	f.Add([]byte(aTensor("t", 22, 3).str(9, "\x87\x0f")))
	f.Fuzz(func(t *testing.T, data []byte) {
		c, err := ReadTensor(data)
		if (c == nil) == (err == nil) {
			t.Fatalf("tensor %v, error %v", c, err)
		}
		if err != nil {
			return
		}
		n := 1
		for _, d := range c.Shape {
			n *= d
		}
		if n != len(c.Data) {
			t.Fatalf("shape %v with %d elements", c.Shape, len(c.Data))
		}
	})
}
