package endpoint

import (
	"context"
	"errors"
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
		if err.Error() != "it answers 403 Forbidden: nobody knows you" {
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
		"http://u:" + secret + "@x": "put it into WAITORNOT_X_USER and WAITORNOT_X_PASSWORD",
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

// An answer without end is cut, not kept.
func TestBounded(t *testing.T) {
	t.Parallel()
	b := bounded{io.LimitReader(strings.NewReader("abc"), 2), io.NopCloser(nil)}
	if text, err := io.ReadAll(b); string(text) != "ab" || err != nil {
		t.Errorf("%q, %v", text, err)
	}
}
