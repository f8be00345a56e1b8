package lint

import "waitornot/decide/diag"

// EngineRules returns what the engine itself reports about a run, beside what the
// catalogue finds, in the order of the codes. They have no function, but a
// configuration sets them like any other rule.
func EngineRules() []*Rule {
	return []*Rule{&missingFacts, &waiverUnknownRule, &waiverRefused, &waiverExpired, &waiverUnused, &Misconfigured, &ruleFailed}
}

// ruleFailed is what a rule of a team's own reports about itself.
var ruleFailed = Rule{
	Code: FailedCode, Name: "custom-rule-failed", Severity: diag.Error, Since: "0.1.0", NoWaiver: true,
	Summary: "a custom rule could not be evaluated",
	Doc: Doc{
		Why: "A rule that fails says nothing about the operations that it was written for, so a run that goes on would look clean. " +
			"Whatever the rule's severity, the run ends as one that could not do its work.",
		Fix: "Correct or simplify the expression of the rule. waitornot rules test tries it on its own examples.",
	},
}

// FailedCode is the code of what rules of a team's own report about themselves.
const FailedCode = "WN907"

// Misconfigured is what is wrong with a configuration beyond its text.
var Misconfigured = Rule{
	Code: "WN906", Name: "misconfigured", Severity: diag.Error, Since: "0.1.0", NoWaiver: true,
	Summary: "a configuration asks for what cannot be",
	Doc: Doc{
		Why: "A rule that is misspelled in a configuration stays as it was, and nobody notices. So nothing is checked until the " +
			"configuration can be followed.",
		Fix: "Correct the place that the message names. waitornot config verify tells when all is well.",
	},
}
