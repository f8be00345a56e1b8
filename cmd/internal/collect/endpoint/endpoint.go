// Package endpoint asks an engine over HTTP, with credentials from the environment.
// They stand in no error and in nothing that is printed.
package endpoint

import (
	"context"
	"errors"
	"fmt"
	"io"
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
	base                  *url.URL
	client                *http.Client
	user, password, token string
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
		return nil, fmt.Errorf("a URL with a password in it ends up in histories: put it into %sUSER and %sPASSWORD", prefix, prefix)
	}
	e := &Endpoint{base: u, client: &http.Client{Timeout: Patience, CheckRedirect: sameHost}}
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

// sameHost follows no redirection to another host: it would get the credentials, too.
func sameHost(next *http.Request, before []*http.Request) error {
	if len(before) > 5 || next.URL.Host != before[0].URL.Host {
		return errors.New("it redirects to another host, which is not followed")
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
		return nil, fmt.Errorf("it answers %s: %s", answer.Status, strings.Join(strings.Fields(string(text)), " "))
	}
	return bounded{io.LimitReader(answer.Body, mostAnswer), answer.Body}, nil
}

type bounded struct {
	io.Reader
	io.Closer
}
