package cmd

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"path/filepath"

	"github.com/spf13/cobra"

	"waitornot/cmd/internal/adr"
	"waitornot/cmd/internal/source"
	"waitornot/cmd/internal/term"
	"waitornot/cmd/internal/text"
	"waitornot/decide/advice"
	"waitornot/decide/project"
	"waitornot/rules"
	"waitornot/rules/embedded"
)

// adrOptions are what a run of adr needs.
type adrOptions struct {
	*globals
	policyFlags
	paths  []string
	format string // of check
	dir    string
	per    string
	status string      // of new records; "" is proposed
	chosen func() bool // --per was given
}

func newADR(g *globals) *cobra.Command {
	o := adrOptions{globals: g}
	c := &cobra.Command{
		Use:   "adr [PATH...]",
		Short: "Keep a decision record for every operation",
		Long: "Writes an architecture decision record (MADR 4) for each operation of the manifests, or for\n" +
			"each service, into one folder, along with an index page. If a decision hasn't changed, nothing\n" +
			"is written. When a verdict flips, a new record supersedes the old one.\n\n" +
			"The folder is --dir; or else the one that .adr-dir or .log4brains.yml names; or else whichever of\n" +
			"docs/decisions, docs/adr, and doc/adr exists. Its numbering continues. Whatever people write\n" +
			"outside the marked part of a record is kept. If someone edited the marked part, it's reported\n" +
			"rather than overwritten, and the command ends with exit code 1 because a person has to look at it.\n\n" +
			"The records are a folder rather than one file, so there's no --output; adr check has it.",
		Example: "  waitornot adr\n" +
			"  waitornot adr services/ --dir docs/adr --per service\n" +
			"  waitornot adr check --format json",
		RunE: func(c *cobra.Command, args []string) error {
			o.paths = args
			return o.write(c.Context())
		},
	}
	o.add(c)
	enumVar(c, c.Flags(), &o.status, "status", []string{"proposed", "accepted"}, "the status of new records; existing ones keep theirs")
	c.AddCommand(newADRCheck(g))
	return c
}

func newADRCheck(g *globals) *cobra.Command {
	o := adrOptions{globals: g}
	c := &cobra.Command{
		Use:   "check [PATH...]",
		Short: "Report records that don't match what the manifests decide",
		Long: "Reports each record that is missing, stale, orphaned (its operation is gone), or edited by hand\n" +
			"in its generated part. Writes nothing. Use the same paths and flags as for adr.",
		Example: "  waitornot adr check\n" +
			"  waitornot adr check --format json services/",
		RunE: func(c *cobra.Command, args []string) error {
			o.paths = args
			return o.check(c.Context())
		},
	}
	o.add(c)
	formatVar(c, &o.format, adr.CheckFormats())
	return c
}

// add binds the flags that both commands have.
func (o *adrOptions) add(c *cobra.Command) {
	o.policyFlags.add(c)
	c.Flags().StringVar(&o.dir, "dir", "", "the records' `FOLDER` (default "+adr.DefaultDir+", or the one that other tools use)")
	_ = c.MarkFlagDirname("dir")
	enumVar(c, c.Flags(), &o.per, "per", adr.Kinds(), "what each record covers; existing folders keep their setting")
	o.chosen = func() bool { return c.Flags().Changed("per") }
}

// An adrRun is a folder and what is to be said in it.
type adrRun struct {
	folder   adr.Folder
	writer   *adr.Writer
	subjects []*adr.Subject
	read     *project.Project
	all      bool // every manifest was read to its end
}

// prepare reads the manifests and decides.
func (o *adrOptions) prepare(ctx context.Context) (*adrRun, error) {
	root, err := o.globals.folder()
	if err != nil {
		return nil, err
	}
	if o.dir != "" && isFile(absolute(root, filepath.FromSlash(o.dir))) {
		return nil, notAFolder("--dir " + o.dir)
	}
	r := &adrRun{}
	if r.folder, err = adr.Find(root, o.dir); err != nil {
		return nil, err
	}
	read, operations, err := o.readAdvice(ctx, o.globals, o.paths)
	if err != nil {
		return nil, err
	}
	o.complainOf(read)
	r.read, r.all = read, unreadError(read.Result) == nil
	adviser, err := embedded.Load()
	if err != nil {
		return nil, err
	}
	var list []*advice.Advice
	for i := range operations {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		a := adviser.Advise(&operations[i])
		list = append(list, &a)
	}
	kind := adr.Kind(o.per)
	if !o.chosen() {
		found, err := r.folder.KindOf()
		if err != nil {
			return nil, err
		}
		if found != "" {
			kind = found
		}
	}
	r.subjects = adr.Subjects(kind, list)
	r.writer = &adr.Writer{Adviser: adviser, Rule: guard(), Today: today(o.streams), Status: cmp.Or(o.status, "proposed"), Path: func(file string) string {
		if file == source.StdinName {
			return ""
		}
		return absolute(root, filepath.FromSlash(file))
	}}
	return r, nil
}

// guard names the rule that holds a declared mode to its verdict.
func guard() string {
	for _, r := range rules.All() {
		if r.Name == "mode-disagrees" {
			return r.Code + " " + r.Name
		}
	}
	return "mode-disagrees"
}

// write brings the records up to date.
func (o *adrOptions) write(ctx context.Context) error {
	r, err := o.prepare(ctx)
	if err != nil {
		return err
	}
	plan, err := adr.Write(o.globals.disk(ctx), r.folder, r.writer, r.subjects, r.all)
	if err != nil {
		return fmt.Errorf("%s: %w", o.shown(r, ""), err)
	}
	if err := writing(ctx, o.streams.Out, func(w io.Writer) error { return adr.WrittenText(w, plan, r.all, o.shownIn(r)) }); err != nil {
		return err
	}
	if err := adr.FindingsText(o.streams.Err, o.errPainter(), plan.Remain, o.shownIn(r)); err != nil {
		return err
	}
	if len(plan.Open) > 0 {
		fmt.Fprintf(o.streams.Err, "no record for %s: undecided\n", term.Safe(text.Some(plan.Open, mostUndecided)))
	}
	return o.ends(r, len(plan.Remain) > 0)
}

// check reports what write would do, and what it could not.
func (o *adrOptions) check(ctx context.Context) error {
	r, err := o.prepare(ctx)
	if err != nil {
		return err
	}
	plan, err := r.folder.Plan(ctx, r.writer, r.subjects, r.all)
	if err != nil {
		return err
	}
	if err := writePage(ctx, formatNamed(adr.CheckFormats(), o.format), o.streams.Out, &adr.Check{Plan: plan, Shown: o.shownIn(r)}, o.layout()); err != nil {
		return err
	}
	return o.ends(r, len(plan.Findings()) > 0)
}

// mostUndecided is how many undecided operations are named after records are written.
const mostUndecided = 20

// ends returns the error that sets the exit code. What is wrong with a manifest weighs
// more than findings about records.
func (o *adrOptions) ends(r *adrRun, findings bool) error {
	if err := readError(r.read.Result); err != nil {
		return err
	}
	if findings {
		return errFindings
	}
	return nil
}

// shownIn returns what shows a file of the run's folder, or "" for the folder.
func (o *adrOptions) shownIn(r *adrRun) func(file string) string {
	return func(file string) string { return o.shown(r, file) }
}

// shown returns a file of the folder, or the folder, as people know it.
func (o *adrOptions) shown(r *adrRun, file string) string {
	root, err := o.globals.folder()
	if err != nil {
		return file
	}
	return relative(root, filepath.Join(r.folder.Dir, file))
}
