package cmd

import (
	"bufio"
	"bytes"
	"context"
	"io"
	"net/http"
	"regexp"
	"strings"
	"testing"
	"time"
)

// A listener is an import that listens.
type listener struct {
	t         *testing.T
	url       string // where it takes traces
	interrupt func()
	out       bytes.Buffer
	code      chan int
	said      chan string // the rest of what it says
}

// startListening starts one that writes in a format, and waits until it says where.
func startListening(t *testing.T, format string) *listener {
	t.Helper()
	ctx, interrupt := context.WithCancel(t.Context())
	l := &listener{t: t, interrupt: interrupt, code: make(chan int, 1), said: make(chan string, 1)}
	errs, told := io.Pipe()
	go func() {
		s := Streams{In: strings.NewReader(""), Out: &l.out, Err: told, Env: func(string) string { return "" }, Now: time.Now}
		l.code <- Main(ctx, []string{"import", "--listen", "127.0.0.1:0", "--format", format}, s)
		told.Close()
	}()
	lines := bufio.NewReader(errs)
	first, err := lines.ReadString('\n')
	if err != nil {
		t.Fatalf("import says %q: %v", first, err)
	}
	l.url = regexp.MustCompile(`http://[^ \n]*`).FindString(first)
	go func() {
		rest, _ := io.ReadAll(lines)
		l.said <- string(rest)
	}()
	return l
}

// stop interrupts it, and returns what it wrote.
func (l *listener) stop() []byte {
	l.t.Helper()
	l.interrupt()
	got, said := <-l.code, <-l.said
	if got != exitOK {
		l.t.Fatalf("import ends with %d: %s", got, said)
	}
	l.t.Logf("import says: %s", said)
	return l.out.Bytes()
}

// An interrupt ends listening, and what was heard until then is the result.
func TestImportListens(t *testing.T) {
	t.Parallel()
	l := startListening(t, "edges")
	const span = `{"resourceSpans":[{"resource":{"attributes":[{"key":"service.name","value":{"stringValue":"shop"}}]},"scopeSpans":[{"spans":[` +
		`{"traceId":"01","spanId":"02","name":"GET","kind":3,"startTimeUnixNano":"1764000000000000000","endTimeUnixNano":"1764000000050000000",` +
		`"attributes":[{"key":"http.request.method","value":{"stringValue":"GET"}},{"key":"url.path","value":{"stringValue":"/a"}},{"key":"peer.service","value":{"stringValue":"\u001b[31mcart"}}]}]}]}]}`
	answer, err := http.Post(l.url, "application/json", strings.NewReader(span))
	if err != nil || answer.StatusCode != http.StatusOK {
		t.Fatal(answer, err)
	}
	answer.Body.Close()
	if got := string(l.stop()); !strings.HasPrefix(got, "shop -> ") || !strings.Contains(got, "cart get-a  http://127.0.0.1:") || strings.Contains(got, "\x1b") {
		t.Errorf("%q", got)
	}
}
