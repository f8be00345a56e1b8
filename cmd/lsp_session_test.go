package cmd

import (
	"bytes"
	"context"
	"fmt"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// What a client should not send is answered or left alone, and the session goes on.
func TestLSPOddMessages(t *testing.T) {
	t.Parallel()
	dir := sampleProject(t)
	c := startLSP(t, dir, `{}`)
	const name = "shop/waitornot.yaml"
	c.openFile(name)
	before := c.shownOf()
	raw := func(body string) { fmt.Fprintf(c.in, "Content-Length: %d\r\n\r\n%s", len(body), body) }
	raw("{")
	if m := c.next(); m.Error == nil || m.Error.Code != -32700 {
		t.Errorf("what is no JSON: %+v", m)
	}
	raw(`[]`)
	if m := c.next(); m.Error == nil {
		t.Errorf("a batch: %+v", m)
	}
	raw(`{"jsonrpc": "2.0", "id": 7, "result": null}`)
	for method, params := range map[string]any{
		"initialize":          map[string]any{},
		"textDocument/hover":  []int{1},
		"textDocument/rename": map[string]any{"textDocument": 1},
		"no/such":             nil,
	} {
		if err := c.request(method, params, nil); err == nil {
			t.Errorf("%s has a result", method)
		}
	}
	for _, params := range []any{
		map[string]any{"textDocument": map[string]any{"uri": "untitled:x", "text": "nmae:"}},
		map[string]any{"textDocument": map[string]any{"uri": "file:///etc/passwd", "text": "x"}},
		map[string]any{"textDocument": map[string]any{"uri": c.uri("other.yaml"), "text": "kind: Deployment\n"}},
		map[string]any{"textDocument": map[string]any{"uri": c.uri("node_modules/waitornot.yaml"), "text": "nmae:"}},
		[]int{1}, nil,
	} {
		c.notify("textDocument/didOpen", params)
	}
	c.notify("textDocument/didChange", map[string]any{"textDocument": map[string]any{"uri": c.uri("gone.yaml"), "version": 9}, "contentChanges": []any{}})
	c.notify("textDocument/didClose", c.document("gone.yaml"))
	for _, p := range []lspPosition{{0, 0}, {999, 999}, {3, 999}} {
		for _, method := range []string{"hover", "completion", "definition", "references", "prepareRename"} {
			params := c.document(name)
			params["position"], params["context"] = p, map[string]any{}
			if err := c.request("textDocument/"+method, params, nil); err != nil {
				t.Errorf("%s at %v: %v", method, p, err)
			}
		}
	}
	c.edit(name, "version: 1", "version:  1")
	c.edit(name, "version:  1", "version: 1")
	if diff := cmp.Diff(before, c.shownOf()); diff != "" {
		t.Errorf("something changed (-before +after):\n%s", diff)
	}
	if err := c.request("shutdown", nil, nil); err != nil {
		t.Error(err)
	}
	if err := c.request("textDocument/hover", c.document(name), nil); err == nil {
		t.Error("a server that is shut down answers")
	}
	c.notify("exit", nil)
	if code := <-c.ended; code != exitOK {
		t.Errorf("the server ends with %d", code)
	}
}

// A client that goes without a word ends the server with 1, and one that speaks something
// else with 3.
func TestLSPEnds(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]int{
		"": exitFindings,
		"Content-Length: 33\r\n\r\n{\"jsonrpc\":\"2.0\",\"method\":\"exit\"}": exitFindings,
		"GET / HTTP/1.1\r\n\r\n": exitFailed,
	} {
		var out, errs bytes.Buffer
		code := Main(context.Background(), []string{"lsp"}, Streams{
			In: strings.NewReader(text), Out: &out, Err: &errs, Dir: t.TempDir(), Env: func(string) string { return "" }, Now: time.Now,
		})
		if code != want || out.Len() > 0 {
			t.Errorf("%q ends with %d, want %d: %s%s", text, code, want, out.String(), errs.String())
		}
	}
}

// A document outside of all folders is judged by itself, and a folder that comes or goes
// brings and takes its findings.
func TestLSPFolders(t *testing.T) {
	t.Parallel()
	dir, other := sampleProject(t), sampleProject(t)
	c := startLSP(t, dir, `{}`)
	c.openFile("shop/waitornot.yaml")
	outside := relative(dir, filepath.Join(other, "shop/waitornot.yaml"))
	c.openFile(outside)
	if got := c.shownOf(); !strings.Contains(got, outside) || strings.Contains(got, outside[:len(outside)-len("shop/waitornot.yaml")]+"bank") {
		t.Errorf("a document outside:\n%s", got)
	}
	c.notify("workspace/didChangeWorkspaceFolders", map[string]any{"event": map[string]any{
		"added": []any{map[string]string{"uri": fileURI(other)}}, "removed": []any{map[string]string{"uri": fileURI(dir)}},
	}})
	c.edit(outside, "name: send-receipt", "name: send")
	if got := c.shownOf(); strings.Count(got, "WN012") != 1 {
		t.Errorf("after the folders changed:\n%s", got)
	}
	c.close(outside)
	c.close("shop/waitornot.yaml")
	c.openFile(relative(dir, filepath.Join(other, "bank/waitornot.yaml")))
	if got, want := strings.Count(c.shownOf(), "\n"), strings.Count(c.checked(other), "\n"); got != want {
		t.Errorf("%d findings are shown, want %d:\n%s", got, want, c.shownOf())
	}
	c.stop()
}

// Changes that come faster than findings are worked out leave the findings of the last
// text, and no result for each that is old already.
func TestLSPFastTyping(t *testing.T) {
	t.Parallel()
	dir := sampleProject(t)
	c := startLSP(t, dir, `{}`)
	const name = "shop/waitornot.yaml"
	c.openFile(name)
	version := c.versions[name]
	word := " # typed at once"
	for i := range len(word) {
		text := c.texts[name]
		at := strings.Index(text, "version: 1") + len("version: 1") + i
		c.texts[name] = text[:at] + word[i:i+1] + text[at:]
		p := c.position(text, at)
		version++
		c.notify("textDocument/didChange", map[string]any{
			"textDocument":   map[string]any{"uri": c.uri(name), "version": version},
			"contentChanges": []any{map[string]any{"range": lspRange{p, p}, "text": word[i : i+1]}},
		})
	}
	c.edit(name, "mode: sync", "mode: [")
	c.edit(name, "mode: [", "mode: sync")
	writeFile(t, filepath.Join(dir, name), c.texts[name])
	if diff := cmp.Diff(c.checked(dir), c.shownOf()); diff != "" || !strings.Contains(c.texts[name], "version: 1"+word) {
		t.Errorf("after fast typing (-check +editor):\n%s", diff)
	}
	c.stop()
}
