package lsp

import (
	"maps"
	"slices"
	"strconv"

	"waitornot/cmd/internal/lsp/outline"
	"waitornot/decide/advice/topic"
	"waitornot/decide/manifest"
	"waitornot/decide/yamlfile"
)

// keys returns the keys of a mapping that it doesn't have yet. Braces says that they
// stand where a value does.
func (c *completer) keys(within *manifest.Key, holder *outline.Node, braces bool) []candidate {
	if within == nil {
		return nil
	}
	if len(within.Keys) == 0 && within.Kind == yamlfile.MappingKind && c.server.isConfiguration(c.document.path) {
		return c.ruleKeys(within)
	}
	given, json := c.given(holder)
	flow := holder != nil && holder.Flow || braces
	keys := within.Keys
	if within.Items != nil {
		keys = c.calleeKeys(within.Items)
	}
	var list []candidate
	for i := range keys {
		k := &keys[i]
		if given[k.Name] {
			continue
		}
		text := keyText(k, flow, json)
		if braces {
			text = "{" + text + "}"
		}
		list = append(list, candidate{label: k.Name, detail: "Takes " + topic.Takes(k), doc: k.Doc, kind: propertyItem, text: text, snippet: true})
	}
	return list
}

// given returns the keys that a mapping has beside the one at hand, and whether they are
// written in quotes.
func (c *completer) given(holder *outline.Node) (names map[string]bool, quoted bool) {
	names = map[string]bool{}
	if holder == nil {
		return names, false
	}
	for i := range holder.Entries {
		e := &holder.Entries[i]
		if e.From == c.at.entry.From {
			continue
		}
		names[e.Key] = true
		quoted = quoted || e.From < c.offset && c.document.text.Bytes()[e.From] == '"'
	}
	return names, quoted
}

// calleeKeys returns the services that the document's operations call, as keys that hold
// what one of them may.
func (c *completer) calleeKeys(item *manifest.Key) []manifest.Key {
	called := map[string]bool{}
	if operations := c.at.root.Find("operations"); operations != nil {
		for i := range operations.Entries {
			if callee := operations.Entries[i].Value.Find("callee"); callee != nil && isName(callee.Text) {
				called[callee.Text] = true
			}
		}
	}
	var keys []manifest.Key
	for _, name := range slices.Sorted(maps.Keys(called)) {
		k := *item
		k.Name, k.Doc = name, "Facts shared by all operations that call it."
		keys = append(keys, k)
	}
	return keys
}

// ruleKeys returns the rules as keys of a configuration.
func (c *completer) ruleKeys(within *manifest.Key) []candidate {
	var list []candidate
	for _, r := range c.server.library.rules() {
		list = append(list, candidate{label: r.Name, detail: r.Code, doc: r.Summary, kind: propertyItem, text: r.Name + ": "})
	}
	return list
}

// keyText writes a key up to where its value begins.
func keyText(k *manifest.Key, flow, json bool) string {
	name := k.Name
	if json {
		name = strconv.Quote(name)
	}
	switch {
	case k.Kind == yamlfile.MappingKind && flow:
		return name + ": {$0}"
	case k.Kind == yamlfile.MappingKind:
		return name + ":\n  $0"
	case k.Kind == yamlfile.StepsKind, k.Kind == yamlfile.ListKind && (flow || k.Items.Kind != yamlfile.MappingKind):
		return name + ": [$0]"
	case k.Kind == yamlfile.ListKind:
		return name + ":\n  - $0"
	}
	return name + ": $0"
}
