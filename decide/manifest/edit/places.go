package edit

import (
	"bytes"
	"slices"
	"sort"
	"strings"
	"sync"
	"unicode/utf8"

	"waitornot/decide/diag"
)

// Places changes a manifest at ranges. It reports false, and changes nothing, where there
// is no safe way.
type Places struct {
	*diag.Text
	src     []byte
	anchors func() []int // in order; made when first needed
}

// NewPlaces returns the places of a text.
func NewPlaces(text *diag.Text) *Places {
	src := text.Bytes()
	return &Places{Text: text, src: src, anchors: sync.OnceValue(func() []int { return anchorsOf(src) })}
}

// edit returns the edit that puts text in the place of some bytes.
func (x *Places) edit(from, to int, text string) diag.Edit {
	return diag.Edit{Range: diag.Range{Start: x.Pos(from), End: x.Pos(to)}, New: text}
}

// Set returns the edit that puts a word in the place of a scalar, in the
// quotes that the scalar has.
func (x *Places) Set(place diag.Range, word string) (diag.Edit, bool) {
	from, to, ok := x.Span(place)
	if !ok || from == to {
		return diag.Edit{}, false
	}
	if q := x.src[from]; q == '"' || q == '\'' {
		word = string(q) + word + string(q)
	}
	return diag.Edit{Range: place, New: word}, true
}

// Add returns the edit that adds a pair to the mapping at a range: inside
// its braces, or on a line of its own. It reports false when the mapping leaves
// no safe place.
func (x *Places) Add(mapping diag.Range, key, value string) (diag.Edit, bool) {
	from, to, ok := x.Span(mapping)
	if !ok || from == to {
		return diag.Edit{}, false
	}
	written := value
	if !isSimple(value) {
		written = scalar(value)
	}
	if x.src[from] != '{' {
		return x.addLine(from, to, key+": "+written)
	}
	inner := bytes.TrimSpace(x.src[from+1 : to-1])
	if x.src[to-1] != '}' || bytes.ContainsAny(inner, "#") {
		return diag.Edit{}, false // what looks like a comment may hide the end
	}
	if len(inner) > 0 && inner[0] == '"' { // JSON
		key, written = quote(key, true), quote(value, true)
	}
	pair := key + ": " + written
	last := to - 2
	for last > from && isSpace(x.src[last]) {
		last--
	}
	switch x.src[last] {
	case '{':
	case ',':
		pair = " " + pair
	default:
		pair = ", " + pair
	}
	return x.edit(last+1, last+1, pair), true
}

// isSimple reports whether a value is so simple that nobody can take it for
// anything but text. It is a short cut: most values are.
func isSimple(s string) bool {
	for i, r := range s {
		letter := 'a' <= r && r <= 'z' || 'A' <= r && r <= 'Z'
		if !letter && (i == 0 || !strings.ContainsRune("0123456789._/-", r)) {
			return false
		}
	}
	return s != "" && !slices.Contains(misread, strings.ToLower(s))
}

// addLine adds a line after the last of a block mapping, indented as its first
// key is.
func (x *Places) addLine(from, to int, pair string) (diag.Edit, bool) {
	start := x.lineStart(from)
	if bytes.ContainsRune(x.src[start:from], '\t') {
		return diag.Edit{}, false
	}
	indent := strings.Repeat(" ", utf8.RuneCount(x.src[start:from]))
	end := x.lineEnd(to)
	if end < len(x.src) {
		return x.edit(end+1, end+1, indent+pair+x.newline(end)), true
	}
	return x.edit(end, end, x.newline(end)+indent+pair), true
}

// Remove returns the edits that remove items from a list: the item at each
// of the ranges, or, when the list has no other, the key that it stands under.
// Comments on lines of their own stay. It reports false when there is no safe
// way.
func (x *Places) Remove(key string, items []diag.Range, all bool) ([]diag.Edit, bool) {
	var spans []span
	for _, r := range items {
		from, to, ok := x.Span(r)
		if !ok {
			return nil, false
		}
		spans = append(spans, span{from, to})
	}
	if len(spans) == 0 {
		return nil, false
	}
	if all {
		return x.removeList(key, spans)
	}
	var edits []diag.Edit
	for _, s := range spans {
		if lines, ok := x.itemLines(s); ok {
			edits = append(edits, x.edit(lines.from, lines.to, ""))
		} else if part, ok := x.flowItem(s); ok {
			edits = append(edits, x.edit(part.from, part.to, ""))
		} else {
			return nil, false
		}
	}
	return edits, true
}

// A span is the bytes from one offset up to another.
type span struct{ from, to int }

// itemLines returns the lines of an item that has them to itself, its dash and
// the comment after it included.
func (x *Places) itemLines(s span) (span, bool) {
	start := x.lineStart(s.from)
	if string(bytes.Trim(x.src[start:s.from], " ")) != "-" {
		return span{}, false
	}
	end := x.lineEnd(s.to)
	if !isRemark(x.src[s.to:end]) {
		return span{}, false
	}
	return x.wholeLines(start, end), true
}

// wholeLines returns the lines from a start to an end with one line break.
func (x *Places) wholeLines(start, end int) span {
	if end < len(x.src) {
		return span{start, end + 1}
	}
	if start > 0 { // the last line of all, without a line break: the one before it becomes so
		start--
		if start > 0 && x.src[start-1] == '\r' {
			start--
		}
	}
	return span{start, end}
}

// flowItem returns an item of a list in brackets with the comma that goes with
// it.
func (x *Places) flowItem(s span) (span, bool) {
	before, after := s.from-1, s.to
	for before >= 0 && isSpace(x.src[before]) {
		before--
	}
	for after < len(x.src) && isSpace(x.src[after]) {
		after++
	}
	switch {
	case before < 0 || after == len(x.src):
		return span{}, false
	case x.src[after] == ',' && (x.src[before] == '[' || x.src[before] == ','):
		for after++; after < len(x.src) && x.src[after] == ' '; after++ {
		}
		return span{s.from, after}, true
	case x.src[after] == ']' && x.src[before] == ',':
		return span{before, s.to}, true
	}
	return span{}, false
}

// removeList removes a list with its key, or empties it where the key cannot
// go alone.
func (x *Places) removeList(key string, items []span) ([]diag.Edit, bool) {
	first, last := items[0], items[len(items)-1]
	if lines, ok := x.itemLines(first); ok {
		return x.removeBlock(key, items, lines)
	}
	open := bytes.LastIndexByte(x.src[:first.from], '[')
	shut := bytes.IndexByte(x.src[last.to:], ']')
	if open < 0 || shut < 0 {
		return nil, false
	}
	shut += last.to
	between := append(append([]byte(nil), x.src[open+1:first.from]...), x.src[last.to:shut]...)
	for i := 1; i < len(items); i++ {
		between = append(between, x.src[items[i-1].to:items[i].from]...)
	}
	if len(bytes.Trim(between, ", \t\r\n")) > 0 {
		return nil, false
	}
	start, end := x.lineStart(open), x.lineEnd(shut)
	if string(bytes.TrimLeft(x.src[start:open], " ")) == key+": " && isRemark(x.src[shut+1:end]) {
		lines := x.wholeLines(start, end)
		return []diag.Edit{x.edit(lines.from, lines.to, "")}, true
	}
	return []diag.Edit{x.edit(open+1, shut, "")}, true
}

// removeBlock removes a list whose items stand on lines of their own.
func (x *Places) removeBlock(key string, items []span, first span) ([]diag.Edit, bool) {
	start, end := x.lineAbove(first.from)
	for start > 0 && isAsideLine(x.src[start:end]) {
		start, end = x.lineAbove(start)
	}
	name := strings.TrimRight(string(x.src[start:end]), " \r\n")
	alone := strings.TrimLeft(name, " ") == key+":"
	if !alone && !strings.HasSuffix(name, "- "+key+":") {
		return nil, false
	}
	var edits []diag.Edit
	at := end
	for _, s := range items {
		lines, ok := x.itemLines(s)
		if !ok {
			return nil, false
		}
		alone = alone && lines.from == at // no comment between them
		at = lines.to
		edits = append(edits, x.edit(lines.from, lines.to, ""))
	}
	if alone {
		return []diag.Edit{x.edit(start, at, "")}, true
	}
	colon := start + len(name)
	return append([]diag.Edit{x.edit(colon, colon, " []")}, edits...), true
}

// Anchored reports whether something in a range, or what stands there as a whole, may
// have an anchor, so that other places may stand for it, too.
func (x *Places) Anchored(r diag.Range) bool {
	from, to, ok := x.Span(r)
	if !ok {
		return true
	}
	if anchorBefore(x.src[:from]) {
		return true
	}
	anchors := x.anchors()
	first := sort.SearchInts(anchors, x.lineStart(from))
	return first < len(anchors) && anchors[first] < to
}

// anchorBefore reports whether a text ends in the anchor of what follows, perhaps with
// a tag between, on a line of its own or not.
func anchorBefore(text []byte) bool {
	for {
		text = bytes.TrimRight(text, " \t\r\n")
		token := text[bytes.LastIndexAny(text, " \t\r\n[{,")+1:]
		switch {
		case len(token) < 2:
			return false
		case token[0] == '&':
			return true
		case token[0] != '!':
			return false
		}
		text = text[:len(text)-len(token)]
	}
}

// anchorsOf returns where a text may have anchors, in order.
func anchorsOf(src []byte) []int {
	var found []int
	for at := 0; ; at++ {
		next := bytes.IndexByte(src[at:], '&')
		if next < 0 {
			return found
		}
		at += next
		starts := at == 0 || isSpace(src[at-1]) || bytes.IndexByte([]byte("[{,"), src[at-1]) >= 0
		if starts && at+1 < len(src) && !isSpace(src[at+1]) {
			found = append(found, at)
		}
	}
}

func (x *Places) lineStart(offset int) int {
	start, _ := x.Line(offset)
	return start
}

// lineAbove returns the line above the one that starts at an offset, its line
// break included.
func (x *Places) lineAbove(start int) (from, to int) {
	if start == 0 {
		return 0, 0
	}
	return x.lineStart(start - 1), start
}

// lineEnd returns the offset of the line feed after an offset, or the end.
func (x *Places) lineEnd(offset int) int {
	_, feed := x.Line(offset)
	return feed
}

// newline returns the line break of the line that ends at an offset, or that of
// the text.
func (x *Places) newline(end int) string {
	if end == len(x.src) {
		end = bytes.IndexByte(x.src, '\n')
	}
	if end > 0 && x.src[end-1] == '\r' {
		return "\r\n"
	}
	return "\n"
}

// isRemark reports whether the rest of a line, after a value, is blank or a
// comment.
func isRemark(rest []byte) bool {
	trimmed := bytes.TrimSpace(rest)
	return len(trimmed) == 0 || trimmed[0] == '#' && isSpace(rest[0])
}

// isAsideLine reports whether a whole line is blank or a comment.
func isAsideLine(line []byte) bool {
	trimmed := bytes.TrimSpace(line)
	return len(trimmed) == 0 || trimmed[0] == '#'
}
