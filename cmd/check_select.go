package cmd

import (
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"waitornot/decide/diag"
	"waitornot/decide/lint"
	"waitornot/decide/manifest"
	"waitornot/decide/project"
	"waitornot/rules"
)

// ruleFlags choose the rules whose findings a run shows, whatever the configurations
// say. Findings about what could not be read or followed always show.
type ruleFlags struct {
	only, without []string // codes, the first letters of codes, or names
}

func (r *ruleFlags) add(c *cobra.Command) {
	const forms = ": codes, code prefixes (WN3), or names"
	f := c.Flags()
	f.StringSliceVar(&r.only, "select", nil, "show only findings of `RULES`"+forms)
	f.StringSliceVar(&r.without, "ignore", nil, "leave out findings of `RULES`"+forms)
	for _, name := range []string{"select", "ignore"} {
		_ = c.RegisterFlagCompletionFunc(name, completeRules)
	}
}

// keep leaves the findings in the project that the flags ask for. A word that no rule
// answers to is a usage error.
func (r *ruleFlags) keep(p *project.Project) error {
	for _, word := range slices.Concat(r.only, r.without) {
		if !knownRule(p, word) {
			return unknownRule(word)
		}
	}
	if len(r.only)+len(r.without) == 0 {
		return nil
	}
	p.Findings = slices.DeleteFunc(p.Findings, func(f diag.Finding) bool {
		if isReading(f.Code) {
			return false
		}
		answers := func(word string) bool { return answersTo(word, f.Code, f.Rule) }
		return len(r.only) > 0 && !slices.ContainsFunc(r.only, answers) || slices.ContainsFunc(r.without, answers)
	})
	return nil
}

// isReading reports whether a code is about text that could not be read, or a run that
// could not be followed.
func isReading(code string) bool {
	return strings.HasPrefix(code, "WN0") || code == lint.Misconfigured.Code || code == lint.FailedCode
}

// answersTo reports whether a word means a rule: its name, its code, or how its code starts.
func answersTo(word, code, name string) bool {
	return word == name || strings.HasPrefix(code, strings.ToUpper(word))
}

// knownRule reports whether a word means a rule of the program or of a configuration.
func knownRule(p *project.Project, word string) bool {
	known := slices.ContainsFunc(ruleNames(), func(r [2]string) bool { return answersTo(word, r[0], r[1]) })
	return known || slices.ContainsFunc(p.Policies, func(x *lint.Policy) bool { return x.Rule(strings.ToUpper(word)) != nil }) ||
		slices.ContainsFunc(p.Findings, func(f diag.Finding) bool { return answersTo(word, f.Code, f.Rule) })
}

func unknownRule(word string) error {
	var known []string
	for _, r := range ruleNames() {
		known = append(known, r[0], r[1])
	}
	if near := diag.Nearest(word, known); near != "" {
		return usagef("unknown rule %q; did you mean %s?", word, near)
	}
	return usagef("unknown rule %q; 'waitornot rules list' lists all rules", word)
}

// ruleNames returns the code and the name of every rule of the program.
func ruleNames() [][2]string {
	var list [][2]string
	for _, r := range manifest.Rules() {
		list = append(list, [2]string{r.Code, r.Name})
	}
	for _, r := range append(rules.All(), lint.EngineRules()...) {
		list = append(list, [2]string{r.Code, r.Name})
	}
	return list
}

// completeRules offers the codes of rules, with their names.
func completeRules(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
	var list []string
	for _, r := range ruleNames() {
		list = append(list, r[0]+"\t"+r[1])
	}
	return list, cobra.ShellCompDirectiveNoFileComp
}
