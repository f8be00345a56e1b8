// Package endpoint asks an engine over HTTP, with credentials from the environment.
// They stand in no error and in nothing that is printed.
package endpoint

import (
	"context"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"net/url"
	"path"
	"strings"
	"time"
)

// Limits of an answer.
const (
	Patience   = 5 * time.Minute // for one answer
	mostAnswer = 1 << 30         // bytes
	mostError  = 300             // bytes of an error's text
)

// An Endpoint is an engine at a URL.
type Endpoint struct {
	prefix                string // of the variables that hold credentials
	base                  *url.URL
	client                *http.Client
	user, password, token string
	most                  int64 // bytes of an answer
}

// New checks a URL and takes the credentials of an engine from the environment:
// WAITORNOT_ENGINE_TOKEN, or WAITORNOT_ENGINE_USER and WAITORNOT_ENGINE_PASSWORD; each
// with _FILE behind it names a file instead.
func New(engine, given string, env func(string) string, readFile func(string) ([]byte, error)) (*Endpoint, error) {
	u, err := url.Parse(given)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" {
		return nil, errors.New("expected a URL such as http://localhost:9090")
	}
	prefix := "WAITORNOT_" + strings.ToUpper(engine) + "_"
	if u.User != nil {
		return nil, fmt.Errorf("a password in a URL ends up in shell histories: use %sUSER and %sPASSWORD instead", prefix, prefix)
	}
	e := &Endpoint{prefix: prefix, base: u, client: &http.Client{Timeout: Patience, CheckRedirect: sameHost}, most: mostAnswer}
	for name, to := range map[string]*string{"TOKEN": &e.token, "USER": &e.user, "PASSWORD": &e.password} {
		*to = env(prefix + name)
		if file := env(prefix + name + "_FILE"); *to == "" && file != "" {
			text, err := readFile(file)
			if err != nil {
				return nil, fmt.Errorf("%s%s_FILE: %w", prefix, name, err)
			}
			*to = strings.TrimSpace(string(text))
		}
	}
	return e, nil
}

// sameHost follows no redirection to another host, which would get the credentials, too, nor to
// where they'd go unencrypted.
func sameHost(next *http.Request, before []*http.Request) error {
	switch {
	case next.URL.Scheme != "https" && before[0].URL.Scheme == "https":
		return errors.New("it redirects from https to http, and that's not followed")
	case next.URL.Host != before[0].URL.Host:
		return errors.New("it redirects to another host, and that's not followed")
	case len(before) > 5:
		return errors.New("it keeps redirecting")
	}
	return nil
}

// Name is the URL without what stands behind its path.
func (e *Endpoint) Name() string {
	u := *e.base
	u.RawQuery, u.Fragment = "", ""
	return strings.TrimSuffix(u.String(), "/")
}

// Parameter returns a parameter of the URL as it was given.
func (e *Endpoint) Parameter(name string) string { return e.base.Query().Get(name) }

// Credentials returns the user and the password, both empty when there are none.
func (e *Endpoint) Credentials() (user, password string) { return e.user, e.password }

// Ask sends a request to a path below the URL: GET with the values in the query, or
// POST when there is a body. The answer is closed by the caller.
func (e *Endpoint) Ask(ctx context.Context, below string, values url.Values, body io.Reader, header http.Header) (io.ReadCloser, error) {
	u := *e.base
	u.Path, u.RawQuery = path.Join(u.Path, below), values.Encode()
	if u.Path == "" {
		u.Path = "/"
	}
	method := http.MethodGet
	if body != nil {
		method = http.MethodPost
	}
	r, err := http.NewRequestWithContext(ctx, method, u.String(), body)
	if err != nil {
		return nil, err
	}
	for name, v := range header {
		r.Header[name] = v
	}
	switch {
	case e.token != "":
		r.Header.Set("Authorization", "Bearer "+e.token)
	case e.user != "" && header.Get("Authorization") == "":
		r.SetBasicAuth(e.user, e.password)
	}
	answer, err := e.client.Do(r)
	if err != nil {
		var ue *url.Error
		if errors.As(err, &ue) {
			err = ue.Err // without the whole query
		}
		return nil, err
	}
	if answer.StatusCode/100 != 2 {
		defer answer.Body.Close()
		text, _ := io.ReadAll(io.LimitReader(answer.Body, mostError))
		return nil, fmt.Errorf("it returned %s: %s%s", answer.Status, strings.Join(strings.Fields(string(text)), " "), e.help(answer.StatusCode))
	}
	if kind, _, _ := mime.ParseMediaType(answer.Header.Get("Content-Type")); kind == "text/html" {
		_ = answer.Body.Close()
		return nil, fmt.Errorf("it returned a web page instead of data: check that %s is the address of its API, not of a login page or another program", e.Name())
	}
	return bounded{AtMost(answer.Body, e.most), answer.Body}, nil
}

// help says where credentials come from, when it's them that an answer is about.
func (e *Endpoint) help(status int) string {
	if status != http.StatusUnauthorized && status != http.StatusForbidden {
		return ""
	}
	if e.token != "" || e.user != "" {
		return fmt.Sprintf("; the credentials came from %sTOKEN or %sUSER", e.prefix, e.prefix)
	}
	return fmt.Sprintf("; set %sTOKEN, or %sUSER and %sPASSWORD", e.prefix, e.prefix, e.prefix)
}

// AtMost reads so many bytes of an answer. That it has more is an error: what's cut off would
// look as if it weren't there.
func AtMost(answer io.Reader, most int64) io.Reader { return &limited{answer, most, most} }

type limited struct {
	r          io.Reader
	left, most int64
}

// Read reads up to the limit, and then looks for one byte more.
func (l *limited) Read(p []byte) (int, error) {
	if l.left == 0 {
		n, err := l.r.Read(make([]byte, 1))
		if n > 0 {
			err = fmt.Errorf("its response is longer than %d MiB", l.most>>20)
		}
		return 0, err
	}
	n, err := l.r.Read(p[:min(int64(len(p)), l.left)])
	l.left -= int64(n)
	return n, err
}

type bounded struct {
	io.Reader
	io.Closer
}
