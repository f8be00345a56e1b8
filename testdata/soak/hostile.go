package main

import (
	"encoding/json"
	"encoding/xml"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"unicode"
)

// secret is what must never be seen of what lies outside.
const secret = "hunter2-not-for-the-log"

// pieces are what hostile texts are made of.
var pieces = []string{
	"\x1b[31m", "\x1b]8;;http://x\x07", "\x00", "\x7f", "\u0085", "\u2028", "\u202e", "\u200b", "\ufeff", "e\u0301\u0301", "::error::x", "##[stop-commands]x",
	"##vso[task.setvariable]x", "##teamcity[x]", "<script>alert(1)</script>", "</textarea>", "-->", "<!-- waitornot:end -->", "]]>", "`", "```", "|", "\\", "\"", "'",
	"$(id)", "%s%n", "{{.}}", "../../etc/passwd", "@everyone", "#1", "[x](javascript:x)", "graph TD", "end", "a b", "ü", "漢字", "🫩",
}

// hostile draws a text.
func (t *target) hostile() string {
	var b strings.Builder
	for range 1 + t.random.IntN(4) {
		b.WriteString(pieces[t.random.IntN(len(pieces))])
	}
	return b.String()
}

// text puts hostile texts where a manifest has names and descriptions, and looks at every
// output for control characters and for formats that don't parse.
func (t *target) text(dir string, n *tally) error {
	quote := func() string {
		text, _ := json.Marshal(t.hostile()) // a string always encodes
		return string(text)
	}
	m := fmt.Sprintf("service: %s\noperations:\n- name: %s\n  description: %s\n  callee: %s\n  mode: sync\n  answers: {immediacy: no, retryability: yes, latency: 2s, coupling: yes}\n"+
		"journeys:\n- {name: %s, steps: [%s], budget: 1s}\n", quote(), quote(), quote(), quote(), quote(), quote())
	if err := write(filepath.Join(dir, "waitornot.yaml"), m); err != nil {
		return err
	}
	for _, args := range [][]string{
		{"check"}, {"check", "--output", "json"}, {"check", "--output", "sarif"}, {"check", "--output", "junit"}, {"check", "--output", "checkstyle"},
		{"check", "--output", "github"}, {"check", "--output", "gitlab"}, {"check", "--output", "rdjson"}, {"check", "--output", "markdown"}, {"check", "--output", "jsonl"},
		{"advise"}, {"advise", "--format", "json"}, {"advise", "--format", "markdown"}, {"graph"}, {"graph", "--format", "json"}, {"graph", "--format", "svg"},
		{"graph", "--format", "mermaid"}, {"graph", "--format", "dot"}, {"plan", "--format", "json"}, {"report", "--format", "html"}, {"report", "--format", "markdown"},
	} {
		code, out, _ := t.start(dir, n, args...)
		if code > 3 {
			t.say(&n.wrong, dir, args, fmt.Sprintf("it ends with %d", code))
		}
		if i := strings.IndexFunc(out, raw); i >= 0 {
			t.say(&n.wrong, dir, args, fmt.Sprintf("a control character: %q", out[max(0, i-20):min(len(out), i+20)]))
		}
		if err := parses(args[len(args)-1], out); err != nil {
			t.say(&n.wrong, dir, args, err.Error())
		}
	}
	return nil
}

// raw reports whether a character acts on a terminal.
func raw(r rune) bool { return unicode.IsControl(r) && r != '\n' && r != '\t' }

// parses holds an output to its format.
func parses(format, out string) error {
	switch format {
	case "json", "sarif", "gitlab", "rdjson":
		if out != "" && !json.Valid([]byte(out)) {
			return fmt.Errorf("no JSON: %.80q", out)
		}
	case "junit", "checkstyle", "svg":
		for d := xml.NewDecoder(strings.NewReader(out)); ; {
			if _, err := d.Token(); err == io.EOF {
				return nil
			} else if err != nil {
				return fmt.Errorf("no XML: %w", err)
			}
		}
	}
	return nil
}

// repository makes a repository with links, pipes, devices and configurations that lead out
// of it, and looks whether anything from outside is shown, written or run.
func (t *target) repository(dir string, n *tally) error {
	repo, outside := filepath.Join(dir, "repo"), filepath.Join(dir, "outside")
	if err := write(filepath.Join(outside, "secret.yaml"), secret+": yes\n"); err != nil {
		return err
	}
	if err := write(filepath.Join(repo, "waitornot.yaml"), manifest(2, "no")); err != nil {
		return err
	}
	if err := write(filepath.Join(repo, ".git", "HEAD"), "ref: refs/heads/main\n"); err != nil {
		return err
	}
	traps := []func(){
		func() { _ = os.Symlink("../outside/secret.yaml", filepath.Join(repo, "a.waitornot.yaml")) },
		func() { _ = os.Symlink("/proc/self/environ", filepath.Join(repo, "b.waitornot.yaml")) },
		func() { _ = os.Symlink("/dev/zero", filepath.Join(repo, "c.waitornot.yaml")) },
		func() { _ = pipe(filepath.Join(repo, "d.waitornot.yaml")) },
		func() { _ = write(filepath.Join(repo, ".waitornot.yaml"), "extends: ../outside/secret.yaml\n") },
		func() { _ = write(filepath.Join(repo, ".waitornot.yaml"), "extends: /proc/self/environ\n") },
		func() { _ = os.Symlink("/proc/self/environ", filepath.Join(repo, ".waitornot.yaml")) },
		func() { _ = pipe(filepath.Join(repo, ".waitornot.yaml")) },
		func() {
			_ = write(filepath.Join(repo, ".waitornot.yaml"), "overrides: [{paths: ['"+strings.Repeat("{a,a}", 30)+"'], rules: {undecided: off}}]\n")
		},
		func() { _ = write(filepath.Join(repo, ".adr-dir"), "../outside/records\n") },
		func() { _ = os.Symlink("../outside/secret.yaml", filepath.Join(repo, "out.html")) },
		func() { _ = os.Symlink("../outside/made", filepath.Join(repo, ".out.html.lock")) },
	}
	for range 1 + t.random.IntN(4) {
		traps[t.random.IntN(len(traps))]()
	}
	for _, args := range [][]string{{"check"}, {"advise"}, {"graph"}, {"report", "-o", "out.html"}, {"adr"}, {"plan"}, {"check", "--output", "sarif"}} {
		code, out := t.run(repo, n, args...)
		if strings.Contains(out, secret) {
			t.say(&n.wrong, dir, args, "what lies outside is shown")
		}
		if code > 3 {
			t.say(&n.wrong, dir, args, fmt.Sprintf("it ends with %d: %.200s", code, out))
		}
	}
	entries, err := os.ReadDir(outside)
	if err != nil {
		return err
	}
	text, err := os.ReadFile(filepath.Join(outside, "secret.yaml"))
	if len(entries) != 1 || err != nil || string(text) != secret+": yes\n" {
		t.say(&n.wrong, dir, nil, fmt.Sprintf("something was written outside: %v", entries))
	}
	return nil
}
