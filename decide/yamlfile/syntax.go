package yamlfile

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"io"
	"strconv"
	"strings"
	"unicode/utf8"

	"gopkg.in/yaml.v3"
)

// isUTF16 reports whether the text is UTF-16, with or without a byte order mark.
func isUTF16(data []byte) bool {
	if bytes.HasPrefix(data, []byte("\xff\xfe")) || bytes.HasPrefix(data, []byte("\xfe\xff")) {
		return true
	}
	return len(data) >= 2 && (data[0] == 0) != (data[1] == 0)
}

// maxBadPlaces is how many places of a wrong encoding are listed.
const maxBadPlaces = 10

// readable returns the text with each byte that is not UTF-8, and each
// character that YAML does not allow, replaced, and reports them: one such
// place must not hide the rest of the file.
func (r *report) readable(data []byte) []byte {
	bad := nextBad(data, 0)
	if bad < 0 {
		return data
	}
	r.broken = true
	t := newText(data, 0)
	var clean bytes.Buffer
	from := 0
	for n := 0; bad >= 0; n++ {
		char, size := utf8.DecodeRune(data[bad:])
		switch {
		case n == maxBadPlaces:
			r.add(Encoding, t.span(bad, bad+size), "and more like those above", "")
		case n > maxBadPlaces:
		case char == utf8.RuneError && size <= 1:
			r.add(Encoding, t.span(bad, bad+size), fmt.Sprintf(`byte 0x%02X isn't UTF-8`, data[bad]), "save the file as UTF-8")
		default:
			r.add(Encoding, t.span(bad, bad+size), fmt.Sprintf("character %U isn't allowed in YAML", char),
				"delete it, or write it as an escape inside double quotes")
		}
		clean.Write(data[from:bad])
		clean.WriteRune(utf8.RuneError)
		from = bad + size
		bad = nextBad(data, from)
	}
	clean.Write(data[from:])
	return clean.Bytes()
}

// nextBad returns the offset of the next byte that is not UTF-8 or character
// that YAML does not allow, or -1.
func nextBad(data []byte, from int) int {
	for i := from; ; {
		for i+8 <= len(data) && isPrintable(withoutBreaks(binary.LittleEndian.Uint64(data[i:]))) {
			i += 8
		}
		if i == len(data) {
			return -1
		}
		if b := data[i]; b < utf8.RuneSelf {
			if b < ' ' && b != '\n' && b != '\t' && b != '\r' || b == 0x7f {
				return i
			}
			i++
			continue
		}
		r, size := utf8.DecodeRune(data[i:])
		if r == utf8.RuneError && size == 1 || r < 0xA0 && r != 0x85 ||
			r == 0xFEFF && !startsText(data, i) || r == 0xFFFE || r == 0xFFFF {
			return i
		}
		i += size
	}
}

// withoutBreaks returns eight bytes with another character in the place of each line feed: of
// the exclusive or of both, only a zero added to 0x7f leaves the highest bit alone.
func withoutBreaks(eight uint64) uint64 {
	const each, low = 0x0101010101010101, 0x7f7f7f7f7f7f7f7f
	x := eight ^ each*'\n'
	breaks := ^((x&low + low) | x | low)
	return eight | breaks>>2
}

// isPrintable reports whether eight bytes are all printable ASCII characters: then
// no subtraction of a space, and no addition of one, reaches the highest bit.
func isPrintable(eight uint64) bool {
	const each, high = 0x0101010101010101, 0x8080808080808080
	return (eight|(eight-each*' ')|(eight+each))&high == 0
}

// startsText reports whether an offset is the start of a text or of a document
// in it, where a byte order mark may stand: files are joined so.
func startsText(data []byte, at int) bool {
	if at == 0 {
		return true
	}
	after := data[min(at+len(byteOrderMark), len(data)):]
	return data[at-1] == '\n' && (startsDocument(after) || bytes.HasSuffix(bytes.TrimRight(data[:at], "\r\n"), []byte("---")))
}

// nextDocument returns the offset of the first line after offset at that starts
// a document, or -1.
func nextDocument(data []byte, at int) int {
	for from := at; ; {
		n := bytes.Index(data[from:], []byte("---"))
		if n < 0 {
			return -1
		}
		from += n + len("---")
		start := len(bytes.TrimSuffix(data[at:from-len("---")], []byte(byteOrderMark))) + at
		if start > at && data[start-1] == '\n' && (from == len(data) || isSpace(data[from])) {
			return start
		}
	}
}

// syntax reports why a text does not parse and returns the offset of the place.
func (r *report) syntax(t *text, err error) int {
	problem := strings.TrimPrefix(err.Error(), "yaml: ")
	var line int
	if rest, ok := strings.CutPrefix(problem, "line "); ok {
		if number, text, ok := strings.Cut(rest, ": "); ok {
			if n, err := strconv.Atoi(number); err == nil {
				line, problem = n, text
			}
		}
	}
	f := failure{t: t, problem: problem, line: line, seen: t.locate(problem)}
	f.explain()
	r.add(f.rule, t.span(f.from, f.to), f.message, f.fix)
	return f.from
}

// locate returns the offset of the end of the line at which parsing gives up.
// The library names the line at which the collection around it started, or
// none: so the text is parsed again from a reader that hands out one line at a
// time, and the last lines handed out are tried again without those after.
func (t *text) locate(problem string) int {
	lines := &lineReader{data: t.data}
	drain(yaml.NewDecoder(lines))
	end := lines.at
	if t.data[end-1] != '\n' { // a long line is handed out in parts
		end = min(lineEnd(t.data, end)+1, len(t.data))
	}
	const retryBelow = 1 << 20
	for range 4 {
		if end >= retryBelow {
			break
		}
		before := bytes.LastIndexByte(t.data[:end-1], '\n') + 1
		err := drain(yaml.NewDecoder(bytes.NewReader(t.data[:before])))
		if err == nil || !strings.HasSuffix(err.Error(), problem) {
			break
		}
		end = before
	}
	return end
}

// drain decodes documents until the end, or an error.
func drain(d *yaml.Decoder) error {
	for {
		var n yaml.Node
		switch err := d.Decode(&n); {
		case err == io.EOF:
			return nil
		case err != nil:
			return err
		}
	}
}

// A lineReader hands out at most one line for each Read.
type lineReader struct {
	data []byte
	at   int
}

// Read copies the next line, or as much of it as p holds.
func (l *lineReader) Read(p []byte) (int, error) {
	rest := l.data[l.at:]
	if len(rest) == 0 {
		return 0, io.EOF
	}
	if n := bytes.IndexByte(rest, '\n'); n >= 0 {
		rest = rest[:n+1]
	}
	n := copy(p, rest)
	l.at += n
	return n, nil
}
