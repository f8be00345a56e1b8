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
	Do, Gain, Note     string
	Operation, Journey int    // where it stands, or -1
	Rule               string // the same: a code, or ""
	Dull               bool   // it gains nothing that can be counted
}

// Href returns the address of where it stands on the page.
func (a ActionView) Href() string {
	switch {
	case a.Operation >= 0:
		return fmt.Sprintf("#op-%d", a.Operation)
	case a.Journey >= 0:
		return "#" + journeyAnchor(a.Journey)
	}
	return "#" + ruleAnchor(a.Rule)
}

// Actions returns what to do first.
func (r *Review) Actions() []ActionView {
	list, _ := r.Advise()
	p := agenda.Project{Graph: r.Graph.Graph, Plans: r.Plans, Findings: r.Findings, Advice: list}
	var views []ActionView
	for _, a := range p.Actions(mostActions) {
		v := r.action(&a)
		switch v.Operation, v.Journey = -1, -1; a.Kind {
		case agenda.FixRule:
			v.Rule = a.Code
		case agenda.ChangeModes, agenda.Rework, agenda.AddFacts:
			v.Journey = a.Journeys[0]
		default:
			v.Operation = a.Advice[0]
		}
		views = append(views, v)
	}
	return views
}

func (r *Review) action(a *agenda.Action) ActionView {
	switch a.Kind {
	case agenda.ChangeModes:
		return r.changeModes(a)
	case agenda.Rework:
		v := ActionView{Do: "Rework " + r.journeys(a.Journeys), Gain: "changing modes alone isn't enough", Dull: true}
		if len(a.Remedies) > 0 {
			v.Note = r.Graph.Remedy(a.Remedies[0])
		}
		return v
	case agenda.FixRule:
		return ActionView{Do: "Fix " + a.Rule + " (" + a.Code + ")", Gain: gone(a)}
	case agenda.AddFacts:
		return ActionView{Do: "Add " + text.Count(a.Facts, "missing fact"), Gain: r.journeys(a.Journeys) + " can be judged"}
	case agenda.AnswerFirst:
		return ActionView{Do: "Answer the open questions of " + text.Count(len(a.Advice), "operation"), Gain: "every operation has a verdict"}
	}
	return ActionView{Do: "Align " + text.Count(len(a.Advice), "operation") + " with the verdict", Gain: "declared modes match the answers"}
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
	return ActionView{Do: "Make " + text.List(changes, "and"), Gain: gain, Note: strings.Join(unique(notes), "; ")}
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
	Count              int      // of what it found
	Remarks            []remark // those that are listed
	More               string   // how many findings aren't; "" when all are
}

// groups puts remarks under their rules: the rules in the order in which the remarks
// come, the gravest first. It returns besides the remarks that it doesn't list.
func groups(r *Review, remarks []remark) (list []RuleGroup, unlisted []remark) {
	at := map[string]int{}
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
		if list[k].Count++; list[k].Count <= mostOfRule {
			list[k].Remarks = append(list[k].Remarks, m)
		} else {
			unlisted = append(unlisted, m)
		}
	}
	for k := range list {
		list[k].More = left(list[k].Count, mostOfRule, "finding")
	}
	return list, unlisted
}
