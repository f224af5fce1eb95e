// Command graphs holds random graphs against onnxruntime:
//
//	python dev/graphs/random_graphs.py FOLDER COUNT [SEED]
//	go run ./dev/graphs [-v] FOLDER
//
// The script writes the graphs, samples of their inputs, and onnxruntime's outputs; it needs
// dev/graphs/requirements.txt. scripts/graphs.sh runs both. The command compiles each graph and
// compares three answers to each sample: onnxruntime's, the float model's and the integers'. It
// prints what is a fault and counts the rest by class, each of which has a bound (class.go); -v
// prints a line for every graph that is not as onnxruntime has it. It must not know how anything is
// computed: what a difference is explained by, it finds by disturbing values. Nobody imports it.
package main

import (
	"flag"
	"fmt"
	"io/fs"
	"os"
)

func main() {
	all := flag.Bool("v", false, "print refusals and differences that are explained, too")
	flag.Parse()
	if flag.NArg() != 1 {
		fmt.Fprintln(os.Stderr, "usage: go run ./dev/graphs [-v] FOLDER")
		os.Exit(2)
	}
	t, err := holdAll(os.DirFS(flag.Arg(0)), func(v verdict) {
		if v.class.fault() || *all && v.class != same {
			fmt.Printf("%s: %s: %s\n", v.name, v.class, v.what)
		}
	})
	if err != nil {
		fmt.Fprintln(os.Stderr, "graphs:", err)
		os.Exit(1)
	}
	fmt.Print(t)
	if t.faults() > 0 {
		os.Exit(1)
	}
}

// holdAll holds every graph of a folder against its samples, and tells each verdict.
func holdAll(folder fs.FS, tell func(verdict)) (*tally, error) {
	names, err := fs.Glob(folder, "*.onnx")
	if err != nil {
		return nil, err
	}
	if len(names) == 0 {
		return nil, fmt.Errorf("there is no graph in the folder; random_graphs.py writes them")
	}
	t := &tally{}
	for _, name := range names {
		c, err := read(folder, name)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		v := c.hold()
		tell(v)
		t.add(v)
	}
	return t, nil
}
