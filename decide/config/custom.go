package config

import (
	"fmt"

	"waitornot/decide/diag"
	"waitornot/decide/lint"
	"waitornot/decide/manifest"
)

// compile makes rules of what a file writes under custom_rules. A rule whose
// code or name belongs to another is left out.
func (l *Loader) compile(f *configFile, others []*lint.Rule) {
	if len(f.CustomRules) == 0 {
		return
	}
	if l.Compile == nil {
		l.fault(f, f.CustomRules[0].Range, "custom rules can't be read here", "")
		return
	}
	taken := lint.ByWord(others)
	for _, c := range f.CustomRules {
		if !c.Code.Set() || !c.Name.Set() || !c.Severity.Set() || !c.When.Set() || !c.Message.Set() {
			continue // the reader has said what is missing
		}
		clash := false
		for _, word := range []manifest.Field[string]{c.Code, c.Name} {
			if r := taken[word.Value]; r != nil {
				l.fault(f, word.Range, fmt.Sprintf("%q is already used by the rule %s (%s)", word.Value, r.Name, r.Code), "choose another")
				clash = true
			}
		}
		if clash {
			continue
		}
		rule, findings := l.Compile(c)
		l.findings = append(l.findings, findings...)
		if rule != nil {
			f.custom = append(f.custom, rule)
			taken[rule.Code], taken[rule.Name] = rule, rule
		}
	}
}

// rulesOf returns the catalogue and the custom rules of a chain, the farthest
// parent's first.
func (l *Loader) rulesOf(chain []*configFile) []*lint.Rule {
	list := l.Rules[:len(l.Rules):len(l.Rules)]
	for i := len(chain) - 1; i >= 0; i-- {
		list = append(list, chain[i].custom...)
	}
	return list
}

// CompileFunc makes a rule of a custom rule. What is wrong with it is among the
// findings, and then the rule is nil.
type CompileFunc func(CustomRule) (*lint.Rule, []diag.Finding)

// Fault returns a finding that says what is wrong with a custom rule.
func Fault(c CustomRule, at diag.Range, message, fix string) diag.Finding {
	return fault(c.File, at, message, fix)
}
