package term

import (
	"bytes"
	"io"
	"os"
	"unicode/utf8"
)

// Keyboard returns a terminal's input as forms can take it: what a terminal answers to
// other programs is left out, a character is never cut in two, and ctrl+c ends a paste
// whose end never comes. Other inputs stay as they are.
func Keyboard(in io.Reader) io.Reader {
	if f, ok := in.(*os.File); ok && IsTerminal(f) {
		return &keyboard{File: f}
	}
	return in
}

// A keyboard stays a file to the terminal library, which sets modes through it.
type keyboard struct {
	*os.File
	filter keyFilter
}

// Read reads what was typed. It may read nothing and no error.
func (k *keyboard) Read(p []byte) (int, error) {
	room := len(p)/2 - len(k.filter.held) - 16 // an end of a paste may be added
	if room < 1 {
		return k.File.Read(p)
	}
	n, err := k.File.Read(p[:room])
	return copy(p, k.filter.take(p[:n], n == room)), err
}

// A keyFilter takes the bytes of a terminal as they come, in whatever pieces.
type keyFilter struct {
	held    []byte // the beginning of a character or a sequence
	pasting bool   // between the marks of a paste
	answer  bool   // inside what a terminal answers: OSC, DCS, SOS, PM, APC
}

const (
	escape     = 0x1b
	interrupt  = 0x03
	pasteStart = "\x1b[200~"
	pasteEnd   = "\x1b[201~"
)

// take returns what is to be read of the bytes; more says that others are waiting.
func (f *keyFilter) take(typed []byte, more bool) []byte {
	in := append(f.held, typed...)
	in, f.held = hold(in, more)
	var out []byte
	for i := 0; i < len(in); {
		rest := in[i:]
		switch {
		case f.answer:
			n, over := answerEnd(rest)
			i, f.answer = i+n, !over
		case f.pasting && rest[0] == interrupt:
			out, f.pasting = append(append(out, pasteEnd...), interrupt), false
			i++
		case bytes.HasPrefix(rest, []byte(pasteEnd)):
			if f.pasting {
				out = append(out, pasteEnd...)
			}
			f.pasting = false
			i += len(pasteEnd)
		case bytes.HasPrefix(rest, []byte(pasteStart)):
			f.pasting = true
			out = append(out, pasteStart...)
			i += len(pasteStart)
		case !f.pasting && beginsAnswer(rest):
			f.answer = true
			i += 2
		default:
			out = append(out, rest[0])
			i++
		}
	}
	return out
}

// beginsAnswer reports whether an answer of a terminal begins here. Alone, the same two
// bytes are a key pressed together with alt.
func beginsAnswer(b []byte) bool {
	return len(b) > 2 && b[0] == escape && bytes.IndexByte([]byte("]PX^_"), b[1]) >= 0 && b[2] >= ' '
}

// answerEnd returns how many bytes belong to an answer, and whether it ends there: at
// BEL, at ESC \, and before a key that no answer holds.
func answerEnd(b []byte) (n int, over bool) {
	for i, c := range b {
		switch c {
		case '\a':
			return i + 1, true
		case escape:
			if i+1 < len(b) && b[i+1] == '\\' {
				return i + 2, true
			}
			return i, true
		case interrupt, '\r', '\n':
			return i, true
		}
	}
	return len(b), false
}

// hold parts bytes from the beginning of a character at their end, or, when more are
// waiting, of a sequence.
func hold(in []byte, more bool) (whole, held []byte) {
	for n := 1; n < utf8.UTFMax && n <= len(in); n++ {
		if tail := in[len(in)-n:]; utf8.RuneStart(tail[0]) {
			if !utf8.FullRune(tail) {
				return in[:len(in)-n], bytes.Clone(tail)
			}
			break
		}
	}
	const longest = 16
	if at := bytes.LastIndexByte(in, escape); more && at >= 0 && len(in)-at < longest && !isWhole(in[at:]) {
		return in[:at], bytes.Clone(in[at:])
	}
	return in, nil
}

// isWhole reports whether a sequence that begins with ESC has its last byte.
func isWhole(b []byte) bool {
	if len(b) < 3 || b[1] != '[' && b[1] != 'O' {
		return len(b) >= 2 && b[1] != '[' && b[1] != 'O'
	}
	return bytes.ContainsFunc(b[2:], func(r rune) bool { return r >= '@' && r <= '~' })
}
