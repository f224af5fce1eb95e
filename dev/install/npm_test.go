package install

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"crypto/sha512"
	"encoding/base64"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"strings"
	"testing"
)

// tarball is a package as npm pack writes it.
type tarball struct {
	name, version string
	manifest      map[string]any
	files         map[string][]byte // by path below package/
	data          []byte
}

func readTarball(t *testing.T, path string) tarball {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	unzipped, err := gzip.NewReader(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	out := tarball{files: map[string][]byte{}, data: data}
	for archive := tar.NewReader(unzipped); ; {
		header, err := archive.Next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		if out.files[strings.TrimPrefix(header.Name, "package/")], err = io.ReadAll(archive); err != nil {
			t.Fatal(err)
		}
	}
	if err := json.Unmarshal(out.files["package.json"], &out.manifest); err != nil {
		t.Fatal(err)
	}
	out.name, _ = out.manifest["name"].(string)
	out.version, _ = out.manifest["version"].(string)
	return out
}

// serveNPM is a registry of packages on this machine, so that npm can install them by
// name. It gives its address.
func serveNPM(t *testing.T, packages ...tarball) string {
	t.Helper()
	mux := http.NewServeMux()
	server := httptest.NewServer(mux)
	t.Cleanup(server.Close)
	for _, p := range packages {
		sum := sha512.Sum512(p.data)
		file := "/files/" + url.PathEscape(p.name)
		p.manifest["dist"] = map[string]string{
			"tarball":   server.URL + file,
			"integrity": "sha512-" + base64.StdEncoding.EncodeToString(sum[:]),
		}
		described, err := json.Marshal(map[string]any{
			"name":      p.name,
			"dist-tags": map[string]string{"latest": p.version},
			"versions":  map[string]any{p.version: p.manifest},
		})
		if err != nil {
			t.Fatal(err)
		}
		mux.HandleFunc("GET /"+url.PathEscape(p.name), answer("application/json", described))
		mux.HandleFunc("GET "+file, answer("application/octet-stream", p.data))
	}
	return server.URL
}

func answer(contentType string, body []byte) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", contentType)
		_, _ = w.Write(body)
	}
}
