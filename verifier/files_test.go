package verifier_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/zkml-go/zkml/testkit/toy"
	"github.com/zkml-go/zkml/verifier"
	"github.com/zkml-go/zkml/visibility"
)

func written(t testing.TB, k *verifier.Key) []byte {
	t.Helper()
	var file bytes.Buffer
	if _, err := k.WriteTo(&file); err != nil {
		t.Fatal(err)
	}
	return file.Bytes()
}

func TestKeyRoundTrip(t *testing.T) {
	m := prove(t, toy.Find("input 3 bits"))
	file := written(t, m.prover.Key)
	k, err := verifier.ReadKey(bytes.NewReader(file))
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(written(t, k), file) {
		t.Error("reading and writing changed the file")
	}
	if _, err := verifier.Verify(k, m.proof); err != nil {
		t.Error(err)
	}
}

// fields is a JSON object to edit.
type fields = map[string]any

func inside(name string, change func(fields)) func(fields) {
	return func(f fields) { change(f[name].(fields)) }
}

func layout(change func(fields)) func(fields) { return inside("layout", change) }

func input(name string, v any) func(fields) {
	return port(0, name, v)
}

// port edits the layout's port in a place: the input stands first, the output second.
func port(at int, name string, v any) func(fields) {
	return layout(func(f fields) { f["ports"].([]any)[at].(fields)[name] = v })
}

// vk edits the encoded key.
func vk(change func([]byte) []byte) func(fields) {
	return func(f fields) {
		var raw []byte
		text, _ := json.Marshal(f["vk"])
		_ = json.Unmarshal(text, &raw)
		f["vk"] = change(raw)
	}
}

func flip(at int, bit byte) func(fields) {
	return vk(func(raw []byte) []byte { raw[at] ^= bit; return raw })
}

// badKeys are edits and what the error must say.
var badKeys = []struct {
	name   string
	change func(fields)
	want   string
}{
	{"later version", func(f fields) { f["version"], f["more"] = 3, 1 }, "version 3"},
	{"no version", func(f fields) { delete(f, "version") }, "version 0"},
	{"unknown field", func(f fields) { f["salt"] = "1" }, "unknown field"},
	{"wrong digest", func(f fields) { f["vk_sha256"] = strings.Repeat("0", 64) }, "not the digest"},
	{"shouting digest", func(f fields) { f["vk_sha256"] = strings.ToUpper(f["vk_sha256"].(string)) }, "lower-case"},
	{"srs without digest", inside("srs", func(f fields) { f["sha256"] = "" }), "srs.sha256"},
	{"model digest", func(f fields) { f["model_sha256"] = "12" }, "model_sha256"},
	{"digest of a private model", func(f fields) {
		f["model_sha256"] = strings.Repeat("1", 64)
		port(2, "visibility", "key")(f)
	}, "private model"},
	{"other count", input("shape", []int{1, 28, 29, 3}), "public inputs"},
	{"no bits", input("bits", 0), "0 bits"},
	{"too many bits", input("bits", 63), "63 bits"},
	{"negative size", input("shape", []int{-28, -28}), "shape"},
	{"huge shape", input("shape", []int{1 << 30, 1 << 30}), "shape"},
	{"huge zero", input("zero", int64(-1<<63)), "zero"},
	{"no scale", input("scale", 0), "scale"},
	{"huge scale", input("scale", 1e300), "scale"},
	{"unknown reveal", port(1, "visibility", "all"), "cannot have visibility"},
	{"unknown role", port(1, "role", "hidden"), "cannot have visibility"},
	{"no outputs", port(1, "role", "input"), "cannot have visibility"},
	{"later layout", layout(func(f fields) { f["version"] = 3 }), "version 3"},
	{"other places", port(1, "start", 1), "public inputs from"},
	{"a format for each element", port(0, "elements", []any{fields{"bits": 1, "zero": 0, "scale": 1}}),
		"and one for all"},
	{"threshold of a class of many", port(1, "threshold", 0.5), "threshold"},
	{"threshold of an input", port(0, "threshold", 0.5), "threshold"},
	{"texts of an input", port(0, "texts", []any{fields{"number": 1, "text": "a"}}), "only classes and integers"},
	{"class of scores", port(1, "classes", false), "has no classes"},
	{"number of classes of an input", port(0, "class_count", 2), "2 classes, but the elements are not classes"},
	{"classes beyond the bits", port(1, "class_count", 17), "17 classes do not fit 4 bits"},
	{"negative classes", port(1, "class_count", -1), "-1 classes"},
	{"classes beyond what contracts state", func(f fields) {
		port(1, "bits", 40)(f)
		port(1, "class_count", int64(1)<<32)(f)
	}, "4294967296 classes do not fit"},
	{"classes with a scale", port(1, "scale", 2), "scale 1"},
	{"huge batch", layout(func(f fields) { f["batch"] = 1 << 14 }), "16384 inputs in one proof; at most 4096"},
	{"negative batch", layout(func(f fields) { f["batch"] = -1 }), "batch is -1"},
	{"empty vk", vk(func([]byte) []byte { return nil }), "encoded"},
	{"short vk", vk(func(raw []byte) []byte { return raw[:len(raw)-1] }), "encoded"},
	{"bytes after vk", vk(func(raw []byte) []byte { return append(raw, 0) }), "encoded"},
	{"vk version", flip(15, 3), "version"},
	{"vk without marker", flip(7, 8), "vk"},
	{"size", flip(23, 1), "power of two"},
	{"size inverse", flip(55, 1), "domain"},
	{"generator", flip(87, 1), "domain"},
	{"coset shift", flip(127, 1), "domain"},
	{"uncompressed point", vk(func(raw []byte) []byte { raw[128] &= 0x3f; return raw }), "encoded"},
	{"point off the curve", vk(func(raw []byte) []byte {
		copy(raw[128:160], "\x80"+strings.Repeat("\x00", 30)+"\x04")
		return raw
	}), "vk"},
	{"point at infinity", vk(func(raw []byte) []byte { clear(raw[128:160]); raw[128] = 0x40; return raw }),
		"zero in every row"},
	{"count of commitments", flip(384, 0x80), "encoded"},
	{"commitments and rows differ", flip(387, 3), "encoded"},
	{"SRS generator", flip(420, 0x40), "generators"},
	{"pairing line", flip(420+32+128+5, 1), "pairing lines"},
	{"committed row", vk(func(raw []byte) []byte { raw[len(raw)-4] = 0xff; return raw }), "row"},
}

// TestNamesOfKeys changes the text of a key in ways that encoding/json does not see.
func TestNamesOfKeys(t *testing.T) {
	text := string(written(t, prove(t, toy.Find("private input, class")).prover.Key))
	for from, to := range map[string]string{
		`"layout": {`:    `"LAYOUT": {}, "layout": {`,
		`"ports": [`:     `"Ports": [], "ports": [`,
		`"role": `:       `"Role": "output", "role": `,
		`"visibility": `: `"visibility": "scores", "visibility": `,
		`"vk_sha256": `:  `"vk_sha256": "", "vk_sha256": `,
		`"scale": `:      `"scale": 5, "scale": `,
		`"version": 2`:   `"VERSION": 2`,
		`"sha256": `:     `"\u0073ha256": "", "sha256": `,
		`"tool": "`:      `"tool": "` + "\xff",
	} {
		changed := strings.Replace(text, from, to, 1)
		if changed == text {
			t.Fatalf("the key has no %s", from)
		}
		if _, err := verifier.ReadKey(strings.NewReader(changed)); err == nil {
			t.Errorf("%s is taken", to)
		}
	}
}

// TestFaultyKeys reads the reported keys, whose version this zkml refuses besides.
func TestFaultyKeys(t *testing.T) {
	for _, file := range []string{"dup.json", "batch16384.json"} {
		text, err := os.ReadFile(filepath.Join("../../shared/data/faults/audit", file))
		if err != nil {
			t.Skipf("the reported files are not here: %v", err)
		}
		if _, err := verifier.ReadKey(bytes.NewReader(text)); err == nil {
			t.Errorf("%s is taken", file)
		}
	}
}

// TestKeyRefused edits the JSON of a valid key.
func TestKeyRefused(t *testing.T) {
	m := prove(t, toy.Find("private input, class"))
	for _, c := range badKeys {
		t.Run(c.name, func(t *testing.T) {
			var f fields
			if err := json.Unmarshal(written(t, m.prover.Key), &f); err != nil {
				t.Fatal(err)
			}
			if strings.Contains(c.name, "other count") {
				port(0, "visibility", "public")(f)
			}
			c.change(f)
			if c.want != "not the digest" && c.want != "lower-case" {
				sign(t, f)
			}
			text, err := json.Marshal(f)
			if err != nil {
				t.Fatal(err)
			}
			_, err = verifier.ReadKey(bytes.NewReader(text))
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("got %v, want an error with %q", err, c.want)
			}
		})
	}
}

// sign sets a key's digest right again, so that the check behind it must speak.
func sign(t *testing.T, f fields) {
	t.Helper()
	text, err := json.Marshal(f)
	if err != nil {
		t.Fatal(err)
	}
	var k verifier.Key
	if err := json.Unmarshal(text, &k); err != nil {
		t.Fatal(err)
	}
	if f["vk_sha256"], err = k.Digest(); err != nil {
		t.Fatal(err)
	}
}

// TestDigestCoversTheMeaning: whoever compares digests compares all that says what a
// proof means, not gnark's key alone. A key whose public inputs are laid out
// otherwise takes the same proofs for other claims.
func TestDigestCoversTheMeaning(t *testing.T) {
	m := prove(t, toy.Find("private input, scores, context"))
	before := m.prover.Key.VKSHA256
	for name, change := range map[string]func(k *verifier.Key){
		"what is private": func(k *verifier.Key) { k.Layout.Ports[3].Visibility = visibility.InKey },
		"reveal":          func(k *verifier.Key) { k.Layout.Ports[1].Visibility = visibility.ByClass },
		"a scale":         func(k *verifier.Key) { k.Layout.Ports[1].Scale *= 2 },
		"a zero":          func(k *verifier.Key) { k.Layout.Ports[0].Zero++ },
		"context":         func(k *verifier.Key) { k.Layout.Ports = k.Layout.Ports[:2] },
		"gnark's key":     func(k *verifier.Key) { k.VK = append([]byte{1}, k.VK...) },
		"ceremony":        func(k *verifier.Key) { k.SRS.Source += "!" },
		"safety":          func(k *verifier.Key) { k.SRS.Unsafe = true },
		"model":           func(k *verifier.Key) { k.ModelSHA256 = strings.Repeat("1", 64) },
		"formats":         func(k *verifier.Key) { k.Formats = "{}" },
	} {
		t.Run(name, func(t *testing.T) {
			k := *m.prover.Key
			k.Layout = k.Layout.Clone()
			change(&k)
			after, err := k.Digest()
			if err != nil {
				t.Fatal(err)
			}
			if after == before {
				t.Error("the digest does not cover it")
			}
			if _, err := verifier.ReadKey(bytes.NewReader(written(t, &k))); err == nil {
				t.Error("the old digest was taken")
			}
		})
	}
}

func TestFilesRefused(t *testing.T) {
	m := prove(t, toy.Find("private input, class"))
	proof, key := new(bytes.Buffer), string(written(t, m.prover.Key))
	if _, err := m.proof.WriteTo(proof); err != nil {
		t.Fatal(err)
	}
	readProof := func(text string) error { _, err := verifier.ReadProof(strings.NewReader(text)); return err }
	readKey := func(text string) error { _, err := verifier.ReadKey(strings.NewReader(text)); return err }
	edit := func(old, new string) string { return strings.Replace(proof.String(), old, new, 1) }
	cases := []struct {
		name string
		read func(string) error
		text string
		want string
	}{
		{"empty proof", readProof, "", "empty or ends too early"},
		{"truncated proof", readProof, proof.String()[:proof.Len()/2], "ends too early"},
		{"two proofs", readProof, proof.String() + "{}", "follows"},
		{"later proof", readProof, edit(`"version": 2`, `"version": 7`), "version 7"},
		{"proof with a salt", readProof, edit(`"version": 2`, `"version": 2, "salt": "0x1"`), "unknown field"},
		{"proof without 0x", readProof, edit(`"proof": "0x`, `"proof": "`), "0x"},
		{"odd digits", readProof, edit(`"proof": "0x`, `"proof": "0x0`), "hex digits"},
		{"short word", readProof, edit(`"public_inputs": [`, `"public_inputs": ["0x12",`), "bytes"},
		{"class null", readProof, edit(`"class": 7`, `"class": null`), "class"},
		{"class with a fraction", readProof, edit(`"class": 7`, `"class": 7.5`), "class"},
		{"digest", readProof, edit(m.proof.VKSHA256, "12"), "vk_sha256"},
		{"an array", readProof, "[]", "proof"},
		{"empty key", readKey, " ", "empty or ends too early"},
		{"truncated key", readKey, key[:len(key)-3], "ends too early"},
		{"a proof as key", readKey, proof.String(), "unknown field"},
		{"endless key", readKey, strings.Repeat(" ", 17<<20), "longer"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			if err := c.read(c.text); err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("got %v, want an error with %q", err, c.want)
			}
		})
	}
}

func TestSecrets(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "proof.private.json")
	s := verifier.Secrets{Openings: []verifier.Opening{{
		Role: visibility.RoleInput, Names: []string{"x"}, Salt: verifier.Hex{0xab, 0xcd}, Commitment: verifier.Word{5},
		Formats: "one element",
	}}}
	if err := verifier.WriteSecrets(path, s); err != nil {
		t.Fatal(err)
	}
	info, err := os.Stat(path)
	if err != nil {
		t.Fatal(err)
	}
	if info.Mode().Perm() != 0o600 {
		t.Errorf("mode %o", info.Mode().Perm())
	}
	if err := verifier.NewSecrets(path, verifier.Secrets{}); !errors.Is(err, os.ErrExist) {
		t.Errorf("a file that is there: %v", err)
	}
	back, err := verifier.ReadSecrets(path)
	if err != nil || !reflect.DeepEqual(back, s) {
		t.Errorf("read back: %v", err)
	}
	if err := os.WriteFile(path, []byte(`{"version":2,"openings":[{"role":"input","names":[],"salt":"0x12"}]}`),
		0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := verifier.ReadSecrets(path); err == nil || !strings.Contains(err.Error(),
		"has no salt or no names") {
		t.Errorf("a salt alone: %v", err)
	}
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%x"} {
		if text := strings.ToLower(fmt.Sprintf(verb, s)); strings.Contains(text, "ab") ||
			strings.Contains(text, "171") {
			t.Errorf("%s shows a salt", verb)
		}
	}
	if _, err := json.Marshal(s); err == nil {
		t.Error("encoding/json writes secrets")
	}
	if left, _ := os.ReadDir(dir); len(left) != 1 {
		t.Errorf("%d files left", len(left))
	}
	if err := verifier.WriteSecrets(filepath.Join(dir, "none", "x"), s); err == nil {
		t.Error("wrote into a folder that is not there")
	}
	if err := os.WriteFile(path, []byte(`{"version":2,"openings":[{"role":"input","names":["x"],"salt":"0xzz12"}]}`),
		0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := verifier.ReadSecrets(path); err == nil || strings.Contains(err.Error(), "zz12") {
		t.Errorf("a bad salt: %v", err)
	}
}

func FuzzReadProof(f *testing.F) {
	m := prove(f, toy.Find("private input, scores"))
	var file bytes.Buffer
	if _, err := m.proof.WriteTo(&file); err != nil {
		f.Fatal(err)
	}
	f.Add(file.Bytes())
	f.Add([]byte(`{"version":2,"claim":{"output":{"class":[1,2]}}}`))
	f.Fuzz(func(t *testing.T, text []byte) {
		p, err := verifier.ReadProof(bytes.NewReader(text))
		if err != nil {
			return
		}
		p.VKSHA256 = m.prover.Key.VKSHA256
		if _, err := verifier.Verify(m.prover.Key, p); err == nil &&
			!slices.Equal(p.PublicInputs, m.proof.PublicInputs) {
			t.Error("accepted another claim")
		}
	})
}

// FuzzReadKey gives the bytes of vk a right digest, so that the decoder is
// reached.
func FuzzReadKey(f *testing.F) {
	m := prove(f, toy.Find("a private row, signed"))
	f.Add(written(f, m.prover.Key), m.prover.Key.VK)
	f.Add([]byte(`{"version":2}`), []byte{})
	f.Fuzz(func(_ *testing.T, text, vk []byte) {
		_, _ = verifier.ReadKey(bytes.NewReader(text))
		k := *m.prover.Key
		k.VK = vk
		var err error
		if k.VKSHA256, err = k.Digest(); err != nil {
			return
		}
		var file bytes.Buffer
		if _, err := k.WriteTo(&file); err == nil {
			_, _ = verifier.ReadKey(&file)
		}
	})
}
