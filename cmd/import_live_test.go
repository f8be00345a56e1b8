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

// An interrupt ends listening, and what was heard until then is the result.
func TestImportListens(t *testing.T) {
	t.Parallel()
	ctx, interrupt := context.WithCancel(context.Background())
	errs, told := io.Pipe()
	var out bytes.Buffer
	code := make(chan int, 1)
	go func() {
		s := Streams{In: strings.NewReader(""), Out: &out, Err: told, Env: func(string) string { return "" }, Now: time.Now}
		code <- Main(ctx, []string{"import", "--listen", "127.0.0.1:0", "--format", "edges"}, s)
		told.Close()
	}()
	lines := bufio.NewScanner(errs)
	if !lines.Scan() {
		t.Fatal("it says nothing")
	}
	url := regexp.MustCompile(`http://[^ ]*`).FindString(lines.Text())
	const span = `{"resourceSpans":[{"resource":{"attributes":[{"key":"service.name","value":{"stringValue":"shop"}}]},"scopeSpans":[{"spans":[` +
		`{"traceId":"01","spanId":"02","name":"GET","kind":3,"startTimeUnixNano":"1764000000000000000","endTimeUnixNano":"1764000000050000000",` +
		`"attributes":[{"key":"http.request.method","value":{"stringValue":"GET"}},{"key":"url.path","value":{"stringValue":"/a"}},{"key":"peer.service","value":{"stringValue":"\u001b[31mcart"}}]}]}]}]}`
	answer, err := http.Post(url, "application/json", strings.NewReader(span))
	if err != nil || answer.StatusCode != http.StatusOK {
		t.Fatal(answer, err)
	}
	answer.Body.Close()
	interrupt()
	rest, _ := io.ReadAll(errs)
	if got := <-code; got != exitOK {
		t.Errorf("it ends with %d: %s", got, rest)
	}
	if got := out.String(); !strings.HasPrefix(got, "shop -> ") || !strings.Contains(got, "cart get-a  http://127.0.0.1:") || strings.Contains(got, "\x1b") {
		t.Errorf("%q", got)
	}
}
