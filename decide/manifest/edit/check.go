package edit

import (
	"slices"

	"gopkg.in/yaml.v3"
)

// checked applies splices and makes sure that the result reads as what was
// there before with the change that want makes to it, and nothing else.
func (m *Manifest) checked(splices []splice, want func(roots []*yaml.Node) []*yaml.Node) (*Manifest, error) {
	out, err := apply(m.text.src, splices)
	if err != nil {
		return nil, err
	}
	got, err := parse(out)
	if err != nil {
		return nil, errPlace
	}
	before, err := parse(m.text.src)
	if err != nil {
		return nil, err
	}
	if !slices.EqualFunc(got, want(before), same) {
		return nil, errPlace
	}
	return Parse(out)
}

// same reports whether a tree means what is wanted, wherever and however it is
// written.
func same(a, want *yaml.Node) bool {
	if a.Kind != want.Kind || a.Value != want.Value || a.Anchor != want.Anchor {
		return false
	}
	if a.Tag != want.Tag && want.Tag != anyTag {
		return false
	}
	return slices.EqualFunc(a.Content, want.Content, same)
}

// added returns the documents with the entry at the end of the operations of
// the one whose root stands where root does; nil is a document with nothing in
// it yet.
func added(roots []*yaml.Node, root *yaml.Node, e *Entry, service string) []*yaml.Node {
	if root == nil {
		doc := &yaml.Node{Kind: yaml.MappingNode, Tag: "!!map"}
		set(doc, "version", &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!int", Value: "1"})
		for _, head := range e.heads() {
			set(doc, head.key, head.node())
		}
		set(doc, "operations", listOf(e.node(e.Caller)))
		return []*yaml.Node{doc}
	}
	for _, r := range roots {
		if r.Line != root.Line || r.Column != root.Column || r.Kind != yaml.MappingNode {
			continue
		}
		switch _, list := lookup(r, "operations"); {
		case list == nil:
			set(r, "operations", listOf(e.node(service)))
		case isNull(list):
			*list = *listOf(e.node(service))
		default:
			list.Content = append(list.Content, e.node(service))
		}
	}
	return roots
}

func set(mapping *yaml.Node, key string, value *yaml.Node) {
	mapping.Content = append(mapping.Content, &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!str", Value: key}, value)
}

func listOf(items ...*yaml.Node) *yaml.Node {
	return &yaml.Node{Kind: yaml.SequenceNode, Tag: "!!seq", Content: items}
}

// rewritten returns the documents with a change made to the node that stands where old
// does.
func rewritten(roots []*yaml.Node, old *yaml.Node, change func(*yaml.Node)) []*yaml.Node {
	for _, n := range roots {
		if n.Kind == old.Kind && n.Line == old.Line && n.Column == old.Column {
			change(n)
			continue
		}
		rewritten(n.Content, old, change)
	}
	return roots
}
