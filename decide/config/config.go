package config

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
	"time"

	"waitornot/decide"
	"waitornot/decide/diag"
	"waitornot/decide/lint"
	"waitornot/decide/manifest"
)

// A Config is the configuration that holds for one manifest: every value, and
// where it was set.
type Config struct {
	Files        []string // the configurations that it was made from, the nearest first
	RulesVersion Resolved[string]
	Threshold    Resolved[time.Duration]
	Wait         Resolved[time.Duration]
	Table        Resolved[*decide.Table]
	Rules        []RuleConfig // in the order of the catalogue, then the engine's own
}

// Resolved is a value and where it was set.
type Resolved[T any] struct {
	Value T
	From  Origin
}

// An Origin is the place in a configuration where a value was set. The zero
// Origin is the program itself: the value is the default.
type Origin struct {
	File  string
	Range diag.Range
}

// IsDefault reports whether no configuration set the value.
func (o Origin) IsDefault() bool { return o.File == "" }

// A RuleConfig is what holds for a rule.
type RuleConfig struct {
	Rule     *lint.Rule
	Severity Resolved[diag.Severity] // 0 when the rule is off
	Params   []Resolved[float64]     // one for each of Rule.Params, in its unit
	Pinned   bool                    // newer than RulesVersion and named by nobody, so off
}

// On reports whether the rule looks for findings.
func (r *RuleConfig) On() bool { return r.Severity.Value != 0 && !r.Pinned }

// newConfig returns what holds without any configuration.
func newConfig(rules []*lint.Rule, table *decide.Table, limits decide.LatencyLimits) *Config {
	s := &Config{
		Threshold: Resolved[time.Duration]{Value: limits.Threshold},
		Wait:      Resolved[time.Duration]{Value: limits.Wait},
		Table:     Resolved[*decide.Table]{Value: table},
	}
	for _, r := range append(rules[:len(rules):len(rules)], lint.EngineRules()...) {
		if r == &lint.Misconfigured {
			continue // nobody can set it
		}
		rs := RuleConfig{Rule: r, Severity: Resolved[diag.Severity]{Value: r.Severity}}
		for _, p := range r.Params {
			rs.Params = append(rs.Params, Resolved[float64]{Value: p.Default})
		}
		s.Rules = append(s.Rules, rs)
	}
	return s
}

// clone returns a copy that can be set without changing s.
func (s *Config) clone() *Config {
	c := *s
	c.Files = slices.Clone(s.Files)
	c.Rules = slices.Clone(s.Rules)
	for i := range c.Rules {
		c.Rules[i].Params = slices.Clone(c.Rules[i].Params)
	}
	return &c
}

// rule returns what holds for the rule with the given code or name, or nil.
func (s *Config) rule(word string) *RuleConfig {
	for i := range s.Rules {
		if r := s.Rules[i].Rule; r.Code == word || r.Name == word {
			return &s.Rules[i]
		}
	}
	return nil
}

// set lets settings of a file hold. What they say of rules that there are not
// is left out.
func (s *Config) set(file string, settings *Settings, table *decide.Table) {
	setField(&s.Threshold, file, settings.Threshold)
	setField(&s.Wait, file, settings.Wait)
	if table != nil {
		s.Table = Resolved[*decide.Table]{table, Origin{file, settings.Table.Range}}
	}
	for i := range settings.Rules {
		set := &settings.Rules[i]
		if r := s.rule(set.Rule.Value); r != nil {
			r.set(file, set)
		}
	}
}

func setField[T any](to *Resolved[T], file string, f manifest.Field[T]) {
	if f.Set() {
		*to = Resolved[T]{f.Value, Origin{file, f.Range}}
	}
}

// set lets a rule setting hold. A setting without a severity leaves the one
// that holds: parameters alone do not turn a rule on.
func (r *RuleConfig) set(file string, set *RuleSetting) {
	if set.Severity.Set() {
		severity, _ := diag.ParseSeverity(set.Severity.Value) // off is 0
		r.Severity = Resolved[diag.Severity]{severity, Origin{file, set.Severity.Range}}
	}
	for _, p := range set.Params {
		i := slices.IndexFunc(r.Rule.Params, func(q lint.Param) bool { return q.Name == p.Name.Value })
		if i < 0 {
			continue
		}
		if value, ok := r.Rule.Params[i].Parse(p.Value.Value); ok {
			r.Params[i] = Resolved[float64]{value, Origin{file, p.Value.Range}}
		}
	}
}

// pin holds back the rules that are newer than the wanted release, unless a
// configuration gives them a severity itself.
func (s *Config) pin() {
	for i := range s.Rules {
		r := &s.Rules[i]
		r.Pinned = s.RulesVersion.Value != "" && !r.Rule.Custom && r.Severity.From.IsDefault() && compareReleases(r.Rule.Since, s.RulesVersion.Value) > 0
	}
}

// policy returns the policy that the values ask for.
func (s *Config) policy() *lint.Policy {
	list := make([]lint.TunedRule, len(s.Rules))
	for i := range s.Rules {
		r := &s.Rules[i]
		list[i] = lint.TunedRule{Rule: r.Rule, Severity: r.Severity.Value, Values: r.values(), Pinned: r.Pinned}
	}
	return lint.TunedPolicy(list, s.Table.Value, decide.LatencyLimits{Threshold: s.Threshold.Value, Wait: s.Wait.Value})
}

// values returns the parameters, nil when all are the defaults.
func (r *RuleConfig) values() []float64 {
	if !slices.ContainsFunc(r.Params, func(p Resolved[float64]) bool { return !p.From.IsDefault() }) {
		return nil
	}
	var list []float64
	for _, p := range r.Params {
		list = append(list, p.Value)
	}
	return list
}

// compareReleases orders versions such as 0.10.2 by their numbers.
func compareReleases(a, b string) int {
	x, y := strings.Split(a, "."), strings.Split(b, ".")
	for i := range min(len(x), len(y)) {
		m, _ := strconv.Atoi(x[i])
		n, _ := strconv.Atoi(y[i])
		if m != n {
			return cmp.Compare(m, n)
		}
	}
	return cmp.Compare(len(x), len(y))
}
