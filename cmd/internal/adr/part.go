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

const endMarker = "<!-- waitornot:end -->"

// A marker is a line of its own: what manifests say can hold its text, but only inside
// a line.
var (
	beginMarker = pattern(`(?m)^<!-- waitornot:begin sha256=([0-9a-f]{32}) -->\n`)
	endLine     = pattern(`(?m)^<!-- waitornot:end -->$`)
	anyMarker   = pattern(`(?m)^<!-- waitornot:(begin|end)`)
)

func begin(body string) string {
	sum := sha256.Sum256([]byte(body))
	return "<!-- waitornot:begin sha256=" + hex.EncodeToString(sum[:16]) + " -->\n"
}

// generated returns a body between its markers.
func generated(body string) string { return begin(body) + body + endMarker + "\n" }

// cut finds the generated part.
func cut(text string) part {
	marks := beginMarker().FindAllStringIndex(text, -1)
	if len(marks) == 0 {
		if anyMarker().MatchString(text) {
			return part{head: text, state: edited}
		}
		return part{head: text}
	}
	from := marks[0][1]
	end := endLine().FindStringIndex(text[from:])
	if end == nil {
		return part{head: text[:from], body: text[from:], state: edited}
	}
	p := part{head: text[:from], body: text[from : from+end[0]], tail: text[from+end[0]:], state: whole}
	if len(marks) > 1 || text[marks[0][0]:from] != begin(p.body) {
		p.state = edited
	}
	return p
}

// with returns the text with another generated part.
func (p part) with(body string) string {
	loc := beginMarker().FindStringIndex(p.head)
	return p.head[:loc[0]] + begin(body) + body + p.tail
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
