package cmd

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// namesProject returns a folder whose manifests name services, operations and brokers in
// every place that can.
func namesProject(t testing.TB) string {
	dir := t.TempDir()
	for name, text := range map[string]string{
		"shop/waitornot.yaml": `service: shop
defaults:
  delivery: {broker: bus, consumers: [mailer, archive]}
callees:
  bank: # the strict one
    timeout: 2s
  "mailer":
    delivery: {broker: "bus", max_deliveries: 5}
operations:
  - name: pay
    callee: bank
    mode: sync
    after: [web/order]
    compensation: refund
    answers: {immediacy: yes, retryability: no, latency: 90ms, coupling: yes}
  - name: refund
    callee: bank
    mode: sync
    after: [web/order, web/cancel]
    answers: {immediacy: yes, retryability: no, latency: 90ms, coupling: yes}
  - name: mail
    callee: mailer
    mode: async
    answers: {immediacy: no, retryability: yes, latency: 2s, coupling: yes}
    delivery: {dead_letter: mails.dead, consumers: [mailer]}
journeys:
  - {name: order, steps: [web/order, [shop/pay, mail]], slo: 99%, budget: 1s}
brokers:
  - {name: bus, kind: rabbitmq, availability: 99.9%}
`,
		"web/waitornot.yaml": `service: web
operations:
  - {name: order, callee: shop, mode: sync, timeout: 3s, answers: {immediacy: yes, retryability: no, latency: 190ms, coupling: yes}}
  - {name: cancel, callee: shop, mode: sync, timeout: 3s, answers: {immediacy: yes, retryability: no, latency: 190ms, coupling: yes}}
`,
	} {
		writeFile(t, filepath.Join(dir, name), text)
	}
	return dir
}

// Whatever names an entity follows it: after a rename the old name stands nowhere, and
// check finds what it found.
func TestLSPRenamesEveryPlace(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ file, at, old string }{
		{"shop/waitornot.yaml", "bank: #", "bank"}, // from a key
		{"shop/waitornot.yaml", "mailer, archive", "mailer"},
		{"shop/waitornot.yaml", "bus, kind", "bus"},
		{"shop/waitornot.yaml", "bus, consumers", "bus"}, // from what is inherited
		{"shop/waitornot.yaml", "pay\n", "pay"},
		{"shop/waitornot.yaml", "refund\n    answers", "refund"},
		{"shop/waitornot.yaml", "web/cancel", "cancel"}, // from a list of what leads to it
		{"web/waitornot.yaml", "order, callee", "order"},
		{"web/waitornot.yaml", "shop, mode", "shop"},
		{"web/waitornot.yaml", "web\n", "web"},
	} {
		dir := namesProject(t)
		c := startLSP(t, dir, `{}`)
		c.openFile(tt.file)
		before := c.checked(dir)
		p := c.before(tt.file, tt.at)
		p["newName"] = "renamed"
		var edit struct{ Changes map[string][]lspEdit }
		if err := c.request("textDocument/rename", p, &edit); err != nil {
			t.Errorf("%s: %v", tt.at, err)
			continue
		}
		c.write(edit.Changes)
		count := func(s string) int { return strings.Count(s, "\n") }
		if after := c.checked(dir); count(before) != count(after) {
			t.Errorf("%s: check found\n%s\nand now\n%s", tt.at, before, after)
		}
		old := regexp.MustCompile(`\b` + tt.old + `\b`)
		for _, file := range []string{"shop/waitornot.yaml", "web/waitornot.yaml"} {
			data, err := os.ReadFile(filepath.Join(dir, file))
			if err != nil {
				t.Fatal(err)
			}
			text := regexp.MustCompile(`name: order, steps`).ReplaceAllString(string(data), "") // a journey's name is its own
			if old.MatchString(text) {
				t.Errorf("%s: the old name is left:\n%s", tt.at, data)
			}
		}
		c.stop()
	}
}

// Names in what operations inherit, in lists and in keys lead to where they are declared.
func TestLSPFindsEveryPlace(t *testing.T) {
	t.Parallel()
	c := startLSP(t, namesProject(t), `{}`)
	const name = "shop/waitornot.yaml"
	c.openFile(name)
	for _, tt := range []struct {
		at   string
		want int
	}{
		{"bus, consumers", 3}, {"bus\", max", 3}, {"bank: #", 3}, {"web/order, web", 4}, {"web/cancel]", 2}, {"mailer, archive", 4},
	} {
		p := c.before(name, tt.at)
		p["context"] = map[string]bool{"includeDeclaration": true}
		var list []lspLocation
		if err := c.request("textDocument/references", p, &list); err != nil || len(list) != tt.want {
			t.Errorf("%q is named in %d places, %v, want %d: %+v", tt.at, len(list), err, tt.want, list)
		}
	}
	for at, want := range map[string]string{
		"bank: #":        "**service** `bank`",
		"bus, consumers": "**broker** `bus`",
		"web/cancel]":    "`web/cancel` → `shop`",
		"archive]":       "", // nobody else names it
		"max_deliveries": "How often a message is delivered",
	} {
		if got := c.hover(c.before(name, at)); !strings.Contains(got, want) {
			t.Errorf("at %q:\n%s\nwant %q", at, got, want)
		}
	}
	c.stop()
}

// What operations inherit is completed as what stands in them.
func TestLSPCompletesWhatIsInherited(t *testing.T) {
	t.Parallel()
	c := startLSP(t, namesProject(t), `{}`)
	const name = "shop/waitornot.yaml"
	c.open(name, "")
	const operations = "operations:\n  - {name: pay, callee: bank}\n  - {name: mail, callee: mailer, after: [x]}\n"
	for _, tt := range []struct {
		text  string
		label []string // what is offered, at least
		not   []string
	}{
		{"service: shop\ncallees:\n  |\n" + operations, []string{"bank", "mailer"}, []string{"timeout"}},
		{"service: shop\ncallees:\n  bank: {timeout: 2s}\n  |\n" + operations, []string{"mailer"}, []string{"bank"}},
		{"service: shop\ncallees:\n  bank:\n    |\n" + operations, []string{"timeout", "retry", "guards"}, []string{"answers", "name"}},
		{"service: shop\ncallees:\n  bank: {timeout: 2s, |}\n" + operations, []string{"retry"}, []string{"timeout"}},
		{"service: shop\ncallees:\n  bank:\n    boundary: |\n" + operations, []string{"third-party"}, nil},
		{"service: shop\ncallees:\n  bank:\n    delivery: {broker: |}\n" + operations, []string{"rabbitmq"}, nil},
		{"service: shop\ndefaults:\n  |\n" + operations, []string{"timeout", "delivery"}, []string{"answers"}},
		{"service: shop\ndefaults:\n  guards: [|]\n" + operations, []string{"bulkhead"}, nil},
		{"service: shop\noperations:\n  - name: pay\n    after: [|]\n", []string{"web/order", "web/cancel"}, nil},
		{"service: shop\noperations:\n  - name: pay\n    delivery: {consumers: [|]}\n", []string{"web"}, nil},
	} {
		at := strings.IndexByte(tt.text, '|')
		c.set(name, strings.Replace(tt.text, "|", "", 1))
		var list struct{ Items []lspItem }
		if err := c.request("textDocument/completion", c.at(name, at), &list); err != nil {
			t.Fatal(err)
		}
		has := func(label string) bool {
			return slices.ContainsFunc(list.Items, func(x lspItem) bool { return x.Label == label })
		}
		for _, want := range tt.label {
			if !has(want) {
				t.Errorf("%q is not completed by %s: %+v", tt.text, want, list.Items)
			}
		}
		for _, not := range tt.not {
			if has(not) {
				t.Errorf("%q is completed by %s", tt.text, not)
			}
		}
	}
	c.stop()
}

// The hover of an operation shows what was measured beside its answers, and what drifted
// from it is a finding.
func TestLSPShowsEvidence(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	const name = "waitornot.yaml"
	writeFile(t, filepath.Join(dir, name), `service: shop
operations:
  - name: pay
    callee: bank
    mode: sync
    timeout: 2s
    answers: {immediacy: yes, retryability: no, latency: no, coupling: yes}
    evidence: {source: traces, from: 2026-11-20, to: 2026-11-26, calls: 12345, mean: 1/s, peak: 9/s, p50: 200ms, p95: 600ms, p99: 740ms, errors: 1%, waited: 100%}
`)
	c := startLSP(t, dir, `{}`)
	c.openFile(name)
	if got := c.hover(c.before(name, "pay\n")); !strings.Contains(got, "- **measured**: p99 740ms over 12,345 calls") {
		t.Errorf("the hover is\n%s", got)
	}
	if got := c.shownOf(); !strings.Contains(got, " WN603 ") || !strings.Contains(got, "740ms") {
		t.Errorf("the drift is not shown:\n%s", got)
	}
	c.stop()
}
