package manifest

import (
	"fmt"
	"strconv"
	"strings"
	"unicode/utf8"

	"gopkg.in/yaml.v3"

	"waitornot/decide/diag"
)

// A walker reads the nodes of one text. What it cannot read becomes a finding.
type walker struct {
	file     string
	text     *text
	first    int      // the library's line on which the document starts
	path     []string // the key at hand, from the outermost mapping in
	findings []diag.Finding

	active  []*yaml.Node // the targets of the aliases that the walk is within
	allowed int          // how many more nodes may be reached through aliases
}

// A value is a node together with where it was written.
type value struct {
	node  *yaml.Node // never an alias
	alias *yaml.Node // the alias that led to node; nil when none did
	key   *yaml.Node // the key that it stands under; nil in a list
}

// report adds a finding.
func (w *walker) report(id ruleID, at diag.Range, message, fix string, related ...diag.Related) {
	r := &ruleTable[id]
	w.findings = append(w.findings, diag.Finding{
		File: w.file, Range: at, Code: r.Code, Rule: r.Name, Severity: r.Severity,
		Message: message, Fix: fix, Related: related,
	})
}

// at names the key at hand as messages do: delivery.ttl.
func (w *walker) at() string { return strings.Join(w.path, ".") }

// place returns where a value was written: its alias when it has one, its key
// when nothing was written.
func (w *walker) place(v value) diag.Range {
	switch {
	case v.alias != nil:
		return w.text.node(v.alias)
	case isEmpty(v.node) && v.key != nil:
		return w.text.node(v.key)
	}
	return w.text.node(v.node)
}

// follow returns the value that n stands for, under key. After a value that was
// reached, call leave.
func (w *walker) follow(key, n *yaml.Node) (value, bool) {
	if len(w.active) > 0 {
		if w.allowed--; w.allowed < 0 {
			if w.allowed == -1 {
				w.report(badAlias, w.text.node(n), "aliases stand for more values than a manifest of this size may hold",
					"write the values out where they are needed")
			}
			return value{}, false
		}
	}
	if n.Kind != yaml.AliasNode {
		return value{node: n, key: key}, true
	}
	for _, target := range w.active {
		if target == n.Alias {
			w.report(badAlias, w.text.node(n), fmt.Sprintf("alias *%s stands for a value that holds it", short(n.Value)),
				"write the value out")
			return value{}, false
		}
	}
	if n.Alias.Line < w.first {
		w.report(badAlias, w.text.node(n), fmt.Sprintf("alias *%s names an anchor of another document", short(n.Value)),
			"write the value out: anchors end with their document")
		return value{}, false
	}
	w.active = append(w.active, n.Alias)
	return value{node: n.Alias, alias: n, key: key}, true
}

func (w *walker) leave(v value) {
	if v.alias != nil {
		w.active = w.active[:len(w.active)-1]
	}
}

// list calls visit for each item of a list.
func (w *walker) list(v value, visit func(value)) {
	if v.node.Kind != yaml.SequenceNode {
		w.reportKind(v, "a list")
		return
	}
	w.knowsTag(v)
	for _, n := range v.node.Content {
		if item, ok := w.follow(nil, n); ok {
			visit(item)
			w.leave(item)
		}
	}
}

// readScalar reads a value in a language into to, which stays unset when the
// value is not of it.
func readScalar[V any](w *walker, v value, lang scalarType[V], to *Field[V]) {
	n := v.node
	if n.Kind != yaml.ScalarNode || isNull(n) {
		w.reportKind(v, lang.want)
		return
	}
	if !w.knowsTag(v) {
		return
	}
	if lang.text && isPlain(n) {
		if other := otherKind(n, len(lang.words) > 0); other != "" {
			w.report(wrongKind, w.place(v), fmt.Sprintf("%s is %s, which YAML takes for %s: want %s",
				w.at(), quote(n.Value), other, lang.want), "quote it")
			return
		}
	}
	x, f := lang.parse(n.Value)
	if !f.none() {
		rule := f.rule
		if rule == 0 {
			rule = impossibleValue
		}
		w.report(rule, w.place(v), fmt.Sprintf("%s is %s: %s", w.at(), quote(n.Value), f.why), f.fix)
		return
	}
	*to = Field[V]{Value: x, Range: w.place(v)}
}

func isPlain(n *yaml.Node) bool {
	const written = yaml.DoubleQuotedStyle | yaml.SingleQuotedStyle | yaml.LiteralStyle | yaml.FoldedStyle
	return n.Kind == yaml.ScalarNode && n.Style&written == 0
}

// isNull reports whether a scalar stands for no value.
func isNull(n *yaml.Node) bool {
	if !isPlain(n) {
		return false
	}
	switch n.Value {
	case "", "~", "null", "Null", "NULL":
		return n.Tag != "!!str"
	}
	return false
}

// otherKind names what YAML takes a plain scalar for, "" when it is a text.
// With orNo, a boolean is as good as a text.
func otherKind(n *yaml.Node, orNo bool) string {
	switch n.Tag {
	case "!!int", "!!float":
		return "a number"
	case "!!timestamp":
		return "a date"
	}
	if _, is := parseYesNo(n.Value); is && !orNo && n.Style&yaml.TaggedStyle == 0 {
		return "a boolean"
	}
	return ""
}

// knowsTag reports whether the tag of a value, if it has one, says no more
// than what the value is anyway.
func (w *walker) knowsTag(v value) bool {
	if v.node.Style&yaml.TaggedStyle == 0 {
		return true
	}
	switch v.node.Tag {
	case "!!str", "!!int", "!!float", "!!bool", "!!null", "!!timestamp", "!!map", "!!seq":
		return true
	}
	w.report(unknownTag, w.place(v), fmt.Sprintf("%s has the tag %s, which means nothing here", w.at(), short(v.node.Tag)),
		"write the value itself")
	return false
}

// reportKind reports a value of the wrong kind.
func (w *walker) reportKind(v value, want string) {
	path := w.at()
	if path == "" {
		path = "the document"
	}
	switch {
	case v.node.Kind == yaml.MappingNode:
		w.report(wrongKind, w.place(v), path+" is a mapping: want "+want, "")
	case v.node.Kind == yaml.SequenceNode:
		w.report(wrongKind, w.place(v), path+" is a list: want "+want, "")
	case isNull(v.node):
		w.report(wrongKind, w.place(v), path+" has no value: want "+want, "give it a value, or leave it out")
	default:
		w.report(wrongKind, w.place(v), path+" is "+quote(v.node.Value)+": want "+want, "")
	}
}

// quote shows a text of the manifest in a message, shortened.
func quote(s string) string { return strconv.Quote(short(s)) }

// short cuts a long text.
func short(s string) string {
	const most = 60
	if len(s) <= most {
		return s
	}
	cut := most
	for cut > 0 && !utf8.RuneStart(s[cut]) {
		cut--
	}
	return strings.TrimRight(s[:cut], " ") + "..."
}
