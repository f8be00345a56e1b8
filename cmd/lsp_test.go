package cmd

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

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
      - {rule: mode-disagrees, reason: being rebuilt, owner: payments, until: 2999-03-31}
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
