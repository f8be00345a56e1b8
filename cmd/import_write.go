package cmd

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"waitornot/cmd/internal/disk"
	"waitornot/cmd/internal/term"
	"waitornot/cmd/internal/text"
	"waitornot/decide/evidence"
	"waitornot/decide/evidence/draft"
	"waitornot/decide/manifest"
	"waitornot/decide/manifest/edit"
)

// A change is a manifest as it is and as it will be.
type manifestChange struct {
	path, name    string
	before, after []byte
	added         int // operations
	refreshed     int // operations whose evidence changed
}

// does says what the change is.
func (c *manifestChange) does() string {
	var parts []string
	if c.added > 0 {
		parts = append(parts, text.Count(c.added, "operation"))
	}
	if c.refreshed > 0 {
		parts = append(parts, "new evidence of "+text.Count(c.refreshed, "operation"))
	}
	return strings.Join(parts, ", ")
}

// writeAll brings the manifests below a folder up to date.
func (o *importOptions) writeAll(ctx context.Context, sys *evidence.System, used []string) error {
	base, err := o.folder()
	if err != nil {
		return err
	}
	dir := absolute(base, o.write)
	var there []existing
	var declared []draft.Declared
	switch info, err := os.Stat(dir); {
	case err == nil && !info.IsDir():
		return notAFolder("--write " + o.write)
	case err == nil:
		if there, declared, err = o.declared(ctx, o.write, true); err != nil {
			return err
		}
	case !errors.Is(err, os.ErrNotExist):
		return fmt.Errorf("%s: %w", o.write, disk.Plain(err))
	}
	c, err := compared(ctx, sys, declared)
	if err != nil {
		return err
	}
	var stale []string
	changes, err := interruptible(ctx, func() (list []manifestChange, err error) {
		if list, stale, err = refreshed(c.Measured, there); err != nil {
			return nil, err
		}
		return o.changes(list, dir, c.Missing, there, used)
	})
	if err != nil {
		return err
	}
	for i := range changes {
		c := &changes[i]
		if o.dryRun {
			err := writing(ctx, o.streams.Out, func(w io.Writer) error { return o.showDiff(w, c.name, c.before, c.after) })
			if err != nil {
				return err
			}
			continue
		}
		if err := o.put(ctx, c); err != nil {
			return err
		}
		fmt.Fprintf(o.streams.Out, "wrote %s: %s\n", term.Safe(c.name), c.does())
	}
	o.senders(sys)
	if len(stale) > 0 {
		return fmt.Errorf("the evidence of %s wasn't updated, because it contains a comment or an anchor: remove that, or delete the evidence", strings.Join(stale, ", "))
	}
	switch {
	case len(sys.Operations) == 0:
		fmt.Fprintf(o.streams.Err, "nothing to write: the sources show %s, but no calls between them\n", text.Count(len(sys.Services), "service"))
	case len(changes) == 0:
		fmt.Fprintln(o.streams.Err, "nothing to write: every operation that the sources show is already declared, with its measurements")
	}
	return nil
}

// refreshed returns the manifests with what was measured now of their operations, those
// in which that changes anything. Stale names the operations whose evidence is written in a
// way that can't be replaced without losing something.
func refreshed(measured []draft.Measured, there []existing) (list []manifestChange, stale []string, err error) {
	byFile := map[string][]draft.Measured{}
	for _, d := range measured {
		byFile[d.File] = append(byFile[d.File], d)
	}
	for _, p := range there {
		var m *edit.Manifest
		c := manifestChange{path: p.ref.Path(), name: p.ref.Name, before: p.data}
		if c.path == "" {
			continue
		}
		for _, d := range byFile[p.ref.Name] {
			if m == nil {
				if m, err = edit.Parse(p.data); err != nil {
					return nil, nil, fmt.Errorf("%s: %w", p.ref.Name, err)
				}
			}
			doc := documentOf(m, d.Service, d.Name)
			if doc < 0 {
				continue
			}
			next, err := m.SetMapping(doc, d.Name, manifest.EvidenceKey, draft.Facts(d.Evidence))
			switch {
			case err != nil:
				stale = append(stale, fmt.Sprintf("%s in %s:%d", d.Name, d.File, d.Line))
			case next != m:
				c.refreshed++
				m = next
			}
		}
		if c.refreshed > 0 {
			c.after = m.Bytes()
			list = append(list, c)
		}
	}
	return list, stale, nil
}

// documentOf returns the document of a service that has an operation, or -1.
func documentOf(m *edit.Manifest, service, operation string) int {
	for doc, name := range m.Services() {
		if name == service && m.Has(doc, operation) {
			return doc
		}
	}
	return -1
}

// changes returns what to write: an addition where a manifest declares the service, a
// new file elsewhere.
func (o *importOptions) changes(list []manifestChange, dir string, missing []draft.Service, there []existing, used []string) ([]manifestChange, error) {
	taken, declares := map[string]bool{}, declaring(there)
	at := map[string]int{} // in the list, by path
	for i := range list {
		at[list[i].path] = i
	}
	for i := range missing {
		s := &missing[i]
		if c, ok, err := addTo(list, at, declares[evidence.Alike(s.Name)], s); err != nil {
			return nil, err
		} else if ok {
			list = c
			continue
		}
		name := draft.FileName(s.Name)
		path := filepath.Join(dir, name)
		for n := 2; taken[path] || exists(path); n++ { // behind the name, which may be as long as names get
			path = filepath.Join(dir, fmt.Sprintf("%s-%d%s", strings.TrimSuffix(name, draft.Ending), n, draft.Ending))
		}
		taken[path] = true
		base, err := o.folder()
		if err != nil {
			return nil, err
		}
		list = append(list, manifestChange{path: path, name: relative(base, path), after: s.Manifest(used), added: len(s.Operations)})
	}
	return list, nil
}

func exists(path string) bool {
	_, err := os.Lstat(path)
	return err == nil
}

// declaring returns the first manifest that can be changed and declares a service, by how the
// service's name is written where spelling is left out.
func declaring(there []existing) map[string]*existing {
	first := map[string]*existing{}
	for i := range there {
		for _, name := range there[i].services {
			key := evidence.Alike(name)
			if _, known := first[key]; !known && name != "" && there[i].ref.Path() != "" {
				first[key] = &there[i]
			}
		}
	}
	return first
}

// addTo adds the operations of a service to the manifest that declares it, whose change at finds
// by its path. It reports false when none does.
func addTo(list []manifestChange, at map[string]int, p *existing, s *draft.Service) ([]manifestChange, bool, error) {
	if p == nil {
		return list, false, nil
	}
	i, known := at[p.ref.Path()]
	if !known {
		list = append(list, manifestChange{path: p.ref.Path(), name: p.ref.Name, before: p.data, after: p.data})
		i = len(list) - 1
		at[p.ref.Path()] = i
	}
	m, err := edit.Parse(list[i].after)
	if err != nil {
		return nil, false, fmt.Errorf("%s: %w", p.ref.Name, err)
	}
	doc := serviceIn(m.Services(), s.Name)
	if doc < 0 {
		return nil, false, fmt.Errorf("%s: can't find the document of %s", p.ref.Name, s.Name)
	}
	for _, e := range s.Entries() {
		if e.Caller == s.Name {
			e.Caller = "" // the document's own service, as it spells it
		}
		e.Name = unused(m, doc, e.Name)
		if m, err = m.Add(doc, e); err != nil {
			return nil, false, fmt.Errorf("%s: %w", p.ref.Name, err)
		}
		list[i].added++
	}
	list[i].after = m.Bytes()
	return list, true, nil
}

// serviceIn returns which of the services of documents a name means, or -1: the one
// that is called so, or else the one that differs in spelling only.
func serviceIn(services []string, name string) int {
	if i := slices.Index(services, name); i >= 0 {
		return i
	}
	return slices.IndexFunc(services, func(s string) bool { return s != "" && evidence.Alike(s) == evidence.Alike(name) })
}

// unused returns the name, with a number behind it when an operation has it already.
func unused(m *edit.Manifest, doc int, name string) string {
	free := name
	for n := 2; m.Has(doc, free); n++ {
		free = fmt.Sprintf("%s-%d", name, n)
	}
	return free
}

// put writes one manifest, unless somebody changed it meanwhile.
func (o *importOptions) put(ctx context.Context, c *manifestChange) error {
	if err := os.MkdirAll(filepath.Dir(c.path), 0o777); err != nil {
		return fmt.Errorf("%s: %w", c.name, disk.Plain(err))
	}
	return o.disk(ctx).Update(c.path, func(old []byte) ([]byte, error) {
		if !bytes.Equal(old, c.before) {
			return nil, fmt.Errorf("%s changed in the meantime; nothing was written", c.name)
		}
		return c.after, nil
	})
}
