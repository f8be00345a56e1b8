package cmd

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"waitornot/cmd/internal/markup"
	"waitornot/cmd/internal/source"
	"waitornot/cmd/internal/term"
	"waitornot/decide/config"
	"waitornot/decide/diag"
)

func newConfig(g *globals) *cobra.Command {
	c := &cobra.Command{
		Use:   "config",
		Short: "Show and verify the configuration",
		Long: "A file named " + config.Name + " holds for the manifests of its folder and of those below, down\n" +
			"to the next one. It can extend a parent, whose settings it then changes; what a parent has\n" +
			"locked it cannot weaken. Without any, every rule is on as it was declared.\n\n" +
			"Of several values the one counts that comes last here: the default; the farthest parent, its\n" +
			"overrides in their order; ...; the nearest file, its overrides in their order.",
		Args: noSuchCommand,
		RunE: func(c *cobra.Command, args []string) error { return c.Help() },
	}
	c.AddCommand(newConfigShow(g), newConfigVerify(g))
	return c
}

// configShow prints what holds for one path.
type configShow struct {
	*globals
	policyFlags
	format string
}

func newConfigShow(g *globals) *cobra.Command {
	o := configShow{globals: g}
	c := &cobra.Command{
		Use:   "show [PATH]",
		Short: "Print every effective value, and where it was set",
		Long: "Show prints what holds for a manifest, or for the manifests in a folder (the current one when\n" +
			"none is given): every value with the file and the line that set it.",
		Args: asUsage(cobra.MaximumNArgs(1)),
		RunE: func(c *cobra.Command, args []string) error { return o.run(args) },
	}
	o.add(c)
	enumVar(c, c.Flags(), &o.format, "format", []string{"text", "json"}, "how to print it")
	return c
}

func (o *configShow) run(args []string) error {
	l, err := o.loader(o.globals)
	if err != nil {
		return err
	}
	dir, err := o.folder()
	if err != nil {
		return err
	}
	path := append(args, ".")[0]
	settings, err := configOf(l, absolute(dir, path))
	if err != nil {
		return err
	}
	if err := settled(o.globals, l); err != nil {
		return err
	}
	if o.format == "json" {
		return o.writeJSON(path, settings)
	}
	o.writeText(path, settings)
	return nil
}

// configOf returns what holds for a manifest, or for one in a folder.
func configOf(l *config.Loader, path string) (*config.Config, error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", l.Show(path), plainError(err))
	}
	if info.IsDir() {
		path = filepath.Join(path, "waitornot.yaml")
	}
	return l.Config(path), nil
}

// A shown value is one line of the output.
type shown struct {
	Name  string `json:"name"`
	Value string `json:"value"`
	origin
}

// An origin is where a value was set; all empty for a default.
type origin struct {
	File   string `json:"file,omitempty"`
	Line   uint32 `json:"line,omitempty"`
	Column uint32 `json:"column,omitempty"`
}

func originOf(o config.Origin) origin {
	return origin{o.File, o.Range.Start.Line, o.Range.Start.Column}
}

func (o origin) String() string {
	if o.File == "" {
		return "default"
	}
	return fmt.Sprintf("%s:%d", o.File, o.Line)
}

// shownRule is what holds for a rule.
type shownRule struct {
	Code   string  `json:"code"`
	Name   string  `json:"name"`
	Value  string  `json:"severity"` // off when it is
	Held   bool    `json:"held"`     // newer than rules_version
	Params []shown `json:"params"`
	origin
}

func settingsOf(s *config.Config) []shown {
	release := s.RulesVersion.Value
	if release == "" {
		release = "any"
	}
	return []shown{
		{"latency_threshold", s.Threshold.Value.String(), originOf(s.Threshold.From)},
		{"wait_limit", s.Wait.Value.String(), originOf(s.Wait.From)},
		{"rules_version", release, originOf(s.RulesVersion.From)},
		{"table", fmt.Sprintf("%d rows", len(s.Table.Value.Rows())), originOf(s.Table.From)},
	}
}

func rulesOf(s *config.Config) []shownRule {
	list := make([]shownRule, len(s.Rules))
	for i := range s.Rules {
		r := &s.Rules[i]
		list[i] = shownRule{Code: r.Rule.Code, Name: r.Rule.Name, Value: "off", Held: r.Pinned, Params: []shown{}, origin: originOf(r.Severity.From)}
		if r.On() {
			list[i].Value = r.Severity.Value.String()
		}
		if r.Pinned {
			list[i].origin = originOf(s.RulesVersion.From)
		}
		for j, p := range r.Params {
			list[i].Params = append(list[i].Params, shown{r.Rule.Params[j].Name, r.Rule.Params[j].Format(p.Value), originOf(p.From)})
		}
	}
	return list
}

func (o *configShow) writeJSON(path string, s *config.Config) error {
	return markup.WriteJSON(o.streams.Out, struct {
		Version  int         `json:"version"`
		Path     string      `json:"path"`
		Files    []string    `json:"files"` // the nearest first
		Settings []shown     `json:"settings"`
		Rules    []shownRule `json:"rules"`
	}{1, path, append([]string{}, s.Files...), settingsOf(s), rulesOf(s)})
}

func (o *configShow) writeText(path string, s *config.Config) {
	p := o.painter()
	var out strings.Builder
	from := "no " + config.Name
	if len(s.Files) > 0 {
		from = strings.Join(s.Files, ", built on ")
	}
	fmt.Fprintf(&out, "%s: %s\n\n", p.Paint(term.Bold, term.Safe(path)), term.Safe(from))
	settings, rules := settingsOf(s), rulesOf(s)
	wide := 0
	for _, r := range rules {
		wide = max(wide, term.Cells(r.Code+" "+r.Name))
	}
	row := func(name, value string, from origin) {
		style := term.Cyan
		if from.File == "" {
			style = term.Faint
		}
		fmt.Fprintf(&out, "%s %s %s\n", term.Pad(name, wide), term.Pad(value, len("held back")), p.Paint(style, term.Safe(from.String())))
	}
	for _, v := range settings {
		row(v.Name, v.Value, v.origin)
	}
	out.WriteByte('\n')
	for _, r := range rules {
		value := r.Value
		if r.Held {
			value = "held back"
		}
		row(r.Code+" "+r.Name, value, r.origin)
		for _, v := range r.Params {
			row("      "+v.Name, v.Value, v.origin)
		}
	}
	fmt.Fprint(o.streams.Out, out.String())
}

// configVerify checks configurations alone.
type configVerify struct{ *globals }

func newConfigVerify(g *globals) *cobra.Command {
	o := configVerify{g}
	return &cobra.Command{
		Use:   "verify [PATH...]",
		Short: "Say what is wrong with configurations",
		Long: "Verify reads the configuration files given, and for each folder the one that holds there (the\n" +
			"current folder when none is given), with all that they extend.\n\n" +
			"Exit codes: 0 all can be followed; 1 one cannot; 3 a path could not be read.",
		RunE: func(c *cobra.Command, args []string) error { return o.run(c.Context(), args) },
	}
}

func (o *configVerify) run(ctx context.Context, args []string) error {
	if len(args) == 0 {
		args = []string{"."}
	}
	dir, err := o.folder()
	if err != nil {
		return err
	}
	faults := 0
	for _, arg := range args {
		path := absolute(dir, arg)
		info, err := os.Stat(path)
		if err != nil {
			return fmt.Errorf("%s: %w", arg, plainError(err))
		}
		l, err := (&policyFlags{}).loader(o.globals)
		if err != nil {
			return err
		}
		if !info.IsDir() {
			l.File = path
		}
		settings, err := configOf(l, path)
		if err != nil {
			return err
		}
		findings := l.Findings()
		faults += len(findings)
		if len(findings) == 0 && len(settings.Files) > 0 {
			unmatched, err := o.unmatched(ctx, l, absolute(dir, settings.Files[0]))
			if err != nil {
				return err
			}
			writeFindings(o.streams.Out, o.painter(), unmatched)
		}
		writeFindings(o.streams.Out, o.painter(), findings)
		switch {
		case len(findings) > 0:
		case len(settings.Files) == 0:
			fmt.Fprintf(o.streams.Out, "%s: no %s here or above\n", term.Safe(arg), config.Name)
		default:
			fmt.Fprintf(o.streams.Out, "%s: ok\n", term.Safe(settings.Files[0]))
		}
	}
	if faults > 0 {
		return errFindings
	}
	return nil
}

// unmatched returns the patterns of a configuration that match no manifest.
func (o *configVerify) unmatched(ctx context.Context, l *config.Loader, path string) ([]diag.Finding, error) {
	home := filepath.Dir(path)
	refs, err := source.Finder{Dir: home}.Find(ctx, nil)
	if err != nil {
		return nil, err
	}
	for _, r := range refs {
		if r.Path() != "" {
			l.Policy(absolute(home, r.Path()))
		}
	}
	return l.Unmatched(func(dir string) bool { return dir == home }), nil
}
