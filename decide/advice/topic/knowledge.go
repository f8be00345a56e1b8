package topic

import (
	"fmt"
	"strings"

	"waitornot/decide"
	"waitornot/decide/advice"
)

func (lib *Library) safeguard(s *decide.Safeguard) Topic {
	return Topic{Kind: Safeguard, Name: s.ID, Title: s.Name, Summary: s.What, sections: func() []Section { return lib.safeguardSections(s) }}
}

func (lib *Library) safeguardSections(s *decide.Safeguard) []Section {
	owed := Section{Title: "owed"}
	for _, o := range s.Obliged {
		owed.Items = append(owed.Items, Item{Text: fmt.Sprintf("by %s, when the verdict is %s and the answers are %s",
			o.By, o.Verdicts, conditions(o.When))})
	}
	if len(s.Obliged) == 0 {
		owed.Text = "never, but it's worth having anyway"
	}
	with := Section{Title: "in each stack"}
	for _, stack := range lib.Stacks {
		if how := stack.Safeguards[s.ID]; how != "" {
			with.Items = append(with.Items, Item{stack.ID, how})
		}
	}
	return filled(
		Section{Title: "what", Text: s.What}, Section{Title: "why", Text: s.Why}, Section{Title: "how", Text: s.How},
		owed, with, lib.from(s.Sources),
	)
}

func (lib *Library) pattern(p *decide.Pattern) Topic {
	return Topic{Kind: Pattern, Name: p.ID, Title: p.Name, Summary: p.What, sections: func() []Section {
		with := Section{Title: "in each stack"}
		for _, stack := range lib.Stacks {
			with.Items = append(with.Items, Item{stack.ID, component(stack.Components[p.ID])})
		}
		return filled(
			Section{Title: "builds", Text: p.Verdict.String()},
			Section{Title: "what", Text: p.What}, Section{Title: "why", Text: p.Why}, Section{Title: "how", Text: p.How},
			Section{Title: "chosen", Text: chosen(p)},
			with, lib.from(p.Sources),
		)
	}}
}

// chosen says for which facts a pattern is taken: "for async: needs external, and event or
// callback; never with brokered".
func chosen(p *decide.Pattern) string {
	var needs []string
	if p.All != 0 {
		needs = append(needs, strings.Join(p.All.List(), " and "))
	}
	if p.Any != 0 {
		needs = append(needs, strings.Join(p.Any.List(), " or "))
	}
	var parts []string
	if len(needs) > 0 {
		parts = append(parts, "needs "+strings.Join(needs, ", and "))
	}
	if p.None != 0 {
		parts = append(parts, "never with "+strings.Join(p.None.List(), " or "))
	}
	if len(parts) == 0 {
		parts = append(parts, "if no other pattern fits")
	}
	return fmt.Sprintf("for %s: %s", p.Verdict, strings.Join(parts, "; "))
}

// component is how a stack builds a pattern, in one text.
func component(c advice.Component) string {
	switch {
	case c.Use == "":
		return "nothing: " + c.Note
	case c.Note == "":
		return c.Use
	}
	return c.Use + ". " + c.Note
}

func (lib *Library) stack(s *advice.Stack) Topic {
	return Topic{Kind: Stack, Name: s.ID, Title: s.Name, Summary: s.Summary, sections: func() []Section { return lib.stackSections(s) }}
}

func (lib *Library) stackSections(s *advice.Stack) []Section {
	patterns, safeguards := Section{Title: "patterns"}, Section{Title: "safeguards"}
	for _, p := range lib.Knowledge.Patterns {
		patterns.Items = append(patterns.Items, Item{p.ID, component(s.Components[p.ID])})
	}
	for _, g := range lib.Knowledge.Safeguards {
		if how := s.Safeguards[g.ID]; how != "" {
			safeguards.Items = append(safeguards.Items, Item{g.ID, how})
		}
	}
	list := filled(Section{Title: "what", Text: s.Summary}, patterns, safeguards)
	for _, part := range s.Guide {
		list = append(list, Section{Title: part.Title, Lines: lines(part.Text)})
	}
	return append(list, lib.from(s.Sources))
}
