package cmd

import (
	"bytes"
	"context"
	"fmt"
	"path/filepath"
	"runtime"

	"github.com/spf13/cobra"

	"waitornot/cmd/internal/advice"
	"waitornot/cmd/internal/disk"
	"waitornot/cmd/internal/page"
	"waitornot/cmd/internal/report"
	"waitornot/cmd/internal/source"
	"waitornot/cmd/internal/term"
	"waitornot/decide"
	"waitornot/decide/graph"
	"waitornot/decide/lint"
	"waitornot/decide/manifest"
	"waitornot/rules"
)

// reportOptions are what a run of report needs.
type reportOptions struct {
	*globals
	policyFlags
	paths  []string
	output string
	format string
	limit  int
}

func newReport(g *globals) *cobra.Command {
	o := reportOptions{globals: g}
	c := &cobra.Command{
		Use:   "report [PATH...]",
		Short: "Make a page of everything, to read and to try what-ifs on",
		Long: "Writes one page about all operations: how many wait, the graph of calls, the journeys with\n" +
			"their budgets and what would have to be detached to keep them, each recommendation with its\n" +
			"whole rationale, and the findings. The page needs no network; in a browser the answers of an\n" +
			"operation can be changed to see what the verdict would be.\n\n" +
			"With --format markdown it is a comment for a pull request, cut to what the host takes.",
		Example: "  waitornot report -o report.html\n" +
			"  waitornot report services/ --format markdown > comment.md",
		RunE: func(c *cobra.Command, args []string) error {
			o.paths = args
			return o.run(c.Context())
		},
	}
	o.policyFlags.add(c)
	f := c.Flags()
	f.StringVarP(&o.output, "output", "o", "-", "write to a `FILE`; - is standard output")
	enumVar(c, f, &o.format, "format", []string{"html", "markdown"}, "what to write")
	f.IntVar(&o.limit, "limit", report.CommentLimit, "markdown: the most `BYTES` to write")
	return c
}

func (o *reportOptions) run(ctx context.Context) error {
	if o.limit < report.LeastLimit {
		return usagef("--limit must be at least %d", report.LeastLimit)
	}
	if o.output == "-" && o.format == "html" && term.IsTerminal(o.streams.Out) {
		return usagef("a page is not for a terminal: name a file, as in -o report.html")
	}
	r, err := o.review(ctx)
	if err != nil {
		return err
	}
	var b bytes.Buffer
	if o.format == "html" {
		err = page.Write(&b, r)
	} else {
		err = r.WriteMarkdown(&b, o.limit)
	}
	if err != nil {
		return err
	}
	if err := o.write(b.Bytes()); err != nil {
		return err
	}
	if len(r.Broken)+len(r.Unreadable) > 0 {
		var unread []string
		for _, u := range r.Unreadable {
			unread = append(unread, u.File)
			fmt.Fprintf(o.streams.Err, "waitornot: %s: %s\n", term.Safe(u.File), term.Safe(u.Err.Error()))
		}
		return brokenError{r.Broken, unread}
	}
	return nil
}

// write writes a whole file or none.
func (o *reportOptions) write(text []byte) error {
	if o.output == "-" {
		_, err := o.streams.Out.Write(text)
		return err
	}
	dir, err := o.globals.folder()
	if err != nil {
		return err
	}
	return disk.Write(absolute(dir, filepath.FromSlash(o.output)), text)
}

// review reads every manifest once, and looks at it in all ways.
func (o *reportOptions) review(ctx context.Context) (*report.Review, error) {
	refs, err := source.Finder{Dir: o.streams.Dir, Stdin: o.streams.In}.Find(ctx, o.paths)
	if err != nil {
		return nil, err
	}
	gate, err := (&gateFlags{policyFlags: o.policyFlags}).gate(o.globals, refs)
	if err != nil {
		return nil, err
	}
	if err := refuse(o.globals, gate.loader); err != nil {
		return nil, err
	}
	adviser, err := newAdviser()
	if err != nil {
		return nil, err
	}
	r := &report.Review{Adviser: adviser}
	read, err := o.read(ctx, refs, gate.policies, r)
	if err != nil {
		return nil, err
	}
	options := lint.Options{Rules: rules.All(), Table: adviser.Knowledge.Table, Limits: adviser.Limits, Today: today(o.streams)}
	gate.apply(&options, o.paths)
	result, err := lint.Run(ctx, read, options)
	if err != nil {
		return nil, err
	}
	r.Report = &report.Report{Result: result, Version: version(), Dir: gate.dir}
	return r, nil
}

// read advises on the operations and joins them into a graph. It returns what
// it read, for the rules to look at the same.
func (o *reportOptions) read(ctx context.Context, refs []source.Ref, judges []*lint.Policy, r *report.Review) ([]lint.Opener, error) {
	var openers []lint.Opener
	var files []*manifest.File
	var parts []graph.Part
	tables := map[string]*decide.Table{} // by manifest
	for i, ref := range refs {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		src, err := ref.Open()
		openers = append(openers, func() (manifest.Source, error) { return src, err })
		if err != nil {
			continue
		}
		type piece struct {
			ops  []advice.Operation
			part graph.Part
		}
		judge := judges[i]
		file, pieces := manifest.Map(src, manifest.Options{Workers: runtime.GOMAXPROCS(0)}, func(doc *manifest.Document, ops []manifest.Operation) piece {
			list := make([]advice.Operation, len(ops))
			for k := range ops {
				list[k] = advice.Of(doc, &ops[k], judge.Table, &judge.Limits)
			}
			return piece{list, graph.Collect(doc, ops, judge.Table, judge.Limits)}
		})
		for _, p := range pieces {
			r.Operations = append(r.Operations, p.ops...)
			parts = append(parts, p.part)
		}
		tables[file.Name] = judge.Table
		files = append(files, file)
	}
	joined := graph.Join(files, parts)
	r.Graph = &report.GraphPage{Graph: joined, Picked: joined.All(), Whole: true, Version: version(), Dir: o.streams.Dir}
	for i := range joined.Journeys() {
		j := &joined.Journeys()[i]
		plan, missed := joined.Plan(j, tables[j.File])
		r.Plans = append(r.Plans, report.Planned{Plan: plan, Missed: missed})
	}
	return openers, nil
}
