package knowledge

import (
	_ "embed"
	"fmt"

	"waitornot/decide/advice"
)

//go:embed words.yaml
var wordsYAML []byte

// LoadWords reads the embedded words, and the other names of what is explained.
func LoadWords() ([]advice.Word, error) { return parseWords(wordsYAML) }

func parseWords(src []byte) ([]advice.Word, error) {
	var file struct{ Words []advice.Word }
	if err := decodeStrict(src, &file); err != nil {
		return nil, fmt.Errorf("words: %w", err)
	}
	seen := ids{}
	for i := range file.Words {
		w := &file.Words[i]
		for _, name := range append([]string{w.Word}, w.Aliases...) {
			if err := seen.add(name); err != nil {
				return nil, fmt.Errorf("words: %w", err)
			}
		}
		if (w.Is == "") != isSentence(w.Means) {
			return nil, fmt.Errorf("words: %s: give either a sentence that says what it means, or what it is", w.Word)
		}
	}
	return file.Words, nil
}
