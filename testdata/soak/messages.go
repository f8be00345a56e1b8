package main

import (
	"fmt"
	"path/filepath"
	"strings"

	"waitornot/testdata/rpc"
)

// messages sends hostile messages to the servers for editors and agents, and hostile
// traces to import: nothing of what lies outside is shown or written, and no message
// brings them down.
func (t *target) messages(dir string, n *tally) error {
	repo := filepath.Join(dir, "repo")
	if err := write(filepath.Join(dir, "secret.yaml"), "operations: [{name: "+secret+", answers: {}}]\n"); err != nil {
		return err
	}
	if err := write(filepath.Join(repo, "waitornot.yaml"), manifest(3, "no")); err != nil {
		return err
	}
	if err := write(filepath.Join(repo, ".git", "HEAD"), "ref: refs/heads/main\n"); err != nil {
		return err
	}
	out := traps()[0]
	_ = out.make(filepath.Join(repo, out.name)) // a link to outside, where there are links
	before, err := snapshot(dir)
	if err != nil {
		return err
	}
	for range 3 {
		for _, run := range []struct {
			in   string
			args []string
		}{
			{t.spoiled(t.editor(repo)), []string{"lsp"}}, {t.spoiled(t.agent(dir)), []string{"mcp"}}, {t.spoiled(t.agent(dir)), []string{"mcp", "--write"}},
			{t.spoiled(traces(t.quoted)), []string{"import", "-", "--kind", "traces"}}, {t.spoiled(traces(t.quoted)), []string{"import", "-"}},
			{t.spoiled(manifest(20, "no")), []string{"check", "-"}}, {deep(), []string{"import", "-", "--kind", "traces"}},
		} {
			r := t.feed(repo, n, run.in, run.args...)
			if run.args[0] == "import" || run.args[0] == "check" {
				t.holds(dir, n, run.args, &r)
			}
			if strings.Contains(r.both(), secret) {
				t.say(&n.wrong, dir, run.args, "what lies outside is shown")
			}
		}
	}
	after, err := snapshot(dir)
	if err != nil {
		return err
	}
	for file, text := range after {
		if name := filepath.Base(file); before[file] != text && name != "waitornot.yaml" && name != "new.yaml" {
			t.say(&n.wrong, dir, nil, "a message has changed "+name)
		}
	}
	return nil
}

// deep is an attribute that lies deep in others.
func deep() string {
	const depth = 20_000
	value := strings.Repeat(`{"arrayValue":{"values":[`, depth) + `{"intValue":"1"}` + strings.Repeat("]}}", depth)
	return `{"resourceSpans":[{"resource":{"attributes":[{"key":"a","value":` + value + `}]},"scopeSpans":[]}]}` + "\n"
}

// spoiled changes a few bytes, most times.
func (t *target) spoiled(text string) string {
	b := []byte(text)
	for range t.random.IntN(4) {
		i := t.random.IntN(len(b))
		switch t.random.IntN(3) {
		case 0:
			b[i] = byte(t.random.IntN(256))
		case 1:
			b = b[:i]
		default:
			b = append(b[:i:i], append([]byte(t.hostile()), b[i:]...)...)
		}
		if len(b) == 0 {
			return "x"
		}
	}
	return string(b)
}

type object = map[string]any

// editor is a session of an editor that opens a hostile repository.
func (t *target) editor(repo string) string {
	uri := "file://" + filepath.ToSlash(repo)
	at := func(name string) object { return object{"uri": uri + "/" + name} }
	place := object{"line": t.random.IntN(6), "character": t.random.IntN(40)}
	var b strings.Builder
	send := func(message string) { b.WriteString(rpc.Framed(message)) }
	send(rpc.Message(1, "initialize", object{"rootUri": uri, "capabilities": object{}}))
	send(rpc.Message(0, "initialized", object{}))
	for _, name := range []string{"waitornot.yaml", "a.waitornot.yaml", "../secret.yaml", "../../../../proc/self/environ"} {
		send(rpc.Message(0, "textDocument/didOpen", object{"textDocument": object{"uri": uri + "/" + name, "languageId": "yaml", "version": 1, "text": "service: " + t.quoted() + "\n" + manifest(2, "no")[len("service: shop\n"):]}}))
	}
	id := 2
	for _, method := range []string{"hover", "completion", "definition", "references", "rename", "codeAction", "documentSymbol", "inlayHint", "foldingRange", "semanticTokens/full", "formatting"} {
		for _, name := range []string{"waitornot.yaml", "../secret.yaml"} {
			send(rpc.Message(id, "textDocument/"+method, object{"textDocument": at(name), "position": place, "newName": t.hostile(), "context": object{}, "range": object{"start": place, "end": place}}))
			id++
		}
	}
	send(rpc.Message(id, "workspace/symbol", object{"query": ""}))
	send(rpc.Message(id+1, "workspace/executeCommand", object{"command": t.hostile(), "arguments": []string{uri}}))
	send(rpc.Message(id+2, "shutdown", nil))
	send(rpc.Message(0, "exit", nil))
	if t.random.IntN(3) == 0 {
		fmt.Fprintf(&b, "Content-Length: %s\r\n\r\n{}", []string{"-1", "99999999999999999999", "134217729", "9", ""}[t.random.IntN(5)])
	}
	return b.String()
}

// agent is a session of an agent that asks for what lies outside.
func (t *target) agent(dir string) string {
	var b strings.Builder
	send := func(message string) { b.WriteString(message + "\n") }
	send(rpc.Message(1, "initialize", object{"protocolVersion": "2025-06-18", "capabilities": object{}, "clientInfo": object{"name": t.hostile(), "version": "1"}}))
	send(rpc.Message(0, "notifications/initialized", object{}))
	id := 2
	for _, path := range []string{"waitornot.yaml", "a.waitornot.yaml", "../secret.yaml", filepath.Join(dir, "secret.yaml"), "/proc/self/environ", "*", "../*", "new.yaml"} {
		for tool, input := range map[string]object{
			"advise": {"paths": []string{path}}, "check": {"paths": []string{path}}, "plan": {"paths": []string{path}}, "diff": {"paths": []string{path}}, "explain": {"name": path},
			"draft_operation": {"name": t.hostile(), "path": path, "write": true, "answers": object{"immediacy": "no"}},
		} {
			send(rpc.Message(id, "tools/call", object{"name": tool, "arguments": input}))
			id++
		}
		send(rpc.Message(id, "resources/read", object{"uri": "file://" + path}))
		id++
	}
	return b.String()
}
