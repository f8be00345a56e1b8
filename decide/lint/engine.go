package lint

import "waitornot/decide/diag"

// EngineRules returns what the engine itself reports about a run, beside what the
// catalogue finds, in the order of the codes. They have no function, but a
// configuration sets them like any other rule.
func EngineRules() []*Rule {
	return []*Rule{&missingFacts, &waiverUnknownRule, &waiverRefused, &waiverExpired, &waiverUnused, &Misconfigured}
}

// Misconfigured is what is wrong with a configuration beyond its text.
var Misconfigured = Rule{
	Code: "WN906", Name: "misconfigured", Severity: diag.Error, Since: "0.1.0", NoWaiver: true,
	Summary: "a configuration asks for what cannot be",
	Doc: Doc{
		Why: "A rule that is misspelt in a configuration stays as it was, and nobody notices. So nothing is checked until the " +
			"configuration can be followed.",
		Fix: "Correct the place that the message names. waitornot config verify tells when all is well.",
	},
}
