package cmd

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

type lspAction struct {
	Title       string `json:"title"`
	Kind        string `json:"kind"`
	IsPreferred bool   `json:"isPreferred"`
	Edit        struct {
		Changes map[string][]lspEdit `json:"changes"`
	} `json:"edit"`
	Diagnostics []lspDiagnostic `json:"diagnostics"`
}

// edited returns a text with edits made, the last first.
func (c *lspClient) edited(text string, edits []lspEdit) string {
	edits = slices.Clone(edits)
	slices.SortFunc(edits, func(a, b lspEdit) int {
		return c.offset(text, b.Range.Start) - c.offset(text, a.Range.Start)
	})
	for _, e := range edits {
		text = text[:c.offset(text, e.Range.Start)] + e.NewText + text[c.offset(text, e.Range.End):]
	}
	return text
}

// write makes edits in the files themselves, by URI.
func (c *lspClient) write(changes map[string][]lspEdit) {
	c.t.Helper()
	for uri, edits := range changes {
		path := filepath.Join(c.dir, c.name(uri))
		data, err := os.ReadFile(path)
		if err != nil {
			c.t.Fatal(err)
		}
		writeFile(c.t, path, c.edited(string(data), edits))
	}
}

// actions returns what can be done at a place.
func (c *lspClient) actions(name string, from, to int, only ...string) []lspAction {
	c.t.Helper()
	p := c.document(name)
	p["range"] = lspRange{c.position(c.texts[name], from), c.position(c.texts[name], to)}
	p["context"] = map[string]any{"diagnostics": []any{}, "only": only}
	var list []lspAction
	if err := c.request("textDocument/codeAction", p, &list); err != nil {
		c.t.Fatal(err)
	}
	return list
}

// act does what an action says, and reports whether there is one.
func (c *lspClient) act(name, at, title string, only ...string) bool {
	c.t.Helper()
	from := strings.Index(c.texts[name], at)
	if from < 0 {
		c.t.Fatalf("there is no %q in\n%s", at, c.texts[name])
	}
	list := c.actions(name, from, from+len(at), only...)
	i := slices.IndexFunc(list, func(a lspAction) bool { return strings.HasPrefix(a.Title, title) })
	if i < 0 {
		for _, a := range list {
			c.t.Logf("there is %q", a.Title)
		}
		return false
	}
	c.set(name, c.edited(c.texts[name], list[i].Edit.Changes[c.uri(name)]))
	return true
}

// Actions do what they say, however the operation is written.
func TestLSPActions(t *testing.T) {
	t.Parallel()
	for style, text := range map[string]string{
		"block": `service: shop
owner: payments
operations:
  - name: pay
    callee: bank
    answers:
      immediacy: no
      retryability: yes
      latency: 2s
      coupling: yes
    mode: sync   # today
  - name: other
    answers: {retryability: yes, latency: no, coupling: no}
journeys:
  - name: order
    steps:
      - other
`,
		"flow": `service: shop
operations:
  - {name: pay, callee: bank, mode: sync, answers: {immediacy: no, retryability: yes, latency: 2s, coupling: yes}}
  - {name: other, answers: {retryability: yes, latency: no, coupling: no}}
journeys:
  - {name: order, steps: [other]}`,
		"JSON": `{"service": "shop", "operations": [
  {"name": "pay", "callee": "bank", "mode": "sync", "answers": {"immediacy": "no", "retryability": "yes", "latency": "2s", "coupling": "yes"}},
  {"name": "other", "answers": {"retryability": "yes", "latency": "no", "coupling": "no"}}],
 "journeys": [{"name": "order", "steps": ["other"]}]}
`,
		"CRLF": "service: shop\r\noperations:\r\n  - name: pay\r\n    callee: bank\r\n    mode: sync\r\n    answers: {immediacy: no, retryability: yes, latency: 2s, coupling: yes}\r\n" +
			"  - name: other\r\n    answers: {retryability: yes, latency: no, coupling: no}\r\njourneys:\r\n  - {name: order, steps: [other]}\r\n",
	} {
		t.Run(style, func(t *testing.T) {
			dir := t.TempDir()
			writeFile(t, filepath.Join(dir, "waitornot.yaml"), text)
			c := startLSP(t, dir, `{}`)
			c.openFile("waitornot.yaml")
			shows := func(code string) bool { return strings.Contains(c.shownOf(), " "+code+" ") }
			if !shows("WN101") || !c.act("waitornot.yaml", "sync", "Waive mode-disagrees here") || shows("WN101") {
				t.Errorf("the finding is not waived:\n%s\n%s", c.texts["waitornot.yaml"], c.shownOf())
			}
			c.set("waitornot.yaml", text)
			if !c.act("waitornot.yaml", "sync", "Declare mode: async") || shows("WN101") {
				t.Errorf("the mode is not corrected:\n%s\n%s", c.texts["waitornot.yaml"], c.shownOf())
			}
			if !c.act("waitornot.yaml", "bank", "Add to the journey order") || c.act("waitornot.yaml", "bank", "Add to the journey order") {
				t.Errorf("the operation is not added to the journey:\n%s\n%s", c.texts["waitornot.yaml"], c.shownOf())
			}
			if !shows("WN102") || !c.act("waitornot.yaml", "other", "Answer immediacy: yes") || shows("WN102") {
				t.Errorf("the question is not answered:\n%s\n%s", c.texts["waitornot.yaml"], c.shownOf())
			}
			if !c.act("waitornot.yaml", "other", "Declare mode: sync") {
				t.Errorf("the mode is not declared:\n%s", c.texts["waitornot.yaml"])
			}
			for _, code := range []string{"WN0", "WN9"} {
				if strings.Contains(c.shownOf(), " "+code) {
					t.Errorf("the actions left something that is wrong:\n%s\n%s", c.texts["waitornot.yaml"], c.shownOf())
				}
			}
			writeFile(t, filepath.Join(dir, "waitornot.yaml"), c.texts["waitornot.yaml"])
			if diff := cmp.Diff(c.checked(dir), c.shownOf()); diff != "" {
				t.Errorf("the editor shows other findings than check (-check +editor):\n%s", diff)
			}
			c.stop()
		})
	}
}

// Corrections that are safe are made one by one or all at once.
func TestLSPFixAll(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	c := startLSP(t, dir, `{}`)
	const text = "service: shop # é😀\noperations:\n  - nmae: é😀\n    aswers: {imediacy: yes}\n"
	c.open("waitornot.yaml", text)
	if !c.act("waitornot.yaml", "nmae", "Replace nmae with name") || !strings.Contains(c.texts["waitornot.yaml"], "- name: é😀\n    aswers") {
		t.Errorf("one is not corrected alone:\n%s", c.texts["waitornot.yaml"])
	}
	c.set("waitornot.yaml", text)
	if !c.act("waitornot.yaml", "é", "Fix everything", "source.fixAll.waitornot") || !strings.Contains(c.texts["waitornot.yaml"], "- name: é😀\n    answers: {im") {
		t.Errorf("not all are corrected:\n%s", c.texts["waitornot.yaml"])
	}
	if list := c.actions("waitornot.yaml", 0, 1); len(list) > 0 {
		t.Errorf("actions where nothing is to be done: %+v", list)
	}
	c.stop()
}

// A rename reaches every file, whether it is open or not, and changes no finding but for
// the name.
func TestLSPRename(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ at, old, new string }{
		{"send-receipt, bank", "send-receipt", "mail-receipt"},
		{"authorize-payment\n", "authorize-payment", "charge"},
		{"bank/settle", "settle", "clear"},
		{"shop   #", "shop", "store"},
		{"bank\n", "bank", "the-bank"},
	} {
		dir := sampleProject(t)
		c := startLSP(t, dir, `{}`)
		const name = "shop/waitornot.yaml"
		c.openFile(name)
		before := c.checked(dir)
		p := c.before(name, tt.at)
		var prepared struct{ Placeholder string }
		if err := c.request("textDocument/prepareRename", p, &prepared); err != nil || prepared.Placeholder != tt.old {
			t.Errorf("%s: the name to change is %q, %v", tt.at, prepared.Placeholder, err)
		}
		p["newName"] = tt.new
		var edit struct{ Changes map[string][]lspEdit }
		if err := c.request("textDocument/rename", p, &edit); err != nil {
			t.Fatal(err)
		}
		c.write(edit.Changes)
		count := func(s string) int { return strings.Count(s, "\n") }
		after := c.checked(dir)
		if count(before) != count(after) || strings.Contains(after, "WN012") {
			t.Errorf("%s becomes %s: before\n%s\nafter\n%s\n%+v", tt.old, tt.new, before, after, edit)
		}
		c.stop()
	}
	dir := sampleProject(t)
	c := startLSP(t, dir, `{}`)
	c.openFile("shop/waitornot.yaml")
	for newName, want := range map[string]string{"send-receipt": "already", "a b": "isn't a valid name", "yes": "isn't a valid name", "": "isn't a valid name"} {
		p := c.before("shop/waitornot.yaml", "authorize-payment")
		p["newName"] = newName
		if err := c.request("textDocument/rename", p, nil); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("a rename to %q: %v, want %q", newName, err, want)
		}
	}
	c.stop()
}
