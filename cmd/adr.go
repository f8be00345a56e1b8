package cmd

import (
	"cmp"
	"context"
	"fmt"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"waitornot/cmd/internal/adr"
	"waitornot/cmd/internal/source"
	"waitornot/cmd/internal/term"
	"waitornot/decide/advice"
	"waitornot/rules"
	"waitornot/rules/embedded"
)

// adrOptions are what a run of adr needs.
type adrOptions struct {
	adviseOptions
	dir    string
	per    string
	status string      // of new records; "" is proposed
	chosen func() bool // --per was given
}

func newADR(g *globals) *cobra.Command {
	o := adrOptions{adviseOptions: adviseOptions{globals: g}}
	c := &cobra.Command{
		Use:   "adr [PATH...]",
		Short: "Keep a decision record for every operation",
		Long: "Writes an architecture decision record (MADR 4) for each operation of the manifests, or for\n" +
			"each service, into one folder, with a page that lists them. A decision that has not changed\n" +
			"writes nothing. When a verdict flips, a new record supersedes the old one.\n\n" +
			"The folder is --dir; else what .adr-dir or .log4brains.yml names; else docs/decisions,\n" +
			"docs/adr or doc/adr, whichever is there. Its numbering goes on. What people write outside\n" +
			"the marked part of a record stays as it is, and a marked part that was edited is reported,\n" +
			"not overwritten: something that needs a person ends with exit code 1.",
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
	o := adrOptions{adviseOptions: adviseOptions{globals: g}}
	c := &cobra.Command{
		Use:   "check [PATH...]",
		Short: "Report records that don't match what the manifests decide",
		Long: "Reports, without writing anything, each record that is missing, stale, orphaned (its\n" +
			"operation is gone) or edited by hand in its generated part. Give it the same paths and flags\n" +
			"as adr.",
		Example: "  waitornot adr check\n" +
			"  waitornot adr check --format json services/",
		RunE: func(c *cobra.Command, args []string) error {
			o.paths = args
			return o.check(c.Context())
		},
	}
	o.add(c)
	enumVar(c, c.Flags(), &o.format, "format", []string{"text", "json"}, "the output `format`")
	return c
}

// add binds the flags that both commands have.
func (o *adrOptions) add(c *cobra.Command) {
	o.policyFlags.add(c)
	c.Flags().StringVar(&o.dir, "dir", "", "the `FOLDER` of the records (default "+adr.DefaultDir+", or where other tools keep theirs)")
	_ = c.MarkFlagDirname("dir")
	enumVar(c, c.Flags(), &o.per, "per", adr.Kinds(), "what a record covers; existing folders keep theirs")
	o.chosen = func() bool { return c.Flags().Changed("per") }
}

// An adrRun is a folder and what is to be said in it.
type adrRun struct {
	folder   adr.Folder
	writer   *adr.Writer
	subjects []*adr.Subject
	in       *reading
	all      bool // every manifest was read to its end
}

// prepare reads the manifests and decides.
func (o *adrOptions) prepare(ctx context.Context) (*adrRun, error) {
	root, err := o.globals.folder()
	if err != nil {
		return nil, err
	}
	r := &adrRun{}
	if r.folder, err = adr.Find(root, o.dir); err != nil {
		return nil, err
	}
	if r.in, err = o.read(ctx); err != nil {
		return nil, err
	}
	o.complainOf(r.in.Project)
	r.all = unreadError(r.in.Result) == nil
	adviser, err := embedded.Load()
	if err != nil {
		return nil, err
	}
	var list []*advice.Advice
	for i := range r.in.operations {
		a := adviser.Advise(&r.in.operations[i])
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
	if err := adr.WrittenText(o.streams.Out, plan, r.all, o.shownIn(r)); err != nil {
		return err
	}
	if err := adr.FindingsText(o.streams.Err, o.errPainter(), plan.Remain, o.shownIn(r)); err != nil {
		return err
	}
	if len(plan.Open) > 0 {
		fmt.Fprintf(o.streams.Err, "no record for %s: undecided\n", term.Safe(strings.Join(plan.Open, ", ")))
	}
	return o.ends(r, len(plan.Remain) > 0)
}

// check reports what write would do, and what it could not.
func (o *adrOptions) check(ctx context.Context) error {
	r, err := o.prepare(ctx)
	if err != nil {
		return err
	}
	plan, err := r.folder.Plan(r.writer, r.subjects, r.all)
	if err != nil {
		return err
	}
	findings := plan.Findings()
	if o.format == "json" {
		err = adr.CheckJSON(o.streams.Out, plan, o.shownIn(r))
	} else {
		err = adr.CheckText(o.streams.Out, o.painter(), plan, o.shownIn(r))
	}
	if err != nil {
		return err
	}
	return o.ends(r, len(findings) > 0)
}

// ends returns the error that sets the exit code. What is wrong with a manifest weighs
// more than findings about records.
func (o *adrOptions) ends(r *adrRun, findings bool) error {
	if err := readError(r.in.Result); err != nil {
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
