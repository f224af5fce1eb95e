package main

import (
	"bufio"
	"fmt"
	"io"
	"net/http"
	"path/filepath"
	"regexp"
	"strings"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/zkml-go/zkml/chain/solc"
)

// hasNode tells whether contracts can be compiled and a node can be started.
func hasNode() bool {
	_, err := solc.Foundry("anvil")
	return err == nil
}

var listening = regexp.MustCompile(`Listening on (\S+)`)

// anvil ARGUMENTS...: starts a chain that ends with the script, whose URL goes into
// ETH_RPC_URL. Its first account's key, known to everybody, is in ANVIL_KEY.
func anvil(ts *testscript.TestScript, _ bool, args []string) {
	cmd, err := solc.Foundry("anvil", append([]string{"--port", "0"}, args...)...)
	ts.Check(err)
	out, err := cmd.StdoutPipe()
	ts.Check(err)
	ts.Check(cmd.Start())
	ts.Defer(func() {
		_ = cmd.Process.Kill()
		_ = cmd.Wait()
	})
	found := make(chan string, 1)
	go func() {
		lines := bufio.NewScanner(out)
		for lines.Scan() {
			if m := listening.FindStringSubmatch(lines.Text()); m != nil {
				found <- m[1]
			}
		}
	}()
	select {
	case at := <-found:
		ts.Setenv("ETH_RPC_URL", "http://"+at)
	case <-time.After(time.Minute):
		ts.Fatalf("anvil does not say where it listens")
	}
	ts.Setenv("ANVIL_KEY", "0xac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80")
	ts.Setenv("ZKML_ROOT", projectRoot())
}

// rpc METHOD PARAMETERS: asks the chain for something, with parameters in JSON.
func rpc(ts *testscript.TestScript, _ bool, args []string) {
	question := fmt.Sprintf(`{"jsonrpc":"2.0","id":1,"method":%q,"params":%s}`, args[0], args[1])
	answer, err := http.Post(ts.Getenv("ETH_RPC_URL"), "application/json", strings.NewReader(question))
	ts.Check(err)
	defer answer.Body.Close()
	text, err := io.ReadAll(answer.Body)
	ts.Check(err)
	if !strings.Contains(string(text), `"result"`) {
		ts.Fatalf("%s: %s", args[0], text)
	}
}

// projectRoot is the repository's folder, where the pinned compiler is found.
func projectRoot() string {
	root, err := filepath.Abs("../..")
	if err != nil {
		return ""
	}
	return root
}
