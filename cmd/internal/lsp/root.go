package lsp

import (
	"context"
	"errors"
	"maps"
	"path/filepath"
	"slices"

	"waitornot/decide/config"
	"waitornot/decide/diag"
	"waitornot/decide/project"
)

// A root is a folder whose manifests belong together: all of them are judged as one
// project. The root of a document outside of all folders has that document alone.
type root struct {
	dir       string
	alone     string // the path of the only document; "" for a folder
	workspace *project.Workspace
	files     map[string]project.File // on the disk, by name
	unlisted  bool                    // the folder must be looked through again
	unmade    bool                    // the workspace must be made again
	behind    bool                    // what was published may be old
	day       int64                   // on which the workspace was made

	loader *config.Loader // of the workspace

	project   *project.Project               // as last read; nil when it can't be
	wrong     *project.Misconfigured         // why it can't be
	texts     map[string]*diag.Text          // of files of the project, by name
	published map[string][]diag.Finding      // by path
	kept      map[string][]project.Operation // of files that somebody asked about, by name
	index     map[[2]string]bool             // see known
	shown     map[string]string              // paths by name; "" of files outside of the client's folders
}

// rootAt returns the root of a folder, made when it is new.
func (s *Server) rootAt(dir string) *root {
	r := s.roots[dir]
	if r == nil {
		r = &root{dir: dir, unlisted: true, unmade: true, behind: true, published: map[string][]diag.Finding{}, shown: map[string]string{}}
		s.roots[dir] = r
	}
	return r
}

// rootOf returns the root that a path belongs to: that of the innermost folder of the
// client that holds it, or nil.
func (s *Server) rootOf(path string) *root {
	best := ""
	for _, f := range s.folders {
		if inside(f, path) && len(f) > len(best) {
			best = f
		}
	}
	if best == "" {
		return nil
	}
	return s.rootAt(s.top(best))
}

// top returns the folder whose manifests belong together with those of a folder of the
// client.
func (s *Server) top(folder string) string {
	top, known := s.tops[folder]
	if !known {
		top = s.host.Top(folder)
		s.tops[folder] = top
	}
	return top
}

// all returns all roots, in a fixed order.
func (s *Server) all() []*root {
	var list []*root
	for _, m := range []map[string]*root{s.roots, s.loose} {
		for _, key := range slices.Sorted(maps.Keys(m)) {
			list = append(list, m[key])
		}
	}
	return list
}

// name returns the name of a file of the root.
func (r *root) name(path string) string {
	rel, err := filepath.Rel(r.dir, path)
	if err != nil {
		return filepath.ToSlash(path)
	}
	return filepath.ToSlash(rel)
}

// path returns the path of a file that findings name.
func (r *root) path(name string) string {
	path := filepath.FromSlash(name)
	if filepath.IsAbs(path) {
		return path
	}
	return filepath.Join(r.dir, path)
}

// attach makes an open document part of its root.
func (s *Server) attach(d *document) {
	if s.isConfiguration(d.path) {
		s.reload()
		return
	}
	r := s.rootOf(d.path)
	switch {
	case r == nil && s.host.Manifest(filepath.Base(d.path)):
		r = &root{dir: filepath.Dir(d.path), alone: d.path, unmade: true, published: map[string][]diag.Finding{}, shown: map[string]string{}}
		s.loose[d.path] = r
	case r == nil || !s.host.Manifest(r.name(d.path)):
		d.root = nil
		return
	}
	d.root = r
	s.changed(d)
}

// changed takes over the text of a document.
func (s *Server) changed(d *document) {
	switch {
	case s.isConfiguration(d.path):
		s.reload()
	case d.root != nil:
		d.root.overlay(d)
	}
}

// overlay puts the text of a document in the place of its file.
func (r *root) overlay(d *document) {
	r.behind = true
	if r.workspace == nil || r.unmade {
		return // it will be, once the workspace is made
	}
	name := r.name(d.path)
	f, onDisk := r.files[name]
	if !onDisk {
		f = project.File{Name: name, Path: d.path, Open: func() ([]byte, error) { return nil, errClosed }}
	}
	r.workspace.Add(f) // to look whether it's there would take as long as there are files
	r.workspace.Overlay(name, d.text.Bytes())
}

// errClosed says that a document was closed that is no file. It is taken out, so nobody
// sees this.
var errClosed = errors.New("the document is closed")

// detach gives the disk's text of a closed document back.
func (s *Server) detach(d *document) {
	if s.isConfiguration(d.path) {
		s.reload()
		return
	}
	r := d.root
	switch {
	case r == nil:
		return
	case r.alone != "":
		s.withdraw(r)
		delete(s.loose, r.alone)
		return
	}
	r.behind = true
	if r.workspace == nil || r.unmade {
		return
	}
	name := r.name(d.path)
	if f, there := r.files[name]; there {
		r.workspace.Reveal(name)
		r.workspace.Add(f)
	} else {
		r.workspace.Remove(name)
		r.unlisted = true // it may have been saved meanwhile
	}
}

// reload has everything judged anew, by the configurations as they are now.
func (s *Server) reload() {
	for _, r := range s.all() {
		r.unmade, r.behind = true, true
	}
}

// clear forgets all roots, and takes back what was published.
func (s *Server) clear() {
	for _, r := range s.all() {
		s.withdraw(r)
	}
	clear(s.roots)
	clear(s.loose)
	clear(s.tops)
}

// didChangeWatched takes over what changed on the disk.
func (s *Server) didChangeWatched(p *watchedParams) {
	const changed = 2
	for _, c := range p.Changes {
		path, ok := pathOf(c.URI)
		if !ok {
			continue
		}
		if s.isConfiguration(path) {
			s.reload()
			continue
		}
		r := s.rootOf(path)
		if r == nil {
			continue
		}
		if f, known := r.files[r.name(path)]; known && c.Type == changed && !r.unmade {
			r.workspace.Add(f)
		} else {
			r.unlisted = true
		}
		r.behind = true
	}
}

// read returns the project of a root as it is now, with unsaved texts; nil when its
// configurations can't be followed. The error is that of the context, or why nothing can
// be read.
func (s *Server) read(ctx context.Context, r *root) (*project.Project, error) {
	if r.day != s.host.Today() {
		r.unmade = true
	}
	if err := s.list(ctx, r); err != nil {
		return nil, err
	}
	if r.unmade {
		if err := s.make(r); err != nil {
			return nil, err
		}
	}
	p, err := r.workspace.Read(ctx)
	if errors.As(err, &r.wrong) {
		r.project, r.texts, r.kept, r.index = nil, nil, nil, nil
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	if p != r.project {
		r.project, r.texts, r.kept, r.index = p, map[string]*diag.Text{}, map[string][]project.Operation{}, nil
	}
	r.wrong = nil
	return p, nil
}

// list looks through the folder of a root when that must be done again. A root that has a
// workspace keeps what it knows of files that are still there.
func (s *Server) list(ctx context.Context, r *root) error {
	if !r.unlisted {
		return nil
	}
	found, err := s.host.Find(ctx, r.dir)
	if err != nil {
		return err
	}
	files := map[string]project.File{}
	for _, f := range found {
		files[f.Name] = f
	}
	if r.workspace != nil && !r.unmade {
		for _, name := range r.workspace.Names() {
			if _, there := files[name]; !there && s.documents[r.path(name)] == nil {
				r.workspace.Remove(name)
			}
		}
		for _, f := range found {
			if s.documents[f.Path] == nil {
				r.workspace.Add(f)
			}
		}
	}
	r.files, r.unlisted = files, false
	return nil
}

// make makes the workspace of a root.
func (s *Server) make(r *root) error {
	settings, err := s.host.Settings(r.dir, s.unsaved, r.alone != "")
	if err != nil {
		return err
	}
	r.workspace, r.unmade, r.day = project.NewWorkspace(settings), false, s.host.Today()
	r.loader = settings.Configurations
	for _, f := range r.files {
		r.workspace.Add(f)
	}
	for _, d := range s.documents {
		if d.root == r {
			r.overlay(d)
		}
	}
	return nil
}

// unsaved returns the text of an open document.
func (s *Server) unsaved(path string) ([]byte, bool) {
	if d := s.documents[path]; d != nil {
		return d.text.Bytes(), true
	}
	return nil, false
}

// text returns the text of a file of the project that was last read, or of a
// configuration; nil when it is not to be had.
func (s *Server) text(r *root, name string) *diag.Text {
	path := r.path(name)
	if d := s.documents[path]; d != nil {
		return d.text
	}
	if s.isConfiguration(path) {
		data, err := r.loader.Read(path)
		if err != nil {
			return nil
		}
		return diag.NewText(data)
	}
	if r.project == nil {
		return nil
	}
	t, known := r.texts[name]
	if !known {
		if data, ok := r.project.Text(name); ok {
			t = diag.NewText(data)
		}
		r.texts[name] = t
	}
	return t
}
