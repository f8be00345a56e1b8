package yamlfile

import (
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// plainLine reads what a line holds of a plain scalar.
func (p *parser) plainLine(flow bool) *node {
	n := p.newNode(scalarNode, plainStyle, p.i)
	from := p.i
	var to int
	if flow {
		to = p.flowPlainEnd()
	} else {
		to = p.plainEnd()
	}
	p.i = to
	n.value, n.to = p.s[from:to], uint32(to)
	return n
}

// plainEnd returns where a plain scalar ends on its line.
func (p *parser) plainEnd() int {
	s := p.s[:p.end]
	to := p.i
	for i := p.i; i < len(s); i++ {
		switch b := s[i]; {
		case b > '#' && b != ':':
			to = i + 1
		case b == ' ' || b == '\t':
		case b == '\n' || b == '\r':
			return to
		case b == '#' && isSpace(s[i-1]), b == ':' && p.ends(i+1):
			return to
		default:
			to = i + 1
		}
	}
	return to
}

// flowPlainEnd returns where a plain scalar in brackets ends on its line. It
// gives up where readers disagree.
func (p *parser) flowPlainEnd() int {
	s := p.s[:p.end]
	to := p.i
	for i := p.i; i < len(s); i++ {
		switch b := s[i]; {
		case b == ',' || b == ']' || b == '}':
			return to
		case b == '[' || b == '{':
			p.fail()
			return to
		case b == ':' || b == '?':
			if p.ends(i + 1) {
				if b == '?' {
					p.fail()
				}
				return to
			}
			if strings.IndexByte(",[]{}", s[i+1]) >= 0 {
				p.fail()
				return to
			}
			to = i + 1
		case b == ' ' || b == '\t':
		case b == '\n' || b == '\r':
			return to
		case b == '#' && isSpace(s[i-1]):
			return to
		default:
			to = i + 1
		}
	}
	return to
}

// plainMore reads the lines after the first of a plain scalar: those that are
// indented deeper than indent, up to a comment.
func (p *parser) plainMore(n *node, indent int, flow bool) {
	var b strings.Builder
	for {
		i, bol, line := p.i, p.bol, p.line
		breaks := 0
		tab := false
		for {
			p.blanksNoting(&tab)
			if p.i >= p.end || !isBreakByte(p.s[p.i]) {
				break
			}
			if tab = false; !p.newline() {
				return
			}
			breaks++
		}
		more := breaks > 0 && p.i < p.end && p.column() > indent && p.s[p.i] != '#'
		if flow && more && strings.IndexByte(",]}[{", p.s[p.i]) >= 0 {
			more = false
		}
		if !more {
			p.i, p.bol, p.line = i, bol, line
			break
		}
		if tab {
			p.fail()
			return
		}
		if b.Len() == 0 {
			b.WriteString(n.value)
		}
		writeBreaks(&b, breaks)
		from := p.i
		var to int
		if flow {
			to = p.flowPlainEnd()
		} else {
			to = p.plainEnd()
		}
		if p.failed {
			return
		}
		p.i = to
		b.WriteString(p.s[from:to])
		n.value, n.to = b.String(), uint32(to)
		if from == to || p.isColon() {
			p.fail() // a key in several lines
			return
		}
	}
}

func (p *parser) blanksNoting(tab *bool) {
	for p.i < p.end && (p.s[p.i] == ' ' || p.s[p.i] == '\t') {
		*tab = *tab || p.s[p.i] == '\t'
		p.i++
	}
}

// writeBreaks writes what line breaks in a text fold to: one is a space, each
// further one a line break.
func writeBreaks(b *strings.Builder, breaks int) {
	if breaks == 1 {
		b.WriteByte(' ')
	}
	for range breaks - 1 {
		b.WriteByte('\n')
	}
}

// single reads a text in single quotes.
func (p *parser) single() *node {
	n := p.newNode(scalarNode, singleStyle, p.i)
	p.i++
	from := p.i
	for i := from; i < p.end; i++ {
		switch b := p.s[i]; {
		case b == '\'' && p.at(i+1) != '\'':
			p.i = i + 1
			n.value, n.to = p.s[from:i], uint32(p.i)
			return n
		case b == '\'' || isBreakByte(b):
			return p.quotedSlowly(n, '\'')
		}
	}
	return p.fail()
}

// double reads a text in double quotes.
func (p *parser) double() *node {
	n := p.newNode(scalarNode, doubleStyle, p.i)
	p.i++
	from := p.i
	for i := from; i < p.end; i++ {
		switch b := p.s[i]; {
		case b == '"':
			p.i = i + 1
			n.value, n.to = p.s[from:i], uint32(p.i)
			return n
		case b == '\\' || isBreakByte(b):
			return p.quotedSlowly(n, '"')
		}
	}
	return p.fail()
}

// quotedSlowly reads a text in quotes with escapes or over several lines, from
// its start.
func (p *parser) quotedSlowly(n *node, quote byte) *node {
	var b strings.Builder
	blanks := p.i // where the blanks before the place at hand start
	for p.i < p.end {
		c := p.s[p.i]
		switch {
		case c == ' ' || c == '\t':
			p.i++
			continue
		case isBreakByte(c):
			breaks := p.breaks()
			if p.failed {
				return nil
			}
			writeBreaks(&b, breaks)
			blanks = p.i
			continue
		}
		b.WriteString(p.s[blanks:p.i])
		switch {
		case c == '\\' && quote == '"':
			if isBreakByte(p.at(p.i + 1)) {
				if p.i++; p.i >= p.end || !p.newline() {
					return p.fail()
				}
				for range p.breaksAt() {
					b.WriteByte('\n')
				}
			} else if !p.escape(&b) {
				return p.fail()
			}
		case c == quote && quote == '\'' && p.at(p.i+1) == '\'':
			b.WriteByte('\'')
			p.i += 2
		case c == quote:
			p.i++
			n.value, n.to = b.String(), uint32(p.i)
			return n
		default:
			b.WriteByte(c)
			p.i++
		}
		if p.failed {
			return nil
		}
		blanks = p.i
	}
	return p.fail()
}

// breaks steps over line breaks and the blanks after each, and counts them.
func (p *parser) breaks() int {
	n := 0
	for p.i < p.end && isBreakByte(p.s[p.i]) && p.newline() {
		n++
		p.blanks()
	}
	return n
}

// breaksAt is breaks after a line break that was stepped over.
func (p *parser) breaksAt() int {
	p.blanks()
	return p.breaks()
}

// escapes are those of one character.
var escapes = [256]string{
	'0': "\x00", 'a': "\a", 'b': "\b", 't': "\t", '\t': "\t", 'n': "\n", 'v': "\v", 'f': "\f", 'r': "\r",
	'e': "\x1b", ' ': " ", '"': "\"", '/': "/", '\\': "\\", 'N': "\u0085", '_': "\u00a0", 'L': "\u2028", 'P': "\u2029",
}

// escape reads an escape within double quotes. Of the pairs that JSON writes
// for characters beyond the basic plane, both halves are read.
func (p *parser) escape(b *strings.Builder) bool {
	c := p.at(p.i + 1)
	var digits int
	switch c {
	case 'x':
		digits = 2
	case 'u':
		digits = 4
	case 'U':
		digits = 8
	default:
		text := escapes[c]
		b.WriteString(text)
		p.i += 2
		return text != ""
	}
	r, ok := p.hex(p.i+2, digits)
	p.i += 2 + digits
	if utf16.IsSurrogate(r) && digits == 4 && p.at(p.i) == '\\' && p.at(p.i+1) == 'u' {
		low, _ := p.hex(p.i+2, 4)
		if r = utf16.DecodeRune(r, low); r == utf8.RuneError {
			return false
		}
		p.i += 6
	}
	if !ok || !utf8.ValidRune(r) {
		return false
	}
	b.WriteRune(r)
	return true
}

func (p *parser) hex(at, digits int) (r rune, ok bool) {
	if at+digits > p.end {
		return r, false
	}
	for _, c := range []byte(p.s[at : at+digits]) {
		switch {
		case isDigit(c):
			r = r<<4 | rune(c-'0')
		case c|0x20 >= 'a' && c|0x20 <= 'f':
			r = r<<4 | rune(c|0x20-'a'+10)
		default:
			return r, false
		}
		if r > utf8.MaxRune {
			return r, false
		}
	}
	return r, true
}
