package adr

import (
	"crypto/sha256"
	"encoding/hex"
	"net/url"
	"strings"

	"waitornot/decide"
)

// A part is the generated part of a text.
type part struct {
	head, body, tail string // head and tail hold the markers
	state            state
}

type state uint8

const (
	absent state = iota // no marker
	whole
	edited // by somebody else, since it was written
)

// A marker is a line of its own: what manifests say can hold its text, but only inside
// a line.
const (
	anyMarker   = "<!-- waitornot:"
	beginMarker = anyMarker + "begin"
	endMarker   = anyMarker + "end -->"
	sumMarker   = beginMarker + " sha256="
	sumSize     = 32 // hexadecimal digits
	beginSize   = len(sumMarker) + sumSize + len(closing)
	closing     = " -->\n"
)

// beginAt returns where the first line that begins a generated part starts, and -1
// without one.
func beginAt(text string) int {
	return lineThat(text, sumMarker, func(line string) bool {
		return len(line) == beginSize && strings.HasSuffix(line, closing) && strings.Trim(line[len(sumMarker):len(sumMarker)+sumSize], "0123456789abcdef") == ""
	})
}

// endAt returns where the first line that ends a generated part starts, and -1 without
// one.
func endAt(text string) int {
	return lineThat(text, endMarker, func(line string) bool { return strings.TrimSuffix(line, "\n") == endMarker })
}

// marked reports whether a text has a line that begins as a marker does.
func marked(text string) bool {
	return lineThat(text, anyMarker, func(line string) bool {
		return strings.HasPrefix(line, beginMarker) || strings.HasPrefix(line, anyMarker+"end")
	}) >= 0
}

// lineThat returns where the first line starts that begins with a prefix and is one that
// is sought, its line break included, and -1 without one.
func lineThat(text, prefix string, sought func(line string) bool) int {
	for at := 0; ; {
		next := strings.Index(text[at:], prefix)
		if next < 0 {
			return -1
		}
		at += next
		line := text[at:]
		if end := strings.IndexByte(line, '\n'); end >= 0 {
			line = line[:end+1]
		}
		if (at == 0 || text[at-1] == '\n') && sought(line) {
			return at
		}
		at += len(prefix)
	}
}

func begin(body string) string {
	sum := sha256.Sum256([]byte(body))
	return "<!-- waitornot:begin sha256=" + hex.EncodeToString(sum[:16]) + " -->\n"
}

// generated returns a body between its markers.
func generated(body string) string { return begin(body) + body + endMarker + "\n" }

// cut finds the generated part.
func cut(text string) part {
	at := beginAt(text)
	if at < 0 {
		if marked(text) {
			return part{head: text, state: edited}
		}
		return part{head: text}
	}
	from := at + beginSize
	end := endAt(text[from:])
	if end < 0 {
		return part{head: text[:from], body: text[from:], state: edited}
	}
	p := part{head: text[:from], body: text[from : from+end], tail: text[from+end:], state: whole}
	if beginAt(text[from:]) >= 0 || text[at:from] != begin(p.body) {
		p.state = edited
	}
	return p
}

// with returns the text with another generated part.
func (p part) with(body string) string {
	return p.head[:beginAt(p.head)] + begin(body) + body + p.tail
}

const decidedMark = "<!-- waitornot:decided"

// decidedLine is the first line of a generated part: what the record is about and what
// it decides, for the next run to read. It is the record's identity: front matter is
// lost more easily.
func decidedLine(kind Kind, id string, list []choice) string {
	var b strings.Builder
	b.WriteString(decidedMark + " about=" + string(kind) + ":" + markEscape(id))
	for _, c := range list {
		b.WriteString(" " + markEscape(c.id) + "=" + c.verdict.String())
	}
	b.WriteString(" -->\n")
	return b.String()
}

// markEscape makes any text one word that can't end a comment.
func markEscape(text string) string {
	return strings.ReplaceAll(url.QueryEscape(text), "-", "%2D")
}

// decidedIn reads the line that decidedLine writes. Kind is empty in records that were
// written before the line named what they are about, unless it can be told.
func decidedIn(body string) (kind Kind, id string, list []choice) {
	line, rest, _ := strings.Cut(body, "\n")
	line, ok := strings.CutPrefix(line, decidedMark)
	if !ok {
		return "", "", nil
	}
	for _, pair := range strings.Fields(strings.TrimSuffix(line, "-->")) {
		name, value, _ := strings.Cut(pair, "=")
		if k, about, ok := strings.Cut(value, ":"); ok && name == "about" {
			if text, err := url.QueryUnescape(about); err == nil {
				kind, id = Kind(k), text
			}
			continue
		}
		name, err := url.QueryUnescape(name)
		if v, known := decide.ParseVerdict(value); known && err == nil {
			list = append(list, choice{name, v})
		}
	}
	if kind == "" && len(list) == 1 && !strings.Contains(rest, "| operation |") {
		kind, id = Operation, list[0].id
	}
	return kind, id, list
}
