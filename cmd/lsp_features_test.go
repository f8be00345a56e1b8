package cmd

import (
	"io"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"waitornot/decide/diag"
)

type lspEdit struct {
	Range   lspRange `json:"range"`
	NewText string   `json:"newText"`
}

type lspItem struct {
	Label            string  `json:"label"`
	Detail           string  `json:"detail"`
	InsertTextFormat int     `json:"insertTextFormat"`
	TextEdit         lspEdit `json:"textEdit"`
}

type lspAction struct {
	Title       string `json:"title"`
	Kind        string `json:"kind"`
	IsPreferred bool   `json:"isPreferred"`
	Edit        struct {
		Changes map[string][]lspEdit `json:"changes"`
	} `json:"edit"`
	Diagnostics []lspDiagnostic `json:"diagnostics"`
}

// offset returns the offset of a position.
func (c *lspClient) offset(text string, p lspPosition) int {
	return diag.NewText([]byte(text)).At(uint32(p.Line), uint32(p.Character), c.diagEncoding())
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

// set puts a text in the place of a whole document.
func (c *lspClient) set(name, text string) {
	c.t.Helper()
	c.texts[name] = text
	c.change(name, map[string]any{"text": text})
}

// hover returns what is shown at a place.
func (c *lspClient) hover(params map[string]any) string {
	c.t.Helper()
	var h *struct {
		Contents struct{ Value string } `json:"contents"`
	}
	if err := c.request("textDocument/hover", params, &h); err != nil {
		c.t.Fatal(err)
	}
	if h == nil {
		return ""
	}
	return h.Contents.Value
}

func TestLSPHover(t *testing.T) {
	t.Parallel()
	c := startLSP(t, sampleProject(t), `{}`)
	const name = "shop/waitornot.yaml"
	c.open(name, `service: shop
platform: aws-api-gateway
operations:
  - name: pay
    callee: bank
    mode: async
    timeout: 2s
    answers: {immediacy: yes, retryability: too-late, latency: 900ms, coupling: yes}
    delivery: {broker: bus}
    waivers: [{rule: mode-disagrees, reason: r, owner: o, until: 2027-01-01}]
  - name: undecided
    answers: {immediacy: unknown}
journeys:
  - {name: order, steps: [pay, bank/settle]}
brokers:
  - {name: bus, kind: rabbitmq, availability: 99.9%}
`)
	for _, tt := range []struct{ at, want string }{
		{"pay\n    callee", "**SYNC** `shop/pay` → `bank`"},
		{"async", "- **declared**: async"},
		{"pay\n    callee", "- **would become**: hybrid if"},
		{"undecided\n", "- **answer first**: immediacy:"},
		{"timeout", "**operations.timeout**: How long the caller waits"},
		{"immediacy: yes", "Can the caller's own next step begin"},
		{"too-late", "**too-late**:"},
		{"bank\n", "**service** `bank`"},
		{"bank/settle", "`bank/settle` → `ledger`"},
		{"bus}\n    waivers", "- **carries**: 1 operations"},
		{"rabbitmq", "rabbitmq"},
		{"mode-disagrees", "**WN101 mode-disagrees**"},
		{"aws-api-gateway", "aws-api-gateway"},
		{"pay, bank", "**SYNC** `shop/pay`"},
	} {
		if got := c.hover(c.before(name, tt.at)); !strings.Contains(got, tt.want) {
			t.Errorf("at %q:\n%s\nwant %q", tt.at, got, tt.want)
		}
	}
	const inherits = "shop/inherits.waitornot.yaml"
	c.open(inherits, "service: till\ncallees: {bank: {timeout: 3s}}\noperations:\n  - {name: charge, callee: bank, answers: {immediacy: yes}}\n")
	if got := c.hover(c.before(inherits, "charge")); !strings.Contains(got, "- **inherited**: timeout 3s (from callees.bank, line 2)") {
		t.Errorf("what is inherited isn't shown:\n%s", got)
	}
	if got := c.hover(c.before(name, "2s")); got != "" {
		t.Errorf("a duration is explained: %s", got)
	}
	c.stop()
}

// What is completed where: the cursor is at the mark |, and what follows the arrow is the
// text with the first item that has the label.
func TestLSPCompletion(t *testing.T) {
	t.Parallel()
	c := startLSP(t, sampleProject(t), `{}`)
	const name = "shop/waitornot.yaml"
	c.open(name, "")
	const head = "service: shop\noperations:\n  - name: pay\n"
	for _, tt := range []struct{ text, label, want string }{
		{"|", "service", "service: "},
		{"ser|", "service", "service: "},
		{head + "    |", "callee", head + "    callee: "},
		{head + "    cal|\n    mode: sync\n", "callee", head + "    callee: \n    mode: sync\n"},
		{head + "    mode: |\n", "hybrid", head + "    mode: hybrid\n"},
		{head + "    mode: sy|\n", "sync", head + "    mode: sync\n"},
		{head + "    callee: ba|\n", "bank", head + "    callee: bank\n"},
		{head + "    answers: {immediacy: |}\n", "later", head + "    answers: {immediacy: later}\n"},
		{head + "    answers: {immediacy: yes, |}\n", "latency", head + "    answers: {immediacy: yes, latency: }\n"},
		{head + "    answers:\n      |\n", "coupling", head + "    answers:\n      coupling: \n"},
		{head + "    answers: |\n", "coupling", head + "    answers: {coupling: }\n"},
		{head + "    delivery: {broker: |}\n", "kafka", head + "    delivery: {broker: kafka}\n"},
		{head + "    guards: [|]\n", "bulkhead", head + "    guards: [bulkhead]\n"},
		{head + "    guards: |\n", "bulkhead", head + "    guards: [bulkhead]\n"},
		{head + "    platform: |\n", "aws-api-gateway", head + "    platform: aws-api-gateway\n"},
		{head + "    timeout: |\n", "5s", head + "    timeout: 5s\n"},
		{head + "    critical: |\n", "no", head + "    critical: no\n"},
		{head + "    waivers: [{rule: |}]\n", "timeout-missing", head + "    waivers: [{rule: timeout-missing}]\n"},
		{head + "    waivers:\n      - {rule: x, until: |}\n", "2027-02-24", head + "    waivers:\n      - {rule: x, until: 2027-02-24}\n"},
		{head + "journeys:\n  - {name: j, steps: [pay, |]}\n", "bank/settle", head + "journeys:\n  - {name: j, steps: [pay, bank/settle]}\n"},
		{head + "journeys:\n  - {name: j, steps: [bank/s|]}\n", "bank/settle", head + "journeys:\n  - {name: j, steps: [bank/settle]}\n"},
		{head + "  - |\n", "operation", head + "  - name: name\n    callee: callee\n    mode: sync\n" +
			"    answers: {immediacy: yes, retryability: yes, latency: 500ms, coupling: yes}\n"},
		{"{\"service\": \"shop\", \"operations\": [{\"name\": \"x\", |}]}", "mode", "{\"service\": \"shop\", \"operations\": [{\"name\": \"x\", \"mode\": }]}"},
		{"stack: |", "go", "stack: go"},
	} {
		at := strings.IndexByte(tt.text, '|')
		text := strings.Replace(tt.text, "|", "", 1)
		c.set(name, text)
		var list struct{ Items []lspItem }
		if err := c.request("textDocument/completion", c.at(name, at), &list); err != nil {
			t.Fatal(err)
		}
		i := slices.IndexFunc(list.Items, func(x lspItem) bool { return x.Label == tt.label })
		if i < 0 {
			t.Errorf("%q is not completed by %s: %+v", tt.text, tt.label, list.Items)
			continue
		}
		e := list.Items[i].TextEdit
		e.NewText = strings.ReplaceAll(e.NewText, "\n", "\n  ") // as a client indents
		if got := c.edited(text, []lspEdit{e}); got != tt.want {
			t.Errorf("%q becomes\n%q, want\n%q", tt.text, got, tt.want)
		}
	}
	c.set(name, head+"    mode: sync\n    callee: bank\n    ")
	var list struct{ Items []lspItem }
	if err := c.request("textDocument/completion", c.at(name, len(c.texts[name])), &list); err != nil {
		t.Fatal(err)
	}
	for _, x := range list.Items {
		if x.Label == "mode" || x.Label == "name" || x.Label == "callee" {
			t.Errorf("%s is offered again", x.Label)
		}
	}
	c.stop()
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
	if !c.act("waitornot.yaml", "nmae", "Write name") || !strings.Contains(c.texts["waitornot.yaml"], "- name: é😀\n    aswers") {
		t.Errorf("one is not corrected alone:\n%s", c.texts["waitornot.yaml"])
	}
	c.set("waitornot.yaml", text)
	if !c.act("waitornot.yaml", "é", "Correct all", "source.fixAll.waitornot") || !strings.Contains(c.texts["waitornot.yaml"], "- name: é😀\n    answers: {im") {
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
	for newName, want := range map[string]string{"send-receipt": "already", "a b": "no name", "yes": "no name", "": "no name"} {
		p := c.before("shop/waitornot.yaml", "authorize-payment")
		p["newName"] = newName
		if err := c.request("textDocument/rename", p, nil); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("a rename to %q: %v, want %q", newName, err, want)
		}
	}
	c.stop()
}

// Names lead to where they are declared and used.
func TestLSPNavigation(t *testing.T) {
	t.Parallel()
	c := startLSP(t, sampleProject(t), `{}`)
	const name = "shop/waitornot.yaml"
	c.openFile(name)
	where := func(method string, params map[string]any) string {
		var list []lspLocation
		if err := c.request(method, params, &list); err != nil {
			t.Fatal(err)
		}
		var lines []string
		for _, l := range list {
			text := c.texts[c.name(l.URI)]
			if text == "" {
				data, _ := os.ReadFile(filepath.Join(c.dir, c.name(l.URI)))
				text = string(data)
			}
			lines = append(lines, c.name(l.URI)+" "+text[c.offset(text, l.Range.Start):c.offset(text, l.Range.End)])
		}
		return strings.Join(lines, ", ")
	}
	for _, tt := range []struct{ at, definition, references string }{
		{"bank/settle", "bank/waitornot.yaml settle", "bank/waitornot.yaml settle, shop/waitornot.yaml bank/settle"},
		{"bank\n", "bank/waitornot.yaml bank", "bank/waitornot.yaml bank, shop/waitornot.yaml bank, shop/waitornot.yaml bank/settle"},
		{"send-receipt, ", "shop/waitornot.yaml send-receipt", "shop/waitornot.yaml send-receipt, shop/waitornot.yaml send-receipt"},
		{"mailer", "", "shop/waitornot.yaml mailer"},
		{"mode:", "", ""},
	} {
		p := c.before(name, tt.at)
		if got := where("textDocument/definition", p); got != tt.definition {
			t.Errorf("%q is declared at %q, want %q", tt.at, got, tt.definition)
		}
		p["context"] = map[string]bool{"includeDeclaration": true}
		if got := where("textDocument/references", p); got != tt.references {
			t.Errorf("%q is named at %q, want %q", tt.at, got, tt.references)
		}
	}
	var symbols []struct {
		Name     string
		Location lspLocation
	}
	if err := c.request("workspace/symbol", map[string]string{"query": "bnkst"}, &symbols); err != nil || len(symbols) != 1 || symbols[0].Name != "bank/settle" {
		t.Errorf("symbols %+v, %v", symbols, err)
	}
	c.stop()
}

// What is shown beside the text: symbols, folds, verdicts and counts.
func TestLSPShowsBeside(t *testing.T) {
	t.Parallel()
	c := startLSP(t, sampleProject(t), `{}`)
	const name = "shop/waitornot.yaml"
	c.openFile(name)
	var symbols []struct {
		Name, Detail string
		Children     []struct{ Name, Detail string }
	}
	if err := c.request("textDocument/documentSymbol", c.document(name), &symbols); err != nil || len(symbols) != 1 || symbols[0].Name != "shop" {
		t.Fatalf("symbols %+v, %v", symbols, err)
	}
	var names []string
	for _, x := range symbols[0].Children {
		names = append(names, x.Name+": "+x.Detail)
	}
	want := []string{"authorize-payment: sync, close call (declared async)", "send-receipt: async (declared sync)", "😀é: undecided: answer latency first", "order: journey"}
	if diff := cmp.Diff(want, names); diff != "" {
		t.Errorf("symbols (-want +got):\n%s", diff)
	}
	p := c.document(name)
	p["range"] = lspRange{lspPosition{0, 0}, lspPosition{9, 0}}
	var hints []struct {
		Position lspPosition
		Label    string
	}
	if err := c.request("textDocument/inlayHint", p, &hints); err != nil || len(hints) != 1 || hints[0].Label != "sync, close call (declared async)" || hints[0].Position != (lspPosition{3, 27}) {
		t.Errorf("hints %+v, %v", hints, err)
	}
	var lenses []struct {
		Range   lspRange
		Command struct{ Title string }
	}
	if err := c.request("textDocument/codeLens", c.document(name), &lenses); err != nil || len(lenses) != 2 || lenses[1].Command.Title != "open report" ||
		!strings.HasPrefix(lenses[0].Command.Title, "3 operations: 1 sync, 1 async, 1 undecided; 2 with a different declared mode") {
		t.Errorf("lenses %+v, %v", lenses, err)
	}
	var address string
	if err := c.request("workspace/executeCommand", map[string]any{"command": "waitornot.openReport", "arguments": []string{c.uri(name)}}, &address); err != nil {
		t.Fatal(err)
	}
	resp, err := http.Get(address + "report")
	if err != nil {
		t.Fatal(err)
	}
	page, err := io.ReadAll(resp.Body)
	resp.Body.Close()
	if err != nil || !strings.Contains(string(page), "send-receipt") || !slices.Contains(c.asked, "window/showMessage") {
		t.Errorf("the report at %s: %v, %d bytes; the client was asked %q", address, err, len(page), c.asked)
	}
	for _, p := range []map[string]any{{"command": "x"}, {"command": "waitornot.openReport"}} {
		if err := c.request("workspace/executeCommand", p, nil); err == nil {
			t.Errorf("%v is done", p)
		}
	}
	var folds []struct{ StartLine, EndLine int }
	if err := c.request("textDocument/foldingRange", c.document(name), &folds); err != nil || len(folds) < 4 || folds[0].StartLine != 2 {
		t.Errorf("folds %+v, %v", folds, err)
	}
	c.stop()
}
