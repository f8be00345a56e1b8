package lint

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"waitornot/decide/diag"
)

// missingFacts is what a strict run reports: the facts without which rules
// stayed silent about an operation.
var missingFacts = Rule{
	Code: "WN901", Name: "missing-facts", Severity: diag.Info, Since: "0.1.0",
	Summary: "rules stayed silent because the manifest lacks facts they need",
	Doc: Doc{
		Why: "A rule that lacks a fact stays silent, so a manifest without facts passes every rule. A strict run shows " +
			"what wasn't checked.",
		Fix: "Add the facts that the finding names, or run without --strict.",
	},
}

// A missingFact is a fact that a rule would have needed about an operation or a
// journey.
type missingFact struct {
	file      string
	at        diag.Range
	operation string // the operation's or the journey's ID
	fact      string
	rule      *Rule
}

// reportMissing turns what rules missed into one finding for each operation and
// journey, as severe as the policy of its file has it.
func reportMissing(missing []missingFact, policies policyMap) []diag.Finding {
	type subject struct{ file, operation string }
	about := map[subject][]missingFact{}
	var order []subject
	for _, m := range missing {
		if p := policies.of[m.file]; p != nil && p.Rule(m.rule.Code) == nil {
			continue // a rule over the whole run that is off for this file
		}
		s := subject{m.file, m.operation}
		if about[s] == nil {
			order = append(order, s)
		}
		about[s] = append(about[s], m)
	}
	var findings []diag.Finding
	for _, s := range order {
		rule := &missingFacts
		if p := policies.of[s.file]; p != nil {
			rule = p.Rule(missingFacts.Code)
		}
		if rule == nil {
			continue // off
		}
		findings = append(findings, diag.Finding{
			File: s.file, Range: about[s][0].at, Code: rule.Code, Rule: rule.Name, Severity: rule.Severity, Operation: s.operation,
			Message: fmt.Sprintf("%q is missing %s", s.operation, listMissing(about[s])), Fix: "add the facts",
		})
	}
	return findings
}

// listMissing writes facts in order, each with the rules that need it.
func listMissing(missing []missingFact) string {
	rules := map[string][]string{} // by fact
	for _, m := range missing {
		if !slices.Contains(rules[m.fact], m.rule.Name) {
			rules[m.fact] = append(rules[m.fact], m.rule.Name)
		}
	}
	var parts []string
	for _, fact := range slices.Sorted(maps.Keys(rules)) {
		parts = append(parts, fmt.Sprintf("%s (for %s)", fact, strings.Join(rules[fact], ", ")))
	}
	return strings.Join(parts, "; ")
}
