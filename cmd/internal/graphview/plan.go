package graphview

import (
	"fmt"
	"slices"
	"strings"

	"waitornot/cmd/internal/markup"
	"waitornot/cmd/internal/term"
	"waitornot/cmd/internal/text"
	"waitornot/decide"
	"waitornot/decide/graph"
)

// A PlanPage is the plans of the journeys that were picked.
type PlanPage struct {
	*Page
	Plans []JourneyPlan // of those that miss something, in the order of the graph
	Open  int           // how many can be neither met nor missed for want of facts
}

// A JourneyPlan is a plan with its journey.
type JourneyPlan struct {
	*graph.Journey
	graph.Plan
	// Outages is what the changes do in outages, as JSON holds it; nil leaves it out.
	Outages any
}

// PlanFormats returns the formats of plans, the default first.
func PlanFormats() []markup.Format[*PlanPage] {
	return []markup.Format[*PlanPage]{{Name: "text", Page: planText}, {Name: "json", Page: planJSON}}
}

func planText(w *markup.Writer, p *PlanPage, l term.Layout) {
	t := &graphTexter{Writer: w, Page: p.Page, Layout: l, signs: unicodeSigns}
	if l.ASCII {
		t.signs = asciiSigns
	}
	t.line(term.Plain, p.summary())
	for i := range p.Plans {
		t.plan(&p.Plans[i])
	}
}

func (p *PlanPage) summary() string {
	text := fmt.Sprintf("%s: ", text.Count(len(p.Picked.Journeys), "journey"))
	var parts []string
	if n := len(p.Picked.Journeys) - len(p.Plans) - p.Open; n > 0 {
		parts = append(parts, fmt.Sprintf("%d already on target", n))
	}
	if len(p.Plans) > 0 {
		parts = append(parts, fmt.Sprintf("%d over budget or below an objective", len(p.Plans)))
	}
	if p.Open > 0 {
		parts = append(parts, fmt.Sprintf("%d unknown because facts are missing ('waitornot graph' lists them)", p.Open))
	}
	if len(parts) == 0 {
		return "no journeys"
	}
	return text + strings.Join(parts, ", ")
}

func (t *graphTexter) plan(p *JourneyPlan) {
	remark, s := t.standing(&p.Before, p.Journey)
	t.head(t.JourneyID(p.Journey), remark, s)
	t.item("now", term.Plain, t.outcome(&p.Before, p.Journey))
	if !p.Found {
		t.noPlan(p)
		return
	}
	for i, c := range p.Changes {
		label := ""
		if i == 0 {
			label = "change"
		}
		style := term.Green
		if c.Ground != graph.ByVerdict {
			style = term.Yellow
		}
		t.item(label, style, term.Safe(fmt.Sprintf("%s: sync %s %s%s%s", t.ID(c.Operation), t.arrow, c.To, t.separator, PlanReason(c))))
	}
	t.item("then", term.Plain, t.outcome(&p.After, p.Journey))
	for _, e := range p.Estimates {
		t.item("", term.Plain, term.Safe(fmt.Sprintf("assuming that %s then takes %s instead of %s; measure it again afterward",
			t.ID(e.Operation), text.Duration(e.To), text.Duration(e.From))))
	}
	switch {
	case !p.Enough(p.Journey):
		t.item("", term.Faint, "this may not be enough: facts are missing")
	case !p.Complete(p.Journey):
		t.item("", term.Faint, "a smaller set may be enough, but facts are missing")
	case p.Exact:
		t.item("", term.Faint, "this is the smallest change that meets the targets")
	default:
		t.item("", term.Faint, "found by a greedy search: too many operations to prove that no smaller set is enough")
	}
	t.missing(p.After.Share.Missing)
	t.missing(t.Lacks(p.Journey, &p.After))
}

func (t *graphTexter) noPlan(p *JourneyPlan) {
	if len(p.Allowed) == 0 {
		t.item("change", term.Red, "nothing: every step that the user waits for has answers that say sync")
	} else {
		text := fmt.Sprintf("even all %d changeable operations aren't enough", len(p.Allowed))
		if len(p.Allowed) == 1 {
			text = "even the only changeable operation isn't enough"
		}
		if !p.Exact {
			text = "no set was found, but not all were tried"
		}
		t.item("change", term.Red, text)
		t.item("then", term.Plain, t.outcome(&p.After, p.Journey))
	}
	labels := map[bool]string{true: "for time", false: "for uptime"} // each said once
	for _, r := range p.Remedies {
		forTime := r.Kind <= graph.AskTime
		label := labels[forTime]
		delete(labels, forTime)
		style := term.Plain
		if !r.Enough {
			style = term.Faint
		}
		t.item(label, style, term.Safe(t.Remedy(r)))
	}
}

// outcome says in one line how a journey does.
func (t *graphTexter) outcome(n *graph.Numbers, j *graph.Journey) string {
	var parts []string
	wait := "waits: " + WaitText(&n.Tail)
	if j.Budget.Set() {
		wait += fmt.Sprintf(" (budget %s)", text.Duration(j.Budget.Value))
	}
	parts = append(parts, wait)
	if n.Share.Nothing() {
		return wait + t.separator + "availability not known"
	}
	share := "available " + ShareText(&n.Share)
	if j.SLO.Set() {
		share += fmt.Sprintf(" (objective %s)", text.Percent(j.SLO.Value))
	}
	return strings.Join(append(parts, share), t.separator)
}

// PlanReason says why an operation may be changed.
func PlanReason(c graph.Change) string {
	switch c.Ground {
	case graph.ByAnswer:
		return fmt.Sprintf("if the answers allow it: answer %s first", c.Question)
	case graph.ByConsent:
		return "only if the product agrees that an acknowledgment is enough (immediacy later)"
	}
	return "its answers already say so"
}

// Remedy says what a remedy does.
func (p *Page) Remedy(r graph.Remedy) string {
	text := p.whatHelps(r)
	if !r.Enough {
		text += "; not enough on its own"
	}
	return text
}

func (p *Page) whatHelps(r graph.Remedy) string {
	switch r.Kind {
	case graph.Faster:
		if !r.Enough {
			return fmt.Sprintf("make %s faster, the slowest remaining step", p.ID(r.Operation))
		}
		return fmt.Sprintf("bring %s, the slowest remaining step, down to %s", p.ID(r.Operation), text.Duration(r.Time))
	case graph.SideBySide:
		return fmt.Sprintf("run steps that don't need each other's outcome in parallel (%s): down to %s", strings.Join(p.ids(r.Together), ", "), text.Duration(r.Time))
	case graph.Cached:
		return fmt.Sprintf("keep a local copy of what %s returns: %s when the copy is available", p.ID(r.Operation), text.Duration(r.Time))
	case graph.AskTime:
		return fmt.Sprintf("set a budget of %s", text.Duration(r.Time))
	case graph.MoreAvailable:
		return fmt.Sprintf("raise the availability of %s to %s from %s", p.termName(&r.Term), text.PercentUp(r.Share), text.Percent(r.Term.Availability))
	case graph.TwoCopies:
		return fmt.Sprintf("run %s twice, with no shared point of failure: %s", p.termName(&r.Term), text.Percent(r.Share))
	case graph.SecondAttempt:
		return fmt.Sprintf("try %s a second time, since it's idempotent: %s if failures are brief", p.ID(r.Operation), text.Percent(r.Share))
	case graph.DoWithout:
		return fmt.Sprintf("let the journey succeed without %s (a fallback, critical: no): %s", p.ID(r.Operation), text.Percent(r.Share))
	}
	return fmt.Sprintf("set an objective of %s", text.Percent(r.Share))
}

func (p *Page) termName(term *graph.Term) string {
	_, name := p.term(term)
	return serviceName(name)
}

// The shapes of the JSON format of plans. plan.schema.json describes them.
type (
	jsonPlans struct {
		Version  int             `json:"version"`
		Tool     markup.JSONTool `json:"tool"`
		Journeys int             `json:"journeys"`
		Open     int             `json:"open"` // neither met nor missed for want of facts
		Plans    []jsonPlan      `json:"plans"`
	}
	jsonPlan struct {
		Journey   string            `json:"journey"`
		File      string            `json:"file"`
		Range     *markup.JSONRange `json:"range"`
		Budget    *float64          `json:"budget_ms"`
		SLO       *float64          `json:"objective"`
		Found     bool              `json:"found"`
		Exact     bool              `json:"exact"`
		Enough    bool              `json:"enough"`   // the targets are met, whatever the missing facts are
		Complete  bool              `json:"complete"` // no fact is missing on which the targets rest
		Before    jsonOutcome       `json:"before"`
		After     jsonOutcome       `json:"after"`
		Turns     []jsonChange      `json:"turns"`
		Allowed   []jsonChange      `json:"allowed"`
		Remedies  []jsonRemedy      `json:"remedies"`
		Estimates []jsonEstimate    `json:"estimates"`
		Outages   any               `json:"outages,omitempty"` // with --simulate
	}
	jsonOutcome struct {
		P99          *float64 `json:"p99_sum_ms"`            // null when nothing is known of it
		TimeKnown    bool     `json:"p99_complete"`          // else it takes at least that
		Availability *float64 `json:"availability"`          // null when nothing is known of it
		ShareKnown   bool     `json:"availability_complete"` // else it is at most that
		BudgetIs     string   `json:"budget_is"`
		ObjectiveIs  string   `json:"objective_is"`
		Missing      []string `json:"missing"`
	}
	jsonChange struct {
		Operation string   `json:"operation"`
		From      string   `json:"from"`
		To        []string `json:"to"`
		Ground    string   `json:"ground"` // verdict, answer or consent
		Question  string   `json:"question,omitempty"`
	}
	jsonEstimate struct {
		Operation string   `json:"operation"`
		From      *float64 `json:"from_ms"`
		To        *float64 `json:"to_ms"`
	}
	jsonRemedy struct {
		What   string `json:"what"`
		Enough bool   `json:"enough"`
	}
)

// planJSON writes plans as one document.
func planJSON(w *markup.Writer, p *PlanPage, _ term.Layout) {
	d := jsonPlans{Version: graphJSONVersion, Tool: markup.JSONTool{Name: markup.ToolName, Version: p.Version}, Journeys: len(p.Picked.Journeys), Open: p.Open, Plans: []jsonPlan{}}
	for i := range p.Plans {
		x := &p.Plans[i]
		out := jsonPlan{
			Journey: p.JourneyID(x.Journey), File: p.relative(x.File), Range: markup.JSONRangeOf(x.Name.Range),
			Budget: milliseconds(x.Budget.Value, x.Budget.Set()), SLO: known(x.SLO.Value, x.SLO.Set()),
			Found: x.Found, Exact: x.Exact, Enough: x.Enough(x.Journey), Complete: x.Complete(x.Journey),
			Before: p.jsonOutcome(&x.Before, x.Journey), After: p.jsonOutcome(&x.After, x.Journey),
			Turns: p.jsonChanges(x.Changes), Allowed: p.jsonChanges(x.Allowed), Remedies: []jsonRemedy{}, Estimates: []jsonEstimate{}, Outages: x.Outages,
		}
		for _, r := range x.Remedies {
			out.Remedies = append(out.Remedies, jsonRemedy{p.whatHelps(r), r.Enough})
		}
		for _, e := range x.Estimates {
			out.Estimates = append(out.Estimates, jsonEstimate{p.ID(e.Operation), milliseconds(e.From, true), milliseconds(e.To, true)})
		}
		d.Plans = append(d.Plans, out)
	}
	w.JSON(d)
}

func (p *Page) jsonOutcome(n *graph.Numbers, j *graph.Journey) jsonOutcome {
	return jsonOutcome{
		P99: milliseconds(n.Tail.Time, !n.Tail.Nothing()), TimeKnown: n.Tail.Known(),
		Availability: known(n.Share.Value, !n.Share.Nothing()), ShareKnown: n.Share.Known(),
		BudgetIs: n.Budget(j).String(), ObjectiveIs: n.Objective(j).String(),
		Missing: p.missing(slices.Concat(p.Lacks(j, n), n.Share.Missing)),
	}
}

func (p *Page) jsonChanges(changes []graph.Change) []jsonChange {
	list := make([]jsonChange, 0, len(changes))
	for _, c := range changes {
		out := jsonChange{Operation: p.ID(c.Operation), From: decide.Sync.String(), Ground: c.Ground.String()}
		for _, v := range c.To.List() {
			out.To = append(out.To, v.String())
		}
		if c.Ground == graph.ByAnswer {
			out.Question = c.Question.String()
		}
		list = append(list, out)
	}
	return list
}
