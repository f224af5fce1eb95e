package measure

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"time"

	"github.com/zkml-go/zkml"
	"github.com/zkml-go/zkml/artifact"
	"github.com/zkml-go/zkml/prover"
	"github.com/zkml-go/zkml/srs"
)

// taskVariable names the file with the task of a process that was started to
// measure.
const taskVariable = "ZKML_MEASURE_TASK"

// task is what such a process does: prove an input of a bundle, or, where Rows
// is set, prove a bare circuit with that number of padded rows.
type task struct {
	Bundle string      `json:"bundle"`
	Input  zkml.Sample `json:"input"`
	Cache  string      `json:"cache"`
	Proof  string      `json:"proof"`
	Rows   int         `json:"rows"`
	Hiding bool        `json:"hiding"`
}

// answer is what it prints.
type answer struct {
	Seconds    float64 `json:"seconds"`
	PeakMemory int64   `json:"peak_memory_bytes"`
}

// Child does the task of a process that Session started, and ends it. In any
// other process it does nothing. Call it first in main, and in TestMain.
func Child() {
	path := os.Getenv(taskVariable)
	if path == "" {
		return
	}
	if err := serve(path); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	os.Exit(0)
}

func serve(path string) error {
	begin := time.Now()
	text, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	var t task
	if err := json.Unmarshal(text, &t); err != nil {
		return err
	}
	a := answer{}
	if t.Rows > 0 {
		a.Seconds, err = bare(t)
	} else {
		err = t.prove()
		a.Seconds = time.Since(begin).Seconds()
	}
	if err != nil {
		return err
	}
	a.PeakMemory = peakMemory()
	return json.NewEncoder(os.Stdout).Encode(a)
}

// prove does what `zkml prove` does.
func (t *task) prove() error {
	b, err := artifact.Open(t.Bundle)
	if err != nil {
		return err
	}
	o := zkml.ProveOptions{Setup: zkml.Setup{Store: &srs.Store{Dir: t.Cache}}}
	r, err := zkml.Prove(context.Background(), b, t.Input, o)
	if err != nil {
		return err
	}
	f, err := os.Create(t.Proof)
	if err != nil {
		return err
	}
	if _, err := r.Proof.WriteTo(f); err != nil {
		f.Close()
		return err
	}
	return f.Close()
}

// peakMemory is the largest resident size of this program so far, in bytes. For a
// process that was started by a large one, getrusage may give the size of the parent,
// so that on Linux a better source is used where possible.
func peakMemory() int64 {
	f, err := os.Open("/proc/self/status")
	if err != nil {
		return prover.PeakMemory()
	}
	defer f.Close()
	for lines := bufio.NewScanner(f); lines.Scan(); {
		var kilobytes int64
		if n, _ := fmt.Fscanf(bytes.NewReader(lines.Bytes()), "VmHWM: %d kB", &kilobytes); n == 1 {
			return kilobytes << 10
		}
	}
	return prover.PeakMemory()
}
