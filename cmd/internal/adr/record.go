package adr

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"net/url"
	"regexp"
	"strings"

	"waitornot/decide"
)

// A Record is a file of the folder, taken apart. Records of other tools have no
// Kind.
type Record struct {
	File   string // its base name
	Kind   Kind
	ID     string
	Status string
	Date   string
	Title  string

	supersedes string // the file that this record took the place of
	raw        string // as it was read
	text       string // with line feeds alone
	crlf       bool
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

var beginMarker = pattern(`(?m)^<!-- waitornot:begin sha256=([0-9a-f]{32}) -->\n`)

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
		if strings.Contains(text, "waitornot:begin") || strings.Contains(text, endMarker) {
			return part{head: text, state: edited}
		}
		return part{head: text}
	}
	body, tail, closed := strings.Cut(text[marks[0][1]:], endMarker)
	p := part{head: text[:marks[0][1]], body: body, tail: endMarker + tail, state: whole}
	if !closed || len(marks) > 1 || text[marks[0][0]:marks[0][1]] != begin(body) {
		p.state = edited
	}
	return p
}

// with returns the text with another generated part.
func (p part) with(body string) string {
	loc := beginMarker().FindStringIndex(p.head)
	return p.head[:loc[0]] + begin(body) + body + p.tail
}

var (
	heading     = pattern(`(?m)^# +(.+?)\s*$`)
	bulletState = pattern(`(?mi)^([-*] +Status: *)(.+?)[ \t]*$`)
	bulletDate  = pattern(`(?mi)^(?:[-*] +)?Date: *(\S+)[ \t]*$`)
	stateBlock  = pattern(`(?mi)^(## +Status[ \t]*\n+)(.+?)[ \t]*$`)
	numbered    = pattern(`^\d+\. `)
)

// parse takes a record apart. It never fails: what is not there is empty.
func parse(file, raw string) *Record {
	r := &Record{File: file, raw: raw, text: raw}
	if strings.Contains(raw, "\r\n") {
		r.crlf, r.text = true, strings.ReplaceAll(raw, "\r\n", "\n")
	}
	front, rest := frontMatter(r.text)
	fields := fieldsOf(front)
	for _, k := range []Kind{Operation, Service} {
		if id, ok := fields[string(k)]; ok && r.Kind == "" {
			r.Kind, r.ID = k, id
		}
	}
	r.Status, r.Date, r.supersedes = fields["status"], fields["date"], fields["supersedes"]
	if m := heading().FindStringSubmatch(rest); m != nil {
		r.Title = m[1]
	}
	if r.Status == "" {
		r.Status = stated(rest)
	}
	if m := bulletDate().FindStringSubmatch(rest); r.Date == "" && m != nil {
		r.Date = m[1]
	}
	if r.ours() {
		r.part = cut(r.text)
		r.decided = decidedIn(r.part.body)
	}
	return r
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

// frontMatter splits a text behind its front matter, which is empty when there
// is none.
func frontMatter(text string) (front, rest string) {
	if !strings.HasPrefix(text, "---\n") {
		return "", text
	}
	end := strings.Index(text[3:], "\n---\n")
	if end < 0 {
		return "", text
	}
	end += 3 + len("\n---\n")
	return text[:end], text[end:]
}

// fieldsOf reads the simple fields of a front matter.
func fieldsOf(front string) map[string]string {
	fields := map[string]string{}
	for _, line := range strings.Split(front, "\n") {
		key, value, ok := strings.Cut(line, ":")
		if !ok || key == "" || strings.ContainsAny(key[:1], " \t#-") {
			continue
		}
		if _, twice := fields[key]; !twice {
			fields[key] = scalar(strings.TrimSpace(value))
		}
	}
	return fields
}

// scalar reads a YAML scalar of one line.
func scalar(value string) string {
	var text string
	switch {
	case strings.HasPrefix(value, `"`) && json.Unmarshal([]byte(value), &text) == nil:
		return text
	case len(value) > 1 && strings.HasPrefix(value, "'") && strings.HasSuffix(value, "'"):
		return strings.ReplaceAll(value[1:len(value)-1], "''", "'")
	}
	plain, _, _ := strings.Cut(value, " #")
	return strings.TrimSpace(plain)
}

var plainScalar = pattern(`^[A-Za-z][A-Za-z0-9_./-]*$`)

// quoted writes a YAML scalar that scalar reads back.
func quoted(text string) string {
	switch strings.ToLower(text) {
	case "true", "false", "yes", "no", "on", "off", "null", "y", "n":
	default:
		if plainScalar().MatchString(text) {
			return text
		}
	}
	b, _ := json.Marshal(text) // a string always marshals
	return string(b)
}

// setField sets a field of a front matter.
func setField(text, key, value string) string {
	front, rest := frontMatter(text)
	line := regexp.MustCompile(`(?m)^` + regexp.QuoteMeta(key) + `:.*$`)
	entry := key + ": " + value
	if front == "" {
		return "---\n" + entry + "\n---\n\n" + rest
	}
	if loc := line.FindStringIndex(front); loc != nil {
		return front[:loc[0]] + entry + front[loc[1]:] + rest
	}
	return strings.TrimSuffix(front, "---\n") + entry + "\n---\n" + rest
}

// decidedLine is the first line of a generated part: what the record decides,
// for the next run to read.
func decidedLine(list []choice) string {
	var b strings.Builder
	b.WriteString("<!-- waitornot:decided")
	for _, c := range list {
		b.WriteString(" " + strings.ReplaceAll(url.QueryEscape(c.id), "-", "%2D") + "=" + c.verdict.String())
	}
	b.WriteString(" -->\n")
	return b.String()
}

func decidedIn(body string) []choice {
	line, _, _ := strings.Cut(body, "\n")
	line, ok := strings.CutPrefix(line, "<!-- waitornot:decided")
	if !ok {
		return nil
	}
	var list []choice
	for _, pair := range strings.Fields(strings.TrimSuffix(line, "-->")) {
		id, name, _ := strings.Cut(pair, "=")
		id, err := url.QueryUnescape(id)
		if v, known := decide.ParseVerdict(name); known && err == nil {
			list = append(list, choice{id, v})
		}
	}
	return list
}

// superseded returns the text of a record whose place another has taken.
func (r *Record) superseded(by *Record) string {
	status := "superseded by " + linkTo(by.File)
	text := setField(r.text, "status", quoted(status))
	front, rest := frontMatter(text)
	head, after, found := rest, "", false
	if loc := beginMarker().FindStringIndex(rest); loc != nil {
		head, after, found = rest[:loc[0]], rest[loc[0]:], true
	}
	switch note := "> Superseded by " + linkTo(by.File) + ".\n"; {
	case bulletState().MatchString(head):
		head = replaceGroup(bulletState(), head, status)
	case stateBlock().MatchString(head):
		head = replaceGroup(stateBlock(), head, "S"+status[1:])
	case found:
		head = strings.TrimRight(head, "\n") + "\n\n" + note + "\n"
	default:
		head = strings.TrimRight(head, "\n") + "\n\n" + note
	}
	return r.ending(front + head + after)
}

// replaceGroup puts text in the place of the second group of the first match.
func replaceGroup(re *regexp.Regexp, in, text string) string {
	m := re.FindStringSubmatchIndex(in)
	return in[:m[4]] + text + in[m[5]:]
}

// renewed returns the text of a record with another generated part.
func (r *Record) renewed(body, date string) string {
	text := r.part.with(body)
	front, rest := frontMatter(setField(text, "date", date))
	head, after, _ := strings.Cut(rest, "<!-- waitornot:begin")
	if m := bulletDate().FindStringSubmatchIndex(head); m != nil {
		head = head[:m[2]] + date + head[m[3]:]
	}
	return r.ending(front + head + "<!-- waitornot:begin" + after)
}

// ending returns text with the line ends of the file.
func (r *Record) ending(text string) string {
	if r.crlf {
		return strings.ReplaceAll(text, "\n", "\r\n")
	}
	return text
}

func linkTo(file string) string { return "[" + label(file) + "](" + linkTarget(file) + ")" }

// linkTarget is a file name fit for a link.
func linkTarget(file string) string {
	return strings.NewReplacer("%", "%25", " ", "%20", "(", "%28", ")", "%29", "<", "%3C", ">", "%3E").Replace(file)
}
