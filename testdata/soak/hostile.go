package main

import (
	"encoding/json"
	"encoding/xml"
	"fmt"
	"io"
	"path/filepath"
	"regexp"
	"strings"
	"unicode"
)

// secret is what must never be seen of what lies outside.
const secret = "hunter2-not-for-the-log"

// pieces are what hostile texts are made of.
var pieces = []string{
	"\x1b[31m", "\x1b]8;;http://x\x07", "\x00", "\x7f", "\u0085", "\u009b31m", "\u2028", "\u202e", "\u200b", "\ufeff", "e\u0301\u0301", "::error::x", "\n::stop-commands::x", "##[stop-commands]x",
	"##vso[task.setvariable]x", "##teamcity[x]", "::set-output name=x::y", "<script>alert(1)</script>", "</textarea>", "-->", "<!-- waitornot:end -->", "]]>", "`", "```", "|", "\\", "\"", "'",
	"$(id)", "%s%n", "{{.}}", "../../etc/passwd", "@everyone", "#1", "[x](javascript:x)", "![x](http://x)", "graph TD", "end", "%%{init: {}}%%", "\"]; click n0 href \"x\"", "a b", "ü", "漢字", "🫩",
}

// hostile draws a text.
func (t *target) hostile() string {
	var b strings.Builder
	for range 1 + t.random.IntN(4) {
		b.WriteString(pieces[t.random.IntN(len(pieces))])
	}
	return b.String()
}

// quoted draws a text, as YAML and JSON have it.
func (t *target) quoted() string {
	text, _ := json.Marshal(t.hostile()) // a string always encodes
	return string(text)
}

// texts are the commands that show what a manifest says.
func texts() [][]string {
	runs := [][]string{
		{"check"}, {"check", "--brief"}, {"check", "--diff"}, {"advise"}, {"advise", "--brief"}, {"plan"}, {"plan", "--format", "json"}, {"graph"}, {"waivers"}, {"waivers", "--format", "json"},
		{"config", "show"}, {"rules", "list"}, {"adr"}, {"adr", "check"}, {"adr", "--per", "service", "--dir", "by-service"}, {"simulate", "--runs", "1", "--length", "1s"}, {"simulate", "--runs", "1", "--length", "1s", "--format", "svg"},
		{"import", "traces.json", "--kind", "traces"}, {"import", "traces.json", "--kind", "traces", "--format", "edges"}, {"import", "traces.json", "--kind", "traces", "--format", "json"}, {"import", "compose.yaml"},
		{"import", "traces.json", "--kind", "traces", "--write", "drafts", "--dry-run"}, {"import", "traces.json", "--kind", "traces", "--check"},
	}
	for command, formats := range map[string]string{
		"check --output": "json jsonl sarif junit checkstyle github gitlab rdjson markdown", "advise --format": "json markdown",
		"graph --format": "json svg mermaid dot", "report --format": "html markdown",
	} {
		for format := range strings.FieldsSeq(formats) {
			runs = append(runs, append(strings.Fields(command), format))
		}
	}
	return runs
}

// text puts hostile texts where manifests, configurations and traces have names and
// sentences, and looks at every output for control characters, for commands of CI runners
// and for formats that don't parse.
func (t *target) text(dir string, n *tally) error {
	q := t.quoted
	files := map[string]string{
		"waitornot.yaml": fmt.Sprintf("service: %s\nowner: %s\ndefaults: {tags: [%s]}\ncallees: {%s: {boundary: third-party, timeout: 3s}}\noperations:\n- name: %s\n  description: %s\n  callee: %s\n  mode: sync\n"+
			"  tags: [%s]\n  %s: 1\n  answers: {immediacy: no, retryability: yes, latency: 2s, coupling: yes}\n  evidence: {source: %s, from: 2026-11-20, to: 2026-11-26, calls: 12345, p50: 410ms, p99: 870ms, errors: 0.4%%, waited: 100%%}\n"+
			"  waivers: [{rule: mode-disagrees, reason: %s, owner: %s, until: 2027-01-01}, {rule: %s, reason: x}]\n- name: plain\n  callee: b\n  mode: async\n  delivery: {broker: %s, dead_letter: %s}\n  answers: {immediacy: yes, latency: 99s}\n"+
			"journeys:\n- {name: %s, steps: [%s, plain], budget: 1s, slo: 99.9%%}\n", q(), q(), q(), q(), q(), q(), q(), q(), q(), q(), q(), q(), q(), q(), q(), q(), q()),
		"traces.json":  traces(q),
		"compose.yaml": fmt.Sprintf("services:\n  web: {environment: {API_URL: %s, OTHER: 'http://api:80'}, depends_on: [api]}\n  api: {image: %s}\n  %s: {depends_on: [web]}\n", q(), q(), q()),
	}
	if t.random.IntN(3) == 0 {
		files[".waitornot.yaml"] = fmt.Sprintf("custom_rules:\n- code: OURS001\n  name: ours\n  severity: warning\n  when: 'name != \"x\"'\n  message: %s\n  bad: \"operations: [{name: a, answers: {}}]\"\n  good: \"operations: [{name: x, answers: {}}]\"\n%s: %s\n", q(), q(), q())
	}
	for name, text := range files {
		if err := write(filepath.Join(dir, name), text); err != nil {
			return err
		}
	}
	for _, args := range texts() {
		r := t.start(dir, n, args...)
		t.holds(dir, n, args, &r)
		if err := parses(args[len(args)-1], r.out); err != nil {
			t.say(&n.wrong, dir, args, err.Error())
		}
	}
	args := append([]string{"ask", "--name", strings.ReplaceAll(t.hostile(), "\x00", ""), "--description", strings.ReplaceAll(t.hostile(), "\x00", "")}, added("")[3:]...)
	args[len(args)-1] = "saved.yaml"
	r := t.start(dir, n, args...)
	t.holds(dir, n, args, &r)
	if r.code == 0 {
		if c := t.start(dir, n, "check", "--no-config", "--fail-on", "never", "saved.yaml"); c.code != 0 {
			t.say(&n.wrong, dir, args, fmt.Sprintf("what ask saves, check refuses: %.300s", c.both()))
		}
	}
	return t.records(dir, n)
}

// traces are spans of two services.
func traces(q func() string) string {
	attribute := func(key, value string) string {
		return fmt.Sprintf(`{"key":"%s","value":{"stringValue":%s}}`, key, value)
	}
	span := func(service, id, parent string, kind int) string {
		return fmt.Sprintf(`{"resource":{"attributes":[%s]},"scopeSpans":[{"spans":[{"traceId":"0af7651916cd43dd8448eb211c80319c","spanId":"%s","parentSpanId":"%s","kind":%d,"name":%s,`+
			`"startTimeUnixNano":"1795694400000000000","endTimeUnixNano":"1795694401000000000","attributes":[%s,%s,%s]}]}]}`,
			attribute("service.name", service), id, parent, kind, q(), attribute("http.route", q()), attribute("rpc.method", q()), attribute("peer.service", q()))
	}
	return `{"resourceSpans":[` + span(q(), "b7ad6b7169203331", "", 3) + "," + span(q(), "b7ad6b7169203332", "b7ad6b7169203331", 2) + "]}\n"
}

// records looks at the decision records that adr wrote.
func (t *target) records(dir string, n *tally) error {
	files, err := snapshot(dir)
	if err != nil {
		return err
	}
	for file, text := range files {
		if filepath.Ext(file) == ".md" {
			if i := strings.IndexFunc(text, raw); i >= 0 {
				t.say(&n.wrong, dir, []string{"adr"}, fmt.Sprintf("a control character in %s: %q", filepath.Base(file), around(text, i)))
			}
		}
	}
	return nil
}

// holds looks at what a run printed.
func (t *target) holds(dir string, n *tally, args []string, r *result) {
	for _, stream := range []string{r.out, r.errs} {
		if i := strings.IndexFunc(stream, raw); i >= 0 {
			t.say(&n.wrong, dir, args, fmt.Sprintf("a control character: %q", around(stream, i)))
		}
		for line := range strings.Lines(stream) {
			if forms(args, line) {
				t.say(&n.wrong, dir, args, fmt.Sprintf("a command of a CI runner: %.100q", line))
				break
			}
		}
	}
	if strings.Contains(r.both(), secret) {
		t.say(&n.wrong, dir, args, "what lies outside is shown")
	}
}

func around(text string, i int) string { return text[max(0, i-20):min(len(text), i+20)] }

// raw reports whether a character acts on a terminal, or changes what people see.
func raw(r rune) bool {
	return unicode.IsControl(r) && r != '\n' && r != '\t' || unicode.In(r, unicode.Bidi_Control, unicode.Zl, unicode.Zp)
}

var (
	ownCommand   = regexp.MustCompile(`^::(error|warning|notice) file=[^:]*::`)
	otherCommand = regexp.MustCompile(`(?i)##(\[|vso\[|teamcity\[)`)
)

// forms reports whether a line is a command of a CI runner, but for those that the format
// github is made of.
func forms(args []string, line string) bool {
	line = strings.TrimLeftFunc(line, unicode.IsSpace)
	if args[len(args)-1] == "github" && ownCommand.MatchString(line) {
		return false
	}
	return strings.HasPrefix(line, "::") || otherCommand.MatchString(line)
}

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
