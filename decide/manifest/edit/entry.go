package edit

import (
	"iter"
	"slices"
	"strings"
	"time"

	"gopkg.in/yaml.v3"

	"waitornot/decide"
	"waitornot/decide/manifest"
	"waitornot/decide/yamlfile"
)

// An Entry is an operation as it is written into a manifest.
type Entry struct {
	Name        string
	Description string
	Caller      string // left out when it is the document's service
	Callee      string
	Mode        decide.Verdict // how it works today; Undecided is left out
	Answers     decide.Answers // unknown answers are left out
	Stack       string         // of a manifest that is new; others keep their own
	Latency     time.Duration  // stands for the answer to the latency question when it is positive

	Facts   []Fact            // what stands between the mode and the answers, in this order
	Remarks map[string]string // comments by path; an unknown answer that has one is written
}

// A Fact is a value of an operation as Set takes it.
type Fact struct {
	Path  string
	Words []string
}

// A pair is a key with its value: words, or more pairs.
type pair struct {
	key     string
	kind    yamlfile.Kind // MappingKind for pairs, ListKind for a list of words
	words   []string
	pairs   []pair
	comment string // behind the value, where it has the rest of a line
}

func textPair(key, value string) pair {
	return pair{key: key, kind: yamlfile.TextKind, words: []string{value}}
}

func wordPair(key, value string) pair {
	return pair{key: key, kind: yamlfile.WordKind, words: []string{value}}
}

// settings returns what is written of the entry beside its name in a document of
// service.
func (e *Entry) settings(service string) []pair {
	var list []pair
	if e.Description != "" {
		list = append(list, textPair("description", e.Description))
	}
	if e.Caller != "" && e.Caller != service {
		list = append(list, textPair("caller", e.Caller))
	}
	if e.Callee != "" {
		list = append(list, textPair("callee", e.Callee))
	}
	if e.Mode != decide.Undecided {
		list = append(list, wordPair("mode", e.Mode.String()))
	}
	for _, f := range e.Facts {
		list = withFact(list, &f)
	}
	for i := range list {
		list[i].comment = e.Remarks[list[i].key]
	}
	answers := []pair{}
	for _, q := range decide.Questions() {
		switch {
		case q == decide.Latency && e.Latency > 0:
			answers = append(answers, wordPair(q.String(), manifest.FormatDuration(e.Latency)))
		case e.Answers[q] != decide.Unknown, e.Remarks[answerPath(q)] != "":
			answers = append(answers, wordPair(q.String(), e.Answers[q].String()))
		default:
			continue
		}
		answers[len(answers)-1].comment = e.Remarks[answerPath(q)]
	}
	return append(list, pair{key: "answers", kind: yamlfile.MappingKind, pairs: answers})
}

func answerPath(q decide.Question) string { return "answers." + q.String() }

// withFact adds a value to pairs, inside the mapping that another has begun. A path that
// no operation has is left out.
func withFact(list []pair, f *Fact) []pair {
	key, err := keyOf(f.Path, f.Words)
	if err != nil {
		return list
	}
	p := nested(strings.Split(f.Path, "."), key, f.Words)
	for i := range list {
		if list[i].key == p.key && p.kind == yamlfile.MappingKind {
			list[i].pairs = append(list[i].pairs, p.pairs...)
			return list
		}
	}
	return append(list, p)
}

// comment writes a comment behind a value.
func comment(text string) string {
	if text == "" {
		return ""
	}
	return "  # " + commentText(text)
}

// commentText returns text as it can stand in a comment: on one line, without
// characters that parsers refuse or readers don't see.
func commentText(text string) string {
	return strings.Map(func(r rune) rune {
		if needsEscape(r) {
			return ' '
		}
		return r
	}, strings.ToValidUTF8(text, "\ufffd"))
}

// remarked reports whether pairs have comments, which need lines.
func remarked(pairs []pair) bool {
	return slices.ContainsFunc(pairs, func(p pair) bool { return p.comment != "" })
}

// paths yields the settings as paths of an operation with their words, in order.
func (e *Entry) paths(service string) iter.Seq2[string, []string] {
	return func(yield func(string, []string) bool) {
		for _, s := range e.settings(service) {
			if s.kind != yamlfile.MappingKind {
				if !yield(s.key, s.words) {
					return
				}
				continue
			}
			for _, a := range s.pairs {
				if !yield(s.key+"."+a.key, a.words) {
					return
				}
			}
		}
	}
}

// pairs returns all that is written of the entry in a document of service.
func (e *Entry) pairs(service string) []pair {
	name := textPair("name", e.Name)
	name.comment = e.Remarks["name"]
	return append([]pair{name}, e.settings(service)...)
}

// heads returns what a new manifest says above its operations.
func (e *Entry) heads() []pair {
	var list []pair
	for _, p := range []pair{textPair("service", e.Caller), textPair("stack", e.Stack)} {
		if p.words[0] != "" {
			list = append(list, p)
		}
	}
	return list
}

// operationKey describes an operation and its keys.
func operationKey() *yamlfile.Key {
	for _, k := range manifest.Schema().Keys {
		if k.Name == "operations" {
			return k.Items
		}
	}
	panic("manifests have no operations")
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

// word writes a word of a value of some kind.
func (s *style) word(kind yamlfile.Kind, word string) string {
	switch number := kind == yamlfile.NumberKind || kind == yamlfile.CountKind; {
	case number:
		return word // which no reader takes in quotes
	case s.json:
		return quote(word, true)
	case kind == yamlfile.TextKind || kind == yamlfile.ProseKind || kind == yamlfile.ListKind:
		return scalar(word)
	}
	return word // the reader knows yes and no, quoted or not; people write them plainly
}

// flowValue writes the value of a pair on one line.
func (s *style) flowValue(p pair) string {
	switch p.kind {
	case yamlfile.MappingKind:
		return s.flowMap(p.pairs)
	case yamlfile.ListKind:
		var words []string
		for _, w := range p.words {
			words = append(words, s.word(p.kind, w))
		}
		return "[" + strings.Join(words, ", ") + "]"
	}
	return s.word(p.kind, p.words[0])
}

// flowPair writes a pair on one line.
func (s *style) flowPair(p pair) string {
	key := p.key
	if s.json {
		key = quote(key, true)
	}
	return key + ": " + s.flowValue(p)
}

// flowMap writes pairs in braces.
func (s *style) flowMap(pairs []pair) string {
	var parts []string
	for _, p := range pairs {
		parts = append(parts, s.flowPair(p))
	}
	return "{" + strings.Join(parts, ", ") + "}"
}

// item writes an entry as an item of a block list, from its dash on and without
// the last line break.
func (s *style) item(e *Entry) string {
	pairs := e.pairs(s.service)
	dash := "-" + strings.Repeat(" ", s.inner-1)
	if s.flow {
		return dash + s.flowMap(pairs)
	}
	indent := s.newline + strings.Repeat(" ", s.dash+s.inner)
	var b strings.Builder
	for i, p := range pairs {
		if i == 0 {
			b.WriteString(dash)
		} else {
			b.WriteString(indent)
		}
		if len(p.pairs) == 0 || !remarked(p.pairs) && (!s.nested || p.key != "answers") {
			b.WriteString(s.flowPair(p) + comment(p.comment))
			continue
		}
		b.WriteString(p.key + ":")
		for _, a := range p.pairs {
			b.WriteString(indent + strings.Repeat(" ", s.step) + s.flowPair(a) + comment(a.comment))
		}
	}
	return b.String()
}

// node returns what the entry must read as.
func (e *Entry) node(service string) *yaml.Node { return mappingNode(e.pairs(service)) }

func mappingNode(pairs []pair) *yaml.Node {
	n := &yaml.Node{Kind: yaml.MappingNode, Tag: "!!map"}
	for _, p := range pairs {
		set(n, p.key, p.node())
	}
	return n
}

// anyTag is the tag of a word that manifests read by its letters, whether YAML takes
// them for a number, a date, or text.
const anyTag = ""

// node returns what the value of a pair must read as.
func (p *pair) node() *yaml.Node {
	switch p.kind {
	case yamlfile.MappingKind:
		return mappingNode(p.pairs)
	case yamlfile.ListKind:
		var items []*yaml.Node
		for _, w := range p.words {
			items = append(items, &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!str", Value: w})
		}
		return listOf(items...)
	case yamlfile.TextKind, yamlfile.ProseKind:
		return &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!str", Value: p.words[0]}
	}
	return &yaml.Node{Kind: yaml.ScalarNode, Tag: anyTag, Value: p.words[0]}
}
