package cmd

import (
	"context"
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"waitornot/cmd/internal/adviceview"
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
		Short: "Recommend sync, async, or hybrid for every operation",
		Long: "Reads manifests and says, for each operation, whether its caller should wait and\n" +
			"why: what each answer argues for, what to add because of it, how to build it,\n" +
			"and what would change the verdict. An overview of all operations comes last.\n\n" +
			"A path is a file, a folder (every waitornot.yaml and *.waitornot.yaml in it and\n" +
			"below), a glob, or - for standard input. The default is the current folder.",
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
	formatVar(c, &o.format, adviceview.Formats())
	c.Flags().BoolVar(&o.brief, "brief", false, "one line per operation")
	c.Flags().StringArrayVar(&o.only, "only", nil, "only operations that match the `pattern`: operation or service/operation, where * matches anything (repeatable)")
	c.Flags().StringVar(&o.stack, "stack", "", "show how to build it on this `stack` instead of the one named in the manifest")
	_ = c.RegisterFlagCompletionFunc("only", g.completeOperations)
	_ = c.RegisterFlagCompletionFunc("stack", cobra.FixedCompletions(embedded.StackIDs(), cobra.ShellCompDirectiveNoFileComp))
	return c
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
	p, operations, err := o.readAdvice(ctx, o.globals, o.paths)
	if err != nil {
		return err
	}
	o.complainOf(p)
	operations = slices.DeleteFunc(operations, func(op advice.Operation) bool { return !o.chosen(&op) })
	if len(operations) == 0 && p.Operations > 0 {
		return usagef("no operation matches --only %s", strings.Join(o.only, " --only "))
	}
	out := adviceview.Advice{Adviser: adviser, Operations: operations, Findings: p.Findings, Broken: p.Broken, Unreadable: p.Unreadable}
	look := o.layout()
	look.Brief = o.brief
	if err := writePage(ctx, formatNamed(adviceview.Formats(), o.format), o.streams.Out, &out, look); err != nil {
		return err
	}
	return readError(p.Result)
}

// check refuses a stack that does not exist and a pattern that is none.
func (o *adviseOptions) check() error {
	if o.stack != "" && !slices.Contains(embedded.StackIDs(), o.stack) {
		return usageError{unknownStack(o.stack)}
	}
	for _, pattern := range o.only {
		if _, err := path.Match(pattern, ""); err != nil {
			return usagef("--only %s: invalid pattern: %w", pattern, err)
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

// readAdvice reads the manifests that paths name, and what advice needs of each operation.
// A stack that doesn't exist is a finding, too.
func (p *policyFlags) readAdvice(ctx context.Context, g *globals, paths []string) (*project.Project, []advice.Operation, error) {
	read, operations, err := readProject(ctx, g, p, paths, lint.Options{Graph: true}, adviceOf)
	if err != nil {
		return nil, nil, err
	}
	markBehind(operations, read.Graph)
	read.Findings = diag.Sort(append(read.Findings, unknownStacks(read.Documents)...))
	return read, operations, nil
}

// adviceOf returns what advice needs to know of an operation.
func adviceOf(op project.Operation) advice.Operation {
	return advice.Of(op.Document, op.Operation, op.Policy.Table, &op.Policy.Limits)
}

// markBehind adds to the operations of a graph, in its order, what only the graph shows:
// which of them no request triggers.
func markBehind(all []advice.Operation, g *graph.Graph) {
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
