package lint

import (
	"waitornot/decide/diag"
	"waitornot/decide/manifest"
)

// A CustomRule is a rule that a team wrote in its configuration, under
// custom_rules. It is only read here: what the expression means, and whether it
// compiles, is for whoever makes a Rule of it.
type CustomRule struct {
	File     string     // the configuration
	Range    diag.Range // the whole entry
	Code     manifest.Field[string]
	Name     manifest.Field[string]
	Severity manifest.Field[diag.Severity]
	Over     manifest.Field[string] // operation (when unset) or journey
	When     manifest.Field[string] // the expression: true reports a finding
	Message  manifest.Field[string]
	Fix      manifest.Field[string]
	Why      manifest.Field[string]
	Bad      manifest.Field[string] // a manifest that triggers the rule
	Good     manifest.Field[string] // a manifest that does not
}
