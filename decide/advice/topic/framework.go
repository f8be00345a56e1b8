package topic

import (
	"fmt"
	"strings"

	"waitornot/decide"
)

func (lib *Library) question(q decide.Question) Topic {
	text := &lib.Framework.Questions[q]
	return Topic{Kind: Question, Name: q.String(), Title: text.Ask, Summary: text.Ask, sections: func() []Section {
		answers := Section{Title: "answers"}
		for _, a := range text.Answers {
			answers.Items = append(answers.Items, Item{a.Is.String(), fmt.Sprintf("%s; %s", a.Means, a.Argues)})
		}
		return filled(
			Section{Title: "sharper test", Text: text.Test},
			Section{Title: "its own rule", Text: text.Rule},
			Section{Title: "weight", Text: text.Strength},
			answers, items("examples", text.Examples), lib.from(text.Sources),
		)
	}}
}

func (lib *Library) answer(a decide.Answer) Topic {
	summary := map[decide.Answer]string{
		decide.Yes:     "In question order: needed now; repeatable; slow; problems spread",
		decide.No:      "In question order: nobody waits; not repeatable; fast; problems stay",
		decide.Later:   "An answer to immediacy: an acknowledgment now, the outcome later",
		decide.TooLate: "An answer to retryability: a repeat is harmless, but useless later",
		decide.Unsafe:  "An answer to retryability: a repeat can do harm that a key can't prevent",
		decide.Beyond:  "An answer to latency: longer than common gateways keep a connection open",
		decide.Unknown: "Not answered yet; for any question",
	}[a]
	return Topic{Kind: Answer, Name: a.String(), Title: a.String(), Summary: summary, sections: func() []Section {
		if a == decide.Unknown {
			return []Section{
				{Title: "means", Text: "Nobody knows yet. A question that a manifest leaves out is unknown, too."},
				{Title: "then", Text: "Every way to answer the unknown questions is tried. If they all lead to the same " +
					"verdict, it stands; otherwise the operation is undecided, and the recommendation names the question " +
					"that's likely to settle the most."},
			}
		}
		means := Section{Title: "means"}
		for _, q := range decide.Questions() {
			if text := lib.Framework.Questions[q].Of(a); text != nil {
				means.Items = append(means.Items, Item{q.String(), text.Means})
			}
		}
		return filled(means)
	}}
}

// meanings say what the verdicts ask for.
func meaning(v decide.Verdict) string {
	switch v {
	case decide.Sync:
		return "The caller waits for the result"
	case decide.Async:
		return "The caller hands off the work and continues"
	case decide.Hybrid:
		return "The caller gets an acknowledgment now and the outcome later"
	}
	return "Unknown answers leave more than one possible verdict"
}

func (lib *Library) verdict(v decide.Verdict) Topic {
	return Topic{Kind: Verdict, Name: v.String(), Title: meaning(v), Summary: meaning(v), sections: func() []Section { return lib.verdictSections(v) }}
}

func (lib *Library) verdictSections(v decide.Verdict) []Section {
	if v == decide.Undecided {
		return []Section{{Title: "then", Text: "Answer the question that the recommendation names first. You " +
			"don't need to answer every open question, only those that can still change the verdict."}}
	}
	rows, patterns := Section{Title: "rows"}, Section{Title: "patterns"}
	for _, r := range lib.Framework.Table.Rows() {
		if r.Verdict == v {
			rows.Items = append(rows.Items, Item{r.Name, conditions(r.When)})
		}
	}
	for _, p := range lib.Knowledge.Patterns {
		if p.Verdict == v {
			patterns.Items = append(patterns.Items, Item{p.ID, p.Name})
		}
	}
	trade, pick := lib.Framework.Tradeoffs[v], lib.Framework.Picks[v]
	return filled(
		items("pick it when", pick.When),
		items("for example", pick.Examples),
		Section{Title: "pros", Text: strings.Join(trade.Gains, "; ")},
		Section{Title: "cons", Text: strings.Join(trade.Costs, "; ")},
		rows, patterns,
	)
}

// items is a section of things that need no label.
func items(title string, texts []string) Section {
	s := Section{Title: title}
	for _, t := range texts {
		s.Items = append(s.Items, Item{Text: t})
	}
	return s
}

func (lib *Library) row(r *decide.Row) Topic {
	return Topic{
		Kind: Row, Name: r.Name, Title: "Row of the decision table", Summary: fmt.Sprintf("%s: %s", r.Verdict, conditions(r.When)),
		sections: func() []Section {
			return filled(
				Section{Title: "when", Text: conditions(r.When)},
				Section{Title: "verdict", Text: r.Verdict.String()},
				Section{Title: "why", Text: r.Why},
			)
		},
	}
}
