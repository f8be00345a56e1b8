package cmd

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"time"

	"github.com/spf13/cobra"

	"waitornot/cmd/internal/report"
	"waitornot/cmd/internal/source"
	"waitornot/cmd/internal/term"
	"waitornot/decide"
	"waitornot/decide/diag"
	"waitornot/decide/lint"
	"waitornot/decide/manifest"
	"waitornot/rules"
)

// checkOptions are what a run of check needs.
type checkOptions struct {
	*globals
	gateFlags
	fixFlags
	paths   []string
	outputs outputs
	failOn  string
	brief   bool
	quiet   bool
}

func newCheck(g *globals) *cobra.Command {
	o := checkOptions{globals: g}
	c := &cobra.Command{
		Use:   "check [PATH...]",
		Short: "Report what is wrong or risky in manifests",
		Long: "Reads manifests and reports what is wrong or risky in them.\n\n" +
			"A path is a file, a folder (every waitornot.yaml and *.waitornot.yaml below\n" +
			"it), a glob, or - for standard input. Without one it is the current folder.\n" +
			"Folders and globs leave out what git ignores, submodules, node_modules, vendor\n" +
			"and hidden folders; a path that leads there takes them in.\n\n" +
			"Formats:\n" + formatHelp() + "\n" +
			"Exit codes: 0 nothing to report; 1 findings at or above --fail-on; 2 wrong\n" +
			"usage; 3 a manifest could not be read, a configuration not be followed or an\n" +
			"output not be written; 130 interrupted.",
		Example: "  waitornot check\n" +
			"  waitornot check services/ --fail-on warning\n" +
			"  waitornot check --output text --output sarif=waitornot.sarif --fail-on never",
		RunE: func(c *cobra.Command, args []string) error {
			o.paths = args
			return o.run(c.Context())
		},
	}
	f := c.Flags()
	f.VarP(&o.outputs, "output", "o", "a `format`, to standard output or to a file: sarif=out.sarif (repeatable; default text)")
	_ = c.RegisterFlagCompletionFunc("output", completeOutput)
	enumVar(c, f, &o.failOn, "fail-on", []string{"error", "warning", "info", "never"}, "the lightest severity that fails the run")
	f.BoolVar(&o.brief, "brief", false, "text: one line for each finding")
	o.gateFlags.add(c)
	o.fixFlags.add(c)
	f.BoolVarP(&o.quiet, "quiet", "q", false, "text: no summary; and no progress on a terminal")
	return c
}

func (o *checkOptions) run(ctx context.Context) error {
	if err := errors.Join(o.gateFlags.check(), o.fixFlags.check()); err != nil {
		return err
	}
	refs, err := source.Finder{Dir: o.streams.Dir, Stdin: o.streams.In}.Find(ctx, o.paths)
	if err != nil {
		return err
	}
	gate, err := o.gate(o.globals, refs)
	if err != nil {
		return err
	}
	if findings := gate.loader.Findings(); len(findings) > 0 {
		// Nothing can be judged, which every format says in its own way.
		diag.Identify(findings)
		if err := o.write(ctx, gate, &lint.Result{Findings: findings}, true); err != nil {
			return err
		}
		return errMisconfigured
	}
	if o.diff {
		return o.runDiff(ctx, gate)
	}
	result, err := o.judge(ctx, gate)
	if err != nil {
		return err
	}
	if err := gate.writeBaseline(result); err != nil {
		return err
	}
	if err := o.write(ctx, gate, result, false); err != nil {
		return err
	}
	if err := o.verdict(result); err != nil {
		return err
	}
	return gate.verdict(result)
}

// write writes a result in every format that is asked for.
func (o *checkOptions) write(ctx context.Context, gate *gate, result *lint.Result, halted bool) error {
	r := o.report(gate.refs, result)
	r.Halted = halted
	r.Rules = append(r.Rules, gate.ownRules(result)...)
	return o.outputs.write(ctx, o.globals, r, report.Look{Brief: o.brief, Quiet: o.quiet})
}

// judge returns what the run finds, after what it is asked to correct.
func (o *checkOptions) judge(ctx context.Context, gate *gate) (*lint.Result, error) {
	if o.fix {
		return o.runFix(ctx, gate)
	}
	result, err := o.lint(ctx, gate.refs, gate)
	if err != nil {
		return nil, err
	}
	return result, gate.keepChanged(ctx, result)
}

// lint runs the rules, and shows how far it is.
func (o *checkOptions) lint(ctx context.Context, refs []source.Ref, gate *gate) (*lint.Result, error) {
	table, err := o.table()
	if err != nil {
		return nil, err
	}
	var progress *term.Progress
	if !o.quiet {
		progress = o.streams.Progress("checking", "manifests", len(refs))
	}
	defer progress.Stop()
	memory := frugal{kept: o.streams.Env("GOGC") != ""}
	defer memory.restore()
	files := make([]lint.Opener, len(refs))
	for i, r := range refs {
		files[i] = func() (manifest.Source, error) {
			defer progress.Step()
			src, err := r.Open()
			memory.see(len(src.Data))
			return src, err
		}
	}
	options := lint.Options{Rules: rules.All(), Table: table, Limits: decide.DefaultLimits(), Today: today(o.streams)}
	gate.apply(&options, o.paths)
	return lint.Run(ctx, files, options)
}

// report joins a result with what the formats need besides.
func (o *checkOptions) report(refs []source.Ref, result *lint.Result) *report.Report {
	r := &report.Report{Result: result, Version: version(), Rules: describe(), Dir: o.streams.Dir}
	if r.Dir == "" {
		r.Dir, _ = os.Getwd() // without it, paths stay as they are
	}
	byName := make(map[string]source.Ref, len(refs))
	for _, ref := range refs {
		r.Names = append(r.Names, ref.Name)
		byName[ref.Name] = ref
	}
	r.Text = func(file string) ([]byte, bool) {
		if ref, ok := byName[file]; ok {
			src, err := ref.Open()
			return src.Data, err == nil
		}
		// A finding may be about a file that the run read besides: a configuration.
		data, err := os.ReadFile(filepath.Join(r.Dir, filepath.FromSlash(file)))
		return data, err == nil
	}
	return r
}

// describe returns what reports say of every built-in rule.
func describe() []report.Rule {
	var list []report.Rule
	for _, r := range manifest.Rules() {
		list = append(list, report.Rule{Code: r.Code, Name: r.Name, Severity: r.Severity, Summary: r.Summary, Why: r.Why, Fix: r.Fix})
	}
	for _, r := range append(rules.All(), lint.Own()...) {
		list = append(list, description(r))
	}
	return list
}

func description(r *lint.Rule) report.Rule {
	return report.Rule{
		Code: r.Code, Name: r.Name, Severity: r.Severity, Summary: r.Summary,
		Why: r.Doc.Why, Fix: r.Doc.Fix, Bad: r.Doc.Bad, Good: r.Doc.Good,
	}
}

// verdict turns a result into the error that sets the exit code.
func (o *checkOptions) verdict(r *lint.Result) error {
	if len(r.Broken)+len(r.Unreadable) > 0 {
		var unread []string
		for _, u := range r.Unreadable {
			unread = append(unread, u.File)
		}
		return brokenError{r.Broken, unread}
	}
	least, ok := diag.ParseSeverity(o.failOn)
	if !ok {
		return nil
	}
	for i := range r.Findings {
		if r.Findings[i].Severity >= least {
			return errFindings
		}
	}
	return nil
}

// today returns the day on which a run happens, at midnight UTC.
func today(s term.Streams) time.Time { return s.Now().UTC().Truncate(24 * time.Hour) }
