package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
)

func TestMain(m *testing.M) { testscript.Main(m, map[string]func(){"zkml": main}) }

// TestScripts runs the transcripts of testdata/script. They share one cache of
// SRS forms, and each has the models and inputs of writeFiles.
func TestScripts(t *testing.T) {
	shared, err := filepath.Abs(sharedData())
	if err != nil {
		t.Fatal(err)
	}
	classical, err := filepath.Abs("../../compiler/testdata/classical")
	if err != nil {
		t.Fatal(err)
	}
	examples, err := filepath.Abs("../../examples")
	if err != nil {
		t.Fatal(err)
	}
	cache := t.TempDir()
	testscript.Run(t, testscript.Params{
		Dir: filepath.Join("testdata", "script"),
		Setup: func(e *testscript.Env) error {
			e.Setenv("ZKML_CACHE", cache)
			e.Setenv("ZKML_SHARED", shared)
			e.Setenv("CLASSICAL", classical)
			e.Setenv("EXAMPLES", examples)
			e.Setenv("NO_COLOR", "1")
			return writeFiles(e.WorkDir)
		},
		Condition: func(name string) (bool, error) {
			switch name {
			case "shared":
				_, err := os.Stat(shared)
				return err == nil, nil
			case "anvil":
				return hasNode(), nil
			case "viem":
				return viem() != "", nil
			}
			return false, fmt.Errorf("condition %q is unknown", name)
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"exits": exits, "json": jsonFields, "jsonis": jsonIs, "flip": flip, "tamper": tamper, "forge": forge,
			"client": client, "foundry": foundry, "cut": cut, "mode": mode, "splice": splice, "anvil": anvil,
			"rpc": rpc, "replace": replace, "explorer": explorer, "typed": typed,
		},
		RequireUniqueNames: true,
	})
}

// sharedData is the folder of real models and data that is not part of the
// project.
func sharedData() string {
	if dir := os.Getenv("ZKML_SHARED"); dir != "" {
		return dir
	}
	return "../../../shared/data"
}

// exits CODE COMMAND...: runs a command that must exit with the code.
func exits(ts *testscript.TestScript, neg bool, args []string) {
	want, err := strconv.Atoi(args[0])
	ts.Check(err)
	err = ts.Exec(args[1], args[2:]...)
	got := 0
	var e *exec.ExitError
	if errors.As(err, &e) {
		got = e.ExitCode()
	} else {
		ts.Check(err)
	}
	if (got == want) == neg {
		ts.Fatalf("exit code %d", got)
	}
	if text := ts.ReadFile("stderr"); strings.Contains(text, "panic") || strings.Contains(text, "goroutine ") {
		ts.Fatalf("it panicked")
	}
}

// object reads standard output as exactly one JSON object.
func object(ts *testscript.TestScript) map[string]any {
	d := json.NewDecoder(strings.NewReader(ts.ReadFile("stdout")))
	var o map[string]any
	ts.Check(d.Decode(&o))
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		ts.Fatalf("something follows the object")
	}
	return o
}

// lookup finds a value by its dotted path.
func lookup(o any, path string) (any, bool) {
	for _, name := range strings.Split(path, ".") {
		if list, ok := o.([]any); ok {
			i, err := strconv.Atoi(name)
			if err != nil || i < 0 || i >= len(list) {
				return nil, false
			}
			o = list[i]
			continue
		}
		m, ok := o.(map[string]any)
		if !ok {
			return nil, false
		}
		if o, ok = m[name]; !ok {
			return nil, false
		}
	}
	return o, true
}

// json PATH...: standard output is one JSON object that has all the fields.
func jsonFields(ts *testscript.TestScript, neg bool, args []string) {
	o := object(ts)
	for _, path := range args {
		if _, ok := lookup(o, path); ok == neg {
			ts.Fatalf("field %s: there is %t", path, ok)
		}
	}
}

// jsonis PATH VALUE: the field has the value, as compact JSON.
func jsonIs(ts *testscript.TestScript, neg bool, args []string) {
	v, _ := lookup(object(ts), args[0])
	text, err := json.Marshal(v)
	ts.Check(err)
	if (string(text) == args[1]) == neg {
		ts.Fatalf("field %s is %s", args[0], text)
	}
}

// change rewrites a file in place.
func change(ts *testscript.TestScript, name string, f func([]byte) []byte) {
	path := ts.MkAbs(name)
	info, err := os.Stat(path)
	ts.Check(err)
	ts.Check(os.WriteFile(path, f([]byte(ts.ReadFile(name))), info.Mode()))
}

// replace FILE OLD NEW: writes NEW in the first place of OLD, which must be there.
func replace(ts *testscript.TestScript, _ bool, args []string) {
	change(ts, args[0], func(b []byte) []byte {
		out := bytes.Replace(b, []byte(args[1]), []byte(args[2]), 1)
		if bytes.Equal(out, b) {
			ts.Fatalf("%s has no %s", args[0], args[1])
		}
		return out
	})
}

// flip FILE: flips one bit in the middle.
func flip(ts *testscript.TestScript, _ bool, args []string) {
	change(ts, args[0], func(b []byte) []byte {
		b[len(b)/2] ^= 1
		return b
	})
}

// cut FILE BYTES: keeps the beginning alone.
func cut(ts *testscript.TestScript, _ bool, args []string) {
	n, err := strconv.Atoi(args[1])
	ts.Check(err)
	change(ts, args[0], func(b []byte) []byte { return b[:min(n, len(b))] })
}

// tamper PROOF OLD NEW: replaces a text that must be there.
func tamper(ts *testscript.TestScript, _ bool, args []string) {
	change(ts, args[0], func(b []byte) []byte {
		if !strings.Contains(string(b), args[1]) {
			ts.Fatalf("%s has no %q", args[0], args[1])
		}
		return []byte(strings.Replace(string(b), args[1], args[2], 1))
	})
}

// forge PROOF: changes the last digit of the proof's bytes.
func forge(ts *testscript.TestScript, _ bool, args []string) {
	change(ts, args[0], func(b []byte) []byte {
		var proof string
		for _, line := range strings.Split(string(b), "\n") {
			if strings.HasPrefix(line, `  "proof": "`) {
				proof = line
			}
		}
		at := strings.LastIndexByte(proof, '"') - 1
		other := map[bool]string{true: "1", false: "0"}[proof[at] == '0']
		return []byte(strings.Replace(string(b), proof, proof[:at]+other+proof[at+1:], 1))
	})
}

// mode FILE OCTAL: the file has the permissions.
func mode(ts *testscript.TestScript, neg bool, args []string) {
	info, err := os.Stat(ts.MkAbs(args[0]))
	ts.Check(err)
	if got := fmt.Sprintf("%o", info.Mode().Perm()); (got == args[1]) == neg {
		ts.Fatalf("%s has mode %s", args[0], got)
	}
}
