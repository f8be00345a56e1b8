package yamlfile

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"gopkg.in/yaml.v3"

	"waitornot/decide/diag"
)

// read reads a mapping into to and reports whether it is one.
func (m *Table[T]) Read(w *Walker, v Value, to *T) bool {
	if v.node.Kind != yaml.MappingNode {
		w.ReportKind(v, "a mapping")
		return false
	}
	w.knowsTag(v)
	place := w.Place(v)
	if m.place != nil {
		*m.place(to) = place
	}
	given := m.pairs(w, v.node, to, 0)
	for i := range m.rows {
		if m.rows[i].Required && given&(1<<i) == 0 {
			m.reportMissing(w, v, place, m.rows[i].Name)
		}
	}
	return true
}

// pairs reads the pairs of a mapping whose keys are not among given, then those
// that it merges in. It returns given with the keys that it has read.
func (m *Table[T]) pairs(w *Walker, n *yaml.Node, to *T, given uint64) uint64 {
	var own, present uint64
	var first [maxKeys]int32 // where the keys among own stand
	var unknown map[string]*yaml.Node
	var merged []*yaml.Node
	for i := 0; i+1 < len(n.Content); i += 2 {
		k := keyNode(n.Content[i])
		if k.Kind != yaml.ScalarNode {
			w.Report(WrongKind, w.text.node(n.Content[i]), "a key is a list or a mapping: want a text", "")
			continue
		}
		if k.Tag == "!!merge" {
			merged = append(merged, n.Content[i], n.Content[i+1])
			continue
		}
		at, known := m.index[k.Value]
		if !known {
			if unknown == nil {
				unknown = map[string]*yaml.Node{}
			}
			if before := unknown[k.Value]; before != nil {
				w.reportTwice(n.Content[i], before)
			} else if unknown[k.Value] = n.Content[i]; !strings.HasPrefix(k.Value, "x-") {
				if present == 0 {
					present = m.presentIn(n)
				}
				m.reportUnknown(w, n.Content[i], n.Content[i+1], k.Value, present)
			}
			continue
		}
		if own&(1<<at) != 0 {
			w.reportTwice(n.Content[i], n.Content[first[at]])
			continue
		}
		own |= 1 << at
		first[at] = int32(i)
		if given&(1<<at) != 0 {
			continue // a key of the mapping itself wins over a merged one
		}
		w.path = append(w.path, m.names[at])
		if v, ok := w.Follow(n.Content[i], n.Content[i+1]); ok {
			m.rows[at].Read(w, v, to)
			w.Leave(v)
		}
		w.path = w.path[:len(w.path)-1]
	}
	given |= own
	for i := 0; i+1 < len(merged); i += 2 {
		given = m.merge(w, merged[i], merged[i+1], to, given)
	}
	return given
}

// merge reads what a merge key brings: a mapping, or a list of them.
func (m *Table[T]) merge(w *Walker, key, n *yaml.Node, to *T, given uint64) uint64 {
	v, ok := w.Follow(key, n)
	if !ok {
		return given
	}
	defer w.Leave(v)
	switch {
	case v.node.Kind == yaml.MappingNode:
		return m.pairs(w, v.node, to, given)
	case v.node.Kind == yaml.SequenceNode && key != nil:
		for _, item := range v.node.Content {
			given = m.merge(w, nil, item, to, given)
		}
		return given
	}
	w.path = append(w.path, "<<")
	w.ReportKind(v, "a mapping, or a list of mappings")
	w.path = w.path[:len(w.path)-1]
	return given
}

func (m *Table[T]) reportMissing(w *Walker, v Value, place diag.Range, key string) {
	if len(v.node.Content) > 0 && v.alias == nil {
		place = w.text.node(v.node.Content[0])
	}
	w.Report(MissingKey, place, fmt.Sprintf("%s has no %s", m.what, key), "add "+key)
}

func (w *Walker) reportTwice(again, first *yaml.Node) {
	at := w.text.node(first)
	w.Report(DuplicateKey, w.text.node(again),
		fmt.Sprintf("%s is given twice; the first, on line %d, counts", w.within(keyText(again)), at.Start.Line),
		"keep one of them", diag.Related{File: w.file, Range: at, Message: "first given here"})
}

// presentIn returns the keys of the table that a mapping gives, and always a
// bit that stands for no key.
func (m *Table[T]) presentIn(n *yaml.Node) uint64 {
	present := uint64(1) << (maxKeys - 1)
	for i := 0; i+1 < len(n.Content); i += 2 {
		if at, known := m.index[keyNode(n.Content[i]).Value]; known {
			present |= 1 << at
		}
	}
	return present
}

// reportUnknown suggests the nearest key that the mapping has, or lists them.
// The nearest is a correction when it is not among those present and can have
// the value.
func (m *Table[T]) reportUnknown(w *Walker, key, written *yaml.Node, name string, present uint64) {
	message := fmt.Sprintf("%s has no key %s", m.what, Quote(name))
	if near := diag.Nearest(name, m.names); near != "" {
		w.Report(UnknownKey, w.text.node(key), message, "write "+near)
		if near == diag.Meant(name, m.names) && key.Kind == yaml.ScalarNode && present&(1<<m.index[near]) == 0 && m.rows[m.index[near]].takes(written) {
			w.correct(key, near)
		}
		return
	}
	w.Report(UnknownKey, w.text.node(key), message, m.known)
}

// takes reports whether a value that was written under another key can be that
// of k: a word of a closed list is one of it.
func (k *Key) takes(written *yaml.Node) bool {
	word := keyNode(written).Value
	_, yesNo := ParseYesNo(word)
	return k.Kind != WordKind || yesNo || slices.Contains(k.Words, word)
}

// correct lets the last finding be corrected by another text for a scalar.
func (w *Walker) correct(n *yaml.Node, text string) {
	if !isPlain(n) {
		text = strconv.Quote(text)
	}
	f := &w.findings[len(w.findings)-1]
	f.Edits, f.Safe = []diag.Edit{{Range: w.text.node(n), New: text}}, true
}

// keyNode returns the node that a key stands for.
func keyNode(k *yaml.Node) *yaml.Node {
	if k.Kind == yaml.AliasNode {
		return k.Alias
	}
	return k
}

// keyText returns a key as a message names it.
func keyText(k *yaml.Node) string {
	k = keyNode(k)
	if unseen(k.Value, "").None() {
		return short(k.Value)
	}
	return Quote(k.Value)
}

// within names a key of the mapping at hand as messages do.
func (w *Walker) within(key string) string {
	if len(w.path) == 0 {
		return key
	}
	return w.Path() + "." + key
}
