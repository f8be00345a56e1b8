package lint_test

import (
	"fmt"
	"strings"
	"testing"

	"waitornot/decide/diag"
	"waitornot/decide/lint"
	"waitornot/decide/lint/linttest"
)

// A finding about a value that the operation inherits tells from where, once: beside the
// operation when the finding points at the value, beside the value when the message states
// it. What the operation has of its own, and what a message doesn't state, is not told.
func TestInheritedValuesAreFollowed(t *testing.T) {
	t.Parallel()
	const (
		inherits = "defaults: {timeout: 2s, retry: {attempts: 3, backoff: 1s}}\noperations:\n- {name: a, answers: {}}\n"
		owns     = "operations:\n- {name: a, timeout: 2s, retry: {attempts: 3, backoff: 1s}, answers: {}}\n"
		lends    = "operations:\n- {name: a, answers: {}, retry: &r {attempts: 3, backoff: 1s}}\ndefaults: {retry: *r}\n"
	)
	at := func(s *lint.Subject) diag.Range { return s.Name.Range }
	timeout := func(s *lint.Subject) diag.Range { return s.Timeout.Range }
	retry := func(s *lint.Subject) diag.Range { return s.Retry.Range }
	for _, tt := range []struct {
		name, text string
		points     func(*lint.Subject) diag.Range
		states     func(*lint.Subject) diag.Range // nil states nothing
		also       func(*lint.Subject) diag.Range // a related place; nil for none
		want       string
	}{
		{"it points at it", inherits, timeout, nil, nil, `3:10 "a" inherits it from defaults`},
		{"it points at several", inherits, retry, nil, nil, `3:10 "a" inherits it from defaults`},
		{"it states it", inherits, at, timeout, nil, `1:21 "a" inherits timeout 2s from defaults`},
		{"it states what it points at", inherits, timeout, timeout, nil, `3:10 "a" inherits it from defaults`},
		{"it says where it is", inherits, at, timeout, timeout, `1:21 here`},
		{"it states another than it says where it is", inherits, at, timeout, at, `3:10 here, 1:21 "a" inherits timeout 2s from defaults`},
		{"it neither points at it nor states it", inherits, at, nil, nil, ""},
		{"it is its own", owns, timeout, timeout, nil, ""},
		{"it states its own", owns, at, timeout, nil, ""},
		{"it is its own, and others inherit it", lends, retry, nil, nil, ""},
	} {
		rule := &lint.Rule{Code: "WN303", Name: "speaks", Severity: diag.Warning, Operation: func(p *lint.Pass, s *lint.Subject) {
			var also []diag.Related
			if tt.states != nil {
				p = p.Stating(diag.Range{}).Stating(tt.states(s))
			}
			if tt.also != nil {
				also = append(also, diag.Related{Range: tt.also(s), Message: "here"})
			}
			p.Report(tt.points(s), "it waits 2s and 3 times", "", also...)
		}}
		var got []string
		for _, f := range linttest.Run(t, lint.Options{Rules: []*lint.Rule{rule}}, "a.yaml", tt.text).Findings {
			for _, r := range f.Related {
				got = append(got, fmt.Sprintf("%d:%d %s", r.Range.Start.Line, r.Range.Start.Column, r.Message))
			}
		}
		if strings.Join(got, ", ") != tt.want {
			t.Errorf("%s: %s, want %s", tt.name, strings.Join(got, ", "), tt.want)
		}
	}
}
