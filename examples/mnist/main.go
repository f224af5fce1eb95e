// Command mnist shows what zkml does: it classifies a handwritten digit with a
// trained network, proves the prediction in all four scenarios of privacy, and has a
// Solidity contract check an honest and a forged claim.
//
//	go run ./examples/mnist
//	go run ./examples/mnist --model lenet --digit mine.png --invert
//
// It needs only Go; the columns about the chain also need Node. Models, sample digits
// and integer formats are embedded. It must not be imported.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"strings"

	"golang.org/x/term"

	"github.com/zkml-go/zkml/chain/evm"
	"github.com/zkml-go/zkml/examples/measure"
	"github.com/zkml-go/zkml/input"
	"github.com/zkml-go/zkml/internal/progress"
	"github.com/zkml-go/zkml/srs"
)

// options are the command's flags.
type options struct {
	model, digit, calibrate string
	images                  int
	invert                  bool
}

func main() {
	measure.Child()
	var o options
	flag.StringVar(&o.model, "model", "mlp784", "the network: "+strings.Join(modelNames(), ", "))
	flag.StringVar(&o.digit, "digit", "", "a picture `FILE` of a digit, bright on dark (default one of the samples)")
	flag.BoolVar(&o.invert, "invert", false, "the digit is dark on bright")
	flag.StringVar(&o.calibrate, "calibrate", "", "choose integer formats anew from MNIST's training images in "+
		"`FOLDER`, for all models or those named, and write them to examples/mnist/formats")
	flag.IntVar(&o.images, "images", 60_000, "how many training images --calibrate uses")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	err := o.run(ctx)
	if err != nil {
		fmt.Fprintln(os.Stderr, "mnist:", err)
		stop()
		os.Exit(1)
	}
}

func (o *options) run(ctx context.Context) error {
	if o.calibrate != "" {
		return calibrate(o.calibrate, o.images, flag.Args())
	}
	if flag.NArg() > 0 {
		return fmt.Errorf("unknown argument %q; see --help", flag.Arg(0))
	}
	m, err := loadModel(o.model)
	if err != nil {
		return err
	}
	picture, err := input.ParsePicture(grey, o.invert)
	if err != nil {
		return err
	}
	x, err := m.read(o.digit, picture)
	if err != nil {
		return err
	}
	fmt.Printf("%s\n%s, in zero knowledge:\n\n", art(x), m.name)
	results, err := prove(ctx, m, x)
	if err != nil {
		return err
	}
	fmt.Print(table(results))
	return nil
}

// prove takes the model through all scenarios.
func prove(ctx context.Context, m *model, x []float64) ([]*measure.Result, error) {
	dir, err := os.MkdirTemp("", "zkml-mnist-*")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	store, err := srs.Open("")
	if err != nil {
		return nil, err
	}
	bars := progress.New(nil)
	if term.IsTerminal(int(os.Stderr.Fd())) {
		bars = progress.New(os.Stderr)
	}
	defer bars.Done()
	store.Progress = bars.Step
	session := &measure.Session{Dir: dir, Store: store, Stage: bars.Stage}
	var results []*measure.Result
	for _, c := range m.cases(x) {
		r, err := session.Run(ctx, c)
		if err != nil {
			return nil, err
		}
		results = append(results, r)
	}
	err = session.OnChain(results)
	if errors.Is(err, evm.ErrNoCompiler) {
		bars.Done()
		fmt.Printf("the columns about the chain are empty: %v\n\n", err)
		err = nil
	}
	return results, err
}
