package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
)

// TestOneKeyOnEveryProcessor builds the command without and with fused arithmetic,
// and compares what it prints with what this process computes.
func TestOneKeyOnEveryProcessor(t *testing.T) {
	if testing.Short() {
		t.Skip("builds the compiler twice")
	}
	var want []string
	for _, m := range models() {
		line, err := digest(m)
		if err != nil {
			t.Fatal(err)
		}
		want = append(want, line)
	}
	for _, setting := range settings(t) {
		if got := run(t, setting); !slices.Equal(got, want) {
			t.Errorf("with %s it is\n%s\nand here\n%s", setting, strings.Join(got, "\n"), strings.Join(want, "\n"))
		}
	}
}

// settings lists ways to build for this processor that differ in how floats may be
// computed.
func settings(t *testing.T) []string {
	if runtime.GOARCH != "amd64" {
		t.Skipf("no two settings of %s differ in how they compute floats", runtime.GOARCH)
	}
	out := []string{"GOAMD64=v1"}
	info, err := os.ReadFile("/proc/cpuinfo")
	if err != nil {
		t.Skip("this system does not tell whether the processor fuses products: no /proc/cpuinfo")
	}
	for _, feature := range []string{"fma", "avx2", "bmi1", "bmi2", "f16c", "movbe", "abm"} {
		if !slices.Contains(strings.Fields(string(info)), feature) {
			t.Skipf("this processor cannot run GOAMD64=v3: it lacks %s", feature)
		}
	}
	return append(out, "GOAMD64=v3")
}

// run builds the command with a setting and gives the lines that it prints.
func run(t *testing.T, setting string) []string {
	t.Helper()
	binary := filepath.Join(t.TempDir(), "determinism")
	build := exec.Command("go", "build", "-o", binary, ".")
	build.Env = append(os.Environ(), setting)
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	out, err := exec.Command(binary).Output()
	if err != nil {
		t.Fatal(err)
	}
	return strings.Split(strings.TrimSpace(string(out)), "\n")
}
