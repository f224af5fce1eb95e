// Package modelflags owns the flags of a compilation, which several commands have,
// and the words about its agreement. The commands import it.
package modelflags

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"github.com/zkml-go/zkml/cmd/zkml/internal/app"
	"github.com/zkml-go/zkml/cmd/zkml/internal/load"
	"github.com/zkml-go/zkml/compiler"
	"github.com/zkml-go/zkml/compiler/graph"
	"github.com/zkml-go/zkml/input"
	"github.com/zkml-go/zkml/visibility"
)

// Options are the values of the flags.
type Options struct {
	// Calibrate, Target and Image are as they were typed.
	Calibrate, Target, Image string
	Invert, Context          bool
	// Bundle is the folder to write, "" for none.
	Bundle string
	Unsafe bool
	// Picture is what Image and Invert say; Unpictured tells that nobody said what
	// grey values become.
	Picture    input.Picture
	Unpictured bool
	// Parsed are the compiler's options.
	Parsed compiler.Options

	private, bind, reveal string
	limit, batch          int
	resize                bool
	shapes                []string
	output, formats       string
	inputFormat, signedBy string
}

// Flags declares all of the flags.
func (o *Options) Flags(c *cobra.Command) {
	f := c.Flags()
	f.StringVarP(&o.Bundle, "out", "o", "", "the bundle's folder (default MODEL.zkml in the working directory)")
	f.StringVar(&o.private, "private", "", "what stays hidden: input, model, or input,model (default nothing)")
	f.StringVar(&o.bind, "bind-model", visibility.BindKey.String(), "what fixes a private model: key (the verifying key), or hash (a commitment; one key for all models of the architecture)")
	f.StringVar(&o.reveal, "reveal", string(visibility.Scores), "what a proof shows of the output: scores, class or commitment")
	f.StringVar(&o.signedBy, "input-signed-by", "", "require a signature of the input, and show the signer's key: eddsa")
	f.BoolVar(&o.Context, "context", false, "bind each proof to one use: prove takes --context HEX")
	f.IntVar(&o.batch, "batch", 0, "prove so many inputs with one proof (default one)")
	f.StringArrayVar(&o.shapes, "shape", nil, "sizes of an input that the file leaves open: name=1,3,224,224")
	f.StringVar(&o.output, "output", "", "which output to prove, where the model has several")
	f.StringVar(&o.formats, "formats", "", "JSON file of integer formats to follow in place of a search, as inspect --stage formats prints it")
	f.StringVar(&o.inputFormat, "input-format", "", "bundle or verifying key whose input's format to take, so that one commitment serves both models")
	f.BoolVar(&o.Unsafe, "unsafe-srs", false, "use an SRS whose secret anybody can know: for tests alone")
	o.SampleFlags(c)
}

// SampleFlags are those of the samples, and of what is asked for on them.
func (o *Options) SampleFlags(c *cobra.Command) {
	f := c.Flags()
	f.StringVar(&o.Calibrate, "calibrate", "", "samples to choose integer formats with, and to measure agreement on")
	f.IntVar(&o.limit, "limit", 0, "use the first N samples alone (default all)")
	f.StringVar(&o.Target, "target", "", "what the integers must reach on the samples: top1=99.9%, error=0.01 or bits=8 (default bits=8)")
	f.StringVar(&o.Image, "image", "", "how a picture's grey value x, 0..255, becomes the input: \"x/255\" (default \"x\")")
	f.BoolVar(&o.Invert, "invert", false, "turn grey values around first: dark on bright becomes bright on dark")
	f.BoolVar(&o.resize, "resize", false, "allow sample pictures of another size")
}

// maxBatch bounds how many inputs one proof is about; a circuit's rows bound them
// before.
const maxBatch = 4096

// Parse reads the words and numbers of the flags. Its errors are usage errors.
func (o *Options) Parse(c *cobra.Command) error {
	err := o.parseWords()
	if err == nil && c.Flags().Changed("batch") && (o.batch < 2 || o.batch > maxBatch) {
		err = fmt.Errorf("--batch %d: 2 to %d inputs fit a proof", o.batch, maxBatch)
	}
	if err == nil && o.limit > 0 && o.Calibrate == "" {
		err = errors.New("--limit is about samples: give some with --calibrate")
	}
	if err == nil && o.formats != "" && o.Target != "" {
		err = errors.New("--formats and --target exclude each other: formats that are given are not searched")
	}
	if err == nil && o.formats != "" && o.inputFormat != "" {
		err = errors.New("--formats and --input-format exclude each other: given formats hold the input's")
	}
	if err != nil {
		return app.Usage(c, err)
	}
	o.Parsed.Context, o.Parsed.Batch = o.Context, o.batch
	return nil
}

func (o *Options) parseWords() (err error) {
	p := &o.Parsed
	if p.Private, err = visibility.ParsePrivate(o.private); err != nil {
		return err
	}
	if p.Bind, err = visibility.ParseBind(o.bind); err != nil {
		return err
	}
	if p.Bind != visibility.BindKey && !p.Private.Model {
		return fmt.Errorf("--bind-model %s: it is for private models: add --private model", p.Bind)
	}
	if p.Reveal, err = visibility.ParseReveal(o.reveal); err != nil {
		return err
	}
	if p.SignedBy, err = visibility.ParseScheme(o.signedBy); err != nil {
		return err
	}
	p.Model.Output = o.output
	if p.Model.Shapes, err = parseShapes(o.shapes); err != nil {
		return err
	}
	return o.ParseSamples()
}

// ParseSamples reads the values of SampleFlags.
func (o *Options) ParseSamples() (err error) {
	if o.limit < 0 {
		return fmt.Errorf("--limit %d: give a positive number", o.limit)
	}
	if o.Parsed.Target, err = compiler.ParseTarget(o.Target); err != nil {
		return err
	}
	if o.Picture, err = input.ParsePicture(o.Image, o.Invert); err != nil {
		return fmt.Errorf("--image: %w", err)
	}
	return nil
}

// parseShapes reads name=d0,d1 texts.
func parseShapes(texts []string) (map[string][]int, error) {
	shapes := map[string][]int{}
	for _, text := range texts {
		i := strings.LastIndexByte(text, '=')
		if i < 1 {
			return nil, fmt.Errorf("--shape %q: write name=d0,d1, as in x=1,784", text)
		}
		var shape []int
		for _, size := range strings.Split(text[i+1:], ",") {
			d, err := strconv.Atoi(strings.TrimSpace(size))
			if err != nil || d < 1 {
				return nil, fmt.Errorf("--shape %q: size %q is not a positive number", text, size)
			}
			shape = append(shape, d)
		}
		shapes[text[:i]] = shape
	}
	return shapes, nil
}

// Compiled is a model with the file that it came from.
type Compiled struct {
	*compiler.Result
	File []byte
}

// Compile reads the model, the samples and the formats, and compiles: all that
// comes before keys.
func (o *Options) Compile(ctx context.Context, a *app.App, path string) (*Compiled, error) {
	file, g, err := load.Model(a, path)
	if err != nil {
		return nil, err
	}
	if o.formats != "" {
		if o.Parsed.Formats, err = load.Formats(a, o.formats); err != nil {
			return nil, err
		}
	}
	if err := o.readInputFormat(a, g); err != nil {
		return nil, err
	}
	if err := o.readSamples(a, g); err != nil {
		return nil, err
	}
	o.Parsed.Range = o.made()
	o.Parsed.Progress = a.Progress.Step
	r, err := app.Await(ctx, func() (*compiler.Result, error) { return compiler.Compile(g, o.Parsed) })
	a.Progress.Done()
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	if r.Report.Made {
		lo, hi := o.Parsed.MadeRange()
		a.Note("no samples were given, so %d random inputs in [%.3g, %.3g] stood in for them: the agreement below says little about real data, and what lies outside may be limited to that range; give some with --calibrate", r.Report.Samples, lo, hi)
	}
	return &Compiled{r, file}, nil
}

// made is where made-up samples lie: what pictures become, where that was said.
func (o *Options) made() [2]float64 {
	if o.Image == "" {
		return [2]float64{}
	}
	black, white := o.Picture.Value(0), o.Picture.Value(255)
	return [2]float64{min(black, white), max(black, white)}
}

// readInputFormat takes the input's format from another model, whose input must
// have as many elements.
func (o *Options) readInputFormat(a *app.App, g *graph.Graph) error {
	if o.inputFormat == "" {
		return nil
	}
	key, err := load.Key(a, []string{o.inputFormat})
	if err != nil {
		return fmt.Errorf("--input-format: %w", err)
	}
	m, err := compiler.NewModel(g, o.Parsed.Model)
	if err != nil {
		return err
	}
	from, n := key.Layout.Input, 1
	for _, d := range m.Shape {
		n *= d
	}
	if from.Count() != n {
		return fmt.Errorf("--input-format %s: its input has %d elements, this model's %d: they cannot take one input", o.inputFormat, from.Count(), n)
	}
	o.Parsed.Input = &compiler.InputFormat{Bits: from.Bits, Zero: from.Zero, Scale: from.Scale}
	return nil
}

// readSamples reads the calibration data in the shape of the model's input.
func (o *Options) readSamples(a *app.App, g *graph.Graph) error {
	if o.Calibrate == "" {
		return nil
	}
	m, err := compiler.NewModel(g, o.Parsed.Model)
	if err != nil {
		return err
	}
	s := load.Spec(m.Input.Name, m.Shape, o.Picture, o.resize)
	s.Unpictured = o.Unpictured
	set, err := input.ReadSet(o.Calibrate, a.In, s, o.limit)
	if err != nil {
		return err
	}
	for _, t := range set {
		o.Parsed.Samples = append(o.Parsed.Samples, t.Data)
	}
	return nil
}
