package cmd

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"waitornot/cmd/internal/dialog"
	"waitornot/cmd/internal/disk"
	"waitornot/cmd/internal/prompt"
	"waitornot/cmd/internal/source"
	"waitornot/cmd/internal/term"
	"waitornot/decide"
	"waitornot/decide/manifest/edit"
)

// A target is the document of a manifest that takes an operation.
type target struct {
	path    string
	doc     int
	service string // the document's; the caller in a new manifest
	stack   string // the document's; may be empty
}

// path returns where a path of the command line leads.
func (o *askOptions) path(name string) string {
	if filepath.IsAbs(name) || o.streams.Dir == "" {
		return name
	}
	return filepath.Join(o.streams.Dir, name)
}

// openTarget reads a manifest to add to. One that does not exist is empty; what is no file
// can't be added to.
func (o *askOptions) openTarget(ctx context.Context, path string) (*edit.Manifest, error) {
	if err := disk.Replaceable(path); err != nil {
		return nil, fmt.Errorf("%s: %w", o.shown(path), err)
	}
	data, err := disk.ReadNamed(ctx, path)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("%s: %w", o.shown(path), err)
	}
	return o.parseTarget(path, data)
}

func (o *askOptions) parseTarget(path string, data []byte) (*edit.Manifest, error) {
	m, err := edit.Parse(data)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", o.shown(path), err)
	}
	return m, nil
}

// locate says which document of a manifest takes the operation: that of
// --service, else the caller's, else the only one. Of several it asks where
// questions are asked.
func (s *session) locate(ctx context.Context, path string) (target, error) {
	m, err := s.openTarget(ctx, path)
	if err != nil {
		return target{}, err
	}
	services := m.Services()
	at := func(doc int) target {
		t := target{path, doc, services[doc], m.Stack(doc)}
		if m.IsEmpty() {
			t.service = s.replies.Details[prompt.Caller]
		}
		return t
	}
	if s.service != "" {
		if doc := indexOf(services, s.service); doc >= 0 {
			return at(doc), nil
		}
		return target{}, fmt.Errorf("%s: unknown service %q; the services are %s", s.shown(path), s.service, strings.Join(named(services), ", "))
	}
	doc := indexOf(services, s.replies.Details[prompt.Caller])
	switch {
	case doc >= 0:
		return at(doc), nil
	case len(services) == 1:
		return at(0), nil
	case s.prompter == nil:
		return target{}, usagef("%s has several services; say which takes the operation: --service %s",
			s.shown(path), strings.Join(named(services), "|"))
	}
	var options []dialog.Option
	for _, name := range named(services) {
		options = append(options, dialog.Option{Label: term.Safe(name)})
	}
	doc, err = s.prompter.Choose(ctx, "Which service takes the operation?", options)
	if err != nil {
		return target{}, err
	}
	return at(doc), nil
}

// indexOf returns the position of a service that has a name, or -1.
func indexOf(services []string, name string) int {
	for i, s := range services {
		if s == name && name != "" {
			return i
		}
	}
	return -1
}

// named returns the services as people are shown them.
func named(services []string) []string {
	var list []string
	for i, s := range services {
		if s == "" {
			s = fmt.Sprintf("document %d", i+1)
		}
		list = append(list, s)
	}
	return list
}

// keep asks for the manifest that takes the operation, and adds it.
func (s *session) keep(ctx context.Context) error {
	file, err := s.prompter.Line(ctx, "Which manifest? A file that doesn't exist is created.", s.nearManifest(), func(line string) string {
		if line == "" {
			return "Enter a file name, for example waitornot.yaml."
		}
		if _, err := s.openTarget(ctx, s.path(line)); err != nil {
			return "Choose another file: " + term.Safe(err.Error())
		}
		return ""
	})
	if err != nil {
		return err
	}
	if s.replies.Details[prompt.Name] == "" {
		name, err := s.prompter.Line(ctx, "What is the operation called?", "", func(line string) string {
			if line == "" {
				return "Enter a name, for example authorize-payment."
			}
			return ""
		})
		if err != nil {
			return err
		}
		s.replies.Details[prompt.Name] = name
	}
	t, err := s.locate(ctx, s.path(file))
	if err != nil {
		return err
	}
	return s.store(ctx, t)
}

// usualManifest is what a manifest is called when nothing else is said.
const usualManifest = "waitornot.yaml"

// nearManifest returns the one manifest of the folder, or the name for a new
// one.
func (s *session) nearManifest() string {
	entries, err := os.ReadDir(s.path("."))
	if err != nil {
		return usualManifest
	}
	var found []string
	for _, e := range entries {
		if !e.IsDir() && source.IsManifest(e.Name()) {
			found = append(found, e.Name())
		}
	}
	if len(found) != 1 {
		return usualManifest
	}
	return found[0]
}

// store adds the operation to its target, or changes the one of its name when that
// is wished for.
func (s *session) store(ctx context.Context, t target) error {
	replace := s.replace
	for {
		there, err := s.isThere(ctx, t)
		if err != nil {
			return err
		}
		if !there || replace {
			return s.write(ctx, t, replace)
		}
		if s.prompter == nil || s.yes {
			return fmt.Errorf("%s already has an operation %q; --replace changes its answers", s.shown(t.path), s.entry().Name)
		}
		var canceled bool
		if replace, canceled, err = s.resolve(ctx, t); err != nil || canceled {
			return err
		}
	}
}

// write changes the manifest under its lock, and says what it did.
func (s *session) write(ctx context.Context, t target, replace bool) error {
	entry := s.entry()
	verb := "added to"
	err := s.disk(ctx).Update(t.path, func(old []byte) ([]byte, error) {
		m, err := s.parseTarget(t.path, old)
		if err != nil {
			return nil, err
		}
		if t.doc >= len(m.Services()) {
			return nil, fmt.Errorf("%s changed in the meantime; nothing was written", s.shown(t.path))
		}
		change := m.Add
		if replace && m.Has(t.doc, entry.Name) {
			change, verb = m.Update, "updated in"
		}
		out, err := change(t.doc, entry)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", s.shown(t.path), err)
		}
		return out.Bytes(), nil
	})
	if err != nil {
		return err
	}
	fmt.Fprintf(s.streams.Err, "%s %s %s\n", term.Safe(entry.Name), verb, term.Safe(s.shown(t.path)))
	return nil
}

func (s *session) isThere(ctx context.Context, t target) (bool, error) {
	m, err := s.openTarget(ctx, t.path)
	if err != nil {
		return false, err
	}
	return t.doc < len(m.Services()) && m.Has(t.doc, s.entry().Name), nil
}

// resolve asks what to do about an operation that is there already: change it,
// or give the new one another name, or do nothing.
func (s *session) resolve(ctx context.Context, t target) (replace, canceled bool, err error) {
	m, err := s.openTarget(ctx, t.path)
	if err != nil {
		return false, false, err
	}
	name := s.entry().Name
	updates := "the existing operation gets these answers"
	if kept := s.keptKeys(m.Keys(t.doc, name)); len(kept) > 0 {
		updates += ", and keeps its " + strings.Join(kept, ", ")
	}
	n, err := s.prompter.Choose(ctx, fmt.Sprintf("The operation %s already exists.", term.Safe(name)), []dialog.Option{
		{Label: "rename", Means: "give this one another name"},
		{Label: "update", Means: term.Safe(updates)},
		{Label: "cancel", Means: "write nothing"},
	})
	switch {
	case err != nil:
		return false, false, err
	case n == 1:
		return true, false, nil
	case n == 2:
		fmt.Fprintln(s.streams.Err, "nothing was written")
		return false, true, nil
	}
	line, err := s.prompter.Line(ctx, "What is this operation called?", name, func(line string) string {
		switch {
		case line == "":
			return "Enter a name."
		case m.Has(t.doc, line):
			return fmt.Sprintf("The operation %s already exists.", term.Safe(line))
		}
		return ""
	})
	s.replies.Details[prompt.Name] = line
	return false, false, err
}

// keptKeys returns the keys of an operation that stay when it is updated.
func (s *session) keptKeys(keys []string) []string {
	d := &s.replies.Details
	return slices.DeleteFunc(slices.Clone(keys), func(key string) bool {
		switch key {
		case "name", "answers":
			return true
		case "caller":
			return d[prompt.Caller] != ""
		case "callee":
			return d[prompt.Callee] != ""
		case "description":
			return d[prompt.Description] != ""
		case "mode":
			return s.replies.Mode != decide.Undecided
		}
		return slices.ContainsFunc(s.facts.given(), func(x askFact) bool { return x.key == key })
	})
}

// entry is the operation as the manifest takes it.
func (s *session) entry() edit.Entry {
	d := &s.replies.Details
	e := edit.Entry{
		Name: d[prompt.Name], Description: d[prompt.Description], Caller: d[prompt.Caller], Callee: d[prompt.Callee], Mode: s.replies.Mode,
		Answers: s.replies.Answers, Latency: s.replies.Latency, Stack: s.stack,
	}
	for _, x := range s.facts.given() {
		e.Facts = append(e.Facts, edit.Fact{Path: x.key, Words: []string{*x.value}})
	}
	return e
}
