package knowledge

import (
	"errors"
	"fmt"
	"maps"
	"slices"

	"waitornot/decide"
	"waitornot/decide/advice"
)

// ValidateKnowledge reads all of the embedded knowledge and returns everything that is
// wrong between its parts, joined: an id that nothing has, a pattern that a
// stack does not build, an obligation that no answers reach, a dissent that
// obliges nothing. What is wrong within one part, its loader refuses.
func ValidateKnowledge() error {
	all, err := loadLibrary()
	if err != nil {
		return err
	}
	return all.validate()
}

// library is all of the knowledge at once.
type library struct {
	framework *advice.Framework
	knowledge *decide.Knowledge
	sources   []advice.Source
	stacks    []*advice.Stack
	limits    *advice.PlatformLimits
}

func loadLibrary() (*library, error) {
	var all library
	var err error
	if all.framework, err = LoadFramework(); err != nil {
		return nil, err
	}
	if all.knowledge, err = knowledgeOf(all.framework); err != nil {
		return nil, err
	}
	if all.sources, err = LoadSources(); err != nil {
		return nil, err
	}
	if all.stacks, err = LoadStacks(); err != nil {
		return nil, err
	}
	all.limits, err = LoadLimits()
	return &all, err
}

func (all *library) validate() error {
	faults := slices.Concat(all.checkSources(), all.checkStacks(), all.checkLimits(),
		checkObligations(all.knowledge), checkDissents(all.knowledge))
	return errors.Join(faults...)
}

func (all *library) checkSources() []error {
	known := ids{}
	for _, s := range all.sources {
		known[s.ID] = true
	}
	var faults []error
	check := func(where string, sources []string) {
		for _, id := range sources {
			if !known[id] {
				faults = append(faults, fmt.Errorf("%s: there is no source %q", where, id))
			}
		}
	}
	for q, text := range all.framework.Questions {
		check("question "+decide.Question(q).String(), text.Sources)
	}
	for _, s := range all.knowledge.Safeguards {
		check("safeguard "+s.ID, s.Sources)
	}
	for _, p := range all.knowledge.Patterns {
		check("pattern "+p.ID, p.Sources)
	}
	for _, s := range all.stacks {
		check("stack "+s.ID, s.Sources)
	}
	for _, h := range all.limits.Heads() {
		check("limit "+h.ID, h.Sources)
	}
	return faults
}

// checkStacks holds every stack to the patterns and safeguards that there are.
func (all *library) checkStacks() []error {
	patterns, safeguards := ids{}, ids{}
	for _, p := range all.knowledge.Patterns {
		patterns[p.ID] = true
	}
	for _, s := range all.knowledge.Safeguards {
		safeguards[s.ID] = true
	}
	var faults []error
	for _, s := range all.stacks {
		for _, p := range all.knowledge.Patterns {
			if _, ok := s.Components[p.ID]; !ok {
				faults = append(faults, fmt.Errorf("stack %s: no component for the pattern %s", s.ID, p.ID))
			}
		}
		for _, id := range slices.Sorted(maps.Keys(s.Components)) {
			if !patterns[id] {
				faults = append(faults, fmt.Errorf("stack %s: there is no pattern %q", s.ID, id))
			}
		}
		for _, id := range slices.Sorted(maps.Keys(s.Safeguards)) {
			if !safeguards[id] {
				faults = append(faults, fmt.Errorf("stack %s: there is no safeguard %q", s.ID, id))
			}
		}
	}
	return faults
}

// checkLimits holds every limit to the stacks that there are.
func (all *library) checkLimits() []error {
	var faults []error
	for _, h := range all.limits.Heads() {
		known := func(s *advice.Stack) bool { return s.ID == h.Stack }
		if h.Stack != "" && !slices.ContainsFunc(all.stacks, known) {
			faults = append(faults, fmt.Errorf("limit %s: there is no stack %q", h.ID, h.Stack))
		}
	}
	return faults
}

// checkObligations refuses an obligation that holds for no answers at all.
func checkObligations(k *decide.Knowledge) []error {
	var faults []error
	for _, s := range k.Safeguards {
		for i := range s.Obliged {
			o, reached := &s.Obliged[i], false
			everyChoice(func(a decide.Answers) bool {
				reached = o.Holds(k.Table.Judge(a, o.All).Verdict, a, o.All) || o.Holds(k.Table.Judge(a, o.All|decide.Compensated).Verdict, a, o.All)
				return !reached
			})
			if !reached {
				faults = append(faults, fmt.Errorf("safeguard %s: no answers reach its obligation %d, by %s", s.ID, i+1, o.By))
			}
		}
	}
	return faults
}

// everyChoice calls yield for all complete answers, the reasons of no included.
func everyChoice(yield func(decide.Answers) bool) {
	decide.Answers{}.Complete(func(a decide.Answers) bool {
		if a[decide.Retryability] != decide.No {
			return yield(a)
		}
		for _, x := range []decide.Answer{decide.No, decide.TooLate, decide.Unsafe} {
			if !yield(a.With(decide.Retryability, x)) {
				return false
			}
		}
		return true
	})
}

// checkDissents wants every dissent to oblige something. A weak one need not:
// fast work that is detached all the same costs nobody anything.
func checkDissents(k *decide.Knowledge) []error {
	var faults []error
	everyChoice(func(a decide.Answers) bool {
		r := k.Recommend(a, 0)
		for _, d := range r.Dissents {
			if !d.Weak && len(r.SafeguardsBy(d.Question)) == 0 {
				faults = append(faults, fmt.Errorf("the dissent of %s obliges nothing when %s", d.Question, a))
			}
		}
		return true
	})
	return faults
}
