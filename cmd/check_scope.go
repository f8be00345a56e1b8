package cmd

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"waitornot/cmd/internal/findings"
	"waitornot/cmd/internal/source"
	"waitornot/cmd/internal/term"
	"waitornot/decide/config"
	"waitornot/decide/diag"
	"waitornot/decide/lint"
	"waitornot/decide/project"
)

// scopeFlags decide which findings count.
type scopeFlags struct {
	policyFlags
	strict         bool
	baseline       string
	write          bool
	shrink         bool
	strictBaseline bool
	since          string
}

func (g *scopeFlags) add(c *cobra.Command) {
	g.policyFlags.add(c)
	f := c.Flags()
	f.BoolVar(&g.strict, "strict", false, "also report facts that rules need but the manifest lacks")
	nonEmptyVar(f, &g.baseline, "baseline", "leave out findings listed in the baseline `FILE`")
	f.BoolVar(&g.write, "write-baseline", false, "write the baseline; an existing one only shrinks")
	f.BoolVar(&g.shrink, "shrink", false, "remove fixed findings from the baseline")
	f.BoolVar(&g.strictBaseline, "strict-baseline", false, "fail if the baseline lists findings that are fixed")
	nonEmptyVar(f, &g.since, "since", "report only findings where something changed since the merge base with the git `REV`")
	_ = c.MarkFlagFilename("baseline", "json")
}

// check refuses flags that do not go together.
func (g *scopeFlags) check() error {
	switch {
	case g.baseline == "" && (g.write || g.shrink || g.strictBaseline):
		return usagef("--write-baseline, --shrink and --strict-baseline need --baseline FILE")
	case (g.write || g.shrink) && g.strictBaseline:
		return usagef("--strict-baseline reports what --write-baseline and --shrink would remove: choose one")
	case g.write && g.since != "":
		return usagef("--write-baseline takes all findings, but --since leaves some out: choose one")
	}
	return nil
}

// A checkScope is what a run of check needs to know which findings count.
type checkScope struct {
	*scopeFlags
	globals *globals
	dir     string // absolute
	refs    []source.Ref
	places  *places
	folders []string // absolute: what the run looks through
	loader  *config.Loader
	known   *lint.BaselineFile // nil without a baseline
	stored  []byte             // the baseline as it was read
	isNew   bool               // there is no baseline file yet
	refused bool               // the baseline would have grown
}

// scope reads the configurations and the baseline.
func (g *scopeFlags) scope(ctx context.Context, globals *globals, refs []source.Ref) (*checkScope, error) {
	x := &checkScope{scopeFlags: g, globals: globals, refs: refs}
	var err error
	if x.dir, err = globals.folder(); err != nil {
		return nil, err
	}
	if x.loader, err = g.loader(ctx, globals); err != nil {
		return nil, err
	}
	return x, x.readBaseline(ctx)
}

// ownRules describes the rules of a team's own that have found something, in
// the order of their codes.
func (x *checkScope) ownRules(r *project.Project) []findings.Rule {
	found := map[string]*lint.Rule{}
	look := func(f *diag.Finding) {
		for _, p := range r.Policies {
			if rule := p.Rule(f.Code); rule != nil {
				found[f.Code] = rule
				return
			}
		}
	}
	for i := range r.Findings {
		if f := &r.Findings[i]; !strings.HasPrefix(f.Code, "WN") && found[f.Code] == nil {
			look(f)
		}
	}
	for i := range r.Waived {
		if f := &r.Waived[i].Finding; !strings.HasPrefix(f.Code, "WN") && found[f.Code] == nil {
			look(f)
		}
	}
	var list []findings.Rule
	for _, code := range slices.Sorted(maps.Keys(found)) {
		list = append(list, description(found[code]))
	}
	return list
}

// say writes a remark to standard error.
func (x *checkScope) say(format string, args ...any) {
	fmt.Fprintf(x.globals.streams.Err, "waitornot: %s\n", term.Safe(fmt.Sprintf(format, args...)))
}
