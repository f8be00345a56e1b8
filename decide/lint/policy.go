package lint

import (
	"slices"

	"waitornot/decide"
	"waitornot/decide/diag"
)

// A Policy is how one manifest is judged: the rules that are on for it, how
// grave their findings are, and the table and limits that decide. It is
// immutable once made.
type Policy struct {
	Table  *decide.Table
	Limits decide.LatencyLimits
	Pinned []*Rule // the rules that are newer than the configuration asks for, and so are off

	operation [decide.Hybrid + 1][]tuned // the rules over an operation, by its declared mode; Undecided stands for none
	graph     []tuned
	byCode    map[string]*Rule
	custom    []*Rule // the rules of the team's own, on or off
}

// A tuned rule is one that is on, with the severity and parameters of a policy.
type tuned struct {
	*Rule
	values []float64 // of Params; nil when all are the defaults
}

// NewPolicy returns the policy in which every rule of the catalogue, and every
// rule of the engine's own, is on as it was declared.
func NewPolicy(rules []*Rule, table *decide.Table, limits decide.LatencyLimits) *Policy {
	p := &Policy{Table: table, Limits: limits, byCode: map[string]*Rule{}}
	for _, r := range append(rules[:len(rules):len(rules)], EngineRules()...) {
		p.add(r, r.Severity, nil)
	}
	return p
}

// A TunedRule is a rule as a configuration has it.
type TunedRule struct {
	Rule     *Rule
	Severity diag.Severity // 0 turns it off
	Values   []float64     // of Rule.Params; nil when all are the defaults
	Pinned   bool          // newer than the configuration asks for, and so off
}

// TunedPolicy returns the policy of rules that a configuration has tuned: the whole
// catalogue, the custom rules and the engine's own.
func TunedPolicy(rules []TunedRule, table *decide.Table, limits decide.LatencyLimits) *Policy {
	p := &Policy{Table: table, Limits: limits, byCode: map[string]*Rule{}}
	for _, r := range rules {
		if r.Rule.Custom {
			p.custom = append(p.custom, r.Rule)
		}
		switch {
		case r.Pinned:
			p.Pinned = append(p.Pinned, r.Rule)
		case r.Severity != 0:
			p.add(r.Rule, r.Severity, r.Values)
		}
	}
	return p
}

// add turns a rule on.
func (p *Policy) add(r *Rule, s diag.Severity, values []float64) {
	if s != r.Severity {
		changed := *r
		changed.Severity = s
		r = &changed
	}
	p.byCode[r.Code] = r
	switch t := (tuned{r, values}); {
	case r.Operation != nil:
		for mode := range p.operation {
			if r.Modes == 0 || r.Modes.Has(decide.Verdict(mode)) {
				p.operation[mode] = append(p.operation[mode], t)
			}
		}
	case r.Graph != nil:
		p.graph = append(p.graph, t)
	}
}

// Rule returns the rule with the given code as the policy has it, or nil when
// it is off.
func (p *Policy) Rule(code string) *Rule { return p.byCode[code] }

// A policyMap is the policies of a run's files.
type policyMap struct {
	of    map[string]*Policy // by the file's name
	order []*Policy          // each once, in the order of the files
}

func (m *policyMap) add(file string, p *Policy) {
	if m.of == nil {
		m.of = map[string]*Policy{}
	}
	m.of[file] = p
	if !slices.Contains(m.order, p) {
		m.order = append(m.order, p)
	}
}

// rules returns the catalogue, and after it the custom rules of the policies.
func (m *policyMap) rules(catalogue []*Rule) []*Rule {
	list := catalogue[:len(catalogue):len(catalogue)]
	seen := map[string]bool{}
	for _, p := range m.order {
		for _, r := range p.custom {
			if !seen[r.Code] {
				seen[r.Code] = true
				list = append(list, r)
			}
		}
	}
	return list
}

// graphRules returns the rules over the whole run that are on for any file, in
// the order of the catalogue, as the first policy has them that has them on.
func (m *policyMap) graphRules(rules []*Rule) []tuned {
	var list []tuned
	for _, r := range rules {
		if r.Graph == nil {
			continue
		}
		for _, p := range m.order {
			if i := slices.IndexFunc(p.graph, func(t tuned) bool { return t.Code == r.Code }); i >= 0 {
				list = append(list, p.graph[i])
				break
			}
		}
	}
	return list
}

// held returns the rules that some policy holds back, in the order of the
// catalogue.
func (m *policyMap) held(rules []*Rule) []*Rule {
	var list []*Rule
	for _, r := range rules {
		if slices.ContainsFunc(m.order, func(p *Policy) bool {
			return slices.ContainsFunc(p.Pinned, func(h *Rule) bool { return h.Code == r.Code })
		}) {
			list = append(list, r)
		}
	}
	return list
}
