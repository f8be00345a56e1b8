package cmd

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/rogpeppe/go-internal/diff"
	"github.com/spf13/cobra"

	"waitornot/cmd/internal/source"
	"waitornot/cmd/internal/term"
	"waitornot/cmd/internal/text"
	"waitornot/decide/diag"
	"waitornot/decide/lint"
	"waitornot/decide/project"
)

// fixFlags ask for what can be corrected to be corrected.
type fixFlags struct {
	fix    bool
	diff   bool
	unsafe bool
}

func (x *fixFlags) add(c *cobra.Command) {
	f := c.Flags()
	f.BoolVar(&x.fix, "fix", false, "fix misspelled keys and unused waivers")
	f.BoolVar(&x.diff, "diff", false, "show the changes that --fix would make as a diff, without making them")
	f.BoolVar(&x.unsafe, "unsafe-fixes", false, "also fix claims about the system: declare the verdict as the mode, name a dead-letter queue")
}

func (x *fixFlags) check() error {
	if x.unsafe && !x.fix && !x.diff {
		return usagef("--unsafe-fixes needs --fix or --diff")
	}
	return nil
}

// maxRounds is how often a run looks for what its own corrections made
// possible.
const maxRounds = 10

// A fixer corrects the manifests of a run in memory.
type fixer struct {
	*checkOptions
	scope    *checkScope
	original map[int][]byte // by position of the ref, of those that changed
	made     int            // findings that are corrected
}

// fixed lints, corrects and lints again until nothing more can be corrected,
// and returns what is left.
func (f *fixer) fixed(ctx context.Context) (*project.Project, error) {
	for round := 0; ; round++ {
		p, err := f.lint(ctx, f.scope)
		if err != nil {
			return nil, err
		}
		if err := f.narrow(ctx, f.scope, p); err != nil {
			return nil, err
		}
		if round == maxRounds || !f.round(p.Result) {
			return p, nil
		}
	}
}

// round corrects what it can, and reports whether anything changed.
func (f *fixer) round(r *lint.Result) bool {
	changed := false
	for i, ref := range f.scope.refs {
		from, _ := slices.BinarySearchFunc(r.Findings, ref.Name, func(x diag.Finding, name string) int { return strings.Compare(x.File, name) })
		to := from
		for to < len(r.Findings) && r.Findings[to].File == ref.Name {
			to++
		}
		if !slices.ContainsFunc(r.Findings[from:to], func(x diag.Finding) bool { return len(x.Edits) > 0 }) {
			continue
		}
		src, err := ref.Open()
		if err != nil {
			continue // the run has said so
		}
		data, made := lint.Fix(src, r.Findings[from:to], f.unsafe)
		if bytes.Equal(data, src.Data) {
			continue
		}
		if _, again := f.original[i]; !again {
			f.original[i] = src.Data
		}
		f.scope.refs[i] = ref.With(data)
		f.made += len(made)
		changed = true
	}
	return changed
}

// write puts the corrected manifests in their places.
func (f *fixer) write(ctx context.Context) error {
	for i, ref := range f.scope.refs {
		original, changed := f.original[i]
		if !changed {
			continue
		}
		src, err := ref.Open()
		if err != nil {
			return err
		}
		err = f.globals.disk(ctx).Update(ref.Path(), func(old []byte) ([]byte, error) {
			if !bytes.Equal(old, original) {
				return nil, fmt.Errorf("%s: it changed during the check; nothing was written", ref.Name)
			}
			return src.Data, nil
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// writeDiff shows what the corrections change.
func (f *fixer) writeDiff(w io.Writer) error {
	for i, ref := range f.scope.refs {
		original, changed := f.original[i]
		if !changed {
			continue
		}
		src, err := ref.Open()
		if err != nil {
			return err
		}
		if err := f.showDiff(w, ref.Name, original, src.Data); err != nil {
			return err
		}
	}
	return nil
}

// showDiff writes to w, which leads to standard output, what changes in one file. Where that is
// a terminal, nothing in the file can control it.
func (g *globals) showDiff(w io.Writer, name string, before, after []byte) error {
	raw, paint := !term.IsTerminal(g.streams.Out), g.painter()
	_, text, _ := strings.Cut(string(diff.Diff(name, before, name, after)), "\n") // without the command
	for line := range strings.Lines(text) {
		line = strings.TrimSuffix(line, "\n")
		if !raw {
			line = term.Safe(strings.TrimSuffix(line, "\r"))
		}
		if _, err := fmt.Fprintln(w, paint.Paint(diffStyle(line), line)); err != nil {
			return err
		}
	}
	return nil
}

func diffStyle(line string) term.Style {
	switch {
	case strings.HasPrefix(line, "+++ "), strings.HasPrefix(line, "--- "):
		return term.Bold
	case strings.HasPrefix(line, "@@"):
		return term.Cyan
	case strings.HasPrefix(line, "+"):
		return term.Green
	case strings.HasPrefix(line, "-"):
		return term.Red
	}
	return term.Plain
}

// runFix corrects what it can, and returns what is left.
func (o *checkOptions) runFix(ctx context.Context, scope *checkScope) (*project.Project, error) {
	if slices.ContainsFunc(scope.refs, func(r source.Ref) bool { return r.IsStdin() }) {
		return nil, usagef("--fix can't change standard input; use --diff to see the changes")
	}
	f := &fixer{checkOptions: o, scope: scope, original: map[int][]byte{}}
	p, err := f.fixed(ctx)
	if err != nil {
		return nil, err
	}
	if err := f.write(ctx); err != nil {
		return nil, err
	}
	f.sum(p.Result)
	return p, nil
}

// runDiff shows what would be corrected, in place of a report.
func (o *checkOptions) runDiff(ctx context.Context, scope *checkScope) error {
	f := &fixer{checkOptions: o, scope: scope, original: map[int][]byte{}}
	p, err := f.fixed(ctx)
	if err != nil {
		return err
	}
	if err := writing(ctx, o.streams.Out, f.writeDiff); err != nil {
		return err
	}
	f.sum(p.Result)
	switch {
	case unreadError(p.Result) != nil:
		return unreadError(p.Result)
	case f.made > 0:
		return errFindings
	}
	return nil
}

// sum says what was corrected and what more could be.
func (f *fixer) sum(r *lint.Result) {
	if f.made > 0 {
		verb := "fixed"
		if f.diff {
			verb = "would fix"
		}
		f.scope.say("%s %s in %s", verb, text.Count(f.made, "finding"), text.Count(len(f.original), "file"))
	}
	more := 0
	for i := range r.Findings {
		if len(r.Findings[i].Edits) > 0 && !r.Findings[i].Safe && !f.unsafe {
			more++
		}
	}
	if more > 0 {
		f.scope.say("%s can be fixed with --unsafe-fixes, which changes what the manifest claims about the system", text.Count(more, "more finding"))
	}
}
