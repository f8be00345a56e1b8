// Package knowledge is what waitornot knows: the framework, the table, safeguards,
// patterns, stacks, limits of platforms and systems to practice on, as files that people
// write. Commands use the tables of rules/embedded, which are made from them.
package knowledge

import (
	"waitornot/decide"
	"waitornot/decide/advice"
)

// Load reads what recommendations are made from, as an adviser with the default
// limits. Stacks are read when an operation asks for one.
func Load() (*advice.Adviser, error) {
	framework, err := LoadFramework()
	if err != nil {
		return nil, err
	}
	k, err := knowledgeOf(framework)
	if err != nil {
		return nil, err
	}
	return &advice.Adviser{Framework: framework, Knowledge: k, Limits: decide.DefaultLimits(), Stacks: LoadStack}, nil
}
