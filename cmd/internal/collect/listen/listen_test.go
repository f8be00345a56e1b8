package listen

import (
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync"
	"testing"
)

var errMalformed = errors.New("malformed")

// A shelf keeps what it is given.
type shelf struct {
	mu   sync.Mutex
	took []string
}

func (s *shelf) Take(export []byte, protobuf bool) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	switch string(export) {
	case "bad":
		return fmt.Errorf("%w: it is bad", errMalformed)
	case "full":
		return errors.New("no space left")
	}
	s.took = append(s.took, fmt.Sprintf("%v %d", protobuf, len(export)))
	return nil
}

func packed(text string) string {
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	_, _ = io.WriteString(z, text)
	_ = z.Close()
	return b.String()
}

func TestServer(t *testing.T) {
	t.Parallel()
	s := &shelf{}
	server, err := Open("127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- server.Serve(ctx, s, errMalformed) }()
	base := server.URL()
	const json, proto = "application/json", "application/x-protobuf"
	for _, test := range []struct {
		method, path, kind, encoding, body string
		status                             int
		answer                             string
	}{
		{"POST", "/v1/traces", json, "", "{}", 200, "{}"},
		{"POST", "/v1/traces", "application/json; charset=utf-8", "gzip", packed("{} "), 200, "{}"},
		{"POST", "/v1/traces", proto, "", "abc", 200, ""},
		{"POST", "/v1/metrics", proto, "", "abc", 200, ""},
		{"POST", "/v1/logs", json, "", "abc", 200, "{}"},
		{"POST", "/v1/traces", json, "", "bad", 400, "malformed: it is bad\n"},
		{"POST", "/v1/traces", json, "", "full", 503, "no space left\n"},
		{"POST", "/v1/traces", json, "gzip", "{}", 400, "gzip: unexpected EOF\n"},
		{"POST", "/v1/traces", json, "gzip", packed(strings.Repeat(" ", 100_000))[:60], 400, "can't read the body: unexpected EOF\n"},
		{"POST", "/v1/traces", json, "br", "{}", 415, "unsupported encoding \"br\": send gzip, or the body uncompressed\n"},
		{"POST", "/v1/traces", "text/plain", "", "{}", 415, "expected application/json or application/x-protobuf\n"},
		{"POST", "/v1/traces", json, "gzip", packed(strings.Repeat(" ", mostUnpacked)), 200, "{}"},
		{"POST", "/v1/traces", json, "", strings.Repeat(" ", mostPacked), 200, "{}"},
		{"POST", "/v1/traces", json, "gzip", packed(strings.Repeat(" ", mostUnpacked+1)), 413, "the export is larger than 16 MiB, or 64 MiB unpacked\n"},
		{"POST", "/v1/traces", json, "", strings.Repeat(" ", mostPacked+1), 413, "the export is larger than 16 MiB, or 64 MiB unpacked\n"},
		{"GET", "/v1/traces", "", "", "", 405, "Method Not Allowed\n"},
		{"POST", "/", json, "", "", 404, "404 page not found\n"},
	} {
		r, err := http.NewRequest(test.method, base+test.path, strings.NewReader(test.body))
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("Content-Type", test.kind)
		r.Header.Set("Content-Encoding", test.encoding)
		answer, err := http.DefaultClient.Do(r)
		if err != nil {
			t.Errorf("%s %s %.20q: %v", test.method, test.path, test.body, err)
			continue
		}
		got, _ := io.ReadAll(answer.Body)
		answer.Body.Close()
		if answer.StatusCode != test.status || string(got) != test.answer {
			t.Errorf("%s %s %.20q: %d %q, want %d %q", test.method, test.path, test.body, answer.StatusCode, got, test.status, test.answer)
		}
	}
	page, err := http.NewRequest("POST", base+"/v1/traces", strings.NewReader("{}"))
	if err != nil {
		t.Fatal(err)
	}
	page.Header.Set("Content-Type", json)
	page.Header.Set("Origin", base) // of a name that was made to lead here
	if answer, err := http.DefaultClient.Do(page); err != nil || answer.StatusCode != http.StatusForbidden {
		t.Errorf("a page may send traces: %v, %v", answer, err)
	} else {
		answer.Body.Close()
	}
	cancel()
	if err := <-ended; err != nil {
		t.Error(err)
	}
	if want := fmt.Sprintf("false 2;false 3;true 3;false %d;false %d", mostUnpacked, mostPacked); strings.Join(s.took, ";") != want {
		t.Errorf("took %q", s.took)
	}
	if _, err := http.Get(base); err == nil {
		t.Error("it answers after its end")
	}
}

func TestAddress(t *testing.T) {
	t.Parallel()
	for given, want := range map[string]string{
		"127.0.0.1:4318": "127.0.0.1:4318", ":4318": "127.0.0.1:4318", "4317": "127.0.0.1:4317", "0.0.0.0:99": "0.0.0.0:99",
		"localhost": "localhost:4318", "": "", "[::1]:5": "[::1]:5", "a:b:c": "",
	} {
		if got, err := Address(given); got != want || (err != nil) != (want == "") {
			t.Errorf("%q: %q, %v", given, got, err)
		}
	}
	server, err := Open("127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer server.listener.Close()
	if _, err := Open(server.listener.Addr().String()); err == nil || !strings.Contains(err.Error(), "can't listen on 127.0.0.1:") {
		t.Errorf("a port in use: %v", err)
	}
}
