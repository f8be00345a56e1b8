package lsp

import (
	"path/filepath"

	"waitornot/cmd/internal/lsp/outline"
	"waitornot/decide/diag"
	"waitornot/decide/lint"
	"waitornot/decide/manifest"
	"waitornot/decide/project"
)

// A document is a file that is open in the client.
type document struct {
	uri     string // as the client writes it
	path    string
	version int
	text    *diag.Text
	root    *root // nil when it is neither a manifest nor part of a folder's project

	published int // the version whose findings were last published

	outline []outline.Document // of the text shaped
	shaped  *diag.Text
	file    *manifest.File      // of the text read
	ops     []project.Operation // the same, judged by readBy
	read    *diag.Text
	readBy  *lint.Policy
}

func (s *Server) didOpen(p *openParams) {
	path, ok := pathOf(p.TextDocument.URI)
	if !ok {
		return // an unsaved document without a place, or one of another scheme
	}
	d := &document{uri: p.TextDocument.URI, path: path, version: p.TextDocument.Version, text: diag.NewText([]byte(p.TextDocument.Text))}
	s.documents[path] = d
	s.attach(d)
}

// didChange changes a document. Each change is about the text that the one before it
// left.
func (s *Server) didChange(p *changeParams) {
	d := s.documentOf(p.TextDocument.URI)
	if d == nil {
		return
	}
	for _, c := range p.ContentChanges {
		if c.Range == nil {
			d.text = diag.NewText([]byte(c.Text))
			continue
		}
		from, to := s.offset(d.text, c.Range.Start), s.offset(d.text, c.Range.End)
		d.text = d.text.Splice(min(from, to), max(from, to), c.Text)
	}
	d.version = p.TextDocument.Version
	s.changed(d)
}

func (s *Server) didClose(p *documentParams) {
	d := s.documentOf(p.TextDocument.URI)
	if d == nil {
		return
	}
	delete(s.documents, d.path)
	s.detach(d)
}

// didSave reads a configuration again: others may have read it from the disk.
func (s *Server) didSave(p *documentParams) {
	if d := s.documentOf(p.TextDocument.URI); d != nil && s.isConfiguration(d.path) {
		s.reload()
	}
}

func (s *Server) isConfiguration(path string) bool {
	return s.host.Configuration(filepath.Base(path))
}

// documentOf returns an open document, or nil.
func (s *Server) documentOf(uri string) *document {
	path, ok := pathOf(uri)
	if !ok {
		return nil
	}
	return s.documents[path]
}

// offset returns the offset of a position.
func (s *Server) offset(t *diag.Text, p position) int { return t.At(p.Line, p.Character, s.encoding) }

// at returns the position of an offset.
func (s *Server) at(t *diag.Text, offset int) position {
	line, character := t.Position(offset, s.encoding)
	return position{line, character}
}

// span returns a range as the client counts. A place that the text doesn't have is as
// near to it as there is one.
func (s *Server) span(t *diag.Text, r diag.Range) span {
	if !r.IsValid() || t == nil {
		return span{}
	}
	from, _ := t.Offset(r.Start)
	to, ok := t.Offset(r.End)
	if !ok || to < from {
		to = from
	}
	return span{s.at(t, from), s.at(t, to)}
}
