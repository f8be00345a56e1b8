package yamlfile

import (
	"bytes"
	"fmt"
	"strings"
)

// A failure is why a text does not parse, and where.
type failure struct {
	t       *text
	problem string // in the words of the library
	line    int    // as the library reports it: where something started; 0 when it does not say
	seen    int    // the offset of the end of the last line that was needed to fail

	rule         *Rule
	from, to     int
	message, fix string
}

// explain finds the place and our own words for it.
func (f *failure) explain() {
	f.rule = Syntax
	f.to = f.seen
	for f.to > 0 && isSpace(f.t.data[f.to-1]) {
		f.to--
	}
	f.from = bytes.LastIndexByte(f.t.data[:f.to], '\n') + 1
	row := f.t.data[f.from:f.to]
	for len(row) > 0 && row[0] == ' ' {
		row = row[1:]
		f.from++
	}
	f.say(f.problem, "correct what stands here, or quote it")
	if tab := bytes.IndexByte(f.t.data[f.from:f.to], '\t'); tab >= 0 &&
		len(bytes.TrimSpace(f.t.data[f.from:f.from+tab])) == 0 {
		f.point(f.from+tab, 1)
		f.say("a tab stands in the indent of the line", "indent with spaces")
		return
	}
	switch p := f.problem; {
	case strings.Contains(p, "exceeded max depth"):
		f.rule = TooDeep
		f.say("values are nested more than 10000 deep", "flatten them")
	case strings.HasPrefix(p, "unknown anchor "):
		f.alias(strings.Trim(strings.TrimSuffix(strings.TrimPrefix(p, "unknown anchor "), " referenced"), "'"))
	case strings.Contains(p, "mapping values are not allowed"):
		f.secondColon(row)
	case strings.Contains(p, "cannot start any token"):
		f.badStart(row)
	case strings.Contains(p, "expected key"), strings.Contains(p, "expected '-' indicator"):
		f.say("the line does not fit the lines above it", "check its indent, and the quotes and brackets before it")
	case strings.Contains(p, "expected node content"):
		f.say("a value is missing, or a bracket does not match", "write the value, and close what is open here")
	case strings.Contains(p, "expected <document start>"):
		f.say("the text goes on after its value has ended", "check the indent, and start another document with ---")
	case strings.Contains(p, "expected ',' or"):
		f.say("a bracket is not closed, or a comma is missing", "close the list or the mapping that is open here")
	case strings.Contains(p, "could not find expected ':'"):
		f.say("a key has no colon after it", "write key: value")
	case strings.Contains(p, "unexpected end of stream"):
		f.openQuote()
	case strings.Contains(p, "unknown escape character"):
		f.say("a backslash in double quotes starts no known escape", "write it twice, or use single quotes")
	}
}

func (f *failure) say(message, fix string) { f.message, f.fix = message, fix }

// point sets the place to n bytes at an offset.
func (f *failure) point(at, n int) { f.from, f.to = at, min(at+n, len(f.t.data)) }

// alias reports an alias without an anchor.
func (f *failure) alias(name string) {
	f.rule = BadAlias
	f.say(fmt.Sprintf("alias *%s names no anchor", short(name)), "define &"+short(name)+" before it, or write the value out")
	if at := bytes.LastIndex(f.t.data[:f.seen], []byte("*"+name)); at >= 0 {
		f.point(at, 1+len(name))
	}
}

// secondColon reports a mapping that starts in the middle of a line.
func (f *failure) secondColon(row []byte) {
	f.say("a second colon in the line would start a mapping here", "quote the text, or start a new line")
	first := bytes.Index(row, []byte(": "))
	if first < 0 {
		f.say("the line would start a mapping where a text is open", "check its indent, or quote the text above")
		return
	}
	if second := bytes.Index(row[first+1:], []byte(": ")); second >= 0 {
		f.point(f.from+first+1+second, 1)
	} else if row[len(row)-1] == ':' {
		f.point(f.to-1, 1)
	}
}

// badStart reports a character with which no plain text starts.
func (f *failure) badStart(row []byte) {
	for i, b := range row {
		starts := i == 0 || isSpace(row[i-1]) || bytes.IndexByte([]byte("[{,"), row[i-1]) >= 0
		if starts && bytes.IndexByte([]byte("@`%"), b) >= 0 {
			f.point(f.from+i, 1)
			f.say(fmt.Sprintf("a text cannot start with %c", b), "quote it")
			return
		}
		if starts && b == '\t' {
			f.point(f.from+i, 1)
			f.say("a tab stands where only spaces may", "write a space")
			return
		}
	}
	f.say("a character stands where no value can start", "quote the text")
}

// openQuote reports a quoted text or a bracket that is never closed.
func (f *failure) openQuote() {
	f.say("a quoted text is not closed before the end", "close the quote")
	if f.line < 1 || f.line > len(f.t.starts) {
		return
	}
	from := int(f.t.starts[f.line-1])
	if quote := bytes.IndexAny(f.t.data[from:lineEnd(f.t.data, from)], `"'`); quote >= 0 {
		f.point(from+quote, 1)
	}
}
