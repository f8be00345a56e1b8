package lsp

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"waitornot/cmd/internal/lsp/outline"
	"waitornot/decide"
	"waitornot/decide/manifest"
	"waitornot/decide/yamlfile"
	"waitornot/rules/embedded"
)

type completionList struct {
	IsIncomplete bool             `json:"isIncomplete"`
	Items        []completionItem `json:"items"`
}

type completionItem struct {
	Label            string         `json:"label"`
	Kind             int            `json:"kind"`
	Detail           string         `json:"detail,omitempty"`
	Documentation    *markupContent `json:"documentation,omitempty"`
	SortText         string         `json:"sortText"`
	FilterText       string         `json:"filterText"`
	InsertTextFormat int            `json:"insertTextFormat"` // 1 plain, 2 snippet
	InsertTextMode   int            `json:"insertTextMode"`   // 2: lines are indented as the one at hand
	TextEdit         textEdit       `json:"textEdit"`
}

// The kinds of items that are used.
const (
	propertyItem  = 10
	valueItem     = 12
	enumItem      = 20
	snippetItem   = 15
	referenceItem = 18
)

// A candidate is something that may stand at a place.
type candidate struct {
	label, detail, doc string
	kind               int
	text               string // what is written, with $0 and ${1:x} where it is a snippet
	snippet            bool
}

// complete returns what may stand at a position. The text is read with a letter at the
// cursor, so that there is always something to complete.
func (s *Server) complete(_ context.Context, p *positionParams) (*completionList, error) {
	d := s.documentOf(p.TextDocument.URI)
	list := &completionList{Items: []completionItem{}}
	if d == nil || d.root == nil && !s.isConfiguration(d.path) {
		return list, nil
	}
	offset := s.offset(d.text, p.Position)
	c := completer{server: s, document: d, offset: offset}
	if c.at = locate(outline.Read(d.text.Splice(offset, offset, "x").Bytes()), s.schemaOf(d), offset); c.at == nil {
		return list, nil
	}
	from, to := c.word()
	if from > offset || to < offset {
		return list, nil
	}
	edit := s.spanOf(d.text, from, to)
	word := string(d.text.Bytes()[from:to])
	for i, x := range c.candidates() {
		if x.snippet && !s.client.Capabilities.TextDocument.Completion.CompletionItem.SnippetSupport {
			x.text, x.snippet = withoutStops(x.text), false
		}
		item := completionItem{
			Label: x.label, Kind: x.kind, Detail: x.detail, SortText: fmt.Sprintf("%04d", i), FilterText: x.label,
			InsertTextFormat: 1, InsertTextMode: 2, TextEdit: textEdit{edit, x.text},
		}
		if len(word) > 0 && (word[0] == '"' || word[0] == '\'') {
			item.FilterText = word[:1] + x.label
		}
		if x.snippet {
			item.InsertTextFormat = 2
		}
		if x.doc != "" {
			item.Documentation = &markupContent{"markdown", plain(x.doc)}
		}
		list.Items = append(list.Items, item)
	}
	return list, nil
}

// withoutStops returns the text of a snippet as it would be with nothing filled in: up to
// the first stop that has lines after it all is kept.
func withoutStops(text string) string {
	var b strings.Builder
	for i := 0; i < len(text); i++ {
		if text[i] != '$' || i+1 == len(text) {
			b.WriteByte(text[i])
			continue
		}
		if text[i+1] != '{' {
			for i++; i+1 < len(text) && '0' <= text[i+1] && text[i+1] <= '9'; i++ {
			}
			continue
		}
		end := strings.IndexByte(text[i:], '}')
		inner := text[i+2 : i+end]
		if _, choices, ok := strings.Cut(inner, "|"); ok {
			first, _, _ := strings.Cut(strings.TrimSuffix(choices, "|"), ",")
			b.WriteString(first)
		} else if _, word, ok := strings.Cut(inner, ":"); ok {
			b.WriteString(word)
		}
		i += end
	}
	return b.String()
}

// A completer completes at a place of a text that has one letter more than the document.
type completer struct {
	server   *Server
	document *document
	offset   int
	at       *place
}

// word returns the offsets, in the document, between which the word at the cursor stands.
func (c *completer) word() (from, to int) {
	from, to = c.at.node.From, c.at.node.To
	if c.at.onKey || c.at.entry != nil && c.at.holder.Kind == outline.Mapping && c.at.entry.Bare {
		from, to = c.at.entry.From, c.at.entry.To
	}
	if c.at.node.Kind != outline.Scalar && !c.at.onKey {
		return c.offset, c.offset
	}
	line := c.offset
	for data := c.document.text.Bytes(); line < len(data) && data[line] != '\n' && data[line] != '\r'; line++ {
	}
	return from, min(max(to-1, c.offset), line)
}

// candidates returns what may stand at the place.
func (c *completer) candidates() []candidate {
	p := c.at
	switch {
	case p.entry == nil && p.node.Kind == outline.Scalar:
		return c.keys(p.key, nil, false) // the first word of a document
	case p.entry == nil:
		return nil
	case p.onKey:
		return c.keys(p.within, p.holder, false)
	case p.node.Kind != outline.Scalar || p.node.Quote == '|':
		return nil
	case p.key == nil:
		return nil
	case p.key.Kind == yamlfile.MappingKind && p.last() == "" && p.is("operations", ""):
		return append([]candidate{skeleton(p.entry.Bare)}, c.keys(p.key, nil, false)...)
	case p.key.Kind == yamlfile.MappingKind:
		return c.keys(p.key, nil, c.onLineOfKey())
	case p.key.Kind == yamlfile.ListKind && c.onLineOfKey() || p.key.Kind == yamlfile.StepsKind && c.onLineOfKey() && p.last() != "":
		return bracketed(c.values(itemOf(p.key)))
	case p.key.Kind == yamlfile.ListKind && p.is("operations"):
		return []candidate{skeleton(true)}
	case p.key.Kind == yamlfile.ListKind:
		return dashed(c.values(itemOf(p.key)))
	}
	return c.values(p.key)
}

// onLineOfKey reports whether the value at hand stands on the line of its key.
func (c *completer) onLineOfKey() bool {
	data := c.document.text.Bytes()
	return c.at.holder.Kind == outline.Mapping && !strings.ContainsRune(string(data[min(c.at.entry.To, c.offset):c.offset]), '\n')
}

// bracketed puts values in brackets.
func bracketed(list []candidate) []candidate {
	for i := range list {
		list[i].text = "[" + list[i].text + "]"
	}
	return list
}

// dashed puts a dash before values.
func dashed(list []candidate) []candidate {
	for i := range list {
		list[i].text = "- " + list[i].text
	}
	return list
}

// skeleton is an operation to fill in.
func skeleton(dash bool) candidate {
	lines := []string{
		"name: ${1:name}", "callee: ${2:callee}", "mode: ${3|sync,async,hybrid|}",
		"answers: {immediacy: ${4|yes,later,no|}, retryability: ${5|yes,no,too-late,unsafe|}, latency: ${6:500ms}, coupling: ${7|yes,no|}}",
	}
	text := strings.Join(lines, "\n  ")
	if dash {
		text = "- " + text
	}
	return candidate{label: "operation", detail: "an operation with the four answers", kind: snippetItem, text: text, snippet: true}
}

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
		list = append(list, candidate{label: k.Name, detail: strings.TrimSuffix(takes(k), "."), doc: k.Doc, kind: propertyItem, text: text, snippet: true})
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
		k.Name, k.Doc = name, "What holds for all operations that call it."
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

// values returns what may stand as the value of a key.
func (c *completer) values(k *manifest.Key) []candidate {
	if k == nil {
		return nil
	}
	var list []candidate
	add := func(kind int, words ...string) {
		for _, w := range words {
			list = append(list, candidate{label: w, kind: kind, text: w})
		}
	}
	switch k.Kind {
	case yamlfile.YesNoKind:
		add(enumItem, "yes", "no")
	case yamlfile.DurationKind:
		c.answers(k, &list)
		for _, d := range []string{"100ms", "500ms", "1s", "5s", "30s", "1m"} {
			list = append(list, candidate{label: d, kind: valueItem, text: "${1:" + d + "}", snippet: true})
		}
		return list
	case yamlfile.RateKind:
		add(valueItem, "1/s", "10/s", "100/s", "10/m")
	case yamlfile.SizeKind:
		add(valueItem, "64KB", "256KB", "1MB")
	case yamlfile.ShareKind:
		add(valueItem, "99%", "99.9%", "99.95%", "99.99%")
	case yamlfile.DateKind:
		add(valueItem, c.inDays(90), c.inDays(180))
	case yamlfile.WordKind:
		c.answers(k, &list)
		return list
	}
	c.names(&list)
	add(enumItem, k.Words...)
	return list
}

// inDays returns a day that many days from today.
func (c *completer) inDays(n int) string {
	return time.Unix(c.server.host.Today(), 0).UTC().AddDate(0, 0, n).Format(time.DateOnly)
}

// answers adds the words of a key; those of a question with what they mean.
func (c *completer) answers(k *manifest.Key, list *[]candidate) {
	adviser, err := c.server.library.adviser()
	q, isQuestion := decide.ParseQuestion(k.Name)
	for _, w := range k.Words {
		x := candidate{label: w, kind: enumItem, text: w}
		if a, ok := decide.ParseAnswer(w); ok && isQuestion && err == nil {
			if text := adviser.Framework.Questions[q].Of(a); text != nil {
				x.doc = text.Means
			}
		}
		*list = append(*list, x)
	}
}

// names adds the names that a place may have: of services, operations, brokers, rules,
// platforms and stacks.
func (c *completer) names(list *[]candidate) {
	p, s := c.at, c.server
	add := func(detail string, names ...string) {
		for _, n := range names {
			text := n
			if !isName(n) && !strings.ContainsRune(n, '/') {
				text = strconv.Quote(n)
			}
			*list = append(*list, candidate{label: visible(n), detail: detail, kind: referenceItem, text: text})
		}
	}
	r := c.document.root
	switch {
	case p.is("operations", "", "callee"), p.is("operations", "", "caller"), p.isFact("delivery", "consumers", ""):
		add("service", r.serviceNames()...)
	case p.is("operations", "", "compensation"):
		add("operation", r.operationNames(p.service(), false)...)
	case p.is("operations", "", "after", ""):
		add("operation", r.operationNames(p.service(), true)...)
	case len(p.names) > 2 && p.names[0] == "journeys" && p.names[2] == "steps":
		add("operation", r.operationNames(p.service(), true)...)
	case p.isFact("delivery", "broker"):
		add("broker", r.brokerNames()...)
		add("product", s.library.products()...)
	case p.is("brokers", "", "kind"):
		add("product", s.library.products()...)
	case p.last() == "platform":
		add("platform", s.library.platforms()...)
	case p.is("stack"):
		add("stack", embedded.StackIDs()...)
	case p.is("operations", "", "waivers", "", "rule"):
		c.ruleNames(list)
	}
}

// ruleNames adds the rules that a waiver may name, those that report on the operation at
// hand first.
func (c *completer) ruleNames(list *[]candidate) {
	first := map[string]bool{}
	if r := c.document.root; r.project != nil {
		if op := c.document.operationAt(c.document.text.Pos(c.offset)); op != nil {
			for i := range r.project.Findings {
				if f := &r.project.Findings[i]; f.Operation == op.ID() {
					first[f.Rule] = true
				}
			}
		}
	}
	var here, others []candidate
	for _, r := range c.server.library.rules() {
		if r.NoWaiver {
			continue
		}
		x := candidate{label: r.Name, detail: r.Code, doc: r.Summary, kind: enumItem, text: r.Name}
		if first[r.Name] {
			here = append(here, x)
		} else {
			others = append(others, x)
		}
	}
	*list = append(append(*list, here...), others...)
}

func (r *root) serviceNames() []string {
	if r.project == nil || r.project.Graph == nil {
		return nil
	}
	var names []string
	for _, s := range r.project.Graph.Services() {
		if s.Name != "" {
			names = append(names, s.Name)
		}
	}
	return names
}

// maxNames is how many operations of other services are offered.
const maxNames = 2000

// operationNames returns the operations of a service, and those of others as
// service/operation.
func (r *root) operationNames(service string, others bool) []string {
	own, rest := []string{}, []string{}
	for key := range r.known() {
		switch {
		case key[0] == service:
			own = append(own, key[1])
		case others && key[0] != "":
			rest = append(rest, key[0]+"/"+key[1])
		}
	}
	slices.Sort(own)
	slices.Sort(rest)
	return append(own, rest[:min(len(rest), maxNames)]...)
}

func (r *root) brokerNames() []string {
	if r.project == nil || r.project.Graph == nil {
		return nil
	}
	names := map[string]bool{}
	for _, b := range r.project.Graph.Brokers() {
		if len(b.Declared) > 0 {
			names[b.Name] = true
		}
	}
	return slices.Sorted(maps.Keys(names))
}

// products returns the brokers whose limits are known.
func (l *library) products() []string {
	limits := l.limits()
	var ids []string
	for i := range limits.Brokers {
		ids = append(ids, limits.Brokers[i].ID)
	}
	return ids
}

// platforms returns the front doors whose limits are known.
func (l *library) platforms() []string {
	limits := l.limits()
	var ids []string
	for i := range limits.Platforms {
		ids = append(ids, limits.Platforms[i].ID)
	}
	return ids
}
