package yamlfile

import (
	"fmt"
	"strconv"
	"strings"

	"waitornot/decide/diag"
)

// A Walker reads the nodes of one text. What it cannot read becomes a finding.
type Walker struct {
	file     string
	text     *text
	words    *interner
	path     []string // the key at hand, from the outermost mapping in
	findings []diag.Finding

	active  []*node // the targets of the aliases that the walk is within
	allowed int     // how many more nodes may be reached through aliases
}

// walk returns the parser's walker, which is its last one, made new for a text of a file.
func (p *parser) walk(file string, t *text) *Walker {
	old := &p.walker
	clear(old.findings)
	clear(old.active[:cap(old.active)])
	*old = Walker{file: file, text: t, words: &p.words, path: old.path[:0], findings: old.findings[:0], active: old.active[:0]}
	return old
}

// A Value is a node together with where it was written.
type Value struct {
	node  *node // never an alias
	alias *node // the alias that led to node; nil when none did
	key   *node // the key that it stands under; nil in a list

	// Of what is still to be read, node says only which kind it is.
	hand  *atHand // a mapping
	items *items  // a list
}

// Report adds a finding.
func (w *Walker) Report(r *Rule, at diag.Range, message, fix string, related ...diag.Related) {
	w.findings = append(w.findings, r.At(w.file, at, message, fix, related...))
}

// Path names the key at hand as messages do: delivery.ttl.
func (w *Walker) Path() string { return strings.Join(w.path, ".") }

// Place returns where a value was written: its alias when it has one, its key
// when nothing was written.
func (w *Walker) Place(v Value) diag.Range {
	switch {
	case v.alias != nil:
		return w.text.node(v.alias)
	case v.node.isEmpty() && v.key != nil:
		return w.text.node(v.key)
	}
	return w.text.node(v.node)
}

// Follow returns the value that n stands for, under key. After a value that was
// reached, call Leave.
func (w *Walker) Follow(key, n *node) (Value, bool) {
	if len(w.active) > 0 {
		if w.allowed--; w.allowed < 0 {
			if w.allowed == -1 {
				w.Report(BadAlias, w.text.node(n), "aliases expand to more values than a manifest of this size may have",
					"write out the values where you need them")
			}
			return Value{}, false
		}
	}
	if n.kind != aliasNode {
		return Value{node: n, key: key}, true
	}
	for _, target := range w.active {
		if target == n.props.target {
			w.Report(BadAlias, w.text.node(n), fmt.Sprintf("alias *%s is inside the value that it stands for", short(n.value)),
				"write out the value")
			return Value{}, false
		}
	}
	if n.foreign {
		w.Report(BadAlias, w.text.node(n), fmt.Sprintf("alias *%s refers to an anchor in another document", short(n.value)),
			"write out the value: anchors end with their document")
		return Value{}, false
	}
	w.active = append(w.active, n.props.target)
	return Value{node: n.props.target, alias: n, key: key}, true
}

// Leave ends the visit of a value that the walker entered: its alias may be entered again.
func (w *Walker) Leave(v Value) {
	if v.alias != nil {
		w.active = w.active[:len(w.active)-1]
	}
}

// List calls visit for each item of a list.
func (w *Walker) List(v Value, visit func(Value)) {
	if v.node.kind != listNode {
		w.ReportKind(v, "a list")
		return
	}
	w.knowsTag(v)
	for n := v.node.first; n != nil; n = n.next {
		if item, ok := w.Follow(nil, n); ok {
			visit(item)
			w.Leave(item)
		}
	}
}

// Items calls visit for each item of the list of a document. An item may be a mapping that is
// still to be read, which Table.Read tries directly: when visit reports false for it, nothing
// of it may have been kept, and visit is called again with the item as nodes.
func (w *Walker) Items(v Value, visit func(Value) bool) {
	if v.items != nil {
		v.items.each(w, visit)
		return
	}
	w.List(v, func(item Value) { visit(item) })
}

// Entries calls visit for each pair of a mapping whose keys are names.
func (w *Walker) Entries(v Value, visit func(Field[string], Value)) {
	if v.node.kind != mappingNode {
		w.ReportKind(v, "a mapping")
		return
	}
	w.knowsTag(v)
	seen := map[string]*node{}
	for k := v.node.first; k != nil; k = k.next.next {
		if k.kind != scalarNode {
			w.Report(WrongKind, w.text.node(k), "a key must be a string", "")
			continue
		}
		if first := seen[k.value]; first != nil {
			w.reportTwice(k, first)
			continue
		}
		seen[k.value] = k
		w.path = append(w.path, short(k.value))
		if item, ok := w.Follow(k, k.next); ok {
			visit(Field[string]{Value: k.value, Range: w.text.node(k)}, item)
			w.Leave(item)
		}
		w.path = w.path[:len(w.path)-1]
	}
}

// ReadScalar reads a value in a language into to, which stays unset when the
// value is not of it.
func ReadScalar[V any](w *Walker, v Value, s *Scalar[V], to *Field[V]) {
	n := v.node
	if n.kind != scalarNode || n.isNull() {
		w.ReportKind(v, s.Want)
		return
	}
	if !w.knowsTag(v) {
		return
	}
	if s.Text && n.isPlain() {
		if other := otherKind(n.value, n.tag(), len(s.Words) > 0); other != "" {
			w.Report(WrongKind, w.Place(v), fmt.Sprintf("%s is %s, which YAML reads as %s: expected %s",
				w.Path(), Quote(n.value), other, s.Want), "quote it")
			return
		}
	}
	text := n.value
	if now := s.Renamed[text]; now != "" {
		w.Report(OldWord, w.Place(v), fmt.Sprintf("%s is %s, which is now called %s", w.Path(), Quote(text), now), "write "+now)
		last := &w.findings[len(w.findings)-1]
		last.Shared = last.Message // one is enough for a file
		w.correct(n, now)
		text = now
	}
	if s.Keeps {
		text = w.words.keep(text)
	}
	x, f := s.Parse(text)
	if !f.None() {
		rule := f.Rule
		if rule == nil {
			rule = ImpossibleValue
		}
		w.Report(rule, w.Place(v), fmt.Sprintf("%s is %s: %s", w.Path(), Quote(n.value), f.Why), f.Fix)
		return
	}
	*to = Field[V]{Value: x, Range: w.Place(v)}
}

// knowsTag reports whether the tag of a value, if it has one, says no more
// than what the value is anyway.
func (w *Walker) knowsTag(v Value) bool {
	tag := v.node.tag()
	switch tag {
	case "":
		return true
	case "!!str", "!!int", "!!float", "!!bool", "!!null", "!!timestamp", "!!map", "!!seq":
		return true
	}
	w.Report(UnknownTag, w.Place(v), fmt.Sprintf("%s has the tag %s, which has no meaning here", w.Path(), short(tag)),
		"write the value itself")
	return false
}

// ReportKind reports a value of the wrong kind.
func (w *Walker) ReportKind(v Value, want string) {
	path := w.Path()
	if path == "" {
		path = "the document"
	}
	switch {
	case v.node.kind == mappingNode:
		w.Report(WrongKind, w.Place(v), path+" is a mapping: expected "+want, "")
	case v.node.kind == listNode:
		w.Report(WrongKind, w.Place(v), path+" is a list: expected "+want, "")
	case v.node.isNull():
		w.Report(WrongKind, w.Place(v), path+" has no value: expected "+want, "give it a value, or leave it out")
	default:
		w.Report(WrongKind, w.Place(v), path+" is "+Quote(v.node.value)+": expected "+want, "")
	}
}

// Quote shows a text of the manifest in a message, shortened.
func Quote(s string) string { return strconv.Quote(short(s)) }

// short cuts a long text.
func short(s string) string {
	const most = 60
	if len(s) <= most {
		return s
	}
	return strings.TrimRight(strings.ToValidUTF8(s[:most], ""), " ") + "..." // half a character is none
}

// MayShare reports whether what is written for the value may hold elsewhere, too: it's an
// alias, or something in it has an anchor.
func (v Value) MayShare() bool { return v.hand == nil && (v.alias != nil || v.node.hasAnchor()) }

// IsMapping reports whether the value is a mapping.
func (v Value) IsMapping() bool { return v.node.kind == mappingNode }

// IsList reports whether the value is a list.
func (v Value) IsList() bool { return v.node.kind == listNode }

// IsText reports whether the value is a scalar other than null.
func (v Value) IsText() bool { return v.node.kind == scalarNode && !v.node.isNull() }

// Text returns the text of a scalar, "" for other values.
func (v Value) Text() string { return v.node.value }

// Len returns how many items a list has, at least when it's still to be read, and twice the
// pairs of a mapping.
func (v Value) Len() int {
	if v.items != nil {
		return max(v.items.count, 1)
	}
	return int(v.node.count)
}

// A Scope is a part of a walk: see Walker.Enter.
type Scope struct {
	path []string
	mark int
}

// Enter starts a part of the walk that messages name from its own start. Call
// Leave for its end.
func (w *Walker) Enter() Scope {
	s := Scope{w.path, len(w.findings)}
	w.path = nil
	return s
}

// Found reports whether something was found in the part of the walk so far.
func (s Scope) Found(w *Walker) bool { return len(w.findings) > s.mark }

// Leave ends a part of the walk. All findings since its start are about the
// given operation, when it is not empty.
func (s Scope) Leave(w *Walker, operation string) {
	if operation != "" {
		for i := s.mark; i < len(w.findings); i++ {
			w.findings[i].Operation = operation
		}
	}
	w.path = s.path
}

// File returns the name of the file that is walked.
func (w *Walker) File() string { return w.file }
