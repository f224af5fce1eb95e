package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// hostile is what a file's author would like a terminal to obey and a reader to
// believe.
const hostile = "x\x1b[2J\u202e\u009b\naccepted  true\nzkml: note: accepted"

// told runs a command and requires that nothing of hostile is raw in what it says, nor
// any control character in what it prints as JSON.
func told(t *testing.T, args ...string) (code int, text string) {
	t.Helper()
	var stdout, stderr bytes.Buffer
	code = executed(t.Context(), strings.NewReader(""), &stdout, &stderr, args)
	text = stdout.String() + stderr.String()
	for _, raw := range []string{"\x1b", "\u202e", "\u009b", "\naccepted  true", "\nzkml: note: accepted"} {
		if strings.Contains("\n"+text, raw) {
			t.Errorf("zkml %s: %q is there raw:\n%s", strings.Join(args, " "), raw, text)
		}
	}
	return code, text
}

// readers are the commands that read a bundle's files, or those that are published of
// it.
var readers = [][]string{
	{"inspect", "m.zkml"}, {"inspect", "m.zkml", "--stage", "formats"}, {"inspect", "m.zkml", "--stage", "graph"},
	{"prove", "m.zkml", "--input", "two.png"}, {"run", "m.zkml", "--input", "two.png"},
	{"eval", "m.zkml", "--input", "set-ubyte", "--limit", "2"}, {"export-verifier", "m.zkml", "-o", "out"},
	{"verify", "m.zkml/verifying-key.json", "--proof", "proof.json"},
	{"audit", "m.zkml/verifying-key.json", "--model", "tiny.onnx"},
	{"audit", "m.zkml/verifying-key.json", "--architecture", "m.zkml/architecture.json", "--conformance",
		"m.zkml/conformance.json"},
	{"commit", "m.zkml", "--input", "two.png", "-o", "commitment.private.json"},
	{"sign", "m.zkml", "--input", "two.png", "--key", "no.key"},
	{"compile", "tiny.onnx", "-o", "again.zkml", "--formats", "m.zkml/formats.json"},
}

// TestTextFromBundles puts hostile text in place of each string of each JSON file of a
// bundle and what goes with it, and has every command that reads the file read it.
func TestTextFromBundles(t *testing.T) {
	dir := t.TempDir()
	if err := writeFiles(dir); err != nil {
		t.Fatal(err)
	}
	t.Chdir(dir)
	t.Setenv("ZKML_CACHE", filepath.Join(dir, "cache"))
	for _, args := range [][]string{
		{"compile", "tiny.onnx", "-o", "m.zkml", "--private", "model", "--reveal", "class"},
		{"prove", "m.zkml", "--input", "two.png"},
	} {
		if code, text := told(t, args...); code != 0 {
			t.Fatalf("exit code %d:\n%s", code, text)
		}
	}
	formats := fromStage(t)
	for _, file := range []string{
		"m.zkml/manifest.json", "m.zkml/verifying-key.json", "m.zkml/architecture.json", "m.zkml/conformance.json",
		"m.zkml/formats.json", "proof.json",
	} {
		whole, err := os.ReadFile(file)
		if file == "m.zkml/formats.json" {
			whole, err = formats, nil
		}
		if err != nil {
			t.Fatal(err)
		}
		t.Run(filepath.Base(file), func(t *testing.T) { replaceStrings(t, file, whole) })
		if file == "m.zkml/formats.json" {
			err = os.Remove(file)
		} else {
			err = os.WriteFile(file, whole, 0o600)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
}

// fromStage gives the formats of the bundle.
func fromStage(t *testing.T) []byte {
	t.Helper()
	var stdout, stderr bytes.Buffer
	if code := executed(t.Context(), strings.NewReader(""), &stdout, &stderr,
		[]string{"inspect", "m.zkml", "--stage", "formats"}); code != 0 {
		t.Fatal(stderr.String())
	}
	return stdout.Bytes()
}

// replaceStrings writes a JSON file with one name or string replaced after the other,
// and runs the commands that name the file or its folder.
func replaceStrings(t *testing.T, file string, whole []byte) {
	for i, n := 0, stringsOf(whole); i < len(n); i++ {
		text, err := json.Marshal(hostile)
		if err != nil {
			t.Fatal(err)
		}
		changed := append(bytes.Clone(whole[:n[i][0]]), text...)
		if err := os.WriteFile(file, append(changed, whole[n[i][1]:]...), 0o600); err != nil {
			t.Fatal(err)
		}
		for _, args := range readers {
			line := strings.Join(args, " ") + " "
			opens := filepath.Base(file) == "manifest.json" && strings.Contains(line, "m.zkml ")
			if !opens && !strings.Contains(line, file+" ") {
				continue
			}
			if code, text := told(t, args...); code == 0 {
				t.Errorf("zkml %s takes string %d:\n%s", line, i, text)
			}
			told(t, append([]string{"--json"}, args...)...)
		}
	}
}

// stringsOf finds where the strings of a JSON text begin and end: the first of each
// length up to a limit, since lists of numbers in hex are all alike.
func stringsOf(text []byte) (all [][2]int) {
	seen := map[string]int{}
	for i := 0; i < len(text); i++ {
		if text[i] != '"' {
			continue
		}
		end := i + 1
		for text[end] != '"' {
			if text[end] == '\\' {
				end++
			}
			end++
		}
		kind := fmt.Sprint(end-i, text[end+1] == ':')
		if seen[kind]++; seen[kind] <= 2 {
			all = append(all, [2]int{i, end + 1})
		}
		i = end
	}
	return all
}

// TestTextFromModelsAndData puts hostile names into a model, data and what is typed.
func TestTextFromModelsAndData(t *testing.T) {
	dir := t.TempDir()
	if err := writeFiles(dir); err != nil {
		t.Fatal(err)
	}
	t.Chdir(dir)
	t.Setenv("ZKML_CACHE", filepath.Join(dir, "cache"))
	model, err := os.ReadFile("tiny.onnx")
	if err != nil {
		t.Fatal(err)
	}
	for name, files := range map[string][]byte{
		"escape.onnx": bytes.ReplaceAll(model, []byte("image"), []byte("\x1b[2Jm")),
		"bidi.onnx":   bytes.ReplaceAll(model, []byte("image"), []byte("\u202eab")),
		"line.onnx":   bytes.ReplaceAll(model, []byte("image"), []byte("a\nacc")),
		"op.onnx":     bytes.ReplaceAll(model, []byte("Relu"), []byte("\x1b[2J")),
		"h.json":      fmt.Appendf(nil, `{%q: [1]}`, hostile), "h.csv": []byte(hostile + ",1\n2,3\n"),
		"h.npz": npzOf(member{hostile + ".npy", npyOf([]float64{1}, 1)}), "h.txt": []byte(hostile),
	} {
		if err := os.WriteFile(name, files, 0o600); err != nil {
			t.Fatal(err)
		}
		for _, args := range [][]string{
			{"estimate", name}, {"compile", name, "-o", "h.zkml"}, {"audit", "k.json", "--model", name},
			{"estimate", "tiny.onnx", "--calibrate", name}, {"estimate", "tiny.onnx", "--formats", name},
			{"verify", name, "--proof", name}, {"sign", "m.zkml", "--input", name, "--key", name},
			{"srs", "import", name},
		} {
			if code, _ := told(t, args...); code == 0 {
				t.Errorf("zkml %s takes it", strings.Join(args, " "))
			}
		}
	}
	for _, args := range [][]string{
		{hostile}, {"estimate", hostile}, {"compile", "tiny.onnx", "--private", hostile}, {"estimate", "--" + hostile},
		{"estimate", "tiny.onnx", "--output", hostile}, {"estimate", "tiny.onnx", "--target", hostile},
		{"call", hostile, "--deployments", hostile}, {"srs", hostile}, {"completion", hostile}, {"ops", hostile},
	} {
		if code, _ := told(t, args...); code == 0 {
			t.Errorf("zkml %q takes it", args)
		}
	}
}
