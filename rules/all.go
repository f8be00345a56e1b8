package rules

import "waitornot/decide/lint"

// All returns the catalogue of lint rules in the order of their codes.
func All() []*lint.Rule {
	return []*lint.Rule{}
}
