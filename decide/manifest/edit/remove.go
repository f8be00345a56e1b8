package edit

import (
	"fmt"
	"slices"
	"strings"

	"gopkg.in/yaml.v3"
)

// Remove returns the manifest without a value of an operation of document doc, and
// without the mappings that would be empty then. Comments on lines of their own
// stay. It is an error when the operation has no such key, and when the value can't
// go alone.
func (m *Manifest) Remove(doc int, operation, path string) (*Manifest, error) {
	at, err := m.operation(doc, operation)
	if err != nil {
		return nil, err
	}
	var mapping *yaml.Node // the one that loses a key, and its name
	var gone string
	for _, name := range strings.Split(path, ".") {
		if shared(at) || at.Kind != yaml.MappingNode {
			return nil, errShared(operation, path)
		}
		_, value := lookup(at, name)
		if value == nil {
			return nil, fmt.Errorf("%s: the operation has no such key", path)
		}
		if mapping == nil || len(at.Content) > 2 {
			mapping, gone = at, name
		}
		at = value
	}
	cut, err := m.cut(m.docs[doc], mapping, gone)
	if err != nil {
		return nil, err
	}
	return m.checked([]splice{cut}, func(roots []*yaml.Node) []*yaml.Node {
		return rewritten(roots, mapping, func(n *yaml.Node) {
			i := slices.IndexFunc(n.Content, func(k *yaml.Node) bool { return k.Value == gone })
			n.Content = slices.Delete(n.Content, i, i+2)
		})
	})
}

// cut returns the splice that takes a pair out of a mapping.
func (m *Manifest) cut(d *document, mapping *yaml.Node, name string) (splice, error) {
	key, value := lookup(mapping, name)
	if len(mapping.Content) == 2 || shared(value) {
		return splice{}, errPlace
	}
	if mapping.Style&yaml.FlowStyle != 0 {
		return m.cutFlow(d, mapping, key, value)
	}
	first, below := key.Line, m.below(d, mapping, key)
	last := m.text.lastLine(first, below, mapping.Column-1, keepsBlank(m.text, value))
	from := m.text.start(first)
	if lead := string(m.text.src[from:m.text.at(key)]); strings.TrimSpace(lead) == "" {
		return splice{from, m.text.start(last + 1), ""}, nil
	}
	// The key shares its line with the dash of its item: the next key moves there.
	next := mapping.Content[slices.Index(mapping.Content, key)+2:]
	if len(next) == 0 || next[0].Line != last+1 {
		return splice{}, errPlace
	}
	return splice{m.text.at(key), m.text.at(next[0]), ""}, nil
}

// cutFlow is cut for a mapping in braces: the comma goes along.
func (m *Manifest) cutFlow(d *document, mapping, key, value *yaml.Node) (splice, error) {
	from := m.rawAt(key)
	_, to, ok := m.valueSpan(d, mapping, key, value)
	if !ok {
		return splice{}, errPlace
	}
	if i := slices.Index(mapping.Content, key); i+2 < len(mapping.Content) {
		return splice{from, m.rawAt(mapping.Content[i+2]), ""}, nil
	}
	for from--; from > 0 && isSpace(m.text.src[from]); from-- {
	}
	if !m.text.has(from, ',') {
		return splice{}, errPlace
	}
	return splice{from, to, ""}, nil
}
