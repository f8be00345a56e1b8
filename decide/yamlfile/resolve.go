package yamlfile

import "gopkg.in/yaml.v3"

// resolvedTag returns the tag that a plain scalar without one has. Nearly all
// texts start with a letter and are none of the few words; only for what could
// be a number or a date the library is asked.
func resolvedTag(text string) string {
	if text == "" {
		return "!!null"
	}
	if b := text[0]; !isDigit(b) && b != '+' && b != '-' && b != '.' {
		return "!!str" // or a boolean or null, which are known by their words
	}
	if isUnit(text) {
		return "!!str"
	}
	n := yaml.Node{Kind: yaml.ScalarNode, Value: text}
	return n.ShortTag()
}

// isUnit reports whether a text is digits and then letters that no number has:
// 250ms, 2s.
func isUnit(text string) bool {
	i := 0
	for i < len(text) && isDigit(text[i]) {
		i++
	}
	if i == 0 || i == len(text) {
		return false
	}
	switch text[i] {
	case 's', 'm', 'h', '/', '%':
		return true
	}
	return false
}

// otherKind names what YAML takes a plain scalar with a tag, or without, for: "" when it is a
// text. With orNo, a boolean is as good as a text.
func otherKind(text, tag string, orNo bool) string {
	tagged := tag != ""
	if !tagged {
		tag = resolvedTag(text)
	}
	switch tag {
	case "!!int", "!!float":
		return "a number"
	case "!!timestamp":
		return "a date"
	}
	if _, is := ParseYesNo(text); is && !orNo && !tagged {
		return "a boolean"
	}
	return ""
}
