package lint

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
	"time"

	"waitornot/decide"
	"waitornot/decide/diag"
	"waitornot/decide/manifest"
)

// A Setup is the configuration that holds for one manifest: every value, and
// where it was set.
type Setup struct {
	Files        []string // the configurations that it was made from, the nearest first
	RulesVersion Effective[string]
	Threshold    Effective[time.Duration]
	Wait         Effective[time.Duration]
	Table        Effective[*decide.Table]
	Rules        []RuleSetup // in the order of the catalogue, then the engine's own
}

// Effective is a value and where it was set.
type Effective[T any] struct {
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

// A RuleSetup is what holds for a rule.
type RuleSetup struct {
	Rule     *Rule
	Severity Effective[diag.Severity] // 0 when the rule is off
	Params   []Effective[float64]     // one for each of Rule.Params, in its unit
	Held     bool                     // newer than RulesVersion and named by nobody, so off
}

// On reports whether the rule looks for findings.
func (r *RuleSetup) On() bool { return r.Severity.Value != 0 && !r.Held }

// newSetup returns the setup without any configuration.
func newSetup(rules []*Rule, table *decide.Table, limits decide.Limits) *Setup {
	s := &Setup{
		Threshold: Effective[time.Duration]{Value: limits.Threshold},
		Wait:      Effective[time.Duration]{Value: limits.Wait},
		Table:     Effective[*decide.Table]{Value: table},
	}
	for _, r := range append(rules[:len(rules):len(rules)], Own()...) {
		if r == &misconfigured {
			continue // nobody can set it
		}
		rs := RuleSetup{Rule: r, Severity: Effective[diag.Severity]{Value: r.Severity}}
		for _, p := range r.Params {
			rs.Params = append(rs.Params, Effective[float64]{Value: p.Default})
		}
		s.Rules = append(s.Rules, rs)
	}
	return s
}

// clone returns a copy that can be set without changing s.
func (s *Setup) clone() *Setup {
	c := *s
	c.Files = slices.Clone(s.Files)
	c.Rules = slices.Clone(s.Rules)
	for i := range c.Rules {
		c.Rules[i].Params = slices.Clone(c.Rules[i].Params)
	}
	return &c
}

// rule returns what holds for the rule with the given code or name, or nil.
func (s *Setup) rule(word string) *RuleSetup {
	for i := range s.Rules {
		if r := s.Rules[i].Rule; r.Code == word || r.Name == word {
			return &s.Rules[i]
		}
	}
	return nil
}

// set lets settings of a file hold. What they say of rules that there are not
// is left out.
func (s *Setup) set(file string, settings *manifest.Settings, table *decide.Table) {
	setField(&s.Threshold, file, settings.Threshold)
	setField(&s.Wait, file, settings.Wait)
	if table != nil {
		s.Table = Effective[*decide.Table]{table, Origin{file, settings.Table.Range}}
	}
	for i := range settings.Rules {
		set := &settings.Rules[i]
		if r := s.rule(set.Rule.Value); r != nil {
			r.set(file, set)
		}
	}
}

func setField[T any](to *Effective[T], file string, f manifest.Field[T]) {
	if f.Set() {
		*to = Effective[T]{f.Value, Origin{file, f.Range}}
	}
}

// set lets a rule setting hold. A setting without a severity leaves the one
// that holds: parameters alone do not turn a rule on.
func (r *RuleSetup) set(file string, set *manifest.RuleSetting) {
	if set.Severity.Set() {
		severity, _ := diag.ParseSeverity(set.Severity.Value) // off is 0
		r.Severity = Effective[diag.Severity]{severity, Origin{file, set.Severity.Range}}
	}
	for _, p := range set.Params {
		i := slices.IndexFunc(r.Rule.Params, func(q Param) bool { return q.Name == p.Name.Value })
		if i < 0 {
			continue
		}
		if value, ok := r.Rule.Params[i].parse(p.Value.Value); ok {
			r.Params[i] = Effective[float64]{value, Origin{file, p.Value.Range}}
		}
	}
}

// pin holds back the rules that are newer than the wanted release, unless a
// configuration gives them a severity itself.
func (s *Setup) pin() {
	for i := range s.Rules {
		r := &s.Rules[i]
		r.Held = s.RulesVersion.Value != "" && !r.Rule.Custom && r.Severity.From.IsDefault() && compareReleases(r.Rule.Since, s.RulesVersion.Value) > 0
	}
}

// policy returns the policy that the setup asks for.
func (s *Setup) policy() *Policy {
	p := &Policy{
		Table: s.Table.Value, Limits: decide.Limits{Threshold: s.Threshold.Value, Wait: s.Wait.Value},
		byCode: map[string]*Rule{},
	}
	for i := range s.Rules {
		r := &s.Rules[i]
		if r.Rule.Custom {
			p.custom = append(p.custom, r.Rule)
		}
		switch {
		case r.Held:
			p.Held = append(p.Held, r.Rule)
		case r.On():
			p.add(r.Rule, r.Severity.Value, r.values())
		}
	}
	return p
}

// values returns the parameters, nil when all are the defaults.
func (r *RuleSetup) values() []float64 {
	if !slices.ContainsFunc(r.Params, func(p Effective[float64]) bool { return !p.From.IsDefault() }) {
		return nil
	}
	var list []float64
	for _, p := range r.Params {
		list = append(list, p.Value)
	}
	return list
}

// parse reads a value as a configuration writes it.
func (p *Param) parse(text string) (float64, bool) {
	switch p.Unit {
	case Share:
		digits, percent := strings.CutSuffix(text, "%")
		v, err := strconv.ParseFloat(digits, 64)
		if percent {
			v /= 100
		}
		return v, err == nil && v >= 0 && v <= 1
	case Seconds:
		d, err := time.ParseDuration(text)
		return d.Seconds(), err == nil && d >= 0
	}
	v, err := strconv.Atoi(text)
	return float64(v), err == nil && v >= 0
}

// Format writes a value of the parameter as a configuration does.
func (p *Param) Format(v float64) string {
	switch p.Unit {
	case Share:
		return strconv.FormatFloat(v*100, 'g', 12, 64) + "%"
	case Seconds:
		return time.Duration(v * float64(time.Second)).String()
	}
	return strconv.FormatFloat(v, 'f', -1, 64)
}

// want says what a value of the parameter looks like.
func (p *Param) want() string {
	return [...]string{Count: "a whole number such as ", Share: "a share such as ", Seconds: "a duration such as "}[p.Unit] + p.Format(p.Default)
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
