package chain

import (
	"context"
	"errors"
	"io"
	"net/http"

	"github.com/ethereum/go-ethereum/ethclient"
	"github.com/ethereum/go-ethereum/rpc"
)

// maxNodeAnswer bounds an answer of a node over HTTP. A block that is full of data is a
// few megabytes; go-ethereum bounds what comes by a web socket to as much.
const maxNodeAnswer = 32 << 20

var errLongAnswer = errors.New("the node's answer is longer than 32 MiB; use another node")

// dial connects to a node none of whose answers takes more memory than there is to be had.
func dial(ctx context.Context, rawURL string) (*ethclient.Client, error) {
	c, err := rpc.DialOptions(ctx, rawURL, rpc.WithHTTPClient(&http.Client{Transport: bounded{}}))
	if err != nil {
		return nil, err
	}
	return ethclient.NewClient(c), nil
}

// bounded are requests whose answers end at maxNodeAnswer.
type bounded struct{}

// RoundTrip implements http.RoundTripper.
func (bounded) RoundTrip(r *http.Request) (*http.Response, error) {
	answer, err := http.DefaultTransport.RoundTrip(r)
	if err == nil {
		answer.Body = &boundedBody{ReadCloser: answer.Body, left: maxNodeAnswer}
	}
	return answer, err
}

type boundedBody struct {
	io.ReadCloser
	left int64
}

// Read implements io.Reader.
func (b *boundedBody) Read(p []byte) (int, error) {
	if b.left <= 0 {
		return 0, errLongAnswer
	}
	n, err := b.ReadCloser.Read(p[:min(int64(len(p)), b.left)])
	b.left -= int64(n)
	return n, err
}
