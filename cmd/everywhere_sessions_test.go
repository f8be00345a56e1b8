package cmd

import (
	"fmt"
	"io"
	"strings"
	"sync"
	"time"

	"waitornot/testdata/rpc"
)

// answerTo is what the answer to a request holds.
func answerTo(id int) string { return fmt.Sprintf("\"id\":%d,", id) }

// until stands in an input before what is given once the output holds a text, or before the
// end of the input: a server that is at the end of its input answers nothing more.
func until(output string) string { return "\x00until " + output + "\x00" }

// A conversation is an input with such waits, and the output that it waits for.
type conversation struct {
	mu      sync.Mutex
	out     strings.Builder
	in      string
	missing string // what was waited for in vain
}

func (c *conversation) Write(p []byte) (int, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.out.Write(p)
}

func (c *conversation) said() string {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.out.String()
}

// Read gives the input up to the next wait.
func (c *conversation) Read(p []byte) (int, error) {
	for c.missing == "" {
		rest, waits := strings.CutPrefix(c.in, "\x00until ")
		if !waits {
			break
		}
		var wanted string
		wanted, c.in, _ = strings.Cut(rest, "\x00")
		for end := time.Now().Add(3 * time.Minute); !strings.Contains(c.said(), wanted); time.Sleep(time.Millisecond) {
			if time.Now().After(end) {
				c.missing = wanted
				break
			}
		}
	}
	if c.missing != "" || c.in == "" {
		return 0, io.EOF
	}
	now := c.in
	if i := strings.Index(now, "\x00until "); i > 0 {
		now = now[:i]
	}
	n := copy(p, now)
	c.in = c.in[n:]
	return n, nil
}

// hostileSession is an editor that opens hostile texts and asks about them.
func hostileSession(texts []string) string {
	type o = map[string]any
	var b strings.Builder
	send := func(m string) { b.WriteString(rpc.Framed(m)) }
	send(rpc.Message(1, "initialize", o{"rootUri": "file://DIR", "capabilities": o{}}))
	send(rpc.Message(0, "initialized", o{}))
	for i, text := range []string{hostileManifest(texts), texts[0], "service: " + quoteYAML(texts[1]) + "\noperations: [{name: x, calee: " + quoteYAML(texts[2]) + "}]\n"} {
		send(rpc.Message(0, "textDocument/didOpen", o{"textDocument": o{"uri": fmt.Sprintf("file://DIR/o%d.waitornot.yaml", i), "languageId": "yaml", "version": 1, "text": text}}))
	}
	b.WriteString(until("o2.waitornot.yaml"))
	id := 2
	for _, method := range []string{"hover", "completion", "definition", "references", "rename", "codeAction", "documentSymbol", "inlayHint", "diagnostic"} {
		for line := range 12 {
			at := o{"line": line, "character": 12}
			send(rpc.Message(id, "textDocument/"+method, o{"textDocument": o{"uri": "file://DIR/o0.waitornot.yaml"}, "position": at, "newName": texts[3], "context": o{"diagnostics": []any{}, "includeDeclaration": true}, "range": o{"start": at, "end": at}}))
			id++
		}
	}
	send(rpc.Message(id, "workspace/symbol", o{"query": ""}))
	send(rpc.Message(id+1, texts[4], o{}))
	send(rpc.Message(id+2, "shutdown", nil))
	b.WriteString(until(answerTo(id + 2)))
	send(rpc.Message(0, "exit", nil))
	return b.String()
}

// hostileAgent is an agent that asks about hostile texts.
func hostileAgent(texts []string) string {
	type o = map[string]any
	var b strings.Builder
	send := func(m string) { b.WriteString(m + "\n") }
	send(rpc.Message(1, "initialize", o{"protocolVersion": "2025-06-18", "capabilities": o{}, "clientInfo": o{"name": texts[0], "version": "1"}}))
	send(rpc.Message(0, "notifications/initialized", o{}))
	send(rpc.Message(2, "tools/list", o{}))
	id := 3
	for _, path := range []string{"bad.waitornot.yaml", "good.yaml", texts[1]} {
		for _, tool := range []string{"advise", "check", "plan", "diff"} {
			send(rpc.Message(id, "tools/call", o{"name": tool, "arguments": o{"paths": []string{path}}}))
			id++
		}
	}
	for i, text := range texts {
		send(rpc.Message(id, "tools/call", o{"name": "explain", "arguments": o{"name": text}}))
		send(rpc.Message(id+1, "tools/call", o{"name": "draft_operation", "arguments": o{"name": text, "description": texts[(i+1)%len(texts)], "answers": o{"immediacy": "no"}}}))
		send(rpc.Message(id+2, "prompts/get", o{"name": text, "arguments": o{}}))
		id += 3
	}
	send(rpc.Message(id, "tools/call", o{"name": texts[2], "arguments": o{}}))
	for ; id > 0; id-- {
		b.WriteString(until(answerTo(id)))
	}
	return b.String()
}
