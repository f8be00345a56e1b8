package edit

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"

	"gopkg.in/yaml.v3"

	"waitornot/decide/manifest"
)

// A Manifest is a manifest as text that can be changed. Each change gives a new one
// and leaves the old one as it is.
type Manifest struct {
	text *text
	docs []*document
}

// A document is one YAML document. Its root is a mapping, or nil when nothing
// but comments is there.
type document struct {
	root  *yaml.Node
	limit int // the line after its last
}

// Parse reads a manifest. An empty one, or none at all, has one document
// without anything in it. It is an error when the text is no YAML, or YAML that
// cannot be a manifest.
func Parse(src []byte) (*Manifest, error) {
	if bytes.HasPrefix(src, []byte("\xff\xfe")) || bytes.HasPrefix(src, []byte("\xfe\xff")) {
		return nil, errors.New("the text is UTF-16: save it as UTF-8 first")
	}
	roots, err := parse(src)
	if err != nil {
		return nil, err
	}
	m := &Manifest{text: newText(src)}
	for _, root := range roots {
		switch {
		case root.Kind == yaml.MappingNode && isForeign(root):
			return nil, fmt.Errorf("line %d: this isn't a manifest: none of its keys is a manifest's", root.Line)
		case root.Kind == yaml.MappingNode:
			m.docs = append(m.docs, &document{root, m.limit(root.Line)})
		case !isNull(root):
			return nil, fmt.Errorf("line %d: a manifest is a mapping, and this isn't", root.Line)
		}
	}
	if len(m.docs) == 0 {
		m.docs = []*document{{nil, m.limit(m.bodyLine())}}
	}
	return m, nil
}

// Bytes returns the text. Callers must not change it.
func (m *Manifest) Bytes() []byte { return m.text.src }

// parse returns the content of each document.
func parse(src []byte) ([]*yaml.Node, error) {
	var roots []*yaml.Node
	for d := yaml.NewDecoder(bytes.NewReader(src)); ; {
		var doc yaml.Node
		switch err := d.Decode(&doc); {
		case err == io.EOF:
			return roots, nil
		case err != nil:
			return nil, errors.New(strings.TrimPrefix(err.Error(), "yaml: "))
		}
		roots = append(roots, doc.Content[0])
	}
}

// isForeign reports whether a mapping has keys, and none of them is a manifest's.
func isForeign(root *yaml.Node) bool {
	for _, key := range manifest.Schema().Keys {
		if at, _ := lookup(root, key.Name); at != nil {
			return false
		}
	}
	return len(root.Content) > 0
}

func isNull(n *yaml.Node) bool { return n.Kind == yaml.ScalarNode && n.Tag == "!!null" }

// bodyLine returns the line after the marker that begins the first document, or
// the first line.
func (m *Manifest) bodyLine() int {
	for l := 1; l <= len(m.text.starts); l++ {
		if strings.HasPrefix(m.text.line(l), "---") {
			return l + 1
		}
	}
	return 1
}

// limit returns the line of the marker that ends the document which line is in,
// or the line after the last. No scalar can have a line that looks like a
// marker.
func (m *Manifest) limit(line int) int {
	for l := line + 1; l <= len(m.text.starts); l++ {
		if isMarker(m.text.line(l)) {
			return l
		}
	}
	last := len(m.text.starts)
	if last > 1 && m.text.start(last) == len(m.text.src) {
		return last // what follows the last line break is no line
	}
	return last + 1
}

// Services returns the service of each document, in order; a document that
// names none has "".
func (m *Manifest) Services() []string {
	var list []string
	for _, d := range m.docs {
		list = append(list, d.text("service"))
	}
	return list
}

// Stack returns the stack that document doc names, or "".
func (m *Manifest) Stack(doc int) string { return m.docs[doc].text("stack") }

// text returns the text that a key of the document has, or "".
func (d *document) text(key string) string {
	if _, value := d.lookup(key); value != nil && value.Kind == yaml.ScalarNode && !isNull(value) {
		return value.Value
	}
	return ""
}

// lookup returns a key of the document and its value, or nil.
func (d *document) lookup(name string) (key, value *yaml.Node) {
	if d.root == nil {
		return nil, nil
	}
	return lookup(d.root, name)
}

func lookup(mapping *yaml.Node, name string) (key, value *yaml.Node) {
	for i := 0; i+1 < len(mapping.Content); i += 2 {
		if k := mapping.Content[i]; k.Kind == yaml.ScalarNode && k.Value == name {
			return k, mapping.Content[i+1]
		}
	}
	return nil, nil
}

// Has reports whether document doc declares an operation of the name.
func (m *Manifest) Has(doc int, name string) bool {
	_, i := m.docs[doc].find(name)
	return i >= 0
}

// Keys returns the keys of the operation of the name in document doc, in order;
// none when there is no such operation.
func (m *Manifest) Keys(doc int, name string) []string {
	list, i := m.docs[doc].find(name)
	if i < 0 {
		return nil
	}
	var keys []string
	for k := 0; k < len(list.Content[i].Content); k += 2 {
		keys = append(keys, list.Content[i].Content[k].Value)
	}
	return keys
}

// find returns the list of operations and the position of the one of the name,
// or -1.
func (d *document) find(name string) (list *yaml.Node, at int) {
	_, list = d.lookup("operations")
	if list == nil || list.Kind != yaml.SequenceNode {
		return nil, -1
	}
	for i, item := range list.Content {
		if item.Kind != yaml.MappingNode {
			continue
		}
		if _, value := lookup(item, "name"); value != nil && value.Kind == yaml.ScalarNode && value.Value == name {
			return list, i
		}
	}
	return list, -1
}

// IsEmpty reports whether the manifest has nothing but comments.
func (m *Manifest) IsEmpty() bool { return m.docs[0].root == nil }
