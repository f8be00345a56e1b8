package config

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"waitornot/decide/glob"

	"waitornot/decide"
	"waitornot/decide/diag"
	"waitornot/decide/lint"
	"waitornot/decide/manifest"
)

// The settings that can be locked beside rules.
const (
	lockThreshold = "latency_threshold"
	lockWait      = "wait_limit"
	lockTable     = "table"
	lockVersion   = "rules_version"
)

func lockableSettings() []string {
	return []string{lockThreshold, lockWait, lockTable, lockVersion}
}

// check reports, once, what a configuration names that there is not. Its
// parents have been checked.
func (l *Loader) check(f *configFile, parents []*configFile) {
	if f.checked {
		return
	}
	f.checked = true
	rules := l.rulesOf(parents)
	l.compile(f, rules)
	known := newConfig(append(rules[:len(rules):len(rules)], f.custom...), l.Table, l.Limits)
	for _, name := range f.Locked {
		if !slices.Contains(lockableSettings(), name.Value) && known.rule(name.Value) == nil {
			l.unknownRule(f, known, name, lockableSettings())
		}
	}
	for i := range f.Overrides {
		for _, p := range f.Overrides[i].Paths {
			if wrong := glob.Check(p.Value); wrong != "" {
				l.fault(f, p.Range, fmt.Sprintf("%.60q isn't a valid glob: %s", p.Value, wrong), "write a pattern such as billing/**")
			}
		}
	}
	for _, layer := range f.layers() {
		l.checkRules(f, known, layer.Rules)
		if layer.Table.Set() {
			l.checkTable(f, layer)
		}
	}
}

// unknownRule reports a word that names no rule, with the nearest that does.
func (l *Loader) unknownRule(f *configFile, known *Config, word manifest.Field[string], others []string) {
	for _, r := range manifest.Rules() {
		if word.Value == r.Code || word.Value == r.Name {
			l.fault(f, word.Range, fmt.Sprintf("%s is reported by the parser and can't be configured", r.Name), "")
			return
		}
	}
	words := slices.Clone(others)
	for i := range known.Rules {
		words = append(words, known.Rules[i].Rule.Name, known.Rules[i].Rule.Code)
	}
	fix := "'waitornot rules list' shows all rules"
	if near := diag.Nearest(word.Value, words); near != "" {
		fix = "write " + near
	}
	l.fault(f, word.Range, fmt.Sprintf("unknown rule %q", word.Value), fix)
}

func (l *Loader) checkRules(f *configFile, known *Config, settings []RuleSetting) {
	first := map[*lint.Rule]manifest.Field[string]{}
	for i := range settings {
		set := &settings[i]
		r := known.rule(set.Rule.Value)
		if r == nil {
			l.unknownRule(f, known, set.Rule, nil)
			continue
		}
		if before, again := first[r.Rule]; again {
			l.fault(f, set.Rule.Range, fmt.Sprintf("%s and %s are the same rule, set twice", before.Value, set.Rule.Value), "keep one of them",
				diag.Related{File: f.Name, Range: before.Range, Message: "first set here"})
		}
		first[r.Rule] = set.Rule
		for _, p := range set.Params {
			l.checkParam(f, r.Rule, p)
		}
	}
}

func (l *Loader) checkParam(f *configFile, r *lint.Rule, p ParamSetting) {
	names := []string{"severity"}
	for i := range r.Params {
		if r.Params[i].Name != p.Name.Value {
			names = append(names, r.Params[i].Name)
			continue
		}
		if _, ok := r.Params[i].Parse(p.Value.Value); !ok {
			l.fault(f, p.Value.Range, fmt.Sprintf("%s of %s is %q: expected %s", p.Name.Value, r.Name, p.Value.Value, r.Params[i].Want()), "")
		}
		return
	}
	fix := "use one of " + strings.Join(names, ", ")
	if near := diag.Nearest(p.Name.Value, names); near != "" {
		fix = "write " + near
	}
	l.fault(f, p.Name.Range, fmt.Sprintf("%s has no parameter %q", r.Name, p.Name.Value), fix)
}

// checkTable proves that rows as written make a table.
func (l *Loader) checkTable(f *configFile, layer *Settings) {
	var rows []decide.Row
	for _, r := range layer.Table.Value {
		rows = append(rows, decide.Row{Name: r.Name.Value, When: r.When.Sets, Verdict: r.Verdict.Value, Why: r.Why.Value})
	}
	table, err := decide.NewTable(rows)
	if err == nil {
		f.tables[layer] = table
		return
	}
	if len(f.Findings) > 0 {
		return // a row that could not be read leaves a gap: its own finding says more
	}
	message := err.Error()
	var fault *decide.TableError
	if errors.As(err, &fault) {
		message = strings.TrimPrefix(message, "decision table: ")
	}
	l.fault(f, layer.Table.Range, "the rows don't form a decision table: "+message, "make every combination of answers match exactly one row")
}

// checkLimits reports limits that leave no room between them.
func (l *Loader) checkLimits(s *Config) {
	if s.Threshold.Value < s.Wait.Value {
		return
	}
	from := s.Wait.From
	if from.IsDefault() {
		from = s.Threshold.From
	}
	l.findings = append(l.findings, fault(from.File, from.Range,
		fmt.Sprintf("wait_limit is %s and latency_threshold is %s: the limit must be the longer one", s.Wait.Value, s.Threshold.Value), ""))
}

// checkLocks reports where a configuration weakens what one that it builds on
// has locked.
func (l *Loader) checkLocks(chain []*configFile) {
	base := newConfig(l.rulesOf(chain), l.Table, l.Limits)
	locks := map[string]Origin{} // by the rule's code or the setting
	for i := len(chain) - 1; i >= 0; i-- {
		f := chain[i]
		if len(locks) > 0 {
			l.checkLocked(f, base, locks)
		}
		setField(&base.RulesVersion, f.Name, f.RulesVersion)
		base.set(f.Name, &f.Settings, f.tables[&f.Settings])
		for _, name := range f.Locked {
			word := name.Value
			if r := base.rule(word); r != nil {
				word = r.Rule.Code
			}
			locks[word] = Origin{f.Name, name.Range}
		}
	}
}

// checkLocked compares what a child sets with what its parents, base, have
// locked.
func (l *Loader) checkLocked(f *configFile, base *Config, locks map[string]Origin) {
	if lock, ok := locks[lockVersion]; ok && f.RulesVersion.Set() && f.RulesVersion.Value != base.RulesVersion.Value {
		l.locked(f, f.RulesVersion.Range, lockVersion, lock, "changed")
	}
	before, after := base.clone(), base.clone()
	setField(&after.RulesVersion, f.Name, f.RulesVersion)
	before.pin()
	after.pin()
	for i := range after.Rules {
		r := &after.Rules[i]
		if lock, ok := locks[r.Rule.Code]; ok && r.Pinned && !before.Rules[i].Pinned {
			l.locked(f, f.RulesVersion.Range, r.Rule.Name, lock, "held back")
		}
	}
	for _, layer := range f.layers() {
		if lock, ok := locks[lockThreshold]; ok && layer.Threshold.Set() && layer.Threshold.Value != base.Threshold.Value {
			l.locked(f, layer.Threshold.Range, lockThreshold, lock, "changed")
		}
		if lock, ok := locks[lockWait]; ok && layer.Wait.Set() && layer.Wait.Value != base.Wait.Value {
			l.locked(f, layer.Wait.Range, lockWait, lock, "changed")
		}
		if lock, ok := locks[lockTable]; ok && layer.Table.Set() {
			l.locked(f, layer.Table.Range, lockTable, lock, "replaced")
		}
		for i := range layer.Rules {
			l.checkLockedRule(f, &layer.Rules[i], base, locks)
		}
	}
}

// checkLockedRule compares what a child makes of a rule. Which way a parameter
// is weaker only its rule knows, so one of a locked rule cannot be changed.
func (l *Loader) checkLockedRule(f *configFile, set *RuleSetting, base *Config, locks map[string]Origin) {
	r := base.rule(set.Rule.Value)
	if r == nil {
		return
	}
	lock, ok := locks[r.Rule.Code]
	if !ok {
		return
	}
	if severity, _ := diag.ParseSeverity(set.Severity.Value); set.Severity.Set() && severity < r.Severity.Value {
		how := "made " + set.Severity.Value
		if severity == 0 {
			how = "turned off"
		}
		l.locked(f, set.Severity.Range, r.Rule.Name, lock, how)
	}
	for _, p := range set.Params {
		i := slices.IndexFunc(r.Rule.Params, func(q lint.Param) bool { return q.Name == p.Name.Value })
		if i < 0 {
			continue
		}
		if v, ok := r.Rule.Params[i].Parse(p.Value.Value); ok && v != r.Params[i].Value {
			l.locked(f, p.Value.Range, r.Rule.Name+"'s "+p.Name.Value, lock, "changed")
		}
	}
}

func (l *Loader) locked(f *configFile, at diag.Range, what string, lock Origin, how string) {
	l.fault(f, at, fmt.Sprintf("%s is locked by %s:%d:%d and can't be %s here",
		what, lock.File, lock.Range.Start.Line, lock.Range.Start.Column, how),
		"remove it, or ask for a change where it's locked",
		diag.Related{File: lock.File, Range: lock.Range, Message: "locked here"})
}
