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

// offset returns the offset of a position.
func (c *lspClient) offset(text string, p lspPosition) int {
	return diag.NewText([]byte(text)).At(uint32(p.Line), uint32(p.Character), c.diagEncoding())
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
    waivers: [{rule: mode-disagrees, reason: r, owner: o, until: 2999-01-01}]
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
		{"bus}\n    waivers", "- **carries**: 1 operation\n"},
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
