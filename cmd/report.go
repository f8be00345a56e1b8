package cmd

import (
	"bytes"
	"cmp"
	"context"
	"fmt"
	"io"
	"path/filepath"

	"github.com/spf13/cobra"

	"waitornot/cmd/internal/disk"
	"waitornot/cmd/internal/findings"
	"waitornot/cmd/internal/git"
	"waitornot/cmd/internal/graphview"
	"waitornot/cmd/internal/review"
	"waitornot/cmd/internal/term"
	"waitornot/cmd/internal/text"
	"waitornot/decide/advice"
	"waitornot/decide/agenda"
	"waitornot/decide/graph"
	"waitornot/decide/lint"
	"waitornot/decide/project"
	"waitornot/decide/simulate"
	"waitornot/rules"
	"waitornot/rules/embedded"
)

// reportOptions are what a run of report needs.
type reportOptions struct {
	*globals
	policyFlags
	watchFlags
	paths  []string
	output string
	format string
	limit  int

	serve           string
	title, revision string
	simulate        bool
}

// Formats of report.
const (
	reportPage    = "html"
	reportComment = "markdown"
)

func newReport(g *globals) *cobra.Command {
	o := reportOptions{globals: g}
	c := &cobra.Command{
		Use:   "report [PATH...]",
		Short: "Write a report page: first actions, graph, journeys, what-ifs, findings",
		Long: "Writes one page about all operations: how many wait, the call graph, the journeys with their\n" +
			"budgets and what to move to the background to meet them, each recommendation with its full\n" +
			"rationale, and the findings. The page works offline. In a browser, you can change an\n" +
			"operation's answers and see what happens to the verdict.\n\n" +
			"With --format markdown, it's a pull request comment, cut to the size that the host accepts.",
		Example: "  waitornot report -o report.html\n" +
			"  waitornot report services/ --format markdown > comment.md",
		RunE: func(c *cobra.Command, args []string) error {
			o.paths = args
			if o.serve != "" {
				return o.serving(c.Context())
			}
			return o.watching(c.Context(), g, args, []string{o.config}, o.run)
		},
	}
	o.policyFlags.add(c)
	o.watchFlags.add(c)
	f := c.Flags()
	nonEmptyVar(f, &o.serve, "serve", "html: serve the page to a browser at a local `ADDRESS`, such as 127.0.0.1:0, and refresh it after each change")
	outputVar(c, &o.output)
	enumVar(c, f, &o.format, "format", []string{reportPage, reportComment}, "the output `format`")
	f.StringVar(&o.title, "title", "", "html: the page's `TITLE` (default: the service or the folder)")
	f.StringVar(&o.revision, "revision", "", "html: the `REVISION` to show (default: what git has checked out)")
	f.BoolVar(&o.simulate, "simulate", false, "html: show what an outage does to each journey, today and after its plan")
	f.IntVar(&o.limit, "limit", review.CommentLimit, "markdown: write at most this many `BYTES`")
	return c
}

func (o *reportOptions) run(ctx context.Context) error {
	if o.limit < review.LeastLimit {
		return usagef("--limit must be at least %d", review.LeastLimit)
	}
	if o.output == "-" && o.format == reportPage && term.IsTerminal(o.streams.Out) {
		return usagef("the page isn't meant for a terminal: write it to a file, as in -o report.html")
	}
	r, err := o.review(ctx)
	if err != nil {
		return err
	}
	page, err := o.page(ctx, r)
	if err != nil {
		return err
	}
	if err := o.write(ctx, r, page); err != nil {
		return err
	}
	for _, u := range r.Unreadable {
		fmt.Fprintf(o.streams.Err, "%s: error: %s (unreadable)\n", term.Safe(u.File), term.Safe(u.Err.Error()))
	}
	return unjudgedError(r.Result)
}

// page returns what is written.
func (o *reportOptions) page(ctx context.Context, r *review.Review) ([]byte, error) {
	return interruptible(ctx, func() ([]byte, error) {
		var b bytes.Buffer
		var err error
		if o.format == reportPage {
			err = review.Write(&b, r)
		} else {
			err = r.WriteMarkdown(&b, o.limit)
		}
		return b.Bytes(), err
	})
}

// write writes the page, and says where and what it holds.
func (o *reportOptions) write(ctx context.Context, r *review.Review, page []byte) error {
	holds := text.Count(len(r.Operations), "operation") + ", " + r.Counts()
	return o.writeTo(ctx, o.output, holds, func(w io.Writer) error {
		_, err := w.Write(page)
		return err
	})
}

// review reads every manifest once, and looks at it in all ways.
func (o *reportOptions) review(ctx context.Context) (*review.Review, error) {
	adviser, err := embedded.Load()
	if err != nil {
		return nil, err
	}
	dir, err := o.folder()
	if err != nil {
		return nil, err
	}
	options := lint.Options{Graph: true, Rules: rules.All(), Today: today(o.streams), Partial: partial(dir, o.paths)}
	refs, files, err := o.policyFlags.find(ctx, o.globals, o.paths)
	if err != nil {
		return nil, err
	}
	if err := o.refuseTargets(refs, o.output); err != nil {
		return nil, err
	}
	var facts []simulate.Facts
	if err := o.refuseNothing(refs); err != nil {
		return nil, err
	}
	p, kept, err := readFiles(ctx, o.globals, &o.policyFlags, files, options, o.keep)
	if err != nil {
		return nil, err
	}
	operations := make([]advice.Operation, len(kept))
	for i := range kept {
		operations[i] = kept[i].Operation
		if o.simulate {
			facts = append(facts, *kept[i].facts)
		}
	}
	p.Merge()
	markBehind(operations, p.Graph)
	r := &review.Review{Adviser: adviser, Operations: operations}
	r.Report = &findings.Report{Result: p.Result, Version: version(), Rules: describe(), Dir: dir}
	r.Title, r.Date = cmp.Or(o.title, titleOf(p.Graph, dir)), o.streams.Now()
	if r.Revision = o.revision; r.Revision == "" {
		r.Revision = git.Head(ctx, dir)
	}
	r.Graph = &graphview.Page{Graph: p.Graph, Picked: p.Graph.All(), Whole: true, Version: version(), Dir: o.streams.Dir}
	for i := range p.Graph.Journeys() {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		j := &p.Graph.Journeys()[i]
		plan, missed := p.Graph.Plan(j, p.PolicyOf(j.File).Table)
		r.Plans = append(r.Plans, agenda.Planned{Plan: plan, Missed: missed, Open: missed && !plan.Enough(j)})
	}
	if o.simulate {
		err = o.outages(ctx, r, facts, p, adviser.Knowledge)
	}
	return r, err
}

// A reported operation is what a report keeps of an operation.
type reported struct {
	advice.Operation
	facts *simulate.Facts // nil unless journeys are simulated
}

func (o *reportOptions) keep(op project.Operation) reported {
	r := reported{Operation: adviceOf(op)}
	if o.simulate {
		r.facts = new(simulate.FactsOf(op.Operation))
	}
	return r
}

// titleOf names what a report is about: the service that all manifests describe, else the
// folder.
func titleOf(g *graph.Graph, dir string) string {
	name := ""
	for _, s := range g.Services() {
		if len(s.Documents) == 0 || s.Name == "" {
			continue
		}
		if name != "" {
			return filepath.Base(cmp.Or(disk.Top(dir), dir))
		}
		name = s.Name
	}
	return name
}
