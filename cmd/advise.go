package cmd

import (
	"context"
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"waitornot/cmd/internal/adviceview"
	"waitornot/cmd/internal/term"
	"waitornot/decide"
	"waitornot/decide/advice"
	"waitornot/decide/diag"
	"waitornot/decide/graph"
	"waitornot/decide/lint"
	"waitornot/decide/manifest"
	"waitornot/decide/project"
	"waitornot/rules/embedded"
)

// adviseOptions are what a run of advise needs.
type adviseOptions struct {
	*globals
	policyFlags
	watchFlags
	paths  []string
	format string
	brief  bool
	only   []string
	stack  string
}

func newAdvise(g *globals) *cobra.Command {
	o := adviseOptions{globals: g}
	c := &cobra.Command{
		Use:   "advise [PATH...]",
		Short: "Recommend sync, async or hybrid for every operation",
		Long: "Reads manifests and says for each operation whether its caller should wait, and\n" +
			"why: what each answer argues for, what to add because of it, how to build it,\n" +
			"and what would change the verdict. At the end comes the picture of them all.\n\n" +
			"A path is a file, a folder (every waitornot.yaml and *.waitornot.yaml below\n" +
			"it), a glob, or - for standard input. Without one it is the current folder.",
		Example: "  waitornot advise shop.yaml\n" +
			"  waitornot advise --brief services/\n" +
			"  waitornot advise --only 'checkout/*' --stack dotnet shop.yaml\n" +
			"  cat shop.yaml | waitornot advise --format json -",
		RunE: func(c *cobra.Command, args []string) error {
			o.paths = args
			return o.watching(c.Context(), g, args, []string{o.config}, o.run)
		},
	}
	o.policyFlags.add(c)
	o.watchFlags.add(c)
	enumVar(c, c.Flags(), &o.format, "format", formatNames(), "the output `format`")
	c.Flags().BoolVar(&o.brief, "brief", false, "one line for each operation")
	c.Flags().StringArrayVar(&o.only, "only", nil, "only operations that match the `pattern`: operation or service/operation, * matches anything (repeatable)")
	c.Flags().StringVar(&o.stack, "stack", "", "show how to build it on this `stack` instead of the one in the manifest")
	_ = c.RegisterFlagCompletionFunc("only", g.completeOperations)
	_ = c.RegisterFlagCompletionFunc("stack", cobra.FixedCompletions(embedded.StackIDs(), cobra.ShellCompDirectiveNoFileComp))
	return c
}

func formatNames() []string {
	var names []string
	for _, f := range adviceview.Formats() {
		names = append(names, f.Name)
	}
	return names
}

func (o *adviseOptions) run(ctx context.Context) error {
	if err := o.check(); err != nil {
		return err
	}
	adviser, err := embedded.Load()
	if err != nil {
		return err
	}
	adviser.Stack = o.stack
	in, err := o.read(ctx)
	if err != nil {
		return err
	}
	o.complainOf(in.Project)
	if len(in.operations) == 0 && in.left > 0 {
		return usagef("no operation matches --only %s", strings.Join(o.only, " --only "))
	}
	out := adviceview.Advice{
		Adviser:    adviser,
		Operations: in.operations, Findings: in.Findings, Broken: in.Broken, Unreadable: in.Unreadable,
	}
	i := slices.Index(formatNames(), o.format)
	look := term.Layout{Painter: o.painter(), Width: o.streams.Width(o.streams.Out), Brief: o.brief}
	if err := adviceview.Formats()[i].Write(untilDone{ctx, o.streams.Out}, &out, look); err != nil {
		return err
	}
	return readError(in.Result)
}

// check refuses a stack that does not exist and a pattern that is none.
func (o *adviseOptions) check() error {
	if o.stack != "" && !slices.Contains(embedded.StackIDs(), o.stack) {
		return usageError{unknownStack(o.stack)}
	}
	for _, pattern := range o.only {
		if _, err := path.Match(pattern, ""); err != nil {
			return usagef("--only %s: not a pattern: %w", pattern, err)
		}
	}
	return nil
}

func unknownStack(name string) error {
	message := fmt.Sprintf("unknown stack %q", name)
	if near := diag.Nearest(name, embedded.StackIDs()); near != "" {
		message += fmt.Sprintf("; did you mean %s?", near)
	} else {
		message += "; use one of " + strings.Join(embedded.StackIDs(), ", ")
	}
	return fmt.Errorf("%s", message)
}

// chosen reports whether --only lets an operation through.
func (o *adviseOptions) chosen(op *advice.Operation) bool {
	return len(o.only) == 0 || slices.ContainsFunc(o.only, func(pattern string) bool {
		byID, _ := path.Match(pattern, op.ID())
		byName, _ := path.Match(pattern, op.Name)
		return byID || byName
	})
}

// A reading is a project and the operations of it to advise on.
type reading struct {
	*project.Project
	operations []advice.Operation
	left       int // how many operations were not chosen
}

// read reads the manifests. A stack that doesn't exist is a finding, too.
func (o *adviseOptions) read(ctx context.Context) (*reading, error) {
	p, all, err := readProject(ctx, o.globals, &o.policyFlags, o.paths, lint.Options{Graph: true}, adviceOf)
	if err != nil {
		return nil, err
	}
	behind(all, p.Graph)
	p.Findings = diag.Sort(append(p.Findings, unknownStacks(p.Documents)...))
	chosen := slices.DeleteFunc(all, func(op advice.Operation) bool { return !o.chosen(&op) })
	return &reading{p, chosen, p.Operations - len(chosen)}, nil
}

// adviceOf returns what advice needs to know of an operation.
func adviceOf(op project.Operation) advice.Operation {
	return advice.Of(op.Document, op.Operation, op.Policy.Table, &op.Policy.Limits)
}

// behind adds to the operations of a graph, in its order, what only the graph shows:
// which of them no request triggers.
func behind(all []advice.Operation, g *graph.Graph) {
	for i := range all {
		if g.Behind(graph.OperationID(i)) {
			all[i].Facts |= decide.Behind
		}
	}
}

// unknownStacks warns of documents whose stack does not exist.
func unknownStacks(documents []*manifest.Document) []diag.Finding {
	var findings []diag.Finding
	for _, doc := range documents {
		if stack := doc.Stack; stack.Set() && !slices.Contains(embedded.StackIDs(), stack.Value) {
			findings = append(findings, diag.Finding{
				File: doc.File, Range: stack.Range, Severity: diag.Warning, Message: unknownStack(stack.Value).Error(),
			})
		}
	}
	return findings
}
