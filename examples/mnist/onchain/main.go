// Command onchain runs the 400-64-10 network inside the EVM, weights and all, for
// comparison with a proof of the same prediction: gas, upload, accuracy and the
// confusion matrix. It owns Network.sol and the packing of weights for it.
//
//	go run ./examples/mnist/onchain                       # the sample digits
//	go run ./examples/mnist/onchain --data MNIST-FOLDER   # 1,000 test images
//
// It runs in the repository's root and needs Node for the Solidity compiler. It
// must not be imported.
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/signal"

	"github.com/zkml-go/zkml/examples/measure"
)

// options are the command's flags.
type options struct {
	mnist, data string
	images      int
	proof       bool
}

func main() {
	measure.Child()
	var o options
	flag.StringVar(&o.mnist, "mnist", "examples/mnist", "the `FOLDER` of the models, their formats and the sample "+
		"digits")
	flag.StringVar(&o.data, "data", "", "a `FOLDER` with MNIST's test images and labels (default the sample digits)")
	flag.IntVar(&o.images, "images", 1000, "how many test images")
	flag.BoolVar(&o.proof, "proof", true, "prove one prediction too, and measure its verification")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := o.run(ctx); err != nil {
		fmt.Fprintln(os.Stderr, "onchain:", err)
		stop()
		os.Exit(1)
	}
}

func (o *options) run(ctx context.Context) error {
	if flag.NArg() > 0 {
		return fmt.Errorf("unknown argument %q; see --help", flag.Arg(0))
	}
	set, err := o.read()
	if err != nil {
		return err
	}
	m, err := o.load(set.pictures)
	if err != nil {
		return err
	}
	n, err := build(m.program)
	if err != nil {
		return err
	}
	r, err := n.measure(m, set)
	if err != nil {
		return err
	}
	if o.proof {
		if r.proof, err = m.prove(ctx, set.pictures[0]); err != nil {
			return err
		}
	}
	fmt.Print(r)
	return nil
}
