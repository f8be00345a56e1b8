package jaeger

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"testing"
	"time"

	"waitornot/cmd/internal/collect/endpoint"
)

func TestFetch(t *testing.T) {
	t.Parallel()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch v := r.URL.Query(); {
		case r.URL.Path == "/j/api/services":
			_, _ = io.WriteString(w, `{"data":["shop","jaeger-query","cart"]}`)
		case r.URL.Path == "/j/api/traces" && v.Get("start") == "1000000" && v.Get("end") == "9000000":
			_, _ = io.WriteString(w, "<"+v.Get("service")+">")
		default:
			http.NotFound(w, r)
		}
	}))
	defer server.Close()
	fetch := func(url string, take func(io.Reader) error) error {
		e, err := endpoint.New("jaeger", url, func(string) string { return "" }, os.ReadFile)
		if err != nil {
			t.Fatal(err)
		}
		return Fetch(context.Background(), e, time.Unix(1, 0), time.Unix(9, 0), take)
	}
	var got []string
	if err := fetch(server.URL+"/j", func(r io.Reader) error {
		text, err := io.ReadAll(r)
		got = append(got, string(text))
		return err
	}); err != nil || strings.Join(got, "") != "<cart><shop>" {
		t.Errorf("%q, %v", got, err)
	}
	full := errors.New("full")
	if err := fetch(server.URL+"/j", func(io.Reader) error { return full }); !errors.Is(err, full) {
		t.Error(err)
	}
	if err := fetch(server.URL, nil); err == nil || !strings.Contains(err.Error(), "it returned 404") {
		t.Error(err)
	}
}
