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
	scopeFlags
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
	memory  *earlyCollection
}

func newCheck(g *globals) *cobra.Command {
	o := checkOptions{globals: g}
	c := &cobra.Command{
		Use:     "check [PATH...]",
		Aliases: []string{checkAlias},
		Short:   "Report problems and risks in manifests",
		Long: "Reads manifests and reports problems and risks in them.\n\n" +
			"A path is a file, a folder (every waitornot.yaml and *.waitornot.yaml in it and\n" +
			"below), a glob, or - for standard input. The default is the current folder.\n" +
			"Folders and globs skip files that git ignores, submodules, node_modules, vendor,\n" +
			"and hidden folders, unless you name such a path explicitly.\n\n" +
			"Formats:\n" + formatHelp(pages()) + "\n" +
			"Exit codes: 0 nothing to report; 1 findings at or above --fail-on; 2 wrong\n" +
			"usage; 3 a manifest couldn't be read, a configuration is invalid, or the output\n" +
			"couldn't be written; 130 interrupted.",
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
	f.BoolVar(&o.empty, "allow-empty", false, "exit with 0 if there's nothing to check")
	nonEmptyVar(f, &o.root, "root", "the `FOLDER` that machine-readable formats name files relative to (default the top of the repository)")
	_ = c.MarkFlagDirname("root")
	f.BoolVar(&o.brief, "brief", false, "text: one line per finding")
	f.BoolVar(&o.counted, "statistics", false, "text: count the findings by rule instead of listing them")
	o.picked.add(c)
	o.scopeFlags.add(c)
	o.fixFlags.add(c)
	o.watchFlags.add(c)
	f.BoolVarP(&o.quiet, "quiet", "q", false, "text: no summary, and no progress on a terminal")
	return c
}

func (o *checkOptions) run(ctx context.Context) error {
	o.memory = &earlyCollection{kept: o.streams.Env("GOGC") != ""}
	defer o.memory.restore()
	if err := errors.Join(o.scopeFlags.check(), o.fixFlags.check()); err != nil {
		return err
	}
	if o.watch && (o.fix || o.diff || o.scopeFlags.write || o.shrink || o.since != "") {
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
	if refs, err = o.withManifests(refs); err != nil {
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
	scope, err := o.scope(ctx, o.globals, refs)
	if err != nil {
		return err
	}
	scope.folders = foldersOf(scope.dir, o.paths)
	if o.diff {
		return o.halt(ctx, scope, o.runDiff(ctx, scope))
	}
	p, err := o.judge(ctx, scope)
	if err != nil {
		return o.halt(ctx, scope, err)
	}
	if !partial(scope.dir, o.paths) {
		o.complain(scope.loader.Unmatched(scope.includes))
	}
	if err := scope.writeBaseline(ctx, p.Result); err != nil {
		return err
	}
	p.Merge()
	if err := o.write(ctx, scope, p, false); err != nil {
		return err
	}
	if !o.quiet {
		announce(o.streams.Err, p.Waived, today(o.streams))
	}
	return o.verdict(scope, p.Result)
}

// withManifests returns the references of a run: none that lead to nothing, where a run may be
// empty. A run of which all do is most likely one in the wrong place.
func (o *checkOptions) withManifests(refs []source.Ref) ([]source.Ref, error) {
	if o.empty {
		return slices.DeleteFunc(refs, source.Ref.Nothing), nil
	}
	for _, r := range refs {
		if !r.Nothing() {
			return refs, nil
		}
	}
	return nil, usagef("nothing to check: %w. 'waitornot init' writes a first manifest; if that's expected, add --allow-empty", errors.Join(unmet(refs)...))
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
func (o *checkOptions) halt(ctx context.Context, scope *checkScope, err error) error {
	var wrong *project.Misconfigured
	if !errors.As(err, &wrong) {
		return err
	}
	p := &project.Project{Result: &lint.Result{Findings: wrong.Findings}, Files: wrong.Files}
	if err := o.write(ctx, scope, p, true); err != nil {
		return err
	}
	return errMisconfigured
}

// write writes what a run found in every format that is asked for.
func (o *checkOptions) write(ctx context.Context, scope *checkScope, p *project.Project, halted bool) error {
	r := o.report(p)
	root := scope.places.root(o.root, o.streams.Env)
	r.Where = func(file string) string { return scope.places.from(root, file) }
	r.Halted, r.Statistics, r.Fixed = halted, o.counted, o.fix
	r.Rules = append(r.Rules, scope.ownRules(p)...)
	return o.outputs.write(ctx, o.globals, r, term.Layout{Brief: o.brief, Quiet: o.quiet})
}

// judge returns what the run finds, after what it is asked to correct.
func (o *checkOptions) judge(ctx context.Context, scope *checkScope) (*project.Project, error) {
	if o.fix {
		return o.runFix(ctx, scope)
	}
	p, err := o.lint(ctx, scope)
	if err != nil {
		return nil, err
	}
	return p, o.narrow(ctx, scope, p)
}

// narrow leaves out the findings that the run doesn't ask about.
func (o *checkOptions) narrow(ctx context.Context, scope *checkScope, p *project.Project) error {
	if err := o.keepChanged(ctx, scope, p); err != nil {
		return err
	}
	return o.picked.keep(p)
}

// lint runs the rules, and shows how far it is.
func (o *checkOptions) lint(ctx context.Context, scope *checkScope) (*project.Project, error) {
	var progress *term.Progress
	if !o.quiet {
		progress = o.streams.Progress("checking", "manifests", len(scope.refs))
	}
	defer progress.Stop()
	s := project.Settings{
		Configurations: scope.loader,
		Options:        o.options(scope),
		Opened: func(bytes int) {
			progress.Step()
			o.memory.see(bytes)
		},
	}
	s.Options.Joining = o.memory.join
	p, _, err := readAgain[struct{}](ctx, o.globals, projectFiles(scope.dir, scope.refs), s, nil)
	if o.live != nil {
		scope.loader = o.live.settings.Configurations // the one that has judged
	}
	if err != nil || !s.Options.Partial || !p.Uncertain() {
		return p, err
	}
	return p, o.confirm(ctx, scope, p)
}

// options say how the rules run.
func (o *checkOptions) options(scope *checkScope) lint.Options {
	return lint.Options{
		Rules: rules.All(), Today: today(o.streams), Baseline: scope.known, Strict: o.strict, Partial: partial(scope.dir, o.paths),
		Where: scope.places.identity,
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
func (o *checkOptions) verdict(scope *checkScope, r *lint.Result) error {
	if err := unreadError(r); err != nil {
		return err
	}
	if r.Failed() {
		return errRuleFailed
	}
	if r.Operations == 0 && len(r.Findings) == 0 && !o.empty {
		return usagef("nothing to check: the manifests declare no operations. If that's intended, add --allow-empty")
	}
	least, ok := diag.ParseSeverity(o.failOn)
	if ok && slices.ContainsFunc(r.Findings, func(f diag.Finding) bool { return f.Severity >= least }) || scope.outgrown(r) {
		return errFindings
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
