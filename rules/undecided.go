package rules

import (
	"fmt"
	"strings"

	"waitornot/decide"
	"waitornot/decide/diag"
	"waitornot/decide/lint"
)

// undecided reports operations whose unknown answers leave several verdicts.
func undecided() *lint.Rule {
	return &lint.Rule{
		Code: "WN102", Name: "undecided", Severity: diag.Warning, Since: "0.1.0",
		Summary: "unknown answers leave more than one verdict",
		Doc: lint.Doc{
			Why: "Nobody can say whether the caller should wait before the open question is answered. Until then the mode " +
				"is an accident. Not every question needs an answer: only those that can still change the verdict.",
			Fix: "Answer the question that the finding names first; often it settles the verdict alone.",
			Bad: `service: shop
operations:
  - name: update-stock
    callee: inventory
    answers: {latency: 80ms, coupling: yes}
`,
			Good: `service: shop
operations:
  - name: update-stock
    callee: inventory
    answers: {immediacy: no, latency: 80ms, coupling: yes}
`,
		},
		Reads: []string{"answers"},
		Operation: func(p *lint.Pass, s *lint.Subject) {
			if s.Decision.Decided() || s.Operation.Answers.Unread {
				return // what is wrong with an answer has been said; the question is not open
			}
			var open []string
			for _, q := range decide.Questions() {
				if s.Answers[q] == decide.Unknown {
					open = append(open, q.String())
				}
			}
			p.Report(s.Operation.Answers.Range,
				fmt.Sprintf("%q may be %s: no answer to %s", s.Name.Value, s.Decision.Possible, strings.Join(open, ", ")),
				fmt.Sprintf("answer %s first", s.Decision.Next))
		},
	}
}
