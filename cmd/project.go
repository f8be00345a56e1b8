package cmd

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"waitornot/cmd/internal/source"
	"waitornot/cmd/internal/term"
	"waitornot/decide/diag"
	"waitornot/decide/lint"
	"waitornot/decide/manifest"
	"waitornot/decide/project"
)

// find returns the manifests that arguments name, as references to where they lie
// and as files of a project.
func (p *policyFlags) find(ctx context.Context, g *globals, paths []string) ([]source.Ref, []project.File, error) {
	refs, err := source.Finder{Dir: g.streams.Dir, Stdin: g.streams.In, StdinPath: p.stdin, Within: g.streams.Within}.Find(ctx, paths)
	if err != nil {
		return nil, nil, err
	}
	dir, err := g.folder()
	if err != nil {
		return nil, nil, err
	}
	return refs, projectFiles(dir, refs), nil
}

// projectFiles returns references as files of a project.
func projectFiles(dir string, refs []source.Ref) []project.File {
	files := make([]project.File, len(refs))
	for i, r := range refs {
		path := r.Path()
		if path == "" {
			path = r.Name // standard input: as if it lay in the current folder
		}
		files[i] = project.File{Name: r.Name, Path: absolute(dir, path), Open: func() ([]byte, error) {
			src, err := r.Open()
			return src.Data, err
		}, Part: r.Part()}
	}
	return files
}

// readProject reads the manifests that arguments name, by the configurations that
// the flags choose, and keeps of each operation what keep makes of it. What is
// wrong with configurations is written, and ends the command.
func readProject[T any](ctx context.Context, g *globals, flags *policyFlags, paths []string, o lint.Options, keep func(project.Operation) T) (*project.Project, []T, error) {
	refs, files, err := flags.find(ctx, g, paths)
	if err != nil {
		return nil, nil, err
	}
	if err := g.refuseNothing(refs); err != nil {
		return nil, nil, err
	}
	return readFiles(ctx, g, flags, files, o, keep)
}

// refuseNothing returns an error when references lead to no manifest at all, unless one may
// still come.
func (g *globals) refuseNothing(refs []source.Ref) error {
	if g.live != nil || slices.ContainsFunc(refs, func(r source.Ref) bool { return !r.Nothing() }) {
		return nil
	}
	return fmt.Errorf("%w. 'waitornot init' writes a first manifest", errors.Join(unmet(refs)...))
}

// readFiles is readProject for files that are known.
func readFiles[T any](ctx context.Context, g *globals, flags *policyFlags, files []project.File, o lint.Options, keep func(project.Operation) T) (*project.Project, []T, error) {
	loader, err := flags.loader(ctx, g)
	if err != nil {
		return nil, nil, err
	}
	p, kept, err := readAgain(ctx, g, files, project.Settings{Configurations: loader, Options: o}, keep)
	return p, kept, g.refuse(err)
}

// held returns an operation that can be kept.
func held(op project.Operation) project.Operation {
	op.Operation = new(*op.Operation)
	return op
}

// readUntilDone is project.Read, given up at an interrupt, wherever it is. Configurations are read
// before: fetching a preset ends in order.
func readUntilDone[T any](ctx context.Context, files []project.File, s project.Settings, keep func(project.Operation) T) (*project.Project, []T, error) {
	for _, f := range files {
		s.Configurations.Policy(f.Path)
	}
	var kept []T
	p, err := interruptible(ctx, func() (p *project.Project, err error) {
		p, kept, err = project.Read(ctx, files, s, keep)
		return p, err
	})
	if err != nil {
		return nil, nil, err
	}
	return p, kept, nil
}

// errMisconfigured ends a command whose configuration can't be followed: what is
// wrong with it has been written.
var errMisconfigured = errors.New("invalid configuration; nothing was judged")

// refuse writes what is wrong with the configurations, when that is the error.
func (g *globals) refuse(err error) error {
	var wrong *project.Misconfigured
	if errors.As(err, &wrong) {
		g.complain(wrong.Findings)
		return errMisconfigured
	}
	return err
}

// complain writes findings to standard error.
func (g *globals) complain(findings []diag.Finding) {
	w := g.streams.Err
	writeFindings(w, term.Painter{Color: g.streams.Color(w, term.ColorMode(g.color))}, findings)
}

// complainOf writes what was wrong with the manifests of a project: findings and
// files that could not be opened.
func (g *globals) complainOf(p *project.Project) {
	g.complain(p.Findings)
	for _, u := range p.Unreadable {
		fmt.Fprintf(g.streams.Err, "%s: error: %s (unreadable)\n", term.Safe(u.File), term.Safe(u.Err.Error()))
	}
}

// unreadError returns the error of a run that could not read all, or nil.
func unreadError(r *lint.Result) error {
	if len(r.Broken)+len(r.Unreadable) == 0 {
		return nil
	}
	var unread []string
	for _, u := range r.Unreadable {
		unread = append(unread, u.File)
	}
	return brokenError{r.Broken, unread}
}

// readError returns the error that sets the exit code of a command for which
// manifests are input and not what it judges: what could not be read weighs more
// than an error in what could.
func readError(r *lint.Result) error {
	if err := unreadError(r); err != nil {
		return err
	}
	if slices.ContainsFunc(r.Findings, func(f diag.Finding) bool { return f.Severity == diag.Error }) {
		return errFindings
	}
	return nil
}

// unjudgedError is readError for a command that also shows what rules find: only
// what is wrong with the text of a manifest counts.
func unjudgedError(r *lint.Result) error {
	read := *r
	read.Findings = nil
	for _, f := range r.Findings {
		if slices.ContainsFunc(manifest.Rules(), func(m *manifest.Rule) bool { return m.Code == f.Code }) {
			read.Findings = append(read.Findings, f)
		}
	}
	return readError(&read)
}
