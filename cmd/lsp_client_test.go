package cmd

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"waitornot/decide/diag"
)

// An lspClient is an editor in the same process.
type lspClient struct {
	t        testing.TB
	dir      string
	encoding string
	in       io.WriteCloser
	came     chan lspMessage
	ended    chan int
	log      *strings.Builder
	id       int
	shown    map[string][]lspDiagnostic // by path from the folder
	versions map[string]int             // by path from the folder
	texts    map[string]string          // of open documents
	asked    []string                   // methods of requests that came
}

type lspMessage struct {
	ID     *int            `json:"id"`
	Method string          `json:"method"`
	Params json.RawMessage `json:"params"`
	Result json.RawMessage `json:"result"`
	Error  *lspError       `json:"error"`
}

type lspError struct {
	Code    int    `json:"code"`
	Message string `json:"message"`
}

func (e *lspError) Error() string { return fmt.Sprintf("%d %s", e.Code, e.Message) }

type lspPosition struct {
	Line      int `json:"line"`
	Character int `json:"character"`
}

type lspRange struct {
	Start lspPosition `json:"start"`
	End   lspPosition `json:"end"`
}

type lspLocation struct {
	URI   string   `json:"uri"`
	Range lspRange `json:"range"`
}

type lspDiagnostic struct {
	Range              lspRange `json:"range"`
	Severity           int      `json:"severity"`
	Code               string   `json:"code"`
	Source             string   `json:"source"`
	Message            string   `json:"message"`
	RelatedInformation []struct {
		Location lspLocation `json:"location"`
		Message  string      `json:"message"`
	} `json:"relatedInformation"`
	Data struct {
		Rule, Operation, Fingerprint string
	} `json:"data"`
}

// startLSP starts a server for a folder. The capabilities are JSON.
func startLSP(t testing.TB, dir, capabilities string, flags ...string) *lspClient {
	t.Helper()
	read, in := io.Pipe()
	out, write := io.Pipe()
	c := &lspClient{
		t: t, dir: dir, in: in, came: make(chan lspMessage, 100_000), ended: make(chan int, 1), log: &strings.Builder{},
		shown: map[string][]lspDiagnostic{}, versions: map[string]int{}, texts: map[string]string{},
	}
	go c.receive(out)
	go func() {
		code := Main(context.Background(), append([]string{"lsp"}, flags...), Streams{
			In: read, Out: write, Err: c.log, Dir: dir, Env: func(string) string { return "" },
			Now: c.now,
		})
		write.Close()
		c.ended <- code
	}()
	t.Cleanup(func() { in.Close() })
	var result struct {
		Capabilities struct {
			PositionEncoding string `json:"positionEncoding"`
		} `json:"capabilities"`
	}
	if err := c.request("initialize", map[string]any{
		"processId": nil, "rootUri": fileURI(dir), "capabilities": json.RawMessage(capabilities),
		"workspaceFolders": []any{map[string]string{"uri": fileURI(dir), "name": "x"}},
	}, &result); err != nil {
		t.Fatalf("initialize: %v", err)
	}
	c.encoding = result.Capabilities.PositionEncoding
	c.notify("initialized", map[string]any{})
	return c
}

// now is a day that is always the same.
func (c *lspClient) now() time.Time { return time.Date(2026, 11, 26, 12, 0, 0, 0, time.UTC) }

func fileURI(path string) string {
	return (&url.URL{Scheme: "file", Path: filepath.ToSlash(path)}).String()
}

func (c *lspClient) receive(out io.Reader) {
	defer close(c.came)
	r := bufio.NewReader(out)
	for {
		length := 0
		for {
			line, err := r.ReadString('\n')
			if err != nil {
				return
			}
			line = strings.TrimSpace(line)
			if line == "" {
				break
			}
			if n, ok := strings.CutPrefix(line, "Content-Length: "); ok {
				length, _ = strconv.Atoi(n)
			}
		}
		body := make([]byte, length)
		if _, err := io.ReadFull(r, body); err != nil {
			return
		}
		var m lspMessage
		if err := json.Unmarshal(body, &m); err != nil {
			c.t.Errorf("the server wrote %q: %v", body, err)
		}
		c.came <- m
	}
}

func (c *lspClient) send(v any) {
	c.t.Helper()
	body, err := json.Marshal(v)
	if err != nil {
		c.t.Fatal(err)
	}
	if _, err := fmt.Fprintf(c.in, "Content-Length: %d\r\n\r\n%s", len(body), body); err != nil {
		c.t.Fatalf("%v\n%s", err, c.log)
	}
}

func (c *lspClient) notify(method string, params any) {
	c.t.Helper()
	c.send(map[string]any{"jsonrpc": "2.0", "method": method, "params": params})
}

// request waits for the result of a request.
func (c *lspClient) request(method string, params, result any) error {
	c.t.Helper()
	c.id++
	c.send(map[string]any{"jsonrpc": "2.0", "id": c.id, "method": method, "params": params})
	for {
		m := c.next()
		switch {
		case m.Method != "":
			c.take(m)
		case m.ID == nil || *m.ID != c.id:
			c.t.Fatalf("a response to nothing: %+v", m)
		case m.Error != nil:
			return m.Error
		case result == nil:
			return nil
		default:
			if err := json.Unmarshal(m.Result, result); err != nil {
				c.t.Fatalf("%s: %v in %s", method, err, m.Result)
			}
			return nil
		}
	}
}

func (c *lspClient) next() lspMessage {
	c.t.Helper()
	select {
	case m, ok := <-c.came:
		if !ok {
			c.t.Fatalf("the server has ended:\n%s", c.log)
		}
		return m
	case <-time.After(3 * time.Minute):
		c.t.Fatal("nothing came for three minutes")
	}
	return lspMessage{}
}

// take takes in what the server tells.
func (c *lspClient) take(m lspMessage) {
	c.t.Helper()
	if m.Method != "textDocument/publishDiagnostics" {
		c.asked = append(c.asked, m.Method)
		return
	}
	var p struct {
		URI         string          `json:"uri"`
		Version     int             `json:"version"`
		Diagnostics []lspDiagnostic `json:"diagnostics"`
	}
	if err := json.Unmarshal(m.Params, &p); err != nil {
		c.t.Fatal(err)
	}
	c.shown[c.name(p.URI)] = p.Diagnostics
	if p.Version > 0 {
		c.versions[c.name(p.URI)] = p.Version
	}
}

func (c *lspClient) name(uri string) string {
	u, err := url.Parse(uri)
	if err != nil {
		c.t.Fatal(err)
	}
	return relative(c.dir, filepath.FromSlash(u.Path))
}

func (c *lspClient) uri(name string) string {
	return fileURI(filepath.Join(c.dir, filepath.FromSlash(name)))
}

func (c *lspClient) open(name, text string) {
	c.t.Helper()
	c.texts[name] = text
	c.versions[name] = 0
	c.notify("textDocument/didOpen", map[string]any{"textDocument": map[string]any{
		"uri": c.uri(name), "languageId": "yaml", "version": 1, "text": text,
	}})
	c.settle(name, 1)
}

// openFile opens a document with the text of its file.
func (c *lspClient) openFile(name string) {
	c.t.Helper()
	text, err := os.ReadFile(filepath.Join(c.dir, name))
	if err != nil {
		c.t.Fatal(err)
	}
	c.open(name, string(text))
}

// settle waits until what belongs to a version of a document is shown, everywhere.
func (c *lspClient) settle(name string, version int) {
	c.t.Helper()
	for c.versions[name] < version {
		c.take(c.next())
	}
	if err := c.request("waitornot/nothing", nil, nil); err == nil {
		c.t.Fatal("a method that does not exist has a result")
	}
}

// replace changes what stands between two offsets of a document.
func (c *lspClient) replace(name string, from, to int, text string) {
	c.t.Helper()
	old := c.texts[name]
	change := map[string]any{"range": lspRange{c.position(old, from), c.position(old, to)}, "text": text}
	c.texts[name] = old[:from] + text + old[to:]
	c.change(name, change)
}

// edit puts new in the place of the only old.
func (c *lspClient) edit(name, old, new string) {
	c.t.Helper()
	text := c.texts[name]
	if strings.Count(text, old) != 1 {
		c.t.Fatalf("%s has %q %d times", name, old, strings.Count(text, old))
	}
	at := strings.Index(text, old)
	c.replace(name, at, at+len(old), new)
}

func (c *lspClient) change(name string, changes ...any) {
	c.t.Helper()
	version := c.versions[name] + 1
	c.notify("textDocument/didChange", map[string]any{
		"textDocument": map[string]any{"uri": c.uri(name), "version": version}, "contentChanges": changes,
	})
	c.settle(name, version)
}

func (c *lspClient) close(name string) {
	c.t.Helper()
	delete(c.texts, name)
	c.notify("textDocument/didClose", c.document(name))
}

func (c *lspClient) document(name string) map[string]any {
	return map[string]any{"textDocument": map[string]any{"uri": c.uri(name)}}
}

// at returns parameters that point at an offset of a document.
func (c *lspClient) at(name string, offset int) map[string]any {
	p := c.document(name)
	p["position"] = c.position(c.texts[name], offset)
	return p
}

// before returns parameters that point at the first place of a text in a document.
func (c *lspClient) before(name, text string) map[string]any {
	c.t.Helper()
	at := strings.Index(c.texts[name], text)
	if at < 0 {
		c.t.Fatalf("%s has no %q", name, text)
	}
	return c.at(name, at)
}

func (c *lspClient) diagEncoding() diag.Encoding {
	return map[string]diag.Encoding{"utf-8": diag.UTF8, "utf-16": diag.UTF16, "utf-32": diag.UTF32}[c.encoding]
}

func (c *lspClient) position(text string, offset int) lspPosition {
	line, column := diag.NewText([]byte(text)).Position(offset, c.diagEncoding())
	return lspPosition{int(line), int(column)}
}

// stop ends the session as an editor does.
func (c *lspClient) stop() int {
	c.t.Helper()
	if err := c.request("shutdown", nil, nil); err != nil {
		c.t.Error(err)
	}
	c.notify("exit", nil)
	select {
	case code := <-c.ended:
		return code
	case <-time.After(3 * time.Minute):
		c.t.Fatal("the server does not end")
	}
	return -1
}
