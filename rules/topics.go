package rules

import (
	"waitornot/decide/advice/topic"
	"waitornot/decide/lint"
	"waitornot/rules/embedded"
)

// Topics returns all that can be explained, grouped by kind in the order of
// topic.Kinds.
func Topics() ([]topic.Topic, error) { return TopicsWith(nil) }

// TopicsWith returns Topics with a team's own rules behind the built-in ones.
func TopicsWith(own []*lint.Rule) ([]topic.Topic, error) {
	adviser, err := embedded.Load()
	if err != nil {
		return nil, err
	}
	lib := &topic.Library{
		Framework: adviser.Framework, Knowledge: adviser.Knowledge, Rules: append(All(), own...),
		Stacks: embedded.Stacks(), Limits: embedded.Limits(), Sources: embedded.Sources(), Words: embedded.Words(),
	}
	return lib.Topics(), nil
}
