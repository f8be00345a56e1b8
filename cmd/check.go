package cmd

import (
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"waitornot/cmd/internal/source"
	"waitornot/cmd/internal/term"
	"waitornot/decide"
	"waitornot/decide/diag"
	"waitornot/decide/lint"
	"waitornot/rules"
)

// checkOptions are what a run of check needs.
type checkOptions struct {
	*globals
	paths  []string
	failOn string
}

func newCheck(g *globals) *cobra.Command {
	o := checkOptions{globals: g}
	c := &cobra.Command{
		Use:   "check [PATH...]",
		Short: "Report what is wrong or risky in manifests",
		RunE: func(c *cobra.Command, args []string) error {
			o.paths = args
			return o.run(c)
		},
	}
	enumVar(c, c.Flags(), &o.failOn, "fail-on", []string{"error", "warning", "info", "never"}, "the lightest severity that fails the run")
	return c
}

func (o *checkOptions) run(c *cobra.Command) error {
	refs, err := source.Finder{Dir: o.streams.Dir, Stdin: o.streams.In}.Find(c.Context(), o.paths)
	if err != nil {
		return err
	}
	table, err := rules.LoadTable()
	if err != nil {
		return err
	}
	var files []lint.Opener
	for _, r := range refs {
		files = append(files, r.Open)
	}
	result, err := lint.Run(c.Context(), files, lint.Options{
		Rules: rules.All(), Table: table, Limits: decide.DefaultLimits(), Today: today(o.streams),
	})
	if err != nil {
		return err
	}
	for _, f := range result.Findings {
		fmt.Fprintf(o.streams.Out, "%s:%d:%d: %s: %s (%s %s)\n", term.Safe(f.File), f.Range.Start.Line, f.Range.Start.Column,
			f.Severity, term.Safe(f.Message), f.Code, f.Rule)
	}
	return o.verdict(result)
}

// verdict turns a result into the error that sets the exit code.
func (o *checkOptions) verdict(r *lint.Result) error {
	for _, u := range r.Unreadable {
		fmt.Fprintf(o.streams.Err, "waitornot: %s: %s\n", term.Safe(u.File), term.Safe(u.Err.Error()))
	}
	if len(r.Broken)+len(r.Unreadable) > 0 {
		return brokenError{r.Broken, len(r.Unreadable)}
	}
	least, ok := diag.ParseSeverity(o.failOn)
	if !ok {
		return nil
	}
	for _, f := range r.Findings {
		if f.Severity >= least {
			return errFindings
		}
	}
	return nil
}

// today returns the day on which a run happens, at midnight UTC.
func today(s term.Streams) time.Time { return s.Now().UTC().Truncate(24 * time.Hour) }
