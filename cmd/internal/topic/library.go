package topic

import (
	"fmt"
	"strings"

	"waitornot/decide"
	"waitornot/rules"
)

// A library is the knowledge that topics are made from.
type library struct {
	framework *rules.Framework
	knowledge *decide.Knowledge
	stacks    []*rules.Stack
	limits    *rules.Limits
	sources   map[string]rules.Source
}

// All returns every topic, grouped by kind in the order of Kinds.
func All() ([]Topic, error) {
	lib, err := load()
	if err != nil {
		return nil, err
	}
	var all []Topic
	for _, q := range decide.Questions() {
		all = append(all, lib.question(q))
	}
	for _, a := range []decide.Answer{decide.Yes, decide.No, decide.Later, decide.Beyond, decide.Unknown} {
		all = append(all, lib.answer(a))
	}
	for _, v := range append(verdicts(), decide.Undecided) {
		all = append(all, lib.verdict(v))
	}
	for i := range lib.framework.Table.Rows() {
		all = append(all, lib.row(&lib.framework.Table.Rows()[i]))
	}
	for i := range lib.knowledge.Safeguards {
		all = append(all, lib.safeguard(&lib.knowledge.Safeguards[i]))
	}
	for i := range lib.knowledge.Patterns {
		all = append(all, lib.pattern(&lib.knowledge.Patterns[i]))
	}
	for _, s := range lib.stacks {
		all = append(all, lib.stack(s))
	}
	all = append(all, lib.rules()...)
	return append(all, lib.limitTopics()...), nil
}

func verdicts() []decide.Verdict {
	all := decide.Verdicts()
	return all[:]
}

func load() (*library, error) {
	lib := &library{sources: map[string]rules.Source{}}
	var err error
	if lib.framework, err = rules.LoadFramework(); err != nil {
		return nil, err
	}
	if lib.knowledge, err = lib.framework.Knowledge(); err != nil {
		return nil, err
	}
	if lib.stacks, err = rules.LoadStacks(); err != nil {
		return nil, err
	}
	if lib.limits, err = rules.LoadLimits(); err != nil {
		return nil, err
	}
	sources, err := rules.LoadSources()
	for _, s := range sources {
		lib.sources[s.ID] = s
	}
	return lib, err
}

// from is the section that names the sources; without any, it owns up.
func (lib *library) from(ids []string) Section {
	if len(ids) == 0 {
		return Section{Title: "sources", Text: "our own judgement"}
	}
	s := Section{Title: "sources"}
	for _, id := range ids {
		source := lib.sources[id]
		s.Items = append(s.Items, Item{Text: source.Title})
		if source.URL != "" {
			s.Items = append(s.Items, Item{Text: source.URL})
		}
	}
	return s
}

// filled returns the sections that say something.
func filled(sections ...Section) []Section {
	var list []Section
	for _, s := range sections {
		if s.Text != "" || len(s.Items) > 0 || len(s.Lines) > 0 {
			list = append(list, s)
		}
	}
	return list
}

// conditions writes the cells that must hold: "immediacy yes, latency no or yes".
func conditions(cells [4]decide.AnswerSet) string {
	var parts []string
	for _, q := range decide.Questions() {
		if !cells[q].Any() {
			parts = append(parts, fmt.Sprintf("%s %s", q, strings.ReplaceAll(cells[q].String(), ", ", " or ")))
		}
	}
	if len(parts) == 0 {
		return "any answers"
	}
	return strings.Join(parts, ", ")
}

func lines(text string) []string { return strings.Split(strings.TrimRight(text, "\n"), "\n") }
