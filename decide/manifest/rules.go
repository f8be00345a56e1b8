package manifest

import (
	"cmp"
	"slices"

	"waitornot/decide/diag"
	"waitornot/decide/yamlfile"
)

// A Rule describes one kind of finding that reading a manifest reports.
type Rule = yamlfile.Rule

// Rules returns the rules of reading, in the order of their codes.
func Rules() []*Rule {
	rules := append(yamlfile.Rules(), empty, unsupportedVersion, duplicateOperation, unknownStep)
	slices.SortFunc(rules, func(a, b *Rule) int { return cmp.Compare(a.Code, b.Code) })
	return rules
}

// What only manifests have; yamlfile has the rest. They are never written to.
var (
	empty = &Rule{
		Code: "WN004", Name: "empty", Severity: diag.Error,
		Summary: "the file declares nothing",
		Why:     "An empty manifest passes every check, but that says nothing about the service.",
		Fix:     "Declare an operation, or delete the file.",
	}
	unsupportedVersion = &Rule{
		Code: "WN005", Name: "unsupported-version", Severity: diag.Error,
		Summary: "the manifest uses an unknown version of the format",
		Why:     "In another version, keys may mean something else.",
		Fix:     "Write version: 1, or use a release that knows the version.",
	}
	duplicateOperation = &Rule{
		Code: "WN011", Name: "duplicate-operation", Severity: diag.Error,
		Summary: "two operations of a service share a name",
		Why:     "Journeys, waivers, and baselines refer to operations by name. If two operations share one, it's ambiguous.",
		Fix:     "Rename one of them, or delete the duplicate.",
	}
	unknownStep = &Rule{
		Code: "WN012", Name: "unknown-step", Severity: diag.Error,
		Summary: "a step of a journey names an unknown operation",
		Why:     "If a step is missing, the journey's latency and availability are wrong.",
		Fix:     "Name an operation of the same service, or write service/operation for one of another service.",
	}
)
