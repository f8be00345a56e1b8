package lsp

import (
	"context"
	"encoding/json"
	"slices"

	"waitornot/decide/diag"
)

// initialize learns what the client can do, and says what the server does.
func (s *Server) initialize(_ context.Context, p *initializeParams) (any, error) {
	s.client = *p
	s.encoding = encodingOf(p.Capabilities.General.PositionEncodings)
	for _, f := range p.WorkspaceFolders {
		s.addFolder(f.URI)
	}
	if len(s.folders) == 0 && p.RootURI != "" {
		s.addFolder(p.RootURI)
	}
	if len(s.folders) == 0 && p.RootURI == "" && p.RootPath != "" {
		s.addFolder(uriOf(p.RootPath))
	}
	s.state = running
	return map[string]any{
		"serverInfo":   map[string]string{"name": "waitornot", "version": s.host.Version},
		"capabilities": s.capabilities(),
	}, nil
}

// encodingOf chooses how columns are counted: in bytes when the client can, else in
// UTF-16, which every client can.
func encodingOf(offered []string) diag.Encoding {
	switch {
	case slices.Contains(offered, "utf-8"):
		return diag.UTF8
	case slices.Contains(offered, "utf-32") && !slices.Contains(offered, "utf-16"):
		return diag.UTF32
	}
	return diag.UTF16
}

func encodingName(e diag.Encoding) string {
	return [...]string{diag.UTF16: "utf-16", diag.UTF8: "utf-8", diag.UTF32: "utf-32"}[e]
}

// capabilities are what the server does.
func (s *Server) capabilities() map[string]any {
	return map[string]any{
		"positionEncoding":        encodingName(s.encoding),
		"hoverProvider":           true,
		"completionProvider":      map[string]any{"triggerCharacters": []string{":", " ", "/", "\""}},
		"codeActionProvider":      map[string]any{"codeActionKinds": []string{quickFix, refactor, fixAll}},
		"definitionProvider":      true,
		"referencesProvider":      true,
		"renameProvider":          map[string]bool{"prepareProvider": true},
		"inlayHintProvider":       true,
		"codeLensProvider":        map[string]bool{"resolveProvider": false},
		"documentSymbolProvider":  true,
		"workspaceSymbolProvider": true,
		"foldingRangeProvider":    true,
		"executeCommandProvider":  map[string]any{"commands": []string{openReport}},
		"textDocumentSync":        map[string]any{"openClose": true, "change": 2, "save": map[string]bool{"includeText": false}},
		"workspace":               map[string]any{"workspaceFolders": map[string]any{"supported": true, "changeNotifications": true}},
	}
}

// initialized asks the client to tell of files that change.
func (s *Server) initialized(*struct{}) {
	if !s.client.Capabilities.Workspace.DidChangeWatchedFiles.DynamicRegistration {
		return
	}
	options := json.RawMessage(`{"watchers": [` +
		`{"globPattern": "**/{waitornot,*.waitornot}.{yaml,yml}"}, {"globPattern": "**/.waitornot.{yaml,yml}"}]}`)
	if err := s.ask("client/registerCapability", map[string]any{
		"registrations": []registration{{"watched-files", "workspace/didChangeWatchedFiles", options}},
	}); err != nil {
		s.log("%v", err)
	}
}

// addFolder opens a folder of the client.
func (s *Server) addFolder(uri string) {
	dir, ok := pathOf(uri)
	if !ok {
		s.log("the folder %.200q isn't a file URI", uri)
		return
	}
	if !slices.Contains(s.folders, dir) {
		s.folders = append(s.folders, dir)
	}
	s.rootAt(s.top(dir))
}

// didChangeFolders opens and closes folders. What was known of documents is made anew.
func (s *Server) didChangeFolders(p *foldersParams) {
	for _, f := range p.Event.Removed {
		if dir, ok := pathOf(f.URI); ok {
			s.folders = slices.DeleteFunc(s.folders, func(d string) bool { return d == dir })
		}
	}
	s.clear()
	for _, f := range s.folders {
		s.rootAt(s.top(f))
	}
	for _, f := range p.Event.Added {
		s.addFolder(f.URI)
	}
	for _, d := range s.documents {
		s.attach(d)
	}
}

// didChangeConfiguration reads everything again: nothing of the client's settings is used,
// but it tells of files that may have changed.
func (s *Server) didChangeConfiguration(*struct{}) { s.reload() }
