package input

import (
	"bufio"
	"fmt"
	"math/rand/v2"
	"strings"
)

// A Shape is a way of writing the same operations.
type Shape struct {
	Name string
	Doc  string
	Bar  Bar

	careless bool                // most operations have a finding
	head     string              // before the first document
	top      string              // lines of a document beside the operations
	eol      string              // "\n" when empty
	text     func(string) string // how a text of people is written on a line
	fold     string              // the header of a block for texts
	word     func(string) string // how words are written
	key      func(string) string // how keys are written
	blocks   bool                // no braces
	indent   int                 // 2 when 0
	comment  string              // after every fifth value
	extra    []string            // lines of each operation
	wide     bool                // braces over two lines
	guards   string              // an alias in the place of guards
	perDoc   int                 // operations of a document; all when 0
	json     int                 // 1: an operation a line; 2: indented
}

// A Bar is what a shape may cost, as a multiple of the floor.
type Bar struct{ CPU, Memory float64 }

var (
	plainBar = Bar{.30, .20}
	richBar  = Bar{.45, .30}
)

func quoted(s string) string { return `"` + s + `"` }

var shapes = []Shape{
	{Name: "plain", Doc: "short mappings in braces, texts without quotes", Bar: plainBar},
	{Name: "block", Doc: "no braces", Bar: plainBar, blocks: true},
	{Name: "indented", Doc: "no braces, four columns a level", Bar: plainBar, blocks: true, indent: 4},
	{Name: "quoted", Doc: "all words and texts in double quotes", Bar: plainBar, blocks: true, word: quoted, text: quoted},
	{Name: "utf8", Doc: "letters beyond ASCII in plain texts", Bar: plainBar, text: func(s string) string { return "Größe geprüft – " + s }},
	{Name: "utf8-quoted", Doc: "letters beyond ASCII in quotes", Bar: plainBar, text: func(s string) string { return `"Größe geprüft – ` + s + `"` }},
	{Name: "escapes", Doc: `\" and \u00e9 in quotes`, Bar: plainBar, text: func(s string) string { return `"The \"fast\" caf\u00e9: ` + s + `"` }},
	{Name: "doubled", Doc: "'' in single quotes", Bar: plainBar, text: func(s string) string { return "'The shop''s way. " + s + "'" }},
	{Name: "marks", Doc: "& and ! and ... within texts, parentheses first", Bar: plainBar, text: func(s string) string { return "(R&D) It is !important &c. ... " + s }},
	{Name: "folded", Doc: "texts as >- over four lines", Bar: plainBar, fold: ">-"},
	{Name: "literal", Doc: "texts as | over four lines", Bar: plainBar, fold: "|"},
	{Name: "multiline", Doc: "plain texts over four lines", Bar: plainBar, fold: " "},
	{Name: "crlf", Doc: "lines that end in CR LF", Bar: plainBar, eol: "\r\n"},
	{Name: "null", Doc: "keys without a value, and ~", Bar: plainBar, extra: []string{"x-note:", "x-link: ~", "x-priority: -1"}},
	{Name: "keys", Doc: "keys in quotes, and with a dot", Bar: plainBar, blocks: true, key: quoted, extra: []string{"x-docs.url: wiki/ops"}},
	{Name: "tabs", Doc: "a tab before comments", Bar: plainBar, comment: "\t# agreed in March"},
	{Name: "wide", Doc: "braces over two lines", Bar: plainBar, wide: true},
	{Name: "anchors", Doc: "an alias in every second operation", Bar: richBar, top: "x-guards: &guards [circuit-breaker, bulkhead]", guards: "*guards"},
	{Name: "anchor", Doc: "one anchor that nothing uses", Bar: richBar, top: "x-defaults: &defaults {timeout: 2s}"},
	{Name: "tags", Doc: "a tag in every operation", Bar: richBar, extra: []string{"x-note: !!str 12"}},
	{Name: "mark", Doc: "a byte order mark first", Bar: richBar, head: "\ufeff"},
	{Name: "directive", Doc: "%YAML 1.1 first, ... last", Bar: richBar, head: "%YAML 1.1\n---\n"},
	{Name: "json", Doc: "JSON, an operation a line", Bar: richBar, json: 1},
	{Name: "json-indented", Doc: "JSON, indented by two", Bar: richBar, json: 2},
	{Name: "json-dense", Doc: "JSON on one line", Bar: richBar, json: 3},
	{Name: "documents-1", Doc: "documents of one operation", Bar: Bar{.60, 1.2}, perDoc: 1},
	{Name: "documents-10", Doc: "documents of ten operations", Bar: Bar{.60, 1.2}, perDoc: 10},
	{Name: "documents-10-folded", Doc: "the same, texts folded", Bar: Bar{.60, 1.2}, perDoc: 10, fold: ">-"},
	{Name: "findings", Doc: "a finding on most operations, written as text", Bar: Bar{.60, .25}, careless: true},
}

// Shapes returns all shapes, the plainest first.
func Shapes() []Shape { return shapes }

// Careless reports whether most operations of the shape have a finding.
func (s *Shape) Careless() bool { return s.careless }

// Write writes operations in the shape. The same arguments give the same bytes.
func (s *Shape) Write(b *bufio.Writer, operations int, seed uint64) {
	w := writer{Writer: b, Shape: s, r: rand.New(rand.NewPCG(seed, 1))}
	w.WriteString(s.head)
	per := operations
	if s.perDoc > 0 {
		per = s.perDoc
	}
	for from := 0; from < operations; from += per {
		if s.perDoc > 0 {
			w.line(0, "---")
		}
		if s.json > 0 {
			w.jsonDocument(from, min(from+per, operations))
		} else {
			w.document(from, min(from+per, operations))
		}
	}
	if strings.HasPrefix(s.head, "%") {
		w.line(0, "...")
	}
}

type writer struct {
	*bufio.Writer
	*Shape
	r      *rand.Rand
	values int
}

func (w *writer) line(indent int, parts ...string) {
	for range indent {
		w.WriteByte(' ')
	}
	for _, p := range parts {
		w.WriteString(p)
	}
	if w.eol != "" {
		w.WriteString(w.eol)
		return
	}
	w.WriteByte('\n')
}

func (w *writer) document(from, to int) {
	w.line(0, w.name("version"), ": 1")
	service := "checkout"
	if w.perDoc > 0 {
		service = fmt.Sprintf("checkout-%d", from)
	}
	w.line(0, w.name("service"), ": ", service, "                    # the default caller")
	if w.top != "" {
		w.line(0, w.top)
	}
	w.line(0, w.name("operations"), ":")
	step := max(w.indent, 2)
	for i := from; i < to; i++ {
		for j, p := range operation(w.r, i, w.careless && i%5 != 0) {
			lead := ""
			if j == 0 {
				lead = "- "
			}
			w.pair(step, lead, p)
		}
		for _, x := range w.extra {
			w.line(step+2, x)
		}
	}
	if w.perDoc > 0 && from%100 > 0 {
		return
	}
	w.line(0, w.name("journeys"), ":")
	w.line(2, "- {name: place-order-", fmt.Sprint(from), ", steps: [", strings.Join(steps(from, to), ", "), "], slo: 99.9%, budget: 30s}")
}

// steps are the first operations of a document.
func steps(from, to int) []string {
	var names []string
	for i := from; i < min(to, from+5); i++ {
		names = append(names, opName(i))
	}
	return names
}

func (w *writer) name(key string) string {
	if w.key != nil {
		return w.key(key)
	}
	return key
}

// pair writes a pair of a mapping whose keys are two columns right of indent.
func (w *writer) pair(indent int, lead string, p pair) {
	w.values++
	after := ""
	if w.values%5 == 0 {
		after = w.comment
	}
	key := lead + w.name(p.key) + ":"
	at := indent + 2 - len(lead)
	deeper := indent + 2 + max(w.indent, 2)
	switch {
	case p.key == "guards" && w.guards != "":
		w.line(at, key, " ", w.guards)
	case p.text != "" && w.fold != "":
		w.folded(at, key, deeper, p.text)
	case p.text != "" && w.text != nil:
		w.line(at, key, " ", w.text(p.text), after)
	case p.items != nil:
		w.line(at, key)
		for _, x := range p.items {
			w.line(deeper, "- ", w.flow(x))
		}
	case p.mapping != nil && w.blocks:
		w.line(at, key, after)
		for _, q := range p.mapping {
			w.pair(deeper-2, "", q)
		}
	case p.list != nil && w.blocks:
		w.line(at, key, after)
		for _, x := range p.list {
			w.line(deeper, "- ", w.flow(value{word: x}))
		}
	case p.mapping != nil && w.wide:
		text := w.flow(p.value)
		cut := strings.Index(text[len(text)/2:], ", ") + len(text)/2
		w.line(at, key, " ", text[:cut+1])
		w.line(deeper+2, text[cut+2:], after)
	default:
		w.line(at, key, " ", w.flow(p.value), after)
	}
}

const more = "It was added with the second release of the shop, after the old nightly job had become too slow for the summer sale, " +
	"and its time-outs are counted on when the warehouse plans the night"

// folded writes a text over several lines.
func (w *writer) folded(at int, key string, deeper int, text string) {
	head := key + " " + strings.TrimSpace(w.fold)
	if w.fold != " " {
		w.line(at, head)
		head = ""
	}
	for row := range strings.SplitSeq(text+" "+more, " the ") {
		if head != "" {
			w.line(at, head, row)
			head = ""
			continue
		}
		w.line(deeper, row)
	}
}

// flow writes a value on a line.
func (w *writer) flow(v value) string {
	switch {
	case v.mapping != nil:
		parts := make([]string, len(v.mapping))
		for i, p := range v.mapping {
			parts[i] = w.name(p.key) + ": " + w.flow(p.value)
		}
		return "{" + strings.Join(parts, ", ") + "}"
	case v.list != nil:
		return "[" + strings.Join(v.list, ", ") + "]"
	case v.text != "":
		return v.text
	case w.word != nil && !isNumber(v.word):
		return w.word(v.word)
	}
	return v.word
}

func isNumber(s string) bool { return strings.Trim(s, "0123456789") == "" }
