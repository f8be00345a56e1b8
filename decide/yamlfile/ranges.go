package yamlfile

import (
	"bytes"
	"unicode/utf8"

	"gopkg.in/yaml.v3"
)

// The YAML library says where a node starts and not where it ends. The end is
// read off the source: a scalar from its own text, a collection from its last
// child and the bracket that closes it.

// end returns the offset after the last character of n.
func (t *text) end(n *yaml.Node) int {
	at := t.offset(n.Line, n.Column)
	switch n.Kind {
	case yaml.AliasNode:
		return min(at+len("*")+len(n.Value), len(t.data))
	case yaml.ScalarNode:
		return t.scalarEnd(n, t.pastProperties(at))
	}
	if n.Anchor != "" || n.Style&yaml.TaggedStyle != 0 {
		at = t.pastProperties(at)
	}
	end := at
	for i := len(n.Content) - 1; i >= 0; i-- {
		if child := n.Content[i]; !isEmpty(child) {
			end = t.end(child)
			break
		}
	}
	if n.Style&yaml.FlowStyle != 0 && at < len(t.data) && (t.data[at] == '[' || t.data[at] == '{') {
		return t.pastBracket(max(end, at+1))
	}
	if k := len(n.Content); k > 0 && isEmpty(n.Content[k-1]) {
		if n.Kind == yaml.SequenceNode {
			return t.offset(n.Content[k-1].Line, n.Content[k-1].Column) // after its dash
		}
		return t.pastColon(end)
	}
	return end
}

// isEmpty reports whether nothing at all was written for a node.
func isEmpty(n *yaml.Node) bool {
	return n.Kind == yaml.ScalarNode && n.Value == "" && n.Style == 0 && n.Anchor == ""
}

// pastProperties skips the anchor and the tag before a node.
func (t *text) pastProperties(at int) int {
	for at < len(t.data) && (t.data[at] == '&' || t.data[at] == '!') {
		for at < len(t.data) && !isSpace(t.data[at]) {
			at++
		}
		next := t.pastSpace(at)
		if next == len(t.data) {
			return at // a property of nothing
		}
		at = next
	}
	return at
}

// pastSpace skips blanks, line breaks and comments.
func (t *text) pastSpace(at int) int {
	for at < len(t.data) {
		switch b := t.data[at]; {
		case isSpace(b):
			at++
		case b == '#':
			at = t.lineEnd(at)
		default:
			return at
		}
	}
	return at
}

// pastBracket skips to the bracket that closes a flow collection.
func (t *text) pastBracket(at int) int {
	for at = t.pastSpace(at); at < len(t.data); at = t.pastSpace(at + 1) {
		switch t.data[at] {
		case ']', '}':
			return at + 1
		case ',', ':', '?':
		default:
			return at
		}
	}
	return at
}

// pastColon skips the colon after a key that has no value.
func (t *text) pastColon(at int) int {
	next := at
	for next < len(t.data) && (t.data[next] == ' ' || t.data[next] == '\t') {
		next++
	}
	if next < len(t.data) && t.data[next] == ':' {
		return next + 1
	}
	return at
}

func isSpace(b byte) bool { return b == ' ' || b == '\t' || b == '\n' || b == '\r' }

func (t *text) lineEnd(at int) int {
	if n := bytes.IndexByte(t.data[at:], '\n'); n >= 0 {
		return at + n
	}
	return len(t.data)
}

// scalarEnd returns the offset after a scalar whose text starts at from.
func (t *text) scalarEnd(n *yaml.Node, from int) int {
	rest := t.data[from:]
	switch {
	case n.Style&yaml.DoubleQuotedStyle != 0:
		return from + doubleQuoted(rest)
	case n.Style&yaml.SingleQuotedStyle != 0:
		return from + singleQuoted(rest)
	case n.Style&(yaml.LiteralStyle|yaml.FoldedStyle) != 0:
		return from + block(rest, n.Value)
	case len(rest) >= len(n.Value) && string(rest[:len(n.Value)]) == n.Value:
		return from + len(n.Value)
	}
	return from + folded(rest, n.Value)
}

// doubleQuoted returns the length of the double-quoted scalar that s starts with.
func doubleQuoted(s []byte) int {
	for i := 1; i < len(s); i++ {
		switch s[i] {
		case '\\':
			i++
		case '"':
			return i + 1
		}
	}
	return len(s)
}

// singleQuoted returns the length of the single-quoted scalar that s starts with.
func singleQuoted(s []byte) int {
	for i := 1; i < len(s); i++ {
		if s[i] != '\'' {
			continue
		}
		if i+1 == len(s) || s[i+1] != '\'' {
			return i + 1
		}
		i++
	}
	return len(s)
}

// block returns the length of the block scalar that s starts with, up to the
// last character of its text, or of its header when it has none.
func block(s []byte, value string) int {
	header := bytes.IndexAny(s, "\r\n")
	if header < 0 {
		return len(s)
	}
	if n := folded(s[header:], value); n > 0 {
		return header + n
	}
	if comment := bytes.Index(s[:header], []byte(" #")); comment >= 0 {
		header = comment
	}
	return len(bytes.TrimRight(s[:header], " \t"))
}

// folded returns the length of the text at the start of s that reads as value
// once its line breaks are folded: the same characters, blanks aside.
func folded(s []byte, value string) int {
	end, i := 0, 0
	for _, r := range value {
		if isBlank(r) {
			continue
		}
		for i < len(s) {
			got, size := utf8.DecodeRune(s[i:])
			i += size
			if got == r {
				end = i
				break
			}
			if !isBlank(got) {
				return end
			}
		}
	}
	return end
}

func isBlank(r rune) bool { return r == ' ' || r == '\t' || isBreak(r) || r == 0xFEFF }
