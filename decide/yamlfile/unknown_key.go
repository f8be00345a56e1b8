package yamlfile

import (
	"fmt"
	"slices"
	"strings"

	"waitornot/decide/diag"
)

// reportUnknown says what to write instead of a key that the mapping doesn't have: the
// key that goes by this word, then the nearest, else any of them.
func (m *Table[T]) reportUnknown(w *Walker, key, written *node, name string, present uint64) {
	report := func(fix string) {
		w.Report(UnknownKey, w.text.node(key), fmt.Sprintf("unknown key %s in %s", Quote(name), m.what), fix)
	}
	if at := m.alias(name); at >= 0 {
		report("write " + m.names[at])
		m.rename(w, key, written, at, present)
		return
	}
	if fix := m.elsewhere(name); fix != "" {
		report(fix)
		return
	}
	near := diag.Nearest(name, m.names)
	if near == "" {
		report(m.known)
		return
	}
	report("write " + near)
	if near == diag.Meant(name, m.names) {
		at, _ := m.find(near)
		m.rename(w, key, written, at, present)
	}
}

// rename lets the last finding be corrected by the name of a row, unless the mapping has
// that key already or it can't have the value.
func (m *Table[T]) rename(w *Walker, key, written *node, at int, present uint64) {
	if key.kind == scalarNode && present&(1<<at) == 0 && m.rows[at].takes(written) {
		w.correct(key, m.names[at])
	}
}

// takes reports whether a value that was written under another key can be that of the row.
func (r *Row[T]) takes(written *node) bool {
	n := keyNode(written)
	switch r.Kind {
	case MappingKind:
		return n.kind == mappingNode
	case ListKind, StepsKind:
		return n.kind == listNode
	}
	return n.kind == scalarNode && (r.Reads == nil || r.Reads(n.value))
}

// alias returns the row whose key goes by another word, or -1.
func (m *Table[T]) alias(word string) int {
	return slices.IndexFunc(m.rows, func(r Row[T]) bool { return slices.Contains(r.Aliases, word) })
}

// elsewhere says where within a value of the mapping a word stands or belongs: as a key
// of a mapping in it, or as a word of a list in it. Otherwise it returns "".
func (m *Table[T]) elsewhere(word string) string {
	dashed := strings.ReplaceAll(word, "_", "-")
	for _, r := range m.rows {
		if r.Same == nil {
			continue // nobody writes what isn't compared
		}
		for _, k := range r.Keys {
			if word == k.Name || word == r.Name+"."+k.Name || slices.Contains(k.Aliases, word) {
				return "write " + k.Name + " under " + r.Name
			}
		}
		if r.Kind == ListKind && r.Items != nil && slices.Contains(r.Items.Words, dashed) {
			return "add " + dashed + " to " + r.Name
		}
	}
	if places := m.below(word); len(places) > 0 {
		return "write " + word + " under " + strings.Join(places, ", or under ")
	}
	return ""
}

// below returns what a word is a key of that nobody compares as a whole: a mapping, or each
// item of a list.
func (m *Table[T]) below(word string) []string {
	named := func(k Key) bool { return k.Name == word }
	var places []string
	for _, r := range m.rows {
		switch {
		case slices.ContainsFunc(r.Keys, named):
			places = append(places, r.Name)
		case r.Kind == ListKind && r.Items != nil && slices.ContainsFunc(r.Items.Keys, named):
			places = append(places, "one of the "+r.Name)
		}
	}
	return places
}
