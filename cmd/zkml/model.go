package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"github.com/zkml-go/zkml/compiler"
	"github.com/zkml-go/zkml/compiler/graph"
	"github.com/zkml-go/zkml/compiler/onnx"
	"github.com/zkml-go/zkml/input"
	"github.com/zkml-go/zkml/visibility"
)

// modelOptions are the flags that compile and estimate share.
type modelOptions struct {
	private, bind           string
	reveal, target          string
	calibrate               string
	limit, batch            int
	image                   string
	invert, resize, context bool
	shapes                  []string
	output, formats         string
	inputFormat, signedBy   string
	bundle                  string
	unsafe                  bool
	picture                 input.Picture
	unpictured              bool // nobody said what grey values become
	parsed                  compiler.Options
}

func (o *modelOptions) flags(c *cobra.Command) {
	f := c.Flags()
	f.StringVarP(&o.bundle, "out", "o", "", "the bundle's folder (default MODEL.zkml in the working directory)")
	f.StringVar(&o.private, "private", "", "what stays hidden: input, model, or input,model (default nothing)")
	f.StringVar(&o.bind, "bind-model", visibility.BindKey.String(), "what fixes a private model: key (the verifying key), or hash (a commitment; one key for all models of the architecture)")
	f.StringVar(&o.reveal, "reveal", string(visibility.Scores), "what a proof shows of the output: scores, class or commitment")
	f.StringVar(&o.signedBy, "input-signed-by", "", "require a signature of the input, and show the signer's key: eddsa")
	f.BoolVar(&o.context, "context", false, "bind each proof to one use: prove takes --context HEX")
	f.IntVar(&o.batch, "batch", 0, "prove so many inputs with one proof (default one)")
	f.StringArrayVar(&o.shapes, "shape", nil, "sizes of an input that the file leaves open: name=1,3,224,224")
	f.StringVar(&o.output, "output", "", "which output to prove, where the model has several")
	f.StringVar(&o.formats, "formats", "", "JSON file of integer formats to follow in place of a search, as inspect --stage formats prints it")
	f.StringVar(&o.inputFormat, "input-format", "", "bundle or verifying key whose input's format to take, so that one commitment serves both models")
	f.BoolVar(&o.unsafe, "unsafe-srs", false, "use an SRS whose secret anybody can know: for tests alone")
	o.sampleFlags(c)
}

// sampleFlags are those of the samples, and of what is asked for on them.
func (o *modelOptions) sampleFlags(c *cobra.Command) {
	f := c.Flags()
	f.StringVar(&o.calibrate, "calibrate", "", "samples to choose integer formats with, and to measure agreement on")
	f.IntVar(&o.limit, "limit", 0, "use the first N samples alone (default all)")
	f.StringVar(&o.target, "target", "", "what the integers must reach on the samples: top1=99.9%, error=0.01 or bits=8 (default bits=8)")
	f.StringVar(&o.image, "image", "", "how a picture's grey value x, 0..255, becomes the input: \"x/255\" (default \"x\")")
	f.BoolVar(&o.invert, "invert", false, "turn grey values around first: dark on bright becomes bright on dark")
	f.BoolVar(&o.resize, "resize", false, "allow sample pictures of another size")
}

// maxBatch bounds how many inputs one proof is about; a circuit's rows bound them
// before.
const maxBatch = 4096

// parse reads the words and numbers of the flags. Its errors are usage errors.
func (o *modelOptions) parse(c *cobra.Command) error {
	err := o.parseWords()
	if err == nil && c.Flags().Changed("batch") && (o.batch < 2 || o.batch > maxBatch) {
		err = fmt.Errorf("--batch %d: 2 to %d inputs fit a proof", o.batch, maxBatch)
	}
	if err == nil && o.limit > 0 && o.calibrate == "" {
		err = errors.New("--limit is about samples: give some with --calibrate")
	}
	if err == nil && o.formats != "" && o.target != "" {
		err = errors.New("--formats and --target exclude each other: formats that are given are not searched")
	}
	if err == nil && o.formats != "" && o.inputFormat != "" {
		err = errors.New("--formats and --input-format exclude each other: given formats hold the input's")
	}
	if err != nil {
		return usage(c, err)
	}
	o.parsed.Context, o.parsed.Batch = o.context, o.batch
	return nil
}

func (o *modelOptions) parseWords() (err error) {
	p := &o.parsed
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
	return o.parseSamples()
}

// parseSamples reads the values of sampleFlags.
func (o *modelOptions) parseSamples() (err error) {
	if o.limit < 0 {
		return fmt.Errorf("--limit %d: give a positive number", o.limit)
	}
	if o.parsed.Target, err = compiler.ParseTarget(o.target); err != nil {
		return err
	}
	if o.picture, err = input.ParsePicture(o.image, o.invert); err != nil {
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

// compiled is a model with the file that it came from.
type compiled struct {
	*compiler.Result
	file []byte
}

// compile reads the model, the samples and the formats, and compiles: all that
// comes before keys.
func (o *modelOptions) compile(ctx context.Context, a *app, path string) (*compiled, error) {
	file, g, err := a.readModel(path)
	if err != nil {
		return nil, err
	}
	if o.formats != "" {
		if o.parsed.Formats, err = a.readFormats(o.formats); err != nil {
			return nil, err
		}
	}
	if err := o.readInputFormat(a, g); err != nil {
		return nil, err
	}
	if err := o.readSamples(a, g); err != nil {
		return nil, err
	}
	o.parsed.Range = o.made()
	o.parsed.Progress = a.progress.Step
	r, err := await(ctx, func() (*compiler.Result, error) { return compiler.Compile(g, o.parsed) })
	a.progress.Done()
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	if r.Report.Made {
		lo, hi := o.parsed.MadeRange()
		a.note("no samples were given, so %d random inputs in [%.3g, %.3g] stood in for them: the agreement below says little about real data, and what lies outside may be limited to that range; give some with --calibrate", r.Report.Samples, lo, hi)
	}
	return &compiled{r, file}, nil
}

// made is where made-up samples lie: what pictures become, where that was said.
func (o *modelOptions) made() [2]float64 {
	if o.image == "" {
		return [2]float64{}
	}
	black, white := o.picture.Value(0), o.picture.Value(255)
	return [2]float64{min(black, white), max(black, white)}
}

// readInputFormat takes the input's format from another model, whose input must
// have as many elements.
func (o *modelOptions) readInputFormat(a *app, g *graph.Graph) error {
	if o.inputFormat == "" {
		return nil
	}
	key, err := a.openKey([]string{o.inputFormat})
	if err != nil {
		return fmt.Errorf("--input-format: %w", err)
	}
	m, err := compiler.NewModel(g, o.parsed.Model)
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
	o.parsed.Input = &compiler.InputFormat{Bits: from.Bits, Zero: from.Zero, Scale: from.Scale}
	return nil
}

// readModel reads the model whose bytes, with what the file keeps in others, are its
// identity, "-" being standard input.
func (a *app) readModel(path string) ([]byte, *graph.Graph, error) {
	if path != "-" {
		g, file, err := onnx.Load(path)
		return file, g, err
	}
	file, err := io.ReadAll(io.LimitReader(a.in, 1<<31))
	if err != nil {
		return nil, nil, fmt.Errorf("standard input: %w", err)
	}
	g, err := onnx.Decode(file)
	if err != nil {
		return nil, nil, fmt.Errorf("standard input: %w", err)
	}
	return file, g, nil
}

// readSamples reads the calibration data in the shape of the model's input.
func (o *modelOptions) readSamples(a *app, g *graph.Graph) error {
	if o.calibrate == "" {
		return nil
	}
	m, err := compiler.NewModel(g, o.parsed.Model)
	if err != nil {
		return err
	}
	s := spec(m.Input.Name, m.Shape, o.picture, o.resize)
	s.Unpictured = o.unpictured
	set, err := input.ReadSet(o.calibrate, a.in, s, o.limit)
	if err != nil {
		return err
	}
	for _, t := range set {
		o.parsed.Samples = append(o.parsed.Samples, t.Data)
	}
	return nil
}

// readFile reads a whole file, "-" being standard input.
func (a *app) readFile(path string) ([]byte, error) {
	if path == "-" {
		return io.ReadAll(a.in)
	}
	return os.ReadFile(path)
}

// modelName is a model's name: its file's, without folder and suffix.
func modelName(path string) string {
	return strings.TrimSuffix(filepath.Base(path), ".onnx")
}
