// Package agenda ranks what to do first about a project: the few actions that settle
// the most.
package agenda

import (
	"cmp"
	"fmt"
	"slices"

	"waitornot/decide"
	"waitornot/decide/advice"
	"waitornot/decide/diag"
	"waitornot/decide/graph"
)

// A Kind says what an action does.
type Kind uint8

// The kinds of actions, the most urgent first.
const (
	ChangeModes Kind = iota // detach operations, so that journeys meet their targets
	Rework                  // a journey misses its targets whatever is detached
	FixRule                 // correct what a rule finds
	AddFacts                // give the facts without which journeys can't be judged
	AnswerFirst             // answer the questions that leave operations undecided
	AlignModes              // make operations work as their answers say
)

// An Action is something to do, with what it gains. Only the fields of its kind are set.
type Action struct {
	Kind     Kind
	Journeys []int          // positions in the graph's journeys that it is about
	Changes  []graph.Change // of ChangeModes
	Open     bool           // of ChangeModes: facts are missing, so a journey may still miss its targets
	Remedies []graph.Remedy // of Rework
	Rule     string         // of FixRule: the name of the rule
	Code     string
	Errors   int   // how many errors it settles: of FixRule and ChangeModes
	Warnings int   // how many warnings it settles: of the same
	Facts    int   // of AddFacts: how many are missing
	Advice   []int // positions of the operations of AnswerFirst and AlignModes
}

// A Planned is the plan of a journey. Missed says that the journey misses a target, and
// Open that facts are missing on which it rests whether the plan is enough.
type Planned struct {
	graph.Plan
	Missed bool
	Open   bool
}

// A Project is what actions are found in. Plans belong to the graph's journeys, and
// Advice to its operations, in their order.
type Project struct {
	Graph    *graph.Graph
	Plans    []Planned
	Findings []diag.Finding
	Advice   []*advice.Advice
}

// Actions returns at most so many actions, the ones that settle the most first.
func (p *Project) Actions(most int) []Action {
	changes := p.changes()
	settled := p.settle(changes)
	list := slices.Concat(changes, p.reworks(), p.fixes(diag.Error, settled))
	if a, ok := p.facts(); ok {
		list = append(list, a)
	}
	list = append(list, p.undecided()...)
	list = append(list, p.fixes(diag.Warning, settled)...)
	list = append(list, p.differing()...)
	slices.SortStableFunc(list, func(a, b Action) int { return cmp.Compare(b.weight(), a.weight()) })
	return list[:min(len(list), most)]
}

// weight orders actions: a journey on target counts as much as ten errors, and what
// only lets something be judged less than an error.
func (a *Action) weight() int {
	switch a.Kind {
	case ChangeModes:
		return 1000 * len(a.Journeys)
	case Rework:
		return 900
	case FixRule:
		return 100*a.Errors + a.Warnings
	case AddFacts:
		return 90 * len(a.Journeys)
	}
	return 10 * len(a.Advice)
}

// changes returns the plans that meet their journeys' targets, one for each set of
// operations.
func (p *Project) changes() []Action {
	var list []Action
	at := map[string]int{}
	for i := range p.Plans {
		plan := &p.Plans[i]
		if !plan.Missed || !plan.Found {
			continue
		}
		key := ""
		for _, c := range plan.Changes {
			key += fmt.Sprint(c.Operation, c.To, " ")
		}
		k, ok := at[key]
		if !ok {
			k = len(list)
			at[key] = k
			list = append(list, Action{Kind: ChangeModes, Changes: plan.Changes})
		}
		list[k].Journeys = append(list[k].Journeys, i)
		list[k].Open = list[k].Open || plan.Open
	}
	return list
}

// reworks returns the journeys that no detaching brings on target.
func (p *Project) reworks() []Action {
	var list []Action
	for i := range p.Plans {
		if plan := &p.Plans[i]; plan.Missed && !plan.Found {
			list = append(list, Action{Kind: Rework, Journeys: []int{i}, Remedies: plan.Remedies})
		}
	}
	return list
}

// settle counts in changes the findings that they take away, and returns which those are,
// by their positions: operations that then work as their answers say, and targets that
// their journeys then meet.
func (p *Project) settle(changes []Action) []bool {
	settled := make([]bool, len(p.Findings))
	for i := range p.Findings {
		f := &p.Findings[i]
		k := slices.IndexFunc(changes, func(a Action) bool { return p.settles(&a, f) })
		if k < 0 {
			continue
		}
		settled[i] = true
		switch f.Severity {
		case diag.Error:
			changes[k].Errors++
		case diag.Warning:
			changes[k].Warnings++
		}
	}
	return settled
}

// settles reports whether changes of modes take a finding away.
func (p *Project) settles(a *Action, f *diag.Finding) bool {
	switch f.Rule {
	case "mode-disagrees":
		return slices.ContainsFunc(a.Changes, func(c graph.Change) bool {
			x := p.Advice[c.Operation]
			return x.ID() == f.Operation && x.Possible&c.To != 0
		})
	case "timeout-missing": // said once for a client: of others of its operations, too, when they are related
		return len(f.Related) == 0 && slices.ContainsFunc(a.Changes, func(c graph.Change) bool {
			return p.Advice[c.Operation].ID() == f.Operation
		})
	case "latency-budget-exceeded", "availability-below-slo":
		return slices.ContainsFunc(a.Journeys, func(i int) bool {
			return p.Graph.Journeys()[i].Holds(f.File, f.Range)
		})
	}
	return false
}

// fixes returns the rules whose gravest finding has a severity, in the order of their
// codes. Findings that are settled don't count.
func (p *Project) fixes(gravest diag.Severity, settled []bool) []Action {
	at := map[string]int{}
	var list []Action
	for i := range p.Findings {
		f := &p.Findings[i]
		if settled[i] {
			continue
		}
		k, ok := at[f.Code]
		if !ok {
			k = len(list)
			at[f.Code] = k
			list = append(list, Action{Kind: FixRule, Rule: f.Rule, Code: f.Code})
		}
		switch f.Severity {
		case diag.Error:
			list[k].Errors++
		case diag.Warning:
			list[k].Warnings++
		}
	}
	list = slices.DeleteFunc(list, func(a Action) bool {
		return gravest == diag.Error && a.Errors == 0 || gravest == diag.Warning && (a.Errors > 0 || a.Warnings == 0)
	})
	slices.SortFunc(list, func(a, b Action) int { return cmp.Compare(a.Code, b.Code) })
	return list
}

// facts gathers the facts without which journeys can be neither on nor off target.
func (p *Project) facts() (Action, bool) {
	a := Action{Kind: AddFacts}
	missing := map[graph.MissingFact]bool{}
	for i, n := range p.Graph.AllNumbers() {
		j := &p.Graph.Journeys()[i]
		budget, objective := n.Budget(j), n.Objective(j)
		if budget == graph.Missed || objective == graph.Missed {
			continue
		}
		var lacks []graph.MissingFact
		if budget == graph.Open {
			lacks = n.Tail.Missing
		}
		if objective == graph.Open {
			lacks = slices.Concat(lacks, n.Share.Missing)
		}
		for _, l := range lacks {
			missing[l] = true
		}
		if len(lacks) > 0 {
			a.Journeys = append(a.Journeys, i)
		}
	}
	a.Facts = len(missing)
	return a, a.Facts > 0
}

// undecided gathers the operations whose answers leave more than one verdict.
func (p *Project) undecided() []Action {
	a := Action{Kind: AnswerFirst}
	for i, x := range p.Advice {
		if !x.Decided() {
			a.Advice = append(a.Advice, i)
		}
	}
	return a.some()
}

// differing gathers the operations that don't work as their answers say, unless a rule
// reports them.
func (p *Project) differing() []Action {
	a := Action{Kind: AlignModes}
	if slices.ContainsFunc(p.Findings, func(f diag.Finding) bool { return f.Rule == "mode-disagrees" }) {
		return nil
	}
	for i, x := range p.Advice {
		if x.Differs() && x.Declared != decide.Undecided {
			a.Advice = append(a.Advice, i)
		}
	}
	return a.some()
}

func (a Action) some() []Action {
	if len(a.Advice) == 0 {
		return nil
	}
	return []Action{a}
}
