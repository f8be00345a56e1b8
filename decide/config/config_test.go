package config_test

import (
	"fmt"
	"io/fs"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"waitornot/decide"
	"waitornot/decide/config"
	"waitornot/decide/diag"
	"waitornot/decide/graph"
	"waitornot/decide/lint"
	"waitornot/decide/lint/linttest"
)

// loader reads configurations from texts by path.
func loader(t *testing.T, files map[string]string) *config.Loader {
	return &config.Loader{
		Rules: []*lint.Rule{linttest.Never(), linttest.Slow()}, Table: linttest.Table(t), Limits: decide.DefaultLimits(),
		Read: func(path string) ([]byte, error) {
			if text, ok := files[filepath.ToSlash(path)]; ok {
				return []byte(text), nil
			}
			return nil, fs.ErrNotExist
		},
	}
}

// told writes the findings of a loader as people see them.
func told(l *config.Loader) string {
	var out []string
	for _, f := range l.Findings() {
		line := fmt.Sprintf("%s:%d:%d: %s", f.File, f.Range.Start.Line, f.Range.Start.Column, f.Message)
		if f.Fix != "" {
			line += " (" + f.Fix + ")"
		}
		out = append(out, line)
	}
	return strings.Join(out, "\n")
}

// severities writes what holds for the two rules: never, then slow-timeout.
func severities(s *config.Config) string {
	word := func(i int) string {
		switch r := &s.Rules[i]; {
		case r.Pinned:
			return "held"
		case !r.On():
			return "off"
		default:
			return r.Severity.Value.String()
		}
	}
	return word(0) + " " + word(1)
}

// The order of precedence: nearest file, parent, override, code or name.
func TestConfig(t *testing.T) {
	tests := []struct {
		name  string
		files map[string]string
		want  string
	}{
		{"nothing", nil, "error warning"},
		{"the nearest upwards", map[string]string{
			"/r/.waitornot.yaml":   "rules: {never: off}",
			"/r/a/.waitornot.yaml": "rules: {slow-timeout: error}",
		}, "error error"},
		{"from a folder above", map[string]string{"/.waitornot.yaml": "rules: {never: off}"}, "off warning"},
		{"the child over its parent", map[string]string{
			"/r/.waitornot.yaml":   "rules: {never: off, slow-timeout: info}",
			"/r/a/.waitornot.yaml": "extends: ../.waitornot.yaml\nrules: {WN301: error}",
		}, "off error"},
		{"an override over the file", map[string]string{
			"/r/.waitornot.yaml": "overrides: [{paths: [a/b/*.yaml], rules: {never: off}}]\nrules: {never: info}",
		}, "off warning"},
		{"the later override", map[string]string{
			"/r/.waitornot.yaml": "overrides:\n- {paths: [a], rules: {never: off}}\n- {paths: ['**/x.yaml'], rules: {never: info}}",
		}, "info warning"},
		{"an override for others", map[string]string{
			"/r/.waitornot.yaml": "overrides: [{paths: [b], rules: {never: off}}]",
		}, "error warning"},
		{"the child over its parent's override", map[string]string{
			"/r/base.yaml":       "overrides: [{paths: [a], rules: {never: off}}]",
			"/r/.waitornot.yaml": "extends: base.yaml\nrules: {never: warning}",
		}, "warning warning"},
		{"a rule newer than the pin", map[string]string{"/r/.waitornot.yaml": "rules_version: 0.1.0"}, "held warning"},
		{"the same, asked for", map[string]string{"/r/.waitornot.yaml": "rules_version: 0.1.0\nrules: {never: error}"}, "error warning"},
		{"a pin that lets it through", map[string]string{"/r/.waitornot.yaml": "rules_version: 0.10.0"}, "error warning"},
		{"an empty file", map[string]string{"/r/.waitornot.yaml": "# nothing yet\n"}, "error warning"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			l := loader(t, tt.files)
			if got := severities(l.Config("/r/a/b/x.yaml")); got != tt.want {
				t.Errorf("config: %s, want %s", got, tt.want)
			}
			if got := told(l); got != "" {
				t.Errorf("findings: %s", got)
			}
		})
	}
}

// Every value knows the file and the line that set it.
func TestOrigins(t *testing.T) {
	l := loader(t, map[string]string{
		"/base.yaml": "latency_threshold: 300ms\nrules:\n  slow-timeout: {limit: 4s}\n",
		"/r/.waitornot.yaml": "extends: ../base.yaml\nwait_limit: 20s\n" +
			"table:\n- {row: all, when: {}, verdict: async, why: So it is.}\n" +
			"rules:\n  slow-timeout: error\n",
	})
	s := l.Config("/r/x.yaml")
	if got := told(l); got != "" {
		t.Fatal(got)
	}
	place := func(o config.Origin) string { return fmt.Sprintf("%s:%d", o.File, o.Range.Start.Line) }
	r := s.Rules[1]
	got := []string{
		s.Threshold.Value.String(), place(s.Threshold.From), s.Wait.Value.String(), place(s.Wait.From),
		s.Table.Value.Rows()[0].Name, place(s.Table.From), r.Severity.Value.String(), place(r.Severity.From),
		r.Rule.Params[0].Format(r.Params[0].Value), place(r.Params[0].From),
	}
	want := "300ms /base.yaml:1 20s /r/.waitornot.yaml:2 all /r/.waitornot.yaml:4 error /r/.waitornot.yaml:6 4s /base.yaml:3"
	if strings.Join(got, " ") != want {
		t.Errorf("origins: %v, want %s", got, want)
	}
	if !s.Rules[0].Severity.From.IsDefault() {
		t.Error("a value that nobody set has an origin")
	}
	if p := l.Policy("/r/x.yaml"); p.Limits != (decide.LatencyLimits{Threshold: 300 * time.Millisecond, Wait: 20 * time.Second}) {
		t.Errorf("limits of the policy: %v", p.Limits)
	}
}

// What is wrong with a configuration is said with its place and a way out.
func TestConfigFindings(t *testing.T) {
	tests := []struct{ name, text, want string }{
		{"unknown key", "ruels: {}", `1:1: unknown key "ruels" in the configuration (write rules)`},
		{"unknown rule", "rules: {slow-timeuot: off}", `1:9: unknown rule "slow-timeuot" (write slow-timeout)`},
		{"unknown locked rule", "locked: [latency_treshold]", `1:10: unknown rule "latency_treshold" (write latency_threshold)`},
		{"rule of the reader", "rules: {unknown-key: off}", "1:9: unknown-key is reported by the parser and can't be configured"},
		{"severity", "rules: {never: fatal}", `1:16: rules.never is "fatal": expected one of off, error, warning, info`},
		{"parameter", "rules: {slow-timeout: {limti: 2s}}", `1:24: slow-timeout has no parameter "limti" (write limit)`},
		{"value", "rules: {slow-timeout: {limit: 2}}", `1:31: limit of slow-timeout is "2": expected a duration such as 1s`},
		{"rule twice", "rules: {never: off, WN201: error}", "1:21: never and WN201 are the same rule, set twice (keep one of them)"},
		{"limits", "latency_threshold: 40s", "1:20: wait_limit is 30s and latency_threshold is 40s: the limit must be the longer one"},
		{"equal limits", "latency_threshold: 30s", "1:20: wait_limit is 30s and latency_threshold is 30s: the limit must be the longer one"},
		{"pattern", "overrides: [{paths: ['a[']}]", `1:22: "a[" isn't a valid glob: a bracket or brace isn't closed (write a pattern such as billing/**)`},
		{"release", "rules_version: 1", `1:16: rules_version is "1": expected a release such as 0.1.0`},
		{"two documents", "rules: {}\n---\nrules: {}", "3:1: a configuration can have only one document (remove the others)"},
		{"gap", "table: [{row: a, when: {immediacy: [later, no]}, verdict: async, why: x}]",
			"1:8: the rows don't form a decision table: no row matches immediacy yes, retryability yes, latency no, coupling yes"},
		{"answer of another question", "table: [{row: a, when: {latency: later}, verdict: async, why: x}]",
			`1:34: table.when.latency is "later": expected one of no, yes, beyond`},
		{"parent", "extends: ../nowhere.yaml", `1:10: can't read the parent "../nowhere.yaml": file does not exist`},
		{"itself", "extends: .waitornot.yaml", `1:10: ".waitornot.yaml" extends this configuration, directly or through others`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			l := loader(t, map[string]string{"/r/.waitornot.yaml": tt.text})
			l.Config("/r/x.yaml")
			got, rest, _ := strings.Cut(told(l), "\n")
			if !strings.HasPrefix(got, "/r/.waitornot.yaml:"+tt.want) || rest != "" {
				t.Errorf("findings: %s\n%s\nwant %s", got, rest, tt.want)
			}
		})
	}
}

// What a parent has locked a child may make stricter, but not weaker, wherever
// in its file; the finding names both places.
func TestLocked(t *testing.T) {
	const parent = "locked: [slow-timeout, never, wait_limit, table]\nrules_version: 0.2.0\n"
	tests := []struct{ name, child, want string }{
		{"stricter", "rules: {slow-timeout: error}", ""},
		{"the same", "rules: {slow-timeout: {severity: warning, limit: 1s}}\nwait_limit: 30s", ""},
		{"what is not locked", "latency_threshold: 1s", ""},
		{"off", "rules: {slow-timeout: off}", "2:23: slow-timeout is locked by /base.yaml:1:10 and can't be turned off here"},
		{"by code", "rules: {WN301: off}", "2:16: slow-timeout is locked by /base.yaml:1:10 and can't be turned off here"},
		{"lighter", "rules: {never: info}", "2:16: never is locked by /base.yaml:1:24 and can't be made info here"},
		{"looser", "rules: {slow-timeout: {limit: 9s}}", "2:31: slow-timeout's limit is locked by /base.yaml:1:10 and can't be changed here"},
		{"in an override", "overrides: [{paths: [a], rules: {never: off}}]", "2:41: never is locked by /base.yaml:1:24 and can't be turned off here"},
		{"limit", "wait_limit: 60s", "2:13: wait_limit is locked by /base.yaml:1:31 and can't be changed here"},
		{"table", "table: [{row: a, when: {}, verdict: async, why: x}]", "2:8: table is locked by /base.yaml:1:43 and can't be replaced here"},
		{"pin", "rules_version: 0.1.0", "2:16: never is locked by /base.yaml:1:24 and can't be held back here"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			l := loader(t, map[string]string{"/base.yaml": parent, "/mid.yaml": "extends: base.yaml\n", "/r/.waitornot.yaml": "extends: ../mid.yaml\n" + tt.child})
			l.Config("/r/x.yaml")
			got := strings.TrimPrefix(told(l), "/r/.waitornot.yaml:")
			got, _, _ = strings.Cut(got, " (")
			if got != tt.want {
				t.Errorf("findings: %s, want %s", got, tt.want)
			}
		})
	}
}

// Rules run as the policy of each file says.
func TestRunByPolicy(t *testing.T) {
	l := loader(t, map[string]string{
		"/.waitornot.yaml":   "rules_version: 0.1.0\n",
		"/b/.waitornot.yaml": "rules: {slow-timeout: {severity: error, limit: 3s}}\n",
		"/c/.waitornot.yaml": "rules: {WN301: off}\n",
	})
	text := func(name, timeout string) string {
		return fmt.Sprintf("operations:\n- {name: %s, answers: {}, timeout: %s}\n", name, timeout)
	}
	var policies []*lint.Policy
	names := []string{"/a/x.yaml", "/b/x.yaml", "/b/y.yaml", "/c/x.yaml"}
	for _, n := range names {
		policies = append(policies, l.Policy(n))
	}
	r := linttest.Run(t, lint.Options{Policies: policies},
		names[0], text("a", "2s"), names[1], text("b", "2s"), names[2], text("c", "4s"), names[3], text("d", "4s"))
	var got []string
	for _, f := range r.Findings {
		got = append(got, f.File+" "+f.Severity.String())
	}
	if want := "/a/x.yaml warning, /b/y.yaml error"; strings.Join(got, ", ") != want {
		t.Errorf("findings: %v, want %s", got, want)
	}
	if len(r.Pinned) != 1 || r.Pinned[0].Name != "never" {
		t.Errorf("held back: %v, want never", r.Pinned)
	}
	if r.Count(diag.Error) != 1 {
		t.Errorf("%d errors, want 1", r.Count(diag.Error))
	}
}

// What a rule over the whole run finds is as grave as the file's own policy
// says; a lighter case stays one step lighter, and a file for which the rule is
// off has none.
func TestGraphRuleByPolicy(t *testing.T) {
	rule := &lint.Rule{Code: "WN201", Name: "chain", Severity: diag.Warning, Since: "0.1.0", Graph: func(p *lint.Pass, _ *graph.Graph) {
		for _, file := range []string{"/a.yaml", "/b/a.yaml", "/c/a.yaml"} {
			p.ReportIn(file, diag.Range{}, "", "grave", "")
			p.LowerSeverity().ReportIn(file, diag.Range{}, "", "light", "")
		}
	}}
	l := loader(t, map[string]string{
		"/b/.waitornot.yaml": "rules: {chain: error}\n",
		"/c/.waitornot.yaml": "rules: {chain: off}\n",
	})
	l.Rules = []*lint.Rule{rule}
	var policies []*lint.Policy
	var files []string
	for i, name := range []string{"/a.yaml", "/b/a.yaml", "/c/a.yaml"} {
		policies = append(policies, l.Policy(name))
		files = append(files, name, "operations: [{name: op"+string(rune('a'+i))+", answers: {}}]")
	}
	r := linttest.Run(t, lint.Options{Rules: l.Rules, Policies: policies}, files...)
	var got []string
	for _, f := range r.Findings {
		got = append(got, f.File+" "+f.Message+" "+f.Severity.String())
	}
	want := "/a.yaml grave warning, /a.yaml light info, /b/a.yaml grave error, /b/a.yaml light warning"
	if strings.Join(got, ", ") != want {
		t.Errorf("findings: %v, want %s", got, want)
	}
}

// As many configurations extend each other as the limit says, and no more.
func TestLongChain(t *testing.T) {
	t.Parallel()
	for n, wanted := range map[int]bool{32: true, 33: false} {
		files := map[string]string{}
		for i := range n {
			text := "{}\n"
			if i+1 < n {
				text = fmt.Sprintf("extends: c%d.yaml\n", i+1)
			}
			name := fmt.Sprintf("/c%d.yaml", i)
			if i == 0 {
				name = "/.waitornot.yaml"
			}
			files[name] = text
		}
		l := loader(t, files)
		l.Policy("/waitornot.yaml")
		if got := told(l); (got == "") != wanted || !wanted && !strings.Contains(got, "more than 32 configurations extend each other") {
			t.Errorf("%d configurations: %s", n, got)
		}
	}
}
