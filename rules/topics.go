package rules

import (
	"waitornot/decide/advice/topic"
	"waitornot/rules/embedded"
)

// Topics returns all that can be explained, grouped by kind in the order of
// topic.Kinds.
func Topics() ([]topic.Topic, error) {
	adviser, err := embedded.Load()
	if err != nil {
		return nil, err
	}
	lib := &topic.Library{
		Framework: adviser.Framework, Knowledge: adviser.Knowledge, Rules: All(),
		Stacks: embedded.Stacks(), Limits: embedded.Limits(), Sources: embedded.Sources(), Words: embedded.Words(),
	}
	return lib.Topics(), nil
}
