package cmd

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"time"

	"github.com/spf13/cobra"

	"waitornot/cmd/internal/findings"
	"waitornot/cmd/internal/source"
	"waitornot/cmd/internal/term"
	"waitornot/decide/diag"
	"waitornot/decide/lint"
	"waitornot/decide/manifest"
	"waitornot/decide/project"
	"waitornot/rules"
)

// checkOptions are what a run of check needs.
type checkOptions struct {
	*globals
	gateFlags
	fixFlags
	watchFlags
	paths   []string
	outputs outputs
	output  outputFile
	failOn  string
	empty   bool // a run that finds nothing to check is no mistake
	root    string
	brief   bool
	quiet   bool
	picked  ruleFlags
	counted bool // the findings are counted by rule
}

func newCheck(g *globals) *cobra.Command {
	o := checkOptions{globals: g}
	c := &cobra.Command{
		Use:     "check [PATH...]",
		Aliases: []string{checkAlias},
		Short:   "Report what is wrong or risky in manifests",
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
			"  waitornot check --select WN3,WN401 --statistics\n" +
			"  waitornot check --format text --format sarif=waitornot.sarif --fail-on never",
		RunE: func(c *cobra.Command, args []string) error {
			o.paths = args
			return o.watching(c.Context(), g, args, []string{o.config, o.baseline}, o.run)
		},
	}
	f := c.Flags()
	f.Var(&o.outputs, "format", "the output `format`, or format and file: sarif=out.sarif (repeatable; default text)")
	_ = c.RegisterFlagCompletionFunc("format", completeFormat)
	o.output.formats = &o.outputs
	f.VarP(&o.output, "output", "o", "write to a `FILE`; - is standard output")
	_ = c.MarkFlagFilename("output")
	enumVar(c, f, &o.failOn, "fail-on", append(severities(), "never"), "the minimum severity that fails the run")
	f.BoolVar(&o.empty, "allow-empty", false, "end with 0 when there is nothing to check")
	filledVar(f, &o.root, "root", "the `FOLDER` that formats for machines name files from (default the top of the repository)")
	_ = c.MarkFlagDirname("root")
	f.BoolVar(&o.brief, "brief", false, "text: one line for each finding")
	f.BoolVar(&o.counted, "statistics", false, "text: count the findings by rule instead of listing them")
	o.picked.add(c)
	o.gateFlags.add(c)
	o.fixFlags.add(c)
	o.watchFlags.add(c)
	f.BoolVarP(&o.quiet, "quiet", "q", false, "text: no summary; and no progress on a terminal")
	return c
}

func (o *checkOptions) run(ctx context.Context) error {
	if err := errors.Join(o.gateFlags.check(), o.fixFlags.check()); err != nil {
		return err
	}
	if o.watch && (o.fix || o.diff || o.gateFlags.write || o.shrink || o.since != "") {
		return usagef("--watch only reports: it can't be combined with --fix, --diff, --write-baseline, --shrink or --since")
	}
	if err := o.output.settle(); err != nil {
		return err
	}
	if o.output.old {
		fmt.Fprintln(o.streams.Err, "waitornot: --output FORMAT is now --format FORMAT; --output names a file")
	}
	refs, _, err := o.policyFlags.find(ctx, o.globals, o.paths)
	if err != nil {
		return err
	}
	if refs, err = o.meant(refs); err != nil {
		return err
	}
	var targets []string
	for _, x := range o.outputs {
		targets = append(targets, filepath.Clean(x.file))
	}
	if o.baseline != "" {
		targets = append(targets, o.baseline)
	}
	if err := o.refuseTargets(refs, targets...); err != nil {
		return err
	}
	gate, err := o.gate(ctx, o.globals, refs)
	if err != nil {
		return err
	}
	gate.folders = foldersOf(gate.dir, o.paths)
	if o.diff {
		return o.halt(ctx, gate, o.runDiff(ctx, gate))
	}
	p, err := o.judge(ctx, gate)
	if err != nil {
		return o.halt(ctx, gate, err)
	}
	if !partial(gate.dir, o.paths) {
		o.complain(gate.loader.Unmatched(gate.includes))
	}
	if err := gate.writeBaseline(ctx, p.Result); err != nil {
		return err
	}
	p.Merge()
	if err := o.write(ctx, gate, p, false); err != nil {
		return err
	}
	if !o.quiet {
		announce(o.streams.Err, p.Waived, today(o.streams))
	}
	if err := o.verdict(p.Result); err != nil {
		return err
	}
	return gate.verdict(p.Result)
}

// meant returns the references of a run: none that lead to nothing, where a run may be
// empty. A run of which all do is most likely one in the wrong place.
func (o *checkOptions) meant(refs []source.Ref) ([]source.Ref, error) {
	if o.empty {
		return slices.DeleteFunc(refs, source.Ref.Nothing), nil
	}
	for _, r := range refs {
		if !r.Nothing() {
			return refs, nil
		}
	}
	return nil, usagef("nothing to check: %w. 'waitornot init' writes a first manifest; if none is expected, add --allow-empty", errors.Join(unmet(refs)...))
}

// unmet says of each reference what it should have led to.
func unmet(refs []source.Ref) []error {
	var list []error
	for _, r := range refs {
		_, err := r.Open()
		list = append(list, fmt.Errorf("%s: %w", r.Name, err))
	}
	return list
}

// halt ends a run that judged nothing because of its configurations: every format
// says so in its own way.
func (o *checkOptions) halt(ctx context.Context, gate *checkContext, err error) error {
	var wrong *project.Misconfigured
	if !errors.As(err, &wrong) {
		return err
	}
	p := &project.Project{Result: &lint.Result{Findings: wrong.Findings}, Files: wrong.Files}
	if err := o.write(ctx, gate, p, true); err != nil {
		return err
	}
	return errMisconfigured
}

// write writes what a run found in every format that is asked for.
func (o *checkOptions) write(ctx context.Context, gate *checkContext, p *project.Project, halted bool) error {
	r := o.report(p)
	root := gate.places.root(o.root, o.streams.Env)
	r.Where = func(file string) string { return gate.places.from(root, file) }
	r.Halted, r.Statistics, r.Fixed = halted, o.counted, o.fix
	r.Rules = append(r.Rules, gate.ownRules(p)...)
	return o.outputs.write(ctx, o.globals, r, term.Layout{Brief: o.brief, Quiet: o.quiet})
}

// judge returns what the run finds, after what it is asked to correct.
func (o *checkOptions) judge(ctx context.Context, gate *checkContext) (*project.Project, error) {
	if o.fix {
		return o.runFix(ctx, gate)
	}
	p, err := o.lint(ctx, gate)
	if err != nil {
		return nil, err
	}
	return p, o.narrow(ctx, gate, p)
}

// narrow leaves out the findings that the run doesn't ask about.
func (o *checkOptions) narrow(ctx context.Context, gate *checkContext, p *project.Project) error {
	if err := o.keepChanged(ctx, gate, p); err != nil {
		return err
	}
	return o.picked.keep(p)
}

// lint runs the rules, and shows how far it is.
func (o *checkOptions) lint(ctx context.Context, gate *checkContext) (*project.Project, error) {
	var progress *term.Progress
	if !o.quiet {
		progress = o.streams.Progress("checking", "manifests", len(gate.refs))
	}
	defer progress.Stop()
	memory := frugal{kept: o.streams.Env("GOGC") != ""}
	defer memory.restore()
	s := project.Settings{
		Configurations: gate.loader,
		Options:        o.options(gate),
		Opened: func(bytes int) {
			progress.Step()
			memory.see(bytes)
		},
	}
	p, _, err := readAgain[struct{}](ctx, o.globals, projectFiles(gate.dir, gate.refs), s, nil)
	if o.live != nil {
		gate.loader = o.live.settings.Configurations // the one that has judged
	}
	if err != nil || !s.Options.Partial || !p.Uncertain() {
		return p, err
	}
	return p, o.confirm(ctx, gate, p)
}

// options say how the rules run.
func (o *checkOptions) options(gate *checkContext) lint.Options {
	return lint.Options{
		Rules: rules.All(), Today: today(o.streams), Baseline: gate.known, Strict: o.strict, Partial: partial(gate.dir, o.paths),
		Where: gate.places.identity,
	}
}

// report joins a project with what the formats need besides.
func (o *checkOptions) report(p *project.Project) *findings.Report {
	r := &findings.Report{Result: p.Result, Version: version(), Address: address, Rules: describe(), Dir: o.streams.Dir}
	if r.Dir == "" {
		r.Dir, _ = os.Getwd() // without it, paths stay as they are
	}
	for _, f := range p.Files {
		r.Names = append(r.Names, f.Name)
	}
	r.Text = func(file string) ([]byte, bool) {
		if slices.Contains(r.Names, file) {
			return p.Text(file)
		}
		// A finding may be about a file that the run read besides: a configuration.
		data, err := readConfig(absolute(r.Dir, filepath.FromSlash(file)))
		return data, err == nil
	}
	return r
}

// describe returns what reports say of every built-in rule.
func describe() []findings.Rule {
	var list []findings.Rule
	for _, r := range manifest.Rules() {
		list = append(list, findings.Rule{Code: r.Code, Name: r.Name, Severity: r.Severity, Summary: r.Summary, Why: r.Why, Fix: r.Fix})
	}
	for _, r := range append(rules.All(), lint.EngineRules()...) {
		list = append(list, description(r))
	}
	return list
}

func description(r *lint.Rule) findings.Rule {
	return findings.Rule{
		Code: r.Code, Name: r.Name, Severity: r.Severity, Summary: r.Summary,
		Why: r.Doc.Why, Fix: r.Doc.Fix, Bad: r.Doc.Bad, Good: r.Doc.Good,
	}
}

// verdict turns a result into the error that sets the exit code.
func (o *checkOptions) verdict(r *lint.Result) error {
	if err := unreadError(r); err != nil {
		return err
	}
	if r.Failed() {
		return errRuleFailed
	}
	if r.Operations == 0 && len(r.Findings) == 0 && !o.empty {
		return usagef("nothing to check: the manifests declare no operation. If that's intended, add --allow-empty")
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

// severities are the names of the severities, the most severe first.
func severities() []string {
	var names []string
	for _, s := range diag.Severities() {
		names = append(names, s.String())
	}
	return names
}
