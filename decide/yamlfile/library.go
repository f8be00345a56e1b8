package yamlfile

import (
	"bytes"
	"unicode/utf8"

	"gopkg.in/yaml.v3"
)

// What the parser gives up is read by the YAML library, and its nodes are turned
// into ours. The library counts lines in its own way: it also breaks them at a lone
// CR, U+0085, U+2028 and U+2029, where editors do not.
type library struct {
	*text
	starts []uint32 // of the lines, as the library counts them
	first  int      // the line on which the document starts
	nodes  *arena
	made   map[*yaml.Node]*node // those with an anchor
}

// convert turns a document of the library into nodes of ours.
func (t *text) convert(root *yaml.Node, nodes *arena) *node {
	l := &library{text: t, starts: t.starts(), first: root.Line, nodes: nodes, made: map[*yaml.Node]*node{}}
	if t.hasOddBreaks() {
		first := 0
		if bytes.HasPrefix(t.data, []byte(byteOrderMark)) {
			first = len(byteOrderMark)
		}
		l.starts = libraryLines(t.data, first)
	}
	return l.node(root.Content[0])
}

func (l *library) node(n *yaml.Node) *node {
	out := l.nodes.new()
	if n.Anchor != "" {
		l.made[n] = out
	}
	out.kind, out.style, out.value, out.count = kindOf(n), styleOf(n), n.Value, uint32(len(n.Content))
	at := l.offset(n.Line, n.Column)
	if tagged := n.Style&yaml.TaggedStyle != 0; n.Anchor != "" || tagged {
		out.props = &properties{anchor: n.Anchor}
		if tagged {
			out.props.tag = n.Tag
		}
	}
	if n.Kind == yaml.AliasNode {
		out.props = &properties{target: l.made[n.Alias]}
		if out.foreign = n.Alias.Line < l.first; out.foreign {
			out.props.target = out
		}
	}
	if n.Kind == yaml.ScalarNode || out.props != nil && n.Kind != yaml.AliasNode {
		at = l.pastProperties(at, hasNoText(n))
	}
	var last *node
	for _, c := range n.Content {
		last = out.link(last, l.node(c))
	}
	out.from, out.to = uint32(at), uint32(l.end(n))
	return out
}

func kindOf(n *yaml.Node) nodeKind {
	switch n.Kind {
	case yaml.MappingNode:
		return mappingNode
	case yaml.SequenceNode:
		return listNode
	case yaml.AliasNode:
		return aliasNode
	}
	return scalarNode
}

func styleOf(n *yaml.Node) nodeStyle {
	switch {
	case n.Kind != yaml.ScalarNode && n.Style&yaml.FlowStyle != 0:
		return flowStyle
	case n.Kind == yaml.AliasNode:
		return plainStyle
	case n.Kind != yaml.ScalarNode:
		return blockStyle
	case n.Style&yaml.DoubleQuotedStyle != 0:
		return doubleStyle
	case n.Style&yaml.SingleQuotedStyle != 0:
		return singleStyle
	case n.Style&(yaml.LiteralStyle|yaml.FoldedStyle) != 0:
		return textStyle
	case n.Value == "" && n.Style&yaml.TaggedStyle == 0:
		return emptyStyle
	}
	return plainStyle
}

// hasOddBreaks reports whether the library sees a line break in the text that
// editors do not.
func (t *text) hasOddBreaks() bool {
	for rest := t.data; ; {
		i := bytes.IndexByte(rest, '\r')
		if i < 0 {
			break
		}
		rest = rest[i+1:]
		if len(rest) == 0 || rest[0] != '\n' {
			return true
		}
	}
	return (bytes.Contains(t.data, []byte("\u0085")) ||
		bytes.Contains(t.data, []byte("\u2028")) || bytes.Contains(t.data, []byte("\u2029")))
}

// libraryLines returns where lines start as the YAML library counts them.
func libraryLines(data []byte, first int) []uint32 {
	starts := []uint32{uint32(first)}
	for i := first; i < len(data); {
		r, size := utf8.DecodeRune(data[i:])
		i += size
		if r == '\r' && i < len(data) && data[i] == '\n' {
			i++
		}
		if isBreak(r) {
			starts = append(starts, uint32(i))
		}
	}
	return starts
}

// isBreak reports whether the YAML library ends a line at r.
func isBreak(r rune) bool {
	return r == '\n' || r == '\r' || r == 0x85 || r == 0x2028 || r == 0x2029
}

// offset returns the offset of a place that the library reports.
func (l *library) offset(line, column int) int {
	if line < 1 || line > len(l.starts) {
		return len(l.data)
	}
	at := int(l.starts[line-1])
	if l.ascii {
		return min(at+column-1, len(l.data))
	}
	marks := l.marks[l.starts[line-1]]
	if n := min((column-1)/markEvery, len(marks)); n > 0 {
		at, column = int(marks[n-1]), column-n*markEvery
	}
	for ; column > 1 && at < len(l.data); column-- {
		_, size := utf8.DecodeRune(l.data[at:])
		at += size
	}
	return at
}

// The YAML library says where a node starts and not where it ends. The end is
// read off the source: a scalar from its own text, a collection from its last
// child and the bracket that closes it.

// end returns the offset after the last character of n.
func (l *library) end(n *yaml.Node) int {
	at := l.offset(n.Line, n.Column)
	switch n.Kind {
	case yaml.AliasNode:
		return min(at+len("*")+len(n.Value), len(l.data))
	case yaml.ScalarNode:
		return l.scalarEnd(n, l.pastProperties(at, hasNoText(n)))
	}
	at = l.pastProperties(at, false)
	end := at
	for i := len(n.Content) - 1; i >= 0; i-- {
		if child := n.Content[i]; !l.isEmptyNode(child) {
			end = l.end(child)
			break
		}
	}
	if n.Style&yaml.FlowStyle != 0 && at < len(l.data) && (l.data[at] == '[' || l.data[at] == '{') {
		return l.pastBracket(max(end, at+1))
	}
	if k := len(n.Content); k > 0 && l.isEmptyNode(n.Content[k-1]) {
		if n.Kind == yaml.SequenceNode {
			return l.offset(n.Content[k-1].Line, n.Content[k-1].Column) // after its dash
		}
		return l.pastColon(end)
	}
	return end
}

// isEmptyNode reports whether nothing at all was written for a node. Of a tag ! alone the
// library tells nothing.
func (l *library) isEmptyNode(n *yaml.Node) bool {
	if n.Kind != yaml.ScalarNode || n.Value != "" || n.Style != 0 || n.Anchor != "" {
		return false
	}
	at := l.offset(n.Line, n.Column)
	return at >= len(l.data) || l.data[at] != '!'
}

// hasNoText reports whether of a node nothing is written but properties, or not even those.
func hasNoText(n *yaml.Node) bool {
	return n.Kind == yaml.ScalarNode && n.Value == "" && n.Style&^yaml.TaggedStyle == 0
}

// pastProperties skips the anchor and the tag before a node. Of one of which nothing else is
// written, the place is behind them, and not where something else follows.
func (l *library) pastProperties(at int, nothing bool) int {
	for at < len(l.data) && (l.data[at] == '&' || l.data[at] == '!') {
		for at < len(l.data) && !isSpace(l.data[at]) {
			at++
		}
		next := l.pastSpace(at)
		if next == len(l.data) || nothing && l.data[next] != '&' && l.data[next] != '!' {
			return at
		}
		at = next
	}
	return at
}

// pastSpace skips blanks, line breaks and comments.
func (l *library) pastSpace(at int) int {
	for at < len(l.data) {
		switch b := l.data[at]; {
		case isSpace(b):
			at++
		case b == '#':
			at = lineEnd(l.data, at)
		default:
			return at
		}
	}
	return at
}

// pastBracket skips to the bracket that closes a flow collection.
func (l *library) pastBracket(at int) int {
	for at = l.pastSpace(at); at < len(l.data); at = l.pastSpace(at + 1) {
		switch l.data[at] {
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
func (l *library) pastColon(at int) int {
	next := at
	for next < len(l.data) && (l.data[next] == ' ' || l.data[next] == '\t') {
		next++
	}
	if next < len(l.data) && l.data[next] == ':' {
		return next + 1
	}
	return at
}

func isSpace(b byte) bool { return b == ' ' || b == '\t' || b == '\n' || b == '\r' }

// lineEnd returns the offset of the line feed at or after an offset.
func lineEnd(data []byte, at int) int {
	if n := bytes.IndexByte(data[at:], '\n'); n >= 0 {
		return at + n
	}
	return len(data)
}

// scalarEnd returns the offset after a scalar whose text starts at from.
func (l *library) scalarEnd(n *yaml.Node, from int) int {
	rest := l.data[from:]
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
	header := firstBreak(s)
	if n := folded(s[header:], value); n > 0 {
		return header + n
	}
	indicators, _, _ := bytes.Cut(s[:header], []byte("#"))
	return len(bytes.TrimRight(indicators, " \t"))
}

// firstBreak returns the offset of the first line break, or the length when there is none.
func firstBreak(s []byte) int {
	if n := bytes.IndexAny(s, "\r\n"); n >= 0 {
		return n
	}
	return len(s)
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
