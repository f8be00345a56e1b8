package lsp

import (
	"context"
	"fmt"
	"strings"

	"waitornot/cmd/internal/lsp/outline"
	"waitornot/decide/yamlfile"
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
