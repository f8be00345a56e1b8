package trace

import "sync"

// A word is the number of a text in a table; 0 is the empty text.
type word uint32

// mostWords is how many different texts are kept. What comes later is one word:
// names that never repeat are no names of operations.
const mostWords = 200_000

// manyNames stands for all texts beyond mostWords.
const manyNames = "(too many names)"

// words is a table of texts that many writers share.
type words struct {
	mu      sync.Mutex
	numbers map[string]word
	texts   []string
}

func newWords() *words {
	return &words{numbers: map[string]word{"": 0}, texts: []string{""}}
}

func (w *words) number(text []byte) word {
	w.mu.Lock()
	defer w.mu.Unlock()
	if n, ok := w.numbers[string(text)]; ok {
		return n
	}
	if len(w.texts) >= mostWords { // above it, too: manyNames has become a word
		text = []byte(manyNames)
	}
	if n, ok := w.numbers[string(text)]; ok {
		return n
	}
	n := word(len(w.texts))
	w.texts = append(w.texts, string(text))
	w.numbers[w.texts[n]] = n
	return n
}

// text returns a word's text, once nobody adds words any more.
func (w *words) text(n word) string { return w.texts[n] }
