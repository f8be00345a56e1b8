package topic

import (
	"fmt"
	"strings"

	"waitornot/decide"
	"waitornot/decide/advice"
	"waitornot/decide/lint"
)

// A Library is the knowledge that topics are made from.
type Library struct {
	Framework *advice.Framework
	Knowledge *decide.Knowledge
	Stacks    []*advice.Stack
	Limits    *advice.PlatformLimits
	Sources   []advice.Source
	Rules     []*lint.Rule // the catalogue
	Words     []advice.Word

	sources map[string]advice.Source // by id
}

// Topics returns every topic, grouped by kind in the order of Kinds.
func (lib *Library) Topics() []Topic {
	lib.sources = map[string]advice.Source{}
	for _, s := range lib.Sources {
		lib.sources[s.ID] = s
	}
	var all []Topic
	for _, q := range decide.Questions() {
		all = append(all, lib.question(q))
	}
	for _, a := range []decide.Answer{decide.Yes, decide.No, decide.TooLate, decide.Unsafe, decide.Later, decide.Beyond, decide.Unknown} {
		all = append(all, lib.answer(a))
	}
	for _, v := range append(verdicts(), decide.Undecided) {
		all = append(all, lib.verdict(v))
	}
	for i := range lib.Framework.Table.Rows() {
		all = append(all, lib.row(&lib.Framework.Table.Rows()[i]))
	}
	for i := range lib.Knowledge.Safeguards {
		all = append(all, lib.safeguard(&lib.Knowledge.Safeguards[i]))
	}
	for i := range lib.Knowledge.Patterns {
		all = append(all, lib.pattern(&lib.Knowledge.Patterns[i]))
	}
	for _, s := range lib.Stacks {
		all = append(all, lib.stack(s))
	}
	all = append(all, lib.rules()...)
	all = append(all, lib.limitTopics()...)
	all = append(all, lib.keyTopics()...)
	all = append(all, lib.wordTopics()...)
	alias(all, lib.Words)
	return all
}

func verdicts() []decide.Verdict {
	all := decide.Verdicts()
	return all[:]
}

// from is the section that names the sources; without any, it owns up.
func (lib *Library) from(ids []string) Section {
	if len(ids) == 0 {
		return Section{Title: "sources", Text: "our own judgment"}
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
func conditions(cells [decide.QuestionCount]decide.AnswerSet) string {
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
