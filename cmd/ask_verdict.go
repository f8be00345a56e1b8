package cmd

import (
	"fmt"
	"io"
	"strings"

	"waitornot/cmd/internal/prompt"
	"waitornot/cmd/internal/term"
	"waitornot/cmd/internal/text"
	"waitornot/decide"
	"waitornot/decide/advice"
)

// verdict writes the verdict and its one reason.
func (s *session) verdict(w io.Writer, painter term.Painter) error {
	op := s.operation()
	a := s.adviser.Advise(&op)
	c := prompt.Conclusion{Short: verdictPassages(&a, s.adviser)}
	_, err := fmt.Fprintln(w, strings.Join(c.Lines(painter, s.streams.Width(w)), "\n"))
	return err
}

// conclusion is what the last page shows: the verdict and its reason, what it takes, and
// what would change it.
func (s *session) conclusion() prompt.Conclusion {
	op := s.operation()
	a := s.adviser.Advise(&op)
	short := verdictPassages(&a, s.adviser)
	if add := safeguardNames(&a); add != "" {
		short = append(short, prompt.Passage{}, prompt.Passage{Text: "Add: " + add + "."})
	}
	if flips := advice.WhatIf(&a); len(flips) > 0 {
		short = append(short, prompt.Passage{Text: text.Capitalize(strings.Join(flips, "; ")) + ".", Style: term.Faint})
	}
	return prompt.Conclusion{
		Short:   short,
		Details: func(width int) []string { return s.everything(term.Layout{Painter: s.errPainter(), Width: width}) },
	}
}

// verdictPassages say the verdict, why, and whether the operation works like that today.
func verdictPassages(a *advice.Advice, by *advice.Adviser) []prompt.Passage {
	title := strings.ToUpper(a.Verdict.String()) + ": " + term.Safe(a.ID())
	if a.Callee != "" {
		title += " → " + term.Safe(a.Callee)
	}
	list := []prompt.Passage{{Text: title, Style: term.Bold}}
	if !a.Decided() {
		ask := by.Framework.Questions[a.Next]
		return append(list, prompt.Passage{Text: fmt.Sprintf("Still possible: %s. Answer %s first: %s", term.Safe(advice.Between(a)), a.Next, ask.Ask)})
	}
	for _, r := range a.Rows {
		list = append(list, prompt.Passage{Text: strings.TrimSpace(fmt.Sprintf("%s (row %s)", term.Safe(r.Why), term.Safe(r.Name)))})
	}
	if why := advice.ExceptionText(a); why != "" {
		list = append(list, prompt.Passage{Text: why})
	}
	switch {
	case a.Differs() && len(a.Table.WaysTo(a.Answers, a.Facts, a.Declared)) == 0:
		list = append(list, prompt.Passage{Text: fmt.Sprintf("It works %s today, which no answers would justify: change that.", a.Declared), Style: term.Yellow})
	case a.Differs():
		list = append(list, prompt.Passage{Text: fmt.Sprintf("It works %s today: change that, or an answer.", a.Declared), Style: term.Yellow})
	case a.Declared != decide.Undecided:
		list = append(list, prompt.Passage{Text: fmt.Sprintf("It works %s today, as it should.", a.Declared)})
	}
	return list
}

// mostNamed is how many safeguards the last page names.
const mostNamed = 5

// safeguardNames lists what to add, the first few by name.
func safeguardNames(a *advice.Advice) string {
	var names []string
	for _, s := range a.Safeguards {
		names = append(names, text.Uncapitalize(s.Name))
	}
	return text.Some(names, mostNamed)
}
