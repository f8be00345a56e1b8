package adviceview

import (
	"fmt"
	"strings"

	"waitornot/cmd/internal/text"
	"waitornot/decide"
	"waitornot/decide/advice"
)

// adjectives name the verdicts as one would say them.
var adjectives = map[decide.Verdict]string{
	decide.Sync: "synchronous", decide.Async: "asynchronous", decide.Hybrid: "hybrid, an acknowledgement now and the outcome later,",
}

// said is how many costs, safeguards or flips a person can take in by ear.
const said = 4

// Interview says a recommendation as one would in an interview or a design
// review: the choice and its reason, its cost, its safeguards, and what would
// change it. It is made from the recommendation alone, and not safe to print:
// see term.Safe.
func Interview(a *advice.Advice, by *advice.Adviser) string {
	name := a.Name
	if name == "" {
		name = "this"
	}
	if !a.Decided() {
		return fmt.Sprintf("I would not decide about %s yet: %s are still possible. I would first ask: %s",
			name, text.List(wordsOf(a.Possible.List()), "and"), text.Uncapitalize(by.Framework.Questions[a.Next].Ask))
	}
	sentences := []string{
		fmt.Sprintf("I would make %s %s because %s", name, adjectives[a.Verdict], reasons(a)),
		"the cost is " + cost(a.Tradeoff.Costs),
	}
	if guards := guards(a); len(guards) > 0 {
		sentences = append(sentences, "I would guard it with "+text.List(guards, "and"))
	}
	text := strings.Join(sentences, "; ") + "."
	if why := advice.ExceptionText(a); why != "" {
		text += " " + why
	}
	if flips := advice.WhatIf(a); len(flips) > 0 {
		text += " I would make it " + strings.Join(flips, ", and ") + "."
	}
	return text
}

// reasons joins the reasons of the rows that were hit, as parts of a sentence.
func reasons(a *advice.Advice) string {
	var list []string
	for _, row := range a.Rows {
		why, _, _ := strings.Cut(strings.TrimSuffix(row.Why, "."), "; ")
		list = append(list, text.Uncapitalize(why))
	}
	return strings.Join(list, ", or ")
}

// cost joins what the verdict costs. Costs that are clauses ("the caller is
// blocked") cannot be listed among things; they stand alone when there are no
// others.
func cost(costs []string) string {
	var things []string
	for _, c := range costs {
		if !strings.HasPrefix(c, "the ") {
			things = append(things, c)
		}
	}
	if len(things) == 0 && len(costs) > 0 {
		return "that " + costs[0]
	}
	return text.List(things, "and")
}

func guards(a *advice.Advice) []string {
	var list []string
	for _, s := range a.Safeguards {
		list = append(list, text.Uncapitalize(s.Name))
	}
	if len(list) > said {
		list = append(list[:said:said], fmt.Sprintf("%d more", len(list)-said))
	}
	return list
}
