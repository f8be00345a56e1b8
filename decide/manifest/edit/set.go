package edit

import (
	"fmt"
	"slices"
	"strings"

	"gopkg.in/yaml.v3"

	"waitornot/decide"
	"waitornot/decide/yamlfile"
)

// Set returns the manifest with a value of an operation of document doc set. A
// path names the key as `explain` does: timeout, retry.attempts. Words are the
// value as manifests write it; a key that takes a list takes any number, the
// others one. What is there gives way; what isn't is added, with the mappings
// that the path leads through. All the rest stays as it is, byte for byte.
//
// It is an error when there is no such operation or key, and when the manifest
// leaves no safe place: where an anchor or an alias would make the change count
// for other operations, too.
func (m *Manifest) Set(doc int, operation, path string, words ...string) (*Manifest, error) {
	key, err := keyOf(path, words)
	if err != nil {
		return nil, err
	}
	item, err := m.operation(doc, operation)
	if err != nil {
		return nil, err
	}
	at := item
	names := strings.Split(path, ".")
	for i, name := range names {
		if shared(at) || at.Kind != yaml.MappingNode {
			return nil, errShared(operation, path)
		}
		_, value := lookup(at, name)
		rest := nested(names[i:], key, words)
		switch {
		case value == nil:
			return m.join(m.docs[doc], at, rest)
		case i == len(names)-1 || isNull(value):
			return m.overwrite(m.docs[doc], at, rest)
		}
		at = value
	}
	return nil, errPlace
}

// Update returns the manifest with what the entry says set on the operation of its
// name, key by key: keys that the entry doesn't have stay. An answer that it leaves
// unknown becomes unknown.
func (m *Manifest) Update(doc int, e Entry) (*Manifest, error) {
	said := map[string]bool{}
	for path, words := range e.paths(m.docs[doc].text("service")) {
		said[path] = true
		var err error
		if m, err = m.Set(doc, e.Name, path, words...); err != nil {
			return nil, err
		}
	}
	for _, q := range decide.Questions() {
		path := "answers." + q.String()
		if said[path] || !m.gives(doc, e.Name, path) {
			continue
		}
		var err error
		if m, err = m.Set(doc, e.Name, path, decide.Unknown.String()); err != nil {
			return nil, err
		}
	}
	return m, nil
}

// gives reports whether an operation has a value at a path.
func (m *Manifest) gives(doc int, operation, path string) bool {
	at, err := m.operation(doc, operation)
	if err != nil {
		return false
	}
	for _, name := range strings.Split(path, ".") {
		if _, at = lookup(at, name); at == nil {
			return false
		}
	}
	return true
}

// operation returns the mapping of an operation.
func (m *Manifest) operation(doc int, name string) (*yaml.Node, error) {
	list, i := m.docs[doc].find(name)
	switch {
	case i < 0:
		return nil, fmt.Errorf("unknown operation %q", name)
	case shared(list) || shared(m.docs[doc].root):
		return nil, errShared(name, "operations")
	}
	return list.Content[i], nil
}

// shared reports whether other places may stand for a node.
func shared(n *yaml.Node) bool { return n.Anchor != "" || n.Kind == yaml.AliasNode }

func errShared(operation, path string) error {
	return fmt.Errorf("%s of %q is shared with other places by an anchor, or isn't a mapping: change it by hand", path, operation)
}

// keyOf returns what describes the key at a path of an operation, when the words
// can be its value.
func keyOf(path string, words []string) (*yamlfile.Key, error) {
	key := operationKey()
	for _, name := range strings.Split(path, ".") {
		i := slices.IndexFunc(key.Keys, func(k yamlfile.Key) bool { return k.Name == name })
		if i < 0 {
			return nil, fmt.Errorf("operations have no key %q", path)
		}
		key = &key.Keys[i]
	}
	switch list := key.Kind == yamlfile.ListKind && key.Items.Kind != yamlfile.MappingKind; {
	case key.Kind == yamlfile.MappingKind, key.Kind == yamlfile.ListKind && !list:
		return nil, fmt.Errorf("%s isn't a single value: set the keys below it", path)
	case !list && len(words) != 1:
		return nil, fmt.Errorf("%s takes one value", path)
	}
	return key, nil
}

// nested is a value under the last of some names, in mappings under the others.
func nested(names []string, key *yamlfile.Key, words []string) pair {
	p := pair{key: names[len(names)-1], kind: key.Kind, words: words}
	if len(words) == 1 && slices.Contains(key.Words, words[0]) {
		p.kind = yamlfile.WordKind
	}
	for i := len(names) - 2; i >= 0; i-- {
		p = pair{key: names[i], kind: yamlfile.MappingKind, pairs: []pair{p}}
	}
	return p
}

// join adds a pair to a mapping that doesn't have its key.
func (m *Manifest) join(d *document, mapping *yaml.Node, p pair) (*Manifest, error) {
	s := m.styleOf(d, nil)
	var splices []splice
	if mapping.Style&yaml.FlowStyle != 0 {
		var err error
		if splices, err = m.intoFlow(mapping, s.flowPair(p), s.newline); err != nil {
			return nil, err
		}
	} else {
		last := m.lastOf(d, mapping)
		margin := strings.Repeat(" ", mapping.Column-1)
		splices = []splice{m.after(last, margin+s.flowPair(p), s.newline)}
	}
	return m.checked(splices, func(roots []*yaml.Node) []*yaml.Node {
		return rewritten(roots, mapping, func(n *yaml.Node) { set(n, p.key, p.node()) })
	})
}

// overwrite puts a value in the place of the one that a key of a mapping has.
func (m *Manifest) overwrite(d *document, mapping *yaml.Node, p pair) (*Manifest, error) {
	key, value := lookup(mapping, p.key)
	if shared(value) {
		return nil, errShared("the operation", p.key)
	}
	s := m.styleOf(d, nil)
	from, to, ok := m.valueSpan(d, mapping, key, value)
	if !ok {
		return nil, errPlace
	}
	text := s.flowValue(p)
	if from == to {
		text = " " + text
	} else if m.reads(from, to, p) {
		return m, nil
	}
	return m.checked([]splice{{from, to, text}}, func(roots []*yaml.Node) []*yaml.Node {
		return rewritten(roots, mapping, func(n *yaml.Node) {
			_, old := lookup(n, p.key)
			*old = *p.node()
		})
	})
}

// reads reports whether some bytes mean what a pair says already: they stay as they are
// written then.
func (m *Manifest) reads(from, to int, p pair) bool {
	var doc yaml.Node
	err := yaml.Unmarshal(m.text.src[from:to], &doc)
	return err == nil && len(doc.Content) == 1 && same(doc.Content[0], p.node())
}

// valueSpan returns the bytes of a value: none, after the colon, of one that isn't
// written.
func (m *Manifest) valueSpan(d *document, mapping, key, value *yaml.Node) (from, to int, ok bool) {
	if isNull(value) && value.Value == "" {
		at := m.keyEnd(key)
		return at, at, at > 0
	}
	from = m.text.at(value)
	if from != m.rawAt(value) {
		return 0, 0, false // a tag would say something else of the new value
	}
	switch flow := value.Style&yaml.FlowStyle != 0; {
	case flow:
		_, closing, found := m.text.flowEnd(from)
		return from, closing + 1, found
	case value.Kind != yaml.ScalarNode:
		return m.blockSpan(d, mapping, key, value)
	case value.Style&(yaml.LiteralStyle|yaml.FoldedStyle) != 0:
		return from, m.text.end(m.text.lastLine(key.Line, m.below(d, mapping, key), mapping.Column-1, keepsBlank(m.text, value))), true
	case m.text.has(from, '"') || m.text.has(from, '\''):
		return from, m.text.pastQuotes(from), true
	}
	to = from + len(value.Value)
	return from, to, to <= len(m.text.src) && string(m.text.src[from:to]) == value.Value
}

// blockSpan is the span of a block list or mapping, from behind its key's colon on.
func (m *Manifest) blockSpan(d *document, mapping, key, value *yaml.Node) (from, to int, ok bool) {
	colon := m.keyEnd(key)
	if colon == 0 || strings.TrimSpace(string(m.text.src[colon:m.text.end(key.Line)])) != "" || value.Line == key.Line {
		return 0, 0, false // a comment behind the key would go
	}
	last := m.text.lastLine(key.Line, m.below(d, mapping, key), mapping.Column-1, false)
	return colon + 1, m.text.end(last), colon+1 <= len(m.text.src) && m.text.has(colon, ' ')
}

// rawAt returns the offset of a node with its tag and anchor.
func (m *Manifest) rawAt(n *yaml.Node) int { return m.text.offset(n.Line, n.Column) }

// keyEnd returns the offset behind the colon of a key, and 0 where there is none.
func (m *Manifest) keyEnd(key *yaml.Node) int {
	at := m.text.at(key)
	if m.text.has(at, '"') || m.text.has(at, '\'') {
		at = m.text.pastQuotes(at)
	} else {
		at += len(key.Value)
	}
	for m.text.has(at, ' ') {
		at++
	}
	if !m.text.has(at, ':') {
		return 0
	}
	return at + 1
}

// below returns the first line that can't belong to the value of a key of a block
// mapping.
func (m *Manifest) below(d *document, mapping, key *yaml.Node) int {
	for i := 0; i < len(mapping.Content); i += 2 {
		if line := mapping.Content[i].Line; line > key.Line {
			return line
		}
	}
	return m.outside(d, mapping)
}

// outside returns the first line behind a block mapping: the first that is indented
// less than its keys.
func (m *Manifest) outside(d *document, mapping *yaml.Node) int {
	for line := mapping.Line + 1; line < d.limit; line++ {
		text := m.text.line(line)
		if strings.TrimSpace(text) != "" && indent(text) < mapping.Column-1 && !isAside(text, len(text)) {
			return line
		}
	}
	return d.limit
}

// lastOf returns the last line of a block mapping.
func (m *Manifest) lastOf(d *document, mapping *yaml.Node) int {
	return m.text.lastLine(mapping.Line, m.outside(d, mapping), mapping.Column-2, keepsBlank(m.text, mapping))
}
