package review

import (
	"fmt"
	"strings"

	"waitornot/cmd/internal/graphview"
	"waitornot/cmd/internal/text"
	"waitornot/decide/agenda"
)

// mostActions is how many things to do first the page lists.
const mostActions = 5

// An ActionView is something to do first: what, what that gains, and where it stands.
type ActionView struct {
	Do, Gain, Note, Href string
	Dull                 bool // it gains nothing that can be counted
}

// Actions returns what to do first.
func (r *Review) Actions() []ActionView {
	list, _ := r.Advise()
	p := agenda.Project{Graph: r.Graph.Graph, Plans: r.Plans, Findings: r.Findings, Advice: list}
	var views []ActionView
	for _, a := range p.Actions(mostActions) {
		views = append(views, r.action(&a))
	}
	return views
}

func (r *Review) action(a *agenda.Action) ActionView {
	switch a.Kind {
	case agenda.ChangeModes:
		return r.changeModes(a)
	case agenda.Rework:
		v := ActionView{Do: "Rework " + r.journeys(a.Journeys), Gain: "changing modes alone isn't enough", Dull: true, Href: "#" + journeyAnchor(a.Journeys[0])}
		if len(a.Remedies) > 0 {
			v.Note = r.Graph.Remedy(a.Remedies[0])
		}
		return v
	case agenda.FixRule:
		return ActionView{Do: "Fix " + a.Rule + " (" + a.Code + ")", Gain: gone(a), Href: "#" + ruleAnchor(a.Code)}
	case agenda.AddFacts:
		return ActionView{Do: "Add " + text.Count(a.Facts, "missing fact"), Gain: r.journeys(a.Journeys) + " can be judged", Href: "#" + journeyAnchor(a.Journeys[0])}
	case agenda.AnswerFirst:
		return ActionView{Do: "Answer the open questions of " + text.Count(len(a.Advice), "operation"), Gain: "every operation has a verdict", Href: fmt.Sprintf("#op-%d", a.Advice[0])}
	}
	return ActionView{Do: "Align " + text.Count(len(a.Advice), "operation") + " with the verdict", Gain: "declared modes match the answers", Href: fmt.Sprintf("#op-%d", a.Advice[0])}
}

func (r *Review) changeModes(a *agenda.Action) ActionView {
	var changes, notes []string
	for _, c := range a.Changes {
		changes = append(changes, fmt.Sprintf("%s %s", r.Graph.ID(c.Operation), c.To))
		if reason := graphview.PlanReason(c); reason != "" {
			notes = append(notes, reason)
		}
	}
	gain := "brings " + r.journeys(a.Journeys) + " on target"
	if a.Open {
		gain = "may bring " + r.journeys(a.Journeys) + " on target (facts are missing)"
	}
	if a.Errors+a.Warnings > 0 {
		gain += ", " + gone(a)
	}
	return ActionView{
		Do: "Make " + text.List(changes, "and"), Gain: gain,
		Note: strings.Join(unique(notes), "; "), Href: "#" + journeyAnchor(a.Journeys[0]),
	}
}

// unique drops repeats and keeps the order.
func unique(list []string) []string {
	seen := map[string]bool{}
	var out []string
	for _, s := range list {
		if !seen[s] {
			out = append(out, s)
		}
		seen[s] = true
	}
	return out
}

// gone says what correcting a rule's findings gains.
func gone(a *agenda.Action) string {
	var parts []string
	if a.Errors > 0 {
		parts = append(parts, text.Count(a.Errors, "error"))
	}
	if a.Warnings > 0 {
		parts = append(parts, text.Count(a.Warnings, "warning"))
	}
	return text.List(parts, "and") + " gone"
}

// journeys names up to two journeys, and counts more.
func (r *Review) journeys(at []int) string {
	if len(at) > 2 {
		return text.Count(len(at), "journey")
	}
	var names []string
	for _, i := range at {
		names = append(names, r.Graph.JourneyID(&r.Graph.Journeys()[i]))
	}
	return text.List(names, "and")
}

func journeyAnchor(i int) string { return fmt.Sprintf("journey-%d", i) }

func ruleAnchor(code string) string { return "rule-" + code }

// A RuleGroup is what one rule found, with why that matters.
type RuleGroup struct {
	Code, Name, Anchor string
	Severity           string // the gravest
	Why, Fix           string
	Remarks            []remark
}

// groups puts remarks under their rules: the rules in the order in which the remarks
// come, the gravest first.
func groups(r *Review, remarks []remark) []RuleGroup {
	at := map[string]int{}
	var list []RuleGroup
	for _, m := range remarks {
		k, ok := at[m.Code]
		if !ok {
			k = len(list)
			at[m.Code] = k
			g := RuleGroup{Code: m.Code, Name: m.Rule, Anchor: ruleAnchor(m.Code), Severity: m.Severity}
			for i := range r.Rules {
				if r.Rules[i].Code == m.Code {
					g.Why, g.Fix = r.Rules[i].Why, r.Rules[i].Fix
				}
			}
			list = append(list, g)
		}
		list[k].Remarks = append(list[k].Remarks, m)
	}
	return list
}
