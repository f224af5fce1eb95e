package circuits_test

import (
	"fmt"

	"github.com/zkml-go/zkml/circuits"
	"github.com/zkml-go/zkml/gate"
)

// Example_packs is the layer of docs/packs.md: two sums in one pack, closed by
// the ReLU that reads them.
func Example_packs() {
	relu := circuits.Saturation{Shift: 1, Base: 0, Bits: 3}
	var counter gate.Counter
	in := counter.Inputs(3)
	b := circuits.NewBuilder(&counter, 4, in[0])
	x := b.Bound(in, circuits.Window{Bits: 3})
	rows := layer{row(0, 2, -1, 3), row(0, -1, 1, 1)}
	rows[0].Lo, rows[0].Hi = -7, 35
	rows[1].Lo, rows[1].Hi = -7, 14
	for i := range rows {
		rows[i].Window = b.SaturationWindow(relu, rows[i].Lo, rows[i].Hi)
		fmt.Printf("y%d in [%d, %d], window [%d, %d] of %d bits\n", i, rows[i].Lo, rows[i].Hi,
			rows[i].Window.Base, rows[i].Window.Last(), rows[i].Window.Bits)
	}
	before := counter.Gates
	sums := b.Linear(x, rows, false)
	fmt.Println("chain:", counter.Gates-before, "gates")
	for _, out := range b.Saturate(sums, []circuits.Saturation{relu, relu}) {
		fmt.Printf("out in [%d, %d]\n", out.Lo, out.Hi)
	}
	fmt.Println("outputs for 29 and 4:", relu.Eval(29), relu.Eval(4))
	// Output:
	// y0 in [-7, 35], window [-17, 46] of 6 bits
	// y1 in [-7, 14], window [-17, 14] of 5 bits
	// chain: 2 gates
	// out in [0, 7]
	// out in [0, 7]
	// outputs for 29 and 4: 7 2
}
