package lint

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"waitornot/decide/diag"
)

// missingFacts is what a strict run reports: the facts without which rules
// stayed silent about an operation.
var missingFacts = Rule{
	Code: "WN901", Name: "missing-facts", Severity: diag.Info, Since: "0.1.0",
	Summary: "rules stayed silent because the manifest does not give the facts that they read",
	Doc: Doc{
		Why: "A rule that lacks a fact says nothing, so a manifest without facts passes every rule. A strict run shows " +
			"what was not looked at.",
		Fix: "Add the facts that the finding names, or run without --strict.",
	},
}

// reportLacking turns what rules lacked for the operation at hand into one
// finding of the rule given, and forgets it.
func (p *Pass) reportLacking(as *Rule) {
	if p.lacking == nil || len(*p.lacking) == 0 {
		return
	}
	rules := map[string][]string{} // by fact
	for _, l := range *p.lacking {
		for _, fact := range l.facts {
			rules[fact] = append(rules[fact], l.rule.Name)
		}
	}
	*p.lacking = (*p.lacking)[:0]
	var facts []string
	for fact, names := range rules {
		facts = append(facts, fmt.Sprintf("%s (for %s)", fact, strings.Join(names, ", ")))
	}
	slices.SortFunc(facts, cmp.Compare[string])
	p.Rule = as
	p.Report(diag.Range{}, fmt.Sprintf("%q does not give %s", p.subject.Name.Value, strings.Join(facts, "; ")), "add the facts")
}
