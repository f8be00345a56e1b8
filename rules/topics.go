package rules

import (
	"waitornot/decide/advice/topic"
	"waitornot/rules/knowledge"
)

// Topics returns all that can be explained, grouped by kind in the order of
// topic.Kinds.
func Topics() ([]topic.Topic, error) {
	adviser, err := knowledge.Load()
	if err != nil {
		return nil, err
	}
	lib := &topic.Library{Framework: adviser.Framework, Knowledge: adviser.Knowledge, Rules: All()}
	if lib.Stacks, err = knowledge.LoadStacks(); err != nil {
		return nil, err
	}
	if lib.Limits, err = knowledge.LoadLimits(); err != nil {
		return nil, err
	}
	if lib.Sources, err = knowledge.LoadSources(); err != nil {
		return nil, err
	}
	if lib.Words, err = knowledge.LoadWords(); err != nil {
		return nil, err
	}
	return lib.Topics(), nil
}
