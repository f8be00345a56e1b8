package yamlfile

import (
	"fmt"
	"strconv"
	"strings"

	"waitornot/decide/diag"
)

// Read reads a mapping into to and reports whether it is one. Of one that is still to be read
// (see Walker.Items) it reports whether it could be read directly.
func (m *Table[T]) Read(w *Walker, v Value, to *T) bool {
	if v.hand != nil {
		return m.take(v.hand.parser, v.hand.site, to) && v.hand.settled()
	}
	if v.node.kind != mappingNode {
		w.ReportKind(v, "a mapping")
		return false
	}
	w.knowsTag(v)
	place := w.Place(v)
	if m.place != nil {
		*m.place(to) = place
	}
	given := m.pairs(w, v.node, to, 0)
	m.reportMissing(w, v, place, given)
	return true
}

// pairs reads the pairs of a mapping whose keys are not among given, then those
// that it merges in. It returns given with the keys that it has read.
func (m *Table[T]) pairs(w *Walker, n *node, to *T, given uint64) uint64 {
	var own, present uint64
	var first [maxKeys]*node // the keys among own
	var unknown map[string]*node
	var merged []*node
	for written := n.first; written != nil; written = written.next.next {
		k := keyNode(written)
		if k.kind != scalarNode {
			w.Report(WrongKind, w.text.node(written), "a key is a list or a mapping: expected a string", "")
			continue
		}
		if k.isMerge() {
			merged = append(merged, written)
			continue
		}
		at, known := m.find(k.value)
		if !known {
			if unknown == nil {
				unknown = map[string]*node{}
			}
			if before := unknown[k.value]; before != nil {
				w.reportTwice(written, before)
			} else if unknown[k.value] = written; !strings.HasPrefix(k.value, "x-") {
				if present == 0 {
					present = m.presentIn(n)
				}
				m.reportUnknown(w, written, written.next, k.value, present)
			}
			continue
		}
		if own&(1<<at) != 0 {
			w.reportTwice(written, first[at])
			continue
		}
		own |= 1 << at
		first[at] = written
		if given&(1<<at) != 0 {
			continue // a key of the mapping itself wins over a merged one
		}
		w.path = append(w.path, m.names[at])
		if v, ok := w.Follow(written, written.next); ok {
			m.rows[at].Read(w, v, to)
			w.Leave(v)
		}
		w.path = w.path[:len(w.path)-1]
	}
	given |= own
	for _, key := range merged {
		given = m.merge(w, key, key.next, to, given)
	}
	return given
}

// merge reads what a merge key brings: a mapping, or a list of them.
func (m *Table[T]) merge(w *Walker, key, n *node, to *T, given uint64) uint64 {
	v, ok := w.Follow(key, n)
	if !ok {
		return given
	}
	defer w.Leave(v)
	switch {
	case v.node.kind == mappingNode:
		return m.pairs(w, v.node, to, given)
	case v.node.kind == listNode && key != nil:
		for item := v.node.first; item != nil; item = item.next {
			given = m.merge(w, nil, item, to, given)
		}
		return given
	}
	w.path = append(w.path, "<<")
	w.ReportKind(v, "a mapping, or a list of mappings")
	w.path = w.path[:len(w.path)-1]
	return given
}

// reportMissing reports the keys that are needed and not among given, all as one.
func (m *Table[T]) reportMissing(w *Walker, v Value, place diag.Range, given uint64) {
	var keys []string
	for i := range m.rows {
		if m.rows[i].Required && given&(1<<i) == 0 {
			keys = append(keys, m.rows[i].Name)
		}
	}
	if len(keys) == 0 {
		return
	}
	if v.node.first != nil && v.alias == nil {
		place = w.text.node(v.node.first)
	}
	w.Report(MissingKey, place, fmt.Sprintf("%s has no %s", m.what, listed(keys, "or")), "add "+listed(keys, "and"))
}

// listed joins words: "a", "a and b", "a, b, and c".
func listed(words []string, last string) string {
	if len(words) < 3 {
		return strings.Join(words, " "+last+" ")
	}
	return strings.Join(words[:len(words)-1], ", ") + ", " + last + " " + words[len(words)-1]
}

func (w *Walker) reportTwice(again, first *node) {
	at := w.text.node(first)
	w.Report(DuplicateKey, w.text.node(again),
		fmt.Sprintf("%s is given twice; the first one, on line %d, counts", w.within(keyText(again)), at.Start.Line),
		"keep one of them", diag.Related{File: w.file, Range: at, Message: "first given here"})
}

// presentIn returns the keys of the table that a mapping gives, and always a
// bit that stands for no key.
func (m *Table[T]) presentIn(n *node) uint64 {
	present := uint64(1) << (maxKeys - 1)
	for written := n.first; written != nil; written = written.next.next {
		if at, known := m.find(keyNode(written).value); known {
			present |= 1 << at
		}
	}
	return present
}

// correct lets the last finding be corrected by another text for a scalar.
func (w *Walker) correct(n *node, text string) {
	if !n.isPlain() {
		text = strconv.Quote(text)
	}
	f := &w.findings[len(w.findings)-1]
	f.Edits, f.Safe = []diag.Edit{{Range: w.text.node(n), New: text}}, true
}

// keyNode returns the node that a key stands for.
func keyNode(k *node) *node {
	if k.kind == aliasNode {
		return k.props.target
	}
	return k
}

// keyText returns a key as a message names it.
func keyText(k *node) string {
	k = keyNode(k)
	if unseen(k.value, "").None() {
		return short(k.value)
	}
	return Quote(k.value)
}

// within names a key of the mapping at hand as messages do.
func (w *Walker) within(key string) string {
	if len(w.path) == 0 {
		return key
	}
	return w.Path() + "." + key
}
