package topic

import "waitornot/decide/advice"

// wordTopics explains the words that the program prints and that nothing else
// explains.
func (lib *Library) wordTopics() []Topic {
	var list []Topic
	for i := range lib.Words {
		w := &lib.Words[i]
		if w.Is == "" {
			list = append(list, Topic{
				Kind: Word, Name: w.Word, Title: w.Word, Summary: w.Means, Aliases: w.Aliases,
				sections: func() []Section { return filled(Section{Title: "means", Text: w.Means}, items("see also", w.See)) },
			})
		}
	}
	return list
}

// alias gives topics the other names that people have for them.
func alias(all []Topic, words []advice.Word) {
	for _, w := range words {
		for i := range all {
			if w.Is != "" && all[i].ID() == w.Is {
				all[i].Aliases = append(append(all[i].Aliases, w.Word), w.Aliases...)
			}
		}
	}
}
