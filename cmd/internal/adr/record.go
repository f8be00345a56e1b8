package adr

import (
	"path"
	"regexp"
	"strings"
)

// A Record is a file of the folder, taken apart. Records of other tools have no
// Kind.
type Record struct {
	File   string // below the folder, with slashes
	Kind   Kind
	ID     string
	Status string
	Date   string
	Title  string

	supersedes string // the file that this record took the place of
	raw        string // as it was read
	text       string // with line feeds alone, without a byte order mark
	crlf, bom  bool
	part       part
	decided    []choice
}

// Live reports whether the record still claims to hold.
func (r *Record) Live() bool {
	word := strings.ToLower(strings.TrimSpace(r.Status))
	return word == "" || strings.HasPrefix(word, "accepted") || strings.HasPrefix(word, "proposed") || strings.HasPrefix(word, "draft")
}

// ours reports whether the record was written by us.
func (r *Record) ours() bool { return r.Kind != "" }

var (
	heading     = pattern(`(?m)^# +(.+?)\s*$`)
	bulletState = pattern(`(?mi)^([-*] +Status: *)(.+?)[ \t]*$`)
	bulletDate  = pattern(`(?mi)^((?:[-*] +)?Date: *)(\S+)[ \t]*$`)
	stateBlock  = pattern(`(?mi)^(## +Status[ \t]*\n+)(.+?)[ \t]*$`)
	numbered    = pattern(`^\d+\. `)
)

const byteOrderMark = "\ufeff"

// parse takes a record apart. It never fails: what is not there is empty. A record is
// ours by its mark, or by its front matter where the mark was edited away.
func parse(file, raw string) *Record {
	r := &Record{File: file}
	r.set(raw)
	front, rest := frontMatter(r.text)
	fields := fieldsOf(front)
	value := func(key string) string { f, _ := fieldOf(fields, key); return f.value }
	r.part = cut(r.text)
	r.Kind, r.ID, r.decided = decidedIn(r.part.body)
	if r.Kind != Operation && r.Kind != Service {
		r.Kind = ""
		for _, k := range []Kind{Operation, Service} {
			if f, ok := fieldOf(fields, string(k)); ok && r.Kind == "" {
				r.Kind, r.ID = k, f.value
			}
		}
	}
	r.Status, r.Date, r.supersedes = value("status"), value("date"), value("supersedes")
	if m := heading().FindStringSubmatch(rest); m != nil {
		r.Title = m[1]
	}
	if r.Status == "" {
		r.Status = stated(rest)
	}
	if r.Date == "" {
		if m := bulletDate().FindStringSubmatch(rest); m != nil {
			r.Date = m[2]
		}
	}
	return r
}

// set gives the record the text of its file.
func (r *Record) set(raw string) {
	r.raw = raw
	r.text, r.bom = strings.CutPrefix(raw, byteOrderMark)
	if r.crlf = strings.Contains(r.text, "\r\n"); r.crlf {
		r.text = strings.ReplaceAll(r.text, "\r\n", "\n")
	}
}

// stated returns the status that the text itself states.
func stated(text string) string {
	if m := bulletState().FindStringSubmatch(text); m != nil {
		return m[2]
	}
	if m := stateBlock().FindStringSubmatch(text); m != nil {
		return m[2]
	}
	return ""
}

// style returns how the record states its status.
func (r *Record) style() style {
	_, rest := frontMatter(r.text)
	switch {
	case bulletState().MatchString(rest):
		return log4brains
	case numbered().MatchString(r.Title) || stateBlock().MatchString(rest):
		return adrTools
	}
	return madr
}

// superseded changes the record to one whose place another has taken. Its front matter
// and its generated part say so; above them only what the record was created with.
func (r *Record) superseded(by *Record) {
	status := "superseded by " + linkFrom(r.File, by.File)
	text := r.text
	if r.part.state == whole {
		mark, rest, _ := strings.Cut(r.part.body, "\n")
		r.part.body = mark + "\n\n> Superseded by " + linkFrom(r.File, by.File) + ".\n" + withoutNote(rest)
		text = r.part.with(r.part.body)
	}
	text = restated(text, bulletState(), r.Status, status)
	text = restated(text, stateBlock(), r.Status, "S"+status[1:])
	r.Status = status
	r.set(r.ending(setField(text, "status", status)))
	r.part = cut(r.text)
}

// withoutNote takes the note of an earlier superseding off a generated part.
func withoutNote(body string) string {
	if note, rest, ok := strings.Cut(strings.TrimPrefix(body, "\n"), "\n"); ok && strings.HasPrefix(note, "> Superseded by ") {
		return rest
	}
	return body
}

// restated returns the text with another value in the second group of a pattern, if
// what stands there is the value that the record was created with: anything else was
// written by a person. It looks between the title and the generated part alone.
func restated(text string, re *regexp.Regexp, was, is string) string {
	front, rest := frontMatter(text)
	head := rest
	if at := beginAt(rest); at >= 0 {
		head = rest[:at]
	}
	m := re.FindStringSubmatchIndex(head)
	if m == nil || was == "" || !strings.EqualFold(head[m[4]:m[5]], was) {
		return text
	}
	return front + head[:m[4]] + is + head[m[5]:] + rest[len(head):]
}

// renewed changes the generated part of the record.
func (r *Record) renewed(body, date string) {
	text := restated(r.part.with(body), bulletDate(), r.Date, date)
	r.Date = date
	r.set(r.ending(setField(text, "date", date)))
	r.part = cut(r.text)
}

// ending returns text with the line ends and the byte order mark of the file.
func (r *Record) ending(text string) string {
	if r.crlf {
		text = strings.ReplaceAll(text, "\n", "\r\n")
	}
	if r.bom {
		text = byteOrderMark + text
	}
	return text
}

// linkTo links to a record from a page beside the folder's own files.
func linkTo(file string) string { return linkFrom("", file) }

// linkFrom links from one record to another.
func linkFrom(from, to string) string {
	up := strings.Repeat("../", strings.Count(from, "/"))
	if path.Dir(from) == path.Dir(to) {
		up, to = "", path.Base(to)
	}
	return "[" + label(to) + "](" + linkTarget(up+to) + ")"
}
