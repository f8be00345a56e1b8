package trace

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"unicode/utf16"
	"unicode/utf8"
)

// longestToken is how long one string of a document may be.
const longestToken = 16 << 20

// deepest is how deep a document may nest.
const deepest = 200

// A scanner pulls the tokens of JSON texts out of a buffer, or out of a stream
// that needs not fit in memory. It checks what its callers read; what they skip
// it only balances. After the first error it yields nothing more.
type scanner struct {
	buf   []byte
	pos   int
	r     io.Reader // nil when buf is all there is
	err   error
	open  []byte // the brackets that skip waits for
	plain []byte // the last string that had escapes
	key   []byte // the last key, when the buffer may move
	lines int    // in front of buf

	failedAt int    // the line of the first error, from 1
	rest     []byte // what the buffer held behind it
}

// over makes the scanner read a text that is wholly in memory.
func (s *scanner) over(text []byte) { s.buf, s.pos, s.r, s.err, s.lines = text, 0, nil, nil, 0 }

// fill reads more, keeping buf[from:], which moves to the front. It reports
// whether there is more.
func (s *scanner) fill(from int) bool {
	if s.r == nil || s.err != nil {
		return false
	}
	s.lines += bytes.Count(s.buf[:from], newline)
	kept := copy(s.buf, s.buf[from:])
	s.pos -= from
	s.buf = s.buf[:kept]
	if kept == cap(s.buf) {
		if kept >= longestToken {
			s.fail("a string is longer than 16 MiB")
			return false
		}
		larger := make([]byte, kept, max(64<<10, 2*kept))
		copy(larger, s.buf)
		s.buf = larger
	}
	for range 100 {
		n, err := s.r.Read(s.buf[kept:cap(s.buf)])
		s.buf = s.buf[:kept+n]
		if err != nil && !errors.Is(err, io.EOF) {
			s.err = readError{err}
			return false
		}
		if err != nil {
			s.r = nil
		}
		if n > 0 || err != nil {
			return n > 0
		}
	}
	s.err = readError{io.ErrNoProgress}
	return false
}

var newline = []byte{'\n'}

// A readError is an error of the stream, not of the text in it.
type readError struct{ error }

// Unwrap returns the error of the stream.
func (e readError) Unwrap() error { return e.error }

// fail keeps the first error, and ends the text there.
func (s *scanner) fail(format string, args ...any) {
	if s.err == nil {
		s.err = fmt.Errorf(format, args...)
		s.pos = min(s.pos, len(s.buf))
		s.failedAt = s.lines + bytes.Count(s.buf[:s.pos], newline) + 1
		s.buf, s.rest, s.r = s.buf[:s.pos], s.buf[s.pos:], nil
	}
}

// peek returns the next byte that is no space, without taking it; 0 at the end.
func (s *scanner) peek() byte {
	if s.pos < len(s.buf) {
		if c := s.buf[s.pos]; c > ' ' {
			return c
		}
	}
	return s.peekOn()
}

func (s *scanner) peekOn() byte {
	for {
		for ; s.pos < len(s.buf); s.pos++ {
			if c := s.buf[s.pos]; c > ' ' {
				return c
			}
		}
		if !s.fill(s.pos) {
			return 0
		}
	}
}

// want takes the given byte.
func (s *scanner) want(c byte) bool {
	if s.pos < len(s.buf) && s.buf[s.pos] == c {
		s.pos++
		return true
	}
	return s.wantOn(c)
}

// wantOn is want where the byte isn't the next one.
func (s *scanner) wantOn(c byte) bool {
	if got := s.peekOn(); got != c {
		s.unexpected(got, string(c))
		return false
	}
	s.pos++
	return true
}

func (s *scanner) unexpected(got byte, wanted string) {
	if got == 0 {
		s.fail("the text ends where %s should follow", wanted)
		return
	}
	s.fail("found %q where %s should follow", got, wanted)
}

// more reports whether another member follows in an object or array that the
// given byte closes, and takes the comma in front of it. n counts members.
func (s *scanner) more(closing byte, n *int) bool {
	if *n > 0 && s.pos+1 < len(s.buf) && s.buf[s.pos] == ',' && s.buf[s.pos+1] > ' ' && s.buf[s.pos+1] != closing && s.err == nil {
		s.pos++
		*n++
		return true
	}
	c := s.peek()
	if c == closing {
		s.pos++
		return false
	}
	if *n > 0 {
		if c != ',' {
			s.unexpected(c, "a comma or "+string(closing))
			return false
		}
		s.pos++
		if s.peek() == closing {
			s.unexpected(closing, "a value")
			return false
		}
	}
	*n++
	return s.err == nil && c != 0
}

// list takes the opening bracket of an array. Null counts as an array without
// members: then, and on errors, it returns false.
func (s *scanner) list() bool { return s.opens('[') }

// object is list for objects.
func (s *scanner) object() bool { return s.opens('{') }

func (s *scanner) opens(c byte) bool {
	if s.peek() == 'n' {
		s.skip()
		return false
	}
	return s.want(c)
}

// name takes a key and its colon. It is valid until the next name.
func (s *scanner) name() []byte {
	key := s.str()
	if s.r != nil {
		s.key = append(s.key[:0], key...)
		key = s.key
	}
	s.want(':')
	return key
}

// shortString is how long a string may be to be looked through byte by byte, which
// is faster for most.
const shortString = 40

// str takes a string. It is valid until the next token is taken.
func (s *scanner) str() []byte {
	if !s.want('"') {
		return nil
	}
	start := s.pos
	for i, c := range s.buf[start:min(start+shortString, len(s.buf))] {
		if c == '"' {
			s.pos = start + i + 1
			return s.buf[start : start+i]
		}
		if c == '\\' {
			s.pos = start + i
			return s.escaped(start)
		}
	}
	return s.long(start)
}

// long takes a string that is not short, or that the buffer cuts.
func (s *scanner) long(start int) []byte {
	for {
		i := bytes.IndexByte(s.buf[s.pos:], '"')
		if i < 0 {
			i = len(s.buf) - s.pos
		}
		if j := bytes.IndexByte(s.buf[s.pos:s.pos+i], '\\'); j >= 0 {
			s.pos += j
			return s.escaped(start)
		}
		s.pos += i
		if s.pos < len(s.buf) {
			s.pos++
			return s.buf[start : s.pos-1]
		}
		if !s.fill(start) {
			s.fail("the text ends inside a string")
			return nil
		}
		start = 0
	}
}

// escaped takes the rest of a string whose first escape is at pos.
func (s *scanner) escaped(start int) []byte {
	s.plain = append(s.plain[:0], s.buf[start:s.pos]...)
	for len(s.plain) < longestToken {
		if s.pos == len(s.buf) && !s.fill(s.pos) {
			s.fail("the text ends inside a string")
			return nil
		}
		c := s.buf[s.pos]
		s.pos++
		switch c {
		case '"':
			return s.plain
		case '\\':
			s.escape()
		default:
			s.plain = append(s.plain, c)
		}
	}
	s.fail("a string is longer than 16 MiB")
	return nil
}

// ahead makes n bytes stand in the buffer after pos.
func (s *scanner) ahead(n int) bool {
	for s.pos+n > len(s.buf) {
		if !s.fill(s.pos) {
			return false
		}
	}
	return true
}

func (s *scanner) escape() {
	if !s.ahead(1) {
		return
	}
	c := s.buf[s.pos]
	s.pos++
	switch c {
	case 'b':
		c = '\b'
	case 'f':
		c = '\f'
	case 'n':
		c = '\n'
	case 'r':
		c = '\r'
	case 't':
		c = '\t'
	case 'u':
		s.plain = utf8.AppendRune(s.plain, s.rune())
		return
	}
	s.plain = append(s.plain, c)
}

// rune takes the digits of \u, and a second half behind them.
func (s *scanner) rune() rune {
	r := s.hex4()
	if utf16.IsSurrogate(r) && s.ahead(6) && s.buf[s.pos] == '\\' && s.buf[s.pos+1] == 'u' {
		s.pos += 2
		return utf16.DecodeRune(r, s.hex4())
	}
	return r
}

func (s *scanner) hex4() rune {
	if !s.ahead(4) {
		return utf8.RuneError
	}
	var r rune
	for _, c := range s.buf[s.pos : s.pos+4] {
		d, ok := hexDigit(c)
		if !ok {
			s.fail("an escape in a string has no four digits")
			return utf8.RuneError
		}
		r = r<<4 | rune(d)
	}
	s.pos += 4
	return r
}

// hexValue holds the value of each hexadecimal digit, and 255 for all else.
var hexValue = func() (table [256]byte) {
	for i := range table {
		table[i] = 255
	}
	for i, c := range "0123456789abcdef" {
		table[c] = byte(i)
	}
	for i, c := range "ABCDEF" {
		table[c] = byte(10 + i)
	}
	return table
}()

func hexDigit(c byte) (byte, bool) { return hexValue[c], hexValue[c] < 16 }

// scalar takes a string, a number or a literal, and returns its text; null and
// what has parts have none. It is valid until the next token is taken.
func (s *scanner) scalar() []byte {
	switch c := s.peek(); c {
	case '"':
		return s.str()
	case '{', '[', 'n':
		s.skip()
		return nil
	case 0, ',', ':', '}', ']':
		s.unexpected(c, "a value")
		return nil
	}
	return s.literal()
}

// literal takes what stands up to the next delimiter.
func (s *scanner) literal() []byte {
	for n := 0; ; n++ {
		if s.pos+n == len(s.buf) {
			if !s.fill(s.pos) {
				return s.take(n)
			}
		}
		if c := s.buf[s.pos+n]; c <= ' ' || c == ',' || c == '}' || c == ']' || c == ':' || c == '"' {
			return s.take(n)
		}
	}
}

func (s *scanner) take(n int) []byte {
	s.pos += n
	return s.buf[s.pos-n : s.pos]
}

// skip takes one value of any kind.
func (s *scanner) skip() {
	s.open = s.open[:0]
	for s.err == nil {
		switch c := s.peek(); c {
		case '"':
			s.skipString()
		case '{', '[':
			if len(s.open) == deepest {
				s.fail("the text nests deeper than %d", deepest)
				return
			}
			s.open = append(s.open, c+2) // ] is [ + 2, and } is { + 2
			s.pos++
			continue
		case '}', ']':
			if len(s.open) == 0 || s.open[len(s.open)-1] != c {
				s.unexpected(c, "a value")
				return
			}
			s.open = s.open[:len(s.open)-1]
			s.pos++
		case ',', ':':
			if len(s.open) == 0 {
				s.unexpected(c, "a value")
				return
			}
			s.pos++
			continue
		case 0:
			s.fail("the text ends inside a value")
			return
		default:
			s.literal()
		}
		if len(s.open) == 0 {
			return
		}
	}
}

// skipString takes a string of any length.
func (s *scanner) skipString() {
	s.pos++
	for {
		i := bytes.IndexByte(s.buf[s.pos:], '"')
		if i < 0 {
			i = len(s.buf) - s.pos
		}
		if j := bytes.IndexByte(s.buf[s.pos:s.pos+i], '\\'); j >= 0 {
			s.pos += j
			if !s.ahead(2) {
				s.fail("the text ends inside a string")
				return
			}
			s.pos += 2
			continue
		}
		s.pos += i
		if s.pos < len(s.buf) {
			s.pos++
			return
		}
		if !s.fill(s.pos) {
			s.fail("the text ends inside a string")
			return
		}
	}
}
