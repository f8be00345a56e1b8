package config_test

import (
	"strings"
	"testing"

	"waitornot/decide/config"
	"waitornot/decide/diag"
	"waitornot/decide/lint"
	"waitornot/decide/lint/linttest"
)

const ownRule = `custom_rules:
- {code: ACME1, name: needs-timeout, severity: error, when: "true", message: there is no time-out}
`

// compile makes a rule that flags every operation without a time-out.
func compile(c config.CustomRule) (*lint.Rule, []diag.Finding) {
	return &lint.Rule{
		Code: c.Code.Value, Name: c.Name.Value, Severity: c.Severity.Value, Since: "9.9.9", Custom: true,
		Operation: func(p *lint.Pass, s *lint.Subject) {
			if !s.Timeout.Set() {
				p.Report(diag.Range{}, c.Message.Value, "")
			}
		},
	}, nil
}

// A custom rule is a rule like any other to the configurations that build on
// its own: they can tune it, manifests can waive it, and a pin does not hold it
// back.
func TestCustomRule(t *testing.T) {
	l := loader(t, map[string]string{
		"/.waitornot.yaml":   ownRule + "rules_version: 0.1.0\n",
		"/b/.waitornot.yaml": "extends: ../.waitornot.yaml\nrules: {needs-timeout: info}\n",
		"/c/.waitornot.yaml": "extends: ../.waitornot.yaml\nrules: {ACME1: off}\n",
		"/d/.waitornot.yaml": "",
	})
	l.Compile = compile
	names := []string{"/a.yaml", "/b/a.yaml", "/c/a.yaml", "/d/a.yaml", "/e.yaml"}
	var policies []*lint.Policy
	var files []string
	for i, n := range names {
		policies = append(policies, l.Policy(n))
		files = append(files, n, "operations:\n- {name: op"+string(rune('a'+i))+", answers: {}}\n")
	}
	files[len(files)-1] = "operations:\n- {name: ope, answers: {}, waivers: [{rule: ACME1, reason: r, owner: o, until: 2027-01-01}]}\n"
	if got := told(l); got != "" {
		t.Fatal(got)
	}
	r := linttest.Run(t, lint.Options{Policies: policies}, files...)
	var got []string
	for _, f := range r.Findings {
		got = append(got, f.File+" "+f.Rule+" "+f.Severity.String())
	}
	if want := "/a.yaml needs-timeout error, /b/a.yaml needs-timeout info"; strings.Join(got, ", ") != want {
		t.Errorf("findings: %v, want %s", got, want)
	}
	if len(r.Waived) != 1 || r.Waived[0].Finding.File != "/e.yaml" {
		t.Errorf("waived: %v, want the one in /e.yaml", r.Waived)
	}
}

// A custom rule cannot take the code or the name of another.
func TestCustomRuleTaken(t *testing.T) {
	for _, tt := range []struct{ text, want string }{
		{strings.Replace(ownRule, "ACME1", "WN301", 1), `"WN301" is already used by the rule slow-timeout (WN301)`},
		{strings.Replace(ownRule, "needs-timeout", "unknown-key", 1), `"unknown-key" is already used by the rule unknown-key (WN006)`},
		{ownRule + strings.TrimPrefix(ownRule, "custom_rules:\n"), `"ACME1" is already used by the rule needs-timeout (ACME1)`},
		{strings.Replace(ownRule, "when", "wenn", 1), `unknown key "wenn" in the custom rule`},
	} {
		l := loader(t, map[string]string{"/.waitornot.yaml": tt.text})
		l.Compile = compile
		l.Config("/x.yaml")
		if got := told(l); !strings.Contains(got, tt.want) {
			t.Errorf("%s\nfindings: %s\nwant %s", tt.text, got, tt.want)
		}
	}
}
