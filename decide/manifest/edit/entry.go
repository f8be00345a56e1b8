package edit

import (
	"strings"
	"time"

	"gopkg.in/yaml.v3"

	"waitornot/decide"
	"waitornot/decide/manifest"
)

// An Entry is an operation as it is written into a manifest.
type Entry struct {
	Name    string
	Caller  string // left out when it is the document's service
	Callee  string
	Answers decide.Answers // unknown answers are left out
	Stack   string         // of a manifest that is new; others keep their own
	Latency time.Duration  // stands for the answer to the latency question when it is positive
}

// A pair is a key with its value: text, or more pairs.
type pair struct {
	key   string
	value string
	pairs []pair // not nil when the value is a mapping
}

// pairs returns what is written of the entry in a document of service.
func (e *Entry) pairs(service string) []pair {
	list := []pair{{key: "name", value: e.Name}}
	if e.Caller != "" && e.Caller != service {
		list = append(list, pair{key: "caller", value: e.Caller})
	}
	if e.Callee != "" {
		list = append(list, pair{key: "callee", value: e.Callee})
	}
	answers := []pair{}
	for _, q := range decide.Questions() {
		switch {
		case q == decide.Latency && e.Latency > 0:
			answers = append(answers, pair{key: q.String(), value: manifest.FormatDuration(e.Latency)})
		case e.Answers[q] != decide.Unknown:
			answers = append(answers, pair{key: q.String(), value: e.Answers[q].String()})
		}
	}
	return append(list, pair{key: "answers", pairs: answers})
}

// heads returns what a new manifest says above its operations.
func (e *Entry) heads() []pair {
	var list []pair
	for _, p := range []pair{{key: "service", value: e.Caller}, {key: "stack", value: e.Stack}} {
		if p.value != "" {
			list = append(list, p)
		}
	}
	return list
}

// A style is how the operations of a document are written.
type style struct {
	newline string
	dash    int    // columns before the dash of an item
	inner   int    // columns from the dash to the keys of the item
	step    int    // columns by which a nested mapping is indented
	flow    bool   // items are written in braces
	nested  bool   // answers are written as a block, one line each
	json    bool   // everything is quoted as JSON wants it
	blank   bool   // an empty line stands between items
	service string // of the document
}

func (s *style) text(value string, answer bool) string {
	switch {
	case s.json:
		return quote(value, true)
	case answer:
		return value // the reader knows yes and no, quoted or not; people write them plainly
	}
	return scalar(value)
}

// flowMap writes pairs in braces.
func (s *style) flowMap(pairs []pair, answers bool) string {
	var parts []string
	for _, p := range pairs {
		key := p.key
		if s.json {
			key = quote(key, true)
		}
		if p.pairs != nil {
			parts = append(parts, key+": "+s.flowMap(p.pairs, true))
			continue
		}
		parts = append(parts, key+": "+s.text(p.value, answers))
	}
	return "{" + strings.Join(parts, ", ") + "}"
}

// item writes an entry as an item of a block list, from its dash on and without
// the last line break.
func (s *style) item(e *Entry) string {
	pairs := e.pairs(s.service)
	dash := "-" + strings.Repeat(" ", s.inner-1)
	if s.flow {
		return dash + s.flowMap(pairs, false)
	}
	indent := s.newline + strings.Repeat(" ", s.dash+s.inner)
	var b strings.Builder
	for i, p := range pairs {
		if i == 0 {
			b.WriteString(dash)
		} else {
			b.WriteString(indent)
		}
		b.WriteString(p.key + ":")
		switch {
		case p.pairs == nil:
			b.WriteString(" " + s.text(p.value, false))
		case s.nested && len(p.pairs) > 0:
			for _, a := range p.pairs {
				b.WriteString(indent + strings.Repeat(" ", s.step) + a.key + ": " + s.text(a.value, true))
			}
		default:
			b.WriteString(" " + s.flowMap(p.pairs, true))
		}
	}
	return b.String()
}

// node returns what the entry must read as.
func (e *Entry) node(service string) *yaml.Node { return mappingNode(e.pairs(service)) }

func mappingNode(pairs []pair) *yaml.Node {
	n := &yaml.Node{Kind: yaml.MappingNode, Tag: "!!map"}
	for _, p := range pairs {
		value := &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!str", Value: p.value}
		if p.pairs != nil {
			value = mappingNode(p.pairs)
		}
		n.Content = append(n.Content, &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!str", Value: p.key}, value)
	}
	return n
}
