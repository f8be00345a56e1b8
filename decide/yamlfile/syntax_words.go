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
	if bytes.HasPrefix(row, []byte(byteOrderMark)) && startsText(f.t.data, f.from) {
		row = row[len(byteOrderMark):]
	}
	row = bytes.TrimLeft(row, " ")
	f.from = f.to - len(row)
	f.say(f.problem, "fix what's here, or quote it")
	if tab := bytes.IndexByte(f.t.data[f.from:f.to], '\t'); tab >= 0 &&
		len(bytes.TrimSpace(f.t.data[f.from:f.from+tab])) == 0 {
		f.point(f.from+tab, 1)
		f.say("tabs aren't allowed in indentation", "indent with spaces")
		return
	}
	if f.conflict() || f.unseenSpace() || f.missingSpace() {
		return
	}
	switch p := f.problem; {
	case strings.Contains(p, "exceeded max depth"):
		f.rule = TooDeep
		f.say(fmt.Sprintf("values are nested more than %d levels deep", MaxNesting), "flatten them")
	case strings.HasPrefix(p, "unknown anchor "):
		f.alias(strings.Trim(strings.TrimSuffix(strings.TrimPrefix(p, "unknown anchor "), " referenced"), "'"))
	case strings.Contains(p, "mapping values are not allowed"):
		f.secondColon(row)
	case strings.Contains(p, "cannot start any token"):
		f.badStart(row)
	case strings.Contains(p, "expected key"), strings.Contains(p, "expected '-' indicator"):
		f.say("the indentation of this line doesn't match the lines above", "check the indentation, and the quotes and brackets before it")
	case strings.Contains(p, "expected node content"):
		f.say("a value is missing, or a bracket doesn't match", "add the value, and close what's open here")
	case strings.Contains(p, "expected <document start>"):
		f.say("there's more text after the value has ended", "check the indentation, or start another document with ---")
	case strings.Contains(p, "expected ',' or"):
		f.say("a bracket isn't closed, or a comma is missing", "close the list or mapping that's open here")
	case strings.Contains(p, "could not find expected ':'"):
		f.say("a key has no colon after it", "write key: value")
	case strings.Contains(p, "unexpected end of stream"):
		f.openQuote()
	case strings.Contains(p, "unknown escape character"):
		f.say("unknown escape after a backslash in double quotes", "double the backslash, or use single quotes")
	}
}

// rows calls visit for the lines up to the one that was needed to fail, the last
// first, until it returns true.
func (f *failure) rows(most int, visit func(at int, row []byte) bool) bool {
	end := f.to
	for range most {
		at := bytes.LastIndexByte(f.t.data[:end], '\n') + 1
		if visit(at, f.t.data[at:lineEnd(f.t.data, at)]) {
			return true
		}
		if at == 0 {
			break
		}
		end = at - 1
	}
	return false
}

// conflict reports a mark that a merge of versions left.
func (f *failure) conflict() bool {
	for _, mark := range []string{"<<<<<<< ", "=======\n", ">>>>>>> "} {
		at := bytes.Index(f.t.data, []byte("\n"+mark)) + 1
		if at == 0 && !bytes.HasPrefix(f.t.data, []byte(mark)) {
			continue
		}
		f.from, f.to = at, lineEnd(f.t.data, at)
		f.say("unresolved merge conflict", "keep one of the versions, and delete the lines that git added")
		return true
	}
	return false
}

// unseenSpace reports a character that looks like a space, or like nothing, where
// YAML wants a space.
func (f *failure) unseenSpace() bool {
	return f.rows(2, func(at int, row []byte) bool {
		for i, r := range string(row) {
			before := bytes.TrimPrefix(row[:i], []byte(byteOrderMark))
			if r == 0xfeff && startsText(f.t.data, at+i) {
				continue // a byte order mark in its place
			}
			if !isUnseenSpace(r) || len(bytes.TrimSpace(before)) > 0 && row[i-1] != ':' && row[i-1] != '-' {
				continue
			}
			f.point(at+i, len(string(r)))
			f.say(fmt.Sprintf("%U looks like a space, but YAML doesn't treat it as one", r), "write a normal space")
			return true
		}
		return false
	})
}

func isUnseenSpace(r rune) bool {
	return r == 0xa0 || r >= 0x2000 && r <= 0x200b || r == 0x202f || r == 0x205f || r == 0x3000 || r == 0xfeff
}

// missingSpace reports a key whose colon no space follows.
func (f *failure) missingSpace() bool {
	if !strings.Contains(f.problem, "mapping values") && !strings.Contains(f.problem, "expected ':'") {
		return false
	}
	return f.rows(2, func(at int, row []byte) bool {
		key := bytes.TrimLeft(row, " -")
		i := 0
		for i < len(key) && isWord(key[i]) {
			i++
		}
		if i == 0 || i+1 >= len(key) || key[i] != ':' || isSpace(key[i+1]) || key[i+1] == ':' || key[i+1] == '/' {
			return false
		}
		f.point(at+len(row)-len(key)+i, 1)
		f.say("a space is missing after the colon", "write "+short(string(key[:i]))+": "+short(strings.TrimSpace(string(key[i+1:]))))
		return true
	})
}

func (f *failure) say(message, fix string) { f.message, f.fix = message, fix }

// point sets the place to n bytes at an offset.
func (f *failure) point(at, n int) { f.from, f.to = at, min(at+n, len(f.t.data)) }

// alias reports an alias without an anchor.
func (f *failure) alias(name string) {
	f.rule = BadAlias
	f.say(fmt.Sprintf("alias *%s has no anchor", short(name)), "define &"+short(name)+" before it, or write out the value")
	if at := bytes.LastIndex(f.t.data[:f.seen], []byte("*"+name)); at >= 0 {
		f.point(at, 1+len(name))
	}
}

// secondColon reports a mapping that starts in the middle of a line.
func (f *failure) secondColon(row []byte) {
	f.say("a second colon in the line would start a mapping here", "quote the value, or start a new line")
	before, after, found := bytes.Cut(row, []byte(": "))
	if !found {
		f.say("the line would start a mapping inside an unfinished value", "check the indentation, or quote the value above")
		return
	}
	if more, _, again := bytes.Cut(after, []byte(": ")); again {
		f.point(f.from+len(before)+len(": ")+len(more), 1)
	} else if bytes.HasSuffix(row, []byte(":")) {
		f.point(f.to-1, 1)
	}
}

// badStart reports a character with which no plain text starts.
func (f *failure) badStart(row []byte) {
	for i, b := range row {
		starts := i == 0 || isSpace(row[i-1]) || bytes.IndexByte([]byte("[{,"), row[i-1]) >= 0
		if starts && bytes.IndexByte([]byte("@`%"), b) >= 0 {
			f.point(f.from+i, 1)
			f.say(fmt.Sprintf("a value can't start with %c", b), "quote it")
			return
		}
		if starts && b == '\t' {
			f.point(f.from+i, 1)
			f.say("a tab isn't allowed here", "use spaces")
			return
		}
	}
	f.say("no value can start with this character", "quote the value")
}

// openQuote reports a quoted text or a bracket that is never closed.
func (f *failure) openQuote() {
	f.say("the closing quote is missing", "close the quote")
	if f.line == 0 || f.line > len(f.t.starts()) {
		return
	}
	from := int(f.t.starts()[f.line-1])
	if quote := bytes.IndexAny(f.t.data[from:lineEnd(f.t.data, from)], `"'`); quote >= 0 {
		f.point(from+quote, 1)
	}
}
