package lsp

import (
	"context"
	"slices"
	"strings"

	"waitornot/decide/diag"
	"waitornot/decide/manifest/edit"
)

// found returns the entity at a position, in a project that is as the texts are now.
func (s *Server) found(ctx context.Context, p *positionParams) (*document, *place, *entity, error) {
	d := s.documentOf(p.TextDocument.URI)
	if d == nil || d.root == nil {
		return nil, nil, nil, nil
	}
	project, err := s.read(ctx, d.root)
	if err != nil || project == nil {
		return nil, nil, nil, err
	}
	at := s.placeAt(d, p.Position)
	return d, at, s.entityAt(d.root, at), nil
}

// locations returns occurrences as the client shows them.
func (s *Server) locations(r *root, list []occurrence) []location {
	found := make([]location, 0, len(list))
	for _, o := range list {
		found = append(found, location{s.uri(r.path(o.file)), s.span(s.text(r, o.file), o.at)})
	}
	return found
}

// definition returns where what stands at a position is declared.
func (s *Server) definition(ctx context.Context, p *positionParams) ([]location, error) {
	d, _, x, err := s.found(ctx, p)
	if x == nil {
		return nil, err
	}
	return s.locations(d.root, slices.DeleteFunc(s.occurrences(d.root, x), func(o occurrence) bool { return !o.defines })), nil
}

type referenceParams struct {
	positionParams
	Context struct {
		IncludeDeclaration bool `json:"includeDeclaration"`
	} `json:"context"`
}

// references returns where what stands at a position is named.
func (s *Server) references(ctx context.Context, p *referenceParams) ([]location, error) {
	d, _, x, err := s.found(ctx, &p.positionParams)
	if x == nil {
		return nil, err
	}
	list := s.occurrences(d.root, x)
	if !p.Context.IncludeDeclaration {
		list = slices.DeleteFunc(list, func(o occurrence) bool { return o.defines })
	}
	return s.locations(d.root, list), nil
}

type renameParams struct {
	positionParams
	NewName string `json:"newName"`
}

type workspaceEdit struct {
	Changes map[string][]textEdit `json:"changes"`
}

type prepared struct {
	Range       span   `json:"range"`
	Placeholder string `json:"placeholder"`
}

// prepareRename says what would be renamed.
func (s *Server) prepareRename(ctx context.Context, p *positionParams) (*prepared, error) {
	d, at, x, err := s.found(ctx, p)
	if x == nil {
		return nil, err
	}
	from, to := at.word()
	return &prepared{s.spanOf(d.text, from, to), x.name}, nil
}

// rename gives an operation, a service or a broker another name, wherever it is named.
func (s *Server) rename(ctx context.Context, p *renameParams) (*workspaceEdit, error) {
	d, _, x, err := s.found(ctx, &p.positionParams)
	if err != nil {
		return nil, err
	}
	if x == nil {
		return nil, failed("nothing to rename here: put the cursor on an operation, a service, or a broker")
	}
	if err := s.mayBe(d.root, x, p.NewName); err != nil {
		return nil, err
	}
	edits := &workspaceEdit{map[string][]textEdit{}}
	var places *edit.Places
	file := ""
	for _, o := range s.occurrences(d.root, x) {
		path := d.root.path(o.file)
		if d.root.alone == "" && s.rootOf(path) != d.root {
			return nil, failed("%s names it too, and is outside the open folders: open the whole repository", visible(o.file))
		}
		text := s.text(d.root, o.file)
		if file != o.file {
			file, places = o.file, edit.NewPlaces(text)
		}
		word := o.before + p.NewName
		if x.kind == serviceEntity {
			word = p.NewName + strings.TrimPrefix(valueAt(text, o.at), x.name)
		}
		e, ok := places.Set(o.at, word)
		if !ok {
			return nil, failed("%s, line %d: its layout leaves no safe way to change it; change it by hand", visible(o.file), o.at.Start.Line)
		}
		uri := s.uri(path)
		edits.Changes[uri] = append(edits.Changes[uri], textEdit{s.span(text, e.Range), e.New})
	}
	return edits, nil
}

// valueAt returns the text of a scalar without its quotes.
func valueAt(t *diag.Text, r diag.Range) string {
	from, _ := t.Offset(r.Start)
	to, _ := t.Offset(r.End)
	return strings.Trim(string(t.Bytes()[from:max(from, to)]), `"'`)
}

// mayBe refuses a name that can't be written, or that another has.
func (s *Server) mayBe(r *root, x *entity, name string) error {
	if !isName(name) {
		return failed("%q isn't a valid name: start with a letter, go on with letters, digits, dots, dashes, and underscores, and avoid words such as yes and null", visible(name))
	}
	if x.kind == operationEntity && name != x.name && r.known()[[2]string{x.service, name}] {
		return failed("service %q already has an operation %q", visible(x.service), visible(name))
	}
	return nil
}

// isName reports whether a word can be written without quotes and is no other kind of
// value.
func isName(word string) bool {
	for i, c := range word {
		letter := 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z'
		if !letter && (i == 0 || !strings.ContainsRune("0123456789._-", c)) {
			return false
		}
	}
	return word != "" && !slices.Contains([]string{"yes", "no", "true", "false", "on", "off", "null", "y", "n"}, strings.ToLower(word))
}
