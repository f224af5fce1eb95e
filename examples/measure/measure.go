// Package measure owns measurements of a model in a whole scenario: compile, prove in
// a separate process, verify off chain and on a chain in memory, with times and sizes.
// It must not know how results are shown. The demo and the benchmarks import it; the
// program zkml must not.
//
// A process that proves is the running program itself, started again: its main
// function calls Child first.
package measure

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"

	"github.com/zkml-go/zkml"
	"github.com/zkml-go/zkml/artifact"
	"github.com/zkml-go/zkml/srs"
	"github.com/zkml-go/zkml/verifier"
	"github.com/zkml-go/zkml/visibility"
)

// Case is a model in one scenario.
type Case struct {
	Name  string
	Model *zkml.Model
	Input zkml.Sample
	// Options are the compilation's: scenario, samples, formats or target. Setup is
	// the session's.
	Options zkml.CompileOptions
	// Runs is how often the input is proved; the quickest counts. 0 means once.
	Runs int
}

// Result is what was measured.
type Result struct {
	Name      string
	Private   visibility.Private
	Cost      artifact.Cost
	Agreement zkml.Agreement
	Bundle    *artifact.Bundle
	Key       *verifier.Key
	Proof     *verifier.Proof
	// Seconds and PeakMemory, in bytes, are those of the process that proved,
	// from its start to the proof on disk.
	Seconds    float64
	PeakMemory int64
	// Chain is nil where contracts cannot be compiled.
	Chain *Chain
}

// Class is the class that the proof reveals.
func (r *Result) Class() int64 { return r.Proof.Claim.Output.Class[0] }

// Session measures in a folder, with one SRS store.
type Session struct {
	Dir   string
	Store *srs.Store
	// Stage, where not nil, is told what begins.
	Stage func(name string)
}

func (s *Session) stage(format string, args ...any) {
	if s.Stage != nil {
		s.Stage(fmt.Sprintf(format, args...))
	}
}

// Run compiles a case into a bundle, proves its input and verifies the proof.
// Errors begin with the case's name.
func (s *Session) Run(ctx context.Context, c *Case) (*Result, error) {
	r, err := s.run(ctx, c)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", c.Name, err)
	}
	return r, nil
}

func (s *Session) run(ctx context.Context, c *Case) (*Result, error) {
	s.stage("compile %s", c.Name)
	dir := filepath.Join(s.Dir, fileName(c.Name)+artifact.Suffix)
	c.Options.Setup = zkml.Setup{Store: s.Store}
	compiled, err := zkml.Compile(ctx, c.Model, dir, c.Options)
	if err != nil {
		return nil, err
	}
	r := &Result{Name: c.Name, Private: c.Options.Private, Agreement: compiled.Agreement}
	if r.Bundle, err = artifact.Open(dir); err != nil {
		return nil, err
	}
	r.Cost = r.Bundle.Manifest.Cost
	r.Key = r.Bundle.Key()
	s.stage("prove %s", c.Name)
	for range max(c.Runs, 1) {
		if err := s.prove(ctx, r, c.Input); err != nil {
			return nil, err
		}
	}
	_, err = zkml.Verify(r.Key, r.Proof)
	return r, err
}

// prove starts this program again to prove, and reads its results.
func (s *Session) prove(ctx context.Context, r *Result, input zkml.Sample) error {
	t := task{Bundle: r.Bundle.Dir, Input: input, Cache: s.Store.Dir, Proof: r.Bundle.Dir + ".proof.json"}
	answer, err := s.start(ctx, t)
	if err != nil {
		return err
	}
	if r.Proof == nil || answer.Seconds < r.Seconds {
		r.Seconds, r.PeakMemory = answer.Seconds, answer.PeakMemory
	}
	f, err := os.Open(r.Bundle.Dir + ".proof.json")
	if err != nil {
		return err
	}
	defer f.Close()
	r.Proof, err = verifier.ReadProof(f)
	return err
}

// start runs a task in a separate process.
func (s *Session) start(ctx context.Context, t task) (*answer, error) {
	self, err := os.Executable()
	if err != nil {
		return nil, fmt.Errorf("find this program, to start it again: %w", err)
	}
	text, err := json.Marshal(t)
	if err != nil {
		return nil, err
	}
	path := filepath.Join(s.Dir, "task.json")
	if err := os.WriteFile(path, text, 0o600); err != nil {
		return nil, err
	}
	defer os.Remove(path)
	cmd := exec.CommandContext(ctx, self)
	cmd.Env = append(os.Environ(), taskVariable+"="+path)
	cmd.Stderr = os.Stderr
	out, err := cmd.Output()
	if err != nil {
		return nil, fmt.Errorf("the process that proves: %w", err)
	}
	a := new(answer)
	return a, json.Unmarshal(out, a)
}

// fileName makes a name that any file system takes.
func fileName(name string) string {
	out := []rune(name)
	for i, c := range out {
		if !('a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || '0' <= c && c <= '9' || c == '-') {
			out[i] = '-'
		}
	}
	return string(out)
}
