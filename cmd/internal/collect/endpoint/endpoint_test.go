package endpoint

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
)

const secret = "s3cret-s3cret"

func env(pairs ...string) func(string) string {
	return func(name string) string {
		for i := 0; i < len(pairs); i += 2 {
			if pairs[i] == name {
				return pairs[i+1]
			}
		}
		return ""
	}
}

func files(name string) ([]byte, error) {
	if name == "there" {
		return []byte(secret + "\n"), nil
	}
	return nil, errors.New("no such file")
}

// Credentials go to the engine, and nowhere else.
func TestCredentials(t *testing.T) {
	t.Parallel()
	var got []string
	other := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		got = append(got, "other "+r.Header.Get("Authorization"))
	}))
	defer other.Close()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/base/away":
			http.Redirect(w, r, other.URL, http.StatusFound)
		case "/base/wrong":
			http.Error(w, "nobody\n\tknows you", http.StatusForbidden)
		default:
			got = append(got, r.Method+" "+r.URL.String()+" "+r.Header.Get("Authorization"))
		}
	}))
	defer server.Close()
	for _, pairs := range [][]string{
		{"WAITORNOT_X_TOKEN", secret}, {"WAITORNOT_X_TOKEN_FILE", "there"}, {"WAITORNOT_X_USER", "u", "WAITORNOT_X_PASSWORD", secret},
	} {
		e, err := New("x", server.URL+"/base/?table=t", env(pairs...), files)
		if err != nil {
			t.Fatal(err)
		}
		if e.Name() != server.URL+"/base" || e.Parameter("table") != "t" {
			t.Errorf("%q, %q", e.Name(), e.Parameter("table"))
		}
		answer, err := e.Ask(context.Background(), "/a", url.Values{"q": {"1"}}, nil, nil)
		if err != nil {
			t.Fatal(err)
		}
		answer.Close()
		for _, below := range []string{"/away", "/wrong"} {
			_, err = e.Ask(context.Background(), below, url.Values{"q": {"long"}}, nil, nil)
			if err == nil || strings.Contains(err.Error(), secret) || strings.Contains(err.Error(), "long") {
				t.Errorf("%s: %v", below, err)
			}
		}
		if err.Error() != "it returned 403 Forbidden: nobody knows you; the credentials came from WAITORNOT_X_TOKEN or WAITORNOT_X_USER" {
			t.Error(err)
		}
	}
	want := "GET /base/a?q=1 Bearer " + secret + "|GET /base/a?q=1 Bearer " + secret + "|GET /base/a?q=1 Basic dTpzM2NyZXQtczNjcmV0"
	if strings.Join(got, "|") != want {
		t.Errorf("got %q", got)
	}
}

func TestRefused(t *testing.T) {
	t.Parallel()
	for given, want := range map[string]string{
		"localhost:9090": "expected a URL such as", "ftp://x": "expected a URL such as", "http://": "expected a URL such as",
		"http://u:" + secret + "@x": "use WAITORNOT_X_USER and WAITORNOT_X_PASSWORD",
	} {
		_, err := New("x", given, env(), files)
		if err == nil || !strings.Contains(err.Error(), want) || strings.Contains(err.Error(), secret) {
			t.Errorf("%s: %v", given, err)
		}
	}
	if _, err := New("x", "http://x", env("WAITORNOT_X_TOKEN_FILE", "gone"), files); err == nil || err.Error() != "WAITORNOT_X_TOKEN_FILE: no such file" {
		t.Error(err)
	}
	e, err := New("x", "http://127.0.0.1:1", env(), files)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := e.Ask(context.Background(), "/", nil, strings.NewReader("x"), nil); err == nil || strings.Contains(err.Error(), "127.0.0.1:1/") {
		t.Error(err)
	}
}

// An answer that is longer than what's read is an error.
func TestBounded(t *testing.T) {
	t.Parallel()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, "abc") }))
	defer server.Close()
	for most, want := range map[int64]string{3: "<nil>", 2: "its response is longer than 0 MiB"} {
		e, err := New("x", server.URL, env(), files)
		if err != nil || e.most != mostAnswer {
			t.Fatalf("at most %d bytes, %v", e.most, err)
		}
		e.most = most
		answer, err := e.Ask(context.Background(), "/", nil, nil, nil)
		if err != nil {
			t.Fatal(err)
		}
		text, err := io.ReadAll(answer)
		answer.Close()
		if string(text) != "abc"[:most] || fmt.Sprint(err) != want {
			t.Errorf("of at most %d bytes: %q, %v", most, text, err)
		}
	}
}

// Credentials that are sent encrypted aren't sent in the clear, wherever an engine sends them.
func TestDowngraded(t *testing.T) {
	t.Parallel()
	request := func(at string) *http.Request { return httptest.NewRequest("GET", at, nil) }
	for _, test := range []struct {
		from, to string
		followed bool
	}{{"https://a/x", "http://a/x", false}, {"https://a/x", "https://a/y", true}, {"http://a/x", "https://a/y", true}, {"http://a/x", "http://a:1/y", false}, {"https://a/x", "https://b/x", false}} {
		if err := sameHost(request(test.to), []*http.Request{request(test.from)}); (err == nil) != test.followed {
			t.Errorf("from %s to %s: %v", test.from, test.to, err)
		}
	}
}

// A page for people is not taken for an answer.
func TestPage(t *testing.T) {
	t.Parallel()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		_, _ = io.WriteString(w, "<html>Sign in")
	}))
	defer server.Close()
	e, err := New("x", server.URL+"/api?token=1", env(), files)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := e.Ask(context.Background(), "/", nil, nil, nil); err == nil || !strings.Contains(err.Error(), "a web page instead of data: check that "+server.URL+"/api is the") {
		t.Error(err)
	}
}

// An answer that wants credentials says where they come from; a circle of redirections ends.
func TestHelp(t *testing.T) {
	t.Parallel()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/circle" {
			http.Redirect(w, r, "/circle", http.StatusFound)
			return
		}
		http.Error(w, "no", http.StatusUnauthorized)
	}))
	defer server.Close()
	e, err := New("x", server.URL, env(), files)
	if err != nil {
		t.Fatal(err)
	}
	for below, want := range map[string]string{
		"/":       "it returned 401 Unauthorized: no; set WAITORNOT_X_TOKEN, or WAITORNOT_X_USER and WAITORNOT_X_PASSWORD",
		"/circle": "it keeps redirecting",
	} {
		if _, err := e.Ask(context.Background(), below, nil, nil, nil); err == nil || err.Error() != want {
			t.Errorf("%s: %v, want %s", below, err, want)
		}
	}
}
