// Command bench measures the reference models: gates, rows, the time of a proof and
// that of bare gnark on a circuit of the same padded size, memory, proof and gas.
// It must not be imported; `make bench` runs it, from the repository's root.
//
//	go run ./dev/bench
//	go run ./dev/bench --runs 3 --private , examples/mnist/models/mlp784.onnx
//
// The models are those of examples/mnist, and those in the folder of shared data
// (ZKML_SHARED, or ../shared/data) where there is one.
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
	"github.com/zkml-go/zkml/internal/progress"
	"github.com/zkml-go/zkml/srs"
	"github.com/zkml-go/zkml/visibility"
)

// options are the command's flags.
type options struct {
	runs      int
	scenarios []visibility.Private
}

func main() {
	measure.Child()
	var o options
	flag.IntVar(&o.runs, "runs", 1, "how often to prove; the quickest run counts")
	words := flag.String("private", ";input;model;input,model", "the scenarios, separated by semicolons")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	err := o.parse(*words)
	if err == nil {
		err = o.run(ctx, flag.Args())
	}
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

func (o *options) parse(words string) error {
	for _, text := range strings.Split(words, ";") {
		p, err := visibility.ParsePrivate(strings.Trim(text, ","))
		if err != nil {
			return err
		}
		o.scenarios = append(o.scenarios, p)
	}
	return nil
}

// run measures the models at paths, or all references, and prints the table.
// Models that cannot be measured are an error, after the table of the others.
func (o *options) run(ctx context.Context, paths []string) error {
	models, err := references(paths)
	if err != nil {
		return err
	}
	dir, err := os.MkdirTemp("", "zkml-bench-*")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	store, err := srs.Open("")
	if err != nil {
		return err
	}
	bars := progress.New(nil)
	if term.IsTerminal(int(os.Stderr.Fd())) {
		bars = progress.New(os.Stderr)
	}
	store.Progress = bars.Step
	b := &bench{Session: &measure.Session{Dir: dir, Store: store, Stage: bars.Stage}, runs: o.runs,
		bares: map[size]timing{}}
	failed := b.all(ctx, models, o.scenarios)
	err = b.OnChain(b.results)
	bars.Done()
	if errors.Is(err, evm.ErrNoCompiler) {
		fmt.Printf("no gas: %v\n", err)
		err = nil
	}
	fmt.Print(b.table())
	return errors.Join(append(failed, err)...)
}

// size is what the time of a bare circuit depends on.
type size struct {
	rows   int
	hiding bool
}

// timing is what a process took.
type timing struct {
	seconds float64
	peak    int64
}

// bench gathers results.
type bench struct {
	*measure.Session
	runs    int
	results []*measure.Result
	bares   map[size]timing
}

// all measures every model in every scenario, and the bare circuits beside them.
func (b *bench) all(ctx context.Context, models []reference, scenarios []visibility.Private) (failed []error) {
	for _, m := range models {
		for _, private := range scenarios {
			if err := b.one(ctx, m, private); err != nil {
				failed = append(failed, err)
			}
			if ctx.Err() != nil {
				return append(failed, ctx.Err())
			}
		}
	}
	return failed
}

func (b *bench) one(ctx context.Context, m reference, private visibility.Private) error {
	c, err := m.load(private)
	if err != nil {
		return fmt.Errorf("%s: %w", m.path, err)
	}
	c.Runs = b.runs
	r, err := b.Run(ctx, c)
	if err != nil {
		return err
	}
	b.results = append(b.results, r)
	return b.bare(ctx, sizeOf(r))
}

func sizeOf(r *measure.Result) size {
	return size{r.Cost.PaddedRows, r.Private.Hidden() || r.Private.Model}
}

// bare measures a bare circuit, once for each size.
func (b *bench) bare(ctx context.Context, s size) error {
	if _, done := b.bares[s]; done {
		return nil
	}
	var best timing
	for i := range max(b.runs, 1) {
		seconds, peak, err := b.Bare(ctx, s.rows, s.hiding)
		if err != nil {
			return err
		}
		if i == 0 || seconds < best.seconds {
			best = timing{seconds, peak}
		}
	}
	b.bares[s] = best
	return nil
}
