package lsp

import (
	"time"

	"waitornot/decide"
	"waitornot/decide/manifest"
	"waitornot/decide/yamlfile"
)

// values returns what may stand as the value of a key.
func (c *completer) values(k *manifest.Key) []candidate {
	if k == nil {
		return nil
	}
	var list []candidate
	add := func(kind int, words ...string) {
		for _, w := range words {
			list = append(list, candidate{label: w, kind: kind, text: w})
		}
	}
	switch k.Kind {
	case yamlfile.YesNoKind:
		add(enumItem, "yes", "no")
	case yamlfile.DurationKind:
		c.answers(k, &list)
		for _, d := range []string{"100ms", "500ms", "1s", "5s", "30s", "1m"} {
			list = append(list, candidate{label: d, kind: valueItem, text: "${1:" + d + "}", snippet: true})
		}
		return list
	case yamlfile.RateKind:
		add(valueItem, "1/s", "10/s", "100/s", "10/m")
	case yamlfile.SizeKind:
		add(valueItem, "64KB", "256KB", "1MB")
	case yamlfile.ShareKind:
		add(valueItem, "99%", "99.9%", "99.95%", "99.99%")
	case yamlfile.DateKind:
		add(valueItem, c.inDays(90), c.inDays(180))
	case yamlfile.WordKind:
		c.answers(k, &list)
		return list
	}
	c.names(&list)
	add(enumItem, k.Words...)
	return list
}

// inDays returns a day that many days from today.
func (c *completer) inDays(n int) string {
	return time.Unix(c.server.host.Today(), 0).UTC().AddDate(0, 0, n).Format(time.DateOnly)
}

// answers adds the words of a key; those of a question with what they mean.
func (c *completer) answers(k *manifest.Key, list *[]candidate) {
	adviser, err := c.server.library.adviser()
	q, isQuestion := decide.ParseQuestion(k.Name)
	for _, w := range k.Words {
		x := candidate{label: w, kind: enumItem, text: w}
		if a, ok := decide.ParseAnswer(w); ok && isQuestion && err == nil {
			if text := adviser.Framework.Questions[q].Of(a); text != nil {
				x.doc = text.Means
			}
		}
		*list = append(*list, x)
	}
}
