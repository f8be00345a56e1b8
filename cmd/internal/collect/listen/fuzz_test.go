package listen

import (
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
)

// Whatever a client sends, it gets an answer that says whose fault it is: never the
// server's.
func FuzzExport(f *testing.F) {
	const export = `{"resourceSpans":[{"scopeSpans":[{"spans":[{"traceId":"01","spanId":"02"}]}]}]}`
	for _, encoding := range []string{"", "gzip", "br"} {
		f.Add("application/json", encoding, export)
		f.Add("application/x-protobuf", encoding, "\n\x00")
		f.Add("application/json; charset=x", encoding, packed(export))
		f.Add("application/json", encoding, packed(export)[:20])
		f.Add(";", encoding, "")
	}
	f.Fuzz(func(t *testing.T, kind, encoding, body string) {
		if body == "full" {
			return // what the shelf stands for a full disk with
		}
		s := &Server{taker: &shelf{}, malformed: errMalformed, slots: make(chan struct{}, mostAtOnce)}
		r := httptest.NewRequest("POST", "/v1/traces", strings.NewReader(body))
		r.Header.Set("Content-Type", kind)
		r.Header.Set("Content-Encoding", encoding)
		w := httptest.NewRecorder()
		s.handler().ServeHTTP(w, r)
		if !slices.Contains([]int{200, 400, 413, 415}, w.Code) {
			t.Fatalf("%q %q %q: %d %q", kind, encoding, body, w.Code, w.Body)
		}
	})
}
