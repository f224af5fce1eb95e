// Package modelflags owns the flags of a compilation, which several commands share, and
// the text about its agreement. The commands import it.
package modelflags

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"github.com/zkml-go/zkml"
	"github.com/zkml-go/zkml/budget"
	"github.com/zkml-go/zkml/cmd/zkml/internal/app"
	"github.com/zkml-go/zkml/cmd/zkml/internal/load"
	"github.com/zkml-go/zkml/compiler"
	"github.com/zkml-go/zkml/input"
	"github.com/zkml-go/zkml/printable"
	"github.com/zkml-go/zkml/visibility"
)

// Options are the values of the flags.
type Options struct {
	// Calibrate, Target and Image are as they were typed.
	Calibrate     []string
	Target, Image string
	Invert        bool
	// Bundle is the folder to write, "" for none.
	Bundle string
	Unsafe bool
	// Unpictured says that it is not known how grey values are mapped.
	Unpictured bool
	// Parsed are the options of the library.
	Parsed zkml.CompileOptions

	private, bind, reveal string
	hide                  string
	commit, signedBy      string
	limit, batch          int
	resize, context       bool
	shapes, outputs       []string
	formats               string
	inputFormats          []string
	thresholds            []string
}

// Flags declares all of the flags.
func (o *Options) Flags(c *cobra.Command) {
	f := c.Flags()
	f.StringVarP(&o.Bundle, "out", "o", "", "the bundle's folder (default MODEL.zkml in the working directory)")
	f.StringVar(&o.private, "private", "",
		"what stays private, separated by commas: input (all of them), input:NAME (one of several), model "+
			"(default nothing)")
	f.StringVar(&o.bind, "bind-model", visibility.BindKey.String(),
		"what fixes a private model: key (the verifying key), or hash (a commitment; one key for all models of "+
			"the architecture)")
	f.StringVar(&o.hide, "hide-structure", "",
		"with --private model: prove full trees of these sizes in place of the model's, as in depth=6,trees=100, or "+
			"own (default the trees' structure is public)")
	f.StringVar(&o.reveal, "reveal", string(visibility.Scores),
		"what a proof shows of an output: scores, class, commitment or none; NAME=WORD,... for several outputs")
	f.StringArrayVar(&o.thresholds, "threshold", nil,
		"with --reveal class: the number above which a single score means class 1, or NAME=NUMBER for one of "+
			"several outputs (default 0.5 after a sigmoid)")
	f.StringVar(&o.commit, "commit", visibility.CommitTogether.String(),
		"what commits to several private inputs: together (one commitment), or each (one for each)")
	f.StringVar(&o.signedBy, "input-signed-by", "",
		"require a signature of the input, and show the signer's key: eddsa, or NAME=eddsa for one of several inputs")
	f.StringVar(&o.Parsed.Purpose, "purpose", "",
		"with --input-signed-by: what the signature is for, which is signed too")
	f.BoolVar(&o.context, "context", false, "bind each proof to one use: prove takes --context NUMBER")
	f.IntVar(&o.batch, "batch", 0, "prove N samples in one proof (default one)")
	o.FileFlags(c)
	f.StringVar(&o.formats, "formats", "",
		"JSON file of integer formats to use in place of a search, as inspect --stage formats prints it")
	f.StringArrayVar(&o.inputFormats, "input-format", nil,
		"a bundle or verifying key, NAME=BUNDLE, or NAME=BUNDLE#OTHER of an input that it calls OTHER, "+
			"whose input's format to take, so that one commitment serves both models")
	f.DurationVar(&o.Parsed.SearchTime, "search-time", 0,
		"end the search for integer formats after this time, as in 30s, and use the best found (default no limit)")
	f.BoolVar(&o.Unsafe, "unsafe-srs", false, "use an SRS whose secret is public: only for tests")
	o.SampleFlags(c)
}

// FileFlags declares the flags of what a model's file leaves open.
func (o *Options) FileFlags(c *cobra.Command) {
	f := c.Flags()
	f.StringArrayVar(&o.shapes, "shape", nil, "sizes of an input that the file leaves open: name=1,3,224,224")
	f.StringArrayVar(&o.outputs, "output", nil,
		"an output to prove, if the model has several; may be given several times (default all)")
}

// SampleFlags declares the flags of the samples and of the required agreement.
func (o *Options) SampleFlags(c *cobra.Command) {
	f := c.Flags()
	f.StringArrayVar(&o.Calibrate, "calibrate", nil,
		"FILE or NAME=FILE of samples to choose integer formats with, and to measure agreement on")
	f.IntVar(&o.limit, "limit", 0, "use only the first N samples (default all)")
	f.StringVar(&o.Target, "target", "",
		"what the integers must reach on the samples: top1=99.9%, error=0.01 (or both, with a comma), or bits=8 "+
			"(default: the fewest of 8, 10 and 12 bits within 1% of classes and of an output's range, for "+
			"classes also 14 and 16, "+
			"without samples bits=8)")
	f.StringVar(&o.Image, "image", "",
		"how a picture's grey value x, 0..255, becomes the input: \"x/255\" (default \"x\")")
	f.BoolVar(&o.Invert, "invert", false, "invert grey values first: dark on bright becomes bright on dark")
	f.BoolVar(&o.resize, "resize", false, "allow sample pictures of another size")
}

// Parse reads the words and numbers of the flags. Its errors are usage errors.
func (o *Options) Parse(c *cobra.Command) error {
	err := o.parseWords()
	if err == nil && c.Flags().Changed("batch") && (o.batch < 2 || int64(o.batch) > budget.Batch.Most) {
		err = fmt.Errorf("--batch %d: a batch has 2 to %d samples", o.batch, budget.Batch.Most)
	}
	if err == nil && o.limit > 0 && len(o.Calibrate) == 0 {
		err = errors.New("--limit is about samples: give some with --calibrate")
	}
	if err == nil && o.formats != "" && o.Target != "" {
		err = errors.New("--formats and --target exclude each other: with given formats there is no search")
	}
	if err == nil && o.formats != "" && len(o.inputFormats) > 0 {
		err = errors.New("--formats and --input-format exclude each other: given formats include the input's")
	}
	if err == nil && o.Parsed.Purpose != "" && o.Parsed.InputSignedBy == "" {
		err = errors.New("--purpose is what a signature is for: require one with --input-signed-by")
	}
	if err != nil {
		return app.Usage(c, err)
	}
	o.Parsed.Context, o.Parsed.Batch = o.context, o.batch
	return nil
}

func (o *Options) parseWords() (err error) {
	p := &o.Parsed
	if p.Private, err = visibility.ParsePrivate(o.private); err != nil {
		return err
	}
	if p.BindModel, err = visibility.ParseBind(o.bind); err != nil {
		return err
	}
	if p.BindModel != visibility.BindKey && !p.Private.Model {
		return fmt.Errorf("--bind-model %s: it is for private models: add --private model", p.BindModel)
	}
	if o.hide != "" {
		if p.HideStructure, err = compiler.ParseHiding(o.hide); err != nil {
			return err
		}
		if !p.Private.Model {
			return fmt.Errorf("--hide-structure %s: it is for private models: add --private model", o.hide)
		}
	}
	if p.Reveal, p.Reveals, err = visibility.ParseReveals(o.reveal); err != nil {
		return err
	}
	if p.Thresholds, err = parseThresholds(o.thresholds); err != nil {
		return err
	}
	if p.Commit, err = visibility.ParseCommit(o.commit); err != nil {
		return err
	}
	if p.Signed, p.InputSignedBy, err = visibility.ParseSigned(o.signedBy); err != nil {
		return err
	}
	if p.SearchTime < 0 {
		return fmt.Errorf("--search-time %s: give a positive time, as in 30s", p.SearchTime)
	}
	if p.Commit != visibility.CommitTogether && !p.Private.Hidden() {
		return fmt.Errorf("--commit %s: it is for private inputs: add --private input", p.Commit)
	}
	if err = o.ParseFile(); err != nil {
		return err
	}
	if err = o.ParseSamples(); err == nil && o.Target == "" && o.formats == "" && len(o.Calibrate) > 0 {
		p.Target = compiler.Target{Near: true}
	}
	return err
}

// ParseFile reads the values of FileFlags.
func (o *Options) ParseFile() (err error) {
	o.Parsed.Outputs = o.outputs
	o.Parsed.Shapes, err = parseShapes(o.shapes)
	return err
}

// ParseSamples reads the values of SampleFlags.
func (o *Options) ParseSamples() (err error) {
	if o.limit < 0 {
		return fmt.Errorf("--limit %d: give a positive number", o.limit)
	}
	if o.Parsed.Target, err = compiler.ParseTarget(o.Target); err != nil {
		return err
	}
	if o.Parsed.Picture, err = input.ParsePicture(o.Image, o.Invert); err != nil {
		return fmt.Errorf("--image: %w", err)
	}
	o.Parsed.MadeUp = o.madeUp()
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
		if _, twice := shapes[text[:i]]; twice {
			return nil, fmt.Errorf("--shape %q: the shape of %s appears twice", text, printable.Name(text[:i]))
		}
		shapes[text[:i]] = shape
	}
	return shapes, nil
}

// parseThresholds reads NUMBER and NAME=NUMBER texts; the number without a name has the
// name "".
func parseThresholds(texts []string) (map[string]float64, error) {
	thresholds := map[string]float64{}
	for _, text := range texts {
		i := strings.LastIndexByte(text, '=')
		v, err := strconv.ParseFloat(strings.TrimSpace(text[i+1:]), 64)
		if i == 0 || err != nil || math.IsNaN(v) || math.IsInf(v, 0) {
			return nil, fmt.Errorf("--threshold %q: write a number, as in 0.5, or NAME=0.5", text)
		}
		name := text[:max(i, 0)]
		if _, twice := thresholds[name]; twice {
			return nil, fmt.Errorf("--threshold %q: it appears twice for the same output", text)
		}
		thresholds[name] = v
	}
	return thresholds, nil
}

// Read reads the model, the samples and the formats: everything that a compilation needs.
func (o *Options) Read(ctx context.Context, a *app.App, path string) (*zkml.Model, error) {
	m, err := load.Model(a, path)
	if err != nil {
		return nil, err
	}
	if o.formats != "" {
		if o.Parsed.Formats, err = load.Formats(a, o.formats); err != nil {
			return nil, err
		}
	}
	if len(o.inputFormats) > 0 || len(o.Calibrate) > 0 {
		if err := o.readInput(ctx, a, m, path); err != nil {
			return nil, err
		}
	}
	o.Parsed.Setup.UnsafeSRS, o.Parsed.Setup.Progress = o.Unsafe, a.Progress.Show
	o.Parsed.Setup.Store, err = load.Store(a)
	return m, err
}

// madeUp returns the range of made-up samples: that of pictures, if their mapping is known.
func (o *Options) madeUp() [2]float64 {
	if o.Image == "" {
		return [2]float64{}
	}
	black, white := o.Parsed.Picture.Value(0), o.Parsed.Picture.Value(255)
	return [2]float64{min(black, white), max(black, white)}
}

// readInput reads the samples and formats, which need the shapes of the model's inputs.
func (o *Options) readInput(ctx context.Context, a *app.App, m *zkml.Model, path string) error {
	if len(o.Calibrate) > 0 {
		shapes, err := m.SampleShapes(o.Parsed, o.Calibrate, o.limit)
		if err != nil {
			return err
		}
		for _, name := range slices.Sorted(maps.Keys(shapes)) {
			o.Parsed.Shapes[name] = shapes[name]
		}
	}
	specs, err := m.InputSpecs(o.Parsed)
	if err != nil {
		return o.Refused(ctx, m, path, err)
	}
	if err := o.readInputFormats(a, specs); err != nil {
		return err
	}
	return o.ReadSamples(a, specs)
}

// ReadSamples reads the calibration data in the shapes of the model's inputs. The picture
// mapping and whether to resize come from the flags.
func (o *Options) ReadSamples(a *app.App, specs []input.Spec) (err error) {
	if len(o.Calibrate) == 0 {
		return nil
	}
	specs = slices.Clone(specs)
	for i := range specs {
		specs[i].Picture, specs[i].Resize, specs[i].Unpictured = o.Parsed.Picture, o.resize, o.Unpictured
	}
	o.Parsed.Samples, err = load.Samples(a, specs, o.Calibrate, o.limit)
	return err
}
