package yamlfile

import (
	"bytes"
	"iter"
)

// A long manifest is read in pieces, side by side, and each piece is dropped as
// soon as its items have been read. Two kinds of cut are sound:
//
//   - before a line that starts with ---, which begins a document;
//   - in a block list under one top-level key, before a line of exactly the
//     indent of its items that starts with "- ". Block and plain scalars cannot
//     be open there, since their text is indented deeper. A quoted scalar or a
//     bracket can; the piece before then ends unclosed, which is an error in it.
//
// So a piece that does not parse means that the whole text is read in one. So
// does everything that reaches from one item into another, or that moves the
// places which the YAML library reports. An anchor ends with its document.

// alonePieceBytes is the size from which a text without anything to cut is worth being
// read as a piece, for the sake of the items that the parser gives up.
const alonePieceBytes = 1 << 10

// A piece is a part of a text that is parsed by itself.
type piece struct {
	from, to int
	above    uint32 // lines of the text above it
	column   uint32 // characters of its first line before it
	count    int    // the documents that it holds; 0 for a piece of a list
	index    int    // how many documents start before it
	list     *list  // how to cut it further; nil when it is read as it is
	items    int    // of a piece of a list, how many it has at least
}

// A list is where a document holds its long list.
type list struct {
	key     int    // the offset of its key in the document
	colon   int    // the offset of the colon after it
	keyLine uint32 // the lines of the document up to and with the key
	to      int    // the offset of the line after the last item
	lines   uint32 // from the line after the key up to the last item
	pieces  []piece

	flow   bool   // it is in brackets: colon and to are then where its items start and end
	column uint32 // of a list in brackets: characters before its items on their line
	shift  int64  // and how many more there are before its end on its line
}

// split cuts a text into pieces of about size bytes, in order: long documents by
// themselves, short ones together. It reports false when the text must be read in one.
func split(data []byte, size int, key string) ([]piece, bool) {
	if end, alone := documentEnd(data); alone {
		data = data[:end] // a line that ends the last document ends no piece
	}
	if l := findFlowList(data, size, key); l != nil {
		return []piece{{to: len(data), list: l}}, true
	}
	if hasLoneReturn(data) {
		return nil, false
	}
	whole := !hasAnchor(data)
	var pieces []piece
	group := piece{}
	for d := range documents(data) {
		if text := data[d.from:d.to]; whole && len(text) >= 2*size && !hasEnd(text) {
			d.list = findList(text, size, key)
		}
		if group.to > group.from && (d.list != nil || d.to-group.from > size) {
			pieces = append(pieces, group)
			group = piece{}
		}
		switch {
		case d.list != nil:
			pieces = append(pieces, d)
		case group.to == group.from:
			group = d
		default:
			group.to, group.count = d.to, group.count+d.count
		}
	}
	if group.to > group.from {
		pieces = append(pieces, group)
	}
	return pieces, len(pieces) > 1 || len(pieces) == 1 && (pieces[0].list != nil || whole && len(data) < 2*size)
}

// hasLoneReturn reports whether a text has a carriage return that ends a line by
// itself, which editors do not see.
func hasLoneReturn(data []byte) bool {
	for rest := data; ; {
		i := bytes.IndexByte(rest, '\r')
		if i < 0 {
			return false
		}
		if rest = rest[i+1:]; len(rest) == 0 || rest[0] != '\n' {
			return true
		}
	}
}

// hasAnchor reports whether an anchor may start in a text. An alias needs no
// look: without an anchor it is an error.
func hasAnchor(data []byte) bool {
	for at := 0; ; {
		i := bytes.IndexByte(data[at:], '&')
		if i < 0 {
			return false
		}
		at += i + 1
		if at < len(data) && isWord(data[at]) && startsToken(data, at-1) {
			return true
		}
	}
}

// startsToken reports whether a token may start at an offset: not in the midst of words.
func startsToken(data []byte, at int) bool {
	before := at
	for before > 0 && (data[before-1] == ' ' || data[before-1] == '\t') {
		before--
	}
	if before == 0 {
		return true
	}
	switch b := data[before-1]; b {
	case '\n', '\r', '[', '{', ',', ':':
		return true
	case '-', '?':
		return before < at
	}
	for before > 0 && !isSpace(data[before-1]) {
		before--
	}
	return data[before] == '!' && startsToken(data, before) // after a tag
}

// nextEnd returns the offset of the first line that ends a document, or -1.
func nextEnd(data []byte) int {
	for at := 0; ; {
		n := bytes.Index(data[at:], []byte("..."))
		if n < 0 {
			return -1
		}
		at += n
		if (at == 0 || data[at-1] == '\n') && (at+3 == len(data) || isSpace(data[at+3])) {
			return at
		}
		at += 3
	}
}

// hasEnd reports whether a line of a text ends a document.
func hasEnd(data []byte) bool { return nextEnd(data) >= 0 }

// documentEnd returns where the text of a document ends: at the line that ends
// it, or at the end. It reports false when something follows that line.
func documentEnd(data []byte) (int, bool) {
	end := nextEnd(data)
	if end < 0 {
		return len(data), true
	}
	after := data[end+3:]
	if n := bytes.IndexByte(after, '\n'); n < 0 {
		return end, len(trimBlanks(after)) == 0
	} else if len(trimBlanks(after[:n])) > 0 {
		return end, false
	} else {
		return end, !hasContent(after[n+1:])
	}
}

// trimBlanks takes away what YAML knows as blanks and line breaks, and nothing else that
// looks empty: U+0085 and U+00A0 are letters like any other.
func trimBlanks(text []byte) []byte { return bytes.Trim(text, " \t\r\n") }

// documents cuts a text at the lines that start a document.
func documents(data []byte) iter.Seq[piece] {
	return func(yield func(piece) bool) { eachDocument(data, yield) }
}

func eachDocument(data []byte, yield func(piece) bool) {
	d := piece{}
	for {
		next := behind(data, d.from)
		d.to, d.count = next, 1
		if d.from == 0 && !startsDocument(data) && !hasContent(data[:next]) {
			if d.count = 0; bytes.IndexByte(data[:next], '%') >= 0 && next < len(data) {
				// Directives belong to the document that follows.
				next = behind(data, next)
				d.to, d.count = next, 1
			}
		}
		if !yield(d) || next == len(data) {
			return
		}
		lines := uint32(bytes.Count(data[d.from:next], []byte{'\n'}))
		d = piece{from: next, above: d.above + lines, index: d.index + d.count}
	}
}

// behind returns where the document ends that starts at an offset: where the next starts, or
// at the end.
func behind(data []byte, at int) int {
	if n := nextDocument(data, at); n > at {
		return n
	}
	return len(data)
}

// startsDocument reports whether a text starts with the line that begins a
// document.
func startsDocument(data []byte) bool {
	data = bytes.TrimPrefix(data, []byte(byteOrderMark))
	return bytes.HasPrefix(data, []byte("---")) && (len(data) == 3 || isSpace(data[3]))
}

// hasContent reports whether a text has a line that is neither blank nor a
// comment nor a directive.
func hasContent(data []byte) bool {
	for len(data) > 0 {
		row := data
		if n := bytes.IndexByte(data, '\n'); n >= 0 {
			row = data[:n+1]
		}
		if indent, first := lead(row); first != '\n' && first != '#' && !(first == '%' && indent == 0) {
			return true
		}
		data = data[len(row):]
	}
	return false
}

// lead returns the number of spaces that a line starts with and the first
// character after them that is no blank, or a line break when there is none.
// A tab counts as that character when something follows it.
func lead(row []byte) (indent int, first byte) {
	for indent < len(row) && row[indent] == ' ' {
		indent++
	}
	for i := indent; i < len(row); i++ {
		if !isSpace(row[i]) {
			return indent, row[indent]
		}
	}
	return indent, '\n'
}
