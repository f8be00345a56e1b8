package lsp

import (
	"slices"

	"waitornot/cmd/internal/lsp/outline"
	"waitornot/decide/config"
	"waitornot/decide/diag"
	"waitornot/decide/manifest"
	"waitornot/decide/yamlfile"
)

// A place is where a cursor stands in a document.
type place struct {
	names   []string        // the keys that lead there from the top; "" for an item
	node    *outline.Node   // the value at hand, or the mapping whose key it is
	entry   *outline.Entry  // the pair or item at hand; nil between them
	onKey   bool            // on the key of entry
	key     *manifest.Key   // of entry, or of an item; nil when it means nothing
	within  *manifest.Key   // of the mapping or list that has entry; nil when it means nothing
	holder  *outline.Node   // that mapping or list
	root    *outline.Node   // of the document
	index   int             // of the document
	parents []*outline.Node // the mappings and lists from the top to holder
}

// last returns the innermost key, "" for an item.
func (p *place) last() string {
	if len(p.names) == 0 {
		return ""
	}
	return p.names[len(p.names)-1]
}

// is reports whether the keys that lead to the place are those.
func (p *place) is(names ...string) bool { return slices.Equal(p.names, names) }

// isFact reports whether the keys lead to a fact of an operation: in the operation, or
// where operations inherit it from.
func (p *place) isFact(names ...string) bool {
	above := len(p.names) - len(names)
	if above < 1 || !slices.Equal(p.names[above:], names) {
		return false
	}
	switch p.names[0] {
	case "operations", "callees":
		return above == 2
	case "defaults":
		return above == 1
	}
	return false
}

// isCallee reports whether the place is the name of a callee whose clients are described.
func (p *place) isCallee() bool { return p.onKey && len(p.names) == 2 && p.names[0] == "callees" }

// word returns between which offsets the key or the value at hand stands.
func (p *place) word() (from, to int) {
	if p.onKey {
		return p.entry.From, p.entry.To
	}
	return p.node.From, p.node.To
}

// service returns the service that the document names, or "".
func (p *place) service() string {
	if s := p.root.Find("service"); s != nil {
		return s.Text
	}
	return ""
}

// locate returns the place of an offset: the innermost pair, item or value that it lies
// in or at the end of. It returns nil outside of all.
func locate(docs []outline.Document, schema *manifest.Key, offset int) *place {
	for i := range docs {
		d := &docs[i]
		if d.Root == nil || offset < d.From || offset > d.To || offset == d.To && i+1 < len(docs) {
			continue
		}
		p := &place{root: d.Root, index: d.Index, key: schema, node: d.Root}
		p.descend(d.Root, offset)
		return p
	}
	return nil
}

// descend goes into the node as far as an offset leads.
func (p *place) descend(n *outline.Node, offset int) {
	for n.Kind != outline.Scalar {
		e := entryAt(n, offset)
		if e == nil {
			return
		}
		p.parents = append(p.parents, n)
		p.holder, p.within, p.entry, p.node = n, p.key, e, e.Value
		if n.Kind == outline.List {
			p.names = append(p.names, "")
			p.key = itemOf(p.within)
		} else {
			p.names = append(p.names, e.Key)
			p.key = keyIn(p.within, e.Key)
			if offset <= e.To {
				p.onKey = true
				return
			}
		}
		n = e.Value
	}
}

// entryAt returns the pair or item that an offset lies in, or right behind.
func entryAt(n *outline.Node, offset int) *outline.Entry {
	for i := range n.Entries {
		e := &n.Entries[i]
		if offset >= e.From && offset <= max(e.To, e.Value.To) {
			return e
		}
	}
	return nil
}

// keyIn returns the key of a mapping that has a name, or nil. A mapping that takes any
// names has the same key for all of them.
func keyIn(within *manifest.Key, name string) *manifest.Key {
	if within == nil {
		return nil
	}
	for i := range within.Keys {
		if within.Keys[i].Name == name {
			return &within.Keys[i]
		}
	}
	if within.Kind == yamlfile.MappingKind {
		return within.Items
	}
	return nil
}

// itemOf returns what a list holds; steps hold steps, and what takes a number or a list
// of names holds itself.
func itemOf(list *manifest.Key) *manifest.Key {
	switch {
	case list == nil:
		return nil
	case list.Kind == yamlfile.StepsKind, list.Kind == yamlfile.CountKind:
		return list
	}
	return list.Items
}

// shape returns the outline of a document.
func (d *document) shape() []outline.Document {
	if d.shaped != d.text {
		d.outline, d.shaped = outline.Read(d.text.Bytes()), d.text
	}
	return d.outline
}

// placeAt returns the place of a position, or nil.
func (s *Server) placeAt(d *document, at position) *place {
	return locate(d.shape(), s.schemaOf(d), s.offset(d.text, at))
}

// schemaOf describes what a document may hold.
func (s *Server) schemaOf(d *document) *manifest.Key {
	if s.isConfiguration(d.path) {
		return config.Schema()
	}
	return manifest.Schema()
}

// spanOf returns the range between two offsets.
func (s *Server) spanOf(t *diag.Text, from, to int) span { return span{s.at(t, from), s.at(t, to)} }
