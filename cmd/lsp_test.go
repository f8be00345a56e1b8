package cmd

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"waitornot/decide/diag"
	"waitornot/decide/project"
)

// shownOf writes what a client shows, one line for each diagnostic, in order.
func (c *lspClient) shownOf() string {
	var lines []string
	for name, list := range c.shown {
		for _, d := range list {
			line := fmt.Sprintf("%s:%v %d %s %s %s", name, d.Range, d.Severity, d.Code, d.Message, d.Data.Fingerprint)
			for _, r := range d.RelatedInformation {
				line += fmt.Sprintf(" [%s:%v %s]", c.name(r.Location.URI), r.Location.Range, r.Message)
			}
			lines = append(lines, line)
		}
	}
	slices.Sort(lines)
	return strings.Join(lines, "\n")
}

// checked writes what check finds in a folder as shownOf does, before it joins findings that
// say the same of several operations.
func (c *lspClient) checked(dir string) string {
	c.t.Helper()
	g := &globals{streams: Streams{Dir: dir, Err: c.log, Now: c.now}}
	files, err := g.lspHost(context.Background(), &lspOptions{}).Find(context.Background(), dir)
	if err != nil {
		c.t.Fatal(err)
	}
	settings, err := g.lspSettings(context.Background(), &lspOptions{}, dir, func(string) ([]byte, bool) { return nil, false }, false)
	if err != nil {
		c.t.Fatal(err)
	}
	p, _, err := project.Read[int](context.Background(), files, settings, nil)
	var wrong *project.Misconfigured
	switch {
	case errors.As(err, &wrong):
		return c.described(dir, wrong.Findings)
	case err != nil:
		c.t.Fatal(err)
	}
	return c.described(dir, p.Findings)
}

// described writes findings, one line for each, in order.
func (c *lspClient) described(dir string, list []diag.Finding) string {
	c.t.Helper()
	at := func(file string, r diag.Range) lspRange {
		data, err := os.ReadFile(filepath.Join(dir, file))
		if err != nil {
			c.t.Fatal(err)
		}
		text := diag.NewText(data)
		position := func(p diag.Pos) lspPosition {
			offset, _ := text.Offset(p)
			line, column := text.Position(offset, c.diagEncoding())
			return lspPosition{int(line), int(column)}
		}
		if !r.IsValid() {
			return lspRange{}
		}
		return lspRange{position(r.Start), position(r.End)}
	}
	severities := map[diag.Severity]int{diag.Error: 1, diag.Warning: 2, diag.Info: 3}
	var lines []string
	for _, f := range list {
		message := f.Message
		if f.Fix != "" {
			message += "; " + f.Fix
		}
		line := fmt.Sprintf("%s:%v %d %s %s %s", f.File, at(f.File, f.Range), severities[f.Severity], f.Code, message, f.Fingerprint)
		for _, r := range f.Related {
			line += fmt.Sprintf(" [%s:%v %s]", r.File, at(r.File, r.Range), r.Message)
		}
		lines = append(lines, line)
	}
	slices.Sort(lines)
	return strings.Join(lines, "\n")
}

// sampleProject returns a folder with a configuration and services of two teams.
func sampleProject(t testing.TB) string {
	dir := t.TempDir()
	for name, text := range map[string]string{
		".waitornot.yaml": "rules: {timeout-missing: off}\n",
		"shop/waitornot.yaml": `version: 1
service: shop   # 😀 é
operations:
  - name: authorize-payment
    callee: bank
    mode: async
    answers: {immediacy: yes, retryability: no, latency: 900ms, coupling: yes}
    waivers:
      - {rule: mode-disagrees, reason: being rebuilt, owner: payments, until: 2027-03-31}
  - name: send-receipt
    callee: mailer
    mode: sync
    answers: {immediacy: no, retryability: yes, latency: 2s, coupling: yes}
  - {name: 😀é, description: "漢", answers: {immediacy: yes}, nmae: x, mode: syn} # 😀
journeys:
  - {name: order, steps: [authorize-payment, send-receipt, bank/settle], slo: 99.9%, budget: 1s}
`,
		"bank/waitornot.yaml": `version: 1
service: bank
operations:
  - name: settle
    callee: ledger
    mode: sync
    answers: {immediacy: yes, retryability: yes, latency: 200ms, coupling: no}
    timeout: 5s
`,
	} {
		writeFile(t, filepath.Join(dir, name), text)
	}
	return dir
}

// What an editor shows is what check reports, in each encoding of columns. Where check joins
// findings that say the same of several operations, each has its own mark.
func TestLSPShowsWhatCheckReports(t *testing.T) {
	t.Parallel()
	for _, encoding := range []string{"utf-8", "utf-16", "utf-32"} {
		t.Run(encoding, func(t *testing.T) {
			dir := sampleProject(t)
			c := startLSP(t, dir, `{"general": {"positionEncodings": ["`+encoding+`"]}}`)
			if c.encoding != encoding {
				t.Errorf("the encoding is %s, want %s", c.encoding, encoding)
			}
			c.openFile("shop/waitornot.yaml")
			want := c.checked(dir)
			if diff := cmp.Diff(want, c.shownOf()); diff != "" || strings.Count(want, "\n") < 3 {
				t.Errorf("the editor shows other findings than check (-check +editor):\n%s\n%s", diff, want)
			}
			if code := c.stop(); code != exitOK {
				t.Errorf("the server ends with %d: %s", code, c.log)
			}
		})
	}
}

// Unsaved text counts everywhere; a configuration is read as it is typed; what is broken
// says so, and all comes back.
func TestLSPWhileTyping(t *testing.T) {
	t.Parallel()
	dir := sampleProject(t)
	c := startLSP(t, dir, `{}`)
	c.openFile("shop/waitornot.yaml")
	before := c.shownOf()
	c.openFile("bank/waitornot.yaml")
	c.edit("bank/waitornot.yaml", "name: settle", "name: settled")
	if !strings.Contains(c.shownOf(), `"bank/settle", but service "bank" has no such operation; write bank/settled`) {
		t.Errorf("a step whose operation was renamed is not reported:\n%s", c.shownOf())
	}
	c.edit("bank/waitornot.yaml", "name: settled", "name: settle")
	if diff := cmp.Diff(before, c.shownOf()); diff != "" {
		t.Errorf("not all came back (-before +after):\n%s", diff)
	}
	c.edit("shop/waitornot.yaml", "mode: sync", "mode: [")
	if !strings.Contains(c.shownOf(), "WN001") {
		t.Errorf("broken text is not reported:\n%s", c.shownOf())
	}
	c.edit("shop/waitornot.yaml", "mode: [", "mode: sync")
	c.openFile(".waitornot.yaml")
	c.edit(".waitornot.yaml", "timeout-missing", "timeout-mising")
	if got := c.shownOf(); !strings.Contains(got, ".waitornot.yaml") || strings.Contains(got, "shop/") {
		t.Errorf("a configuration that can't be followed is not the only thing shown:\n%s", got)
	}
	c.edit(".waitornot.yaml", "{timeout-mising: off}", "{}")
	if got := c.shownOf(); !strings.Contains(got, "WN301") {
		t.Errorf("a rule that was turned on reports nothing:\n%s", got)
	}
	c.close(".waitornot.yaml")
	c.close("bank/waitornot.yaml")
	c.edit("shop/waitornot.yaml", "version: 1\n", "version: 1\n\n")
	c.edit("shop/waitornot.yaml", "version: 1\n\n", "version: 1\n")
	if diff := cmp.Diff(before, c.shownOf()); diff != "" {
		t.Errorf("not all came back (-before +after):\n%s", diff)
	}
}

// Files that come, change and go on the disk are told of by the client.
func TestLSPWatchesFiles(t *testing.T) {
	t.Parallel()
	dir := sampleProject(t)
	c := startLSP(t, dir, `{"workspace": {"didChangeWatchedFiles": {"dynamicRegistration": true}}}`)
	c.openFile("shop/waitornot.yaml")
	if !slices.Contains(c.asked, "client/registerCapability") {
		t.Error("the client is not asked to tell of files")
	}
	tell := func(name string, kind int) {
		c.notify("workspace/didChangeWatchedFiles", map[string]any{"changes": []any{map[string]any{"uri": c.uri(name), "type": kind}}})
		c.edit("shop/waitornot.yaml", "version: 1", "version:  1")
		c.edit("shop/waitornot.yaml", "version:  1", "version: 1")
	}
	steps := []struct {
		name, text string
		kind       int
	}{
		{"new/waitornot.yaml", "service: new\noperations:\n- {nmae: x}\n", 1},
		{"new/waitornot.yaml", "service: new\noperations:\n- {naem: x}\n", 2},
		{".waitornot.yaml", "rules: {mode-disagrees: off, timeout-missing: error}\n", 2},
		{"bank/waitornot.yaml", "", 3},
	}
	for _, s := range steps {
		path := filepath.Join(dir, s.name)
		if s.kind == 3 {
			if err := os.Remove(path); err != nil {
				t.Fatal(err)
			}
		} else {
			writeFile(t, path, s.text)
		}
		tell(s.name, s.kind)
		if diff := cmp.Diff(c.checked(dir), c.shownOf()); diff != "" {
			t.Errorf("after %+v (-check +editor):\n%s", s, diff)
		}
	}
}

// After any edits of several documents an editor shows what check finds in the same
// texts.
func TestLSPAfterAnyEdits(t *testing.T) {
	t.Parallel()
	pieces := []string{
		"", "\n", "  ", "😀", "é", "\r\n", "x", ":", "- ", "{", "}", "[", "]", "'", "\"", "#", "&a ", "*a", "---\n", "\t",
		"name: pay", "mode: sync\n", "  - name: pay2\n    answers: {immediacy: yes}\n", "answers:", "waivers:\n", "immediacy: later",
		"journeys:\n  - {name: j, steps: [pay, x]}\n", "service: bank\n",
	}
	rapid.Check(t, func(r *rapid.T) {
		dir := sampleProject(t)
		c := startLSP(t, dir, `{"general": {"positionEncodings": ["`+rapid.SampledFrom([]string{"utf-8", "utf-16", "utf-32"}).Draw(r, "encoding")+`"]}}`)
		names := []string{"shop/waitornot.yaml", "bank/waitornot.yaml"}
		for _, name := range names {
			c.openFile(name)
		}
		for range rapid.IntRange(1, 8).Draw(r, "edits") {
			name := rapid.SampledFrom(names).Draw(r, "name")
			text := c.texts[name]
			from := charStart(text, rapid.IntRange(0, len(text)).Draw(r, "from"))
			to := charStart(text, min(len(text), from+rapid.IntRange(0, 12).Draw(r, "length")))
			c.replace(name, from, to, rapid.SampledFrom(pieces).Draw(r, "piece"))
		}
		shown := c.shownOf()
		for _, name := range names {
			writeFile(t, filepath.Join(dir, name), c.texts[name])
		}
		if diff := cmp.Diff(c.checked(dir), shown); diff != "" {
			r.Fatalf("the editor shows other findings than check (-check +editor):\n%s", diff)
		}
		if code := c.stop(); code != exitOK || c.log.Len() > 0 {
			r.Fatalf("the server ends with %d: %s", code, c.log)
		}
	})
}

// charStart returns the nearest start of a character that a client can name, from an offset
// down.
func charStart(text string, at int) int {
	for at > 0 && at < len(text) && (text[at]&0xc0 == 0x80 || text[at] == '\n' && text[at-1] == '\r') {
		at--
	}
	return at
}

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

// A configuration is helped with like a manifest.
func TestLSPConfiguration(t *testing.T) {
	t.Parallel()
	c := startLSP(t, sampleProject(t), `{}`)
	const name = ".waitornot.yaml"
	c.open(name, "latency_threshold: 300ms\nrules:\n  timeout-missing: off\n  \n")
	if got := c.hover(c.before(name, "latency_threshold")); !strings.Contains(got, "**latency\\_threshold**") {
		t.Errorf("a key: %q", got)
	}
	if got := c.hover(c.before(name, "timeout-missing")); !strings.Contains(got, "WN301") {
		t.Errorf("a rule: %q", got)
	}
	labels := func(text string) string {
		at := strings.IndexByte(text, '|')
		c.set(name, strings.Replace(text, "|", "", 1))
		var list struct{ Items []lspItem }
		if err := c.request("textDocument/completion", c.at(name, at), &list); err != nil {
			t.Fatal(err)
		}
		var words []string
		for _, x := range list.Items {
			words = append(words, x.Label)
		}
		return strings.Join(words, " ")
	}
	if got := labels("rules:\n  ti|\n"); !strings.Contains(got, "timeout-missing") {
		t.Errorf("rules: %s", got)
	}
	if got := labels("wait_limit: 2s\n|\n"); !strings.Contains(got, "latency_threshold") || strings.Contains(got, "wait_limit") {
		t.Errorf("keys: %s", got)
	}
	for _, method := range []string{"codeLens", "documentSymbol", "foldingRange"} {
		if err := c.request("textDocument/"+method, c.document(name), nil); err != nil {
			t.Errorf("%s: %v", method, err)
		}
	}
	c.stop()
}

// A folder inside a repository is judged with all of the repository, and shows, and
// changes, what lies in it alone.
func TestLSPInPartOfARepository(t *testing.T) {
	t.Parallel()
	dir := sampleProject(t)
	if out, err := exec.Command("git", "init", "-q", dir).CombinedOutput(); err != nil {
		t.Skipf("git: %v %s", err, out)
	}
	writeFile(t, filepath.Join(dir, "bank/waitornot.yaml"), "service: bank\noperations:\n  - {name: settled, answers: {immediacy: yes}, nmae: x}\n")
	c := startLSP(t, filepath.Join(dir, "shop"), `{}`)
	c.openFile("waitornot.yaml")
	got := c.shownOf()
	if !strings.Contains(got, "WN012") || strings.Contains(got, "bank/waitornot.yaml:") || strings.Contains(got, "WN301") {
		t.Errorf("shown are:\n%s", got)
	}
	c.edit("waitornot.yaml", "bank/settle", "bank/settled")
	if got := c.shownOf(); strings.Contains(got, "WN012") {
		t.Errorf("an operation of the repository is not known:\n%s", got)
	}
	p := c.before("waitornot.yaml", "bank/settled")
	p["newName"] = "done"
	if err := c.request("textDocument/rename", p, nil); err == nil || !strings.Contains(err.Error(), "bank/waitornot.yaml names it, too, and lies outside") {
		t.Errorf("a rename outside of the folder: %v", err)
	}
	c.stop()
}

// With a baseline an editor shows what is new, also after a change of the file, and one
// that can't be read is said before anything is served.
func TestLSPBaseline(t *testing.T) {
	t.Parallel()
	dir := sampleProject(t)
	run := func(args ...string) (code int, said string) {
		var out strings.Builder
		code = Main(context.Background(), args, Streams{
			In: strings.NewReader(""), Out: &out, Err: &out, Dir: dir, Env: func(string) string { return "" },
			Now: func() time.Time { return time.Date(2026, 11, 26, 12, 0, 0, 0, time.UTC) },
		})
		return code, out.String()
	}
	for name, want := range map[string]string{"none.json": "none.json: ", ".waitornot.yaml": ".waitornot.yaml: "} {
		if code, said := run("lsp", "--baseline", name); code != 3 || !strings.Contains(said, want) {
			t.Errorf("with the baseline %s lsp ends with %d: %s", name, code, said)
		}
	}
	if code, said := run("check", "--baseline", "old.json", "--write-baseline"); code != 1 {
		t.Fatalf("check ends with %d: %s", code, said) // what can't be read is in no baseline
	}
	c := startLSP(t, dir, `{}`, "--baseline", "old.json")
	const name = "shop/waitornot.yaml"
	c.openFile(name)
	if got := c.shownOf(); strings.Contains(got, "WN1") || !strings.Contains(got, "WN006") {
		t.Errorf("beside the baseline it shows\n%s", got)
	}
	c.set(name, strings.Replace(c.texts[name], "mode: async", "mode: hybrid", 1)+"  - {name: j2, steps: [nothing]}\n")
	if got := c.shownOf(); strings.Contains(got, "send-receipt") || !strings.Contains(got, "j2") && !strings.Contains(got, "nothing") {
		t.Errorf("after a change it shows\n%s", got)
	}
	c.stop()
}
