package lint_test

import (
	"testing"

	"waitornot/decide/diag"
	"waitornot/decide/lint"
	"waitornot/decide/lint/linttest"
)

// A result counts its findings by severity, and says whether a rule failed.
func TestResult(t *testing.T) {
	fails := &lint.Rule{Code: "OURS001", Name: "ours", Severity: diag.Info, Operation: func(p *lint.Pass, s *lint.Subject) {
		p.Fail("", diag.Range{}, "", "it could not be evaluated", "")
	}}
	const text = "operations:\n- {name: a, timeout: 2s, answers: {}}\n- {name: b, timeout: 3s, answers: {}}\n- {name: c, timeout: 1s, answers: {}}\n"
	r := linttest.Run(t, lint.Options{}, "a.yaml", text)
	if r.Count(diag.Warning) != 2 || r.Count(diag.Error) != 0 || r.Failed() {
		t.Errorf("%d warnings, %d errors, failed %v", r.Count(diag.Warning), r.Count(diag.Error), r.Failed())
	}
	if r = linttest.Run(t, lint.Options{Rules: []*lint.Rule{fails}}, "a.yaml", text); !r.Failed() {
		t.Error("a rule failed, and nobody says so")
	}
}

// A result counts the operations whose mode it couldn't judge.
func TestUnmoded(t *testing.T) {
	t.Parallel()
	const text = "operations:\n- {name: a, answers: {}}\n- {name: b, mode: sync, answers: {}}\n- {name: c, answers: {}}\n"
	if r := linttest.Run(t, lint.Options{}, "a.yaml", text, "b.yaml", "service: s\n"+text); r.Unmoded != 4 || r.Operations != 6 {
		t.Errorf("%d of %d operations have no mode", r.Unmoded, r.Operations)
	}
}
