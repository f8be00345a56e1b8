package cmd

import (
	"context"
	"fmt"
	"path"
	"runtime"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"waitornot/cmd/internal/advice"
	"waitornot/cmd/internal/report"
	"waitornot/cmd/internal/source"
	"waitornot/cmd/internal/term"
	"waitornot/decide"
	"waitornot/decide/diag"
	"waitornot/decide/lint"
	"waitornot/decide/manifest"
	"waitornot/rules"
)

// adviseOptions are what a run of advise needs.
type adviseOptions struct {
	*globals
	policyFlags
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
			return o.run(c.Context())
		},
	}
	o.policyFlags.add(c)
	enumVar(c, c.Flags(), &o.format, "format", formatNames(), "the output `format`")
	c.Flags().BoolVar(&o.brief, "brief", false, "one line for each operation")
	c.Flags().StringArrayVar(&o.only, "only", nil, "advise on operations that match the `pattern` alone: an operation or service/operation, * is any text (repeatable)")
	c.Flags().StringVar(&o.stack, "stack", "", "how to build it with `stack`, instead of the one that the manifest names")
	_ = c.RegisterFlagCompletionFunc("only", g.completeOperations)
	_ = c.RegisterFlagCompletionFunc("stack", cobra.FixedCompletions(rules.StackIDs(), cobra.ShellCompDirectiveNoFileComp))
	return c
}

func formatNames() []string {
	var names []string
	for _, f := range report.AdviceFormats() {
		names = append(names, f.Name)
	}
	return names
}

func (o *adviseOptions) run(ctx context.Context) error {
	if err := o.check(); err != nil {
		return err
	}
	framework, err := rules.LoadFramework()
	if err != nil {
		return err
	}
	knowledge, err := framework.Knowledge()
	if err != nil {
		return err
	}
	in, err := o.read(ctx)
	if err != nil {
		return err
	}
	in.complain(o.globals)
	if len(in.operations) == 0 && in.left > 0 {
		return usagef("no operation matches --only %s", strings.Join(o.only, " --only "))
	}
	out := report.Advice{
		Adviser:    &advice.Adviser{Framework: framework, Knowledge: knowledge, Limits: decide.DefaultLimits(), Stack: o.stack},
		Operations: in.operations, Findings: in.findings, Broken: in.broken, Unreadable: in.unreadable,
	}
	i := slices.Index(formatNames(), o.format)
	look := report.Look{Painter: o.painter(), Width: o.streams.Width(o.streams.Out), Brief: o.brief}
	if err := report.AdviceFormats()[i].Write(untilDone{ctx, o.streams.Out}, &out, look); err != nil {
		return err
	}
	return in.err()
}

// check refuses a stack that does not exist and a pattern that is none.
func (o *adviseOptions) check() error {
	if o.stack != "" && !slices.Contains(rules.StackIDs(), o.stack) {
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
	message := fmt.Sprintf("there is no stack %q", name)
	if near := diag.Nearest(name, rules.StackIDs()); near != "" {
		message += fmt.Sprintf("; did you mean %s?", near)
	} else {
		message += ": there is " + strings.Join(rules.StackIDs(), ", ")
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

// read reads all manifests, in order.
func (o *adviseOptions) read(ctx context.Context) (*reading, error) {
	refs, err := source.Finder{Dir: o.streams.Dir, Stdin: o.streams.In}.Find(ctx, o.paths)
	if err != nil {
		return nil, err
	}
	loader, err := o.loader(o.globals)
	if err != nil {
		return nil, err
	}
	judges, err := policies(o.globals, loader, refs)
	if err != nil {
		return nil, err
	}
	if err := refuse(o.globals, loader); err != nil {
		return nil, err
	}
	in := &reading{}
	var files []*manifest.File
	for i, ref := range refs {
		if ctx.Err() != nil {
			return nil, ctx.Err()
		}
		src, err := ref.Open()
		if err != nil {
			in.unreadable = append(in.unreadable, lint.Unreadable{File: ref.Name, Err: err})
			continue
		}
		file, runs := manifest.Map(src, manifest.Options{Workers: runtime.GOMAXPROCS(0)},
			func(doc *manifest.Document, ops []manifest.Operation) []advice.Operation {
				list := make([]advice.Operation, len(ops))
				for k := range ops {
					list[k] = advice.Of(doc, &ops[k], judges[i].Table, &judges[i].Limits)
				}
				return list
			})
		in.add(file, slices.Concat(runs...), o.chosen)
		files = append(files, file)
	}
	in.findings = diag.Sort(append(in.findings, manifest.CrossCheck(files)...))
	return in, nil
}

// A reading is what reading the manifests gave.
type reading struct {
	operations []advice.Operation
	left       int // how many operations were not chosen
	findings   []diag.Finding
	broken     []string
	unreadable []lint.Unreadable
}

func (in *reading) add(file *manifest.File, ops []advice.Operation, chosen func(*advice.Operation) bool) {
	all := len(ops)
	ops = slices.DeleteFunc(ops, func(op advice.Operation) bool { return !chosen(&op) })
	in.operations = append(in.operations, ops...)
	in.left += all - len(ops)
	in.findings = append(in.findings, file.Findings...)
	in.findings = append(in.findings, unknownStacks(file)...)
	if file.Broken {
		in.broken = append(in.broken, file.Name)
	}
}

// unknownStacks warns of documents whose stack does not exist.
func unknownStacks(file *manifest.File) []diag.Finding {
	var findings []diag.Finding
	for _, doc := range file.Documents {
		if stack := doc.Stack; stack.Set() && !slices.Contains(rules.StackIDs(), stack.Value) {
			findings = append(findings, diag.Finding{
				File: file.Name, Range: stack.Range, Severity: diag.Warning, Message: unknownStack(stack.Value).Error(),
			})
		}
	}
	return findings
}

// complain writes what was wrong with the manifests.
func (in *reading) complain(g *globals) {
	w := g.streams.Err
	writeFindings(w, term.Painter{Color: g.streams.Color(w, term.ColorMode(g.color))}, in.findings)
	for _, u := range in.unreadable {
		fmt.Fprintf(w, "%s: error: %s (unreadable)\n", term.Safe(u.File), term.Safe(u.Err.Error()))
	}
}

// err returns the error that sets the exit code.
func (in *reading) err() error {
	if len(in.broken)+len(in.unreadable) > 0 {
		var unread []string
		for _, u := range in.unreadable {
			unread = append(unread, u.File)
		}
		return brokenError{in.broken, unread}
	}
	if slices.ContainsFunc(in.findings, func(f diag.Finding) bool { return f.Severity == diag.Error }) {
		return errFindings
	}
	return nil
}
