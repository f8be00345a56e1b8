package edit

import (
	"fmt"
	"slices"
	"strings"
	"unicode"

	"gopkg.in/yaml.v3"
)

// scalar writes text as a YAML scalar that every parser reads as that text,
// wherever it stands: plain when nobody could take it for anything else, in
// double quotes otherwise.
func scalar(text string) string {
	if isPlain(text) {
		return text
	}
	return quote(text, false)
}

// misread are the words that a YAML 1.1 parser takes for something other than
// text. Words that begin like a number are not in the list: they are quoted
// anyway.
var misread = []string{"y", "n", "yes", "no", "on", "off", "true", "false", "null", "nan", "inf"}

// isPlain reports whether text can stand without quotes, in flow style too.
func isPlain(text string) bool {
	first := []rune(text + " ")[0]
	if !unicode.IsLetter(first) && first != '_' && !(first > unicode.MaxLatin1 && unicode.IsPrint(first)) {
		return false
	}
	if slices.Contains(misread, strings.ToLower(text)) || strings.ContainsFunc(text, needsEscape) {
		return false
	}
	for _, frame := range []string{"[%s]", "{k: %s}", "k: %s\n", "{%s: k}"} {
		var doc yaml.Node
		if err := yaml.Unmarshal(fmt.Appendf(nil, frame, text), &doc); err != nil || !holds(doc.Content[0], text) {
			return false
		}
	}
	return true
}

// holds reports whether a collection has text as one of its own scalars and no
// more of them than the frame gives it.
func holds(n *yaml.Node, text string) bool {
	return len(n.Content) <= 2 && slices.ContainsFunc(n.Content, func(c *yaml.Node) bool {
		return c.Kind == yaml.ScalarNode && c.Style == 0 && c.Tag == "!!str" && c.Value == text
	})
}

// needsEscape reports whether a character cannot stand in a scalar as it is:
// parsers refuse it, take it for a line break, or readers do not see it. The
// joiners that emoji and some scripts need stay.
func needsEscape(r rune) bool {
	const zeroWidthNonJoiner, zeroWidthJoiner = 0x200c, 0x200d
	return !unicode.IsPrint(r) && r != zeroWidthNonJoiner && r != zeroWidthJoiner
}

// quote writes text in double quotes; with json as JSON wants it.
func quote(text string, json bool) string {
	var b strings.Builder
	b.WriteByte('"')
	for _, r := range strings.ToValidUTF8(text, "\ufffd") {
		switch {
		case r == '"' || r == '\\':
			b.WriteByte('\\')
			b.WriteRune(r)
		case !needsEscape(r), json && r > 0xffff: // JSON's pair of escapes is not YAML's
			b.WriteRune(r)
		case r < 0x10000:
			fmt.Fprintf(&b, `\u%04x`, r)
		default:
			fmt.Fprintf(&b, `\U%08x`, r)
		}
	}
	b.WriteByte('"')
	return b.String()
}
