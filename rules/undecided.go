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
		Summary: "unknown answers leave more than one possible verdict",
		Doc: lint.Doc{
			Why: "Until the open question is answered, nobody can say whether the caller should wait, and the mode is " +
				"an accident. You don't need to answer every question, only those that can still change the verdict.",
			Fix: "Answer the question that the finding names first; that often settles the verdict on its own.",
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
				fmt.Sprintf("%q could be %s; not answered yet: %s", s.Name.Value, s.Decision.Possible, strings.Join(open, ", ")),
				fmt.Sprintf("answer %s first", s.Decision.Next))
		},
	}
}
