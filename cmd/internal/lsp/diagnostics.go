package lsp

import (
	"cmp"
	"context"
	"maps"
	"slices"
	"unicode/utf8"

	"waitornot/decide/diag"
	"waitornot/decide/project"
)

// behind reports whether something that was published may be old.
func (s *Server) behind() bool {
	return slices.ContainsFunc(s.all(), func(r *root) bool { return r.behind })
}

// refresh works out findings and publishes them, until a message makes them old. The
// error ends the session.
func (s *Server) refresh(ctx context.Context) (err error) {
	work, cancel := s.in.until(ctx)
	defer cancel()
	for _, r := range s.all() {
		if !r.behind {
			continue
		}
		if err := s.refreshRoot(ctx, work, r); err != nil || work.Err() != nil {
			return err
		}
	}
	return nil
}

// refreshRoot publishes the findings of a root, until work ends. What can't be read is
// logged, and tried again when something changes. Looking through the folder goes on for
// the session: what it finds is as good for the next time.
func (s *Server) refreshRoot(ctx, work context.Context, r *root) (err error) {
	defer s.recovered("check", func(error) { r.behind = false })
	if r.project == nil {
		defer s.host.Opening()()
	}
	err = s.list(ctx, r)
	var p *project.Project
	if err == nil {
		p, err = s.read(work, r)
	}
	if work.Err() != nil {
		return nil // something newer is there
	}
	r.behind = false
	if err != nil {
		s.log("%s: %v", r.dir, err)
		return nil
	}
	return s.publish(r, p)
}

// publish sends what is new of the findings of a root, file by file: those of open
// documents at once.
func (s *Server) publish(r *root, p *project.Project) error {
	now := s.findingsOf(r, p)
	for path := range r.published {
		if _, still := now[path]; !still {
			now[path] = nil
		}
	}
	for _, path := range s.inOrder(now) {
		before, known := r.published[path]
		d := s.documents[path]
		if d == nil && known && slices.EqualFunc(before, now[path], sameFinding) {
			continue
		}
		if len(now[path]) == 0 && d == nil {
			delete(r.published, path)
		} else {
			r.published[path] = now[path]
		}
		if d != nil && d.published == d.version && known && slices.EqualFunc(before, now[path], sameFinding) {
			continue
		}
		if err := s.write(call{JSONRPC: "2.0", Method: "textDocument/publishDiagnostics", Params: s.diagnostics(r, path, now[path])}); err != nil {
			return err
		}
		if d == nil {
			continue
		}
		d.published = d.version
		if err := s.out.Flush(); err != nil {
			return err
		}
	}
	return s.out.Flush()
}

// inOrder returns paths in order, those of open documents first: somebody looks at them.
func (s *Server) inOrder(of map[string][]diag.Finding) []string {
	return slices.SortedFunc(maps.Keys(of), func(a, b string) int {
		rank := func(path string) int {
			if s.documents[path] != nil {
				return 0
			}
			return 1
		}
		return cmp.Or(cmp.Compare(rank(a), rank(b)), cmp.Compare(a, b))
	})
}

// findingsOf returns the findings of a root by path: those in the folders of the client,
// and an entry without any for each open document.
func (s *Server) findingsOf(r *root, p *project.Project) map[string][]diag.Finding {
	found := map[string][]diag.Finding{}
	for _, d := range s.documents {
		if d.root == r || d.root == nil && s.isConfiguration(d.path) && s.rootOf(d.path) == r {
			found[d.path] = nil
		}
	}
	var all []diag.Finding
	if p == nil {
		all = r.wrong.Findings
	} else {
		all = p.Findings
		for _, u := range p.Unreadable {
			all = append(slices.Clip(all), diag.Finding{File: u.File, Severity: diag.Error, Rule: "unreadable", Message: "the file could not be opened: " + u.Err.Error()})
		}
	}
	for from := 0; from < len(all); {
		to := from + 1
		for to < len(all) && all[to].File == all[from].File {
			to++
		}
		if path := s.shownPath(r, all[from].File); path != "" {
			if list, other := found[path]; other && list != nil {
				found[path] = slices.Concat(list, all[from:to])
			} else {
				found[path] = all[from:to:to]
			}
		}
		from = to
	}
	return found
}

// shownPath returns the path of a file that findings name, and "" when it lies outside of
// what the client has open.
func (s *Server) shownPath(r *root, name string) string {
	path, known := r.shown[name]
	if !known {
		if path = r.path(name); r.alone != path && s.rootOf(path) != r {
			path = ""
		}
		r.shown[name] = path
	}
	return path
}

// withdraw takes back what was published of a root.
func (s *Server) withdraw(r *root) {
	for _, path := range slices.Sorted(maps.Keys(r.published)) {
		if err := s.notify("textDocument/publishDiagnostics", publishParams{URI: s.uri(path), Diagnostics: []diagnostic{}}); err != nil {
			s.log("%v", err)
		}
	}
	clear(r.published)
}

// uri returns the URI of a file, as the client writes it when it has it open.
func (s *Server) uri(path string) string {
	if d := s.documents[path]; d != nil {
		return d.uri
	}
	return uriOf(path)
}

// diagnostics returns findings of a file as the client shows them.
func (s *Server) diagnostics(r *root, path string, findings []diag.Finding) publishParams {
	params := publishParams{URI: s.uri(path), Diagnostics: make([]diagnostic, 0, len(findings))}
	if d := s.documents[path]; d != nil {
		params.Version = &d.version
	}
	show := s.shows(r, path)
	for i := range findings {
		params.Diagnostics = append(params.Diagnostics, s.diagnostic(r, show, &findings[i]))
	}
	return params
}

// shows returns how ranges of a file are shown. Where editors count as findings do, no
// index of the text is made: few files are ever opened.
func (s *Server) shows(r *root, path string) func(diag.Range) span {
	name := r.name(path)
	if s.documents[path] == nil && r.project != nil && r.texts[name] == nil {
		if data, ok := r.project.Text(name); ok && countsAlike(data) {
			return spanAsItIs
		}
	}
	text := s.text(r, name)
	return func(at diag.Range) span { return s.span(text, at) }
}

// countsAlike reports whether places in a text are the same however columns are counted.
func countsAlike(data []byte) bool {
	for _, b := range data {
		if b >= utf8.RuneSelf || b == '\r' {
			return false
		}
	}
	return true
}

// spanAsItIs returns a range of a text that counts alike, and that has it.
func spanAsItIs(at diag.Range) span {
	if !at.IsValid() {
		return span{}
	}
	return span{
		position{at.Start.Line - 1, at.Start.Column - 1},
		position{at.End.Line - 1, at.End.Column - 1},
	}
}

// diagnostic returns a finding as the client shows it.
func (s *Server) diagnostic(r *root, show func(diag.Range) span, f *diag.Finding) diagnostic {
	d := diagnostic{
		Range: show(f.Range), Severity: int(diag.Error-f.Severity) + 1,
		Code: f.Code, Source: "waitornot", Message: messageOf(f),
		Data: &findingData{f.Rule, f.Operation, f.Fingerprint.String()},
	}
	if d.Code == "" {
		d.Code = f.Rule
	}
	if s.host.Address != "" && f.Code != "" {
		d.CodeDescription = &codeDescription{s.host.Address + "/blob/main/rules/docs/" + f.Code + ".md"}
	}
	for _, also := range f.Related {
		at := location{s.uri(r.path(also.File)), s.span(s.text(r, also.File), also.Range)}
		d.RelatedInformation = append(d.RelatedInformation, related{at, also.Message})
	}
	return d
}

// messageOf returns the message of a finding with what to do about it.
func messageOf(f *diag.Finding) string {
	if f.Fix == "" {
		return f.Message
	}
	return f.Message + "; " + f.Fix
}

// sameFinding reports whether two findings are shown alike.
func sameFinding(a, b diag.Finding) bool {
	return a.Range == b.Range && a.Code == b.Code && a.Severity == b.Severity && a.Message == b.Message && a.Fix == b.Fix &&
		a.Fingerprint == b.Fingerprint && slices.Equal(a.Related, b.Related)
}
