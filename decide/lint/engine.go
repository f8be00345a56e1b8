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
		Why: "A rule that fails to run says nothing about its operations, so the run would look clean. That's why the " +
			"run fails, whatever the rule's severity.",
		Fix: "Fix or simplify the rule's expression. 'waitornot rules test' tries it on its own examples.",
	},
}

// FailedCode is the code of what rules of a team's own report about themselves.
const FailedCode = "WN907"

// Misconfigured is what is wrong with a configuration beyond its text.
var Misconfigured = Rule{
	Code: "WN906", Name: "misconfigured", Severity: diag.Error, Since: "0.1.0", NoWaiver: true,
	Summary: "a configuration is invalid",
	Doc: Doc{
		Why: "If a configuration misspells a rule's name, that rule keeps its defaults and nobody notices. That's why " +
			"nothing is checked until the configuration is valid.",
		Fix: "Fix the place that the message names. 'waitornot config verify' tells you when everything is valid.",
	},
}
