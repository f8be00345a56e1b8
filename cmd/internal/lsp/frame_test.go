package lsp

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"runtime"
	"strings"
	"testing"
)

func TestReadFrame(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"":                                   "EOF",
		"Content-Length: 2\r\n\r\n{}":        "{}",
		"content-length:2\nX: y\n\n{}rest":   "{}",
		"Content-Length: 2\r\n\r\n{":         "unexpected EOF",
		"Content-Length: 2\r\n":              "unexpected EOF",
		"Content-Length":                     "unexpected EOF",
		"\r\n\r\n":                           `a message header has the line "": expected NAME: VALUE`,
		"X: y\r\n\r\n{}":                     "a message header has no Content-Length",
		"Content-Length: -1\r\n\r\n":         `a message header has the Content-Length " -1": expected a number of bytes`,
		"Content-Length: 9999999999\r\n\r\n": "a message has 9999999999 bytes; the limit is 134217728",
		"{\"jsonrpc\": \"2.0\"}\n":           `a message header has the Content-Length " \"2.0\"}": expected a number of bytes`,
		strings.Repeat("x", 5000):            "a message header has a line that's too long",
	} {
		body, err := readFrame(bufio.NewReader(strings.NewReader(in)))
		got := string(body)
		if err != nil {
			got = err.Error()
		}
		if got != want && !strings.HasPrefix(in, "{") {
			t.Errorf("%.60q reads as %q, want %q", in, got, want)
		}
	}
}

// What is written is read, one after the other; a length that lies takes no memory.
func FuzzFrames(f *testing.F) {
	f.Add([]byte("{}"), []byte("Content-Length: 99999999\r\n\r\n{"))
	f.Add([]byte(""), []byte("Content-Length: 5\r\nContent-Length: 1\r\n\r\n12345"))
	f.Fuzz(func(t *testing.T, body, rest []byte) {
		var b bytes.Buffer
		if err := writeFrame(&b, body); err != nil {
			t.Fatal(err)
		}
		b.Write(rest)
		r := bufio.NewReader(&b)
		got, err := readFrame(r)
		if err != nil || !bytes.Equal(got, body) {
			t.Fatalf("%q reads as %q, %v", body, got, err)
		}
		for range len(rest) + 1 {
			if _, err := readFrame(r); err != nil {
				return
			}
		}
		t.Fatal("reading does not end")
	})
}

func TestALengthThatLies(t *testing.T) {
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	_, err := readFrame(bufio.NewReader(strings.NewReader(fmt.Sprintf("Content-Length: %d\r\n\r\n{", MaxMessage))))
	runtime.ReadMemStats(&after)
	if !errors.Is(err, io.ErrUnexpectedEOF) || after.TotalAlloc-before.TotalAlloc > 4<<20 {
		t.Errorf("%v, after %d bytes", err, after.TotalAlloc-before.TotalAlloc)
	}
	_, err = readFrame(bufio.NewReader(strings.NewReader(fmt.Sprintf("Content-Length: %d\r\n\r\n{", MaxMessage+1))))
	if err == nil || !strings.Contains(err.Error(), "the limit is") {
		t.Errorf("one byte more than the limit: %v", err)
	}
}

// A header line is as long as the limit says, and no longer.
func TestHeaderLine(t *testing.T) {
	t.Parallel()
	for n, wanted := range map[int]bool{maxHeader: true, maxHeader + 1: false} {
		line := "X: " + strings.Repeat("x", n-len("X: \r\n")) + "\r\n"
		_, err := readFrame(bufio.NewReader(strings.NewReader(line + "Content-Length: 2\r\n\r\n{}")))
		if (err == nil) != wanted {
			t.Errorf("%d bytes: %v", len(line), err)
		}
	}
}

func TestURIs(t *testing.T) {
	t.Parallel()
	for uri, want := range map[string]string{
		"file:///a/b%20c/%C3%A9.yaml": "/a/b c/é.yaml",
		"file:///a/../b":              "/b",
		"file://localhost/a":          "/a",
		"file://host/a":               "",
		"untitled:Untitled-1":         "",
		"http://x/a":                  "",
		"file:///a%00b":               "",
		"%":                           "",
		"":                            "",
	} {
		if got, ok := pathOf(uri); got != want && ok || ok != (want != "") {
			t.Errorf("%q is %q, %t, want %q", uri, got, ok, want)
		}
		if want != "" && !strings.Contains(uri, "..") && !strings.Contains(uri, "localhost") && uriOf(want) != uri {
			t.Errorf("%q is %q, want %q", want, uriOf(want), uri)
		}
	}
	if !inside("/a", "/a/b") || inside("/a", "/ab") || inside("/a", "/") {
		t.Error("inside")
	}
}
