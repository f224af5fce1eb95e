package solc

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// ErrNoFoundry says that Foundry's programs are not available, and why. A test that gets
// it skips, and prints it.
var ErrNoFoundry = errors.New("no Foundry")

// Foundry returns the command that runs a program of the pinned Foundry (forge, anvil,
// cast), which the project's script installs the first time it is needed. It
// compiles with the pinned compiler and without the network. The error is
// ErrNoFoundry or ErrNoCompiler.
func Foundry(program string, args ...string) (*exec.Cmd, error) {
	compiler, err := pinned()
	if err != nil {
		return nil, err
	}
	root, err := findRoot()
	if err != nil {
		return nil, err
	}
	cmd := exec.Command("sh", filepath.Join(root, "scripts", "foundry.sh"))
	var complaints strings.Builder
	cmd.Stderr = &complaints
	dir, err := cmd.Output()
	if err != nil {
		return nil, fmt.Errorf("%w: scripts/foundry.sh: %w: %s", ErrNoFoundry, err,
			strings.TrimSpace(complaints.String()))
	}
	cmd = exec.Command(filepath.Join(strings.TrimSpace(string(dir)), program), args...)
	cmd.Env = append(os.Environ(), "FOUNDRY_OFFLINE=true", "FOUNDRY_SOLC="+compiler.Args[1])
	return cmd, nil
}
