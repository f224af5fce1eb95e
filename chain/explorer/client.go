package explorer

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/zkml-go/zkml/printable"
)

// client sends requests to an explorer.
type client struct {
	base *url.URL
	key  string
	http *http.Client
}

const (
	// maxAnswer bounds an answer. Where code does not match, it may hold the code.
	maxAnswer = 4 << 20
	// patience is how long one answer may take.
	patience = time.Minute
	// mostSaid is how much of a text from an explorer is shown, in bytes.
	mostSaid = 300
)

// newClient checks an explorer's URL, which may hold a secret: no error repeats it.
func newClient(rawURL, key string) (*client, error) {
	u, err := url.Parse(rawURL)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" {
		return nil, errors.New("an explorer's URL begins with http:// or https://, and has a host")
	}
	return &client{base: u, key: key, http: &http.Client{
		Timeout: patience,
		// A request that is redirected would come without what was handed in, or with it
		// at a place that nobody named.
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}}, nil
}

// busyError says that an explorer could not answer now.
type busyError struct{ status int }

func (e *busyError) Error() string {
	return fmt.Sprintf("the explorer answers HTTP %d %s", e.status, http.StatusText(e.status))
}

// ask sends a request and returns the status and the body of the answer.
func (c *client) ask(r *http.Request) (status int, body []byte, err error) {
	answer, err := c.http.Do(r)
	if err != nil {
		return 0, nil, c.broken(r, "the explorer does not answer", err)
	}
	defer answer.Body.Close()
	body, err = io.ReadAll(io.LimitReader(answer.Body, maxAnswer+1))
	switch status := answer.StatusCode; {
	case err != nil:
		return 0, nil, c.broken(r, "the explorer's answer ends too early", err)
	case len(body) > maxAnswer:
		return 0, nil, fmt.Errorf("the explorer's answer is longer than %d bytes", maxAnswer)
	case status >= 500:
		return 0, nil, &busyError{status}
	case status >= 300 && status < 400:
		return 0, nil, fmt.Errorf("the explorer redirects to %s: give its own URL", c.place(answer))
	}
	return answer.StatusCode, body, nil
}

// broken is the error for a request without an answer. What the explorer sent may be in err.
func (c *client) broken(r *http.Request, what string, err error) error {
	if stopped := r.Context().Err(); stopped != nil {
		return stopped
	}
	var u *url.Error // it repeats the URL
	if errors.As(err, &u) {
		err = u.Err
	}
	return fmt.Errorf("%s: %s", what, c.said(err.Error()))
}

// place is the host to which an answer redirects.
func (c *client) place(answer *http.Response) string {
	at, err := answer.Location()
	if err != nil {
		return "nowhere"
	}
	return c.said(at.Scheme + "://" + at.Host)
}

// foreign is the error for an answer that is not of the protocol.
func (c *client) foreign(protocol string, status int, body []byte) error {
	return fmt.Errorf("the explorer answers HTTP %d, and not as %s does: %s: is its URL right?", status, protocol,
		c.said(string(body)))
}

// leastSecret is how long a part of a URL is that may be a secret, in bytes.
const leastSecret = 8

// secrets are what no message repeats: the key, and what may be one in the URL.
func (c *client) secrets() []string {
	list := []string{c.key}
	parts := strings.Split(c.base.Path, "/")
	for _, values := range c.base.Query() {
		parts = append(parts, values...)
	}
	if password, ok := c.base.User.Password(); ok {
		parts = append(parts, password)
	}
	for _, p := range parts {
		if len(p) >= leastSecret {
			list = append(list, p)
		}
	}
	return list
}

// said is a text from an explorer as it is shown: short, on one line, and without the key,
// which some explorers repeat as they were given it.
func (c *client) said(text string) string {
	for _, secret := range c.secrets() {
		for _, written := range []string{secret, url.QueryEscape(secret), url.PathEscape(secret)} {
			if written != "" {
				text = strings.ReplaceAll(text, written, "(the key)")
			}
		}
	}
	if len(text) > mostSaid {
		cut := mostSaid
		for cut > 0 && !utf8.RuneStart(text[cut]) {
			cut--
		}
		text = text[:cut] + "..."
	}
	if text = strings.TrimSpace(text); text == "" {
		return "(no reason)"
	}
	return printable.Line(text)
}
