package rules

import (
	"fmt"
	"strings"

	"waitornot/decide"
	"waitornot/decide/diag"
	"waitornot/decide/lint"
)

// gateMarkedRetryable asks again about gates: a late repeat of theirs is
// hardly ever wanted.
func gateMarkedRetryable() *lint.Rule {
	return &lint.Rule{
		Code: "WN104", Name: "gate-marked-retryable", Severity: diag.Info, Since: "0.1.0",
		Summary: "an operation that decides whether its caller may continue is marked retryable",
		Doc: lint.Doc{
			Why: "Repeating a check within the request is safe. Running it again hours later, with nobody watching, is " +
				"rarely useful: the user it was meant to let through is gone. The retryability question is about that " +
				"later retry.",
			Fix: "Answer retryability: too-late, unless a late result is still useful.",
			Bad: `service: shop
operations:
  - name: authorize-card
    callee: gateway
    mode: sync
    answers: {immediacy: yes, retryability: yes, latency: 200ms, coupling: yes}
    timeout: 2s
    critical: yes
`,
			Good: `service: shop
operations:
  - name: authorize-card
    callee: gateway
    mode: sync
    answers: {immediacy: yes, retryability: too-late, latency: 200ms, coupling: yes}
    timeout: 2s
    critical: yes
`,
			Sources: []string{"stripe-idem"},
		},
		Reads: []string{"name", "answers.immediacy", "answers.retryability", "kind", "critical", "gate"},
		Operation: func(p *lint.Pass, s *lint.Subject) {
			if s.Answers[decide.Immediacy] != decide.Yes || s.Answers[decide.Retryability] != decide.Yes {
				return
			}
			if firstWord(s.Name.Value) == "" {
				return
			}
			switch {
			case !s.Kind.Set() && !s.Critical.Set() && !s.Gate.Set():
				p.Missing("kind") // its name alone says too little: verify-email sends a mail
			case s.Kind.Value == "query" || s.Critical.Value || s.Gate.Value:
				p.Report(s.Operation.Answers.Place(decide.Retryability),
					fmt.Sprintf("%q is marked retryable, but its caller can't continue until it decides, and hours later nobody needs the decision", s.Name.Value),
					"answer retryability: too-late, unless a late result is still useful")
			}
		},
	}
}

// gates returns the verbs that name operations whose caller goes on only when
// they succeed.
func gates() [8]string {
	return [...]string{"authenticate", "authorise", "authorize", "check", "login", "sign-in", "validate", "verify"}
}

// firstWord returns the verb that an operation's name starts with.
func firstWord(name string) string {
	for _, verb := range gates() {
		if name == verb || strings.HasPrefix(name, verb+"-") || strings.HasPrefix(name, verb+"_") {
			return verb
		}
	}
	return ""
}
